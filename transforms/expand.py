"""SelectCore and ExpandWithWikidata: which articles a dataset is made from."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.errors import Rejected
from beam_synth.ingestion.reading import FileFault, Record, raw_of, read_records
from beam_synth.job.schema import Core, Expand
from beam_synth.knowledge import expansion, wikidata
from beam_synth.knowledge.expansion import Graph, Items
from beam_synth.knowledge.selection import in_core, read_list
from beam_synth.records import Reject, pack, reject, unpack
from beam_synth.storage.files import open_input
from transforms.accounting import COUNTS, REJECTS, Stage, counted, stage

CORE = "SelectCore"
EXPAND = "ExpandWithWikidata"
READ = "ReadWikidata"
_ROWS = 4096  # items in one packed table
_PARTITIONS = 64
_LOG = logging.getLogger(__name__)
_SPLIT = "split"


@dataclasses.dataclass(frozen=True)
class Selected(Stage):
    """The stage's outputs, and the articles that are left for the expansion to reach."""

    others: beam.PCollection[bytes]


@dataclasses.dataclass(eq=False)
class SelectCore(beam.PTransform):
    """Choose the articles to start from.

    In and out: packed tables of ARTICLE_REF_SCHEMA. With `expanded` the other articles are no
    rejects but go to `others`; they pass this stage, and the expansion decides on them.
    """

    core: Core
    expanded: bool = False

    def expand(self, refs: beam.PCollection[bytes]) -> Selected:
        select = beam.ParDo(_Select(self.core, self.expanded))
        outputs = refs | "Select" >> select.with_outputs(REJECTS, COUNTS, _SPLIT, main="out")
        return Selected(outputs.out, outputs[REJECTS], outputs[COUNTS], outputs[_SPLIT])


class _Select(beam.DoFn):
    def __init__(self, core: Core, expanded: bool) -> None:
        self._core = core
        self._expanded = expanded

    def setup(self) -> None:
        self._entries: set[str] = set()
        if self._core.list is not None:
            with open_input(self._core.list) as handle:
                self._entries = read_list(handle, self._core.list, self._core)

    def process(self, packed: bytes) -> Iterator[Any]:
        refs = unpack(packed)
        chosen = in_core(refs, self._core, self._entries)
        core, others = refs.filter(chosen), refs.filter(pc.invert(chosen))
        yield pack(with_paths(core, ["[]"] * len(core)))
        if self._expanded:
            yield beam.pvalue.TaggedOutput(_SPLIT, pack(others))
            yield from counted(CORE, len(refs), len(refs))
        else:
            rejects = [not_chosen(CORE, "not_selected", row) for row in others.to_pylist()]
            yield from counted(CORE, len(core), len(core), rejects)


def with_paths(refs: pa.Table, paths: list[str]) -> pa.Table:
    """The references with their expansion paths."""
    at = refs.schema.get_field_index("path")
    return refs.set_column(at, refs.schema.field(at), pa.array(paths, pa.string()))


def not_chosen(name: str, reason: str, row: dict[str, Any], detail: str = "") -> Reject:
    """An article that is left out, by where it was read."""
    return reject(
        "rejected",
        name,
        reason,
        detail or row["title"],
        file=row["file"],
        line=row["line"],
        record_id=row["article_id"],
    )


# ---------------------------------------------------------------- expansion


@dataclasses.dataclass(eq=False)
class ExpandWithWikidata(beam.PTransform):
    """Add the articles that a walk over Wikidata reaches from the core.

    In: (core, others), packed tables of ARTICLE_REF_SCHEMA. Out: core and reached articles, each
    with its path. One worker holds what it walks over: the items within `depth` steps of the core
    that no hub joins, about 0.2 KB an item and claim; a lower `hub_cap` or `depth` bounds it. A
    side input holds the items of a round, 8 bytes each.
    """

    config: Expand
    files: tuple[str, ...]  # the dump

    def expand(self, refs: tuple[beam.PCollection[bytes], beam.PCollection[bytes]]) -> Stage:
        core, others = refs
        expansion.walked(self.config)
        dump = self._read(core.pipeline)
        start = core | "CoreItems" >> beam.CombineGlobally(_Union(_items_of))
        near, hubs = self._neighbourhood(dump.out, start)
        gathered = {
            "core": core | "Core" >> beam.combiners.ToList(),
            "others": others | "Others" >> beam.combiners.ToList(),
            "tables": near | "Near" >> beam.combiners.ToList(),
            "hubs": hubs,
        }
        sides = {name: beam.pvalue.AsSingleton(value) for name, value in gathered.items()}
        walk = beam.ParDo(_Walk(self.config), **sides)
        done = stage(
            core.pipeline
            | "Once" >> beam.Impulse()
            | "Walk" >> walk.with_outputs(REJECTS, COUNTS, main="out")
        )
        return Stage(
            done.out,
            (dump.rejects, done.rejects) | "Rejects" >> beam.Flatten(),
            (dump.counts, done.counts) | "Counts" >> beam.Flatten(),
        )

    def _read(self, root: beam.Pipeline) -> Stage:
        read = beam.ParDo(_ReadDump(tuple(sorted(expansion.walked(self.config)))))
        found = stage(
            root
            | "Files" >> beam.Create(self.files)
            | "Spread" >> beam.Reshuffle()
            | "ReadDump" >> read.with_outputs(REJECTS, COUNTS, main="out")
        )
        # A group holds 1/64 of the items, 0.1 KB each with their claims: 256 MB are 160 million.
        newest = found.out | "ByItem" >> beam.GroupByKey() | "Newest" >> beam.MapTuple(_newest)
        return Stage(newest, found.rejects, found.counts)

    def _neighbourhood(
        self, items: beam.PCollection[bytes], frontier: beam.PCollection[Items]
    ) -> tuple[beam.PCollection[bytes], beam.PCollection[Items]]:
        """(items within reach of the core, hubs); each round goes one step out."""
        for n in range(max(1, self.config.depth)):
            at = beam.pvalue.AsSingleton(frontier)
            hubs = (
                items
                | f"Degrees{n}" >> beam.FlatMap(_degrees, at)
                | f"SumDegrees{n}" >> beam.CombinePerKey(sum)
                | f"Hubs{n}" >> beam.Filter(_above, self.config.hub_cap)
                | f"HubItems{n}" >> beam.Keys()
                | f"HubList{n}" >> beam.combiners.ToList()
                | f"HubArray{n}" >> beam.Map(_as_items)
            )
            near = items | f"Near{n}" >> beam.Map(_near, at, beam.pvalue.AsSingleton(hubs))
            frontier = near | f"Reached{n}" >> beam.CombineGlobally(_Union(expansion.ends))
        within = items | "Within" >> beam.Map(_within, beam.pvalue.AsSingleton(frontier))
        return within, hubs


class _ReadDump(beam.DoFn):
    """File -> (partition, packed items)."""

    def __init__(self, properties: tuple[str, ...]) -> None:
        self._properties = properties

    def process(self, path: str) -> Iterator[Any]:
        rows: list[dict[str, Any]] = []
        with open_input(path) as handle:
            for record in read_records(handle, path):
                if isinstance(record, FileFault):
                    broken = reject("failed", READ, record.reason, record.detail, file=record.file)
                    yield from counted(READ, 0, 0, [broken])
                    continue
                found, fault = self._rows(record)
                yield from counted(READ, fault is None, len(found), [fault] if fault else ())
                rows += found
                if len(rows) >= _ROWS:
                    yield from _partitioned(rows)
                    rows = []
        yield from _partitioned(rows)

    def _rows(self, record: Record) -> tuple[list[dict[str, Any]], Reject | None]:
        try:
            if record.reason:
                raise Rejected(record.reason, record.detail)
            rows = wikidata.rows(record.value, self._properties)
            if rows:
                return rows, None
            return [], reject("rejected", READ, "not_an_item", file=record.file, line=record.line)
        except Rejected as error:
            return [], reject(
                "failed",
                READ,
                error.reason,
                error.detail,
                file=record.file,
                line=record.line,
                raw=raw_of(record),
            )


def _partitioned(rows: list[dict[str, Any]]) -> Iterator[tuple[int, bytes]]:
    for partition in sorted({row["item"] % _PARTITIONS for row in rows}):
        part = [row for row in rows if row["item"] % _PARTITIONS == partition]
        yield partition, pack(pa.Table.from_pylist(part, schema=wikidata.ITEM_SCHEMA))


def _newest(partition: int, packed: Iterable[bytes]) -> bytes:
    """The newest record of each item; equal revisions by content."""
    table = pa.concat_tables([unpack(data) for data in packed])
    best: dict[int, tuple[int, bytes, dict[str, Any]]] = {}
    for row in table.to_pylist():
        key = (row["revision"], orjson.dumps(row))
        if row["item"] not in best or key > best[row["item"]][:2]:
            best[row["item"]] = (*key, row)
    rows = [best[item][2] for item in sorted(best)]
    return pack(pa.Table.from_pylist(rows, schema=wikidata.ITEM_SCHEMA))


class _Union(beam.CombineFn):
    """Distinct items of all elements; `items` gives those of one."""

    def __init__(self, items: Callable[[pa.Table], Items]) -> None:
        self._items = items

    def create_accumulator(self) -> Items:
        return np.empty(0, np.int64)

    def add_input(self, found: Items, packed: bytes) -> Items:
        return np.union1d(found, self._items(unpack(packed)))

    def merge_accumulators(self, several: Iterable[Items]) -> Items:
        return np.unique(np.concatenate([np.empty(0, np.int64), *several]))

    def extract_output(self, found: Items) -> Items:
        return found


def _items_of(refs: pa.Table) -> Items:
    """The Wikidata items of articles, as numbers."""
    return np.array([int(qid[1:]) for qid in refs["qid"].to_pylist() if qid], np.int64)


def _degrees(packed: bytes, frontier: Items) -> Iterator[tuple[int, int]]:
    """(item of the frontier, claims of this table that name it)."""
    targets = unpack(packed)["targets"].combine_chunks().flatten().to_numpy()
    found, n = np.unique(targets[np.isin(targets, frontier)], return_counts=True)
    yield from zip(found.tolist(), n.tolist(), strict=True)


def _above(degree: tuple[int, int], cap: int) -> bool:
    return degree[1] > cap


def _near(packed: bytes, frontier: Items, hubs: Items) -> bytes:
    return pack(expansion.near(unpack(packed), frontier, hubs))


def _within(packed: bytes, reached: Items) -> bytes:
    table = unpack(packed)
    return pack(table.filter(pa.array(np.isin(table["item"].to_numpy(), reached))))


def _as_items(found: list[int]) -> Items:
    return np.array(sorted(found), np.int64)


class _Walk(beam.DoFn):
    """Runs the walk, and sends each article on or says why not."""

    def __init__(self, config: Expand) -> None:
        self._config = config

    def process(
        self, _: bytes, core: list[bytes], others: list[bytes], tables: list[bytes], hubs: Items
    ) -> Iterator[Any]:
        graph = Graph(map(unpack, tables), expansion.walked(self._config), hubs.tolist())
        start = {item for data in core for item in _items_of(unpack(data)).tolist()}
        refs = pa.concat_tables([unpack(data) for data in others]).sort_by("article_id")
        columns = (refs[name].to_pylist() for name in ("qid", "words"))
        words = expansion.words_by_item(zip(*columns, strict=True))
        added, reasons = expansion.walk(start, graph, words, self._config)
        yield from core
        entered = sum(len(unpack(data)) for data in core)
        yield from self._choose(refs, entered, added, reasons)

    def _choose(
        self,
        refs: pa.Table,
        core: int,
        added: dict[int, expansion.Path],
        reasons: dict[int, str],
    ) -> Iterator[Any]:
        chosen: list[int] = []
        paths: list[str] = []
        rejects: list[Reject] = []
        for number, row in enumerate(refs.to_pylist()):
            item = int(row["qid"][1:]) if row["qid"] else 0
            if item in added and row["words"] >= self._config.min_words:
                chosen.append(number)
                paths.append(orjson.dumps(expansion.names(added[item])).decode())
                continue
            reason = "stub" if item in added else reasons.get(item, "not_reached")
            rejects.append(not_chosen(EXPAND, reason, row))
        if chosen:
            yield pack(with_paths(refs.take(chosen), paths))
        total = core + len(chosen)
        yield from counted(EXPAND, total, total, rejects)
