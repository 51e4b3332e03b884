"""Traces of follow-ups: what is asked, what it points back to, what is known, how sure that is."""

from __future__ import annotations

import re

from beam_synth.drawing import Draw
from beam_synth.rule_engine.facts import window
from beam_synth.rule_engine.follow_ups import FollowUp
from beam_synth.rule_engine.layouts import LIST_MARK
from beam_synth.rule_engine.quoting import one_line
from beam_synth.rule_engine.wholes import WORD, whole_clauses

_BACK_WORDS = 14  # of what an earlier turn said that a trace quotes
_SHOWN = 4  # lines of a layout that it names
_HEAD_WORDS = 6  # of a line that it names
_RESULT = re.compile(r"= (\d[^\s;=]*(?<=\w)|\d)")
_SENTENCE = re.compile(r"(?<=[.!?]) ")

_OPENINGS = {
    "deepening": (
        "follow-up → more wanted, on “{about}” ?",
        "⟨H≈{h}⟩ goes deeper → “{about}” is the word to follow ●",
        "wanted: what else holds → start from “{about}” ◐",
    ),
    "topic shift": (
        "follow-up → another matter now: “{about}” ?",
        "⟨H≈{h}⟩ change of subject → “{about}” ●",
        "earlier matter closed ☑ → new one is “{about}”",
    ),
    "clarification": (
        "follow-up → something was unclear: “{about}” ?",
        "⟨H≈{h}⟩ wanted: what “{about}” belongs to → look back first ◐",
    ),
    "challenge": (
        "follow-up → doubt about “{about}” ?",
        "⟨H≈{h}⟩ challenged on “{about}” → test it, do not just give in ◐",
        "⚠ a doubt: “{about}” → neither yield nor insist before checking",
    ),
    "reformatting": (
        "follow-up → same content, other layout wanted ●",
        "⟨H≈{h}⟩ asked for a layout: {about} → no new fact needed ●",
        "wanted: {about} → keep the words, change the form ☑",
    ),
}
_CALCULATED = {
    "steps": (
        "follow-up → how the result comes about ?",
        "⟨H≈{h}⟩ asked about the calculation → go through it again ◐",
        "wanted: the way, not the result → collect the steps ●",
    ),
    "checked": (
        "follow-up → is the result safe ? → undo each step",
        "⟨H≈{h}⟩ check wanted → from the result back to the start ◐",
        "⚠ a slip is possible → turn every operation round",
    ),
}
_BACK = (
    "points back to {back} ● → clear what is meant",
    "what was said: {back} → the follow-up hangs on it ☑",
    "earlier turn: {back} ● → the follow-up leans on it",
    "↺ back to {back} → read it again ◐",
)
_RECALLS = {
    "clarified": (
        "look where it stands → what is said there tells the connection ☑",
        "※ no fact by itself → its clause explains it ◐",
        "⟨H≈{h}⟩ find the wording around it → one place only ●",
    ),
    "statement": (
        "recall → one statement fits, not used so far ●",
        "※ memory brings up a statement with that word → it fits ☑",
        "⟨H≈{h}⟩ candidates → all but one were said before ☑",
    ),
    "corrected": (
        "compare with memory → another number stands there ●",
        "※ “{about}” is not what is known → the doubt fails ☑",
        "⟨H≈{h}⟩ “{about}” against memory → no match ✓",
    ),
    "confirmed": (
        "compare with memory → same wording ✓",
        "※ nothing speaks against it → the doubt falls ☑",
        "⟨H≈{h}⟩ test it once more → it stands ●",
    ),
    "layout": (
        "take it apart → pieces keep their order ☑",
        "※ layout changes, content does not → copy the words ●",
        "⟨H≈{h}⟩ set the pieces anew → nothing added, nothing lost ✓",
    ),
}
_PIECES = {
    "list": "{head} → {place} point ●",
    "numbers": "{head} → {place} number ●",
    "line": "{head} → {place} part of the one line ●",
    "quote": "{head} ; {letters} letters → a mark before, a mark behind ☑",
    "capitals": "{head} → capitals, figures as they are ; {letters} letters in all ☑",
}
_CONCLUSIONS = {
    "clarified": ("∴ it belongs to “{key}” ●", "∴ explain by “{key}” ◐"),
    "statement": ("∴ “{key}” ●", "∴ tell this: “{key}” ●", "∴ add “{key}” ◐"),
    "corrected": ("∴ no; what holds is “{key}” ●", "∴ keep to “{key}” ✓"),
    "confirmed": ("∴ yes, “{key}” ●", "∴ confirmed: “{key}” ✓"),
    "layout": ("∴ same words, as asked, down to “{key}” ●", "∴ the new layout, up to “{key}” ✓"),
    "steps": ("∴ the steps in order, up to {key} ●", "∴ steps told; they end in {key} ✓"),
    "checked": ("∴ the way back agrees: {key} ●", "∴ confirmed by {key} ✓"),
}


class Steps:
    """Draws the parts of one trace.

    Args:
        back: the answer that the follow-up leans on; the trace quotes a sentence of it.
    """

    def __init__(self, draw: Draw, back: str) -> None:
        self._draw = draw
        self._back = _said(back)

    def of(self, kind: str, follow_up: FollowUp) -> str:
        """The trace of a follow-up's answer, a step a line.

        Raises KeyError for an unknown kind or form.
        """
        about, key = one_line(follow_up.about), one_line(follow_up.key)
        openings: tuple[str, ...] = _OPENINGS[kind]
        if follow_up.equations:
            openings, recalled = (
                _CALCULATED[follow_up.form],
                [f"{e.text} ✓" for e in follow_up.equations],
            )
            key = follow_up.key
        else:
            recalled = [self._part(_RECALLS[follow_up.form], about=about)]
        opening = self._part(openings, about=about or key)
        pieces: list[str] = []
        if follow_up.form == "layout":
            pieces = _pieces(follow_up)
            last = LIST_MARK.sub("", follow_up.answer.splitlines()[-1])
            telling = [c for c in whole_clauses(_SENTENCE.split(last)[-1]) if WORD.search(c)]
            key = one_line(telling[-1] if telling else last).strip(" .'")
        steps = [opening, self._part(_BACK), *(pieces or recalled)]
        return "\n".join([*steps, self._part(_CONCLUSIONS[follow_up.form], key=key)])

    def _part(self, parts: tuple[str, ...], **slots: str) -> str:
        h = f"{(1 + self._draw.below(18)) / 10:.1f}"
        return self._draw.choice(parts).format(h=h, back=self._back, **slots)


def _said(answer: str) -> str:
    """The longest short sentence of an answer, quoted, or how its first one begins; what it is
    where that cannot be quoted.

    >>> _said("It rained all day. It snowed, too.")
    '“It rained all day”'
    >>> _said('{"names": []}'), _said("3 + 4 = 7")
    ('the record in JSON', 'the calculation of 7')
    """
    if answer.lstrip()[:1] in "{[":
        return "the record in JSON"
    said = [sentence for line in answer.splitlines() for sentence in _SENTENCE.split(line)]
    # Half an equation is a false one.
    said = [sentence for sentence in said if "=" not in sentence and WORD.search(sentence)]
    if not said:
        return _calculated(answer)
    short = [text for text in said if 2 <= len(WORD.findall(text)) <= _BACK_WORDS]
    return f"“{one_line(max(short, key=len).rstrip('.'))}”" if short else f"“{_head(said[0])}”"


def _calculated(text: str) -> str:
    """A calculation by its last result; quoted in part it would be a false one.

    >>> _calculated("3 + 4 = 7; 7 − 1 = 6."), _calculated("so E=mc")
    ('the calculation of 6', 'the equation')
    """
    results = _RESULT.findall(text)
    return f"the calculation of {results[-1]}" if results else "the equation"


def _head(text: str) -> str:
    """The first words of a text."""
    shown = window(text, text[:1], _HEAD_WORDS)
    return one_line(shown) if shown == text else f"{one_line(shown)} …"


def _pieces(follow_up: FollowUp) -> list[str]:
    """What becomes of up to four lines of the new layout."""
    form = _PIECES[follow_up.about]
    lines = [LIST_MARK.sub("", line) for line in follow_up.answer.splitlines()]
    if follow_up.about in ("quote", "capitals"):
        lines = lines[:1]
    elif follow_up.about == "line":
        lines = follow_up.focus.splitlines() or lines
    letters = sum(map(str.isalpha, follow_up.answer))
    said = []
    for i, line in enumerate(lines[:_SHOWN], 1):
        place = "opening" if i == 1 else "last" if i == len(lines) else "next"
        head = _head(line)
        shown = _calculated(line) if "=" in head else f"“{head}”"
        said.append(form.format(head=shown, place=place, letters=letters))
    return [f"{'└─' if i == len(said) else '├─'} {line}" for i, line in enumerate(said, 1)]
