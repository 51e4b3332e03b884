"""A method that keeps none of its first tasks stops the run; rules and what is kept do not."""

from __future__ import annotations

import dataclasses

from beam_synth.generation.none_kept import NoneKept
from beam_synth.methods import load_method
from beam_synth.records import Outcome
from tests.doubles.engines import Told

ASKED = {"model": "a-model", "step": "rag/query"}
RULED = {"model": "rule:extractive", "step": "rag/query"}


def ended(kind: str, method: str = "rag", reason: str = "trace_grammar", **step: str) -> Outcome:
    told = {**ASKED, **step}
    return Outcome("ab", kind, method, "en", reason, f"detail of {reason}", steps=(told,))  # type: ignore[arg-type]


def test_the_run_stops_with_the_commonest_reason_and_what_to_do() -> None:
    told = Told()
    breaker = NoneKept(told.stop, 3, load_method)
    breaker.saw(ended("rejected", reason="query_language"))
    breaker.saw(ended("rejected"))
    breaker.saw(ended("failed", reason="engine_error"))  # has bounds of its own
    assert told.stop.reason is None
    breaker.saw(ended("rejected"))
    assert told.stop.reason == "none_kept"
    (message,) = told.messages.values()
    assert message.startswith(
        "rag: none of its first 3 tasks was kept, 2 for trace_grammar: the trace does not parse "
        "(detail of trace_grammar). "
    )
    assert "--keep-going" in message and "beam-synth preview" in message


def test_a_method_that_keeps_one_goes_on() -> None:
    told = Told()
    breaker = NoneKept(told.stop, 2, load_method)
    for outcome in (ended("rejected"), ended("made"), *[ended("rejected")] * 9):
        breaker.saw(outcome)
    breaker.known([ended("made", "mcq")])  # in an earlier start
    for _ in range(9):
        breaker.saw(ended("rejected", "mcq"))
    assert told.stop.reason is None
    for _ in range(2):
        breaker.saw(ended("rejected", "editing"))
    assert told.stop.reason == "none_kept"


def turned_down(method: str, reason: str = "judge_rejects") -> Outcome:
    verdict = {"role": "judge", "said": "fails", "failed": ["query_clear"]}
    return dataclasses.replace(ended("rejected", method, reason), verdicts=(verdict,))


def test_a_judge_that_lets_none_pass_stops_the_run_whatever_the_methods() -> None:
    """Of a mixture of many methods none would reach the bound by itself for long."""
    told = Told()
    breaker = NoneKept(told.stop, 4, load_method)
    for method in ("rag", "mcq", "editing"):
        breaker.saw(turned_down(method))
        breaker.saw(ended("rejected", method))  # before the judge saw it
    assert told.stop.reason is None
    breaker.saw(turned_down("memorization", "judge_malformed"))
    (message,) = told.messages.values()
    assert message.startswith(
        "the judge let none of the first 4 samples pass, 3 for judge_rejects: "
    )
    assert "(detail of judge_rejects)" in message
    assert "models.judge" in message and "judge: off" in message and "--keep-going" in message


def test_a_judge_that_lets_one_pass_goes_on_also_in_an_earlier_start() -> None:
    verdict = {"role": "judge", "said": "passes", "failed": []}
    passed = dataclasses.replace(ended("made", "mcq"), verdicts=(verdict,))
    audited = turned_down("memorization", "auditor_rejects")
    audited = dataclasses.replace(audited, verdicts=(verdict,) * 2)
    for earlier, now in (([passed], []), ([], [passed]), ([], [audited])):
        told = Told()
        breaker = NoneKept(told.stop, 4, load_method)
        breaker.known(earlier)
        for outcome in (*now, *map(turned_down, ("rag", "mcq", "editing") * 3)):
            breaker.saw(outcome)
        assert told.stop.reason is None
    breaker.saw(turned_down("rag"))  # the method's own bound
    (message,) = told.messages.values()
    assert message.startswith("the judge let none of the first 4 samples of rag pass")


def test_rules_and_jobs_without_the_bound_go_on() -> None:
    told = Told()
    for breaker, step in ((NoneKept(told.stop, 2, load_method), RULED), (
        NoneKept(told.stop, 0, load_method), ASKED,
    )):  # fmt: skip
        for _ in range(9):
            breaker.saw(ended("rejected", **step))
    assert told.stop.reason is None
