"""What each method gives in each language: tasks, kept rows, why the others went."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from beam_synth.storage import layout

LOW = 0.5  # share of kept tasks below which a cell is marked


class Cell(NamedTuple):
    """A method in a language."""

    method: str
    language: str


@dataclasses.dataclass
class Yield:
    """What became of the tasks of a cell."""

    tasks: int = 0
    kept: int = 0  # by the method's checks; duplicates of other rows are among them
    lost: Counter[str] = dataclasses.field(default_factory=Counter)  # by reason

    @property
    def share(self) -> float:
        """Kept of tasks."""
        return self.kept / self.tasks if self.tasks else 0.0


def yields_of(run: Path) -> dict[Cell, Yield]:
    """The yield of every cell that has a task, from the outcomes of a finished run."""
    found: dict[Cell, Yield] = defaultdict(Yield)
    columns = ["method", "language", "kind", "reason"]
    for path in sorted(run.glob(layout.OUTCOME_FILES)):
        for row in pq.read_table(path, columns=columns).to_pylist():
            cell = found[Cell(row["method"], row["language"])]
            cell.tasks += 1
            cell.kept += row["kind"] == "made"
            if row["kind"] != "made":
                cell.lost[row["reason"]] += 1
    return dict(found)


def cell_table(yields: Mapping[Cell, Yield], bad: Mapping[Cell, Mapping[str, int]]) -> str:
    """A line a cell: kept of tasks, the commonest reasons, the commonest bad kinds of its rows."""
    lines = ["kept of tasks by method and language; reasons; bad kinds of the rows looked at"]
    low = 0
    for cell in sorted(yields):
        got = yields[cell]
        low += got.share < LOW
        why = ", ".join(f"{n} {reason}" for reason, n in got.lost.most_common(3))
        kinds = Counter(bad.get(cell, {})).most_common(3)
        wrong = ", ".join(f"{n} {kind}" for kind, n in kinds if n)
        mark = "LOW" if got.share < LOW else ""
        lines.append(
            f"  {cell.method:20} {cell.language:3} {got.kept:5} of {got.tasks:5} {got.share:6.1%} "
            f"{mark:3} {why}{'; bad: ' if wrong else ''}{wrong}".rstrip()
        )
    lines.append(f"{low} cells keep fewer than {LOW:.0%} of their tasks")
    return "\n".join(lines)
