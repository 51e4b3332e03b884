"""Polish."""

from beam_synth.rule_engine.languages import Language

LANGUAGE = Language(
    quotes=("„", "”"),
    gap={
        "time": (
            "{gapped} Jakiej daty tu brakuje? ({title})",
            "{title}: {gapped} Kiedy to było?",
            "{title} – {gapped} Jaka data uzupełnia to zdanie?",
            "{gapped} Jaka data uzupełnia to zdanie? ({title})",
            "{gapped} O jaką datę chodzi, gdy mowa o haśle {title}?",
        ),
        "quantity": (
            "{gapped} Jakiej liczby tu brakuje? ({title})",
            "{title}: {gapped} Ile to jest?",
            "{title} – {gapped} Jaka liczba uzupełnia to zdanie?",
            "{gapped} Jaka liczba uzupełnia to zdanie? ({title})",
            "{gapped} O jaką liczbę chodzi, gdy mowa o haśle {title}?",
        ),
        "name": (
            "{gapped} Jakiej nazwy tu brakuje? ({title})",
            "{title}: {gapped} Kto to lub co to jest?",
            "{title} – {gapped} Jaka nazwa uzupełnia to zdanie?",
            "{gapped} Jaka nazwa uzupełnia to zdanie? ({title})",
            "{gapped} O kogo lub o co chodzi, gdy mowa o haśle {title}?",
        ),
    },
    relate=(
        "{a} oraz {b} – co je łączy, gdy mowa o haśle {title}?",
        "{a}: co to ma wspólnego z {b}, jeśli chodzi o hasło {title}?",
        "{a} i {b}: jaki jest ich związek, gdy mowa o haśle {title}?",
        "{a} – jak to się łączy z {b}, jeśli tematem jest {title}?",
        "{a}, {b}: co wiadomo o jednym i drugim, gdy mowa o haśle {title}?",
    ),
    define=(
        "Co oznacza {title}?",
        "{title}: kto to lub co to jest?",
        "Jak opisać hasło {title} w jednym zdaniu?",
        "{title} – co to jest, krótko mówiąc?",
    ),
    copulas=("to", "jest", "był", "była", "było", "są", "byli", "były"),
    field=(
        "{title}: co zapisano przy {field}?",
        "{field}, gdy mowa o haśle {title}: jaka jest odpowiedź?",
        "Co należy wpisać przy {field}, jeśli tematem jest {title}?",
        "{title} – co odpowiada polu {field}?",
    ),
    row=(
        "{title}: ile lub co to jest {field} dla {row}?",
        "{row} – co zapisano przy {field}, gdy mowa o haśle {title}?",
        "Co odpowiada polu {field} dla {row} ({title})?",
    ),
    because=("ponieważ", "gdyż", "bo", "dlatego że"),
    cause=(
        "{clause} Z jakiego powodu? ({title})",
        "{title}: {clause} Dlaczego tak jest?",
        "{title} – {clause} Jak to wyjaśnić?",
    ),
    endings={
        "direct": ("",),
        "polite": ("Dziękuję za pomoc.", "Z góry dziękuję za odpowiedź."),
        "casual": ("Masz jakiś pomysł?", "Pytam z ciekawości."),
        "imperative": ("Podaj odpowiedź wraz z kontekstem.", "Odpowiedz krótko."),
        "contextual": ("Przygotowuję o tym prezentację.", "Pytanie padło wczoraj na lekcji."),
    },
    doubt=(
        "{altered} Czy to prawda? ({title})",
        "{title}: {altered} Czy możesz to potwierdzić?",
        "{title} – {altered} Tak mam w notatkach; czy to się zgadza?",
    ),
    correct=(
        "Nie, to nieprawda. Wiadomo, co następuje: {sentence}",
        "To błędne stwierdzenie; w rzeczywistości: {sentence}",
        "To się nie zgadza. Prawidłowo: {sentence}",
    ),
    absurd=(
        (
            "{title}: ile kilogramów waży znaczenie {a}?",
            "To pytanie nie ma sensu: znaczenie nie ma wagi.",
        ),
        (
            "{title}: z jaką prędkością {a} zapomina o własnym cieniu?",
            "To absurd: o cieniu nie można zapomnieć z jakąś prędkością.",
        ),
    ),
    ask_back=(
        "Nie jest jasne, o co chodzi: {a} może oznaczać kilka rzeczy. Jeśli chodzi o hasło "
        "{title}: {sentence} A może chodzi o coś innego?",
        "Pytanie jest niejednoznaczne, bo {a} może dotyczyć różnych rzeczy. W przypadku hasła "
        "{title}: {sentence} Czy możesz doprecyzować pytanie?",
    ),
    value_answers=(
        "{value}. Dokładniej: {sentence}",
        "Chodzi o {value}: {sentence}",
        "{sentence} Odpowiedź na to pytanie brzmi więc: {value}.",
        "Odpowiedź na to pytanie brzmi: {value}. {sentence}",
    ),
    known=("{sentence}", "Wiadomo, co następuje: {sentence}", "Krótko mówiąc: {sentence}"),
    abstain=(
        "Podane źródła nie mówią nic o {topic}, więc nie można na to odpowiedzieć.",
        "Żadne z podanych źródeł nie odpowiada na to pytanie: nie ma w nich mowy o {topic}.",
        "Na podstawie tych źródeł nie można odpowiedzieć; brak informacji o {topic}.",
    ),
)
