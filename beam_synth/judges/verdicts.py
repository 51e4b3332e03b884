"""A judge's word on one sample: asked for twice, read strictly, kept where both times agree.

Judges favour what stands first (MT-Bench, section 3.3): the second time the questions, the verdicts
to choose from and the passages stand in the opposite order.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from beam_synth.checks import Check
from beam_synth.engines.ports import Answer, Port
from beam_synth.errors import ContentRefused, Rejected
from beam_synth.judges.rubrics import FAILS, QUESTIONS, Subject, template_of, word_schema

CALLS = 2  # a sample
_FRAME, _MOST_SAID = 128, 128  # tokens of the object, and of a verdict with its reason at most
_SAMPLING = {"temperature": 0}  # where the job does not say otherwise
_SHOWN = 200  # characters of a reason
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
        return {"role": self.role, "said": self.said, "failed": list(self.failed)}


async def verdict_of(subject: Subject, port: Port, role: str = JUDGE) -> Verdict:
    """Ask a judge about a sample, twice; two calls of the port, one after the other.

    A word that is not of the schema after it was sent back, one that is cut off, and a refusal to
    answer are verdicts, too, none of which lets the sample pass. Raises Rejected where the sample
    does not fit the judge's context, and whatever else the port raises.
    """
    words: list[dict[str, Any]] = []
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
    return _taken_together(subject, role, words)


async def _ask(subject: Subject, port: Port, time: int) -> Answer:
    variables = subject.asked(time)
    schema = word_schema(variables["questions"], variables["verdicts"])
    return await port.ask(
        template_of(subject.rubric),
        variables,
        schema,
        sampling=_SAMPLING,
        most_tokens=_FRAME + _MOST_SAID * len(subject.questions),
    )


def _without_word(role: str, said: Said, detail: str) -> Verdict:
    return Verdict(role, said, (), f"{said}: {detail[:_SHOWN]}")


def _taken_together(subject: Subject, role: str, words: list[dict[str, Any]]) -> Verdict:
    """One verdict of the words of both times."""
    no = {name: [word[name]["verdict"] == FAILS for word in words] for name in subject.questions}
    both = tuple(name for name, answers in no.items() if all(answers))
    once = tuple(name for name, answers in no.items() if any(answers) and not all(answers))
    asked = CALLS * len(subject.questions)
    score = 1 - sum(map(sum, no.values())) / asked
    if not both and not once:
        return Verdict(role, "passes", (), f"holds in both orders: {', '.join(no)}", score)
    # What fails both times fails whatever the order; only where nothing does, the order decides.
    said: Said = "fails" if both else "disagrees"
    failed = both or once
    return Verdict(role, said, failed, "; ".join(_worded(name, words) for name in failed), score)


def _worded(name: str, words: list[dict[str, Any]]) -> str:
    """A question that was answered with no, what that means, and why the judge says so."""
    said = next(word[name] for word in words if word[name]["verdict"] == FAILS)
    why = " ".join(str(said["why"]).split())[:_SHOWN]
    return f"{name}: {QUESTIONS[name]}" + (f" ({why})" if why else "")
