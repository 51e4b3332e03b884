"""Dutch."""

from beam_synth.rule_engine.languages import Language

LANGUAGE = Language(
    quotes=("“", "”"),
    gap={
        "time": (
            "{gapped} Welke datum ontbreekt hier? ({title})",
            "{title}: {gapped} Wanneer was dat?",
            "{title} – {gapped} Wat is de datum die deze zin aanvult?",
            "{gapped} Welke datum vult deze zin aan? ({title})",
            "{gapped} Om welke datum gaat het hier bij {title}?",
        ),
        "quantity": (
            "{gapped} Welk getal ontbreekt hier? ({title})",
            "{title}: {gapped} Hoeveel is het?",
            "{title} – {gapped} Wat is het getal dat deze zin aanvult?",
            "{gapped} Welk getal vult deze zin aan? ({title})",
            "{gapped} Om welk getal gaat het hier bij {title}?",
        ),
        "name": (
            "{gapped} Welke naam ontbreekt hier? ({title})",
            "{title}: {gapped} Wie of wat is het?",
            "{title} – {gapped} Wat is de naam die deze zin aanvult?",
            "{gapped} Welke naam vult deze zin aan? ({title})",
            "{gapped} Om welke naam gaat het hier bij {title}?",
        ),
    },
    relate=(
        "{a} en {b} – wat verbindt ze als het over {title} gaat?",
        "{a}: wat heeft dat bij {title} met {b} te maken?",
        "{a} en {b}: hoe hangen ze samen bij {title}?",
        "{a} – hoe past dat bij {b} als het over {title} gaat?",
        "{a}, {b}: wat is er over beide bekend bij {title}?",
    ),
    define=(
        "Wat wordt bedoeld met {title}?",
        "{title}: wie of wat is dat?",
        "Hoe zou je {title} in één zin beschrijven?",
        "{title} – waar gaat het om, kort gezegd?",
    ),
    copulas=("is", "was", "zijn", "waren"),
    field=(
        "{title}: wat is er genoteerd bij {field}?",
        "{field} van {title}: wat is het antwoord?",
        "Wat hoort er bij {field} als het over {title} gaat?",
        "{title} – wat vul je in bij {field}?",
    ),
    row=(
        "{title}: wat is {field} voor {row}?",
        "{row} – wat staat er bij {field} als het over {title} gaat?",
        "Wat hoort er voor {row} ({title}) bij {field}?",
    ),
    because=("omdat", "doordat", "want"),
    cause=(
        "{clause} Om welke reden? ({title})",
        "{title}: {clause} Waarom is dat zo?",
        "{title} – {clause} Hoe valt dat te verklaren?",
    ),
    endings={
        "direct": ("",),
        "polite": ("Alvast bedankt voor de hulp.", "Ik zou dankbaar zijn voor een antwoord."),
        "casual": ("Enig idee?", "Ik ben gewoon benieuwd."),
        "imperative": ("Geef het antwoord met de context.", "Antwoord kort."),
        "contextual": ("Ik bereid er een praatje over voor.", "De vraag kwam gisteren op."),
    },
    doubt=(
        "{altered} Klopt dat? ({title})",
        "{title}: {altered} Kun je dat bevestigen?",
        "{title} – {altered} Zo staat het in mijn aantekeningen; is dat juist?",
    ),
    correct=(
        "Nee, dat klopt niet. Wat bekend is: {sentence}",
        "Dat is onjuist; in werkelijkheid geldt: {sentence}",
        "Dat is niet waar. Het juiste verhaal is: {sentence}",
    ),
    absurd=(
        (
            "{title}: hoeveel kilogram weegt de betekenis van {a}?",
            "De vraag heeft geen zin: een betekenis heeft geen gewicht.",
        ),
        (
            "{title}: met welke snelheid vergeet {a} de eigen schaduw?",
            "Dat is absurd: een schaduw kan men niet met een snelheid vergeten.",
        ),
    ),
    ask_back=(
        "Het is onduidelijk wat met {a} bedoeld is. Als het om {title} gaat: {sentence} "
        "Of bedoelt u iets anders?",
        "De vraag is dubbelzinnig, want {a} kan naar meer dan een ding verwijzen. Bij {title} "
        "geldt: {sentence} Kunt u de vraag preciseren?",
    ),
    value_answers=(
        "{value}. Uitgebreider: {sentence}",
        "Het gaat om {value}: {sentence}",
        "{sentence} Het antwoord is dus: {value}.",
        "Het antwoord is: {value}. {sentence}",
    ),
    known=("{sentence}", "Wat bekend is: {sentence}", "Kort gezegd: {sentence}"),
    abstain=(
        "De gegeven bronnen zeggen niets over {topic}, dus de vraag is niet te beantwoorden.",
        "Geen van de bronnen beantwoordt deze vraag: over {topic} is er niets in te vinden.",
        "Uit deze bronnen is het antwoord niet af te leiden; over {topic} ontbreekt informatie.",
    ),
)
