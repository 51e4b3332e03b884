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

    surface: str  # as it is spelled there
    letters: str  # folded
    content: bool  # see `is_content`


@dataclasses.dataclass(frozen=True)
class Span:
    """Neighbouring words of one clause, without figures and without punctuation but ' and -."""

    text: str
    terms: tuple[Term, ...]  # its words in order

    @functools.cached_property
    def letters(self) -> str:
        """All letters of its words, folded."""
        return "".join(term.letters for term in self.terms)

    @functools.cached_property
    def content(self) -> int:
        """How many of its words are content words."""
        return sum(term.content for term in self.terms)


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    """What `vocabulary` finds in a passage."""

    language: str
    title: str
    terms: tuple[Term, ...]  # each word form once, in order; those of the title first
    clauses: tuple[Span, ...]  # of the text: what stands between marks and figures
    sentences: tuple[str, ...]  # of the text

    @functools.cached_property
    def spans(self) -> tuple[Span, ...]:
        """All runs of 1 … LONGEST words inside a clause, without repeats; up to LONGEST times the
        words.
        """
        spans: dict[str, Span] = {}
        for clause in self.clauses:
            words = letter_words(clause.text)
            for first in range(len(words)):
                for last in range(first, min(len(words), first + LONGEST)):
                    text = clause.text[words[first].start : words[last].end]
                    spans.setdefault(text.casefold(), Span(text, clause.terms[first : last + 1]))
        return tuple(spans.values())

    @functools.cached_property
    def content(self) -> tuple[Term, ...]:
        """The content words."""
        return tuple(term for term in self.terms if term.content)


def is_content(letters: str, language: str) -> bool:
    """Whether a folded word says what a text is about: CONTENT letters or more, no function word.

    >>> is_content("castle", "en"), is_content("with", "en")
    (True, False)
    """
    return len(letters) >= CONTENT and letters not in function_words(language)


@functools.lru_cache(maxsize=16)
def vocabulary(title: str, text: str, language: str) -> Vocabulary:
    """The vocabulary of a passage; its title's words come first. The last 16 are kept.

    >>> terms = vocabulary("Lyon", "Lyon lies on the Rhône.", "en").terms
    >>> [term.letters for term in terms if term.content]
    ['lyon', 'lies', 'rhone']
    """
    terms: dict[str, Term] = {}
    clauses = []
    for source in (title, text):
        for match in _CLAUSE.finditer(source):
            clause = match.group()
            clause_terms = []
            for word in letter_words(clause):
                surface = clause[word.start : word.end]
                term = Term(surface, word.letters, is_content(word.letters, language))
                clause_terms.append(terms.setdefault(word.letters, term))
            if clause_terms and source is text:
                clauses.append(Span(clause, tuple(clause_terms)))
    whole_sentences = tuple(text[start:end] for start, end in sentences(text, language))
    return Vocabulary(language, title, tuple(terms.values()), tuple(clauses), whole_sentences)


def key_words(vocab: Vocabulary, least: int, most: int) -> list[Term]:
    """Content words of `least` to `most` letters that can be a key: spelled in a–z after folding,
    and no Roman numerals.
    """
    return [
        term
        for term in vocab.content
        if least <= len(term.letters) <= most
        and term.letters.isascii()
        and not _ROMAN.fullmatch(term.letters)
        and fold_letters(term.surface) == term.letters
    ]
