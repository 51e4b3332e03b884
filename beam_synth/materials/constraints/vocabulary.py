"""What a seed offers to a text under constraints: its words, its sentences, its spans of words."""

from __future__ import annotations

import dataclasses
import functools
import re

from beam_synth.materials.constraints.letterforms import fold_letters, letter_words
from beam_synth.materials.constraints.word_patterns import function_words
from beam_synth.text.sentences import sentences

CONTENT = 4  # letters of a content word at least
LONGEST = 9  # words of a span at most
_ROMAN = re.compile(r"[ivxlcdm]+")
_CLAUSE = re.compile(r"[^\W\d_]+(?:[ \-'’]{1,2}[^\W\d_]+)*")


@dataclasses.dataclass(frozen=True)
class Term:
    """A word of the seed as it stands there first."""

    surface: str
    letters: str  # folded
    content: bool  # four letters or more, no function word


@dataclasses.dataclass(frozen=True)
class Span:
    """Neighbouring words of one clause, without figures and without punctuation but ' and -."""

    text: str
    terms: tuple[Term, ...]

    @functools.cached_property
    def letters(self) -> str:
        return "".join(term.letters for term in self.terms)

    @functools.cached_property
    def content(self) -> int:
        return sum(term.content for term in self.terms)


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    language: str
    title: str
    terms: tuple[Term, ...]  # each word form once, in order
    clauses: tuple[Span, ...]
    sentences: tuple[str, ...]

    @functools.cached_property
    def spans(self) -> tuple[Span, ...]:
        """All runs of 1 … LONGEST words inside a clause, without repeats."""
        found: dict[str, Span] = {}
        for clause in self.clauses:
            at = letter_words(clause.text)
            for i in range(len(at)):
                for j in range(i, min(len(at), i + LONGEST)):
                    text = clause.text[at[i].start : at[j].end]
                    found.setdefault(text.casefold(), Span(text, clause.terms[i : j + 1]))
        return tuple(found.values())

    @functools.cached_property
    def content(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.content)


def is_content(letters: str, language: str) -> bool:
    """Whether a folded word says what a text is about."""
    return len(letters) >= CONTENT and letters not in function_words(language)


@functools.lru_cache(maxsize=16)
def vocabulary(title: str, text: str, language: str) -> Vocabulary:
    """The vocabulary of a passage; its title's words come first."""
    terms: dict[str, Term] = {}
    clauses = []
    for source in (title, text):
        for found in _CLAUSE.finditer(source):
            clause = found.group()
            here = []
            for word in letter_words(clause):
                surface = clause[word.start : word.end]
                term = Term(surface, word.letters, is_content(word.letters, language))
                here.append(terms.setdefault(word.letters, term))
            if here and source is text:
                clauses.append(Span(clause, tuple(here)))
    whole = tuple(text[a:b] for a, b in sentences(text, language))
    return Vocabulary(language, title, tuple(terms.values()), tuple(clauses), whole)


def key_words(vocab: Vocabulary, least: int, most: int) -> list[Term]:
    """Content words of so many letters that can be a key: spelled in a–z after folding."""
    return [
        term
        for term in vocab.content
        if least <= len(term.letters) <= most
        and term.letters.isascii()
        and not _ROMAN.fullmatch(term.letters)
        and fold_letters(term.surface) == term.letters
    ]
