"""Which tasks a passage or a sample gets: a pure function of the run's seed and its id.

The mixture is drawn systematically: each passage gets as many tasks of each method as its share
says, rounded down or up by one uniform number for the passage, so that shares hold over the run
and, where the expected numbers are whole, for every single passage. Methods that start from
samples get their share of the whole in a second round.
"""

from __future__ import annotations

import dataclasses
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from beam_synth.drawing import digest, draw
from beam_synth.errors import Refused
from beam_synth.job.schema import Job
from beam_synth.methods.loading import load_method
from beam_synth.records import Task

LAST_RANK = "f" * 32
PREFIX_BITS = 16  # of a rank: the resolution in which tasks.limit counts them
_BEFORE_ID = b'{"task_id":"'
# English four fifths of the tasks, every other language of the articles its part of the rest.
SYNTH_LANGUAGES = {"en": 0.8, "*": 0.2}
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


# ---------------------------------------------------------------- tasks as they travel


def pack_tasks(tasks: Iterable[Task]) -> bytes:
    """Tasks as compressed JSON lines: a fifth of their size."""
    return pack_lines(task_line(task) for task in tasks)


def unpack_tasks(data: bytes) -> Iterator[Task]:
    """The tasks that `pack_tasks` packed."""
    return map(task_of, unpack_lines(data))


def pack_lines(lines: Iterable[bytes]) -> bytes:
    """Lines of tasks, compressed."""
    return zlib.compress(b"".join(lines), 1)


def unpack_lines(data: bytes) -> list[bytes]:
    """The lines of packed tasks, each with its end."""
    return zlib.decompress(data).splitlines(keepends=True)


def task_line(task: Task) -> bytes:
    """A task as a JSON line."""
    return orjson.dumps(task) + b"\n"


def task_of(line: bytes) -> Task:
    """The task of a line."""
    fields = orjson.loads(line)
    return Task(**{**fields, "neighbors": tuple(fields["neighbors"])})


def line_id(line: bytes) -> bytes:
    """The task id of one line, without parsing it: it is the first field."""
    return line[len(_BEFORE_ID) : len(_BEFORE_ID) + 32]


# ---------------------------------------------------------------- the first N tasks by id hash


def rank(task_id: str) -> str:
    """A hash of the id: what is first by it is spread over all ids, and so over all shards."""
    return digest(task_id, "limit")


def prefix(rank: str) -> int:
    """The first PREFIX_BITS of a rank."""
    return int(rank[: PREFIX_BITS // 4], 16)


def histogram(ranks: Iterable[str]) -> Histogram:
    """How many ranks have each prefix."""
    prefixes = np.fromiter(map(prefix, ranks), np.int64)
    return np.bincount(prefixes, minlength=1 << PREFIX_BITS).astype(np.int64)


def cut(counts: Histogram, limit: int) -> tuple[int, int]:
    """(prefix, n): the first `limit` ranks are all of smaller prefixes and n >= 1 of this one.

    The prefix is 2**PREFIX_BITS when there are no more than `limit` ranks.
    """
    below = np.cumsum(counts)
    if below[-1] <= limit:
        return 1 << PREFIX_BITS, 0
    at = int(np.searchsorted(below, limit))
    return at, limit - int(below[at] - counts[at])
