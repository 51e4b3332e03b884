"""Rules for worked problems: the template's own wording, its steps as a trace, its value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from beam_synth.drawing import Draw
from beam_synth.rule_engine.languages import Language
from beam_synth.rule_engine.problem_words import WORDS
from beam_synth.rule_engine.rules import AnswerFields, Rule

_OPENINGS = (
    "⟨H≈{h}⟩ wanted: {last} ?",
    "? {last} → work towards it from what is stated",
    "topic {topic} → wanted: {last} ●",
    "plan: {first} → then on to {last}",
    "parse the question → wanted: {last}; before it comes {first}",
    "※ way to {last}: by {first} → start there ◐",
    "kind of task: {topic} → all that is needed is stated ●",
    "⟨H≈{h}⟩ target: {last} → begin with {first} ◐",
    "known: what the question states; unknown: {last} ?",
    "work backwards from {last} → {before} first ◐",
    "numbers as stated → {last} to be found ☑",
)
_FRAMES = (
    "{label}: {sum}",
    "{label} → {sum}",
    "{label} → {sum} ✓",
    "{label}: {sum} ●",
    "→ {label}: {sum}",
    "{label} ☑ → {sum}",
)
_FIRST_FRAMES = ("to begin with, {label} → {sum}", "※ {label} comes before all else → {sum}")
_LAST_FRAMES = (
    "one step remains → {label}: {sum}",
    "※ all parts are there → {label}: {sum} ✓",
    "finally {label} → {sum} ●",
    "{label} follows → {sum}",
)
_ASIDES = (
    "⚠ order of the operations matters → keep to it",
    "units agree so far ☑ → go on",
    "⟨H≈{h}⟩ another way in ? → none shorter",
    "⚠ easy slip: taking {first} for {last} → not done yet",
    "↺ stated numbers read once more → nothing left out ☑",
    "size of this is plausible ◐ → go on",
    "still open: {last} ?",
)
_VERDICTS = (
    "check → kind of number fits the question ✓",
    "⟨H≈0.2⟩ hardly any doubt left ☑",
    "magnitude plausible ◐ → conclude",
    "every stated number used ✓",
    "↺ steps read backwards → no slip ☑",
)
_CONCLUSIONS = (
    "∴ {value} ●",
    "∴ {last}: {value} ✓",
    "∴ answer {value} ●",
    "⟨H≈0.1⟩ ∴ {value} ✓",
    "∴ it comes to {value} ●",
)
_CHOSEN = (
    "∴ {value}, so {letter} ●",
    "∴ {last}: {value}, which is {letter} ✓",
    "∴ {letter} has it: {value} ●",
    "∴ only {letter} fits: {value} ✓",
)


class StepInWords(NamedTuple):
    """One line of a template's annotated solution."""

    label: str  # what is calculated: "flour for 12 loaves"
    sum: str  # how: "12 × 350 = 4200"


def _ask(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The problem as its template words it, with what the style puts before and after."""
    own, style = WORDS[variables["language"]], str(variables["style"])
    draw = Draw("wording", variables["problem"], seed)
    lead = draw.choice(own.leads.get(style, ("",)))
    ending = draw.choice(own.endings.get(style, ("",)))
    return {"query": " ".join(part for part in (lead, variables["problem"], ending) if part)}


def _answer(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The annotated solution as a trace, and a sentence that ends in the value."""
    draw = Draw("worked", variables["query"], seed)
    language, key = str(variables["language"]), str(variables.get("key", ""))
    steps = [StepInWords(*line.split(": ", 1)) for line in variables["solution"]]
    reasoning = _trace(draw, steps, str(variables["topic"]), key[:1])
    own = WORDS[language]
    sums = [_local(step.sum, language) for step in steps]
    shown = draw.choice(own.choices if key else own.answers).format(
        v=key or variables["value"], sum=sums[-1], sums="; ".join(sums)
    )
    return {"reasoning": reasoning, "answer": shown}


def _local(text: str, language: str) -> str:
    """A sum with the language's decimal mark."""
    return text if language == "en" else re.sub(r"(?<=\d)\.(?=\d)", ",", text)


def _trace(draw: Draw, steps: Sequence[StepInWords], topic: str, letter: str) -> str:
    """The steps in order; an aside and a check only where there are enough of them."""
    labels = [step.label for step in steps]
    slots = {
        "first": labels[0],
        "before": labels[max(0, len(labels) - 2)],
        "last": labels[-1],
        "topic": topic,
        "value": steps[-1].sum.rpartition("= ")[2],
        "letter": letter,
    }

    def part(parts: Sequence[str]) -> str:
        return draw.choice(parts).format(h=f"{(1 + draw.below(18)) / 10:.1f}", **slots)

    lines = [part(_OPENINGS), *_lines(draw, steps)]
    last = draw.choice((*_FRAMES[:-1], *_LAST_FRAMES)).format(**steps[-1]._asdict())
    if len(steps) > 2 and draw.below(2):
        lines.append(part(_ASIDES))
    lines.append(last.removeprefix("→ "))
    if len(steps) > 3 and draw.below(2):
        lines.append(part(_VERDICTS))
    return "\n".join([*lines, part(_CHOSEN if letter else _CONCLUSIONS)])


def _lines(draw: Draw, steps: Sequence[StepInWords]) -> list[str]:
    """All steps but the last, as lines: a list, numbered, or the branches of a tree."""
    done = list(steps[:-1])
    layout = draw.choice(("list", "list", "numbered", "tree"))
    lines = []
    for i, step in enumerate(done):
        frames = (*_FIRST_FRAMES, *_FRAMES[:4]) if i == 0 and layout == "list" else _FRAMES
        line = draw.choice(frames).format(**step._asdict())
        if layout == "numbered":
            line = f"{i + 1}. {line.removeprefix('→ ')}"
        elif layout == "tree":
            line = f"{'└─' if i == len(done) - 1 else '├─'} {line.removeprefix('→ ')}"
        lines.append(line)
    return lines


RULES: dict[str, Rule] = {
    "arithmetic/query": _ask,
    "arithmetic/answer": _answer,
    "arithmetic/choose": _answer,
}
