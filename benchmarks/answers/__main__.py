"""Checks against recorded answers: how many good ones they reject and how many bad ones.

    python -m benchmarks.answers FILE [--all]

FILE holds JSON lines (`set`, `method`, `step`, `key`, `messages`, `answer`, `verdict`), gzipped or
not. Printed are a table by method and step, the checks that rejected, the good answers that were
rejected, the bad ones that were not and those that cannot be rebuilt from their messages; with
`--all` every answer. A good answer that is sent back
is not lost and is counted by itself; a bad one that is sent back was found. Goals on answers that
the checks were not written beside: at most 5% of the good and at least 75% of the bad are rejected.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from beam_synth.ending import in_one_line
from beam_synth.judges.rubrics import RUBRICS, rubric_of
from benchmarks.answers.judging import JUDGES
from benchmarks.answers.recorded import (
    ACCEPTED,
    NOT_REACHED,
    REJECTED,
    SENT_BACK,
    Judged,
    RecordedAnswer,
    recorded_answers,
)

GOOD_GOAL, BAD_GOAL = 5.0, 75.0  # percent: at most, at least

NOT_REBUILT = "not rebuilt"  # the messages do not hold what the checks look at

Pairs = list[tuple[RecordedAnswer, Judged]]


def main() -> int:
    """Print what the checks make of the file's answers; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--all", action="store_true", help="print every answer's outcome")
    arguments = parser.parse_args()
    try:
        pairs = [(answer, _judged(answer)) for answer in recorded_answers(arguments.file)]
    except (OSError, ValueError) as error:
        raise SystemExit(f"benchmarks.answers: {error}") from error
    for line in (*_table(pairs), *_by_reason(pairs), *_listed(pairs, arguments.all)):
        print(line)
    good, bad = rate(pairs, "good", (REJECTED,)), rate(pairs, "bad", (REJECTED, SENT_BACK))
    print(f"not rebuilt: {sum(judged.reason == NOT_REBUILT for _, judged in pairs)}")
    print(f"goals: good at most {GOOD_GOAL:.0f}%, bad at least {BAD_GOAL:.0f}%")
    print(f"good rejected {good:.1f}%, bad rejected {bad:.1f}%")
    return int(good > GOOD_GOAL or bad < BAD_GOAL or any(j.reason == NOT_REBUILT for _, j in pairs))


def _judged(answer: RecordedAnswer) -> Judged:
    """What the checks make of it; an answer whose exchange cannot be rebuilt is not reached, and
    is told with the reason."""
    judge = JUDGES.get((answer.method, answer.step))
    if judge is None:
        return Judged(NOT_REACHED, NOT_REBUILT, "no checks for this method and step")
    try:
        return judge(answer)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        return Judged(NOT_REACHED, NOT_REBUILT, f"{type(error).__name__}: {error}")


def rate(pairs: Pairs, kind: str, outcomes: tuple[str, ...]) -> float:
    """Percent of the counted answers of a set that were reached and came to one of the outcomes."""
    reached = [j for a, j in pairs if a.counted and a.set == kind and j.outcome != NOT_REACHED]
    found = sum(judged.outcome in outcomes for judged in reached)
    return 100 * found / len(reached) if reached else 0.0


def _table(pairs: Pairs) -> Iterable[str]:
    counts = Counter((a.method, a.step, a.set, j.outcome) for a, j in pairs if a.counted)
    columns = [(s, o) for s in ("good", "bad") for o in (ACCEPTED, SENT_BACK, REJECTED)]
    yield f"{'method, step':34}" + "".join(f"{f'{s} {o}':>16}" for s, o in columns)
    for method, step in sorted({key[:2] for key in counts}):
        figures = (counts[method, step, kind, outcome] for kind, outcome in columns)
        yield f"{f'{method}, {step}':34}" + "".join(f"{figure:16}" for figure in figures)


def _by_reason(pairs: Pairs) -> Iterable[str]:
    counts = Counter((j.reason, a.set) for a, j in pairs if a.counted and j.reason)
    yield f"{'check':34}{'good':>16}{'bad':>16}"
    for reason in sorted({reason for reason, _ in counts}):
        yield f"{reason:34}{counts[reason, 'good']:16}{counts[reason, 'bad']:16}"


def _listed(pairs: Pairs, every: bool) -> Iterable[str]:
    for answer, judged in pairs:
        wrong = {"good": judged.outcome in (REJECTED, SENT_BACK), "bad": judged.outcome == ACCEPTED}
        lost = judged.reason == NOT_REBUILT
        if every or lost or (answer.counted and wrong[answer.set]):
            words = f"{judged.reason}: {judged.detail}" if judged.reason else answer.verdict
            if judged.outcome == ACCEPTED and answer.set == "bad":
                words = f"left to the judge: {', '.join(RUBRICS[rubric_of(answer.method)])}"
            where = f"{answer.set} {answer.method}, {answer.step} {answer.key}"
            yield f"{where}: {judged.outcome}: {words}"


if __name__ == "__main__":
    sys.exit(in_one_line(main))
