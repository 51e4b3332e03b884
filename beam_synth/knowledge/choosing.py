"""Which articles a run is made of: the core, and what the walk over Wikidata reaches from it.

References go in and out as packed tables of ARTICLE_REF_SCHEMA; an article that is left out
becomes a reject with the reason, so that selected and rejected ones add up to those that were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.job.schema import Core, Expand
from beam_synth.knowledge import expansion
from beam_synth.knowledge.neighbourhood import Items, items_of_articles
from beam_synth.knowledge.selection import CoreList, in_core
from beam_synth.records import Reject, pack, reject, unpack


class Walked(NamedTuple):
    """What a walk came to."""

    paths: dict[int, str]  # item that was added -> its path, as references have it
    reasons: dict[int, str]  # item that was taken and not added -> why


def split_core(packed: bytes, core: Core, entries: CoreList | None) -> tuple[pa.Table, pa.Table]:
    """(articles of the core, each with the empty path; the others) of a packed table.

    `entries` is what the core's list names (`selection.read_list`).
    """
    refs = unpack(packed)
    chosen = in_core(refs, core, entries)
    inside = refs.filter(chosen)
    return with_paths(inside, ["[]"] * len(inside)), refs.filter(pc.invert(chosen))


def with_paths(refs: pa.Table, paths: Sequence[str]) -> pa.Table:
    """The references with their expansion paths, one a row.

    >>> refs = pa.table({"title": ["Aspirin"], "path": [""]})
    >>> with_paths(refs, ["[]"]).to_pylist()
    [{'title': 'Aspirin', 'path': '[]'}]
    """
    at = refs.schema.get_field_index("path")
    return refs.set_column(at, refs.schema.field(at), pa.array(paths, pa.string()))


def not_chosen(stage: str, reason: str, row: dict[str, Any]) -> Reject:
    """The reject of an article that is left out: `row` of ARTICLE_REF_SCHEMA, with its title."""
    return reject(
        "rejected",
        stage,
        reason,
        row["title"],
        file=row["file"],
        line=row["line"],
        record_id=row["article_id"],
    )


def words_within(packed: bytes, reached: Items) -> Iterator[tuple[str, int]]:
    """(QID, words) of packed references (ARTICLE_REF_SCHEMA), of the items that are reached.

    >>> packed = pack(pa.table({"qid": ["Q42", "", "Q7"], "words": [90, 8, 50]}))
    >>> list(words_within(packed, np.array([7, 9])))
    [('Q7', 50)]
    """
    refs = unpack(packed).select(["qid", "words"])
    refs = refs.filter(pc.not_equal(refs["qid"], ""))
    refs = refs.filter(pa.array(np.isin(items_of_articles(pack(refs)), reached)))
    return zip(refs["qid"].to_pylist(), refs["words"].to_pylist(), strict=True)


def walk_from(
    core: Items,
    words: Iterable[tuple[str, int]],
    tables: Iterable[bytes],
    hubs: Items,
    config: Expand,
) -> Walked:
    """Walk from the core.

    Args:
        core: items of its articles.
        words: (QID, words) of the other articles that were read, of those within reach at least.
        tables: packed items of ITEM_SCHEMA within reach.
        hubs: items known to be hubs though their claims may not all be in the tables.
        config: weights, depth, budget and bounds of the walk.

    Holds the part of Wikidata within reach in memory.
    """
    graph = expansion.Graph(map(unpack, tables), expansion.walked(config), hubs.tolist())
    articles = expansion.words_by_item(words)
    added, reasons = expansion.walk(core.tolist(), graph, articles, config)
    named = {item: expansion.path_names(path) for item, path in added.items()}
    return Walked({item: orjson.dumps(path).decode() for item, path in named.items()}, reasons)


def keep_reached(
    packed: bytes, walked: Walked, min_words: int, stage: str
) -> tuple[pa.Table, list[Reject]]:
    """Of packed references those that the walk added, each with its path; a reject of that stage
    for each other one."""
    refs = unpack(packed)
    chosen: list[int] = []
    paths: list[str] = []
    rejects: list[Reject] = []
    for number, row in enumerate(refs.to_pylist()):
        item = int(row["qid"][1:]) if row["qid"] else 0
        if item in walked.paths and row["words"] >= min_words:
            chosen.append(number)
            paths.append(walked.paths[item])
            continue
        reason = "stub" if item in walked.paths else walked.reasons.get(item, "not_reached")
        rejects.append(not_chosen(stage, reason, row))
    return with_paths(refs.take(pa.array(chosen, pa.int64())), paths), rejects
