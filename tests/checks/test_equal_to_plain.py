"""The quick ways of the checks give what the plain ones give."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction

import pytest

from beam_synth.checks import trace_length
from beam_synth.checks.leaks import leaks
from beam_synth.drawing import Draw, draw
from beam_synth.errors import Rejected
from beam_synth.materials.constraints.letterforms import letter_words, spellings
from beam_synth.materials.constraints.vocables import phrase_places
from beam_synth.materials.problems import Instance, load_problems
from beam_synth.materials.problems.exact_arithmetic import ExpressionError
from beam_synth.materials.problems.expressions import Node, Values, evaluate
from beam_synth.materials.problems.sampling import answer_of, sample
from beam_synth.materials.problems.slips import near_misses, slips, unlikely
from beam_synth.text import equations

CASES = 2000
OPERATORS: dict[str, Callable[[Fraction, Fraction], Fraction | bool]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "//": lambda a, b: Fraction(math.floor(a / b)),
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def tree(rng: Draw, depth: int) -> Node:
    """A random expression in x, y and small numbers."""
    if depth == 0 or rng.below(5) == 0:
        if rng.below(2):
            return Node("name", name=rng.choice("xy"))
        return Node("number", number=Fraction(rng.below(9), 1 + rng.below(3)))
    op = rng.choice([*OPERATORS, "neg", "not", "and", "or", "abs", "floor", "min", "**"])
    if op == "**":
        small = Node("number", number=Fraction(rng.below(4) - 2))
        return Node(op, (tree(rng, depth - 1), small))
    arity = 1 if op in ("neg", "not", "abs", "floor") else 2
    return Node(op, tuple(tree(rng, depth - 1) for _ in range(arity)))


def plainly(node: Node, values: Values) -> Fraction:
    """The value over fractions alone. Raises ZeroDivisionError."""
    if node.op in ("number", "name"):
        value = node.number if node.op == "number" else values[node.name]
        assert isinstance(value, Fraction)
        return value
    if node.op in ("and", "or"):
        found = (plainly(arg, values) for arg in node.args)
        return Fraction(all(found) if node.op == "and" else any(found))
    args = [plainly(arg, values) for arg in node.args]
    if node.op == "**":
        return Fraction(args[0] ** int(args[1]))
    one: dict[str, Callable[[Fraction], Fraction | bool]] = {
        "neg": operator.neg,
        "not": operator.not_,
        "abs": abs,
        "floor": lambda value: Fraction(math.floor(value)),
    }
    if node.op in one:
        return Fraction(one[node.op](args[0]))
    return Fraction(min(args) if node.op == "min" else OPERATORS[node.op](*args))


def test_whole_numbers_give_what_fractions_give() -> None:
    rng, failed = draw(1, "expressions", "test"), 0
    for _ in range(CASES):
        node = tree(rng, 4)
        values = {name: Fraction(rng.below(40) - 9, 1 + rng.below(4)) for name in "xy"}
        try:
            wanted = plainly(node, values)
        except ZeroDivisionError:
            failed += 1
            with pytest.raises(ExpressionError):
                evaluate(node, values)
            continue
        found = evaluate(node, values)
        assert found == wanted, (node, values)
        assert type(found) is Fraction
    assert 0 < failed < CASES // 2


def instances() -> list[Instance]:
    found = []
    for problem in load_problems():
        language = next(iter(problem.text))
        try:
            found.append(sample(problem, language, draw(1, problem.name, "test")))
        except Rejected:
            continue
    return found


def test_an_option_is_unlikely_when_no_slip_and_no_near_miss_gives_it() -> None:
    rng, kinds = draw(1, "options", "test"), set()
    for instance in instances():
        likely = {*slips(instance), *near_misses(instance)}
        answer = answer_of(instance.problem, instance.values)
        offered = [*likely, *(answer + rng.below(60) - 30 for _ in range(20)), 2 * answer, answer]
        for value in offered:
            assert unlikely(instance, [value]) == ([] if value in likely else [value])
            kinds.add(value in likely)
        assert unlikely(instance, offered) == [value for value in offered if value not in likely]
    assert kinds == {True, False}


def every_cut(text: str, *, at_end: bool) -> tuple[Fraction, int, str] | None:
    """The longest readable expression, by trying them all."""
    parts = text.split()
    for cut in range(len(parts)):
        piece = " ".join(parts[cut:] if at_end else parts[: len(parts) - cut]).rstrip(".,;:")
        try:
            return *equations.evaluate_arithmetic(piece), piece
        except ValueError:
            continue
    return None


SUMS = (
    "3 12 1,234.5 20. 20, 5! 2/3 3km $5 € km h m² euros price: 1. % 50% + - − × ÷ / ^ ( ) (3 "
    "12) the … .. 1914–1918 ; : x"
)


def test_sums_are_found_as_by_trying_every_cut() -> None:
    rng, found = draw(1, "sums", "test"), 0
    for _ in range(CASES):
        chosen = [
            rng.choice(SUMS.split()) + rng.choice([" ", " ", ""]) for _ in range(1 + rng.below(12))
        ]
        for at_end in (True, False):
            wanted = every_cut("".join(chosen), at_end=at_end)
            assert equations._longest("".join(chosen), at_end=at_end) == wanted, chosen
            found += wanted is not None
    assert CASES // 2 < found < 2 * CASES


SAID = (
    "okay|OK|so|So|also|well|hmm|hmmm|hm|now|know|waits|Let me|think|let’s|see|let us|I|need to|"
    "should|the user|asks|to know|about|in order to|as we|noted|it is|worth noting|that|→|é|_|-|3"
)
TALK = re.compile(rf"\b(?:{'|'.join(trace_length._TALK)})\b", re.IGNORECASE)


def test_filler_talk_is_found_as_by_the_plain_pattern() -> None:
    rng, found = draw(1, "talk", "test"), 0
    for _ in range(CASES):
        text = "".join(
            rng.choice(SAID.split("|")) + rng.choice(" _-  ") for _ in range(1 + rng.below(8))
        )
        assert trace_length._FILLER.sub("#", text.casefold()) == TALK.sub("#", text).casefold(), (
            text
        )
        found += "#" in TALK.sub("#", text)
    assert found > CASES // 4


HIDDEN = [
    *(f"{given} answer" for given in ("hidden", "privileged", "above", "attached", "expected")),
    *(f"{g} {w}" for g in ("provided", "given") for w in ("answer", "solution", "focus", "span")),
    *(f"{kind} source" for kind in ("primary", "withheld", "distractor", "gold")),
    "ground truth", "focus span", "answer key", "reference answer", "distractors", "withheld",
    "the focus", "seed text", "seed article", "gold passage",
]  # fmt: skip


@pytest.mark.parametrize("phrase", HIDDEN)
def test_what_rag_hides_is_found_among_other_words(phrase: str) -> None:
    trace = f"bridge → river {phrase} ∴ done"
    assert leaks(trace, rag=True, title="Thun", query="Who?")
    assert leaks(trace.upper(), rag=True, title="Thun", query="Who?")
    assert not leaks("source_3: bridge → river ∴ done", rag=True, title="Thun", query="Who?")


def naive_places(text: str, phrase: str) -> list[tuple[int, int]]:
    wanted, found = [w.letters for w in letter_words(phrase)], letter_words(text)
    spans = (found[i : i + len(wanted)] for i in range(len(found) - len(wanted) + 1))
    return [(s[0].start, s[-1].end) for s in spans if wanted and [w.letters for w in s] == wanted]


def test_spellings_and_places_are_those_of_the_words() -> None:
    rng, found = draw(1, "words", "test"), 0
    pieces = ["Łódź", "l’eau", "well-known", "m²", "²", "e\u0301te\u0301", "a", "b", "A", "_", "7"]
    for _ in range(CASES):
        text = "".join(rng.choice(pieces) + rng.choice([" ", "", "\n"]) for _ in range(12))
        assert spellings(text) == tuple(word.letters for word in letter_words(text))
        phrase = " ".join(rng.choice(["a", "b", "lodz", "eau", "²"]) for _ in range(rng.below(3)))
        assert phrase_places(text, phrase) == naive_places(text, phrase), (text, phrase)
        found += bool(phrase_places(text, phrase))
    assert found > CASES // 10
