"""Shapes of texts under constraints (snowballs, acrostics, verse), filled from a seed's words.

`SHAPES` names them by their constraint, whose own module says where each comes from. A shape
gives a text that most likely keeps its constraint; `compose` checks it.
"""

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
from beam_synth.materials.constraints.line_patterns import (
    Acrostic,
    Fibonacci,
    LayoutPoem,
    LineSnowball,
    Mesostic,
    Telestich,
)
from beam_synth.materials.constraints.sources import Isovocalism, Larding, NPlusK
from beam_synth.materials.constraints.verse import (
    HAIKU,
    IRRATIONAL,
    Alexandrine,
    Haiku,
    IrrationalSonnet,
    Quenine,
    spiral,
)
from beam_synth.materials.constraints.vocabulary import Span, Vocabulary
from beam_synth.materials.constraints.word_patterns import (
    Abecedarian,
    MeltingSnowball,
    Pilish,
    Rhopalic,
    Snowball,
    WordPalindrome,
)
from beam_synth.rule_engine.composing import MOST_LINES, Composer, as_line, stuck
from beam_synth.rule_engine.needs import (
    Fits,
    SpanNeed,
    as_wide,
    begins,
    closes,
    counts_to,
    has_letters,
    has_syllables,
    opens,
)

ATTEMPTS = 4


def compose(constraints: Sequence[Constraint], vocab: Vocabulary, draw: Draw) -> str:
    """A text of the seed's words that keeps all constraints.

    The first constraint that has a shape gives the text's; the others decide which words may
    stand.

    Raises Rejected("unsupported_request") where four attempts, each with further draws, find
    none.
    """
    shaped = next((c for c in constraints if c.name in SHAPES), None)
    why = Rejected("unsupported_request", "")
    for _ in range(ATTEMPTS):
        composer = Composer(constraints, vocab, draw)
        try:
            text = SHAPES[shaped.name](composer, shaped) if shaped else composer.listed()
        except Rejected as rejected:
            why = rejected
            continue
        broken = [c.name for c in constraints if c.check(text, vocab.language)]
        if not broken:
            return text
        why = stuck(f"no arrangement of the seed's words keeps {broken[0]}")
    raise why


# ---------------------------------------------------------------- shapes


def _by_lengths(composer: Composer, lengths: Sequence[int]) -> list[str]:
    return composer.words(map(has_letters, lengths))


def _column(words: list[str]) -> str:
    return "\n".join(words)


def _snowball(composer: Composer, constraint: Snowball) -> str:
    """One word a line, each a letter longer."""
    return _column(
        _by_lengths(composer, range(constraint.start, constraint.start + constraint.count))
    )


def _melting(composer: Composer, constraint: MeltingSnowball) -> str:
    """One word a line, each a letter shorter, down to one letter."""
    return _column(_by_lengths(composer, range(constraint.start, 0, -1)))


def _pilish(composer: Composer, constraint: Pilish) -> str:
    """Words whose lengths are the digits of pi."""
    return as_line(" ".join(_by_lengths(composer, constraint.lengths))) + "."


def _rhopalic(composer: Composer, constraint: Rhopalic) -> str:
    """One word a line, each a syllable longer."""
    language = composer.vocab.language
    wanted = range(constraint.start, constraint.start + constraint.count)
    words = composer.words(has_syllables(n, language) for n in wanted)
    return _column(words)


def _abecedarian(composer: Composer, constraint: Abecedarian) -> str:
    """Words or lines with the alphabet's initials in order."""
    if constraint.unit == "word":
        return as_line(", ".join(composer.words(map(begins, constraint.key)))) + "."
    return "\n".join(composer.lines(map(opens, constraint.key)))


def _acrostic(composer: Composer, constraint: Acrostic) -> str:
    """Lines whose initials spell the word."""
    return "\n".join(composer.lines(map(opens, fold_letters(constraint.word))))


def _telestich(composer: Composer, constraint: Telestich) -> str:
    """Lines whose final letters spell the word."""
    return "\n".join(composer.lines(map(closes, fold_letters(constraint.word))))


def _mesostic(composer: Composer, constraint: Mesostic) -> str:
    """Lines that each carry a letter of the word; in a strict one, the next letter comes only
    later."""
    lines: list[str] = []
    rest, key = "", fold_letters(constraint.word)
    for i, letter in enumerate(key):
        after = key[i + 1 : i + 2] if constraint.strict else ""

        def fits(s: Span, x: str = letter, y: str = after, i: int = i) -> bool:
            at = s.letters.find(x) if i else s.letters.rfind(x)
            return s.content > 0 and at >= 0 and (not y or y not in s.letters[at + 1 :])

        if constraint.strict and letter in rest:
            raise stuck(f"no line before {letter}")
        span = composer.pick(fits, f"the letter {letter}")
        at = span.letters.find(letter) if i else span.letters.rfind(letter)
        rest = span.letters[at + 1 :]
        lines.append(as_line(span.text))
    return "\n".join(lines)


def _measured(composer: Composer, unit: str, wanted: Sequence[int]) -> str:
    language = composer.vocab.language
    return "\n".join(composer.lines(counts_to(n, unit, language) for n in wanted))


def _measured_lines(composer: Composer, constraint: LineSnowball | Fibonacci) -> str:
    return _measured(composer, constraint.unit, constraint.wanted)


def _haiku(composer: Composer, constraint: Haiku) -> str:
    return _measured(composer, "syllable", HAIKU)


def _alexandrine(composer: Composer, constraint: Alexandrine) -> str:
    return _measured(composer, "syllable", [12] * constraint.count)


def _layout(composer: Composer, constraint: LayoutPoem) -> str:
    return "\n".join(composer.lines(as_wide(n, constraint.tolerance) for n in constraint.widths))


def _sonnet(composer: Composer, constraint: IrrationalSonnet) -> str:
    """Stanzas of 3, 1, 4, 1 and 5 lines (the irrational sonnet of Bens)."""
    fits: Fits = lambda s: 3 <= len(s.terms) <= 7 and s.content >= 1  # noqa: E731
    stanzas = [composer.lines([SpanNeed(fits, "a line")] * n) for n in IRRATIONAL]
    return "\n\n".join("\n".join(lines) for lines in stanzas)


def _quenine(composer: Composer, constraint: Quenine) -> str:
    """For each end word, spans of one clause that end in it, one word longer each."""
    ends: dict[str, list[Span]] = {}
    for span in composer.spans:
        last = span.terms[-1]
        if last.content and len(span.terms) > 1:
            ends.setdefault(last.letters, []).append(span)
    rich = [word for word, spans in ends.items() if len(spans) >= constraint.n]
    if len(rich) < constraint.n:
        raise stuck("too few words that end several spans")
    order = composer.draw.sample(rich, constraint.n)
    left = {word: composer.draw.sample(ends[word], constraint.n) for word in order}
    stanzas = []
    for _ in range(constraint.n):
        stanzas.append("\n".join(as_line(left[word].pop().text) for word in order))
        order = [order[i - 1] for i in spiral(constraint.n)]
    return "\n\n".join(stanzas)


def _word_palindrome(composer: Composer, constraint: WordPalindrome) -> str:
    """A span, and its words back again from the last but one."""
    half = (constraint.minimum + 1) // 2
    span = composer.pick(lambda s: len(s.terms) >= max(3, half) and s.content > 1, "a palindrome")
    words = [term.surface for term in span.terms]
    return as_line(" ".join((*words, *words[-2::-1]))) + "."


def _equal_sentences(composer: Composer, constraint: EqualSentences) -> str:
    """Lines of the same number of words, as many as other counts ask for, else four."""
    fits: Fits = lambda s: len(s.terms) == constraint.k and s.content > 0  # noqa: E731
    counts = next((x for x in composer.constraints if isinstance(x, Counts)), None)
    n = 4
    if counts is not None and counts.unit in ("line", "sentence"):
        n = counts.minimum or 4
    elif counts is not None and counts.unit == "word":
        n = -(-(counts.minimum or 4) // constraint.k)
    lines = composer.lines([SpanNeed(fits, f"{constraint.k} words")] * n)
    while counts is not None and counts.unit == "letter" and len(lines) < MOST_LINES:
        if sum(len(fold_letters(line)) for line in lines) >= (counts.minimum or 0):
            break
        lines += composer.lines([SpanNeed(fits, f"{constraint.k} words")])
    return "\n".join(f"{line}." for line in lines)


def _belle_absente(composer: Composer, constraint: BelleAbsente) -> str:
    """For each letter of the name a line that has every other letter of the alphabet in use, chosen
    greedily: the word with most missing letters first, the shorter one of two."""
    lines = []
    for letter in fold_letters(constraint.source_name):
        missing = set(constraint.alphabet) - {letter}
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


def _larding(composer: Composer, constraint: Larding) -> str:
    """The fixed sentences with others of the seed between them, in the seed's order."""
    sentences = [s.strip() for s in dict.fromkeys(composer.vocab.sentences)]
    between = [s for s in sentences if s not in constraint.sources]
    parts = [constraint.sources[0]]
    for source in constraint.sources[1:]:
        if len(between) < constraint.insert:
            raise stuck("the seed has too few sentences")
        parts += [*between[: constraint.insert], source]
        between = between[constraint.insert :]
    return "\n".join(parts)


def _n_plus_k(composer: Composer, constraint: NPlusK) -> str:
    """The given text, each noun replaced by the k-th after it in the list."""
    return constraint.replaced()


def _isovocalism(composer: Composer, constraint: Isovocalism) -> str:
    """Other words with the source's vowels in the source's order."""
    words = same_vowels(constraint, composer.vocab)
    if not words:
        raise stuck("no other words with these vowels")
    return as_line(" ".join(words))


SHAPES: dict[str, Callable[[Composer, Any], str]] = {
    "snowball": _snowball,
    "melting_snowball": _melting,
    "pilish": _pilish,
    "rhopalic": _rhopalic,
    "abecedarian": _abecedarian,
    "acrostic": _acrostic,
    "telestich": _telestich,
    "mesostic": _mesostic,
    "line_snowball": _measured_lines,
    "fibonacci": _measured_lines,
    "haiku": _haiku,
    "alexandrine": _alexandrine,
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
