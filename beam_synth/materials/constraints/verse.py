"""Fixed forms of verse: haiku, alexandrine, irrational sonnet, quenine (sestina of n).

Syllables are counted by `syllables`: a line passes where one of its possible counts is the wanted
one.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import letter_words, lines, stanzas
from beam_synth.materials.constraints.line_patterns import line_counts

HAIKU = (5, 7, 5)  # syllables of each line
IRRATIONAL = (3, 1, 4, 1, 5)  # lines of each stanza


@dataclasses.dataclass(frozen=True)
class Haiku(Constraint):
    r"""Three lines that can have 5, 7 and 5 syllables.

    >>> Haiku().check("An old silent pond\nA frog jumps into the pond\nSplash! Silence again", "en")
    []
    """

    name: ClassVar[str] = "haiku"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """5 and 7."""
        return [("5",), ("7",)]

    def check(self, text: str, language: str) -> list[Violation]:
        """As `line_patterns.line_counts`."""
        return line_counts(text, "syllable", language, HAIKU)


@dataclasses.dataclass(frozen=True)
class Alexandrine(Constraint):
    """`count` lines that can have 12 syllables each; rhyme and caesura are not looked at."""

    name: ClassVar[str] = "alexandrine"
    count: int = 2

    def __post_init__(self) -> None:
        refuse(self.count < 1, f"count: {self.count} is less than 1")

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """12 and the number of lines."""
        return [("12",), (str(self.count),)]

    def check(self, text: str, language: str) -> list[Violation]:
        """As `line_patterns.line_counts`."""
        return line_counts(text, "syllable", language, [12] * self.count)


@dataclasses.dataclass(frozen=True)
class IrrationalSonnet(Constraint):
    """14 lines in stanzas of 3, 1, 4, 1 and 5, parted by empty lines (Bens, after π)."""

    name: ClassVar[str] = "irrational_sonnet"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """14 and the sizes of the stanzas."""
        return [(str(n),) for n in sorted({14, *IRRATIONAL})]

    def check(self, text: str, language: str) -> list[Violation]:
        """One violation over the whole text."""
        sizes = tuple(len(group) for group in stanzas(text))
        if sizes == IRRATIONAL:
            return []
        return [Violation(0, len(text), f"stanzas of {sizes} lines, not {IRRATIONAL}")]


def spiral(n: int) -> tuple[int, ...]:
    """The order n, 1, n − 1, 2 … (1-based) in which end words return.

    >>> spiral(6)
    (6, 1, 5, 2, 4, 3)
    """
    order = []
    low, high = 1, n
    while low <= high:
        order.append(high)
        if low < high:
            order.append(low)
        low, high = low + 1, high - 1
    return tuple(order)


def _stanzas_until_return(n: int) -> int:
    """After how many stanzas the spiral is back at its start."""
    start = tuple(range(n))
    order, stanza_count = start, 0
    while stanza_count == 0 or order != start:
        order, stanza_count = tuple(order[i - 1] for i in spiral(n)), stanza_count + 1
    return stanza_count


@dataclasses.dataclass(frozen=True)
class Quenine(Constraint):
    """n stanzas of n lines; the end words of each are the last one's, by the spiral (6: sestina).

    n must be a number whose spiral comes back after n stanzas (2, 3, 5, 6, 9, 11; Queneau).
    """

    name: ClassVar[str] = "quenine"
    n: int = 6

    def __post_init__(self) -> None:
        closes = 2 <= self.n <= 11 and _stanzas_until_return(self.n) == self.n
        refuse(not closes, f"n: {self.n} is none of 2, 3, 5, 6, 9, 11")

    def slots(self, language: str) -> dict[str, str]:
        """`n` and `order`, the spiral."""
        return {"n": str(self.n), "order": ", ".join(map(str, spiral(self.n)))}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """1 to n, of which the order is made."""
        return [(str(i),) for i in range(1, self.n + 1)]

    def check(self, text: str, language: str) -> list[Violation]:
        """One violation for other stanzas; else one for each line that ends in another word, and
        one where an end word of the first stanza repeats.
        """
        groups = stanzas(text)
        if [len(group) for group in groups] != [self.n] * self.n:
            message = f"{len(lines(text))} lines in {len(groups)} stanzas, not {self.n} of {self.n}"
            return [Violation(0, len(text), message)]
        violations, previous = [], None
        for group in groups:
            ends = [
                letter_words(line.text)[-1].letters if letter_words(line.text) else ""
                for line in group
            ]
            if previous is None and len(set(ends)) < self.n:
                violations.append(Violation(group[0].start, group[-1].end, "an end word repeats"))
            expected = [previous[i - 1] for i in spiral(self.n)] if previous else ends
            for line, end, wanted in zip(group, ends, expected, strict=True):
                if end != wanted:
                    violations.append(
                        Violation(line.start, line.end, f"ends in {end!r}, not {wanted!r}")
                    )
            previous = expected
        return violations
