# ruff: noqa: E501  (lists of words are easier to read in one piece)
"""Which types of question a text has something for, by the facts in it.

A text without a date has no answer to "when", one without a person none to "who". Where a language
has no list of words here, what such words would decide is not held against a text.
"""

from __future__ import annotations

import functools
import re

from beam_synth.text.facts import dates, numbers
from beam_synth.text.proper_names import names
from beam_synth.text.sentences import sentences
from beam_synth.text.wordlists import NUMERALS

_YEAR = re.compile(r"(?<![\d.,/])(1[0-9]\d\d|20\d\d)(?![\d/]|[.,]\d)")
_CENTURY = re.compile(
    r"\b(?:[IVX]{1,5}|\d{1,2}(?:st|nd|rd|th)?)\.?[\s-]+(?:centur|siècle|siglo|secol|wiek|eeuw|Jahrhundert|saecul)",
    re.IGNORECASE,
)
# Prepositions and words before a name that make it a place.
_AT = {
    "en": "in|at|near|from|of|to|into|across|outside|towards",
    "fr": "à|au|aux|en|dans|près de|de|vers|sur",
    "de": "in|im|bei|nach|aus|am|an der|auf|zu|von",
    "es": "en|de|cerca de|a|hacia|desde",
    "it": "a|in|nel|nella|di|da|presso|verso",
    "pl": "w|we|na|z|ze|do|pod|koło|nad",
    "nl": "in|te|bij|uit|naar|op|van|nabij",
    "la": "in|ad|apud|ex|prope|ab",
}
_CAUSES = {
    "en": "because|since|due to|owing to|therefore|thus|hence|as a result|led to|caused?|causes|reason|so that|in order to|which is why|consequently|enabl\\w+|allow\\w+|forced|prevent\\w+",
    "fr": "parce que?|car|puisque|grâce à|à cause|en raison|donc|ainsi|afin|pour que|entraîn\\w+|provoqu\\w+|raison|permet\\w*|conséquen\\w+|empêch\\w+",
    "de": "weil|da|denn|wegen|aufgrund|daher|deshalb|darum|dadurch|somit|damit|um|führte\\w*|verursach\\w+|grund|ermöglich\\w+|folge|sodass|verhinder\\w+",
    "es": "porque|pues|debido|gracias a|por (?:lo tanto|ello|eso)|así|para que|a fin de|caus\\w+|provoc\\w+|raz[óo]n|permit\\w+|consecuencia|ya que|impid\\w+",
    "it": "perch[ée]|poich[ée]|dato che|a causa|grazie a|quindi|perci[òo]|pertanto|affinch[ée]|caus\\w+|provoc\\w+|ragion\\w+|permis\\w+|permett\\w+|conseguenz\\w+|dovut\\w+|imped\\w+",
    "pl": "ponieważ|gdyż|bo|dlatego|wskutek|dzięki|z powodu|zatem|więc|aby|żeby|spowodow\\w+|przyczyn\\w+|umożliwi\\w+|wynik\\w*|skutk\\w+",
    "nl": "omdat|want|doordat|wegens|dankzij|daarom|dus|daardoor|zodat|om|veroorzaakt\\w*|leidde|reden|maakt\\w* mogelijk|gevolg|vanwege",
    "la": "quia|quod|quoniam|nam|enim|ergo|igitur|itaque|ut|propter|ob|causa|quare",
}
_LISTED = re.compile(
    r"[^,;:.\n]{2,40},\s[^,;:.\n]{2,40},?\s(?:and|or|et|ou|und|oder|sowie|y|e|o|u|i|oraz|lub|en|of|atque|ac|vel)\s",
    re.IGNORECASE,
)
LEAST_SENTENCES = 3  # of a text that may tell how something came about


@functools.lru_cache(maxsize=1024)  # the tasks of a passage
def askable_types(text: str, language: str, kind: str = "prose") -> tuple[str, ...]:
    """The types of `methods.shared.axes.QUERY_TYPES` that a text has something for, in their order.

    "fact" is always one of them. Lists, tables and infoboxes (`kind`) are asked for what stands in
    their items: no cause, process or definition.

    >>> askable_types("- The Long Road\\n- A Quiet House", "en", "list")
    ('fact', 'enumeration')
    >>> askable_types("The mill burnt down in 1847, because the grain was dry.", "en")
    ('definition', 'fact', 'cause', 'time')
    """
    prose = kind == "prose"
    found = names(text, language)
    years = bool(_YEAR.search(text) or _CENTURY.search(text) or dates(text, language))
    counted = _quantities(text, language)
    several = len({fact.text for fact in found}) > 1
    told = len(sentences(text, language)) >= LEAST_SENTENCES
    has = {
        "definition": prose,
        "fact": True,
        "cause": prose and _says(_CAUSES, text, language),
        "comparison": (prose and told and several) or counted > 1,
        "enumeration": kind == "list" or bool(_LISTED.search(text)),
        "time": years,
        "place": any(_is_place(text, fact.start, language) for fact in found),
        "person": kind in ("prose", "infobox") and any(_may_be_person(f.text) for f in found),
        "quantity": counted > 0,
        "process": prose and told,
        "relation": several and (prose or kind == "infobox"),
    }
    return tuple(name for name, there in has.items() if there)


def _quantities(text: str, language: str) -> int:
    """Numbers that are no years, days or marks of a list, in figures and in words."""
    spans = [(fact.start, fact.end) for fact in dates(text, language)]
    figures = [
        fact
        for fact in numbers(text, language)
        if not _YEAR.fullmatch(fact.text)
        and not any(start <= fact.start < end for start, end in spans)
    ]
    spelt = NUMERALS.get(language, {})
    in_words = {w for w in re.findall(r"[^\W\d_]+", text.lower()) if spelt.get(w, 0) > 1}
    return len(figures) + len(in_words)


def _may_be_person(name: str) -> bool:
    """Whether a name may be a person's: two to four capitalised words, none of them an acronym."""
    parts = re.findall(r"[^\W\d_]+", name)
    return 2 <= len(parts) <= 4 and all(not part.isupper() or len(part) == 1 for part in parts)


def _says(words: dict[str, str], text: str, language: str) -> bool:
    return language not in words or _pattern(words[language]).search(text) is not None


def _is_place(text: str, start: int, language: str) -> bool:
    """Whether what stands before a name makes it a place, as far as a preposition tells."""
    if language not in _AT:
        return True
    before = re.search(r"[^\W\d_]+(?:[\s'’][^\W\d_]+)?[\s'’]+$", text[max(0, start - 24) : start])
    return before is not None and _ending(_AT[language]).search(before.group()) is not None


@functools.cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


@functools.cache
def _ending(words: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{words})(?:\s+(?:the|la|le|el|il|der|den|dem|de|het|los|las))?[\s'’]+$",
        re.IGNORECASE,
    )
