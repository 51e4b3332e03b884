"""What is asked of a text: constraints, genre and tone, drawn for a seed.

Constraints are drawn one by one; each has to go with those before it (`compatibility`), and the
seed's own words have to be able to keep them all. A letter ban brings the least length at which
keeping it is no chance (`nontrivial`).
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

from beam_synth.drawing import Draw
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.compatibility import compatible, unsatisfied
from beam_synth.materials.constraints.counts import Counts
from beam_synth.materials.constraints.line_patterns import Acrostic
from beam_synth.materials.constraints.makers import CONSTRAINED, Make, liponym, required, spelled
from beam_synth.materials.constraints.nontrivial import letters_needed
from beam_synth.materials.constraints.registry import from_json
from beam_synth.materials.constraints.vocabulary import Vocabulary

GENRES = ("story", "poem", "letter", "dialogue", "diary", "speech", "description")
TONES = ("plain", "solemn", "playful", "melancholy", "ironic", "hopeful")
HOW_MANY = {1: 0.5, 2: 0.35, 3: 0.15}  # number of constraints -> weight
TRIES = 60  # draws of one constraint before the brief makes do with fewer


@dataclasses.dataclass(frozen=True)
class Brief:
    """What a text has to be."""

    genre: str  # one of GENRES; "" where only constraints are asked for
    tone: str  # one of TONES, or ""
    constraints: tuple[Constraint, ...]

    def to_json(self) -> dict[str, Any]:
        """`{"genre": ..., "tone": ..., "constraints": [...]}`, which `brief_of` reads."""
        listed = [constraint.to_json() for constraint in self.constraints]
        return {"genre": self.genre, "tone": self.tone, "constraints": listed}


def brief_of(data: dict[str, Any]) -> Brief:
    """The brief that `to_json` told.

    Raises ValueError for an unknown genre, tone or constraint, KeyError for a key that is missing.
    """
    constraints = tuple(from_json(entry) for entry in data["constraints"])
    if data["genre"] not in ("", *GENRES) or data["tone"] not in ("", *TONES):
        raise ValueError(f"genre {data['genre']!r}, tone {data['tone']!r}")
    return Brief(data["genre"], data["tone"], constraints)


def draw_constrained(vocab: Vocabulary, draw: Draw) -> Brief | None:
    """A brief of 1 to 3 constraints (and the length that a ban needs), without genre and tone.

    None where TRIES draws give no constraint that suits the seed.
    """
    weights = {name: weight for name, (weight, _) in CONSTRAINED.items()}
    makers = {name: make for name, (_, make) in CONSTRAINED.items()}
    chosen = _draw_constraints(vocab, draw, weights, makers, draw.weighted(HOW_MANY))
    return Brief("", "", chosen) if chosen else None


def _draw_constraints(
    vocab: Vocabulary,
    draw: Draw,
    weights: dict[str, float],
    makers: dict[str, Make],
    wanted: int,
) -> tuple[Constraint, ...]:
    chosen: list[Constraint] = []
    count = 0
    for _ in range(TRIES):
        if count == wanted:
            break
        drawn_constraint = makers[draw.weighted(weights)](vocab, draw)
        if drawn_constraint is None:
            continue
        added = [drawn_constraint, *_length_for_ban(drawn_constraint, vocab.language)]
        pairs = itertools.product(added, chosen)
        if not all(compatible(a, b, vocab.language) for a, b in pairs):
            continue
        if not unsatisfied([*chosen, *added], vocab):
            chosen += added
            count += 1
    return tuple(chosen)


def _length_for_ban(constraint: Constraint, language: str) -> list[Constraint]:
    """The length that makes a ban more than chance."""
    needed = letters_needed(constraint.banned(), language)
    if not constraint.banned() or needed is None:
        return []
    return [Counts("letter", needed)]


def draw_creative(vocab: Vocabulary, draw: Draw) -> Brief:
    """A brief of a genre, a tone and 1 to 3 light constraints: words, lines, and an acrostic of a
    poem.

    A seed that suits none of them is asked for a length alone.
    """
    genre, tone = draw.choice(GENRES), draw.choice(TONES)
    makers: dict[str, Make] = {
        "required_words": required,
        "liponym": liponym,
        "counts": lambda vocab, draw: _draw_size(genre, vocab, draw),
    }
    weights = {"required_words": 2.0, "liponym": 1.0, "counts": 2.0}
    if genre == "poem":
        makers["acrostic"], weights["acrostic"] = spelled(Acrostic), 2.0
    chosen = _draw_constraints(vocab, draw, weights, makers, draw.weighted(HOW_MANY))
    return Brief(genre, tone, chosen or (_draw_size(genre, vocab, draw),))


def _draw_size(genre: str, vocab: Vocabulary, draw: Draw) -> Constraint:
    """Bounds in proportion to what the seed has to tell."""
    if genre == "poem" or draw.below(3) == 0:
        most_lines = min(8, max(4, 2 * len(vocab.sentences)))
        least = 4 + draw.below(most_lines - 3)
        return Counts("line", least, least + draw.choice((0, 2, 4)))
    words = sum(len(clause.terms) for clause in vocab.clauses)
    least = min(90, max(20, words // 2)) // 5 * 5
    return Counts("word", least, least + 60 + 10 * draw.below(5))
