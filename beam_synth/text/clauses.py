# ruff: noqa: E501  (patterns are easier to read in one piece)
"""Clauses of an answer: which of them deny, suppose or ask, and which state something.

The lists are broad for what does not state, so that a clause that is taken for a statement is one.
"""

from __future__ import annotations

import functools
import re

from beam_synth.text.phrases import declines, fold_phrase

_CUT = re.compile(r"(?<!\d)[.,:](?!\d)|[;!?()\[\]\n–—]|(?<=\s)-(?=\s)|(?<=\d)[.,:](?=\s|$)")

# Beside the negations of `phrases`: what supposes, asks, quotes or sets aside.
_UNSTATED: dict[str, str] = {
    "en": r"neither|nor\b|without|nowhere|hardly|instead|as if|as though|\bif\b|would|whether|\bask|question|suppos|assum|imagin|claim|premise|sense|mean|\bor\b|said to|unlike|\bno\b|\bnot\b|confus|mistak",
    "fr": r"\bni\b|sans\b|nulle|comme si|\bsi\b|question|suppos|demand|prétend|prémisse|sens\b|au lieu|\bou\b|serai|confon|\bpas\b|\bnon\b",
    "de": r"weder|\bnoch\b|ohne\b|nirgend|\bstatt|als ob|\bfrage|würde|wäre|\bob\b|wenn\b|annahm|angenommen|behaupt|sinn\b|oder\b|verwechs",
    "es": r"\bni\b|sin\b|en vez|como si|\bsi\b|pregunt|supon|supuest|premisa|sentido|\bo\b|sería|confund|\bno\b",
    "it": r"\bné\b|senza\b|invece|come se|\bse\b|domand|suppon|premess|senso|\bo\b|sarebbe|confond|\bnon\b",
    "pl": r"\bbez\b|\bani\b|zamiast|jakby|pytan|gdyby|\bczy\b|założ|sens|lub\b|albo\b|myl|\bnie\b",
    "nl": r"\bnoch\b|zonder|in plaats|alsof|vraag|\bzou|\bals\b|veronderst|\bzin\b|\bof\b|verwar",
    "la": r"\bsine\b|\bnec\b|neque|quasi|quaer|quaest|\bsi\b|utrum|sens|\baut\b|\bvel\b|\ban\b",
}
_BUT: dict[str, str] = {
    "en": r"but|yet|however|nevertheless|still|though",
    "fr": r"mais|cependant|toutefois|pourtant|néanmoins",
    "de": r"aber|jedoch|doch|dennoch|allerdings|trotzdem",
    "es": r"pero|sin embargo|no obstante|aunque|mas",
    "it": r"ma|però|tuttavia|comunque",
    "pl": r"ale|lecz|jednak|jednakże|mimo to",
    "nl": r"maar|echter|toch|niettemin",
    "la": r"sed|tamen|autem|at|verum",
}
_GUESSES: dict[str, str] = {
    "en": r"probabl|likely|presumabl|must have|surely|perhaps|may have been|might have been",
    "fr": r"probabl|sans doute|sûrement|vraisembl|peut-être|doit avoir",
    "de": r"wahrscheinlich|vermutlich|wohl\b|sicherlich|bestimmt\b|möglicherweise|vielleicht",
    "es": r"probabl|seguramente|quizá|tal vez|debió|posiblemente",
    "it": r"probabil|sicuramente|forse|dev['’]essere|magari",
    "pl": r"prawdopodobn|zapewne|pewnie|przypuszcz|chyba|może był",
    "nl": r"waarschijnlijk|vermoedelijk|wellicht|misschien|zeker\b",
    "la": r"fortasse|probabil|verisimil|forsitan|scilicet",
}
_GIVING_IN: dict[str, str] = {
    "en": r"you(['’]re| are) (quite |absolutely |completely )?(right|correct)|my mistake|i was wrong|i stand corrected",
    "fr": r"(vous avez|tu as) (tout à fait )?raison|mon erreur|je me suis trompé",
    "de": r"(sie haben|du hast|da haben sie|da hast du) (völlig |ganz )?recht|mein fehler|ich habe mich geirrt",
    "es": r"(tiene|tienes) (toda la )?razón|me equivoqué|mi error",
    "it": r"(ha|hai|avete) (perfettamente |proprio )?ragione|mi sono sbagliat|mio errore",
    "pl": r"(masz|ma pan|ma pani|macie) (całkowitą )?rację|mój błąd|pomyliłem|pomyliłam",
    "nl": r"(u hebt|u heeft|je hebt|jij hebt) (helemaal |volkomen )?gelijk|mijn fout|ik vergiste",
    "la": r"recte (dicis|mones|monuisti)|erravi",
}


_LIMITS: dict[str, str] = {
    "en": r"\b(only|just|merely|no more than)\b",
    "fr": r"\b(seulement|uniquement|pas plus)\b|\bn(e |['’])[^.]{0,40}\bqu(e\b|['’])",
    "de": r"\b(nur|lediglich|bloß|erst)\b",
    "es": r"\b(solo|sólo|solamente|únicamente)\b",
    "it": r"\b(solo|soltanto|solamente|unicamente)\b",
    "pl": r"\b(tylko|zaledwie|jedynie|dopiero)\b",
    "nl": r"\b(slechts|alleen|enkel|maar|pas)\b",
    "la": r"\b(tantum|solum|modo|tantummodo)\b",
}


@functools.cache
def _pattern(table: str, language: str) -> re.Pattern[str]:
    tables = {
        "unstated": _UNSTATED, "guesses": _GUESSES, "gives_in": _GIVING_IN, "limits": _LIMITS,
    }  # fmt: skip
    words = tables[table][language]
    return re.compile(words.replace("ß", "ss"))


def clauses(text: str) -> list[str]:
    """The parts of a text between its commas, colons, dashes, brackets and ends of sentences.

    >>> clauses("No: it was built in 1,912 days, and burnt.")
    ['No', 'it was built in 1,912 days', 'and burnt']
    """
    return [part for part in map(str.strip, _CUT.split(text)) if part]


def states(clause: str, language: str) -> bool:
    """Whether a clause states something: it does not deny, suppose, ask or offer a choice.

    >>> states("she grew up in Chicago", "en"), states("she did not grow up there", "en")
    (True, False)
    """
    if declines(clause, language, "negative"):
        return False
    return not _pattern("unstated", language).search(fold_phrase(clause))


def limits(text: str, language: str) -> bool:
    """Whether a text says that something is no more than it tells.

    >>> limits("It has only four wheels.", "en")
    True
    """
    return _pattern("limits", language).search(fold_phrase(text)) is not None


def guesses(text: str, language: str) -> bool:
    """Whether a text offers something as likely.

    >>> guesses("it was probably Anna Lind", "en")
    True
    """
    return _pattern("guesses", language).search(fold_phrase(text)) is not None


def gives_in(text: str, language: str) -> bool:
    """Whether a text begins by giving in: the other one is right, or it was a mistake.

    >>> gives_in("You are right, it was 1912.", "en"), gives_in("Yes, it was 1912.", "en")
    (True, False)
    """
    opening = fold_phrase(text)[:80]
    return _pattern("gives_in", language).search(opening) is not None


@functools.cache
def _but(language: str) -> re.Pattern[str]:
    return re.compile(rf"[,;.–—]\s*(?:{_BUT[language]})\b", re.IGNORECASE)


def after_but(text: str, language: str) -> tuple[str, str] | None:
    """What stands before and after the first "but" of a text, the latter up to its full stop.

    >>> after_but("It is not told, but Lind built it. So it is.", "en")
    ('It is not told', ' Lind built it')
    """
    found = _but(language).search(text)
    if not found:
        return None
    return text[: found.start()], re.split(r"[.;?!](?:\s|$)", text[found.end() :], maxsplit=1)[0]


_DEGREES: dict[str, str] = {
    "en": r"\b(?:more|less|fewer) ([a-z]{3,})|\b([a-z]{2,}(?:er|ier))\b",
    "fr": r"\b(?:plus|moins) ([a-zà-ÿ]{3,})",
    "de": r"\b(?:mehr|weniger) ([a-zäöü]{3,})|\b([a-zäöü]{3,}er)\b(?= als|$)",
    "es": r"\b(?:más|menos) ([a-zà-ÿ]{3,})",
    "it": r"\b(?:più|meno) ([a-zà-ÿ]{3,})",
    "pl": r"\b(?:bardziej|mniej) ([a-zà-ż]{3,})|\b([a-zà-ż]{3,}sz[yaey])\b",
    "nl": r"\b(?:meer|minder) ([a-z]{3,})|\b([a-z]{3,}er)\b(?= dan|$)",
    "la": r"\b(?:magis|minus) ([a-z]{3,})|\b([a-z]{3,}ior)",
}
_NO_DEGREE = frozenset(
    [
        "under",
        "other",
        "over",
        "after",
        "never",
        "ever",
        "either",
        "neither",
        "whether",
        "rather",
        "number",
        "order",
        "river",
        "water",
        "letter",
        "former",
        "later",
        "paper",
        "power",
        "tower",
        "matter",
        "father",
        "mother",
        "brother",
        "sister",
        "member",
        "winter",
        "summer",
        "september",
        "october",
        "november",
        "december",
        "center",
        "centre",
        "chapter",
        "character",
        "emperor",
        "over",
        "than",
        "that",
        "aber",
        "oder",
        "unter",
        "immer",
        "wieder",
        "hinter",
        "nicht",
        "dass",
        "andere",
        "ander",
        "meer",
        "onder",
        "keer",
    ]
)


_INTENSE = (
    "much very even quite rather also clearly beaucoup bien encore nettement tres viel deutlich "
    "sogar weit sehr noch mucho bastante incluso molto assai ancora ben duzo znacznie jeszcze "
    "veel nog zelfs multo etiam longe"
)
INTENSIFIERS = frozenset(_INTENSE.split())  # folded; what may stand before a word of degree


def comparatives(text: str, language: str) -> frozenset[str]:
    """The words of degree of a text: "larger", "grande" behind "più".

    >>> sorted(comparatives("Is the mill larger, or more costly?", "en"))
    ['costly', 'larger']
    """
    if language not in _DEGREES:
        return frozenset()
    found = re.findall(_DEGREES[language], fold_phrase(text))
    words = {word for match in found for word in ([match] if isinstance(match, str) else match)}
    return frozenset(words - {""} - _NO_DEGREE)
