"""Whether a worded problem is still the one that was given, and what is written about it fits.

Numbers are compared elsewhere. Here it is what they mean: which quantity is asked for, what a
share is a share of, units, and that the wording does not say how to calculate.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator
from fractions import Fraction

from beam_synth.materials.problems.answers import WrittenNumber, figures
from beam_synth.materials.problems.expressions import names_in
from beam_synth.materials.problems.templates import Problem
from beam_synth.methods.arithmetic.quantity_words import (
    ALL_OF,
    OPERATIONS,
    RATE,
    REMAINDER,
    found,
    hints_pattern,
    leave_for,
    quantities,
    shapes,
)
from beam_synth.methods.arithmetic.worked import Worked
from beam_synth.text.equations import equations
from beam_synth.text.folding import fold

# Quantities that cannot be asked for in other words; a difference can ("how much longer").
NAMED = frozenset(("mean", "perimeter", "probability"))
_SYMBOL = re.compile(r"\s?(km/h|km|cm[²³]|cm|m[²³]|min|ml|mm|m|kg|g|h|s|l|%)(?![\w²³/'])")
_CLAUSE = re.compile(r"[.,;:?!]\s|[.?!]$|\s(?:and|und|et|y|e|ed|i|oraz|en|ac|atque)\s")
_HOW_MANY = (
    r"(?:how many|combien d(?:e |')|wie viele|cuant[oa]s|quant[ie]|ile|hoeveel|quot) (?:d')?"
)
_ASKED = re.compile(rf"{_HOW_MANY}([^\W\d_]{{4,}})")
# The noun, also behind a verb ("quanti sono i bambini").
_ASKED_OF = re.compile(
    rf"{_HOW_MANY}(?:(?:sono|son|sind|sont|zijn|sunt|jest) (?:[^\W\d_]{{1,3}} )?)?([^\W\d_]{{4,}})"
)
_UNIT_WORDS = {
    unit: re.compile(rf"(?<![\w/]){unit}(?!\w)|{words}")
    for unit, words in {
        "km": "kilom|chilom|quilom|chiliom|kilóm",
        "cm": "centim|zentim|centym",
        "kg": "kilo|chilo|chilio|kilog",
        "g": r"\bgr[ao]m",
        "m": r"\bmet(?:er|re|ro|r\b|ry|row|ra)|\bmetr",
        "l": r"\blit(?:er|re|ro|r\b|ry|row|ra)|\blitr",
        "min": "minut",
    }.items()
}
_NOUN = re.compile(r"\s([^\W\d_]{4,})")
_STEM = 4  # letters in which two forms of a noun agree
_ADDS = re.compile(r"[+−–-]")
_TIMES = re.compile(r"[×*·÷/^()]")
_CHECKS = re.compile(r"\b(?:check|verif|sanity|plausib|estimate|proof|test)|≈", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?:half|halves|quarters?|(?:one|two|three|a) (?:thirds?|fourths?|fifths?|sixths?|sevenths?|"
    r"eighths?|ninths?|tenths?))\b"
)
_BEFORE = 30  # characters before a number in which what it is a share of may stand
_BEHIND = 70  # and behind it


Places = dict[Fraction, WrittenNumber]


def changed(worked: Worked) -> Iterator[str]:
    """In words, what the wording asks for that the problem does not, or no longer."""
    language = worked.language
    stated, query = worked.folded
    given, asked = quantities(stated, language), quantities(query, language)
    for lost in sorted((given - asked) & NAMED):
        yield f"the problem asks for or states a {lost}, the wording does not"
    for new in sorted(asked - given):
        if leave_for(new, stated, language):
            continue
        yield f"the wording speaks of a {new}, the problem does not"
    here, there = _numbers(worked.question, language), _numbers(worked.query, language)
    yield from _other_shares(worked, here, there)
    yield from _other_units(worked, here, there)
    yield from _other_question(worked)


def _other_question(worked: Worked) -> Iterator[str]:
    """A unit of the answer that the wording does not name, and a question for another of the things
    that the problem speaks of."""
    stated, query = worked.folded
    unit = worked.instance.problem.unit
    named = _UNIT_WORDS.get(unit)
    if named and re.search(rf"(?<![\w/]){unit}(?![\w/])", stated) and not named.search(query):
        yield f"the problem asks for {unit}, the wording does not"
    wanted = _ASKED.search(stated)
    if wanted is None:
        return
    stem = wanted[1][:_STEM]
    before, question = _last_sentence(stated)[0], _last_sentence(query)[1]
    asked = _ASKED_OF.search(question)
    if asked and stem not in question and asked[1][:_STEM] in {w[:_STEM] for w in before.split()}:
        yield f"the problem asks for {wanted[1]}, the wording for {asked[1]}"


def _last_sentence(folded: str) -> tuple[str, str]:
    """What stands before the sentence with the question, and that sentence."""
    at = max((folded.rfind(mark, 0, len(folded) - 1) for mark in (". ", ": ", "; ")), default=-1)
    return folded[: at + 1], folded[at + 1 :]


def _numbers(text: str, language: str) -> Places:
    """The numbers of a text that it has only once."""
    written = list(figures(text, language))
    values = [number.value for number in written]
    return {number.value: number for number in written if values.count(number.value) == 1}


def _other_shares(worked: Worked, here: Places, there: Places) -> Iterator[str]:
    """Shares of what is left that became shares of the whole."""
    language = worked.language
    stated, query = worked.question, worked.query
    for value in here.keys() & there.keys():
        behind = fold(_CLAUSE.split(stated[here[value].end :], 1)[0])
        if not found(REMAINDER[language], behind):
            continue
        at = there[value]
        around = fold(query[max(0, at.start - _BEFORE) : at.start + _BEHIND])
        clause = fold(_CLAUSE.split(query[at.end :], 1)[0])
        whole = found(ALL_OF[language], clause)
        if whole or not found(REMAINDER[language], around):
            yield f"{value} is of what is left, in the wording it is not"


def _other_units(worked: Worked, here: Places, there: Places) -> Iterator[str]:
    """Numbers that stand with another unit than in the problem."""
    stated, query = worked.question, worked.query
    for value in here.keys() & there.keys():
        unit = _SYMBOL.match(stated[here[value].end :])
        other = _SYMBOL.match(query[there[value].end :])
        if unit and other and unit[1] != other[1]:
            yield f"{value} {unit[1]} became {value} {other[1]}"


def hints(worked: Worked) -> Iterator[str]:
    """In words, where the wording says how to calculate and the problem does not."""
    stated, query = worked.folded
    for match in hints_pattern(worked.language).finditer(query):
        told = match.group()
        of_its_own = any(
            re.search(operation, told) and re.search(operation, stated) for operation in OPERATIONS
        )
        if not of_its_own and match.group().strip() not in stated:
            yield f"it says how to calculate: {told.strip(' ,.:;')!r}"


def strange_shapes(worked: Worked, text: str, language: str) -> list[str]:
    """Shapes and measures in a text that neither problem nor wording nor steps speak of."""
    own = worked.language
    said = shapes(fold(text), language)
    if said:
        said -= shapes(" ".join(worked.folded), own) | shapes(
            _labels(worked.instance.problem), "en"
        )
    return sorted(said)


@functools.lru_cache(maxsize=4096)
def _labels(problem: Problem) -> str:
    """The labels of a problem's steps, folded."""
    return fold(" ".join(step.label for step in problem.steps))


@functools.lru_cache(maxsize=4096)
def _names(problem: Problem) -> frozenset[str]:
    """The names that a problem's steps use."""
    return frozenset().union(*(names_in(step.node) for step in problem.steps))


def other_aim(worked: Worked) -> Iterator[str]:
    """In words, where the trace's first line wants a quantity that the problem does not ask for."""
    wanted = quantities(fold(worked.reasoning.partition("\n")[0]), "en")
    if not wanted:
        return
    stated = worked.folded[0]
    known = quantities(stated, worked.language)
    known |= quantities(_labels(worked.instance.problem), "en")
    for name in sorted(wanted - known):
        if not leave_for(name, stated, worked.language):
            yield f"it wants a {name}, the problem does not"


def wrong_noun(worked: Worked) -> Iterator[str]:
    """In words, where the answer's value counts what the query gives a number of, not what it asks
    for: "342 hours" where euros are asked for."""
    query, answer = worked.query, worked.answer
    asked = _ASKED.search(worked.folded[1])
    written = [n for n in figures(answer, worked.language) if abs(n.value) == abs(worked.value)]
    if asked is None or not written:
        return
    said = _NOUN.match(fold(answer[written[-1].end :]))
    given = {
        noun[1][:_STEM]
        for number in figures(query, worked.language)
        if (noun := _NOUN.match(fold(query[number.end :])))
    }
    wanted = asked[1][:_STEM]
    if said and said[1][:_STEM] in given - {wanted} and wanted not in fold(answer):
        yield f"it counts {said[1]}, not {asked[1]}"


def unused(worked: Worked) -> list[Fraction]:
    """Numbers that the steps need and the trace never names; one and two may be words in it."""
    problem, values = worked.instance.problem, worked.instance.values
    needed = {values[name] for name in _names(problem) if name in values}
    said = {number.value for number in worked.said}
    said |= {Fraction(part) for n in said for part in (n.numerator, n.denominator)}
    in_words = _FRACTION.search(worked.reasoning) is not None
    return sorted(
        value
        for value in needed
        if isinstance(value, Fraction)
        and not (in_words and value.denominator > 1)
        and not _named(value, said)
    )


def _named(value: Fraction, said: set[Fraction]) -> bool:
    """Whether a number is said, as it is or by its parts, or as what a percentage makes of it."""
    if value.denominator > 1:
        parts = {Fraction(value.numerator), Fraction(value.denominator)}
        return value in said or 1 - value in said or parts <= said
    shares = {abs(value), value / 100, 100 - value, 100 + value, 1 - value / 100, 1 + value / 100}
    return abs(value) <= 2 or bool(shares & said)


def idle_sums(worked: Worked) -> Iterator[str]:
    """Sums that lead nowhere or say nothing: their result is used by no later one, or the same
    stands there twice. What checks or estimates may; so may all before the trace goes back (↺)."""
    if "↺" in worked.reasoning:
        return
    checked = [line for line in worked.reasoning.split("\n") if _CHECKS.search(line)]
    checks = {found.text for line in checked for found in equations(line)}
    sums = worked.sums
    seen: set[Fraction] = set(worked.stated)
    lefts = [_numbers_of(text.partition("=")[0]) for text, *_ in sums]
    texts = [text.replace(" ", "") for text, *_ in sums]
    for i, (text, holds, result) in enumerate(sums):
        if text in checks:
            continue
        later = {number for left in lefts[i + 1 :] for number in left}
        used = {abs(result), Fraction(math.floor(result)), Fraction(math.ceil(result))} & later
        if texts[i] in texts[:i]:
            yield f"{text!r} stands there twice"
        elif holds and result not in seen and result != worked.value and not used:
            yield f"nothing comes of {text!r}"
        seen.add(result)


def _numbers_of(text: str) -> list[Fraction]:
    return [abs(number.value) for number in figures(text.replace("−", " − "))]


def wrong_rates(worked: Worked) -> Iterator[str]:
    """Amounts that the answer tells as so much an hour (or a day), though they are sums or
    differences of amounts that are not, and the other way round."""
    language = worked.language
    rate = RATE[language]
    told = {
        value: _is_rate(worked.answer, at, rate) for value, at in _placed(worked.answer, language)
    }
    asked: dict[Fraction, set[bool]] = {}
    for value, at in _placed(worked.query, language):
        asked.setdefault(value, set()).add(_is_rate(worked.query, at, rate))
    for text, holds, result in worked.sums:
        left = text.partition("=")[0]
        if not holds or not told.get(abs(result)) or _TIMES.search(left) or not _ADDS.search(left):
            continue
        if all(asked.get(number) == {False} for number in _numbers_of(left)):
            yield f"{abs(result)} is no rate: {text!r} adds amounts that are none"


def _placed(text: str, language: str) -> list[tuple[Fraction, int]]:
    return [(abs(number.value), number.end) for number in figures(text, language)]


def _is_rate(text: str, end: int, rate: str) -> bool:
    """Whether a number is followed, after at most two words, by what makes a rate of it."""
    behind = fold(text[end : end + 40])
    return bool(re.match(rf"\s?(?:[^\W\d_]+\s){{0,2}}(?:{rate})", behind))
