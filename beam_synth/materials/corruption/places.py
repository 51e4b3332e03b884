"""Places of a text where an error can be put, by what stands there."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable

from beam_synth.materials.corruption.language_tables import ACCENTS, POLITE, TABLES, Table
from beam_synth.text.facts import names
from beam_synth.text.wordlists import FUNCTION, MONTHS, NUMERALS, SCALES

LEAST_LETTERS = 6  # of a word that gets a slip of the keys
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"\S+")
Span = tuple[int, int]
Sites = Callable[["Page"], list[Span]]


class Page:
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


def long_words(page: Page) -> list[Span]:
    """Words that are long enough for a slip of the keys."""
    return page.lower(LEAST_LETTERS)


def accented(page: Page) -> list[Span]:
    """Words with a letter that bears an accent."""
    return [(a, b) for a, b in page.lower(4) if any(c in ACCENTS for c in page.text[a:b])]


def repeatable(page: Page) -> list[Span]:
    """Words that do not stand twice already, and may not."""
    texts = ["", *(page.text[a:b].lower() for a, b in page.words), ""]
    found = []
    for i, (a, b) in enumerate(page.words, 1):
        word = page.text[a:b]
        once = word not in (texts[i - 1], texts[i + 1], *page.table.twice)
        if once and word.islower() and len(word) > 2 and _free(page, a, b):
            found.append((a, b))
    return found


def pairs_before(page: Page) -> list[Span]:
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


def sentence_ends(page: Page) -> list[Span]:
    """Last words of sentences, with their full stop: three small letters at least before it."""
    return [(m.start(), m.end()) for m in _END.finditer(page.text)]


_END = re.compile(r"(?<![\w.])[^\W\d_A-Z]{4,}\.(?=\s[^\W\d_a-z]|$)")


def openers(page: Page) -> list[Span]:
    """Words that open a sentence after another."""
    return [m.span(1) for m in _OPENER.finditer(page.text)]


_OPENER = re.compile(r"(?<=[^\W\d_A-Z]{3})[.!?] ([A-ZÀ-ÖØ-ÞŁŚŻŹĆ][^\W\d_A-Z]+)\b")


def inner(page: Page) -> list[Span]:
    """Function words within a sentence."""
    known = FUNCTION[page.language] - POLITE
    return [
        (a, b)
        for a, b in page.words
        if page.text[a:b] in known and b - a > 1 and page.text[a - 2 : a - 1].islower()
        and page.text[a - 1 : a] == " " and page.text[b : b + 1] == " "
    ]  # fmt: skip


def surnames(page: Page) -> list[Span]:
    """The last words of names of two words and more."""
    found = []
    for name in names(page.text, page.language):
        start = name.start + name.text.rfind(" ") + 1
        if len(name.tokens) > 1 and _WORD.fullmatch(page.text, start, name.end):
            found.append((start, name.end))
    return [(a, b) for a, b in found if b - a > 3]


def list_commas(page: Page) -> list[Span]:
    """Words with a comma, in front of the last but one item of a list."""
    joins = "|".join(page.table.joins)
    pattern = rf"(?<=\w )(\w{{3,}},) \w+ (?:{joins}) \w"
    return [m.span(1) for m in re.finditer(pattern, page.text)]


def verbs(page: Page) -> list[Span]:
    """Verbs whose other number is known."""
    known = page.table.agreement
    return [(a, b) for a, b in page.words if page.text[a:b] in known and _free(page, a, b)]


def articles(page: Page) -> list[Span]:
    """Articles and prepositions in front of a word that shows which one is right."""
    found = []
    before = [""] + [page.text[a:b].lower() for a, b in page.words]
    for (a, b), previous in zip(page.words, before, strict=False):
        right = page.text[a:b]
        governed = not page.table.after or previous in page.table.after
        if right in page.table.articles and governed and _free(page, a, b) and _fits(page, b):
            found.append((a, b))
    return found


def _free(page: Page, a: int, b: int) -> bool:
    return page.text[a - 1 : a] == " " and page.text[b : b + 1] == " "


def _fits(page: Page, end: int) -> bool:
    """Whether a word of three letters follows (of Latin "ab" and "ex": one with a vowel; of
    Polish "w" and "z": one that takes no longer form)."""
    following = _WORD.match(page.text, end + 1)
    if not following or len(following.group()) < 3:
        return False
    first = following.group()[0].lower()
    if page.language == "la":
        return first in "aeiou"
    return page.language != "pl" or first not in "wfzsśźżc"


@functools.lru_cache(maxsize=16)
def _known(language: str) -> frozenset[str]:
    lists = (FUNCTION, MONTHS, NUMERALS)
    words = {word for table in lists for word in table.get(language, ())}
    return frozenset(words | set(SCALES) | TABLES[language].confused)
