"""Whether a job's own problem templates can be used: looked at before any work."""

from __future__ import annotations

from pathlib import Path

from beam_synth.errors import Refused
from beam_synth.materials.problems.format import load_problems, read_file
from beam_synth.materials.problems.sampling import answer_of
from beam_synth.materials.problems.solving import second_route


def check_problems(folder: str | None) -> int:
    """The number of templates, shipped and of `folder` (None: the shipped ones alone).

    Those of `folder` are solved by both routes at their original values. Raises Refused with file
    and key where one cannot be read, has no second solution, or its routes disagree.
    """
    problems = load_problems(folder)
    for path in sorted(Path(folder).glob("*.yaml")) if folder is not None else ():
        for problem in read_file(path):
            try:
                second = second_route(problem, problem.original)
            except (ValueError, ArithmeticError) as error:
                raise Refused(f"{path}: {problem.name}: check: {error}") from error
            first = answer_of(problem, problem.original)
            if first != second:
                raise Refused(
                    f"{path}: {problem.name}: the answer is {first} at the original values, the "
                    f"check gives {second}"
                )
    return len(problems)
