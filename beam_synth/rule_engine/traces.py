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
from beam_synth.rule_engine import trace_words as said
from beam_synth.rule_engine.queries import Plan
from beam_synth.rule_engine.quoting import one_line
from beam_synth.rule_engine.wholes import WORD, clause_with, whole_clauses

_LONGEST = 40  # words of a statement that the conclusion quotes whole
_SHOWN = (4, 14)  # words of a clause that is set aside


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
        what = self._draw.choice(said.LOOKED_FOR.get(asked, said.LOOKED_FOR[""]))
        steps = [self._part(said.OPENINGS, what=what), self._anchors(plan)]
        aside = self._sources_aside(tag, key) if tag else self._aside(plan, key)
        steps += aside
        if tag:
            about = next((s.title for s in self._sources if s.tag == tag), self._title)
            steps.append(self._part(said.CITED, tag=tag, about=about))
        if not aside:
            steps.append(self._part(said.RECALLS))
        elif self._draw.below(3) == 0:
            steps.append(self._part((*said.DOUBTS, *said.VERDICTS)))
        end = self._part(said.CONCLUSIONS, key=_concluded(plan, key))
        for part in self._draw.shuffled(said.WEIGHED):
            if len("\n".join(steps)) > 1.2 * EARLIEST * (len("\n".join(steps)) + len(end)):
                break
            steps.append(part)
        return _numbered([*steps, end])

    def _aside(self, plan: Plan, key: str) -> list[str]:
        """Up to three other statements of the seed, none of which holds the key."""
        usable = [shown for text in self._others if (shown := _brief(text, key, plan.focus))]
        chosen = self._draw.sample(usable, min(len(usable), 1 + self._draw.below(3)))
        return [self._part(said.ASIDE, clause=clause) for clause in chosen]

    def _sources_aside(self, tag: str, key: str, most: int = 3) -> list[str]:
        """What up to three other sources tell instead."""
        lines: list[str] = []
        for source in self._sources:
            usable = [shown for text in source.sentences if (shown := _brief(text, key, ""))]
            if source.tag != tag and usable and len(lines) < most:
                clause = self._draw.choice(usable[:4])
                lines.append(
                    self._part(said.SOURCE_ASIDE, tag=source.tag, about=source.title, clause=clause)
                )
        return lines

    def _anchors(self, plan: Plan) -> str:
        if len(plan.anchors) >= 2:
            return self._part(said.ANCHORS_TWO, a=plan.anchors[0], b=plan.anchors[1])
        if plan.anchors and plan.form != "define":
            return self._part(said.ANCHORS_ONE, a=plan.anchors[0])
        return self._part(said.ANCHORS_NONE)

    def refuted(self, plan: Plan) -> str:
        """A false premise (`plan.altered`) is found out."""
        steps = [self._part(said.STATED, false=plan.altered)]
        if plan.anchors:
            steps.append(self._anchors(plan))
        steps += self._aside(plan, plan.value)[:1]
        known = clause_with(plan.focus, plan.value, 4, 20) or plan.value
        steps.append(self._part(said.REFUTED, key=known))
        return _numbered([*steps, self._part(said.WRONG, key=plan.value, false=plan.altered)])

    def absurd(self, plan: Plan) -> str:
        """The question makes no sense."""
        steps = [self._part(said.ANCHORS_ONE, a=plan.anchors[0]), self._part(said.CLASH)]
        known = _offered(plan.focus)
        if known:
            steps.append(self._part(said.KNOWN_OF, clause=known))
        return _numbered([*steps, self._part(said.SENSELESS)])

    def vague(self, plan: Plan) -> str:
        """More than one thing can be meant."""
        steps = [self._part(said.READINGS, a=plan.anchors[0])]
        steps.append(f"one reading → “{self._title}” ◐")
        known = _offered(plan.focus)
        if known:
            steps.append(self._part(said.KNOWN_OF, clause=known))
        return _numbered([*steps, self._part(said.BACK)])

    def withheld(self, term: str) -> str:
        """The sources do not tell.

        Args:
            term: what the query is about.
        """
        tags = [source.tag for source in self._sources]
        named = tags[0] if len(tags) == 1 else f"{tags[0]} to {tags[-1]}"
        steps = [f"⟨H≈0.5⟩ wanted: something on “{one_line(term)}” ?"]
        steps.append(self._part(said.SCANNED, tags=named))
        steps += self._sources_aside("", "", most=4)
        return _numbered([*steps, self._part(said.ABSTAINED)])


def _brief(text: str, key: str, focus: str) -> str:
    """A clause of a sentence that may be set aside; "" where the sentence holds the key."""
    if (key and key in text) or text == focus:
        return ""
    least, most = _SHOWN
    if least <= len(WORD.findall(text)) <= most:
        return text.rstrip(".")
    first = whole_clauses(text)[:1]
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
    return clause_with(plan.focus, key, 3, _LONGEST) or key or whole_clauses(plan.focus)[0]


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
