"""Names of a text.

What counts as a name: a capitalised word that does not open its sentence; or any word of a run of
two and more capitalised ones ("Marie Curie"), of an acronym, or of a sentence of at most three
words. German capitalises every noun, so there a single word counts only after a bare preposition
("in Lyon") and when it has no ending of common nouns. Single names that open a longer sentence
are therefore not seen.

>>> [name.text for name in names("The painter Anna Lind of Oslo met the UNESCO.", "en")]
['Anna Lind', 'Oslo', 'UNESCO']
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from beam_synth.text.facts import Fact
from beam_synth.text.wordlists import (
    FUNCTION,
    GERMAN_COMMON,
    GERMAN_DETERMINERS,
    GERMAN_SUFFIXES,
    MONTHS,
    WEEKDAYS,
)

SHORT = 3  # words of a sentence so short that the one that opens it may be a name
_LONGEST = 40  # letters that are looked back for the word before
_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ](?<![^\W\d_].)[^\W\d_]*")  # not one of these small ones
_RUN = re.compile(r"\w+")
_STOP = re.compile(r"[.!?\n]")
_JOINT = re.compile(r"(?: |-|['’]|\. ?)")  # between two words of a name
_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s$")
_SENTENCE_END = re.compile(r"[.!?…:;\n]")
_BARE = frozenset(["in", "nach", "aus", "von", "bei", "über", "gegen", "durch", "für"])
_ADJECTIVE = re.compile(r"[a-zäöüß]+(?:e|en|er|es|em)")


def opens_sentence(text: str, start: int) -> bool:
    """Whether the word at `start` opens a sentence, line, item or quotation that does."""
    preceding = text[:start].rstrip(" \t\"'“”„«»‘’()[]*_-–•")
    if not preceding:
        return True
    if preceding[-1] == "." and _INITIAL.search(preceding[-4:]):
        return False  # an initial: "J. Smith"
    return bool(_SENTENCE_END.match(preceding[-1])) or "\n" in text[len(preceding) : start]


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Maximal runs of capitalised words, joined by blanks, hyphens, apostrophes or initials."""
    run: list[re.Match[str]] = []
    for word in _CAPITAL.finditer(text):
        if not text[word.start()].isupper():
            continue
        joined = run and _JOINT.fullmatch(text, run[-1].end(), word.start())
        dotted = joined and "." in joined.group() and len(run[-1].group()) > 1
        if joined and not dotted:
            run.append(word)
            continue
        if run:
            yield run
        run = [word]
    if run:
        yield run


@functools.lru_cache(maxsize=1 << 14)
def _is_no_name(word: str, language: str) -> bool:
    lower = word.casefold()
    return (
        lower in FUNCTION.get(language, ())
        or lower in MONTHS.get(language, ())
        or lower in WEEKDAYS
        or (len(word) == 1)
    )


def _sentence_words(text: str, position: int) -> int:
    """Words of the sentence around `at`, up to four."""
    stop = _STOP.search(text, position)
    return len(_RUN.findall(text, position, stop.start() if stop else len(text))[:4])


def _german_single_counts(text: str, word: re.Match[str]) -> bool:
    """Whether a lone capitalised German word is a name: after a bare preposition, no suffix."""
    before = _WORD_BEFORE.search(text, max(0, word.start() - _LONGEST), word.start())
    if not before or before.group(1).casefold() not in _BARE:
        return False
    return not _is_common_german_noun(word.group())


def names(text: str, language: str, short: int = SHORT) -> list[Fact]:
    """Runs of capitalised words that count as names (see the module's text), without function
    words, months and days at their ends.

    A single word that opens its sentence counts if that has at most `short` words. The facts'
    `tokens` are the words of the name.

    >>> [name.text for name in names("Oslo.", "en")], names("Oslo is far from here.", "en")
    (['Oslo'], [])
    """
    facts = []
    for run in _runs(text):
        name_words = _without_function_words(run, language)
        if not name_words or (
            len(name_words) == 1 and not _single_counts(text, name_words[0], language, short)
        ):
            continue
        if language == "de" and len(name_words) > 1:
            name_words = _german_name(text, name_words)
        tokens = tuple(
            [
                token
                for token in [word.group() for word in name_words]
                if not _is_no_name(token, language)
            ]
        )
        if tokens:
            start, end = name_words[0].start(), name_words[-1].end()
            facts.append(Fact("name", text[start:end], start, end, tokens=tokens))
    return facts


def _without_function_words(run: list[re.Match[str]], language: str) -> list[re.Match[str]]:
    """The run without function words, months and days at its ends."""
    first, last = 0, len(run)
    while first < last and not _can_bound_name(run[first], language):
        first += 1
    while first < last and not _can_bound_name(run[last - 1], language):
        last -= 1
    return run[first:last]


def _can_bound_name(word: re.Match[str], language: str) -> bool:
    token = word.group()
    if len(token) > 1:
        return not _is_no_name(token, language)
    initial = word.string[word.end() : word.end() + 1] == "."
    return initial or token.casefold() not in FUNCTION.get(language, ())


def _german_name(text: str, run: list[re.Match[str]]) -> list[re.Match[str]]:
    """A German run without the title that an article shows ("der Maler Max Ernst"), and without
    the words that end like common nouns."""
    before = _WORD_BEFORE.search(text, max(0, run[0].start() - _LONGEST), run[0].start())
    previous = before.group(1) if before else ""
    titled = previous.casefold() in GERMAN_DETERMINERS or _ADJECTIVE.fullmatch(previous)
    return [word for word in run[1 if titled else 0 :] if not _is_common_german_noun(word.group())]


def _is_common_german_noun(word: str) -> bool:
    lower = word.casefold()
    return lower in GERMAN_COMMON or lower.endswith(tuple(GERMAN_SUFFIXES))


def _single_counts(text: str, word: re.Match[str], language: str, short: int) -> bool:
    token = word.group()
    if len(token) >= 2 and token.isupper():
        return True
    if opens_sentence(text, word.start()):
        return language != "de" and _sentence_words(text, word.start()) <= short
    return language != "de" or _german_single_counts(text, word)
