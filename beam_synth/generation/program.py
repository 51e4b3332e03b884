"""Runs one task's method program: its calls by role, its seeds of calls, its log, its outcome.

A program is a method's async function. It sees two ports, `generator` and `judge`, and a source of
draws; whatever it does ends in one Outcome, or is put off for a later run.
"""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson

from beam_synth.checks.instances import parse_instance
from beam_synth.drawing import Draw, digest, draw
from beam_synth.engines.base import Request
from beam_synth.engines.ports import Answer
from beam_synth.errors import Permanent, Rejected, Stopped, TooLong, Unusable
from beam_synth.generation.calls import Called, Endpoint, PutOff, corrections
from beam_synth.generation.made import check_made
from beam_synth.generation.outcomes import Finished, encode_outcome
from beam_synth.generation.rows import MAX_SAMPLES, sample_row
from beam_synth.judges.pairwise import judged
from beam_synth.methods.declaration import Method, Seed
from beam_synth.records import REASONS, Outcome, Sample, Task


@dataclasses.dataclass(frozen=True)
class Role:
    """One role's endpoint, and the sampling that the job sets for it."""

    endpoint: Endpoint
    sampling: Mapping[str, Any]  # goes before what a method asks for


@dataclasses.dataclass(frozen=True)
class Context:
    """What all programs of a run share; each callable takes a name and gives the same for it."""

    seed: int  # the run's
    role: Callable[[str], Role]
    method: Callable[[str], Method]
    prompt_sha256: Callable[[str], str]  # of a template, in hex
    judged: bool = False  # whether a judge has a word on each sample


class Unfinished(NamedTuple):
    """A program that was put off or stopped: its task counts as not done."""

    detail: str  # why, for the user
    final: Finished | None = None  # its outcome if that repeats; None: never final


# ---------------------------------------------------------------- one program


class _Program:
    """The engines as one task's program sees them, and the log of its calls."""

    def __init__(self, task: Task, context: Context) -> None:
        self._task = task
        self._context = context
        self._calls_asked = 0
        self.steps: list[dict[str, Any]] = []  # one a call: `Outcome.steps`
        self.models: list[dict[str, Any]] = []  # MODEL entries, each once
        self.last_text = ""  # the answer that a reject keeps

    @property
    def generator(self) -> _Port:
        return _Port(self, self._context.role("generator"))

    @property
    def judge(self) -> _Port:
        return _Port(self, self._context.role("judge"))

    def draw(self, purpose: str) -> Draw:
        return draw(self._context.seed, self._task.task_id, purpose)

    def next_key(self) -> str:
        """The key of the next call; a program asks in the same order whenever it runs."""
        self._calls_asked += 1
        return digest(self._context.seed, self._task.task_id, "call", self._calls_asked)

    def log(self, request: Request, role: Role, called: Called) -> None:
        engine, completions = role.endpoint.engine, called.completions
        self.last_text = completions[0].text
        step = {
            "step": request.template,
            "model": engine.name,
            "prompt_tokens": sum([c.usage.prompt_tokens for c in completions]),
            "completion_tokens": sum([c.usage.completion_tokens for c in completions]),
            "tries": called.tries,
            "malformed": False,
        }
        if engine.timed:  # a rule takes no time worth telling, its outcomes are always the same
            step["ms"] = round(1000 * called.seconds)
        self.steps.append(step)
        sampling = orjson.dumps(request.sampling, option=orjson.OPT_SORT_KEYS).decode()
        entry = {
            "name": engine.name,
            "revision": getattr(engine, "revision", ""),
            "license": getattr(engine, "license", ""),
            "step": request.template,
            "prompt_sha256": self._context.prompt_sha256(request.template),
            "sampling": sampling,
        }
        if entry not in self.models:
            self.models.append(entry)


@dataclasses.dataclass(frozen=True)
class _Port:
    """One role's engine as one program sees it: the `Port` of `engines.ports`."""

    program: _Program
    role: Role

    async def ask(
        self,
        template: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
        sampling: Mapping[str, Any] | None = None,
        shorter: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Call the engine; a malformed structured answer is sent back a bounded number of times."""
        merged = {**(sampling or {}), **self.role.sampling}  # what the job says goes first
        followups: tuple[Mapping[str, str], ...] = ()
        shortened = False
        sent_back = 0
        while True:
            key = self.program.next_key()
            seed = int(key[:8], 16) >> 1
            request = Request(template, variables, schema, merged, seed=seed, followups=followups)
            try:
                called = await self.role.endpoint.call(request, key)
            except TooLong as error:
                if shorter is None or shortened:
                    raise Rejected("context_too_long", f"{template}: {error}") from None
                variables, followups, shortened = shorter, (), True
                continue
            self.program.log(request, self.role, called)
            text = called.completions[0].text
            if schema is None:
                return Answer(text, {}, shortened)
            try:
                return Answer(text, parse_instance(text, schema), shortened)
            except ValueError as error:
                self.program.steps[-1]["malformed"] = True
                if sent_back == self.role.endpoint.policy.malformed:
                    raise Rejected("malformed_answer", f"{template}: {error}") from None
                sent_back += 1
                followups = corrections(text, str(error))


async def run_program(seed: Seed, context: Context) -> Finished | Unfinished:
    """Run a task's method to its outcome; nothing that a method or an engine does escapes.

    Ends in:
        sample: the method returned 1 to 256 samples; where there is a judge, it let all pass.
        rejected: the method, a check or the judge raised Rejected with a reason of `REASONS`.
        failed: `engine_error` for a call that cannot succeed; `internal_error` for any other
            exception, which is the method's own fault.
        Unfinished: the run stopped, a call was put off, or the endpoint refuses this process.
    """
    task = seed.task
    program = _Program(task, context)

    def ended(kind: Literal["rejected", "failed"], reason: str, detail: str) -> Finished:
        return _encoded(_outcome_without_samples(task, program, kind, reason, detail))

    try:
        method = context.method(task.method)
        result = await method.function(seed, program, program.draw)
        samples = [result] if isinstance(result, Sample) else list(result)
        if context.judged:
            samples = [await judged(sample, program.judge) for sample in samples]
        return encode_outcome(_outcome_of_samples(task, program, method, context.seed, samples))
    except Rejected as error:
        if error.reason not in REASONS:
            return ended("failed", "internal_error", f"unknown reason {error.reason!r}")
        return ended("rejected", error.reason, error.detail)
    except (Stopped, PutOff) as error:
        return Unfinished(str(error))
    except Unusable as error:
        return Unfinished(str(error), ended("failed", "engine_error", str(error)))
    except Permanent as error:
        return ended("failed", "engine_error", str(error))
    except Exception as error:  # a method's own fault: this task fails, its batch goes on
        return ended("failed", "internal_error", _where_it_broke(error))


def _encoded(outcome: Outcome) -> Finished:
    """Encode a reject or failure, whatever characters its texts hold."""
    try:
        return encode_outcome(outcome)
    except TypeError:
        texts = {
            name: getattr(outcome, name).encode("utf-8", "replace").decode()
            for name in ("detail", "raw")
        }
        return encode_outcome(dataclasses.replace(outcome, **texts))


def _outcome_without_samples(
    task: Task, program: _Program, kind: Literal["rejected", "failed"], reason: str, detail: str
) -> Outcome:
    return Outcome(
        task_id=task.task_id,
        kind=kind,
        method=task.method,
        language=task.language,
        reason=reason,
        detail=detail,
        raw=program.last_text,
        steps=tuple(program.steps),
    )


def _outcome_of_samples(
    task: Task, program: _Program, method: Method, run_seed: int, samples: list[Sample]
) -> Outcome:
    if not 0 < len(samples) <= MAX_SAMPLES:
        raise ValueError(f"{task.method} gave {len(samples)} samples, 1 to {MAX_SAMPLES} may be")
    check_made(task.method, samples, chat=True)
    rows = [
        sample_row(sample, i, task, method, run_seed, program.models)
        for i, sample in enumerate(samples)
    ]
    return Outcome(
        task_id=task.task_id,
        kind="sample",
        method=task.method,
        language=task.language,
        samples=tuple(rows),
        qualities=tuple(sample.quality for sample in samples),
        steps=tuple(program.steps),
    )


def _where_it_broke(error: Exception) -> str:
    """The error and the innermost places it came through; no path of this machine."""
    tail = traceback.extract_tb(error.__traceback__)[-3:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in tail]
    return f"{type(error).__name__}: {error} ({' > '.join(places)})"
