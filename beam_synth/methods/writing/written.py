"""A written text with what it starts from: what the checks of writing look at."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from beam_synth.materials.constraints.sampling import Brief


class About(NamedTuple):
    """What a text starts from: an article's title, a section of it, a passage of that."""

    title: str
    section: str
    text: str


@dataclasses.dataclass(frozen=True)
class Writing:
    """A written text with all that its checks look at."""

    language: str  # of query and text
    query: str
    reasoning: str  # the trace, in English
    text: str  # the answer
    brief: Brief  # what was asked for: genre, tone, constraints
    title: str  # of the seed's article
    section: str  # of that article
    seed_text: str
    seed_sha256: str
    surface: tuple[tuple[str, str], ...]  # (role, content) of each message
    trace_words: int = 0  # that the trace is checked against; 0: any usual number

    @property
    def about(self) -> About:
        """What the text starts from."""
        return About(self.title, self.section, self.seed_text)
