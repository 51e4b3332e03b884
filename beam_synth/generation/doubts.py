"""Tasks whose calls failed, until it is known whether it was for their sake.

A task fails for good only where its endpoint serves others: a call that was refused in unclear
words once others were answered after it and the run was not stopped, a call that was tried again
and again once that was so in several starts of the run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from beam_synth.generation.health import FailedCall
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.program import Unfinished
from beam_synth.generation.put_off import Earlier, PutOffTask
from beam_synth.methods.seeds import Seed
from beam_synth.records import Task


@dataclasses.dataclass(frozen=True)
class Ended:
    """What becomes of the tasks in doubt at the end of a batch."""

    final: list[Finished]
    unfinished: list[Task]
    put_off: list[PutOffTask]  # of the unfinished: those whose calls failed


class Doubts:
    """The tasks of one batch that are in doubt.

    Args:
        earlier: what earlier starts of the run say of the batch's tasks.
        starts: of the run in which a task may be put off while others are served.
        alone: whether the batch holds nothing but tasks that were put off before, of a run that
            has outcomes: then no other can be served, and a plain call has to do.
    """

    def __init__(
        self, earlier: Earlier | None = None, starts: int = 2, alone: Callable[[], bool] = bool
    ) -> None:
        self._earlier = earlier or Earlier({})
        self._starts = starts
        self._alone = alone
        self._held: list[tuple[Seed, Unfinished]] = []
        self._refused: list[tuple[Seed, Unfinished]] = []  # that are final once others are served

    def put(self, seed: Seed, result: Unfinished) -> None:
        """Take a task."""
        refused = result.call is not None and not result.again
        (self._refused if refused else self._held).append((seed, result))

    def settled(self) -> list[Finished]:
        """Take those back whose failure is final by now."""
        final: list[Finished] = []
        if self._refused:  # a few: a hundred later calls settle each, or stop the run
            refused, self._refused = self._refused, []
            for seed, result in refused:
                if result.final and result.call and result.call.is_past:
                    final.append(result.final)
                else:
                    self._refused.append((seed, result))
        return final

    def to_try_again(self) -> list[tuple[Seed, Unfinished]]:
        """Take those back that a later try may help, in the order in which they came."""
        again = [(seed, result) for seed, result in self._held if result.again]
        self._held = [(seed, result) for seed, result in self._held if not result.again]
        return again

    async def end(self, stopped: bool) -> Ended:
        """Decide on all that are left. None is final where the run is stopped: what stopped it may
        be what these calls met.

        Raises Stopped where a budget ends meanwhile.
        """
        ended = Ended([], [], [])
        for seed, result in [*self._held, *self._refused]:
            served = result.call is not None and await self._served(result.call, stopped)
            final = served and not stopped and self._is_last(seed.task, result)
            if result.final is not None and final:
                ended.final.append(result.final)
                continue
            ended.unfinished.append(seed.task)
            if result.call is not None:
                ended.put_off.append(PutOffTask(seed.task.task_id, result.detail, served))
        self._held, self._refused = [], []
        return ended

    def _is_last(self, task: Task, result: Unfinished) -> bool:
        return not result.again or self._earlier.starts.get(task.task_id, 0) + 1 >= self._starts

    async def _served(self, call: FailedCall, stopped: bool) -> bool:
        if call.others_served:
            return True
        if stopped or not (call.health.has_served or self._alone()):
            return False
        return await call.health.is_alive(since=call.at)
