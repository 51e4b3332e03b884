"""Checks of a worked problem: two routes, wording, trace, answer and options."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from fractions import Fraction

from beam_synth.checks import Check, outcome
from beam_synth.checks.answer_position import EARLIEST
from beam_synth.checks.language import answer_language, language_check
from beam_synth.checks.leaks import leaks
from beam_synth.checks.suites import trace_checks
from beam_synth.materials.problems.answers import WrittenNumber, agrees, figures
from beam_synth.materials.problems.rendering import number
from beam_synth.materials.problems.sampling import fault
from beam_synth.materials.problems.slips import OPTIONS, contained_pairs, unlikely
from beam_synth.methods.arithmetic.same_problem import (
    changed,
    hints,
    idle_sums,
    other_aim,
    strange_shapes,
    unused,
    wrong_noun,
    wrong_rates,
)
from beam_synth.methods.arithmetic.worked import LETTERS, Worked, numbers_said
from beam_synth.methods.mcq.weighing import decided_for
from beam_synth.text.equations import derived, equations, evaluate_arithmetic
from beam_synth.text.quotes import mask_quotes
from beam_synth.text.sentences import count_words

LEAST_WORDS = 2  # beside numbers and letters of options

_GCD = re.compile(r"\b(gcd|lcm)\((\d+), (\d+)\) = (\d+)")
_FLOOR = re.compile(r"⌊([^⌊⌋\n]+)⌋ = (\d+)")
_CHECKS = re.compile(r"\b(?:check|verif|test|proof|confirm)\w*", re.IGNORECASE)
_LABEL = re.compile(r"(?<![\w(])\(?([A-D])\)")
_UNITS = re.compile(r"\s?(km/h|km|cm[²³]|cm|m[²³]|min|ml|mm|m|kg|g|h|s|l|°[CF]|°|%)(?![\w²³/])")


def query_checks(worked: Worked) -> Iterator[Check]:
    """The checks of problem, wording and options alone, each made when it is asked for."""
    yield check_routes(worked)
    yield check_numbers(worked)
    yield check_same(worked)
    yield check_hints(worked)
    yield language_check("query_language", "query_language", worked.query, worked.language)
    if worked.options:
        yield check_options(worked)
        yield check_key(worked)


def checks_of(worked: Worked) -> Iterator[Check]:
    """All checks, in order, each made when it is asked for."""
    yield from query_checks(worked)
    yield from trace_checks(worked.reasoning, worked.trace_words)
    yield check_functions(worked)
    yield check_leaks(worked)
    yield check_supported(worked)
    yield check_early(worked)
    yield check_reached(worked)
    yield check_way(worked)
    yield answer_language(worked.answer, worked.language)
    yield check_answer(worked)


# ---------------------------------------------------------------- problem and wording


def check_routes(worked: Worked) -> Check:
    """The values make an instance, and direct evaluation and the second route agree.

    The routes are independent programs over the same template, so that a slip in one of them
    shows.
    """
    problem, values = worked.instance.problem, worked.instance.values
    wrong = fault(problem, values)
    problems = [wrong] if wrong else []
    detail = "" if wrong else f"twice {number(worked.value, 'rational')}"
    return outcome("instance_routes", "no_instance", problems, detail)


def check_numbers(worked: Worked) -> Check:
    """The query states exactly the problem's numbers and names: none is lost, none is added."""
    asked = {figure.value for figure in figures(worked.query, worked.language)}
    wanted = worked.stated
    problems = [f"{number(n, 'rational')} is missing" for n in sorted(wanted - asked)]
    problems += [f"{number(n, 'rational')} is not the problem's" for n in sorted(asked - wanted)]
    names = [v for v in worked.instance.values.values() if isinstance(v, str)]
    problems += [f"{name!r} is missing" for name in names if name not in worked.query]
    detail = ", ".join(number(n, "rational") for n in sorted(wanted))
    return outcome("query_numbers", "query_changes_problem", problems, detail)


def check_same(worked: Worked) -> Check:
    """The query asks for the same quantity, of the same, in the same units."""
    return outcome("query_same_problem", "query_changes_problem", changed(worked))


def check_hints(worked: Worked) -> Check:
    """The query does not say how to calculate."""
    return outcome("query_no_hint", "query_hints", hints(worked))


# ---------------------------------------------------------------- trace


def false_functions(text: str) -> list[str]:
    """Statements such as "gcd(24, 36) = 12" and "⌊157 ÷ 12⌋ = 13" that are false.

    >>> false_functions("gcd(24, 36) = 12, lcm(4, 6) = 24 and ⌊157 ÷ 12⌋ = 13")
    ['lcm(4, 6) = 24']
    """
    wrong = []
    for match in _GCD.finditer(text):
        value = {"gcd": math.gcd, "lcm": math.lcm}[match[1]](int(match[2]), int(match[3]))
        wrong += [match.group()] if value != int(match[4]) else []
    for match in _FLOOR.finditer(text):
        try:
            holds = math.floor(evaluate_arithmetic(match[1])[0]) == int(match[2])
        except ValueError:
            holds = False
        wrong += [] if holds else [match.group()]
    return wrong


def check_functions(worked: Worked) -> Check:
    """What the trace says of divisors and whole quotients is true."""
    wrong = false_functions(worked.reasoning)
    return outcome("trace_functions", "trace_arithmetic", wrong)


def check_leaks(worked: Worked) -> Check:
    """The trace, without its quotations, mentions nothing that its reader does not see."""
    name = worked.instance.problem.name
    mentions = leaks(mask_quotes(worked.reasoning), rag=False, title=name, query=worked.query)
    return outcome("trace_no_leak", "trace_leaks_source", [f"mentions {f!r}" for f in mentions])


def _strange(written: list[WrittenNumber], known: set[Fraction]) -> list[str]:
    """Numbers that are not known; a fraction is where both its parts are."""
    return [
        number(f.value, "rational")
        for f in written
        if abs(f.value) not in known
        and not (
            f.value.denominator > 1
            and {Fraction(abs(f.value.numerator)), Fraction(f.value.denominator)} <= known
        )
    ]


def check_supported(worked: Worked) -> Check:
    """Every number of the trace is stated in the query, or comes out of a true sum."""
    written = worked.said
    strange = _strange(written, worked.known)
    problems = [f"{text} comes from nowhere" for text in strange]
    return outcome("trace_supported", "trace_unsupported", problems, f"{len(written)} numbers")


def check_way(worked: Worked) -> Check:
    """The trace uses every number that the steps need, and no sum of it leads nowhere; it speaks of
    no other shape or measure than the problem."""
    problems = [f"{number(n, 'rational')} is not used" for n in unused(worked)]
    problems += idle_sums(worked)
    problems += other_aim(worked)
    problems += [
        f"it speaks of a {shape}" for shape in strange_shapes(worked, worked.reasoning, "en")
    ]
    return outcome("trace_way", "trace_strays", problems)


def check_early(worked: Worked) -> Check:
    """The answer first stands in the trace as the result of a true sum, or after 40% of it."""
    name, reason, trace = "trace_answer_late", "trace_early_answer", worked.reasoning
    first = next((f for f in worked.said if f.value == abs(worked.value)), None)
    if first is None:
        return outcome(name, reason, [], "not named")
    share = first.start / len(trace)
    late = share >= EARLIEST or _summed(worked, first.start)
    problems = [] if late else [f"the answer stands at {share:.0%}"]
    return outcome(name, reason, problems, f"at {share:.0%}")


def _summed(worked: Worked, at: int) -> bool:
    """Whether the answer, which stands there, is what a true sum of its line gives."""
    trace = worked.reasoning
    line = trace[trace.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    return trace[:at].rstrip(" −-")[-1:] in ("=", "≈") and worked.value in derived(line)


def _without_checks(trace: str) -> str:
    """The trace without the lines that check, and those under a heading that says so."""
    kept, checking = [], False
    for line in trace.split("\n"):
        heads = line.rstrip().endswith(":")
        checking = _CHECKS.search(line) is not None if heads else checking and "∴" not in line
        if not checking and not _CHECKS.search(line):
            kept.append(line)
    return "\n".join(kept)


def check_reached(worked: Worked) -> Check:
    """The last sum gives the answer, but for a check after it, and what the trace concludes names
    it."""
    name, reason, value = "trace_reaches_answer", "trace_misses_answer", worked.value
    sums = [right for _, holds, right in worked.sums if holds]
    if sums and sums[-1] != value:
        sums = [right for _, holds, right in equations(_without_checks(worked.reasoning)) if holds]
    problems = []
    if not sums or sums[-1] != value:
        last = number(sums[-1], "rational") if sums else "nothing"
        problems.append(f"the last sum gives {last}")
    end = worked.reasoning.rpartition("∴")[2]
    if abs(value) not in {f.value for f in numbers_said(end)}:
        problems.append(f"the conclusion does not name it: {end.strip()[:60]!r}")
    if worked.options:
        problems += decided_for(worked.reasoning, LETTERS[worked.key])
    return outcome(name, reason, problems, f"{len(sums)} sums")


# ---------------------------------------------------------------- answer and options


def check_answer(worked: Worked) -> Check:
    """The answer ends in the value with its unit, its sums are true, its numbers come from the
    problem; of a multiple choice it names the key's letter and no other. Numbers of an answer in
    LaTeX are not looked at one by one."""
    text, language = worked.answer, worked.language
    plain = text if language == "en" else re.sub(r"(?<=\d),(?=\d)", ".", text)
    sums = list(equations(plain))
    problems = [f"{e} is false" for e, holds, _ in sums if not holds]
    problems += [f"{e} is false" for e in false_functions(plain)]
    if not agrees(text, worked.value, language):
        problems.append(f"does not end in {number(worked.value, 'rational')}")
    elif "\\" not in text:
        written = list(figures(text, language))
        known = worked.backed | {abs(worked.value)} | {abs(v) for _, holds, v in sums if holds}
        going_on = listed_numbers(text, written, known)
        strange = [figure for figure in written if figure not in going_on]
        problems += [f"{n} comes from nowhere" for n in _strange(strange, known)]
        problems += _wrong_unit(worked, text[written[-1].end :])
    problems += wrong_rates(worked)
    problems += wrong_noun(worked)
    shapes = strange_shapes(worked, text, language)
    problems += [f"it speaks of a {shape}, the problem does not" for shape in shapes]
    if count_words(re.sub(r"[\d\W]+|\b[A-D]\)", " ", text)) < LEAST_WORDS:
        problems.append("it is no sentence")
    if worked.options:
        named = set(_LABEL.findall(text))
        if named != {LETTERS[worked.key]}:
            problems.append(f"names {', '.join(sorted(named)) or 'no letter'}")
    return outcome("answer_value", "answer_wrong", problems)


def listed_numbers(
    text: str, written: list[WrittenNumber], known: set[Fraction]
) -> list[WrittenNumber]:
    """Numbers of a list ("440, 480, 520") that goes on from a known one by a known step."""
    found: list[WrittenNumber] = []
    for before, after in itertools.pairwise(written):
        apart = text[before.end : after.start].strip()
        linked = apart == "," or (found and found[-1] is before and len(apart) <= 5)
        begun = abs(before.value) in known or before in found
        if linked and begun and abs(after.value - before.value) in known:
            found.append(after)
    return found


def _wrong_unit(worked: Worked, rest: str) -> list[str]:
    """What is wrong with the unit behind the answer; none is as good as the right one."""
    problem = worked.instance.problem
    unit = "%" if problem.type == "percent" else problem.unit
    match = _UNITS.match(rest)
    return [f"the unit is {match[1]!r}"] if match and match[1] != unit else []


def check_options(worked: Worked) -> Check:
    """Four options of one type, form and magnitude, distinct, none within another.

    The wrong ones are what typical slips of this problem give.
    """
    kind = worked.instance.problem.type
    problems = [] if len(worked.options) == OPTIONS else [f"{len(worked.options)} options"]
    texts = [number(value, kind) for value in worked.options]
    problems += [f"{a!r} is within {b!r}" for a, b in contained_pairs(texts)]
    wrong = [value for value in worked.options if value != worked.value]
    strange = [number(value, kind) for value in unlikely(worked.instance, wrong)]
    problems += [f"{text} is no slip of this problem" for text in strange]
    return outcome("mcq_options", "mcq_options", problems, " | ".join(texts))


def check_key(worked: Worked) -> Check:
    """The key, and no other option, is the answer; the check's detail is its letter."""
    right = [i for i, value in enumerate(worked.options) if value == worked.value]
    problems = [] if right == [worked.key] else [f"right are {right}, the key is {worked.key}"]
    return outcome("mcq_key", "mcq_key", problems, LETTERS[worked.key : worked.key + 1])
