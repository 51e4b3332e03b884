"""The plan of a job without passages: so many problems, each with a number of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from beam_synth.drawing import digest, draw
from beam_synth.errors import Refused
from beam_synth.generation.mixture import PlanConfig
from beam_synth.generation.planned_buckets import Planned, by_bucket
from beam_synth.materials.problems import load_problems
from beam_synth.records import Task

_AT_ONCE = 10_000  # tasks planned together


def number_ranges(total: int) -> list[tuple[int, int]]:
    """(first, end) of the numbers below `total`, 10,000 at a time.

    >>> number_ranges(10_001)
    [(0, 10000), (10000, 10001)]
    """
    return [(first, min(first + _AT_ONCE, total)) for first in range(0, total, _AT_ONCE)]


def plan_problems(
    numbers: Sequence[int], languages: Mapping[str, float], config: PlanConfig
) -> Planned:
    """The plan of some numbers, each of which has a task; arguments as of `problem_tasks`."""
    tasks = problem_tasks(numbers, languages, config)
    return Planned(by_bucket(tasks, config.task_buckets), len(tasks), len(tasks), [])


def problem_tasks(
    numbers: Sequence[int], languages: Mapping[str, float], config: PlanConfig
) -> list[Task]:
    """A task for each number: its method by weight, its language by share, both drawn by key.

    `languages` are weights, as `problem_languages` gives them.
    """
    shares = {s.method: s for s in config.of_round(0) if s.start.kind == "problem"}
    weights = {
        name: share.weight for name, share in shares.items() if any(map(share.serves, languages))
    }
    tasks = []
    for number in numbers:
        seed_id = digest("problem", number)
        drawn = draw(config.seed, seed_id, "plan")
        share = shares[drawn.weighted(weights)]
        served = {code: part for code, part in languages.items() if share.serves(code)}
        language = drawn.weighted(served)
        task_id = digest(config.seed, share.method, share.revision, seed_id, language)
        tasks.append(Task(task_id, share.method, language, "", (), number))
    return tasks


def problem_languages(problems: str | None, config: PlanConfig) -> dict[str, float]:
    """The share of each language, of those that the templates have, the job asks for and a method
    serves.

    Languages that the job names without shares, and those that "*" stands for, are equally likely.
    Raises Refused where no template has a text in a language that is asked for.
    """
    known = sorted({code for problem in load_problems(problems) for code in problem.text})
    asked = [
        code
        for code in known
        if (config.languages is None or code in config.languages) and config.serves(code)
    ]
    named = dict(config.language_shares)
    others = [code for code in asked if code not in named]
    rest = named.get("*", 0.0 if named else 1.0)
    found = {code: named[code] if code in named else rest / len(others) for code in asked}
    if not any(found.values()):
        wanted = ", ".join(config.languages or (code for code in named if code != "*"))
        raise Refused(
            f"languages: no problem template has a text in {wanted}; they have {', '.join(known)}"
        )
    return found
