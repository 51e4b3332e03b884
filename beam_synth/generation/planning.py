"""Which tasks a passage or a record gets: a pure function of the run's seed and its id.

The mixture is drawn systematically (systematic sampling with unequal probabilities, Madow 1949):
each passage gets as many tasks of each method as its share says, rounded down or up by one uniform
number for the passage, so that shares hold over the run and, where the expected numbers are whole,
for every single passage. Methods that start from records get their share of the whole in a later
round.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from beam_synth.drawing import digest, draw
from beam_synth.generation.mixture import PlanConfig, Share, total_weight
from beam_synth.records import Task
from beam_synth.text.prose import no_prose

# ---------------------------------------------------------------- from sources


def plan_passage(
    passage_id: str,
    language: str,
    neighbors: Sequence[str],
    config: PlanConfig,
    rate: float | None = None,
) -> list[Task]:
    """The tasks of one passage by itself, by method; `neighbors` are passage ids, nearest first.

    Their expected number is `rate` (by default `per_passage`) less what other rounds and units
    get; it differs from it by less than one. Methods whose `tasks` lists them are left out, and so
    are the tasks of those that cannot serve the language: the others get no more for it.

    >>> config = PlanConfig(1, (Share("mcq", 1, 1, 0), Share("rag", 1, 1, 2)), 4.0, None, 8)
    >>> tasks = plan_passage("5a" * 32, "en", ["p1", "p2", "p3"], config)
    >>> [(task.method, task.neighbors, task.index) for task in tasks]
    [('mcq', (), 0), ('mcq', (), 1), ('rag', ('p1', 'p2'), 0), ('rag', ('p1', 'p2'), 1)]
    """
    shares = [s for s in config.of_round(0) if s.of_passages and not s.listed]
    wanted = config.per_passage if rate is None else rate
    start = draw(config.seed, passage_id, "plan").uniform()
    tasks: list[Task] = []
    for share, numbers in _drawn(shares, _expected(wanted, shares, config), start, language):
        near = tuple(neighbors[: share.neighbors])
        for index in numbers:
            task_id = _source_task_id(config, share, passage_id, ",".join(near), index)
            tasks.append(Task(task_id, share.method, language, passage_id, near, index))
    return tasks


def prose_alone(tasks: Sequence[Task], text: str, config: PlanConfig) -> list[Task]:
    """The tasks of one passage without those of methods that want prose, where its text is none.

    The text is looked at only where there are some.

    >>> config = PlanConfig(1, (Share("mcq", 1, 1, 0, prose=True),), 1.0, None, 8)
    >>> tasks = plan_passage("5a" * 32, "en", [], config)
    >>> books = "Lind, A. (1998). Mills. Oslo: Fjord Press, ISBN 1-23. "
    >>> len(tasks), len(prose_alone(tasks, books * 2, config))
    (1, 0)
    """
    wanting = {share.method for share in config.of_round(0) if share.prose}
    if not any(task.method in wanting for task in tasks):
        return list(tasks)
    if not no_prose(text, tasks[0].language):
        return list(tasks)
    return [task for task in tasks if task.method not in wanting]


def plan_unit(
    passage_ids: Sequence[str],
    language: str,
    shares: Sequence[Share],
    config: PlanConfig,
    rate: float | None = None,
) -> list[Task]:
    """The tasks of the passages of one section or article, by method.

    Args:
        passage_ids: in reading order, one at least.
        language: the article's.
        shares: methods of that unit which are drawn by weight.
        config: of the run.
        rate: tasks a passage of the language, over all methods; `per_passage` by default.

    A unit gets as many tasks as its passages would get together.
    """
    key = digest(",".join(passage_ids))
    wanted = (config.per_passage if rate is None else rate) * len(passage_ids)
    start = draw(config.seed, key, "plan").uniform()
    return [
        Task(
            _source_task_id(config, share, key, "", index),
            share.method,
            language,
            passage_ids[0],
            (),
            index,
            members=tuple(passage_ids[1:]),
        )
        for share, numbers in _drawn(shares, _expected(wanted, shares, config), start, language)
        for index in numbers
    ]


def _expected(wanted: float, shares: Sequence[Share], config: PlanConfig) -> float:
    """Of `wanted` tasks over all methods, those that fall to some methods of the first round."""
    first = wanted / (1 + config.following)
    return first * (total_weight(shares) / total_weight(config.of_round(0)))


def _source_task_id(
    config: PlanConfig, share: Share, seed_id: str, neighbors: str, index: int
) -> str:
    return digest(config.seed, share.method, share.revision, seed_id, neighbors, index)


# ---------------------------------------------------------------- from records


def plan_record(
    record_id: str,
    language: str,
    file: str,
    shares: Sequence[Share],
    expected: float,
    config: PlanConfig,
) -> list[Task]:
    """The tasks that start from one record or instruction, by method.

    Args:
        record_id: of the record, hex digits.
        language: the record's, which is the tasks' too.
        file: the file that it lies in, relative to the run.
        shares: methods that start from it, all from records of that kind.
        expected: number of tasks, over these methods.
        config: of the run.
    """
    start = draw(config.seed, record_id, _purpose(shares)).uniform()
    return [
        record_task(record_id, language, file, share, index, config)
        for share, numbers in _drawn(shares, expected, start, language)
        for index in numbers
    ]


def _purpose(shares: Sequence[Share]) -> str:
    exercises = ",".join(shares[0].start.exercises) if shares else ""
    return f"plan {exercises}".rstrip()


def record_task(
    record_id: str,
    language: str,
    file: str,
    share: Share,
    index: int,
    config: PlanConfig,
    params: str = "",
) -> Task:
    """One task that starts from a record.

    Its id begins as the record's does (64 bits), so that a task lies in its parent's bucket and
    the rows that a batch starts from stand in few files.
    """
    parts = (
        config.seed,
        share.method,
        share.revision,
        record_id,
        index,
        *([params] * bool(params)),
    )
    task_id = record_id[:16] + digest(*parts, size=8)
    return Task(task_id, share.method, language, "", (), index, record_id, file, params=params)


def listed_tasks(
    task: Task, params: Sequence[Mapping[str, Any]], share: Share, config: PlanConfig
) -> list[Task]:
    """The tasks that a method's `tasks` gave for a seed: one a parameter object, in its order.

    `task` says what they start from; its own id, index and parameters do not count. Raises
    ValueError for equal parameters, which would be one task twice.
    """
    encoded = [orjson.dumps(p, option=orjson.OPT_SORT_KEYS).decode() for p in params]
    if len(set(encoded)) < len(encoded):
        raise ValueError(f"{share.method}: `tasks` gave the same parameters twice for one seed")
    seed_id = task.parent or digest(",".join((task.passage_id, *task.members)))
    made = []
    for index, text in enumerate(encoded):
        if task.parent:
            new = record_task(task.parent, task.language, task.file, share, 0, config, text)
        else:
            new_id = digest(config.seed, share.method, share.revision, seed_id, text)
            new = dataclasses.replace(task, task_id=new_id, params=text)
        made.append(dataclasses.replace(new, index=index))
    return made


def _drawn(
    shares: Sequence[Share], expected: float, start: float, language: str
) -> Iterator[tuple[Share, range]]:
    """How many tasks of each share that serves the language, `expected` over all shares; `start` is
    uniform in [0, 1)."""
    total = total_weight(shares)
    weight, before = 0.0, 0
    for share in shares:
        weight += share.weight
        upto = math.floor(expected * weight / total + start)
        if share.serves(language):
            yield share, range(upto - before)
        before = upto
