"""Arithmetic by templates (SYNTH; GSM-Symbolic, arXiv 2410.05229): numbers drawn, answers computed.

A template's values are drawn until they make a problem. One model words it; another writes trace
and answer, knowing value and solution as if it did not. Whatever fails a check is not kept.
`math_mcq` offers four values, the wrong ones by typical slips.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from beam_synth.checks import Check, require
from beam_synth.engines.ports import Answer, Models
from beam_synth.materials.problems import Instance, load_problems, problem_of
from beam_synth.materials.problems.expressions import Value
from beam_synth.materials.problems.rendering import result
from beam_synth.materials.problems.sampling import choose_problem, question_of, sample, solution_of
from beam_synth.materials.problems.slips import wrong_values
from beam_synth.materials.problems.templates import record_sha256
from beam_synth.methods.arithmetic.checks import checks_of, query_checks
from beam_synth.methods.arithmetic.examples import ARITHMETIC_PROMPTS, MATH_MCQ_PROMPTS
from beam_synth.methods.arithmetic.worked import LETTERS, Worked
from beam_synth.methods.declaration import DrawFor, method
from beam_synth.methods.seeds import PROBLEM, ProblemSeed
from beam_synth.methods.shared.answer_lengths import (
    ANSWER_WORDS,
    LONGEST_TRACE,
    QUERY_WORDS,
    most_tokens,
)
from beam_synth.methods.shared.axes import STYLES, USER_PROFILES
from beam_synth.methods.shared.bare_query import bare_query
from beam_synth.methods.shared.rereading import altered, constraints_of, disagreements, reread
from beam_synth.methods.shared.samples import ANSWER_SCHEMA, quality, stripped_fields, turns
from beam_synth.methods.shared.second_try import ask_in_form
from beam_synth.methods.shared.trace_words import draw_trace_words, held_in, held_to
from beam_synth.records import LANGUAGES, FindPassage, Row, Sample

QUERY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"query": {"type": "string"}},
    "required": ["query"],
    "additionalProperties": False,
}
LICENSE = "Apache-2.0"  # of the templates


def verify(row: Row, texts: FindPassage) -> list[Check]:
    """The checks of a written row, made again; one more that fails where its parts disagree.

    The row tells its problem and values, so that no text of the run is looked up.
    """
    return reread(row, texts, _checks)


def _checks(row: Row, texts: FindPassage) -> Iterator[Check]:
    worked = worked_of(row)
    yield from checks_of(worked)
    constraints = constraints_of(row)
    surface = turns(worked.prompt, worked.reasoning, worked.answer)
    problems = list(disagreements(row, surface))
    if [dict(seed) for seed in row["seeds"]] != [_seed_record(constraints["problem"])]:
        problems.append("the seed is not the problem's template")
    if ("options" in constraints) is not (row["exercise"] == "math mcq"):
        problems.append("options belong to a multiple choice, and to nothing else")
    if problems:
        yield altered(problems)


def worked_of(row: Row) -> Worked:
    """The problem of a written row. Raises KeyError or ValueError where it holds none."""
    constraints = constraints_of(row)
    problem = problem_of(constraints["problem"])
    return Worked(
        Instance(problem, row["language"], _read_values(constraints["values"])),
        bare_query(row["query"], row["exercise"]),
        row["synthetic_reasoning"],
        row["synthetic_answer"],
        tuple(Fraction(option) for option in constraints.get("options", ())),
        constraints.get("key", 0),
        held_in(row, constraints),
    )


@method(
    exercise="math exercise",
    calls=2,
    most_calls=4,  # each answer may go back once
    starts_from=PROBLEM,
    prompts=ARITHMETIC_PROMPTS,
    revision=2,
    verify=verify,
    languages=LANGUAGES,
)
async def arithmetic(seed: ProblemSeed, models: Models, draw: DrawFor) -> Sample:
    """One worked problem.

    Raises Rejected with the reason of the first check that fails (`arithmetic.checks`),
    "no_instance" where 1000 draws of values make no problem, and "malformed_answer".
    """
    instance, style = _drawn_problem(seed, draw)
    worked = await _ask_query(Worked(instance, ""), style, models)
    words = _trace_words(instance, draw)
    return await _ask_answer(worked, style, words, models, "math exercise")


@method(
    exercise="math mcq",
    calls=2,
    most_calls=4,  # each answer may go back once
    starts_from=PROBLEM,
    prompts=MATH_MCQ_PROMPTS,
    revision=2,
    verify=verify,
    languages=LANGUAGES,
)
async def math_mcq(seed: ProblemSeed, models: Models, draw: DrawFor) -> Sample:
    """One problem with four values to choose from.

    Raises Rejected as `arithmetic` does, and where slips give too few wrong values.
    """
    instance, style = _drawn_problem(seed, draw)
    wrong = wrong_values(instance, draw("options"))
    key = draw("key").below(len(LETTERS))
    options = (*wrong[:key], Worked(instance, "").value, *wrong[key:])
    posed = Worked(instance, "", options=options, key=key)
    worked = await _ask_query(posed, style, models)
    words = _trace_words(instance, draw)
    return await _ask_answer(worked, style, words, models, "math mcq")


def _trace_words(instance: Instance, draw: DrawFor) -> int:
    """The length of the trace: the more steps the solution has, the longer."""
    steps = len(solution_of(instance))
    complexity = "simple" if steps < 3 else "moderate" if steps < 5 else "complex"
    return draw_trace_words(draw("trace words"), complexity)


def _drawn_problem(seed: ProblemSeed, draw: DrawFor) -> tuple[Instance, dict[str, str]]:
    problem = choose_problem(load_problems(seed.problems), seed.language, draw("problem"))
    instance = sample(problem, seed.language, draw("values"))
    axes = draw("style")
    return instance, {"style": axes.choice(STYLES), "user_profile": axes.choice(USER_PROFILES)}


async def _ask_query(posed: Worked, style: dict[str, str], models: Models) -> Worked:
    """The problem with a query, checked."""
    instance = posed.instance

    def read(written: Answer) -> Worked:
        worked = dataclasses.replace(posed, query=stripped_fields(written.data, "query")[0])
        require(query_checks(worked))
        return worked

    variables = {
        "problem": question_of(instance),
        "topic": instance.problem.topic,
        "unit": instance.problem.unit,
        "language": instance.language,
        **style,
    }
    return await ask_in_form(
        models.generator,
        "arithmetic/query",
        variables,
        QUERY_SCHEMA,
        read,
        most_tokens=most_tokens(instance.language, QUERY_WORDS),
    )


async def _ask_answer(
    worked: Worked, style: dict[str, str], words: int, models: Models, exercise: str
) -> Sample:
    """The sample of a problem with its query, once trace and answer are written and checked."""
    held = held_to(words, models.generator)

    def read(written: Answer) -> Sample:
        reasoning, answer = stripped_fields(written.data, "reasoning", "answer")
        solved = dataclasses.replace(worked, reasoning=reasoning, answer=answer, trace_words=held)
        return _sample(solved, style, words, exercise)

    problem = worked.instance.problem
    variables: dict[str, Any] = {
        "query": worked.query,
        "value": result(worked.value, problem.type, problem.unit, worked.language),
        "solution": solution_of(worked.instance),
        "topic": problem.topic,
        "language": worked.language,
        "trace_words": words,
        **style,
    }
    if worked.options:
        variables |= {"options": list(worked.labels), "key": worked.labels[worked.key]}
    template = "arithmetic/choose" if worked.options else "arithmetic/answer"
    return await ask_in_form(
        models.generator,
        template,
        variables,
        ANSWER_SCHEMA,
        read,
        most_tokens=most_tokens(worked.language, ANSWER_WORDS["moderate"], LONGEST_TRACE),
    )


def _sample(worked: Worked, style: dict[str, str], words: int, exercise: str) -> Sample:
    checks = require(checks_of(worked))
    instance = worked.instance
    record = instance.problem.record(worked.language)
    constraints: dict[str, Any] = {
        "language": worked.language,
        "topic": instance.problem.topic,
        "values": {name: str(value) for name, value in instance.values.items()},
        "problem": record,
        "asked": style,
    }
    if worked.options:
        constraints |= {"options": [str(value) for value in worked.options], "key": worked.key}
    constraints["trace_words"] = words
    return Sample(
        language=worked.language,
        exercise=exercise,
        query=worked.prompt,
        reasoning=worked.reasoning,
        answer=worked.answer,
        seeds=(_seed_record(record),),
        checks=checks,
        constraints=constraints,
        constraint_list=tuple({"name": k, "value": v} for k, v in constraints.items()),
        messages=turns(worked.prompt, worked.reasoning, worked.answer),
        quality=quality(checks),
    )


def _seed_record(record: dict[str, Any]) -> dict[str, Any]:
    """The template as the sample's one seed (fields of `records.SEED`)."""
    return {
        "url": "",
        "title": record["name"],
        "revision": None,
        "section": record["topic"],
        "license": LICENSE,
        "text_sha256": record_sha256(record),
        "role": "template",
        "path": "[]",
    }


def _read_values(texts: dict[str, str]) -> dict[str, Value]:
    """Values as they stand in a row: numbers as "12" or "3/4", names as they are."""
    return {
        name: Fraction(text) if text[:1].isdigit() or text[:1] == "-" else text
        for name, text in texts.items()
    }
