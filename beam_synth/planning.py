"""Which tasks a passage gets: a pure function of the run's seed and the passage.

The mixture is drawn systematically: each passage gets as many tasks of each method as its share
says, rounded down or up by one uniform number for the passage, so that shares hold over the run
and, where the expected numbers are whole, for every single passage.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import orjson

from beam_synth.drawing import digest, draw
from beam_synth.errors import Refused
from beam_synth.job import Job
from beam_synth.methods import load_method
from beam_synth.records import Task

LAST_ID = "f" * 32
PREFIX_BITS = 16  # of a task id: the resolution in which tasks.limit counts ids
_BEFORE_ID = b'{"task_id":"'
Histogram = npt.NDArray[np.int64]


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
    shares: tuple[Share, ...]  # by method name
    per_passage: float
    languages: tuple[str, ...] | None  # None: all
    task_buckets: int

    @classmethod
    def of_job(cls, job: Job, task_buckets: int) -> PlanConfig:
        """From a job. Raises Refused for a method that cannot be planned from passages."""
        return cls(
            seed=job.seed,
            shares=tuple(_share(name, job.mixture[name]) for name in sorted(job.mixture)),
            per_passage=job.tasks.per_passage,
            languages=None if job.languages == "all" else tuple(job.languages),
            task_buckets=task_buckets,
        )


def _share(name: str, weight: float) -> Share:
    method = load_method(name)
    if method.starts_from != "passage":
        raise Refused(
            f"mixture: {name!r} starts from a {method.starts_from}, and tasks are made of passages"
        )
    return Share(name, weight, method.revision, method.neighbors)


def plan_passage(
    passage_id: str, language: str, neighbors: Sequence[str], config: PlanConfig
) -> list[Task]:
    """The tasks of one passage, by method; `neighbors` are passage ids, nearest first.

    Their expected number is `per_passage`; it differs from it by less than one.
    """
    start = draw(config.seed, passage_id, "plan").uniform()
    total = sum(share.weight for share in config.shares)
    tasks: list[Task] = []
    weight = 0.0
    before = 0
    for share in config.shares:
        weight += share.weight
        upto = math.floor(config.per_passage * weight / total + start)
        wanted = tuple(neighbors[: share.neighbors])
        for index in range(upto - before):
            task_id = digest(
                config.seed,
                share.method,
                share.revision,
                passage_id,
                ",".join(wanted),
                index,
            )
            tasks.append(Task(task_id, share.method, language, passage_id, wanted, index))
        before = upto
    return tasks


# ---------------------------------------------------------------- tasks as they travel


def pack_tasks(tasks: Iterable[Task]) -> bytes:
    """Tasks as JSON lines."""
    return b"".join(orjson.dumps(task) + b"\n" for task in tasks)


def unpack_tasks(data: bytes) -> Iterator[Task]:
    """The tasks that `pack_tasks` packed."""
    for line in data.splitlines():
        fields = orjson.loads(line)
        yield Task(**{**fields, "neighbors": tuple(fields["neighbors"])})


def line_id(line: bytes) -> bytes:
    """The task id of one line, without parsing it: it is the first field."""
    return line[len(_BEFORE_ID) : len(_BEFORE_ID) + 32]


# ---------------------------------------------------------------- the first N tasks by id


def prefix(task_id: str) -> int:
    """The first PREFIX_BITS of an id."""
    return int(task_id[: PREFIX_BITS // 4], 16)


def histogram(task_ids: Iterable[str]) -> Histogram:
    """How many ids have each prefix."""
    prefixes = np.fromiter(map(prefix, task_ids), np.int64)
    return np.bincount(prefixes, minlength=1 << PREFIX_BITS).astype(np.int64)


def cut(counts: Histogram, limit: int) -> tuple[int, int]:
    """(prefix, n): the first `limit` ids are all of smaller prefixes and n >= 1 of this one.

    The prefix is 2**PREFIX_BITS when there are no more than `limit` ids.
    """
    below = np.cumsum(counts)
    if below[-1] <= limit:
        return 1 << PREFIX_BITS, 0
    at = int(np.searchsorted(below, limit))
    return at, limit - int(below[at] - counts[at])
