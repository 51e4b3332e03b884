"""Tasks with the texts that they start from: passages by id, records from the run's files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

from beam_synth.generation.outcomes import rows_of
from beam_synth.ingestion.instructions import instructions_of
from beam_synth.knowledge.passage_store import PassageStore
from beam_synth.methods.loading import load_method
from beam_synth.methods.seeds import (
    InstructionSeed,
    PassageSeed,
    ProblemSeed,
    RecordSeed,
    Seed,
    merged_passages,
)
from beam_synth.records import INSTRUCTIONS, Passage, Row, Task
from beam_synth.storage import layout

OpenFile = Callable[[str], IO[bytes]]  # a file by its name relative to the run


def attach(
    tasks: Sequence[Task],
    store: PassageStore,
    open_file: OpenFile,
    problems: str | None = None,
) -> list[Seed]:
    """The tasks with their texts, in their order; each passage and each file is read once.

    Args:
        tasks: what is to be run next.
        store: the run's passages.
        open_file: opens a file of the run.
        problems: the job's own folder of problem templates.

    Raises Fault when a passage or a record is not in the run.
    """
    ids = {name for task in tasks for name in passage_ids(task)}
    passages = store.get_many(ids)
    bodies = bodies_of(tasks, open_file)
    return [seed_of(task, passages, bodies.get(task.parent), problems) for task in tasks]


def passage_ids(task: Task) -> list[str]:
    """The passages that a task needs: its own, in order, and its neighbours."""
    own = [task.passage_id] if task.passage_id else []
    return [*own, *task.members, *task.neighbors]


def bodies_of(tasks: Sequence[Task], open_file: OpenFile) -> dict[str, Row]:
    """The rows of the records that tasks start from, by id; each file is read once."""
    parents: dict[str, set[str]] = {}  # file -> ids
    for task in tasks:
        if task.parent:
            parents.setdefault(task.file, set()).add(task.parent)
    return bodies_in({file: sorted(names) for file, names in parents.items()}, open_file)


def bodies_in(refs: Mapping[str, Sequence[str]], open_file: OpenFile) -> dict[str, Row]:
    """The rows of records and instructions named by file (file -> ids), each opened once.

    Of the user's instructions, what `Instruction.as_row` gives. Raises Fault where one is not in
    its file.
    """
    given = {file: ids for file, ids in refs.items() if file.startswith(layout.INSTRUCTIONS)}
    found = instructions_of(given, open_file)
    rows = rows_of({file: ids for file, ids in refs.items() if file not in given}, open_file)
    return rows | {record_id: one.as_row() for record_id, one in found.items()}


def seed_of(
    task: Task,
    passages: Mapping[str, Passage],
    parent: Row | None = None,
    problems: str | None = None,
) -> Seed:
    """A task with its texts, as its method starts from them.

    Args:
        task: what is to be run.
        passages: by id; those of the task at least.
        parent: the row that it starts from, where it starts from a record or an instruction.
        problems: the job's own folder of problem templates.

    Raises KeyError for a passage that is not given.
    """
    if parent is not None:
        return record_seed(task, parent)
    if load_method(task.method).starts_from.kind == "problem":
        return ProblemSeed(task, problems)
    parts = tuple(passages[name] for name in (task.passage_id, *task.members))
    near = tuple(passages[name] for name in task.neighbors)
    return PassageSeed(task, merged_passages(parts), near, parts)


def record_seed(task: Task, row: Row) -> RecordSeed | InstructionSeed:
    """A task that starts from a record; `row` is of its config's schema."""
    if load_method(task.method).starts_from.kind != "instruction":
        return RecordSeed(task, row)
    texts: dict[str, Any] = {name: row[name] or "" for name in INSTRUCTIONS.own_columns}
    made = row if "script" in row else None  # the job's own instructions are no records
    return InstructionSeed(task, **texts, sources=tuple(row["seeds"]), record=made)
