"""Recorded problems of arithmetic: which template they are of, with which values."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from beam_synth.errors import Rejected
from beam_synth.materials.problems import Instance, load_problems
from beam_synth.materials.problems.answers import figures, parse_number
from beam_synth.materials.problems.expressions import Node, Value
from beam_synth.materials.problems.pools import POOLS
from beam_synth.materials.problems.rendering import result
from beam_synth.materials.problems.sampling import (
    answer_of,
    question_of,
    solution_of,
)
from beam_synth.materials.problems.sampling import (
    fault as no_instance,
)
from beam_synth.materials.problems.templates import Problem
from beam_synth.methods.arithmetic.checks import checks_of, query_checks
from beam_synth.methods.arithmetic.worked import Worked
from benchmarks.answers.rebuilt import fault, fields_of, judged, language_in, lettered, refused
from benchmarks.answers.recorded import Judged, RecordedAnswer, blocks_of, line_of

_SLOT = re.compile(r"\\\{(\w+)\\\}")
_TOPIC = re.compile(r"^Problem \(([\w ]+), asked by", re.MULTILINE)


def query_judged(record: RecordedAnswer) -> Judged:
    """A worded problem."""
    language = language_in(record, "Language")
    statement = _block(record, "problem")
    instance = instance_of_statement(statement, language)
    if instance is None:
        raise fault(record, f"no template says {statement[:80]!r}")
    try:
        (query,) = fields_of(record, "query")
    except Rejected as error:
        return refused(error)
    return judged(query_checks(Worked(instance, query)))


def answer_judged(record: RecordedAnswer) -> Judged:
    """Trace and answer of a problem, with options or without."""
    language = language_in(record, "Language of the answer")
    query = _block(record, "query")
    steps = _block(record, "solution").splitlines()
    topic = _TOPIC.search(record.user)
    if topic is None:
        raise fault(record, "no topic")
    instance = instance_of_solution(steps, query, topic[1], language)
    if instance is None:
        raise fault(record, f"no template of {topic[1]} has the steps {steps}")
    value, problem = answer_of(instance.problem, instance.values), instance.problem
    told = line_of(record.user, "- the value")
    if result(value, problem.type, problem.unit, language) != told:
        raise fault(record, f"the value is {value}, not {told!r}")
    options = _options(record, language)
    if options and value not in options:
        raise fault(record, f"{value} is none of the options")
    try:
        reasoning, answer = fields_of(record, "reasoning", "answer")
    except Rejected as error:
        return refused(error)
    key = options.index(value) if options else 0
    return judged(checks_of(Worked(instance, query, reasoning, answer, options, key)))


def _block(record: RecordedAnswer, tag: str) -> str:
    blocks = blocks_of(record.user, tag)
    if len(blocks) != 1:
        raise fault(record, f"{len(blocks)} blocks <{tag}>")
    return blocks[0].text.strip()


def _options(record: RecordedAnswer, language: str) -> tuple[Fraction, ...]:
    listed = record.user.partition("\nOptions:\n")[2].partition("\n\n")[0]
    read = [next(figures(text, language), None) for text in lettered(listed)]
    if None in read:
        raise fault(record, f"an option is no number: {listed!r}")
    return tuple(number.value for number in read if number is not None)


def instance_of_statement(statement: str, language: str) -> Instance | None:
    """The instance whose question this is; None where no shipped template gives it."""
    for problem in load_problems(None):
        if language in problem.text:
            for values in _read_slots(problem, problem.text[language], statement):
                instance = Instance(problem, language, values)
                if question_of(instance) == statement and not no_instance(problem, values):
                    return instance
    return None


def _read_slots(problem: Problem, text: str, statement: str) -> Iterator[dict[str, Value]]:
    seen: set[str] = set()

    def group(slot: re.Match[str]) -> str:
        if slot[1] in seen:
            return f"(?P={slot[1]})"
        seen.add(slot[1])
        return rf"(?P<{slot[1]}>-?\d+(?:/\d+)?|[^\W\d_]+)"

    found = re.fullmatch(_SLOT.sub(group, re.escape(text)), statement)
    if found:
        yield {name: _value(read) for name, read in found.groupdict().items()}


def _value(text: str) -> Value:
    return Fraction(text) if text[:1].isdigit() or text[:1] == "-" else text


def instance_of_solution(
    steps: list[str], query: str, topic: str, language: str
) -> Instance | None:
    """The instance with these worked steps; what no step uses is read from the query."""
    labels = [step.partition(":")[0] for step in steps]
    for problem in load_problems(None):
        if problem.topic == topic and [step.label for step in problem.steps] == labels:
            known = _read_steps(problem, steps)
            for values in _completed(problem, known, query, language) if known is not None else ():
                instance = Instance(problem, language, values)
                if not no_instance(problem, values) and solution_of(instance) == steps:
                    return instance
    return None


def _read_steps(problem: Problem, steps: list[str]) -> dict[str, Fraction] | None:
    """Values of the names that the steps use; None where the steps are of another problem."""
    known: dict[str, Fraction] = {}
    for step, line in zip(problem.steps, steps, strict=True):
        left, _, right = line.partition(":")[2].rpartition("=")
        written = [number.value for number in figures(left.replace("−", " − "), "en")]
        leaves = list(_leaves(step.node))
        outcome = parse_number(right.strip())
        if len(written) != len(leaves) or outcome is None:
            return None
        for leaf, number in zip(leaves, written, strict=True):
            wanted = leaf.number if leaf.op == "number" else known.setdefault(leaf.name, number)
            if abs(wanted) != abs(number):
                return None
        known[step.name] = outcome
    return {name: number for name, number in known.items() if name in problem.domains}


def _leaves(node: Node) -> Iterator[Node]:
    if not node.args:
        yield node
    for part in node.args:
        yield from _leaves(part)


def _completed(
    problem: Problem, known: Mapping[str, Fraction], query: str, language: str
) -> Iterator[dict[str, Value]]:
    """`known` with each choice of the query's names and numbers for what is missing."""
    missing = [name for name in problem.domains if name not in known]
    numbers = list(dict.fromkeys(figure.value for figure in figures(query, language)))
    choices: list[list[Value]] = []
    for name in missing:
        domain = problem.domains[name]
        people = [who for who in _people() if who in domain and who in query]
        choices.append([*people, *(number for number in numbers if number in domain)])
    for chosen in itertools.product(*choices):
        yield {**known, **dict(zip(missing, chosen, strict=True))}


@functools.cache
def _people() -> tuple[str, ...]:
    return tuple(who for pool in POOLS.values() for who in pool)
