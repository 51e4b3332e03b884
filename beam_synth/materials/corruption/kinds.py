"""What each kind of error makes of the words that stand at its place.

A spoiler gets the page, the words at the place and the draw, and gives the wrong words, or "" where
it can make nothing of them that has one plain correction.
"""

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


def _one_slip_apart(a: str, b: str) -> bool:
    """Whether one slip (a letter more, less, other, or two swapped) leads from a to b."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    while rest_a and rest_b and rest_a[-1] == rest_b[-1]:
        rest_a, rest_b = rest_a[:-1], rest_b[:-1]
    return max(len(rest_a), len(rest_b)) <= 1 or (len(rest_a) == 2 and rest_a == rest_b[::-1])


def _if_unambiguous(page: Page, wrong: str, right: str) -> str:
    """The wrong word, or "" where it could be another word, or stand for one."""
    if wrong in page.lexicon:
        return ""
    rivals = (word for word in page.lexicon if word != right and _one_slip_apart(word, wrong))
    return "" if next(rivals, None) else wrong


def _swap_letters(page: Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 3)
    return _if_unambiguous(page, word[:i] + word[i + 1] + word[i] + word[i + 2 :], word)


def _double_letter(page: Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 2)
    return _if_unambiguous(page, word[: i + 1] + word[i:], word)


def _miss_letter(page: Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 2)
    return _if_unambiguous(page, word[:i] + word[i + 1 :], word)


def _neighbouring_key(page: Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 2)
    key_row = next((key_row for key_row in page.table.keyboard if word[i] in key_row), "")
    column = key_row.find(word[i])
    neighbours = [key_row[j] for j in (column - 1, column + 1) if key_row and 0 <= j < len(key_row)]
    return (
        _if_unambiguous(page, word[:i] + draw.choice(neighbours) + word[i + 1 :], word)
        if neighbours
        else ""
    )


def _change_accent(page: Page, word: str, draw: Draw) -> str:
    i = draw.choice([i for i, letter in enumerate(word) if letter in ACCENTS])
    changed = word[:i] + draw.choice(ACCENTS[word[i]]) + word[i + 1 :]
    return "" if changed in page.lexicon else changed


def _repeat(page: Page, word: str, draw: Draw) -> str:
    return f"{word} {word}"


def _swap_words(page: Page, pair: str, draw: Draw) -> str:
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


def _change_number(page: Page, word: str, draw: Draw) -> str:
    return page.table.agreement[word]


def _change_article(page: Page, word: str, draw: Draw) -> str:
    return page.table.articles[word]


# kind -> where it can be put, and what it makes of what stands there
KINDS: dict[str, tuple[Sites, Spoil]] = {
    "swapped letters": (long_words, _swap_letters),
    "doubled letter": (long_words, _double_letter),
    "missing letter": (long_words, _miss_letter),
    "neighbouring key": (long_words, _neighbouring_key),
    "diacritic": (accented, _change_accent),
    "doubled word": (repeatable, _repeat),
    "word order": (pairs_before, _swap_words),
    "extra comma": (pairs_before, _extra_comma),
    "missing comma": (list_commas, _without_last),
    "missing full stop": (sentence_ends, _without_last),
    "small initial": (openers, _decapitalise),
    "capital letter": (inner, _capitalise),
    "small name": (surnames, _decapitalise),
    "agreement": (verbs, _change_number),
    "article": (articles, _change_article),
}
