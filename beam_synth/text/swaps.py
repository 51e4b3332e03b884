"""Things that were turned about: which name does what, and which value goes with which name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from beam_synth.text.claims import content_words
from beam_synth.text.clauses import clauses
from beam_synth.text.folding import fold
from beam_synth.text.proper_names import names

_BETWEEN = re.compile(r"(?:\s+[^\W\d_]+){1,3}\s+")
# Languages in which the order of two names tells who does it to whom, and words between them with
# which it does not: passives, links, and what is done mutually.
_OPEN = {
    "en": r"was|were|is|are|be|been|being|by|from|of|to|with|and|or|in|on|at|for|near|married|met|"
    r"meets|like|than|resembles?|equals?|as|not|never|after|before|vs|versus",
    "fr": r"est|sont|était|fut|été|par|de|du|des|à|au|avec|et|ou|en|dans|pour|près|épous\w+|"
    r"rencontr\w+|comme|que|ne|pas|après|avant|chez|sur",
    "es": r"es|son|era|fue|fueron|sido|por|de|del|a|al|con|y|e|o|en|para|cas\w+|como|que|no|tras",
    "it": r"è|sono|era|fu|furono|stat\w|da|dal\w*|di|del\w*|a|al\w*|con|e|o|in|nel\w*|per|spos\w+|"
    r"incontr\w+|come|che|non|dopo|prima",
    "nl": r"is|zijn|was|waren|werd|werden|door|van|uit|aan|met|en|of|in|op|bij|voor|trouwde|"
    r"ontmoette|als|dan|niet|na",
}


def swapped_names(told: str, stated: str, language: str) -> list[str]:
    """Two names that stand as doer and deed's goal in one text and the other way round in another.

    Both times with one to three words between them that join no names. Only in languages in which
    the order tells.

    >>> swapped_names("Anna Lind taught Bert Voss.", "Bert Voss taught Anna Lind.", "en")
    ["'Bert Voss taught Anna Lind' turns about 'Anna Lind taught Bert Voss'"]
    >>> swapped_names("Anna Lind taught Bert Voss.", "Bert Voss was taught by Anna Lind.", "en")
    []
    """
    if language not in _OPEN or len(_capitals(told) & _capitals(stated)) < 2:
        return []
    pairs = dict(_pairs(told, language))
    return [
        f"{words!r} turns about {pairs[second, first]!r}"
        for (first, second), words in _pairs(stated, language)
        if (second, first) in pairs and (first, second) not in pairs
    ]


_CAPITAL = re.compile(r"\b[A-ZÀ-Þ]\w+")


def _capitals(text: str) -> set[str]:
    return set(_CAPITAL.findall(text))


def _pairs(text: str, language: str) -> Iterator[tuple[tuple[str, str], str]]:
    """(the folded last words of two names that a verb joins), the words from one to the other."""
    opening = re.compile(r"[^.!?\n]*")
    for sentence in opening.finditer(text):
        found = _all_names(sentence.group(), language)
        for (start, end, first), (begin, stop, second) in itertools.pairwise(found):
            between = sentence.group()[end:begin]
            joins = re.search(rf"(?<!\w)(?:{_OPEN[language]})(?!\w)", between.casefold())
            if first != second and not joins and _BETWEEN.fullmatch(between):
                yield (first, second), sentence.group()[start:stop]


_FIRST = re.compile(r"^\W*([^\W\d_]+)")


def _all_names(sentence: str, language: str) -> list[tuple[int, int, str]]:
    """Start, end and last word of the names of a sentence, the word that opens it among them."""
    found = [(fact.start, fact.end, fold(fact.tokens[-1])) for fact in names(sentence, language)]
    first = _FIRST.match(sentence)
    if first and first[1][0].isupper() and (not found or found[0][0] > first.end(1)):
        found.insert(0, (first.start(1), first.end(1), fold(first[1])))
    return found


_LABELLED = re.compile(r"\s*([^:;∴→]{2,60}):\s*([^;:]{2,120})(?:;|$)")


def swapped_labels(told: str, stated: str, language: str) -> list[str]:
    """Values that a text gives to one label ("Lind: the mill; Voss: the bridge") and another text
    to the other.

    >>> swapped_labels("Lind: the mill; Voss: the bridge", "Voss got the mill.", "en")
    ["'the mill' goes with 'Lind', not so in 'Voss got the mill'"]
    >>> swapped_labels("Lind: the mill; Voss: the bridge", "Lind got the mill.", "en")
    []
    """
    labelled = [(m[1].strip(), m[2].strip(" ●◐○✓")) for m in _LABELLED.finditer(told)]
    if len(labelled) < 2 or language != "en":
        return []
    words = [(content_words(a, "en"), content_words(b, "en")) for a, b in labelled]
    problems = []
    for clause in clauses(stated):
        said = content_words(clause, language)
        for i, (own, value) in enumerate(words):
            only = value - set().union(*(v for j, (_, v) in enumerate(words) if j != i))
            others = set().union(*(n for j, (n, _) in enumerate(words) if j != i)) - own
            if only and only <= said and said & others and not said & own:
                problems.append(
                    f"{labelled[i][1]!r} goes with {labelled[i][0]!r}, not so in {clause[:80]!r}"
                )
    return problems
