"""Places of a text where an error can be put, by what stands there.

Each function gives spans (start, end), in characters and in the order of the text; what stands
there is one word or two neighbouring ones, with the mark behind them where that is spoilt.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable

from beam_synth.materials.corruption.language_tables import ACCENTS, POLITE, TABLES, Table
from beam_synth.text.proper_names import names
from beam_synth.text.wordlists import FUNCTION, MONTHS, NUMERALS, SCALES

LEAST_LETTERS = 6  # of a word that gets a slip of the keys
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"\S+")
_OPENER = re.compile(r"(?<=[^\W\d_A-Z]{3})[.!?] ([A-ZÀ-ÖØ-ÞŁŚŻŹĆ][^\W\d_A-Z]+)\b")
_SENTENCE_END = re.compile(r"(?<![\w.])[^\W\d_A-Z]{4,}\.(?=\s[^\W\d_a-z]|$)")
Span = tuple[int, int]  # (start, end) in characters
Sites = Callable[["Page"], list[Span]]


class Page:
    """A text with what is looked up in it more than once. Raises KeyError for a language without a
    table.
    """

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.table: Table = TABLES[language]
        self.words = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        self._tokens = [m.start() for m in _TOKEN.finditer(text)]
        self._sites: dict[Sites, list[Span]] = {}

    def sites(self, find: Sites) -> list[Span]:
        """Where an error can be put, as `find` gives it; found once."""
        if find not in self._sites:
            self._sites[find] = find(self)
        return self._sites[find]

    def words_of(self, start: int, end: int) -> set[int]:
        """Numbers, from 0, of the words between blanks that a span touches.

        >>> sorted(Page("One two three", "en").words_of(4, 13))
        [1, 2]
        """
        first = bisect.bisect_right(self._tokens, start) - 1
        last = bisect.bisect_left(self._tokens, end) - 1
        return set(range(first, last + 1))

    @functools.cached_property
    def lexicon(self) -> frozenset[str]:
        """Words that are known to be words, in lower case: closed classes and those of the text."""
        text_words = (self.text[a:b].lower() for a, b in self.words)
        return _known_words(self.language) | frozenset(text_words)

    def lower(self, least: int) -> list[Span]:
        """Its words in small letters, of `least` letters and more."""
        return [
            (start, end)
            for start, end in self.words
            if end - start >= least and self.text[start:end].islower()
        ]


def long_words(page: Page) -> list[Span]:
    """Words in small letters that are long enough for a slip of the keys.

    >>> long_words(Page("The Danube passes four capitals", "en"))
    [(11, 17), (23, 31)]
    """
    return page.lower(LEAST_LETTERS)


def accented(page: Page) -> list[Span]:
    """Words of four small letters and more with a letter that bears an accent."""
    return [
        (start, end)
        for start, end in page.lower(4)
        if any(letter in ACCENTS for letter in page.text[start:end])
    ]


def repeatable(page: Page) -> list[Span]:
    """Words of three small letters and more that do not stand twice already, and may not."""
    texts = ["", *(page.text[start:end].lower() for start, end in page.words), ""]
    spans = []
    for i, (start, end) in enumerate(page.words, 1):
        word = page.text[start:end]
        once = word not in (texts[i - 1], texts[i + 1], *page.table.twice)
        if once and word.islower() and len(word) > 2 and _between_blanks(page, start, end):
            spans.append((start, end))
    return spans


def pairs_before(page: Page) -> list[Span]:
    """A word that stands before its noun, with the noun, in small letters but for German.

    >>> pairs_before(Page("It rises in the mountains and falls.", "en"))
    [(12, 25)]
    """
    spans = []
    for (start, first_end), (second_start, end) in zip(page.words, page.words[1:], strict=False):
        first, second = page.text[start:first_end], page.text[second_start:end]
        if (
            first in page.table.before
            and page.text[first_end:second_start] == " "
            and end - second_start >= 4
            and (second.islower() or page.language == "de")
            and page.text[start - 1 : start] == " "
            and page.text[end : end + 1] in (" ", ".", ",")
        ):
            spans.append((start, end))
    return spans


def sentence_ends(page: Page) -> list[Span]:
    """Last words of sentences, of four letters and more without a capital, with their full stop."""
    return [(m.start(), m.end()) for m in _SENTENCE_END.finditer(page.text)]


def openers(page: Page) -> list[Span]:
    """Words that open a sentence after another."""
    return [m.span(1) for m in _OPENER.finditer(page.text)]


def inner(page: Page) -> list[Span]:
    """Function words within a sentence, of two letters and more, between words."""
    known = FUNCTION[page.language] - POLITE
    return [
        (start, end)
        for start, end in page.words
        if page.text[start:end] in known
        and end - start > 1
        and page.text[start - 2 : start - 1].islower()
        and _between_blanks(page, start, end)
    ]


def surnames(page: Page) -> list[Span]:
    """The last words, of four letters and more, of names of two words and more."""
    spans = []
    for name in names(page.text, page.language):
        start = name.start + name.text.rfind(" ") + 1
        if len(name.tokens) > 1 and _WORD.fullmatch(page.text, start, name.end):
            spans.append((start, name.end))
    return [(start, end) for start, end in spans if end - start > 3]


def list_commas(page: Page) -> list[Span]:
    """Words with a comma, in front of the last but one item of a list.

    >>> list_commas(Page("It has iron, zinc and lead", "en"))
    [(7, 12)]
    """
    joins = "|".join(page.table.joins)
    pattern = rf"(?<=\w )(\w{{3,}},) \w+ (?:{joins}) \w"
    return [m.span(1) for m in re.finditer(pattern, page.text)]


def verbs(page: Page) -> list[Span]:
    """Verbs whose other number is known, between blanks."""
    known = page.table.agreement
    return [
        (start, end)
        for start, end in page.words
        if page.text[start:end] in known and _between_blanks(page, start, end)
    ]


def articles(page: Page) -> list[Span]:
    """Articles and prepositions in front of a word that shows which one is right."""
    spans = []
    before = [""] + [page.text[start:end].lower() for start, end in page.words]
    for (start, end), previous in zip(page.words, before, strict=False):
        right = page.text[start:end]
        is_governed = not page.table.after or previous in page.table.after
        if (
            right in page.table.articles
            and is_governed
            and _between_blanks(page, start, end)
            and _shows_article(page, end)
        ):
            spans.append((start, end))
    return spans


def _between_blanks(page: Page, start: int, end: int) -> bool:
    return page.text[start - 1 : start] == " " and page.text[end : end + 1] == " "


def _shows_article(page: Page, end: int) -> bool:
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
def _known_words(language: str) -> frozenset[str]:
    lists = (FUNCTION, MONTHS, NUMERALS)
    words = {word for table in lists for word in table.get(language, ())}
    return frozenset(words | set(SCALES) | TABLES[language].confused)
