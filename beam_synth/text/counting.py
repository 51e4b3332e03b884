"""What a text says of its own size: "13 words", "five lines", "drei Sätze"."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from beam_synth.text.facts import Fact, numbers, numerals
from beam_synth.text.folding import WORD, fold
from beam_synth.text.wordlists import FUNCTION

# Folded beginnings of the words for what texts are made of, in the eight languages.
_UNITS = {
    "words": "word mot wort worter palabr parol slow woord verb",
    "lines": "line ligne vers zeile linea rig lini wers regel",
    "sentences": "sentence phrase satz satze frase oracion zdan zin sententi",
    "letters": "letter lettre buchstab letra letter liter",
    "paragraphs": "paragraph paragraphe absatz absatze parrafo paragraf akapit aline",
    "items": "item point element punkt punto elemento pozycj onderdel bullet entr",
}
_KINDS = tuple((kind, tuple(words.split())) for kind, words in _UNITS.items())
_NEXT = re.compile(r"[\W_]*([^\W\d_]+)(?:[\W_]+([^\W\d_]+))?")
_SENTENCE = re.compile(r"[^.!?…\n]*\w[^.!?…\n]*")
_MARK = re.compile(r"(?m)^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


def counts_rightly(fact: Fact, stated: str, texts: Iterable[str]) -> bool:
    """Whether a number of the text `stated` counts the words, lines, sentences, letters, paragraphs
    or items of one of some texts, and is right.

    >>> from beam_synth.text.facts import numbers
    >>> said = "It has 4 words."
    >>> counts_rightly(numbers(said, "en")[0], said, ["The old mill burnt."])
    True
    """
    following = _NEXT.match(stated, fact.end) if fact.kind == "number" else None
    if not following:
        return False
    counted = [fold(word) for word in following.groups() if word]
    kinds = [kind for kind, words in _KINDS if any(w.startswith(words) for w in counted)]
    return any(Decimal(_size(kind, text)) in fact.values for kind in kinds for text in texts)


def _size(kind: str, text: str) -> int:
    if kind == "words":
        return len(WORD.findall(text))
    if kind == "letters":
        return sum(map(str.isalpha, text))
    if kind == "lines":
        return sum(bool(line.strip()) for line in text.splitlines())
    if kind == "paragraphs":
        return sum(bool(part.strip()) for part in text.split("\n\n"))
    if kind == "items":
        return len(_MARK.findall(text))
    return len(_SENTENCE.findall(text))


_ITEM_ENDS = re.compile(
    r"\s*[,;]\s*(?:(?:and|or|et|ou|und|oder|y|e|o|i|lub|en|of|ac|atque)\s)?|"
    r"\s(?:and|or|et|ou|und|oder|y|e|o|i|lub|en|ac|atque)\s"
)
_MOST_LISTED, _ITEM_WORDS = 12, 4


def counts_a_list(fact: Fact, texts: Iterable[str]) -> bool:
    """Whether a small number is how many items a list within a sentence of the texts has.

    An item has at most four words; what a list begins and ends in may be longer, and what follows
    it may look like one.

    >>> from beam_synth.text.facts import numerals
    >>> four = numerals("four gods", "en")[0]
    >>> counts_a_list(four, ["They worshipped Pan, Hermes, Apollo and Athena there."])
    True
    """
    wanted = {int(value) for value in fact.values if 3 < value <= _MOST_LISTED}
    return bool(wanted) and any(wanted & _list_sizes(text) for text in texts)


@functools.lru_cache(maxsize=256)  # a source is read for each number that nothing else backs
def _list_sizes(text: str) -> frozenset[int]:
    sizes: set[int] = set()
    for sentence in _SENTENCE.findall(text):
        items = _ITEM_ENDS.split(sentence)
        short = [len(item.split()) <= _ITEM_WORDS for item in items]
        for is_short, group in itertools.groupby(range(len(items)), key=short.__getitem__):
            run = list(group)
            if is_short and len(run) > 1:
                around = (run[0] > 0) + (run[-1] + 1 < len(items))
                sizes |= set(range(len(run) - 1, len(run) + around + 1))
    return frozenset(sizes)


class Counted(NamedTuple):
    """A number before what it counts."""

    value: Decimal
    things: tuple[str, ...]  # the first six letters, folded, of the content words of the next two
    text: str  # number and words as written


def counted_things(text: str, language: str, least: int = 2) -> list[Counted]:
    """The numbers of a text from `least` on that stand before content words.

    Years and numbers within an expression count nothing.

    >>> [c.text for c in counted_things("In 1912 it had 50 ships and seven large masts.", "en")]
    ['50 ships', 'seven large masts']
    """
    found, known = [], FUNCTION.get(language, frozenset())
    for fact in (*numbers(text, language), *numerals(text, language, least=least)):
        if len(fact.values) != 1 or _year(fact) or _CALCULATES.search(text[: fact.start][-3:]):
            continue
        (value,) = fact.values
        following = re.match(r"(?:\s+[^\W\d_]+){1,2}", text[fact.end :])
        words = following.group().split() if following and value >= least else []
        words = list(itertools.takewhile(lambda w: w.casefold() not in known, words))
        things = tuple([fold(word)[:6] for word in words if len(word) > 3])
        if things:
            found.append(Counted(value, things, f"{fact.text} {' '.join(words)}"))
    return found


_CALCULATES = re.compile(r"[-+−×*·÷/=≈^]\s*$")


def _year(fact: Fact) -> bool:
    return len(fact.text) == 4 and fact.text.isdigit()
