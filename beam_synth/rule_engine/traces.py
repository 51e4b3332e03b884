"""Traces: how the answer is found, in English with the notation of SYNTH.

A trace is put together from parts that are drawn one by one: what is asked, where to look, what is
recalled, how sure that is. The value that answers stands in the conclusion alone, and steps are
added before it until it comes late enough.
"""

from __future__ import annotations

from beam_synth.checks.answer_position import EARLIEST
from beam_synth.drawing import Draw
from beam_synth.rule_engine.facts import window
from beam_synth.rule_engine.queries import Plan
from beam_synth.rule_engine.quoting import one_line

_KEY_WORDS = 12  # of the statement that the conclusion quotes
_LOOKED_FOR = {
    "time": ("a date", "a point in time", "when it happened"),
    "quantity": ("a number", "a figure", "a quantity"),
    "name": ("a name", "who or what is meant", "one proper name"),
    "field": ("one recorded value", "an entry under a heading", "a single property"),
    "cause": ("a reason", "a cause", "what lies behind it"),
    "": ("how things are connected", "a relation", "what holds of both"),
}

_OPENINGS = (
    "⟨H≈{h}⟩ topic “{title}” → wanted: {what} ?",
    "wanted: {what} → topic “{title}” ●",
    "# Question\n“{title}” → {what} ?",
    "? {what} → within reach of “{title}”",
    "⟨H≈{h}⟩ ※ {what} is asked for → “{title}” sets the frame ●",
    "1. parse the question → {what}, topic “{title}” ●",
    "question type: {what} ◐ → narrow it to “{title}”",
)
_ANCHORS_TWO = (
    "├─ anchor “{a}” ●\n└─ anchor “{b}” ◐",
    "anchors “{a}” and “{b}” → same statement ☑",
    "“{a}” ● → goes with “{b}” ●",
    "clues: “{a}”; “{b}” → only one account has both ◐",
    "2. hold on to “{a}” → then “{b}” ☑",
    "├─ clue one: “{a}” ☑\n├─ clue two: “{b}” ☑\n└─ both point the same way ●",
)
_ANCHORS_ONE = (
    "anchor “{a}” ● → one matching statement",
    "└─ clue “{a}” ☑",
    "“{a}” is the word to hold on to → look it up ◐",
    "2. start from “{a}” → follow it ☑",
    "※ “{a}” narrows things down → few candidates left ◐",
)
_ANCHORS_NONE = (
    "no further clue needed → the frame is narrow ☑",
    "frame is enough → one statement fits ◐",
    "2. nothing else to hold on to → recall directly ☑",
)
_RECALLS = (
    "recall → wording comes back in one piece ●",
    "※ a single statement covers this → memory is stable ◐",
    "⟨H≈{h}⟩ recall the statement → compare with the clues ☑",
    "candidates → all but one drop out ☑",
    "3. bring back the statement → it fits without strain ●",
    "↺ once more over the clues → nothing contradicts them ☑",
)
_DOUBTS = (
    "⚠ similar cases are easy to confuse → keep the clues in view",
    "?maybe? a neighbouring case → excluded by the clues ☑",
    "○ rival readings → none of them survives",
    "≈ order of magnitude plausible → keep it ◐",
    "⟨H≈{h}⟩ alternatives shrink → certainty grows ●",
)
_VERDICTS = (
    "4. check against the question → answered ✓",
    "check → type of the answer fits ✓",
    "✓ consistent with everything that is known → conclude",
    "⟨H≈0.2⟩ hardly any doubt left → conclude ☑",
    "fit with the clues ✓ → ready to answer",
)
_CONCLUSIONS = (
    "∴ “{key}” ●",
    "∴ answer: “{key}” ●",
    "∴ it comes down to “{key}” ✓",
    "∴ “{key}” ◐",
    "⟨H≈0.1⟩ ∴ settled on “{key}” ●",
)
_STATED = (
    "claim under test: “{false}” → compare with memory ◐",
    "⟨H≈{h}⟩ the question takes “{false}” for granted → test it ?",
    "? does “{false}” hold → look at what is firmly known",
)
_REFUTED = (
    "known instead: “{key}” ✓ → the premise fails",
    "memory says “{key}” ● → this contradicts the claim",
    "※ firmly known: “{key}” → the claim cannot stand ☑",
)
_WRONG = (
    "∴ premise wrong; correct it ●",
    "∴ say no and give what is known ●",
    "∴ the claim is false; the correction is “{key}” ●",
)
_SEARCHED = (
    "search memory for such a detail → nothing ◐",
    "⟨H≈{h}⟩ any record of this ? → none comes back",
    "? is this recorded anywhere → no trace of it ☑",
)
_NOT_KNOWN = (
    "∴ say that nothing is known, then what is ●",
    "∴ no invention; admit the gap ●",
    "∴ unanswerable as asked; offer what is known ◐",
)
_CLASH = (
    "category check: the property asked for → does not apply to such a thing ●",
    "⟨H≈{h}⟩ the two halves of the question → do not go together ☑",
    "※ a category mistake → no measurement could settle it ●",
)
_SENSELESS = (
    "∴ no sensible answer; say so and offer what is known ●",
    "∴ the question is absurd; explain why ●",
    "∴ decline, with the reason ●",
)
_READINGS = (
    "“{a}” alone → several readings ?",
    "⟨H≈{h}⟩ what does “{a}” stand for ? → more than one candidate ◐",
    "? “{a}” without a frame → cannot be pinned down ○",
)
_BACK = (
    "∴ name one reading and ask back ◐",
    "∴ say that it is unclear; ask which is meant ◐",
    "∴ offer “{title}” as a reading; ask for more ◐",
)
_SCANNED = (
    "scan {tags} → topics differ from the question ☑",
    "⟨H≈{h}⟩ look through {tags} → nothing on “{a}” ☑",
    "{tags} read one by one → no statement that answers ✓",
)
_ABSTAINED = (
    "∴ not answerable from what is given; abstain ●",
    "∴ abstain; do not guess ●",
    "∴ say that it is not told ●",
)
_CITED = (
    "{tag} holds a matching statement ✓ → quote it",
    "match in {tag} ● → take its words",
    "├─ {tag} → fits the clues ✓\n└─ others → about something else ☑",
    "⟨H≈{h}⟩ compare the candidates → {tag} carries the answer ☑",
)
_WEIGHED = (
    "weigh what speaks for it → more than what speaks against it ☑",
    "second look at the wording of the question → same reading as before ✓",
    "nothing else competes → the path is short ●",
    "cross-check from another side → no conflict ☑",
    "order of the steps holds → go on ●",
)


class TraceWriter:
    """Draws the parts of one trace; terms are quoted as they stand in the seed.

    Each method gives a whole trace, a step a line, which ends in ∴.
    """

    def __init__(self, draw: Draw, title: str) -> None:
        self._draw = draw
        self._title = one_line(title)

    def _part(self, parts: tuple[str, ...], **slots: str) -> str:
        h = f"{(1 + self._draw.below(18)) / 10:.1f}"
        clean = {name: one_line(text) for name, text in slots.items()}
        return self._draw.choice(parts).format(h=h, title=self._title, **clean)

    def found(self, plan: Plan, key: str, tag: str = "") -> str:
        """The trace of an answer that turns on `key`.

        Steps are added until the conclusion, which alone quotes the key, stands late enough
        (`EARLIEST`).

        Args:
            tag: of the source that holds the statement, "" in a closed-book exchange.
        """
        what = self._draw.choice(_LOOKED_FOR.get(plan.kind, _LOOKED_FOR[""]))
        shown = window(plan.focus, key, _KEY_WORDS) if key != plan.value or not key else key
        shown = window(shown, shown, 30)
        steps = [self._part(_OPENINGS, what=what), self._anchors(plan)]
        if tag:
            steps.append(self._part(_CITED, tag=tag))
        steps.append(self._part(_RECALLS))
        if self._draw.below(2):
            steps.append(self._part(_DOUBTS))
        if self._draw.below(2):
            steps.append(self._part(_VERDICTS))
        end = self._part(_CONCLUSIONS, key=shown)
        for part in self._draw.shuffled(_WEIGHED):
            if len("\n".join(steps)) > 1.2 * EARLIEST * (len("\n".join(steps)) + len(end)):
                break
            steps.append(part)
        return _numbered([*steps, end])

    def _anchors(self, plan: Plan) -> str:
        if len(plan.anchors) >= 2:
            return self._part(_ANCHORS_TWO, a=plan.anchors[0], b=plan.anchors[1])
        if plan.anchors and plan.form != "define":
            return self._part(_ANCHORS_ONE, a=plan.anchors[0])
        return self._part(_ANCHORS_NONE)

    def refuted(self, plan: Plan) -> str:
        """A false premise (`plan.altered`) is found out."""
        key = window(plan.focus, plan.value, 9)
        steps = [self._part(_STATED, false=plan.altered)]
        if self._draw.below(2):
            steps.append(self._anchors(plan))
        steps.append(self._part(_REFUTED, key=key))
        return _numbered([*steps, self._part(_WRONG, key=plan.value)])

    def unknown(self, plan: Plan) -> str:
        """Nothing is known of what is asked."""
        steps = [self._part(_ANCHORS_ONE, a=plan.anchors[0]), self._part(_SEARCHED)]
        return _numbered([*steps, self._part(_WEIGHED), self._part(_NOT_KNOWN)])

    def absurd(self, plan: Plan) -> str:
        """The question makes no sense."""
        steps = [self._part(_ANCHORS_ONE, a=plan.anchors[0]), self._part(_CLASH)]
        return _numbered([*steps, self._part(_SENSELESS)])

    def vague(self, plan: Plan) -> str:
        """More than one thing can be meant."""
        steps = [self._part(_READINGS, a=plan.anchors[0])]
        if self._draw.below(2):
            steps.append(self._part(_DOUBTS))
        steps.append(f"one reading → “{self._title}” ◐")
        return _numbered([*steps, self._part(_BACK)])

    def withheld(self, tags: list[str], term: str) -> str:
        """The sources do not tell.

        Args:
            tags: of all sources, in order.
            term: what the query is about.
        """
        named = tags[0] if len(tags) == 1 else f"{tags[0]} to {tags[-1]}"
        steps = [f"⟨H≈0.5⟩ wanted: something on “{one_line(term)}” ?"]
        steps.append(self._part(_SCANNED, tags=named, a=term))
        steps.append(self._part(_WEIGHED))
        return _numbered([*steps, self._part(_ABSTAINED)])


def _numbered(steps: list[str]) -> str:
    """The steps a line each; numbers of steps count up where parts brought some."""
    out: list[str] = []
    n = 0
    for line in "\n".join(steps).splitlines():
        if line[:1].isdigit() and line[1:3] == ". ":
            n += 1
            line = f"{n}{line[1:]}"
        out.append(line)
    return "\n".join(out)
