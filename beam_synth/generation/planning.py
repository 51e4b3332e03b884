"""Which tasks a passage or a sample gets: a pure function of the run's seed and its id.

The mixture is drawn systematically: each passage gets as many tasks of each method as its share
says, rounded down or up by one uniform number for the passage, so that shares hold over the run
and, where the expected numbers are whole, for every single passage. Methods that start from
samples get their share of the whole in a second round.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of, digest, draw
from beam_synth.errors import Refused
from beam_synth.generation.task_lines import pack_tasks
from beam_synth.job.schema import Job
from beam_synth.methods.loading import load_method
from beam_synth.records import JoinedFile, Reject, Task, reject, unpack
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

# English four fifths of the tasks, every other language of the articles its part of the rest.
SYNTH_LANGUAGES = {"en": 0.8, "*": 0.2}


@dataclasses.dataclass(frozen=True)
class Share:
    """One method of the mixture, as far as planning needs it."""

    method: str
    weight: float
    revision: int
    neighbors: int  # at most


@dataclasses.dataclass(frozen=True)
class PlanConfig:
    """What planning depends on."""

    seed: int
    shares: tuple[Share, ...]  # by method name; of methods that start from passages or problems
    per_passage: float
    languages: tuple[str, ...] | None  # None: all
    task_buckets: int
    followers: tuple[Share, ...] = ()  # of methods that start from samples
    language_shares: tuple[tuple[str, float], ...] = ()  # of the tasks; "*" is every other one

    @classmethod
    def of_job(cls, job: Job, task_buckets: int) -> PlanConfig:
        """From a job. Raises Refused where nothing starts from a passage or a problem."""
        shares: list[Share] = []
        followers: list[Share] = []
        for name in sorted(job.mixture):
            method = load_method(name)
            share = Share(name, job.mixture[name], method.revision, method.neighbors)
            (followers if method.starts_from == "sample" else shares).append(share)
        if not shares:
            raise Refused(
                "mixture: every method of it starts from samples; add one that makes some"
            )
        asked = job.languages
        return cls(
            seed=job.seed,
            shares=tuple(shares),
            per_passage=job.tasks.per_passage,
            languages=None if isinstance(asked, str) or "*" in asked else tuple(asked),
            task_buckets=task_buckets,
            followers=tuple(followers),
            language_shares=_language_shares(asked),
        )

    @property
    def following(self) -> float:
        """Tasks that start from samples, for each one that does not."""
        return _total(self.followers) / _total(self.shares)

    def first_round(self, limit: int | None) -> int | None:
        """How many of `limit` tasks are of the first round."""
        return None if limit is None else max(1, round(limit / (1 + self.following)))

    def rounds(self, limit: int | None) -> tuple[int | None, int | None]:
        """How many of `limit` tasks are of the first round, and of the second."""
        first = self.first_round(limit)
        return first, None if first is None or limit is None else limit - first


def _total(shares: Sequence[Share]) -> float:
    return sum(share.weight for share in shares)


def _language_shares(asked: str | Sequence[str] | Mapping[str, float]) -> tuple[Any, ...]:
    if asked == "synth":
        return tuple(SYNTH_LANGUAGES.items())
    return tuple(asked.items()) if isinstance(asked, Mapping) else ()


def rates(passages: Mapping[str, int], config: PlanConfig) -> dict[str, float]:
    """Tasks a passage by language, from the number of passages in each.

    All tasks together are `per_passage` times the passages of the languages that are asked for;
    shares of languages that have no passage fall to the others.
    """
    there = {
        code: n
        for code, n in sorted(passages.items())
        if n and (config.languages is None or code in config.languages)
    }
    if not config.language_shares:
        return dict.fromkeys(there, config.per_passage)
    named = dict(config.language_shares)
    others = sum(n for code, n in there.items() if code not in named)
    share = {
        code: named[code] if code in named else named.get("*", 0.0) * n / others
        for code, n in there.items()
    }
    whole = config.per_passage * sum(there.values()) / (sum(share.values()) or 1.0)
    return {code: whole * share[code] / n for code, n in there.items() if share[code]}


def plan_passage(
    passage_id: str,
    language: str,
    neighbors: Sequence[str],
    config: PlanConfig,
    rate: float | None = None,
) -> list[Task]:
    """The tasks of one passage, by method; `neighbors` are passage ids, nearest first.

    Their expected number is `rate` (by default `per_passage`) less what follows in the second
    round; it differs from it by less than one.
    """
    start = draw(config.seed, passage_id, "plan").uniform()
    first = (config.per_passage if rate is None else rate) / (1 + config.following)
    tasks: list[Task] = []
    for share, numbers in _drawn(config.shares, first, start):
        wanted = tuple(neighbors[: share.neighbors])
        for index in numbers:
            task_id = digest(
                config.seed,
                share.method,
                share.revision,
                passage_id,
                ",".join(wanted),
                index,
            )
            tasks.append(Task(task_id, share.method, language, passage_id, wanted, index))
    return tasks


def plan_sample(
    synth_id: str, language: str, file: str, config: PlanConfig, expected: float | None = None
) -> list[Task]:
    """The tasks that start from one sample, which lies in an outcome file; `expected` of them (by
    default as if every task of the first round gave one sample).

    Their ids begin as the sample's does, so that a task lies in its parent's bucket and the rows
    that a batch starts from stand in few files.
    """
    start = draw(config.seed, synth_id, "plan").uniform()
    wanted = config.following if expected is None else expected
    return [
        Task(
            synth_id[:16] + digest(config.seed, share.method, share.revision, synth_id, i, size=8),
            share.method,
            language,
            "",
            (),
            i,
            synth_id,
            file,
        )
        for share, numbers in _drawn(config.followers, wanted, start)
        for i in numbers
    ]


def _drawn(shares: Sequence[Share], expected: float, start: float) -> Iterator[tuple[Share, range]]:
    """How many tasks of each share, `expected` over all; `start` is uniform in [0, 1)."""
    total = _total(shares)
    weight, before = 0.0, 0
    for share in shares:
        weight += share.weight
        upto = math.floor(expected * weight / total + start)
        yield share, range(upto - before)
        before = upto


# ---------------------------------------------------------------- of files and packed references


class Planned(NamedTuple):
    """Tasks of a batch by bucket, packed; how many seeds had some; and what had none."""

    packed: list[tuple[int, bytes]]  # (task bucket, packed tasks)
    tasks: int
    seeds: int
    rejects: list[Reject]


def languages_of(joined: JoinedFile, run: RunFolder) -> Iterator[tuple[str, int]]:
    """(language, passages) of one bucket."""
    with run.open(joined.path) as handle:
        column = pq.read_table(handle, columns=["language"])["language"]
    for item in column.value_counts().to_pylist():
        yield item["values"], item["counts"]


def plan_bucket(
    joined: JoinedFile,
    run: RunFolder,
    config: PlanConfig,
    by_language: Mapping[str, int] | None,
    stage: str,
) -> Planned:
    """The tasks of a bucket of passages; `by_language` counts the run's passages where languages
    have shares."""
    found_rates = None if by_language is None else rates(by_language, config)
    tasks: list[Task] = []
    rejects: list[Reject] = []
    seeds = 0
    for passage_id, language, near in _joined_rows(joined, run):
        found = _plan_or_refuse(passage_id, language, near, config, found_rates, stage)
        if isinstance(found, Reject):
            rejects.append(found)
        else:
            seeds += 1
            tasks += found
    return Planned(_by_bucket(tasks, config.task_buckets), len(tasks), seeds, rejects)


def _plan_or_refuse(
    passage_id: str,
    language: str,
    near: Sequence[str],
    config: PlanConfig,
    by_language: Mapping[str, float] | None,
    stage: str,
) -> list[Task] | Reject:
    asked = config.languages if by_language is None else tuple(by_language)
    if asked is not None and language not in asked:
        detail = f"{language!r} is not one of {', '.join(asked)}"
        return reject("rejected", stage, "language_not_asked", detail, record_id=passage_id)
    rate = None if by_language is None else by_language[language]
    tasks = plan_passage(passage_id, language, near, config, rate)
    return tasks or reject("rejected", stage, "not_drawn", record_id=passage_id)


def _joined_rows(joined: JoinedFile, run: RunFolder) -> Iterator[tuple[str, str, Any]]:
    """(passage id, language, neighbours); both files are in the same order."""
    with run.open(joined.path) as handle:
        passages = pq.read_table(handle, columns=["passage_id", "language"])
    with run.open(joined.neighbors) as handle:
        near = pq.read_table(handle, columns=["neighbors"])
    columns = (passages["passage_id"], passages["language"], near["neighbors"])
    return zip(*(column.to_pylist() for column in columns), strict=True)


def plan_followups(refs: bytes, samples: int, tasks: int, config: PlanConfig) -> Planned:
    """The tasks that start from packed samples (SAMPLE_REF_SCHEMA).

    `samples` and `tasks` are the numbers of the whole first round.
    """
    expected = config.following * tasks / samples
    table = unpack(refs).select(["synth_id", "language", "file"])
    columns = (column.to_pylist() for column in table.columns)
    found = [
        task
        for synth_id, language, file in zip(*columns, strict=True)
        for task in plan_sample(synth_id, language, file, config, expected)
    ]
    return Planned(_by_bucket(found, config.task_buckets), len(found), len(found), [])


def _by_bucket(tasks: Iterable[Task], buckets: int) -> list[tuple[int, bytes]]:
    grouped: defaultdict[int, list[Task]] = defaultdict(list)
    for task in tasks:
        grouped[bucket_of(task.task_id, buckets)].append(task)
    return [(bucket, pack_tasks(found)) for bucket, found in sorted(grouped.items())]


def write_planned(tasks: int, run: RunFolder, following: float) -> None:
    """Note how many tasks the run has; `following` more are to be expected for each."""
    run.write(layout.PLANNED, orjson.dumps({"tasks": round(tasks * (1 + following))}))
