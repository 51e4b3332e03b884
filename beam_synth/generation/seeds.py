"""Tasks with the texts that they start from: passages by id, parents from outcome files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

from beam_synth.generation.outcomes import rows_of
from beam_synth.knowledge.passage_store import PassageStore
from beam_synth.methods.declaration import Seed
from beam_synth.methods.shared.samples import passage_of
from beam_synth.records import Passage, Task


def attach(
    tasks: Sequence[Task],
    store: PassageStore,
    open_file: Callable[[str], IO[bytes]],
    problems: str | None = None,
) -> list[Seed]:
    """The tasks with their texts, in their order; each passage and each file is read once.

    Args:
        tasks: what is to be run next.
        store: the run's passages.
        open_file: opens an outcome file by its name relative to the run.
        problems: the job's own folder of problem templates.

    Raises Fault when a passage or a sample is not in the run.
    """
    ids = {task.passage_id for task in tasks if task.passage_id}
    ids.update(neighbor for task in tasks for neighbor in task.neighbors)
    passages = store.get_many(ids)
    parents: dict[str, set[str]] = {}  # file -> synth_ids
    for task in tasks:
        if task.parent:
            parents.setdefault(task.file, set()).add(task.parent)
    rows = rows_of({file: sorted(names) for file, names in parents.items()}, open_file)
    return [seed_of(task, passages, rows.get(task.parent), problems) for task in tasks]


def seed_of(
    task: Task,
    passages: Mapping[str, Passage],
    parent: Mapping[str, Any] | None = None,
    problems: str | None = None,
) -> Seed:
    """A task with its texts, from passages by id and its parent's row (SAMPLE_SCHEMA).

    Where there is a parent, the passage is the one that the parent was made from. Raises KeyError
    for a passage that is not given.
    """
    passage = passages[task.passage_id] if parent is None else passage_of(parent)
    near = tuple(passages[passage_id] for passage_id in task.neighbors)
    return Seed(task, passage, near, parent, problems)
