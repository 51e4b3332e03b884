"""Traces of creative and constrained writing: how each constraint is kept, in English.

Slots are the constraint's parameters; {words} and the like come quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from beam_synth.drawing import Draw
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.letterforms import fold_letters, letter_words, lines
from beam_synth.materials.constraints.vocabulary import is_content

_MARKS = re.compile(r"[“”„«»\"\n]")
_OPENINGS = (
    "⟨H≈{h}⟩ wanted: {what} about “{title}”, rules: {names} ?",
    "asked: {what} → topic “{title}”, rules: {names} ●",
    "# Task\n{what} on “{title}” → to keep: {names} ●",
    "1. task → {what}, topic “{title}”; rules → {names} ●",
)
_PLANS: dict[str, tuple[str, ...]] = {
    "liponym": (
        "taboo: {words} → leave out whatever holds them ●",
        "⚠ {words} may slip in → avoid those statements",
    ),
    "required_words": (
        "must appear: {words} → choose statements around them ●",
        "{words} → fixed points, the rest is built around ●",
    ),
    "larding": ("fixed sentences stay → {insert} new between neighbours ●",),
    "n_plus_k": ("each listed noun → {k} places on in the list; all else stays ●",),
    "counts_exact": ("{unit}s: exactly {minimum} → count while writing ●",),
    "counts_minimum": ("{unit}s: {minimum} or more → go on until reached ●",),
    "counts_maximum": ("{unit}s: {maximum} at most → stop in time ●",),
    "counts_range": ("{unit}s between {minimum} and {maximum} → watch both ends ●",),
}
_MATERIAL = (
    "candidates → {some} ☑",
    "├─ usable: {some} ☑\n└─ rest of the vocabulary → set aside",
    "what the topic offers → {some} ◐",
    "⟨H≈{h}⟩ try → {some}; they fit ☑",
)
_ORDERS = (
    "order → as the lines ask for it ◐",
    "↺ second pass over the draft → nothing slips ☑",
    "lines joined → read once more aloud ☑",
    "?maybe? a smoother order → would break a rule, keep this one",
)
_COUNTED = (
    "counted: {words} words, {lines} lines, {letters} letters ✓",
    "check → {lines} lines with {words} words, {letters} letters ✓",
    "⟨H≈0.2⟩ {letters} letters, {words} words, {lines} lines → rules kept ✓",
)
_BEGINNINGS = (
    "∴ opens with “{first}” and stays as it is ●",
    "∴ text stands, from “{first}” on ✓",
    "∴ final form, first word “{first}” ●",
)


def trace(
    draw: Draw, what: str, title: str, constraints: Sequence[Constraint], text: str, language: str
) -> str:
    """The trace of a text that keeps the constraints: one step each, then material, order and
    counts.

    Args:
        what: a genre or "a text".
        title: of the seed's article.
        language: of the text; the trace is in English.
    """

    def part(parts: Sequence[str], **slots: object) -> str:
        h = f"{(1 + draw.below(15)) / 10:.1f}"
        return draw.choice(parts).format(h=h, **slots)

    plain_title = max(_MARKS.split(title), key=len).strip()
    names = ", ".join(c.name.replace("_", " ") for c in constraints)
    some = ", ".join(
        f"“{word}”" for word in draw.sample(_telling_words(text, language), 4 + draw.below(3))
    )
    steps = [part(_OPENINGS, what=what, title=plain_title, names=names)]
    for constraint in constraints:
        key = constraint.name if constraint.name in _PLANS else constraint.wording()
        steps.append(part(_PLANS[key], **_slots(constraint)))
    steps += [part(_MATERIAL, some=some), part(_ORDERS), part(_COUNTED, **_counted(text))]
    first = letter_words(text)[0]
    steps.append(part(_BEGINNINGS, first=text[first.start : first.end]))
    return "\n".join(steps)


def _telling_words(text: str, language: str) -> list[str]:
    """The text's content words as they stand, each once; all its longer words where one is."""
    long = list(
        dict.fromkeys(text[w.start : w.end] for w in letter_words(text) if len(w.letters) > 2)
    )
    content = [word for word in long if is_content(fold_letters(word), language)]
    return content if len(content) > 1 else long


def _counted(text: str) -> dict[str, int]:
    return {
        "words": len(letter_words(text)),
        "lines": len(lines(text)),
        "letters": len(fold_letters(text)),
    }


def _slots(constraint: Constraint) -> dict[str, str]:
    """The parameters in figures, letters and quoted words."""
    slots = constraint.slots("en")
    phrases = getattr(constraint, "words", None)
    if phrases:
        slots["words"] = ", ".join(f"“{phrase}”" for phrase in phrases)
    unit = getattr(constraint, "unit", None)
    if unit:
        slots["unit"] = unit
    scope = getattr(constraint, "scope", None)
    return {**slots, "scope": scope} if scope else slots
