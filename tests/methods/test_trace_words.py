"""How long a trace is asked to be: drawn by complexity, told, recorded, checked, read again."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from beam_synth.checks.suites import trace_checks
from beam_synth.checks.trace_length import LENGTH_BAND, length_band, tokens, trace_length
from beam_synth.drawing import Draw
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Rejected
from beam_synth.methods import load_method
from beam_synth.methods.shared.trace_words import BANDS, draw_trace_words, held_in
from tests.doubles import exchanges
from tests.doubles.ports import Rules
from tests.doubles.written import constrained, faults, run, written
from tests.methods.test_verify_rows import RULED, RULED_TEXTS


def trace_of(words: int) -> str:
    """A trace of so many words and marks."""
    lines = [f"stone{i} lies by water{i} → mill{i}" for i in range(words // 6)]
    return "\n".join([*lines, "∴ mill ●"])


def test_lengths_fill_the_band_of_a_complexity() -> None:
    for complexity, (least, most) in BANDS.items():
        drawn = [draw_trace_words(Draw(complexity, i), complexity) for i in range(2000)]
        assert min(drawn) == least and max(drawn) == most
        assert abs(statistics.mean(drawn) - (least + most) / 2) < 0.03 * most
    assert BANDS["simple"][0] >= 40 and BANDS["complex"][1] == 800


@pytest.mark.parametrize("asked", [40, 150, 350, 800])
def test_a_trace_is_held_to_what_was_asked(asked: int) -> None:
    for share, passes in ((0.4, False), (0.67, True), (1, True), (1.5, True), (2.2, False)):
        trace = trace_of(round(share * asked))
        check = trace_length(trace, asked)
        assert check.passed is passes, (asked, share, tokens(trace))
        assert next(trace_checks(trace, asked)) == check
        assert passes or str(asked) in check.detail


def test_what_was_asked_nothing_keeps_the_usual_band() -> None:
    assert length_band(0) == LENGTH_BAND
    assert trace_length(trace_of(45)).passed
    assert not trace_length(trace_of(45), 600).passed


def test_what_is_told_lies_within_what_is_checked() -> None:
    for words in range(40, 810, 10):
        least, most = length_band(words)
        assert least < words * 2 // 3 and words * 3 // 2 < most


def test_a_long_trace_is_asked_to_search() -> None:
    prompts = Prompts()
    for name in ("memorization", "rag", "mcq", "multi_turn", "arithmetic"):
        for step, examples in load_method(name).prompts.items():
            for example in examples if "trace_words" in examples[0] else ():
                text = prompts.render(prompts.wordings(step)[0], example)[1]["content"]
                assert ("at least one is dropped with ↺" in text) is (example["trace_words"] >= 250)


class Model(Rules):
    """Says what the rules say, but is no rule engine."""

    @property
    def by_rule(self) -> bool:
        return False


def seed(index: int = 0) -> Any:
    first, *others = RULED
    return exchanges.seed_of("memorization", first, index, others)


def test_rules_are_asked_and_not_held_to_it_while_models_are() -> None:
    models = Rules()
    row = written("memorization", seed(), models)
    asked = models.asked[-1][1]["trace_words"]
    constraints = orjson.loads(row["constraints"])
    assert constraints["trace_words"] == asked
    short = tokens(row["synthetic_reasoning"]) < length_band(asked)[0]
    assert held_in(row, constraints) == 0
    ended: list[str] = []
    for index in range(20):
        try:
            run("memorization", seed(index), Model())
        except Rejected as error:
            ended.append(error.reason)
    assert short or "trace_length" in ended
    assert ended.count("trace_length") > 5  # the rules' traces are shorter than most lengths


def test_verify_holds_a_models_row_to_what_its_record_says() -> None:
    row = written("memorization", seed())
    assert faults("memorization", row, RULED_TEXTS) == []

    def as_models(words: int) -> Mapping[str, Any]:
        return {**constrained(row, trace_words=words), "model": "a model"}

    length = tokens(row["synthetic_reasoning"])
    assert faults("memorization", dict(as_models(length)), RULED_TEXTS) == []
    found = faults("memorization", dict(as_models(4 * length)), RULED_TEXTS)
    assert any(fault.startswith("trace_length: ") for fault in found)
    without = {k: v for k, v in orjson.loads(row["constraints"]).items() if k != "trace_words"}
    found = faults(
        "memorization", {**row, "constraints": orjson.dumps(without).decode()}, RULED_TEXTS
    )
    assert any("trace_words" in fault for fault in found)
