"""What share of the tasks of each method and language gives a record by rule: some are tried.

What a rule can ask and write hangs on the seed, and nothing tells it but the rule itself. Rules
cost little enough to try some tasks of each cell beforehand; of a model `preview` shows as much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from beam_synth.commands.rehearsal import Rehearsal, Tried
from beam_synth.generation.engine_registry import RULES
from beam_synth.generation.outcomes import Finished
from beam_synth.job.schema import Job

OF_CELL = 20  # tasks that are tried of each method in each language
Cell = tuple[str, str]  # method, language
_FEW = 0.5  # share of tasks below which a cell is warned of
_TELLING = 5  # tasks from which on the share is worth a warning


class Kept(NamedTuple):
    """What became of the tasks of a method in a language that were tried."""

    tried: int
    made: int  # of these gave a record
    why: str  # the commonest reason of the others; "" without any

    @property
    def share(self) -> float:
        """Of the tasks, those that gave a record."""
        return self.made / self.tried

    def __str__(self) -> str:
        others = f", the others mostly {self.why}" if self.why else ""
        return f"{self.share:4.0%} gave a record: {self.made} of {self.tried}{others}"


def is_by_rules(job: Job) -> bool:
    """Whether the job's records are made by rules alone, so that to try is to know."""
    return all(model.engine in RULES for model in job.pool("generator"))


def kept_by_cell(rehearsal: Rehearsal) -> dict[Cell, Kept]:
    """(method, language) -> what became of its tasks that were tried."""
    cells: dict[Cell, list[Tried]] = {}
    for tried in rehearsal.tried:
        cells.setdefault((tried.seed.task.method, tried.seed.task.language), []).append(tried)
    return {cell: _kept(tried) for cell, tried in sorted(cells.items())}


def _kept(tried: Sequence[Tried]) -> Kept:
    ends = Counter(item.ended.outcome.reason for item in tried if isinstance(item.ended, Finished))
    made = ends.pop("", 0)
    return Kept(len(tried), made, ends.most_common(1)[0][0] if ends else "")


def kept_lines(kept: Mapping[Cell, Kept]) -> list[str]:
    """A line for each cell of which not every task gave a record.

    >>> kept = {("mcq", "la"): Kept(20, 2, "nothing_to_ask"), ("mcq", "en"): Kept(20, 20, "")}
    >>> print(*kept_lines(kept)[1:], sep="\\n")
    of 40 tasks that were tried by rule 22 gave a record:
      mcq                  la   10% gave a record: 2 of 20, the others mostly nothing_to_ask
    """
    if not kept:
        return []
    lines = [
        f"  {method:20} {language:3} {of}"
        for (method, language), of in kept.items()
        if of.made < of.tried
    ]
    tried = sum(of.tried for of in kept.values())
    made = sum(of.made for of in kept.values())
    which = ":" if lines else ""
    return ["", f"of {tried:,} tasks that were tried by rule {made:,} gave a record{which}", *lines]


def few_kept(kept: Mapping[Cell, Kept]) -> list[str]:
    """A warning that names the cells of which fewer than half of the tasks gave a record.

    >>> kept = {("mcq", "la"): Kept(20, 2, "nothing_to_ask"), ("mcq", "en"): Kept(20, 19, "")}
    >>> few_kept(kept)[0][:66]
    'warning: by rule most tasks of mcq in la (10%) give no record: the'
    """
    few = [
        f"{method} in {language} ({of.share:.0%})"
        for (method, language), of in kept.items()
        if of.share < _FEW and of.tried >= _TELLING
    ]
    if not few:
        return []
    return [
        f"warning: by rule most tasks of {', '.join(few)} give no record: their texts have nothing "
        "that a rule can ask or write; they count for tasks.limit; more texts or tasks.per_passage "
        "make up for them, or a model in models.generator"
    ]
