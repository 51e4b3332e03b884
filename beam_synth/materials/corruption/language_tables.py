"""What goes wrong in writing, by language: words only, no logic.

All words are in lower case. A word stands in a table only where its other form is an error that has
one correction.
"""

from __future__ import annotations

import dataclasses


def _pairs(text: str) -> dict[str, str]:
    """ "was/were" gives both ways, "is>zijn" one."""
    exchange: dict[str, str] = {}
    for pair in text.split():
        first, slash, second = pair.partition("/")
        if not slash:
            first, _, second = pair.partition(">")
        exchange[first] = second
        if slash:
            exchange[second] = first
    return exchange


@dataclasses.dataclass(frozen=True)
class Table:
    """Slips of one language."""

    agreement: dict[str, str]  # verb -> the same verb in the other number
    articles: dict[str, str]  # article -> one of another gender or shape
    after: frozenset[str]  # words after which such an article is one; empty: any
    before: frozenset[str]  # right before their noun: nothing may come between, nor they after it
    joins: frozenset[str]  # "and", "or": what comes before the last item of a list
    keyboard: tuple[str, str, str]  # rows of letters, from the top
    confused: frozenset[str]  # words that a slip easily turns into one another
    twice: frozenset[str]  # words that may stand twice in a row


_QWERTY = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TABLES: dict[str, Table] = {
    "en": Table(
        _pairs("was/were is/are has/have"),
        _pairs("a/an"),
        _words(""),
        _words("the a an of from into at"),
        _words("and or"),
        _QWERTY,
        _words(
            "though through thorough thought county country form from trail trial quite quiet "
            "angel angle diary dairy causal casual statue status statute united untied martial "
            "marital sacred scared expect except desert dessert place palace plane planet cost "
            "coast curse course house horse world word local locale moral morale human humane"
        ),
        _words("that had so very"),
    ),
    "fr": Table(
        _pairs("est/sont était/étaient fut/furent"),
        _pairs("le/la un/une"),
        _words("dans sur par pour avec sans sous vers entre devant après avant"),
        _words("le la les un une des dans sur avec sans sous vers"),
        _words("et ou"),
        ("azertyuiop", "qsdfghjklm", "wxcvbn"),
        _words("poison poisson désert dessert cousin coussin conte compte mais mois plan plant"),
        _words("nous vous"),
    ),
    "de": Table(
        _pairs("ist/sind war/waren wird/werden wurde/wurden hat/haben"),
        _pairs("die/das"),
        _words("für durch gegen um ohne"),
        _words("der die das den dem des ein eine einem einen einer"),
        _words("und oder"),
        ("qwertzuiop", "asdfghjkl", "yxcvbnm"),
        _words("leiten leiden bieten bitten stadt staat weiter wieder wider seiten saiten"),
        _words("die der das den dem sie"),
    ),
    "es": Table(
        _pairs("es/son era/eran fue/fueron está/están"),
        _pairs("el/la los/las"),
        _words("en por con para sobre entre hacia desde"),
        _words("el la los las un una unos unas en con sin sobre"),
        _words("y o"),
        _QWERTY,
        _words("pero perro caro carro hombre hombro cuarto cuatro tierra sierra campo tiempo"),
        _words(""),
    ),
    "it": Table(
        _pairs("è/sono fu/furono era/erano ha/hanno"),
        _pairs("il/la nel/nella del/della al/alla dal/dalla sul/sulla"),
        _words(""),
        _words("il la lo i gli le un una nel nella del della con per"),
        _words("e o"),
        _QWERTY,
        _words("capello cappello nonno nono pala palla casa cassa sera serra penna pena"),
        _words("via piano man"),
    ),
    "pl": Table(
        _pairs("jest/są został/zostali została/zostały była/były"),
        _pairs("w>we z>ze"),
        _words(""),
        _words("w na z do od przez dla pod przy za"),
        _words("i oraz lub"),
        _QWERTY,
        _words("która które który morze może rzeka ręka kora góra wieś wiek"),
        _words(""),
    ),
    "nl": Table(
        _pairs("is>zijn was/waren wordt/worden werd/werden heeft/hebben"),
        _pairs("de/het"),
        _words("op in aan bij met voor door over onder uit naar langs rond"),
        _words("de het een op in aan bij met uit naar"),
        _words("en of"),
        _QWERTY,
        _words("bomen bommen maan man steden stedden zeker ziek tafel taal groot groet"),
        _words("die dat"),
    ),
    "la": Table(
        _pairs("est/sunt erat/erant fuit/fuerunt"),
        _pairs("ab>a ex>e"),
        _words(""),
        _words("in ad ex ab cum per pro sub inter post"),
        _words("et atque aut"),
        _QWERTY,
        _words("vir vis servus cervus mare mater pater mors mos urbs orbis"),
        _words("iam"),
    ),
}  # fmt: skip

# Accented letter -> the letters that it is mistaken for.
ACCENTS = {
    "é": "eè", "è": "eé", "ê": "e", "à": "aá", "â": "a", "ç": "c", "î": "i", "ô": "o", "û": "u",
    "ù": "u", "ë": "e", "ï": "i", "á": "aà", "í": "i", "ó": "o", "ú": "u", "ñ": "n", "ä": "a",
    "ö": "o", "ü": "u", "ì": "i", "ò": "o", "ą": "a", "ć": "c", "ę": "e", "ł": "l", "ń": "n",
    "ś": "s", "ź": "z", "ż": "z",
}  # fmt: skip
# Words whose capital has a meaning of its own.
POLITE = _words("sie ihr ihre ihnen ihrem ihren ihrer pan pani lei loro usted u i may")
