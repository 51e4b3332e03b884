"""Which articles a run is made of: the core, and what the walk over Wikidata reaches from it.

References go in and out as packed tables of ARTICLE_REF_SCHEMA; an article that is left out
becomes a reject with the reason, so that selected and rejected ones add up to those that were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.job.schema import Core, Expand
from beam_synth.knowledge import expansion
from beam_synth.knowledge.neighbourhood import Items, items_of_articles
from beam_synth.knowledge.selection import in_core
from beam_synth.records import ARTICLE_REF_SCHEMA, Reject, pack, reject, unpack


class Chosen(NamedTuple):
    """The articles that a run is made of, and those that were left out."""

    packed: list[bytes]  # tables of ARTICLE_REF_SCHEMA
    articles: int  # rows of them all
    rejects: list[Reject]


def split_core(packed: bytes, core: Core, entries: set[str]) -> tuple[pa.Table, pa.Table]:
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


def choose_reached(
    core: Sequence[bytes],
    others: Sequence[bytes],
    tables: Iterable[bytes],
    hubs: Items,
    config: Expand,
    stage: str,
) -> Chosen:
    """Walk from the core: its articles, those of the others that were reached, and why not.

    Args:
        core: packed references of the core's articles.
        others: packed references of all other articles that were read.
        tables: packed items of ITEM_SCHEMA within reach.
        hubs: items known to be hubs though their claims may not all be in the tables.
        config: weights, depth, budget and bounds of the walk.
        stage: names the rejects.

    Holds the references and the part of Wikidata within reach in memory.
    """
    graph = expansion.Graph(map(unpack, tables), expansion.walked(config), hubs.tolist())
    start = {item for data in core for item in items_of_articles(data).tolist()}
    tables_of_others = [ARTICLE_REF_SCHEMA.empty_table(), *map(unpack, others)]
    refs = pa.concat_tables(tables_of_others).sort_by("article_id")
    columns = (refs[name].to_pylist() for name in ("qid", "words"))
    words = expansion.words_by_item(zip(*columns, strict=True))
    added, reasons = expansion.walk(start, graph, words, config)
    reached, rejects = _reached(refs, added, reasons, config.min_words, stage)
    entered = sum(len(unpack(data)) for data in core)
    packed = [*core, *([pack(reached)] if len(reached) else [])]
    return Chosen(packed, entered + len(reached), rejects)


def _reached(
    refs: pa.Table,
    added: dict[int, expansion.Path],
    reasons: dict[int, str],
    min_words: int,
    stage: str,
) -> tuple[pa.Table, list[Reject]]:
    chosen: list[int] = []
    paths: list[str] = []
    rejects: list[Reject] = []
    for number, row in enumerate(refs.to_pylist()):
        item = int(row["qid"][1:]) if row["qid"] else 0
        if item in added and row["words"] >= min_words:
            chosen.append(number)
            paths.append(orjson.dumps(expansion.path_names(added[item])).decode())
            continue
        reason = "stub" if item in added else reasons.get(item, "not_reached")
        rejects.append(not_chosen(stage, reason, row))
    return with_paths(refs.take(pa.array(chosen, pa.int64())), paths), rejects
