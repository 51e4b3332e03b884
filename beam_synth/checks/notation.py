"""The parts that a parsed trace is made of (see `beam_synth.checks.trace`)."""

from __future__ import annotations

import dataclasses
import functools
from typing import NamedTuple


class TraceError(ValueError):
    """The trace does not parse; `position` is where, in characters of the trace."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position})")
        self.position = position


class Mark(NamedTuple):
    """One mark of the notation (families of SYNTH); positions are in characters of the trace."""

    family: str  # logic | confidence | verification | entropy
    value: str  # "→", "?maybe?"; of an entropy mark its number, "0.4"
    start: int
    end: int


class Claim(NamedTuple):
    """One fragment between connectives; positions are in characters of the trace."""

    text: str  # without its marks
    start: int
    end: int
    connective: str  # "" | → ↺ ※ ∴ ;
    marks: tuple[Mark, ...]

    def has(self, marks: str) -> str:
        """The first mark of the claim that is one of these, or "".

        Args:
            marks: marks of one character each, run together: "☑✓".
        """
        for mark in self.marks:
            if mark.value in marks:
                return mark.value
        return ""


class TraceLine(NamedTuple):
    """One line: a header, or claims; positions are in characters of the trace."""

    start: int
    end: int
    depth: int  # of its tree branch; 0 outside a tree
    branch: str  # "" | ├ | └
    header: str  # text of a header line, else ""
    claims: tuple[Claim, ...]


@dataclasses.dataclass(frozen=True)
class Trace:
    """A parsed trace: its lines that hold something, in order."""

    steps: tuple[TraceLine, ...]

    @functools.cached_property
    def claims(self) -> list[Claim]:
        """The claims of all lines, in order."""
        return [claim for step in self.steps for claim in step.claims]

    @property
    def marks(self) -> list[Mark]:
        """The marks of all claims, in order."""
        return [mark for claim in self.claims for mark in claim.marks]

    @property
    def conclusion(self) -> Claim | None:
        """The last claim after ∴."""
        return next((c for c in reversed(self.claims) if c.connective == "∴"), None)
