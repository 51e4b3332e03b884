"""A judge's word on one sample: asked for twice, read strictly, kept where both times agree.

Judges favour what stands first (MT-Bench, section 3.3): the second time the questions, the verdicts
to choose from and the passages stand in the opposite order. What was answered in each order is
counted, so that a judge that goes by the order can be told.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from beam_synth.checks import Check
from beam_synth.engines.ports import Answer, Port
from beam_synth.errors import ContentRefused, Rejected
from beam_synth.judges.rubrics import (
    FAILS,
    HOLDS,
    QUESTIONS,
    Subject,
    template_of,
    word_schema,
)

CALLS = 2  # a sample
_FRAME, _MOST_SAID = 128, 128  # tokens of the object, and of a verdict with its reason at most
_SAMPLING = {"temperature": 0}  # where the job does not say otherwise
_SHOWN = 200  # characters of a reason
_SOME = 3  # questions from which on one reason for all of them is a reason for none
_BROKEN = ("malformed_answer", "cut_off")  # rejects of the port that say that a word is none

JUDGE, AUDITOR = "judge", "auditor"
Said = Literal["passes", "fails", "disagrees", "malformed", "refuses"]
SAID: tuple[Said, ...] = ("passes", "fails", "disagrees", "malformed", "refuses")
_REASONS: dict[str, str] = {
    "fails": "judge_rejects",
    "disagrees": "judge_disagrees",
    "malformed": "judge_malformed",
    "refuses": "judge_refuses",
}
JUDGE_REASONS = frozenset(_REASONS.values())


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a judge said of one sample, both times taken together."""

    role: str  # JUDGE or AUDITOR
    said: Said
    failed: tuple[
        str, ...
    ]  # questions that it answered with no both times, or once where it differs
    detail: str  # in words
    score: float = 0.0  # share of the questions that hold, over both times
    # Questions by what was answered in the first and in the second order, "holds fails"; {} where
    # a word could not be read.
    orders: Mapping[str, int] = dataclasses.field(default_factory=dict)
    one_reason: int = 0  # words, 0 to 2, that give one and the same reason for every question

    @property
    def reason(self) -> str:
        """What a sample is rejected with; "" where it passes."""
        if self.said == "passes":
            return ""
        return "auditor_rejects" if self.role == AUDITOR else _REASONS[self.said]

    def check(self) -> Check:
        """The verdict as a check, which the sample's row records where it passes."""
        return Check(
            self.role, self.said == "passes", self.score, self.detail, self.reason, kind="judge"
        )

    def record(self) -> dict[str, Any]:
        """What the outcome of a task keeps of it, for the figures of the run."""
        told: dict[str, Any] = {"role": self.role, "said": self.said, "failed": list(self.failed)}
        if self.orders:
            told |= {"orders": dict(sorted(self.orders.items())), "one_reason": self.one_reason}
        return told


async def verdict_of(subject: Subject, port: Port, role: str = JUDGE) -> Verdict:
    """Ask a judge about a sample, twice; two calls of the port, one after the other.

    A word that is not of the schema after it was sent back, one that is cut off, and a refusal to
    answer are verdicts, too, none of which lets the sample pass. What does not fit the judge's
    context is asked without the passages beside the sample's own. Raises Rejected where it does
    not fit then, and whatever else the port raises.
    """
    words: list[dict[str, Any]] = []
    shortened = False
    for time in range(CALLS):
        try:
            answer = await _ask(subject, port, time)
        except ContentRefused as error:
            return _without_word(role, "refuses", str(error))
        except Rejected as error:
            if error.reason not in _BROKEN:
                raise Rejected(error.reason, f"{role}: {error.detail}") from error
            return _without_word(role, "malformed", error.detail)
        words.append(answer.data)
        shortened = shortened or answer.shortened
    return _taken_together(subject, role, words, shortened)


async def _ask(subject: Subject, port: Port, time: int) -> Answer:
    variables = subject.asked(time)
    schema = word_schema(variables["questions"], variables["verdicts"])
    own = list(subject.variables["material"])[:1]  # the sample's seed, where it is not in its turns
    fewer = {**variables, "material": own} if variables["material"][1:] else None
    return await port.ask(
        template_of(subject.rubric),
        variables,
        schema,
        sampling=_SAMPLING,
        shorter=fewer,
        most_tokens=_FRAME + _MOST_SAID * len(subject.questions),
    )


def _without_word(role: str, said: Said, detail: str) -> Verdict:
    return Verdict(role, said, (), f"{said}: {detail[:_SHOWN]}")


def _taken_together(
    subject: Subject, role: str, words: list[dict[str, Any]], shortened: bool
) -> Verdict:
    """One verdict of the words of both times; `shortened`: not all passages were shown."""
    no = {name: [word[name]["verdict"] == FAILS for word in words] for name in subject.questions}
    both = tuple(name for name, answers in no.items() if all(answers))
    once = tuple(name for name, answers in no.items() if any(answers) and not all(answers))
    asked = CALLS * len(subject.questions)
    score = 1 - sum(map(sum, no.values())) / asked
    said_of: dict[str, Any] = {"score": score, "orders": _orders(no), "one_reason": _one(words)}
    without = _WITHOUT if shortened else ""
    if not both and not once:
        detail = f"holds in both orders: {', '.join(no)}{without}"
        return Verdict(role, "passes", (), detail, **said_of)
    # What fails both times fails whatever the order; only where nothing does, the order decides.
    said: Said = "fails" if both else "disagrees"
    failed = both or once
    detail = "; ".join(_worded(name, words) for name in failed) + without
    return Verdict(role, said, failed, detail, **said_of)


_WITHOUT = "; seen without the passages beside its own, which did not fit the context"


def _orders(no: Mapping[str, list[bool]]) -> dict[str, int]:
    """Questions by what was answered in each order, of whether that was no."""
    return Counter(" ".join(FAILS if each else HOLDS for each in said) for said in no.values())


def _one(words: list[dict[str, Any]]) -> int:
    """How many of the words give one reason for every question."""
    reasons = [{" ".join(str(said["why"]).split()) for said in word.values()} for word in words]
    return sum(
        len(found) == 1 and len(word) >= _SOME for found, word in zip(reasons, words, strict=True)
    )


def _worded(name: str, words: list[dict[str, Any]]) -> str:
    """A question that was answered with no, what that means, and why the judge says so."""
    said = next(word[name] for word in words if word[name]["verdict"] == FAILS)
    why = " ".join(str(said["why"]).split())[:_SHOWN]
    return f"{name}: {QUESTIONS[name]}" + (f" ({why})" if why else "")
