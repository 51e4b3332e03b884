"""Fixed forms of verse: haiku, alexandrine, irrational sonnet, quenine (sestina of n)."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from beam_synth.materials.constraints.base import Constraint, Violation, refuse
from beam_synth.materials.constraints.letterforms import letter_words, lines, stanzas
from beam_synth.materials.constraints.line_patterns import line_counts

HAIKU = (5, 7, 5)
IRRATIONAL = (3, 1, 4, 1, 5)


@dataclasses.dataclass(frozen=True)
class Haiku(Constraint):
    """Three lines that can have 5, 7 and 5 syllables."""

    name: ClassVar[str] = "haiku"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return [("5",), ("7",)]

    def check(self, text: str, language: str) -> list[Violation]:
        return line_counts(text, "syllable", language, HAIKU)


@dataclasses.dataclass(frozen=True)
class Alexandrine(Constraint):
    """`count` lines that can have 12 syllables each."""

    name: ClassVar[str] = "alexandrine"
    count: int = 2

    def __post_init__(self) -> None:
        refuse(self.count < 1, f"count: {self.count} is less than 1")

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return [("12",), (str(self.count),)]

    def check(self, text: str, language: str) -> list[Violation]:
        return line_counts(text, "syllable", language, [12] * self.count)


@dataclasses.dataclass(frozen=True)
class IrrationalSonnet(Constraint):
    """14 lines in stanzas of 3, 1, 4, 1 and 5, parted by empty lines (Bens, after π)."""

    name: ClassVar[str] = "irrational_sonnet"

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return [(str(n),) for n in sorted({14, *IRRATIONAL})]

    def check(self, text: str, language: str) -> list[Violation]:
        found = tuple(len(group) for group in stanzas(text))
        if found == IRRATIONAL:
            return []
        return [Violation(0, len(text), f"stanzas of {found} lines, not {IRRATIONAL}")]


def spiral(n: int) -> tuple[int, ...]:
    """The order n, 1, n − 1, 2 … (1-based) in which end words return."""
    order = []
    low, high = 1, n
    while low <= high:
        order.append(high)
        if low < high:
            order.append(low)
        low, high = low + 1, high - 1
    return tuple(order)


def _order(n: int) -> int:
    """After how many stanzas the spiral is back at its start."""
    start = tuple(range(n))
    now, steps = start, 0
    while steps == 0 or now != start:
        now, steps = tuple(now[i - 1] for i in spiral(n)), steps + 1
    return steps


@dataclasses.dataclass(frozen=True)
class Quenine(Constraint):
    """n stanzas of n lines; the end words of each are the last one's, by the spiral (6: sestina).

    n must be a number whose spiral comes back after n stanzas (1, 2, 3, 5, 6, 9, 11 …; Queneau).
    """

    name: ClassVar[str] = "quenine"
    n: int = 6

    def __post_init__(self) -> None:
        good = 2 <= self.n <= 11 and _order(self.n) == self.n
        refuse(not good, f"n: {self.n} is none of 2, 3, 5, 6, 9, 11")

    def slots(self, language: str) -> dict[str, str]:
        return {"n": str(self.n), "order": ", ".join(map(str, spiral(self.n)))}

    def stated(self, language: str) -> list[tuple[str, ...]]:
        return [(str(i),) for i in range(1, self.n + 1)]

    def check(self, text: str, language: str) -> list[Violation]:
        groups = stanzas(text)
        if [len(group) for group in groups] != [self.n] * self.n:
            told = f"{len(lines(text))} lines in {len(groups)} stanzas, not {self.n} of {self.n}"
            return [Violation(0, len(text), told)]
        wrong, before = [], None
        for group in groups:
            ends = [
                letter_words(line.text)[-1].letters if letter_words(line.text) else ""
                for line in group
            ]
            if before is None and len(set(ends)) < self.n:
                wrong.append(Violation(group[0].start, group[-1].end, "an end word repeats"))
            expected = [before[i - 1] for i in spiral(self.n)] if before else ends
            for line, end, other in zip(group, ends, expected, strict=True):
                if end != other:
                    wrong.append(Violation(line.start, line.end, f"ends in {end!r}, not {other!r}"))
            before = expected
        return wrong
