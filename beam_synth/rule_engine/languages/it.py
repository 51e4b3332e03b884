"""Italian."""

from beam_synth.rule_engine.languages import Language

LANGUAGE = Language(
    quotes=("«", "»"),
    gap={
        "time": (
            "{gapped} Quale data manca qui? ({title})",
            "{title}: {gapped} Quando è stato?",
            "{title} – {gapped} Qual è la data che completa la frase?",
            "{gapped} Quale data completa questa frase? ({title})",
            "{gapped} Parlando di {title}, di quale data si tratta?",
        ),
        "quantity": (
            "{gapped} Quale numero manca qui? ({title})",
            "{title}: {gapped} Quanto vale?",
            "{title} – {gapped} Qual è la cifra che completa la frase?",
            "{gapped} Quale numero completa questa frase? ({title})",
            "{gapped} Parlando di {title}, qual è la cifra?",
        ),
        "name": (
            "{gapped} Quale nome manca qui? ({title})",
            "{title}: {gapped} Di chi o di che cosa si tratta?",
            "{title} – {gapped} Qual è il nome che completa la frase?",
            "{gapped} Quale nome completa questa frase? ({title})",
            "{gapped} Parlando di {title}, quale nome è giusto?",
        ),
    },
    relate=(
        "{a} e {b} – che cosa li unisce nel caso di {title}?",
        "{a}: che cosa ha a che fare con {b} quando si parla di {title}?",
        "{a} e {b}: che rapporto c'è tra loro nel caso di {title}?",
        "{a} – come si collega a {b} quando si parla di {title}?",
        "{a}, {b}: che cosa si sa di entrambi a proposito di {title}?",
    ),
    define=(
        "Che cosa si intende con {title}?",
        "{title}: chi o che cosa è?",
        "Come si può descrivere {title} in una frase?",
        "{title} – di che cosa si tratta, in breve?",
    ),
    copulas=("è", "era", "fu", "è stato", "è stata", "sono", "furono", "erano", "sono stati"),
    field=(
        "{title}: che cosa si annota per {field}?",
        "{field}, nel caso di {title}: qual è la risposta?",
        "Che cosa va scritto sotto {field} quando si parla di {title}?",
        "{title} – che cosa corrisponde a {field}?",
    ),
    row=(
        "{title}: qual è il valore di {field} per {row}?",
        "{row} – che cosa si annota sotto {field}, a proposito di {title}?",
        "Per {row} ({title}), che cosa corrisponde a {field}?",
    ),
    because=("perché", "poiché", "a causa di", "a causa del", "grazie a", "dato che", "siccome"),
    cause=(
        "{clause} Per quale motivo? ({title})",
        "{title}: {clause} Perché è così?",
        "{title} – {clause} Come si spiega?",
    ),
    endings={
        "direct": ("",),
        "polite": ("Grazie per l'aiuto.", "Sarei grato di una risposta."),
        "casual": ("Qualche idea?", "È solo una curiosità."),
        "imperative": ("Dai la risposta con il suo contesto.", "Rispondi in breve."),
        "contextual": ("Sto preparando una relazione su questo.", "Se ne parlava ieri."),
    },
    doubt=(
        "{altered} È così? ({title})",
        "{title}: {altered} Puoi confermarlo?",
        "{title} – {altered} Me lo sono annotato così; è giusto?",
    ),
    correct=(
        "No, non è corretto. Quel che si sa è questo: {sentence}",
        "È un errore; in realtà: {sentence}",
        "Questo non è esatto. La versione giusta è: {sentence}",
    ),
    absurd=(
        (
            "{title}: quanti chilogrammi pesa il significato di {a}?",
            "La domanda non ha senso: un significato non ha peso.",
        ),
        (
            "{title}: a quale velocità {a} dimentica la propria ombra?",
            "È assurdo: un'ombra non si può dimenticare a una velocità.",
        ),
    ),
    ask_back=(
        "La domanda è poco chiara: {a} può riferirsi a più cose. Se si tratta di {title}: "
        "{sentence} Oppure si intende altro?",
        "La domanda è ambigua, perché {a} può significare più cose. Nel caso di {title}: "
        "{sentence} Può precisare la domanda?",
    ),
    value_answers=(
        "{value}. Più in dettaglio: {sentence}",
        "Si tratta di {value}: {sentence}",
        "{sentence} La risposta è dunque: {value}.",
        "La risposta è: {value}. {sentence}",
    ),
    known=("{sentence}", "Quel che si sa è questo: {sentence}", "In breve: {sentence}"),
    abstain=(
        "Le fonti date non dicono nulla su {topic}, quindi non si può rispondere.",
        "Nessuna delle fonti risponde a questa domanda: in esse non si parla di {topic}.",
        "Non è possibile rispondere con queste fonti; non riportano ciò che si chiede su {topic}.",
    ),
)
