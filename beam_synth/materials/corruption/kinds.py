"""What each kind of error makes of the words that stand at its place."""

from __future__ import annotations

from collections.abc import Callable

from beam_synth.drawing import Draw
from beam_synth.materials.corruption.language_tables import ACCENTS
from beam_synth.materials.corruption.places import (
    Page,
    Sites,
    accented,
    articles,
    inner,
    list_commas,
    long_words,
    openers,
    pairs_before,
    repeatable,
    sentence_ends,
    surnames,
    verbs,
)

Spoil = Callable[[Page, str, Draw], str]  # "" where it can make nothing of it


def _near(a: str, b: str) -> bool:
    """Whether one slip (a letter more, less, other, or two swapped) leads from a to b."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    x, y = a[start:], b[start:]
    while x and y and x[-1] == y[-1]:
        x, y = x[:-1], y[:-1]
    return max(len(x), len(y)) <= 1 or (len(x) == 2 and x == y[::-1])


def _clear(page: Page, wrong: str, right: str) -> str:
    """The wrong word, or "" where it could be another word, or stand for one."""
    if wrong in page.lexicon:
        return ""
    rivals = (word for word in page.lexicon if word != right and _near(word, wrong))
    return "" if next(rivals, None) else wrong


def _swap(page: Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 3)
    return _clear(page, word[:i] + word[i + 1] + word[i] + word[i + 2 :], word)


def _double(page: Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 2)
    return _clear(page, word[: i + 1] + word[i:], word)


def _miss(page: Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 2)
    return _clear(page, word[:i] + word[i + 1 :], word)


def _slip(page: Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 2)
    row = next((row for row in page.table.keyboard if word[i] in row), "")
    at = row.find(word[i])
    near = [row[j] for j in (at - 1, at + 1) if row and 0 <= j < len(row)]
    return _clear(page, word[:i] + draw.choice(near) + word[i + 1 :], word) if near else ""


def _accent(page: Page, word: str, draw: Draw) -> str:
    i = draw.choice([i for i, c in enumerate(word) if c in ACCENTS])
    wrong = word[:i] + draw.choice(ACCENTS[word[i]]) + word[i + 1 :]
    return "" if wrong in page.lexicon else wrong


def _twice(page: Page, word: str, draw: Draw) -> str:
    return f"{word} {word}"


def _order(page: Page, pair: str, draw: Draw) -> str:
    first, second = pair.split(" ")
    return f"{second} {first}"


def _extra_comma(page: Page, pair: str, draw: Draw) -> str:
    first, second = pair.split(" ")
    return f"{first}, {second}"


def _without_last(page: Page, text: str, draw: Draw) -> str:
    return text[:-1]


def _decapitalise(page: Page, word: str, draw: Draw) -> str:
    return word[0].lower() + word[1:]


def _capitalise(page: Page, word: str, draw: Draw) -> str:
    return word[0].upper() + word[1:]


def _disagree(page: Page, word: str, draw: Draw) -> str:
    return page.table.agreement[word]


def _misarticle(page: Page, word: str, draw: Draw) -> str:
    return page.table.articles[word]


# kind -> where it can be put, and what it makes of what stands there
KINDS: dict[str, tuple[Sites, Spoil]] = {
    "swapped letters": (long_words, _swap),
    "doubled letter": (long_words, _double),
    "missing letter": (long_words, _miss),
    "neighbouring key": (long_words, _slip),
    "diacritic": (accented, _accent),
    "doubled word": (repeatable, _twice),
    "word order": (pairs_before, _order),
    "extra comma": (pairs_before, _extra_comma),
    "missing comma": (list_commas, _without_last),
    "missing full stop": (sentence_ends, _without_last),
    "small initial": (openers, _decapitalise),
    "capital letter": (inner, _capitalise),
    "small name": (surnames, _decapitalise),
    "agreement": (verbs, _disagree),
    "article": (articles, _misarticle),
}
