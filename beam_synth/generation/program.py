"""Runs one task's method program to its outcome.

A program is a method's async function. It sees a port for each role, and a source of draws;
whatever it does ends in one Outcome, or is put off for a later run.
"""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from beam_synth.errors import ContentRefused, Permanent, Rejected, Stopped, Unusable
from beam_synth.generation.calls import Doubtful, PutOff
from beam_synth.generation.health import FailedCall
from beam_synth.generation.journal import CallJournal, TaskJournal
from beam_synth.generation.made import check_made
from beam_synth.generation.outcomes import Finished, encode_outcome
from beam_synth.generation.program_ports import ProgramModels
from beam_synth.generation.rows import MAX_RECORDS, record_row
from beam_synth.generation.task_calls import Context, TaskCalls
from beam_synth.generation.task_judges import TaskJudges
from beam_synth.methods.declaration import Method
from beam_synth.methods.seeds import Seed
from beam_synth.records import Made, Outcome, Record, Sample, Task


class Unfinished(NamedTuple):
    """A program that was put off or stopped: its task counts as not done.

    `final` is what becomes of the task once it is known that its endpoint serves others, and
    `call` what failed; None where the task is as good as not begun.
    """

    detail: str  # why, for the user
    final: Finished | None = None
    call: FailedCall | None = None
    again: bool = False  # a later try may succeed: final only after several starts


async def run_program(
    seed: Seed, context: Context, journal: TaskJournal | None = None
) -> Finished | Unfinished:
    """Run a task's method to its outcome; nothing that a method or an engine does escapes.

    `journal` gives and takes the task's calls, where they are kept while it has no outcome.

    Ends in:
        made: the method returned 1 to 256 records; where there is a judge, it let all samples
            pass.
        rejected: the method, a check or the judge raised Rejected with a reason of `REASONS` or
            one that the method declares; a filter of the endpoint refused what it is about.
        failed: `engine_error` for what an engine lacks; `internal_error` for any other exception,
            which is the method's own fault.
        Unfinished: the run stopped, a call was put off or refused, or the service as a whole.
    """
    task = seed.task
    calls = TaskCalls(task, context, journal)
    models = ProgramModels(calls)
    judges = TaskJudges(seed, calls)

    def ended(kind: Literal["rejected", "failed"], reason: str, detail: str) -> Finished:
        outcome = _outcome_without_records(task, calls, kind, reason, detail)
        raw = judges.turned_down if kind == "rejected" else ""
        said = tuple(judges.said)
        return _encoded(dataclasses.replace(outcome, raw=raw or outcome.raw, verdicts=said))

    try:
        method = context.method(task.method)
        async with calls:
            with judges.watching():
                result = await method.function(seed, models, calls.draw)
                records: list[Made] = list(result) if isinstance(result, Sequence) else [result]
                records = await judges.judged(records)
            if calls.notes:
                records = [_noted(record, calls.notes) for record in records]
        outcome = _outcome_of_records(task, calls, method, context.seed, records)
        return encode_outcome(dataclasses.replace(outcome, verdicts=tuple(judges.said)))
    except Rejected as error:
        if not context.method(task.method).knows(error.reason):
            detail = f"the method does not declare its reason {error.reason!r}: {error.detail}"
            return ended("failed", "internal_error", detail)
        return ended("rejected", error.reason, error.detail)
    except PutOff as error:
        final = ended("failed", "endpoint_refuses_task", str(error))
        return Unfinished(str(error), final, error.call, again=True)
    except Doubtful as error:
        return Unfinished(str(error), ended("failed", "engine_error", str(error)), error.call)
    except (Stopped, Unusable) as error:
        return Unfinished(str(error))
    except ContentRefused as error:
        return ended("rejected", "content_refused", str(error))
    except Permanent as error:
        return ended("failed", "engine_error", str(error))
    except Exception as error:  # a method's own fault: this task fails, its batch goes on
        return ended("failed", "internal_error", _where_it_broke(error))


async def run_journaled(
    seed: Seed, context: Context, journal: CallJournal
) -> Finished | Unfinished:
    """Run a task's method, its calls kept in the journal where the method asks for that.

    Raises OSError where the journal cannot be read or written: then its batch breaks.
    """
    if not context.method(seed.task.method).journal:
        return await run_program(seed, context)
    ended = await run_program(seed, context, await journal.of_task(seed.task.task_id))
    journal.check()
    return ended


def journaled(tasks: Sequence[Task], context: Context) -> list[str]:
    """The ids of the tasks whose methods keep a journal of their calls."""
    return [task.task_id for task in tasks if context.method(task.method).journal]


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


def _outcome_without_records(
    task: Task, calls: TaskCalls, kind: Literal["rejected", "failed"], reason: str, detail: str
) -> Outcome:
    return Outcome(
        task_id=task.task_id,
        kind=kind,
        method=task.method,
        language=task.language,
        reason=reason,
        detail=detail,
        raw=calls.last_text,
        steps=tuple(calls.steps),
    )


def _noted(record: Made, notes: tuple[dict[str, Any], ...]) -> Made:
    """The record with notes beside its checks."""
    if isinstance(record, Sample | Record):
        return dataclasses.replace(record, checks=(*record.checks, *notes))
    return record


def _outcome_of_records(
    task: Task, calls: TaskCalls, method: Method, run_seed: int, records: list[Made]
) -> Outcome:
    if not 0 < len(records) <= MAX_RECORDS:
        raise ValueError(f"{task.method} gave {len(records)} records, 1 to {MAX_RECORDS} may be")
    check_made(task.method, records, chat=method.makes.surface == "chat")
    models = calls.models
    rows = [
        record_row(record, i, task, method, run_seed, models) for i, record in enumerate(records)
    ]
    return Outcome(
        task_id=task.task_id,
        kind="made",
        method=task.method,
        language=task.language,
        records=tuple(rows),
        qualities=tuple(record.quality for record in records),
        steps=tuple(calls.steps),
    )


def _where_it_broke(error: Exception) -> str:
    """The error and the innermost places it came through; no path of this machine."""
    tail = traceback.extract_tb(error.__traceback__)[-3:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in tail]
    return f"{type(error).__name__}: {error} ({' > '.join(places)})"
