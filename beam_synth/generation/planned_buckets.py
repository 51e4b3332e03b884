"""The plan of whole files: passages or references in, packed tasks by task bucket out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of
from beam_synth.generation.mixture import PlanConfig, rates
from beam_synth.generation.planning import plan_passage, prose_alone
from beam_synth.generation.task_lines import pack_tasks
from beam_synth.records import JoinedFile, PassageFile, Reject, Task, reject
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

NOT_DRAWN = "not_drawn"
NOT_PROSE = "not_prose"
_ROWS = 8192  # passages that are planned together


class Planned(NamedTuple):
    """What planning gives for some passages or records: tasks, and rejects of what has none."""

    packed: list[tuple[int, bytes]]  # (task bucket, packed tasks), by bucket
    tasks: int  # all that are packed
    seeds: int  # passages that have a task; of records the tasks themselves
    # "language_not_asked", "unsupported_language"; "not_drawn" and "not_prose" where they are kept
    rejects: list[Reject]
    unrecorded: Mapping[str, int] = MappingProxyType({})  # reason -> others without a task


def languages_of(joined: JoinedFile | PassageFile, run: RunFolder) -> Iterator[tuple[str, int]]:
    """(language, number of passages) of one bucket; reads one column."""
    with run.open(joined.path) as handle:
        column = pq.read_table(handle, columns=["language"])["language"]
    for item in column.value_counts().to_pylist():
        yield item["values"], item["counts"]


def plan_bucket(
    joined: JoinedFile | PassageFile,
    run: RunFolder,
    config: PlanConfig,
    by_language: Mapping[str, int] | None,
    stage: str,
) -> Iterator[Planned]:
    """The tasks of a bucket of passages, some thousands at a time; a passage without one is a
    reject, or counted where the job keeps no rejects of what is not drawn.

    Args:
        joined: the bucket's passages, and their neighbours where methods want some.
        run: folder of the run.
        config: what is drawn.
        by_language: the whole run's passages by language, where languages have shares.
        stage: name that the rejects stand under.
    """
    language_rates = None if by_language is None else rates(by_language, config)
    wants_text = any(share.prose for share in config.of_round(0))
    for rows in _joined_rows(joined, run, wants_text):
        yield _plan_rows(rows, config, language_rates, stage)


def _plan_rows(
    rows: Iterable[tuple[str, str, str, Any]],
    config: PlanConfig,
    language_rates: Mapping[str, float] | None,
    stage: str,
) -> Planned:
    tasks: list[Task] = []
    rejects: list[Reject] = []
    idle: dict[str, list[str]] = {NOT_DRAWN: [], NOT_PROSE: []}
    seeds = 0
    for passage_id, language, text, near in rows:
        refused = not_asked(language, config, language_rates, stage, passage_id)
        if refused:
            rejects.append(refused)
            continue
        rate = None if language_rates is None else language_rates.get(language)
        drawn = plan_passage(passage_id, language, near, config, rate)
        planned = prose_alone(drawn, text, config)
        tasks += planned
        seeds += bool(planned)
        if not planned:
            idle[NOT_PROSE if drawn else NOT_DRAWN].append(passage_id)
    packed = by_bucket(tasks, config.task_buckets)
    unrecorded: dict[str, int] = {}
    for reason, names in idle.items():
        kept, counted = not_drawn(names, config, stage, reason)
        rejects += kept
        unrecorded |= counted
    return Planned(packed, len(tasks), seeds, rejects, unrecorded)


def not_drawn(
    passage_ids: Sequence[str], config: PlanConfig, stage: str, reason: str = NOT_DRAWN
) -> tuple[list[Reject], dict[str, int]]:
    """(rejects of passages that got no task, reason -> how many of them have none): a job says
    whether they are to be kept."""
    if config.keep_left_out or not passage_ids:
        return [reject("rejected", stage, reason, record_id=one) for one in passage_ids], {}
    return [], {reason: len(passage_ids)}


def not_asked(
    language: str,
    config: PlanConfig,
    language_rates: Mapping[str, float] | None,
    stage: str,
    passage_id: str,
) -> Reject | None:
    """The reject of a passage whose language the job leaves out, or cannot serve, or None."""
    if not config.serves(language) and config.asks(language):
        detail = f"nothing in the mixture can serve {language!r}"
        return reject("rejected", stage, "unsupported_language", detail, record_id=passage_id)
    asked = config.languages if language_rates is None else tuple(language_rates)
    if asked is None or language in asked:
        return None
    detail = f"{language!r} is not one of {', '.join(asked)}"
    return reject("rejected", stage, "language_not_asked", detail, record_id=passage_id)


def _joined_rows(
    joined: JoinedFile | PassageFile, run: RunFolder, wants_text: bool
) -> Iterator[Iterator[tuple[str, str, str, Any]]]:
    """(passage id, language, text or "", neighbours of each passage), `_ROWS` at a time; both files
    are in the same order."""
    columns = ["passage_id", "language", *(["text"] if wants_text else [])]
    near = _neighbors(joined, run)
    start = 0
    with run.open(joined.path) as handle:
        for some in pq.ParquetFile(handle).iter_batches(_ROWS, columns=columns):
            n = len(some)
            ids, languages, *texts = (some[name].to_pylist() for name in columns)
            neighbors = [[]] * n if near is None else near.slice(start, n).to_pylist()
            yield zip(ids, languages, texts[0] if texts else [""] * n, neighbors, strict=True)
            start += n


def _neighbors(joined: JoinedFile | PassageFile, run: RunFolder) -> pa.ChunkedArray | None:
    if isinstance(joined, PassageFile):  # nothing wants neighbours: none were looked for
        return None
    with run.open(joined.neighbors) as handle:
        return pq.read_table(handle, columns=["neighbors"])[0]


def by_bucket(tasks: Iterable[Task], buckets: int) -> list[tuple[int, bytes]]:
    """(task bucket, packed tasks), by bucket."""
    grouped: defaultdict[int, list[Task]] = defaultdict(list)
    for task in tasks:
        grouped[bucket_of(task.task_id, buckets)].append(task)
    return [(bucket, pack_tasks(of_bucket)) for bucket, of_bucket in sorted(grouped.items())]


def write_planned(tasks: int, run: RunFolder, following: float) -> None:
    """Note how many tasks the run has, for its progress; `following` more are expected for each."""
    run.write(layout.PLANNED, orjson.dumps({"tasks": round(tasks * (1 + following))}))
