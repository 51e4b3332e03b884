"""The plan of whole files: passages or references in, packed tasks by task bucket out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of
from beam_synth.generation.mixture import PlanConfig, rates
from beam_synth.generation.planning import plan_passage
from beam_synth.generation.task_lines import pack_tasks
from beam_synth.records import JoinedFile, PassageFile, Reject, Task, reject
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder


class Planned(NamedTuple):
    """What planning gives for one file or table: tasks, and rejects of what has none."""

    packed: list[tuple[int, bytes]]  # (task bucket, packed tasks), by bucket
    tasks: int  # all that are packed
    seeds: int  # passages that have a task; of records the tasks themselves
    rejects: list[Reject]  # "language_not_asked", "unsupported_language" or "not_drawn"


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
) -> Planned:
    """The tasks of a bucket of passages; a passage without one is a reject.

    Args:
        joined: the bucket's passages, and their neighbours where methods want some.
        run: folder of the run.
        config: what is drawn.
        by_language: the whole run's passages by language, where languages have shares.
        stage: name that the rejects stand under.
    """
    language_rates = None if by_language is None else rates(by_language, config)
    tasks: list[Task] = []
    rejects: list[Reject] = []
    seeds = 0
    for passage_id, language, near in _joined_rows(joined, run):
        refused = not_asked(language, config, language_rates, stage, passage_id)
        rate = None if language_rates is None else language_rates.get(language)
        planned = [] if refused else plan_passage(passage_id, language, near, config, rate)
        if planned:
            seeds += 1
            tasks += planned
        else:
            rejects.append(refused or reject("rejected", stage, "not_drawn", record_id=passage_id))
    return Planned(by_bucket(tasks, config.task_buckets), len(tasks), seeds, rejects)


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
    joined: JoinedFile | PassageFile, run: RunFolder
) -> Iterator[tuple[str, str, Any]]:
    """(passage id, language, neighbours of each passage); both files are in the same order."""
    with run.open(joined.path) as handle:
        passages = pq.read_table(handle, columns=["passage_id", "language"])
    columns = [passages[name].to_pylist() for name in ("passage_id", "language")]
    return zip(*columns, _neighbors(joined, run), strict=True)


def _neighbors(joined: JoinedFile | PassageFile, run: RunFolder) -> list[list[str]]:
    if isinstance(joined, PassageFile):  # nothing wants neighbours: none were looked for
        return [[] for _ in range(joined.rows)]
    with run.open(joined.neighbors) as handle:
        near: list[list[str]] = pq.read_table(handle, columns=["neighbors"])[0].to_pylist()
    return near


def by_bucket(tasks: Iterable[Task], buckets: int) -> list[tuple[int, bytes]]:
    """(task bucket, packed tasks), by bucket."""
    grouped: defaultdict[int, list[Task]] = defaultdict(list)
    for task in tasks:
        grouped[bucket_of(task.task_id, buckets)].append(task)
    return [(bucket, pack_tasks(of_bucket)) for bucket, of_bucket in sorted(grouped.items())]


def write_planned(tasks: int, run: RunFolder, following: float) -> None:
    """Note how many tasks the run has, for its progress; `following` more are expected for each."""
    run.write(layout.PLANNED, orjson.dumps({"tasks": round(tasks * (1 + following))}))
