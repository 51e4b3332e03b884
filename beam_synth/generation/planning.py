"""Which tasks a passage or a sample gets: a pure function of the run's seed and its id.

The mixture is drawn systematically (systematic sampling with unequal probabilities, Madow 1949):
each passage gets as many tasks of each method as its share says, rounded down or up by one uniform
number for the passage, so that shares hold over the run and, where the expected numbers are whole,
for every single passage. Methods that start from samples get their share of the whole in a second
round.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from beam_synth.drawing import digest, draw
from beam_synth.errors import Refused
from beam_synth.job.schema import Job
from beam_synth.methods.loading import load_method
from beam_synth.records import Task

# English four fifths of the tasks, every other language of the articles its part of the rest.
SYNTH_LANGUAGES = {"en": 0.8, "*": 0.2}


@dataclasses.dataclass(frozen=True)
class Share:
    """One method of the mixture, as far as planning needs it."""

    method: str  # its name in the job
    weight: float  # above 0; weights need not sum to 1
    revision: int  # part of the ids of its tasks
    neighbors: int  # that a task gets at most; 0: none


class LimitOfRounds(NamedTuple):
    """How many of a limited number of tasks each round may have; None where there is no limit."""

    first: int | None
    second: int | None


@dataclasses.dataclass(frozen=True)
class PlanConfig:
    """What planning depends on: two runs with equal ones plan the same tasks for a passage.

    >>> config = PlanConfig(
    ...     1, (Share("rag", 0.8, 1, 2),), 2.0, None, 8, followers=(Share("chat", 0.2, 1, 0),)
    ... )
    >>> config.following, config.rounds(100)
    (0.25, LimitOfRounds(first=80, second=20))
    """

    seed: int  # the run's
    shares: tuple[Share, ...]  # by method name; of methods that start from passages or problems
    per_passage: float  # tasks a passage, over all methods and both rounds
    languages: tuple[str, ...] | None  # None: all
    task_buckets: int  # ranges of task ids that tasks are sorted into
    followers: tuple[Share, ...] = ()  # of methods that start from samples
    language_shares: tuple[tuple[str, float], ...] = ()  # of the tasks; "*" is every other one

    @classmethod
    def of_job(cls, job: Job, task_buckets: int) -> PlanConfig:
        """From a job.

        Raises Refused where nothing starts from a passage or a problem, or a method of the
        mixture cannot be loaded.
        """
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
        """How many of `limit` tasks are of the first round: at least 1, all where none follow."""
        return None if limit is None else max(1, round(limit / (1 + self.following)))

    def rounds(self, limit: int | None) -> LimitOfRounds:
        """How many of `limit` tasks are of the first round, and of the second."""
        first = self.first_round(limit)
        return LimitOfRounds(first, None if first is None or limit is None else limit - first)


def _total(shares: Sequence[Share]) -> float:
    return sum(share.weight for share in shares)


def _language_shares(
    asked: str | Sequence[str] | Mapping[str, float],
) -> tuple[tuple[str, float], ...]:
    if asked == "synth":
        return tuple(SYNTH_LANGUAGES.items())
    return tuple(asked.items()) if isinstance(asked, Mapping) else ()


def rates(passages: Mapping[str, int], config: PlanConfig) -> dict[str, float]:
    """Tasks a passage by language, from the number of passages in each.

    All tasks together are `per_passage` times the passages of the languages that are asked for;
    shares of languages that have no passage fall to the others. A language that is not asked for,
    or whose share is 0, has no rate.

    >>> config = PlanConfig(1, (), 2.0, None, 8, language_shares=(("en", 0.75), ("*", 0.25)))
    >>> rates({"en": 10, "fr": 10, "de": 10}, config)
    {'de': 0.75, 'en': 4.5, 'fr': 0.75}
    """
    asked = {
        code: n
        for code, n in sorted(passages.items())
        if n and (config.languages is None or code in config.languages)
    }
    if not config.language_shares:
        return dict.fromkeys(asked, config.per_passage)
    named = dict(config.language_shares)
    others = sum(n for code, n in asked.items() if code not in named)
    share = {
        code: named[code] if code in named else named.get("*", 0.0) * n / others
        for code, n in asked.items()
    }
    whole = config.per_passage * sum(asked.values()) / (sum(share.values()) or 1.0)
    return {code: whole * share[code] / n for code, n in asked.items() if share[code]}


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

    >>> config = PlanConfig(1, (Share("mcq", 1, 1, 0), Share("rag", 1, 1, 2)), 4.0, None, 8)
    >>> tasks = plan_passage("5a" * 32, "en", ["p1", "p2", "p3"], config)
    >>> [(task.method, task.neighbors, task.index) for task in tasks]
    [('mcq', (), 0), ('mcq', (), 1), ('rag', ('p1', 'p2'), 0), ('rag', ('p1', 'p2'), 1)]
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
    """The tasks that start from one sample, by method.

    Args:
        synth_id: the sample's.
        language: the sample's, which is the tasks' too.
        file: the outcome file that it lies in, relative to the run.
        config: whose `followers` are drawn.
        expected: their number; by default as if every task of the first round gave one sample.

    Their ids begin as the sample's does (64 bits), so that a task lies in its parent's bucket and
    the rows that a batch starts from stand in few files.
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
