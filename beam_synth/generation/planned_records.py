"""The plan of a round that starts from records: packed references in, packed tasks out.

Methods that start from the same records are one group and are drawn together; those whose `tasks`
lists what each seed gets are not drawn at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.drawing import draw
from beam_synth.generation.mixture import PlanConfig, Share, total_weight
from beam_synth.generation.planned_buckets import Planned, by_bucket
from beam_synth.generation.planning import listed_tasks, plan_record, record_task
from beam_synth.generation.seeds import bodies_of, record_seed
from beam_synth.methods.loading import load_method
from beam_synth.methods.seeds import Seed
from beam_synth.records import Task, unpack
from beam_synth.storage.files import RunFolder


class Basis(NamedTuple):
    """What the number of a round's tasks is measured by."""

    tasks: int  # that other methods have
    weight: float  # of those methods in the mixture

    def expected(self, shares: Sequence[Share], records: int) -> float:
        """Tasks a record for some methods, where `records` of them may be started from."""
        return total_weight(shares) / self.weight * self.tasks / records


def groups_of(shares: Sequence[Share]) -> list[list[Share]]:
    """Methods that start from the same records, together; groups and members by name."""
    groups: dict[tuple[object, ...], list[Share]] = {}
    for share in shares:
        groups.setdefault((share.start, share.makers), []).append(share)
    return list(groups.values())


def made_by(refs: bytes) -> Iterator[tuple[str, int]]:
    """(method, number of its records) of packed references (RECORD_REF_SCHEMA)."""
    for item in unpack(refs)["method"].value_counts().to_pylist():
        yield item["values"], item["counts"]


def plan_records(
    refs: bytes,
    shares: Sequence[Share],
    basis: Basis | None,
    made: Mapping[str, int],
    config: PlanConfig,
    run: RunFolder,
) -> Planned:
    """The tasks of a round that start from packed records (RECORD_REF_SCHEMA).

    Args:
        refs: packed references; those that no method starts from get nothing.
        shares: methods of the round that start from records or instructions.
        basis: how many tasks other methods have: where fewer records came of them, each gets
            more, so that the mixture's shares hold. None: each record gets `per_passage` tasks.
        made: number of records of each method, over the whole run.
        config: of the run.
        run: its folder; bodies are read for methods whose `tasks` looks at them.
    """
    table = unpack(refs).select(["record_id", "language", "file", "method"])
    tasks: list[Task] = []
    for group in groups_of(shares):
        own = table.filter(pc.is_in(table["method"], value_set=pa.array(group[0].makers)))
        drawn = [share for share in group if not share.listed]
        records = sum(made.get(maker, 0) for maker in group[0].makers)
        if drawn and records:
            tasks += _drawn_tasks(own, drawn, expected_tasks(drawn, basis, records, config), config)
        for share in group:
            if share.listed:
                tasks += _listed(own, share, config, run)
    return Planned(by_bucket(tasks, config.task_buckets), len(tasks), len(tasks), [])


def expected_tasks(
    shares: Sequence[Share], basis: Basis | None, records: int, config: PlanConfig
) -> float:
    """Tasks a record for some methods that are drawn together; arguments as of `plan_records`."""
    if basis is not None:
        return basis.expected(shares, records)
    part = total_weight(shares) / total_weight(config.of_round(shares[0].round))
    return config.per_passage * part / (1 + config.following)


def _drawn_tasks(
    refs: pa.Table, shares: Sequence[Share], expected: float, config: PlanConfig
) -> Iterator[Task]:
    columns = (refs[name].to_pylist() for name in ("record_id", "language", "file"))
    for record_id, language, file in zip(*columns, strict=True):
        yield from plan_record(record_id, language, file, shares, expected, config)


def _listed(refs: pa.Table, share: Share, config: PlanConfig, run: RunFolder) -> Iterator[Task]:
    """Tasks as the method's `tasks` says for each record, whose body is read."""
    columns = (refs[name].to_pylist() for name in ("record_id", "language", "file"))
    asked = [
        record_task(record_id, language, file, share, 0, config)
        for record_id, language, file in zip(*columns, strict=True)
        if share.serves(language)
    ]
    bodies = bodies_of(asked, run.open)
    for task in asked:
        yield from tasks_of_seed(record_seed(task, bodies[task.parent]), share, config)


def tasks_of_seed(seed: Seed, share: Share, config: PlanConfig) -> list[Task]:
    """The tasks that a method lists for a seed; the seed's own task says what they start from.

    Raises ValueError as `listed_tasks`.
    """
    method = load_method(share.method)
    assert method.tasks is not None
    task = seed.task
    params = method.tasks(seed, lambda purpose: draw(config.seed, task.task_id, f"tasks {purpose}"))
    return listed_tasks(task, params, share, config)
