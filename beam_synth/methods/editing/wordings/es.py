# ruff: noqa: E501  (wordings are easier to read in one piece)
"""Spanish wordings of the editing exercise."""

from beam_synth.methods.editing.wordings import Instructions, targets

INSTRUCTIONS = Instructions(
    leads=(
        "Lo necesito hoy.",
        "Este es un escrito breve.",
        "Una compañera me ha dado el texto de abajo.",
        "Esto ha llegado esta mañana.",
        "Un pequeño trabajo para usted.",
        "El texto de abajo es para un folleto.",
        "Estamos preparando un libro de lectura para la escuela.",
        "Mi editor lo está esperando.",
        "Abajo hay un pasaje de una obra de consulta.",
        "Trabajo en una página para nuestra asociación.",
        "Gracias por encargarse de esto.",
        "Falta una cosa para el próximo número.",
        "Mi clase lo leerá mañana.",
        "Hay otro texto sobre mi mesa.",
        "¡Buenos días!",
        "Nuestra biblioteca quiere usar este pasaje.",
        "Es solo un trozo corto.",
        "Me vendría bien una ayuda.",
        "Usted tiene buen ojo para los textos.",
        "La semana que viene doy una charla.",
    ),
    frames=(
        "{task}.",
        "{task}, por favor.",
        "{task}. Envíe el resultado y nada más.",
        "{task}. No necesito comentarios.",
        "{task}. Muchas gracias.",
    ),
    menu=(
        "Elija la tarea que mejor convenga al texto y hágala:",
        "¿Cuál de estas tareas le vendría mejor al texto? Haga solo esa:",
        "Tome de esta lista lo que más sirva al texto y llévelo a cabo:",
        "Una de estas tareas es la adecuada para el texto de abajo. Haga esa, por favor:",
        "Esto es lo que se podría hacer con el texto; haga lo más útil:",
        "No sé qué hacer con este texto. Escoja la mejor de estas ideas y realícela:",
        "De las tareas siguientes, haga la que este texto pide:",
        "Mire primero el texto y luego haga lo que tenga más sentido:",
        "Solo una de estas tareas, por favor, y usted decide cuál:",
        "¿Para qué se presta mejor este texto? Decídase por una tarea y hágala:",
        "Todo esto es posible; quiero lo que mejor encaje:",
        "No todas estas tareas convienen al texto. Haga la que convenga:",
    ),
    open=(
        "¿Qué necesita este texto? Hágalo.",
        "Algo no está bien en este texto. Póngalo en orden y devuélvalo.",
        "Mire este texto, por favor, y haga lo que le haga falta.",
        "¿Podría arreglarme esto?",
        "Este texto no me convence. Vea qué está mal y devuélvamelo.",
        "¿Se puede imprimir esto tal como está? Si no, haga lo necesario.",
        "Ponga este texto en forma sin volver a escribirlo, por favor.",
        "Esto no se lee bien. Enderécelo y no toque nada más.",
    ),
    tasks={
        "correct": (
            "Corrija los errores de este texto y no cambie nada más",
            "Revise este texto y deje como está lo que esté bien",
            "Elimine todas las faltas del texto de abajo sin tocar la redacción",
            "Repase este pasaje y enmiende la ortografía, la gramática y la puntuación",
        ),
        "extract": (
            "Saque de este texto un objeto JSON con las claves {keys}, cada valor palabra por palabra",
            "Dé en JSON los valores de {keys}, copiados exactamente del texto",
            "Reúna en un objeto JSON lo que el texto contiene bajo {keys}, copiado letra por letra",
            "Haga de este texto un objeto JSON con las claves {keys}, sin añadir nada",
        ),
        "simplify": (
            "Simplifique este texto: frases de {words} palabras como máximo, sin paréntesis",
            "Haga este texto más fácil de leer, con {words} palabras por frase como máximo y sin paréntesis",
            "Divida este texto en frases cortas, de {words} palabras a lo sumo, y evite los paréntesis",
            "Escriba esto en frases sencillas y sin paréntesis, ninguna de más de {words} palabras",
        ),
        "summarise": (
            "Resuma este texto en {words} palabras como máximo",
            "Acorte este texto al {percent} % de su longitud o menos",
            "Dé lo esencial de este texto en {words} palabras a lo sumo",
            "Reduzca este texto a {words} palabras o menos",
        ),
        "translate": (
            "Traduzca este texto {target}",
            "Ponga este texto {target}, con todos los nombres y números",
            "Pase todo este texto {target} sin omitir nada",
        ),
    },
    forms={
        "bullets": (
            "Convierta este texto en una lista, cada punto tras un guion",
            "Presente este texto punto por punto, cada uno en una línea que empiece con un guion",
            "Disponga este texto en forma de lista, con un guion delante de cada punto",
        ),
        "numbered": (
            "Convierta este texto en una lista numerada (1., 2., 3., etc.)",
            "Presente este texto en puntos numerados: 1., 2., 3., y así sucesivamente",
            "Numere los puntos de este texto, uno por línea: 1., 2., 3., y así sucesivamente",
        ),
        "questions": (
            "Convierta este texto en preguntas, cada una con su respuesta en la línea siguiente",
            "Transforme este texto en preguntas y escriba debajo de cada una la respuesta",
            "Presente este texto en preguntas y respuestas, cada respuesta en la línea bajo su pregunta",
        ),
        "letter": (
            "Reescriba este texto como una carta, con saludo y despedida",
            "Haga de este texto una carta, con un saludo al principio y una despedida al final",
            "Ponga este texto en una carta que se abra con un saludo y se cierre con una despedida",
        ),
    },
    requests={
        "correct": (
            "¿Podría corregir los errores de este texto y dejar lo demás?",
            "Quisiera una versión limpia de este texto, en la que solo se corrijan las faltas.",
            "¿Cómo queda este texto una vez corregidas sus faltas, y nada más que ellas?",
            "En este texto se han colado errores; deben desaparecer, y nada más.",
        ),
        "extract": (
            "¿Qué valores da este texto para {keys}? Me basta un objeto JSON fiel a la letra.",
            "Me hace falta un objeto JSON con las claves {keys}, tomado palabra por palabra de este texto.",
            "¿Podría sacar de este texto, en JSON y tal como está escrito, lo que corresponde a {keys}?",
        ),
        "simplify": (
            "¿Podría hacer esto más claro, sin paréntesis y sin frases de más de {words} palabras?",
            "Me ayudaría una versión sencilla: ningún paréntesis y {words} palabras por frase como máximo.",
            "¿Cómo diría esto en frases de {words} palabras como máximo, sin ningún paréntesis?",
        ),
        "summarise": (
            "¿Qué dice este texto, en {words} palabras como máximo?",
            "Hay sitio para {words} palabras: ¿cuáles son los puntos principales?",
            "¿Podría dejar este texto en el {percent} % de su longitud, o menos?",
        ),
        "translate": (
            "¿Cómo queda este texto traducido {target}?",
            "¿Podría pasar este texto {target}, con todos los nombres y números?",
            "Todo este texto ha de traducirse {target}.",
        ),
        "bullets": (
            "¿Podría disponer esto en una lista, con un guion delante de cada punto?",
            "Una lista sería más clara, con cada punto en su línea tras un guion.",
        ),
        "numbered": (
            "¿Podría numerar los puntos de este texto (1., 2., 3., etc.)?",
            "Una lista numerada sería más clara: 1., 2., 3., y así sucesivamente.",
        ),
        "questions": (
            "¿Podría convertir esto en preguntas, cada una con su respuesta en la línea siguiente?",
            "¿Qué se podría preguntar sobre esto? Escriba las preguntas y, debajo de cada una, la respuesta.",
        ),
        "letter": (
            "¿Podría hacer de esto una carta, con saludo y despedida?",
            "Esto tiene que salir como carta, desde el saludo hasta la despedida.",
        ),
    },
    targets=targets(
        "al inglés|al francés|al alemán|al español|al italiano|al polaco|al neerlandés|al latín"
    ),
    keys={"names": "nombres", "dates": "fechas", "years": "años", "numbers": "números"},
    greeting=("Estimado lector:", "Querido amigo:", "Hola:"),
    closing=("Un cordial saludo", "Con mis mejores deseos", "Atentamente"),
    ask=("¿Qué se puede decir de {topic}?", "¿Qué se sabe de {topic}?", "¿Y {topic}?"),
)
