"""Judges whose word is worth little, told by what they said, in plain words for who reads a run.

A judge that says the same of nearly everything, or what stands first in its prompt, tells good
samples from bad ones by chance, and the shares of a report do not show it at a glance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from beam_synth.judges.agreement import agreement
from beam_synth.judges.rubrics import FAILS, HOLDS, QUESTIONS
from beam_synth.judges.verdicts import AUDITOR, JUDGE

ENOUGH = 10  # samples, from which on a judge's shares say something
QUESTIONS_ENOUGH = 40  # questions asked in both orders, from which on these can be compared
NEARLY_ALL = 0.95  # share of samples that it let pass, or turned down
STEADY = 0.75  # share of samples of which a judge says the same in both orders; fewer are few
KAPPA = 0.4  # of the answers in both orders; below it they agree hardly more than by chance
SOME = 0.1  # share of words that could not be read, of which there is something to say
ONE_SIDED = 3  # times as many answers that changed one way as the other: the order decided
_YES, _NO = f"{HOLDS} {FAILS}", f"{FAILS} {HOLDS}"


def judging_doubts(judging: Mapping[str, Any]) -> list[str]:
    """What makes the word of a run's judges doubtful, a sentence or two each; mostly nothing.

    `judging` is as `judging_report.what_judges_said` gives it.

    >>> said = {"asked": 60, "passes": 2, "fails": 58, "failed_questions": {"query_clear": 50}}
    >>> judging_doubts({"judge": said})[0].partition(",")[0]
    'the judge let 2 of 60 samples pass and turned down 58'
    """
    return [line for role in (JUDGE, AUDITOR) if role in judging for line in _of(role, judging)]


def _of(role: str, judging: Mapping[str, Any]) -> Iterator[str]:
    said = judging[role]
    asked = int(said["asked"])
    if asked < ENOUGH:
        return
    if said["passes"] <= (1 - NEARLY_ALL) * asked:
        yield _turned_down(role, said)
    elif said["passes"] >= NEARLY_ALL * asked:
        yield _let_pass(role, said, judging.get("formal_agreement", {}))
    if (unread := said.get("malformed", 0) + said.get("refuses", 0)) >= SOME * asked:
        yield (
            f"of {asked:,} samples the {role} gave no word that could be read on {unread:,}: it "
            "cannot keep to the form, or its answers are cut off"
        )
    yield from _by_order(role, said.get("orders", {}))


def _turned_down(role: str, said: Mapping[str, Any]) -> str:
    failed = said.get("failed_questions", {})
    most = next(iter(failed), "")
    why = f", most often for {most} ({QUESTIONS.get(most, '')})" if most else ""
    return (
        f"the {role} let {said['passes']:,} of {said['asked']:,} samples pass and turned down "
        f"{said['asked'] - said['passes']:,}{why}: either the samples are bad or it says no to "
        "everything. Read some of them in rejects/"
    )


def _let_pass(role: str, said: Mapping[str, Any], formal: Mapping[str, Any]) -> str:
    failed = formal.get("table", {}).get("failed", {}) if role == JUDGE else {}
    n = sum(failed.values())
    also = f"; of {n:,} that fail a check it let {failed.get('passes', 0):,} pass" if n else ""
    return (
        f"the {role} let {said['passes']:,} of {said['asked']:,} samples pass{also}: either nearly "
        "all of them are good or it says yes to everything"
    )


def _by_order(role: str, orders: Mapping[str, Any]) -> Iterator[str]:
    """What the two orders show: that it goes by the order, or gives one reason for everything."""
    answers = orders.get("answers", {})
    if sum(answers.values()) < QUESTIONS_ENOUGH:
        return
    samples = int(orders["samples"])
    if orders["alike"] < STEADY or (orders["kappa"] is not None and orders["kappa"] < KAPPA):
        beyond = "" if orders["kappa"] is None else f", Cohen's kappa {orders['kappa']:.2f}"
        yield (
            f"the {role} agreed with itself in the two orders on {orders['alike']:.0%} of "
            f"{samples:,} samples, and on {orders['equal']:.0%} of the questions{beyond}"
            + _leaning(answers.get(_YES, 0), answers.get(_NO, 0))
        )
    words = 2 * samples
    if orders["one_reason"] * 2 >= words:
        yield (
            f"in {orders['one_reason']:,} of its {words:,} words the {role} gave one and the same "
            "reason for every question: it fills in a form"
        )


def _leaning(yes: int, no: int) -> str:
    """Where the changes go one way, which: `holds` is named first in the first order only."""
    if max(yes, no) < ONE_SIDED * max(1, min(yes, no)):
        return ""
    named = "first" if yes > no else "last"
    return f"; where it differs it mostly gives the verdict that is named {named}"


def both_orders(answers: Mapping[str, int], words: Mapping[str, int]) -> dict[str, Any]:
    """What a judge's two orders come to, from counts of questions ("holds fails": in the first and
    in the second) and of samples and words; {} of nothing.

    answers; samples, of them the share `alike`, in which every question was answered alike; of the
    questions the share `equal` and Cohen's kappa; `one_reason`, words with one reason for all.

    >>> both_orders({"holds holds": 6, "holds fails": 2}, {"alike": 1, "differ": 1})["equal"]
    0.75
    """
    samples = words.get("alike", 0) + words.get("differ", 0)
    table = {
        (first == HOLDS, second == HOLDS): n
        for (first, second), n in ((tuple(key.split()), n) for key, n in answers.items())
    }
    found = agreement(table)
    if found is None or not samples:
        return {}
    return {
        "answers": dict(answers),
        "samples": samples,
        "alike": round(words.get("alike", 0) / samples, 4),
        "equal": found.equal,
        "kappa": found.kappa,
        "one_reason": words.get("one_reason", 0),
    }
