"""Traces: how the answer is found, in English with the notation of SYNTH.

A trace is a search: what is asked, what to hold on to, what else is known and set aside, what is
left. The value that answers stands in the conclusion alone, and steps are added before it until it
comes late enough. What a trace quotes ends where a clause ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from beam_synth.checks.answer_position import EARLIEST
from beam_synth.drawing import Draw
from beam_synth.rule_engine.queries import Plan
from beam_synth.rule_engine.quoting import one_line
from beam_synth.rule_engine.wholes import WORD, clause_with, clauses

_LONGEST = 40  # words of a statement that the conclusion quotes whole
_SHOWN = (4, 14)  # words of a clause that is set aside
_LOOKED_FOR = {
    "time": ("a date", "a point in time", "when it happened"),
    "quantity": ("a number", "a figure", "a quantity"),
    "name": ("a name", "who or what is meant", "one proper name"),
    "field": ("one recorded value", "an entry under a heading", "a single property"),
    "cause": ("a reason", "a cause", "what lies behind it"),
    "define": ("what it is", "a definition", "what the word stands for"),
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
    "∴ premise wrong: “{key}”, not “{false}” ●",
    "∴ say no: it is “{key}” ●",
    "∴ the claim is false; the correction is “{key}” ●",
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
    "scan {tags} → does one of them tell ?",
    "⟨H≈{h}⟩ look through {tags} one by one ◐",
    "{tags} → read each against the question ☐",
)
_ASIDE = (
    "“{clause}” → another matter ○",
    "known, too: “{clause}” → not what is asked ☑",
    "candidate: “{clause}” → does not answer ○",
    "?maybe? “{clause}” → no, another point",
    "“{clause}” → true, but beside the question ◐",
)
_SOURCE_ASIDE = (
    "{tag}, on “{about}”: “{clause}” → does not answer ○",
    "{tag}: “{clause}” → another matter ☑",
    "{tag} (“{about}”) → “{clause}” → not what is asked ◐",
)
_KNOWN_OF = (
    "what is known of it: “{clause}” ☑",
    "on record: “{clause}” → offer that ◐",
)
_ABSTAINED = (
    "∴ not answerable from what is given; abstain ●",
    "∴ abstain; do not guess ●",
    "∴ say that it is not told ●",
)
_CITED = (
    "{tag}, on “{about}”: a matching statement ✓ → quote it",
    "match in {tag} (“{about}”) ● → take its words",
    "{tag} → “{about}” fits the clues ✓",
    "⟨H≈{h}⟩ compare → {tag} on “{about}” carries the answer ☑",
)
_WEIGHED = (
    "weigh what speaks for it → more than what speaks against it ☑",
    "second look at the wording of the question → same reading as before ✓",
    "nothing else competes → the path is short ●",
    "cross-check from another side → no conflict ☑",
    "order of the steps holds → go on ●",
)


class Shown(NamedTuple):
    """A source of the prompt, as a trace speaks of it."""

    tag: str
    title: str
    sentences: tuple[str, ...]


class TraceWriter:
    """Draws the parts of one trace; terms are quoted as they stand in the seed.

    Each method gives a whole trace, a step a line, which ends in ∴.

    Args:
        others: sentences of the seed that may be set aside.
        sources: of the prompt, in order.
    """

    def __init__(
        self, draw: Draw, title: str, others: Sequence[str] = (), sources: Sequence[Shown] = ()
    ) -> None:
        self._draw = draw
        self._title = one_line(title)
        self._others = others
        self._sources = sources

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
        asked = plan.form if plan.form == "define" else plan.kind
        what = self._draw.choice(_LOOKED_FOR.get(asked, _LOOKED_FOR[""]))
        steps = [self._part(_OPENINGS, what=what), self._anchors(plan)]
        aside = self._sources_aside(tag, key) if tag else self._aside(plan, key)
        steps += aside
        if tag:
            about = next((s.title for s in self._sources if s.tag == tag), self._title)
            steps.append(self._part(_CITED, tag=tag, about=about))
        if not aside:
            steps.append(self._part(_RECALLS))
        elif self._draw.below(3) == 0:
            steps.append(self._part((*_DOUBTS, *_VERDICTS)))
        end = self._part(_CONCLUSIONS, key=_concluded(plan, key))
        for part in self._draw.shuffled(_WEIGHED):
            if len("\n".join(steps)) > 1.2 * EARLIEST * (len("\n".join(steps)) + len(end)):
                break
            steps.append(part)
        return _numbered([*steps, end])

    def _aside(self, plan: Plan, key: str) -> list[str]:
        """Up to three other statements of the seed, none of which holds the key."""
        usable = [shown for text in self._others if (shown := _brief(text, key, plan.focus))]
        chosen = self._draw.sample(usable, min(len(usable), 1 + self._draw.below(3)))
        return [self._part(_ASIDE, clause=clause) for clause in chosen]

    def _sources_aside(self, tag: str, key: str, most: int = 3) -> list[str]:
        """What up to three other sources tell instead."""
        lines = []
        for source in self._sources:
            usable = [shown for text in source.sentences if (shown := _brief(text, key, ""))]
            if source.tag != tag and usable and len(lines) < most:
                clause = self._draw.choice(usable[:4])
                lines.append(
                    self._part(_SOURCE_ASIDE, tag=source.tag, about=source.title, clause=clause)
                )
        return lines

    def _anchors(self, plan: Plan) -> str:
        if len(plan.anchors) >= 2:
            return self._part(_ANCHORS_TWO, a=plan.anchors[0], b=plan.anchors[1])
        if plan.anchors and plan.form != "define":
            return self._part(_ANCHORS_ONE, a=plan.anchors[0])
        return self._part(_ANCHORS_NONE)

    def refuted(self, plan: Plan) -> str:
        """A false premise (`plan.altered`) is found out."""
        steps = [self._part(_STATED, false=plan.altered)]
        if plan.anchors:
            steps.append(self._anchors(plan))
        steps += self._aside(plan, plan.value)[:1]
        known = clause_with(plan.focus, plan.value, 4, 20) or plan.value
        steps.append(self._part(_REFUTED, key=known))
        return _numbered([*steps, self._part(_WRONG, key=plan.value, false=plan.altered)])

    def absurd(self, plan: Plan) -> str:
        """The question makes no sense."""
        steps = [self._part(_ANCHORS_ONE, a=plan.anchors[0]), self._part(_CLASH)]
        known = _offered(plan.focus)
        if known:
            steps.append(self._part(_KNOWN_OF, clause=known))
        return _numbered([*steps, self._part(_SENSELESS)])

    def vague(self, plan: Plan) -> str:
        """More than one thing can be meant."""
        steps = [self._part(_READINGS, a=plan.anchors[0])]
        steps.append(f"one reading → “{self._title}” ◐")
        known = _offered(plan.focus)
        if known:
            steps.append(self._part(_KNOWN_OF, clause=known))
        return _numbered([*steps, self._part(_BACK)])

    def withheld(self, term: str) -> str:
        """The sources do not tell.

        Args:
            term: what the query is about.
        """
        tags = [source.tag for source in self._sources]
        named = tags[0] if len(tags) == 1 else f"{tags[0]} to {tags[-1]}"
        steps = [f"⟨H≈0.5⟩ wanted: something on “{one_line(term)}” ?"]
        steps.append(self._part(_SCANNED, tags=named))
        steps += self._sources_aside("", "", most=4)
        return _numbered([*steps, self._part(_ABSTAINED)])


def _brief(text: str, key: str, focus: str) -> str:
    """A clause of a sentence that may be set aside; "" where the sentence holds the key."""
    if (key and key in text) or text == focus:
        return ""
    least, most = _SHOWN
    if least <= len(WORD.findall(text)) <= most:
        return text.rstrip(".")
    first = clauses(text)[:1]
    return next((c for c in first if least <= len(WORD.findall(c)) <= most), "")


def _offered(focus: str) -> str:
    """The statement where it is short, else its first clauses."""
    if len(WORD.findall(focus)) <= 24:
        return focus.rstrip(".")
    return clause_with(focus, focus.split()[0], 5, 24)


def _concluded(plan: Plan, key: str) -> str:
    """What the conclusion quotes: the value asked for, else the statement or its clause with the
    key."""
    if plan.value:
        return plan.value
    if len(WORD.findall(plan.focus)) <= _LONGEST:
        return plan.focus
    return clause_with(plan.focus, key, 3, _LONGEST) or key or clauses(plan.focus)[0]


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
