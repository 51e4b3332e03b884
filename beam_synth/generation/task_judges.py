"""Judges at the end of a task's program: what they are asked of its samples, and what follows.

Beside the judge there may be an auditor, a stronger model that looks at a drawn share of what the
judge looked at. In a share of the tasks a failed check is noted, and the program goes on: the judge
is asked about these samples, too, which tells how far judge and checks agree. They are turned down
all the same.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence

import orjson

from beam_synth.checks import noted_faults
from beam_synth.engines.ports import Port
from beam_synth.errors import BeamSynthError, Rejected
from beam_synth.generation.program_ports import ProgramModels
from beam_synth.generation.task_calls import TaskCalls
from beam_synth.judges.subjects import subject_of
from beam_synth.judges.verdicts import AUDITOR, JUDGE, Verdict, verdict_of
from beam_synth.methods.seeds import PassageSeed, Seed
from beam_synth.records import Made, Passage, Sample


class TaskJudges:
    """The judges of one task, and what they said.

    `said` holds a mapping for each verdict: that of `Verdict.record`, formal (whether all checks
    passed) and noted (whether the task is one of those in which failed checks are noted).
    `turned_down` is the sample that a judge lets not pass, as a JSON list of its messages: a reject
    keeps what was paid for, and not what a judge says of it.
    """

    def __init__(self, seed: Seed, calls: TaskCalls) -> None:
        self._seed = seed
        self._calls = calls
        self._models = ProgramModels(calls)
        self._judging = calls.context.judging
        self._faults: list[Rejected] = []  # failed checks that were noted
        self.noting = self._drawn("noted")
        self.said: list[dict[str, object]] = []
        self.turned_down = ""

    def _drawn(self, purpose: str) -> bool:
        judging = self._judging
        return judging is not None and self._calls.draw(purpose).uniform() < judging.share

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Note failed checks within, where the task is drawn for that.

        Raises the first that was noted, whatever else happened after it.
        """
        if not self.noting:
            yield
            return
        with noted_faults(self._faults):
            try:
                yield
            except Exception as error:
                if self._faults and not _ends_run(error):
                    raise self._faults[0] from error  # what follows a fault may break by it
                raise
        if self._faults:
            raise self._faults[0]

    async def judged(self, records: Sequence[Made]) -> list[Made]:
        """The records, each sample with the checks of its judges.

        Raises Rejected with the reason of the first verdict that lets a sample not pass.
        """
        if self._judging is None:
            return list(records)
        return [
            await self._judged(record, i) if isinstance(record, Sample) else record
            for i, record in enumerate(records)
        ]

    async def _judged(self, sample: Sample, index: int) -> Sample:
        method = self._seed.task.method
        subject = subject_of(sample, method, _passages(self._seed))
        formal = not self._faults
        verdicts: list[Verdict] = []
        for role, port in self._asked(index, formal):
            try:
                verdict = await verdict_of(subject, port, role)
            except Rejected:
                self._turn_down(sample, formal)
                raise
            verdicts.append(verdict)
            self.said.append({**verdict.record(), "formal": formal, "noted": self.noting})
        refused = next((verdict for verdict in verdicts if verdict.reason), None)
        if refused is not None and formal:
            self._turn_down(sample, formal)
            raise Rejected(refused.reason, refused.detail)
        checks = tuple(verdict.check().record() for verdict in verdicts)
        return dataclasses.replace(sample, checks=(*sample.checks, *checks))

    def _turn_down(self, sample: Sample, formal: bool) -> None:
        """Keep a sample that passed all checks for the reject of its task."""
        if formal:
            self.turned_down = orjson.dumps(sample.messages).decode()

    def _asked(self, index: int, formal: bool) -> Iterator[tuple[str, Port]]:
        """The judges of the task's record of that index, by role; `formal` says whether it passed
        all checks."""
        draw = self._calls.draw
        yield JUDGE, self._models.judge.draw(draw("judge"), 1)[0]
        audited = self._judging is not None and self._judging.audited
        if audited and formal and self._drawn(f"audit {index}"):
            yield AUDITOR, self._models.auditor


def _ends_run(error: Exception) -> bool:
    """Whether an error is of the endpoint or the run, and not of what was written."""
    return isinstance(error, BeamSynthError) and not isinstance(error, Rejected)


def _passages(seed: Seed) -> tuple[Passage, ...]:
    """The passages that a task has."""
    return (seed.passage, *seed.neighbors) if isinstance(seed, PassageSeed) else ()
