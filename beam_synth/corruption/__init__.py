"""Errors put into a text on purpose, by draw, each with what undoes it.

An error touches whole words, and at least one untouched word lies between two. It is made only
where one correction is plainly the right one: a slip is no word that is known, and is nearer to
the right word than to any other known one (function words, numerals, months, words that are easily
confused, and those of the text itself).
"""

from __future__ import annotations

import bisect
import dataclasses
import functools
import re
from collections.abc import Callable, Iterable, Sequence

from beam_synth.checks.facts import names
from beam_synth.checks.wordlists import FUNCTION, MONTHS, NUMERALS, SCALES
from beam_synth.corruption.tables import ACCENTS, POLITE, TABLES, Table
from beam_synth.drawing import Draw

LEAST_LETTERS = 6  # of a word that gets a slip of the keys
_TRIES = 6  # places looked at before a kind of error is given up
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"\S+")


@dataclasses.dataclass(frozen=True)
class Error:
    """One error; `start` and `end` are in characters of the corrupted text, `wrong` stands there
    and `right` belongs there."""

    kind: str
    start: int
    end: int
    wrong: str
    right: str


def restore(corrupted: str, errors: Iterable[Error]) -> str:
    """The text without the errors. Raises ValueError where one is not found, or they overlap."""
    parts, last = [], 0
    for error in sorted(errors, key=lambda error: error.start):
        if error.start < last or corrupted[error.start : error.end] != error.wrong:
            raise ValueError(f"{error.wrong!r} does not stand at {error.start}")
        parts += [corrupted[last : error.start], error.right]
        last = error.end
    return "".join([*parts, corrupted[last:]])


def reapply(original: str, errors: Iterable[Error]) -> str:
    """The corrupted text again. Raises ValueError where an error's right words are not found."""
    parts, last, shift = [], 0, 0
    for error in sorted(errors, key=lambda error: error.start):
        start = error.start - shift
        end = start + len(error.right)
        if start < last or original[start:end] != error.right:
            raise ValueError(f"{error.right!r} does not stand at {start}")
        parts += [original[last:start], error.wrong]
        last = end
        shift += len(error.wrong) - len(error.right)
    return "".join([*parts, original[last:]])


def corrupt(text: str, language: str, draw: Draw, wanted: int) -> tuple[str, tuple[Error, ...]]:
    """The text with at most `wanted` errors of drawn kinds at drawn places, in their order.

    The text comes back as it is, with no errors, where it has no place for any. Raises KeyError
    for a language without a table.
    """
    page = _Page(text, language)
    found: list[tuple[str, int, int, str]] = []
    taken: set[int] = set()  # words that an error touches
    kinds = draw.shuffled(list(KINDS))
    for i in range(2 * len(kinds)):
        if len(found) == wanted:
            break
        kind = kinds[i % len(kinds)]
        made = _one(kind, page, taken, draw)
        if made:
            start, end, wrong = made
            taken |= page.words_of(start, end)
            found.append((kind, start, end, wrong))
    return _applied(text, sorted(found, key=lambda item: item[1]))


def _one(kind: str, page: _Page, taken: set[int], draw: Draw) -> tuple[int, int, str] | None:
    """(start, end, wrong) of an error of that kind, away from the others."""
    sites, spoil = KINDS[kind]
    for start, end in draw.sample(page.sites(sites), _TRIES):
        touched = page.words_of(start, end)
        if any(n in taken for w in touched for n in (w - 1, w, w + 1)):
            continue
        wrong = spoil(page, page.text[start:end], draw)
        if wrong and wrong != page.text[start:end]:
            return start, end, wrong
    return None


def _applied(text: str, made: Sequence[tuple[str, int, int, str]]) -> tuple[str, tuple[Error, ...]]:
    parts: list[str] = []
    errors = []
    at = last = 0
    for kind, start, end, wrong in made:
        parts += [text[last:start], wrong]
        at += start - last
        errors.append(Error(kind, at, at + len(wrong), wrong, text[start:end]))
        at += len(wrong)
        last = end
    return "".join([*parts, text[last:]]), tuple(errors)


# ---------------------------------------------------------------- the page, and its places

Span = tuple[int, int]
Sites = Callable[["_Page"], list[Span]]
Spoil = Callable[["_Page", str, Draw], str]


class _Page:
    """A text with what is looked up in it more than once."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.table: Table = TABLES[language]
        self.words = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        self._tokens = [m.start() for m in _TOKEN.finditer(text)]
        self._sites: dict[Sites, list[Span]] = {}

    def sites(self, find: Sites) -> list[Span]:
        """Where an error can be put; found once."""
        if find not in self._sites:
            self._sites[find] = find(self)
        return self._sites[find]

    def words_of(self, start: int, end: int) -> set[int]:
        """Numbers of the words between blanks that a span touches."""
        first = bisect.bisect_right(self._tokens, start) - 1
        last = bisect.bisect_left(self._tokens, end) - 1
        return set(range(first, last + 1))

    @functools.cached_property
    def lexicon(self) -> frozenset[str]:
        """Words that are known to be words, in lower case."""
        own = (self.text[a:b].lower() for a, b in self.words)
        return _known(self.language) | frozenset(own)

    def lower(self, least: int) -> list[Span]:
        """Its words in small letters of that length and more."""
        return [(a, b) for a, b in self.words if b - a >= least and self.text[a:b].islower()]


@functools.lru_cache(maxsize=16)
def _known(language: str) -> frozenset[str]:
    lists = (FUNCTION, MONTHS, NUMERALS)
    words = {word for table in lists for word in table.get(language, ())}
    return frozenset(words | set(SCALES) | TABLES[language].confused)


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


def _clear(page: _Page, wrong: str, right: str) -> str:
    """The wrong word, or "" where it could be another word, or stand for one."""
    if wrong in page.lexicon:
        return ""
    rivals = (word for word in page.lexicon if word != right and _near(word, wrong))
    return "" if next(rivals, None) else wrong


def _long_words(page: _Page) -> list[Span]:
    return page.lower(LEAST_LETTERS)


def _accented(page: _Page) -> list[Span]:
    return [(a, b) for a, b in page.lower(4) if any(c in ACCENTS for c in page.text[a:b])]


def _repeatable(page: _Page) -> list[Span]:
    found = []
    for (a, b), following in zip(page.words, [*page.words[1:], (-1, -1)], strict=True):
        word = page.text[a:b]
        alone = page.text[a - 1 : a] in ("", " ") and page.text[b : b + 1] == " "
        again = page.text[following[0] : following[1]].lower() == word
        if alone and word.islower() and len(word) > 2 and not again:
            found.append((a, b))
    return [s for s in found if page.text[s[0] : s[1]] not in page.table.twice]


def _pairs_before(page: _Page) -> list[Span]:
    """A word that stands before its noun, with the noun, in small letters but for German."""
    found = []
    for (a, b), (c, d) in zip(page.words, page.words[1:], strict=False):
        first, second = page.text[a:b], page.text[c:d]
        if (
            first in page.table.before
            and page.text[b:c] == " "
            and d - c >= 4
            and (second.islower() or page.language == "de")
            and page.text[a - 1 : a] == " "
            and page.text[d : d + 1] in (" ", ".", ",")
        ):
            found.append((a, d))
    return found


def _ends(page: _Page) -> list[Span]:
    """Last words of sentences, with their full stop: three small letters at least before it."""
    return [(m.start(), m.end()) for m in _END.finditer(page.text)]


_END = re.compile(r"(?<![\w.])[^\W\d_A-Z]{4,}\.(?=\s[^\W\d_a-z]|$)")


def _openers(page: _Page) -> list[Span]:
    """Words that open a sentence after another."""
    return [m.span(1) for m in _OPENER.finditer(page.text)]


_OPENER = re.compile(r"(?<=[^\W\d_A-Z]{3})[.!?] ([A-ZÀ-ÖØ-ÞŁŚŻŹĆ][^\W\d_A-Z]+)\b")


def _inner(page: _Page) -> list[Span]:
    """Function words within a sentence."""
    known = FUNCTION[page.language] - POLITE
    return [
        (a, b)
        for a, b in page.words
        if page.text[a:b] in known and b - a > 1 and page.text[a - 2 : a - 1].islower()
        and page.text[a - 1 : a] == " " and page.text[b : b + 1] == " "
    ]  # fmt: skip


def _surnames(page: _Page) -> list[Span]:
    """The last words of names of two words and more."""
    found = []
    for name in names(page.text, page.language):
        start = name.start + name.text.rfind(" ") + 1
        if len(name.tokens) > 1 and _WORD.fullmatch(page.text, start, name.end):
            found.append((start, name.end))
    return [(a, b) for a, b in found if b - a > 3]


def _list_commas(page: _Page) -> list[Span]:
    """Words with a comma, in front of the last but one item of a list."""
    joins = "|".join(page.table.joins)
    pattern = rf"(?<=\w )(\w{{3,}},) \w+ (?:{joins}) \w"
    return [m.span(1) for m in re.finditer(pattern, page.text)]


def _verbs(page: _Page) -> list[Span]:
    known = page.table.agreement
    return [(a, b) for a, b in page.words if page.text[a:b] in known and _free(page, a, b)]


def _articles(page: _Page) -> list[Span]:
    found = []
    before = [""] + [page.text[a:b].lower() for a, b in page.words]
    for (a, b), previous in zip(page.words, before, strict=False):
        right = page.text[a:b]
        governed = not page.table.after or previous in page.table.after
        if right in page.table.articles and governed and _free(page, a, b) and _fits(page, b):
            found.append((a, b))
    return found


def _free(page: _Page, a: int, b: int) -> bool:
    return page.text[a - 1 : a] == " " and page.text[b : b + 1] == " "


def _fits(page: _Page, end: int) -> bool:
    """Whether a word of three letters follows (of Latin "ab" and "ex": one with a vowel; of
    Polish "w" and "z": one that takes no longer form)."""
    following = _WORD.match(page.text, end + 1)
    if not following or len(following.group()) < 3:
        return False
    first = following.group()[0].lower()
    if page.language == "la":
        return first in "aeiou"
    return page.language != "pl" or first not in "wfzsśźżc"


# ---------------------------------------------------------------- the errors


def _swap(page: _Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 3)
    return _clear(page, word[:i] + word[i + 1] + word[i] + word[i + 2 :], word)


def _double(page: _Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 2)
    return _clear(page, word[: i + 1] + word[i:], word)


def _miss(page: _Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 2)
    return _clear(page, word[:i] + word[i + 1 :], word)


def _slip(page: _Page, word: str, draw: Draw) -> str:
    i = 1 + draw.below(len(word) - 2)
    row = next((row for row in page.table.keyboard if word[i] in row), "")
    at = row.find(word[i])
    near = [row[j] for j in (at - 1, at + 1) if row and 0 <= j < len(row)]
    return _clear(page, word[:i] + draw.choice(near) + word[i + 1 :], word) if near else ""


def _accent(page: _Page, word: str, draw: Draw) -> str:
    i = draw.choice([i for i, c in enumerate(word) if c in ACCENTS])
    wrong = word[:i] + draw.choice(ACCENTS[word[i]]) + word[i + 1 :]
    return "" if wrong in page.lexicon else wrong


def _twice(page: _Page, word: str, draw: Draw) -> str:
    return f"{word} {word}"


def _order(page: _Page, pair: str, draw: Draw) -> str:
    first, second = pair.split(" ")
    return f"{second} {first}"


def _extra_comma(page: _Page, pair: str, draw: Draw) -> str:
    first, second = pair.split(" ")
    return f"{first}, {second}"


def _without_last(page: _Page, text: str, draw: Draw) -> str:
    return text[:-1]


def _decapitalise(page: _Page, word: str, draw: Draw) -> str:
    return word[0].lower() + word[1:]


def _capitalise(page: _Page, word: str, draw: Draw) -> str:
    return word[0].upper() + word[1:]


def _disagree(page: _Page, word: str, draw: Draw) -> str:
    return page.table.agreement[word]


def _misarticle(page: _Page, word: str, draw: Draw) -> str:
    return page.table.articles[word]


# kind -> where it can be put, and what it makes of what stands there
KINDS: dict[str, tuple[Sites, Spoil]] = {
    "swapped letters": (_long_words, _swap),
    "doubled letter": (_long_words, _double),
    "missing letter": (_long_words, _miss),
    "neighbouring key": (_long_words, _slip),
    "diacritic": (_accented, _accent),
    "doubled word": (_repeatable, _twice),
    "word order": (_pairs_before, _order),
    "extra comma": (_pairs_before, _extra_comma),
    "missing comma": (_list_commas, _without_last),
    "missing full stop": (_ends, _without_last),
    "small initial": (_openers, _decapitalise),
    "capital letter": (_inner, _capitalise),
    "small name": (_surnames, _decapitalise),
    "agreement": (_verbs, _disagree),
    "article": (_articles, _misarticle),
}
