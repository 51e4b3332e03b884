"""Shapes of texts under constraints (snowballs, acrostics, verse), filled from a seed's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.compatibility import same_vowels
from beam_synth.materials.constraints.counts import Counts, EqualSentences
from beam_synth.materials.constraints.letterforms import fold_letters
from beam_synth.materials.constraints.letters import BelleAbsente
from beam_synth.materials.constraints.line_patterns import LayoutPoem, Mesostic, line_count
from beam_synth.materials.constraints.sources import Isovocalism, Larding, NPlusK
from beam_synth.materials.constraints.syllables import word_counts
from beam_synth.materials.constraints.verse import HAIKU, IRRATIONAL, Alexandrine, Quenine, spiral
from beam_synth.materials.constraints.vocabulary import Span, Vocabulary
from beam_synth.rule_engine.composing import (
    MOST_LINES,
    Composer,
    Fits,
    SpanNeed,
    TermNeed,
    as_line,
    stuck,
)

ATTEMPTS = 4


def compose(constraints: Sequence[Constraint], vocab: Vocabulary, draw: Draw) -> str:
    """A text of the seed's words that keeps all constraints.

    Raises Rejected("unsupported_request") where a few attempts find none.
    """
    shape = next((SHAPES[c.name] for c in constraints if c.name in SHAPES), None)
    shaped = next((c for c in constraints if c.name in SHAPES), None)
    why = Rejected("unsupported_request", "")
    for _ in range(ATTEMPTS):
        composer = Composer(constraints, vocab, draw)
        try:
            text = composer.listed() if shape is None else shape(composer, shaped)
        except Rejected as rejected:
            why = rejected
            continue
        broken = [c.name for c in constraints if c.check(text, vocab.language)]
        if not broken:
            return text
        why = stuck(f"no arrangement of the seed's words keeps {broken[0]}")
    raise why


# Predicates, each closed over its own values.


def _has_letters(n: int) -> TermNeed:
    return TermNeed(lambda term: len(term.letters) == n, f"{n} letters")


def _has_syllables(n: int, language: str) -> TermNeed:
    return TermNeed(
        lambda term: bool(word_counts(term.surface, language) >> n & 1), f"{n} syllables"
    )


def _begins(letter: str) -> TermNeed:
    return TermNeed(lambda term: term.letters[0] == letter, f"initial {letter}")


def _opens(letter: str) -> SpanNeed:
    return SpanNeed(
        lambda span: span.letters[0] == letter and span.content > 0, f"initial {letter}"
    )


def _closes(letter: str) -> SpanNeed:
    return SpanNeed(lambda span: span.letters[-1] == letter and span.content > 0, f"final {letter}")


def _counts_to(n: int, unit: str, language: str) -> SpanNeed:
    return SpanNeed(lambda span: not line_count(span.text, unit, language, n), f"{n} {unit}s")


def _as_wide(n: int, tolerance: int) -> SpanNeed:
    return SpanNeed(lambda span: abs(len(span.text) - n) <= tolerance, f"{n} characters")


# ---------------------------------------------------------------- shapes


def _by_lengths(composer: Composer, lengths: Sequence[int]) -> list[str]:
    return composer.words(map(_has_letters, lengths))


def _column(words: list[str]) -> str:
    return "\n".join(words)


def _snowball(composer: Composer, c: Any) -> str:
    return _column(_by_lengths(composer, range(c.start, c.start + c.count)))


def _melting(composer: Composer, c: Any) -> str:
    return _column(_by_lengths(composer, range(c.start, 0, -1)))


def _pilish(composer: Composer, c: Any) -> str:
    return as_line(" ".join(_by_lengths(composer, c.lengths))) + "."


def _rhopalic(composer: Composer, c: Any) -> str:
    language = composer.vocab.language
    wanted = range(c.start, c.start + c.count)
    found = composer.words(_has_syllables(n, language) for n in wanted)
    return _column(found)


def _abecedarian(composer: Composer, c: Any) -> str:
    if c.unit == "word":
        return as_line(", ".join(composer.words(map(_begins, c.key)))) + "."
    return "\n".join(composer.lines(map(_opens, c.key)))


def _acrostic(composer: Composer, c: Any) -> str:
    return "\n".join(composer.lines(map(_opens, fold_letters(c.word))))


def _telestich(composer: Composer, c: Any) -> str:
    return "\n".join(composer.lines(map(_closes, fold_letters(c.word))))


def _mesostic(composer: Composer, c: Mesostic) -> str:
    lines: list[str] = []
    rest, key = "", fold_letters(c.word)
    for i, letter in enumerate(key):
        after = key[i + 1 : i + 2] if c.strict else ""

        def fits(s: Span, x: str = letter, y: str = after, i: int = i) -> bool:
            at = s.letters.find(x) if i else s.letters.rfind(x)
            return s.content > 0 and at >= 0 and (not y or y not in s.letters[at + 1 :])

        if c.strict and letter in rest:
            raise stuck(f"no line before {letter}")
        span = composer.pick(fits, f"the letter {letter}")
        at = span.letters.find(letter) if i else span.letters.rfind(letter)
        rest = span.letters[at + 1 :]
        lines.append(as_line(span.text))
    return "\n".join(lines)


def _measured(composer: Composer, unit: str, wanted: Sequence[int]) -> str:
    language = composer.vocab.language
    return "\n".join(composer.lines(_counts_to(n, unit, language) for n in wanted))


def _layout(composer: Composer, c: LayoutPoem) -> str:
    return "\n".join(composer.lines(_as_wide(n, c.tolerance) for n in c.widths))


def _sonnet(composer: Composer, c: Any) -> str:
    fits: Fits = lambda s: 3 <= len(s.terms) <= 7 and s.content >= 1  # noqa: E731
    stanzas = [composer.lines([SpanNeed(fits, "a line")] * n) for n in IRRATIONAL]
    return "\n\n".join("\n".join(lines) for lines in stanzas)


def _quenine(composer: Composer, c: Quenine) -> str:
    """For each end word, spans of one clause that end in it, one word longer each."""
    ends: dict[str, list[Span]] = {}
    for span in composer.spans:
        last = span.terms[-1]
        if last.content and len(span.terms) > 1:
            ends.setdefault(last.letters, []).append(span)
    rich = [word for word, spans in ends.items() if len(spans) >= c.n]
    if len(rich) < c.n:
        raise stuck("too few words that end several spans")
    order = composer.draw.sample(rich, c.n)
    left = {word: composer.draw.sample(ends[word], c.n) for word in order}
    stanzas = []
    for _ in range(c.n):
        stanzas.append("\n".join(as_line(left[word].pop().text) for word in order))
        order = [order[i - 1] for i in spiral(c.n)]
    return "\n\n".join(stanzas)


def _word_palindrome(composer: Composer, c: Any) -> str:
    half = (c.minimum + 1) // 2
    span = composer.pick(lambda s: len(s.terms) >= max(3, half) and s.content > 1, "a palindrome")
    words = [term.surface for term in span.terms]
    return as_line(" ".join((*words, *words[-2::-1]))) + "."


def _equal_sentences(composer: Composer, c: EqualSentences) -> str:
    fits: Fits = lambda s: len(s.terms) == c.k and s.content > 0  # noqa: E731
    counts = next((x for x in composer.constraints if isinstance(x, Counts)), None)
    n = 4
    if counts is not None and counts.unit in ("line", "sentence"):
        n = counts.minimum or 4
    elif counts is not None and counts.unit == "word":
        n = -(-(counts.minimum or 4) // c.k)
    lines = composer.lines([SpanNeed(fits, f"{c.k} words")] * n)
    while counts is not None and counts.unit == "letter" and len(lines) < MOST_LINES:
        if sum(len(fold_letters(line)) for line in lines) >= (counts.minimum or 0):
            break
        lines += composer.lines([SpanNeed(fits, f"{c.k} words")])
    return "\n".join(f"{line}." for line in lines)


def _belle_absente(composer: Composer, c: BelleAbsente) -> str:
    lines = []
    for letter in fold_letters(c.source_name):
        missing = set(c.alphabet) - {letter}
        chosen: list[str] = []
        free = [t for t in composer.vocab.terms if letter not in t.letters and composer.fits(t)]
        while missing:
            best = max(free, key=lambda t: (len(missing & set(t.letters)), -len(t.letters)))
            if not missing & set(best.letters):
                raise stuck(f"no line without {letter}")
            missing -= set(best.letters)
            chosen.append(best.surface)
        lines.append(as_line(", ".join(chosen)))
    return "\n".join(lines)


def _larding(composer: Composer, c: Larding) -> str:
    sentences = [s.strip() for s in dict.fromkeys(composer.vocab.sentences)]
    between = [s for s in sentences if s not in c.sources]
    parts = [c.sources[0]]
    for source in c.sources[1:]:
        if len(between) < c.insert:
            raise stuck("the seed has too few sentences")
        parts += [*between[: c.insert], source]
        between = between[c.insert :]
    return "\n".join(parts)


def _n_plus_k(composer: Composer, c: NPlusK) -> str:
    return c.replaced()


def _isovocalism(composer: Composer, c: Isovocalism) -> str:
    found = same_vowels(c, composer.vocab)
    if not found:
        raise stuck("no other words with these vowels")
    return as_line(" ".join(found))


SHAPES: dict[str, Callable[[Composer, Any], str]] = {
    "snowball": _snowball,
    "melting_snowball": _melting,
    "pilish": _pilish,
    "rhopalic": _rhopalic,
    "abecedarian": _abecedarian,
    "acrostic": _acrostic,
    "telestich": _telestich,
    "mesostic": _mesostic,
    "line_snowball": lambda composer, c: _measured(composer, c.unit, c.wanted),
    "fibonacci": lambda composer, c: _measured(composer, c.unit, c.wanted),
    "haiku": lambda composer, c: _measured(composer, "syllable", HAIKU),
    "alexandrine": lambda composer, c: _measured(composer, "syllable", [12] * _count(c)),
    "layout_poem": _layout,
    "irrational_sonnet": _sonnet,
    "quenine": _quenine,
    "word_palindrome": _word_palindrome,
    "equal_sentences": _equal_sentences,
    "belle_absente": _belle_absente,
    "larding": _larding,
    "n_plus_k": _n_plus_k,
    "isovocalism": _isovocalism,
}


def _count(constraint: Alexandrine) -> int:
    return constraint.count
