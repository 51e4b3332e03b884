"""German."""

from beam_synth.rule_engine.languages import Language

LANGUAGE = Language(
    quotes=("„", "“"),
    gap={
        "time": (
            "{gapped} Welche Zeitangabe fehlt hier? ({title})",
            "{title}: {gapped} Wann war das?",
            "{title} – {gapped} Welches Datum gehört in die Lücke?",
            "{gapped} Welche Zeitangabe ergänzt diese Aussage? ({title})",
            "{gapped} Um welche Zeit geht es hier bei {title}?",
        ),
        "quantity": (
            "{gapped} Welche Zahl fehlt hier? ({title})",
            "{title}: {gapped} Wie viel ist es?",
            "{title} – {gapped} Welche Zahl gehört in die Lücke?",
            "{gapped} Welche Zahl ergänzt diese Aussage? ({title})",
            "{gapped} Welche Größe ist hier bei {title} gemeint?",
        ),
        "name": (
            "{gapped} Welcher Name fehlt hier? ({title})",
            "{title}: {gapped} Wer oder was ist es?",
            "{title} – {gapped} Welcher Name gehört in die Lücke?",
            "{gapped} Welcher Name ergänzt diese Aussage? ({title})",
            "{gapped} Welcher Name passt hier bei {title}?",
        ),
    },
    relate=(
        "{a} und {b} – was verbindet sie, wenn es um {title} geht?",
        "{a}: Was hat das bei {title} mit {b} zu tun?",
        "{a} und {b}: Wie hängen sie bei {title} zusammen?",
        "{a} – wie passt das zu {b}, wenn es um {title} geht?",
        "{a}, {b}: Was weiß man bei {title} über beides?",
    ),
    define=(
        "Was versteht man unter {title}?",
        "{title}: Wer oder was ist das?",
        "Wie lässt sich {title} in einem Satz beschreiben?",
        "{title} – worum handelt es sich, kurz gesagt?",
    ),
    copulas=("ist", "war", "sind", "waren", "bezeichnet", "nennt man"),
    field=(
        "{title}: Was ist für {field} verzeichnet?",
        "{field} bei {title}: Wie lautet die Antwort?",
        "Was gehört bei {title} unter {field}?",
        "{title} – was trägt man bei {field} ein?",
    ),
    row=(
        "{title}: Was gilt bei {row} für {field}?",
        "{row} – was steht unter {field}, wenn es um {title} geht?",
        "Was ist bei {row} ({title}) unter {field} verzeichnet?",
    ),
    because=("weil", "da", "denn"),
    cause=(
        "{clause} Aus welchem Grund? ({title})",
        "{title}: {clause} Warum ist das so?",
        "{title} – {clause} Wie lässt sich das erklären?",
    ),
    endings={
        "direct": ("",),
        "polite": ("Vielen Dank für die Hilfe.", "Ich wäre für eine Antwort dankbar."),
        "casual": ("Hast du eine Idee?", "Bin nur neugierig."),
        "imperative": ("Nenne die Antwort mit ihrem Zusammenhang.", "Antworte kurz."),
        "contextual": ("Ich bereite dazu einen Vortrag vor.", "Die Frage kam gestern auf."),
    },
    doubt=(
        "{altered} Stimmt das? ({title})",
        "{title}: {altered} Kannst du das bestätigen?",
        "{title} – {altered} So habe ich es mir notiert; ist das richtig?",
    ),
    correct=(
        "Nein, das stimmt nicht. Bekannt ist Folgendes: {sentence}",
        "Das ist falsch; tatsächlich gilt: {sentence}",
        "Das trifft so nicht zu. Richtig ist: {sentence}",
    ),
    absurd=(
        (
            "{title}: Wie viele Kilogramm wiegt die Bedeutung von {a}?",
            "Die Frage ergibt keinen Sinn: Eine Bedeutung hat kein Gewicht.",
        ),
        (
            "{title}: Mit welcher Geschwindigkeit vergisst {a} den eigenen Schatten?",
            "Das ist absurd: Ein Schatten lässt sich nicht mit einer Geschwindigkeit vergessen.",
        ),
    ),
    ask_back=(
        "Es ist unklar, was mit {a} gemeint ist. Geht es um {title}, so gilt: {sentence} "
        "Oder meinen Sie etwas anderes?",
        "Die Frage ist mehrdeutig, denn {a} kann mehrere Bedeutungen haben. Bei {title} gilt: "
        "{sentence} Was davon ist gemeint?",
    ),
    value_answers=(
        "{value}. Ausführlich: {sentence}",
        "Es handelt sich um {value}: {sentence}",
        "{sentence} Die Antwort lautet also: {value}.",
        "Die Antwort lautet: {value}. {sentence}",
    ),
    known=("{sentence}", "Bekannt ist Folgendes: {sentence}", "Kurz gesagt: {sentence}"),
    abstain=(
        "Die angegebenen Quellen sagen nichts über {topic}; die Frage lässt sich mit ihnen nicht "
        "beantworten.",
        "Keine der Quellen beantwortet diese Frage: Zu {topic} findet sich in ihnen nichts.",
        "Aus diesen Quellen geht die Antwort nicht hervor; zu {topic} fehlt das Gefragte.",
    ),
)
