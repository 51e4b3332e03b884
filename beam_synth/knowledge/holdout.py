"""Which sections are held out: no sample is made of them, so that models can be evaluated on them.

A section is held out as a whole, by a keyed draw of run seed, article and headings: one passage of
it would give much of the others away.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.drawing import digest, draw
from beam_synth.records import Reject, reject


def is_held_out(article_id: str, section: str, share: float, run_seed: int) -> bool:
    """Whether a section is among the held-out ones, which are `share` of all (0 to 1).

    A larger share holds out the same sections and more. `section` is its headings, as passages
    have them.

    >>> [is_held_out("enwiki:736", "History", share, 1) for share in (0.0, 0.5, 1.0)]
    [False, True, True]
    """
    return draw(run_seed, digest(article_id, section), "holdout").uniform() < share


def split_held_out(passages: pa.Table, share: float, run_seed: int) -> tuple[pa.Table, pa.Table]:
    """(passages that go on, passages that are held out), both of PASSAGE_SCHEMA, in their order."""
    articles, sections = (passages[name].to_pylist() for name in ("article_id", "section"))
    places = list(zip(articles, sections, strict=True))
    drawn = {
        (article, section): is_held_out(article, section, share, run_seed)
        for article, section in set(places)
    }
    held = pa.array([drawn[place] for place in places], pa.bool_())
    return passages.filter(pc.invert(held)), passages.filter(held)


def held_out_rejects(held: pa.Table, stage: str) -> list[Reject]:
    """A reject for each held-out passage (PASSAGE_SCHEMA), in order."""
    rows = held.select(["passage_id", "title", "section"]).to_pylist()
    return [
        reject(
            "rejected",
            stage,
            "held_out",
            " > ".join(filter(None, (row["title"], row["section"]))),
            record_id=row["passage_id"],
        )
        for row in rows
    ]
