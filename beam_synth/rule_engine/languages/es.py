"""Spanish."""

from beam_synth.rule_engine.languages import Language

LANGUAGE = Language(
    quotes=("«", "»"),
    gap={
        "time": (
            "{gapped} ¿Qué fecha falta aquí? ({title})",
            "{title}: {gapped} ¿Cuándo fue?",
            "{title} – {gapped} ¿Cuál es la fecha que completa la frase?",
            "{gapped} ¿Qué fecha completa esta frase? ({title})",
            "{gapped} Tratándose de {title}, ¿de qué fecha se habla?",
        ),
        "quantity": (
            "{gapped} ¿Qué número falta aquí? ({title})",
            "{title}: {gapped} ¿Cuánto es?",
            "{title} – {gapped} ¿Cuál es la cifra que completa la frase?",
            "{gapped} ¿Qué número completa esta frase? ({title})",
            "{gapped} Tratándose de {title}, ¿cuál es la cifra?",
        ),
        "name": (
            "{gapped} ¿Qué nombre falta aquí? ({title})",
            "{title}: {gapped} ¿Quién o qué es?",
            "{title} – {gapped} ¿Cuál es el nombre que completa la frase?",
            "{gapped} ¿Qué nombre completa esta frase? ({title})",
            "{gapped} Tratándose de {title}, ¿qué nombre corresponde?",
        ),
    },
    relate=(
        "{a} y {b}: ¿qué los une en el caso de {title}?",
        "{a}: ¿qué tiene que ver con {b} cuando se habla de {title}?",
        "{a} y {b}: ¿qué relación hay entre ellos en el caso de {title}?",
        "{a}: ¿cómo se vincula con {b} si se habla de {title}?",
        "{a}, {b}: ¿qué se sabe de ambos a propósito de {title}?",
    ),
    define=(
        "¿Qué se entiende por {title}?",
        "{title}: ¿quién o qué es?",
        "¿Cómo se describe {title} en una frase?",
        "{title}: ¿de qué se trata, en pocas palabras?",
    ),
    copulas=("es", "fue", "era", "son", "fueron", "eran"),
    field=(
        "{title}: ¿qué se anota en {field}?",
        "{field}, en el caso de {title}: ¿cuál es la respuesta?",
        "¿Qué corresponde a {field} cuando se habla de {title}?",
        "{title}: ¿qué hay que poner en {field}?",
    ),
    row=(
        "{title}: ¿cuál es el valor de {field} para {row}?",
        "{row}: ¿qué se anota en {field}, a propósito de {title}?",
        "Para {row} ({title}), ¿qué corresponde a {field}?",
    ),
    because=("porque", "ya que", "debido a", "puesto que", "a causa de", "gracias a"),
    cause=(
        "{clause} ¿Por qué razón? ({title})",
        "{title}: {clause} ¿A qué se debe?",
        "{title} – {clause} ¿Cómo se explica?",
    ),
    endings={
        "direct": ("",),
        "polite": ("Muchas gracias por la ayuda.", "Gracias de antemano por la respuesta."),
        "casual": ("¿Alguna idea?", "Es simple curiosidad."),
        "imperative": ("Da la respuesta con su contexto.", "Responde brevemente."),
        "contextual": (
            "Estoy preparando una charla sobre el tema.",
            "Surgió ayer en una clase.",
        ),
    },
    doubt=(
        "{altered} ¿Es así? ({title})",
        "{title}: {altered} ¿Puedes confirmarlo?",
        "{title} – {altered} Así lo tengo apuntado; ¿es correcto?",
    ),
    correct=(
        "No, eso no es correcto. Lo que se sabe es esto: {sentence}",
        "Es un error; en realidad: {sentence}",
        "Eso no es exacto. Lo cierto es: {sentence}",
    ),
    absurd=(
        (
            "{title}: ¿cuántos kilogramos pesa el significado de {a}?",
            "La pregunta no tiene sentido: un significado no pesa nada.",
        ),
        (
            "{title}: ¿a qué velocidad olvida {a} su propia sombra?",
            "Es absurdo: una sombra no se puede olvidar a una velocidad.",
        ),
    ),
    ask_back=(
        "La pregunta es poco clara: {a} puede referirse a varias cosas. Si se trata de {title}: "
        "{sentence} ¿O quiere decir otra cosa?",
        "La pregunta es ambigua, pues {a} puede significar varias cosas. En el caso de {title}: "
        "{sentence} Conviene precisar la pregunta.",
    ),
    value_answers=(
        "{value}. En detalle: {sentence}",
        "Se trata de {value}: {sentence}",
        "{sentence} La respuesta es, por tanto: {value}.",
        "La respuesta es: {value}. {sentence}",
    ),
    known=("{sentence}", "Lo que se sabe es esto: {sentence}", "En resumen: {sentence}"),
    abstain=(
        "Las fuentes dadas no dicen nada sobre {topic}, así que no se puede responder.",
        "Ninguna de las fuentes responde a esto: nada en ellas trata de {topic}.",
        "No es posible responder con estas fuentes; no mencionan lo que se pregunta sobre {topic}.",
    ),
)
