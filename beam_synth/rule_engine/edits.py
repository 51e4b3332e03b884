"""Traces of edits: what is looked for, each finding, what is left alone; parts are drawn.

Each function gives steps of a trace, one or more lines each; the last of them concludes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from beam_synth.drawing import Draw
from beam_synth.rule_engine.facts import window
from beam_synth.rule_engine.quoting import one_line

REASONS: dict[str, tuple[str, ...]] = {
    "correct": (
        "There are slips in it, and they come before anything else.",
        "Mistakes stand in the way of every other task.",
        "The wording is sound but for some plain mistakes.",
    ),
    "extract": (
        "It is full of values that can be lifted out as they stand.",
        "Names and figures carry most of it, so a record of them is useful.",
    ),
    "summarise": (
        "It says more than its main points need.",
        "Some sentences carry the matter and the others add detail.",
    ),
    "simplify": (
        "Brackets and long sentences make it hard to follow.",
        "The matter is simple, the sentences are not.",
    ),
    "restyle": (
        "Each sentence makes one point, so another layout suits it.",
        "The content is fine, its form can be changed without loss.",
    ),
}
_OPENINGS: dict[str, tuple[str, ...]] = {
    "correct": (
        "task: correct → slips only, wording stays ●",
        "⟨H≈{h}⟩ proofread → word by word, then marks ?",
        "wanted: a clean copy → look for what breaks a rule ●",
    ),
    "extract": (
        "task: extract → every value word for word ●",
        "⟨H≈{h}⟩ wanted: a JSON object → scan for each key ?",
        "keys given → collect what stands there, invent nothing ●",
    ),
    "summarise": (
        "task: summarise → main points inside the limit ●",
        "⟨H≈{h}⟩ which sentences carry the matter ?",
        "wanted: less → keep what the others lean on ●",
    ),
    "simplify": (
        "task: simplify → short sentences, no brackets ●",
        "⟨H≈{h}⟩ what makes it hard → brackets, chained clauses ?",
        "wanted: easy reading → cut, do not retell ●",
    ),
    "restyle": (
        "task: restyle → same content, other layout ●",
        "⟨H≈{h}⟩ form changes → facts must not ?",
        "wanted: a new form → sentence by sentence ●",
    ),
}
_READ = (
    "text: {n} words, down to “… {tail}” → read it whole ◐",
    "{n} words, the last ones “… {tail}” → go through them ◐",
    "it ends “… {tail}” → {n} words to look at ●",
)
_MENU = (
    "on offer: {tasks} → best fit: {task} ◐",
    "{tasks} ? → {task} does most good here ●",
    "weigh {tasks} → {task} ☑",
)
# Where the text has mistakes: what settles the choice is the first of them.
_MENU_SLIP = (
    "on offer: {tasks} ; “{slip}” cannot stay → {task} first ◐",
    "{tasks} ? → “{slip}” is wrong as it stands → {task} ●",
    "weigh {tasks} → other work can wait while “{slip}” is there → {task} ☑",
)
_OPEN = (
    "nothing named → “{slip}” shows what is needed ●",
    "? what does it need → “{slip}” stands out → correct it and its like ◐",
    "no task given → read → “{slip}” cannot be right ⚠ → corrections ●",
)
_SAID = {
    "swapped letters": "letters swapped",
    "doubled letter": "one letter too many",
    "missing letter": "a letter is missing",
    "neighbouring key": "wrong key hit",
    "diacritic": "accent wrong",
    "doubled word": "word written twice",
    "word order": "order turned round",
    "extra comma": "no comma there",
    "missing comma": "comma in the list",
    "missing full stop": "sentence ends here",
    "small initial": "a sentence opens",
    "capital letter": "no capital inside",
    "small name": "a name",
    "agreement": "verb and subject agree",
    "article": "form before its noun",
}
_CORRECTED = (
    "∴ clean copy; put right: {n}, nothing else touched ●",
    "∴ corrected, {n} in all; style stays ●",
    "∴ {n} put right, all else as it was ✓",
)
_LOOKED = {
    "names": "capitals inside sentences",
    "dates": "a month with day or year",
    "years": "figures that date something",
    "numbers": "figures outside dates",
}
_EXTRACTED = (
    "∴ one object, its keys filled from what is there, spelling as found ●",
    "∴ JSON with these values alone; units and case stay ●",
)
_FITS = (
    "∴ these sentences together, in their order, {n} words at most ●",
    "∴ the kept sentences, nothing added; within {n} words ●",
)
_SIMPLE = (
    "∴ the same in plain sentences of at most {n} words ✓",
    "∴ shorter sentences, none over {n} words, brackets gone ●",
)
_LAID = (
    "∴ the text in its new form, no fact lost ●",
    "∴ done as {form}; wording kept ●",
)
_SHOWN = 8  # words of a sentence that a trace quotes
_MOST = 5  # sentences that a trace names


def _tree(lines: Sequence[str]) -> list[str]:
    """The lines as branches of one tree."""
    return [f"{'└─' if i == len(lines) else '├─'} {line}" for i, line in enumerate(lines, 1)]


def opening(
    task: str, mode: str, offered: Sequence[Mapping[str, Any]], slip: str, draw: Draw
) -> list[str]:
    """What is asked for, and why this task, where it was left open.

    Args:
        mode: of the wording: specific, menu or open.
        slip: the first mistake of the text and what is around it; "" where none is corrected.
    """
    h = f"{(2 + draw.below(9)) / 10:.1f}"
    first = draw.choice(_OPENINGS[task]).format(h=h)
    if mode == "menu":
        tasks = ", ".join(str(offer["task"]) for offer in offered)
        menu = draw.choice(_MENU_SLIP if slip else _MENU)
        return [menu.format(tasks=tasks, task=task, slip=one_line(slip)), first]
    return [draw.choice(_OPEN).format(slip=one_line(slip)), first] if mode == "open" else [first]


def read(text: str, words: int, draw: Draw) -> str:
    """What the text is, seen at a glance."""
    tail = one_line(" ".join(text.split()[-_SHOWN:]))
    return draw.choice(_READ).format(tail=tail, n=words)


def findings(text: str, errors: Sequence[Any], draw: Draw) -> list[str]:
    """Each error in its place with what belongs there, as branches of a tree, and the
    conclusion."""
    lines = [
        f"“{around(text, e)}” : “{one_line(e.wrong)}” → “{one_line(e.right)}” ; {_SAID[e.kind]} "
        f"{draw.choice('✓☑')}"
        for e in errors
    ]
    return [*_tree(lines), draw.choice(_CORRECTED).format(n=len(errors))]


def around(text: str, error: Any) -> str:
    """The error with two words before it and one behind, on its own line of the text.

    >>> from beam_synth.materials.corruption import Error
    >>> around("It is an old brigde near Thun.", Error("swapped letters", 13, 19, "", ""))
    'an old brigde near'
    """
    before = text[: error.start].rpartition("\n")[2]
    after = text[error.end :].partition("\n")[0]
    # A word may go on where the error ends: "l'eua".
    head = re.search(r"(?:\S+ +){0,2}\S*$", before)
    tail = re.match(r"\S*(?: +\S+)?", after)
    shown = f"{head[0] if head else ''}{text[error.start : error.end]}{tail[0] if tail else ''}"
    return one_line(shown)


def values(
    extracted: Mapping[str, Sequence[str]], kinds: Mapping[str, str], draw: Draw
) -> list[str]:
    """What was found for each key (five values of a key at most), and the conclusion.

    Args:
        extracted: key -> values.
        kinds: key -> names, dates, years or numbers.
    """
    lines = []
    for key, held in extracted.items():
        named = ", ".join(f"“{one_line(value)}”" for value in held[:_MOST])
        more = " and further ones" if len(held) > _MOST else ""
        said = f"{named}{more} ✓" if held else "none there ☑"
        lines.append(f"“{one_line(key)}”: {_LOOKED[kinds[key]]} → {said}")
    return [*_tree(lines), draw.choice(_EXTRACTED)]


def budget(words: int, percent: int, limit: int) -> str:
    """How many words there is room for, as a sum.

    >>> budget(90, 25, 22)
    'room: 90 × 25 / 100 = 22.5 → 22 words ✓'
    """
    exact = f"{words * percent / 100:.2f}".rstrip("0").rstrip(".")
    return f"room: {words} × {percent} / 100 = {exact} → {limit} words ✓"


def choice(kept: Sequence[str], dropped: Sequence[str], limit: int, draw: Draw) -> list[str]:
    """Which sentences stay, which go, and the conclusion; `limit` is in words."""
    lines = [f"“{_head(text)} …” → stays ●" for text in kept[:_MOST]]
    lines += [f"“{_head(text)} …” → goes ◐" for text in dropped[: _MOST - 2]]
    return [*_tree(lines), draw.choice(_FITS).format(n=limit)]


def cuts(dropped: Sequence[str], parts: int, limit: int, draw: Draw) -> list[str]:
    """Which brackets go, where sentences are cut, and the conclusion.

    Args:
        parts: sentences that semicolons are cut into.
        limit: words of a sentence.
    """
    lines = [f"bracket “{_head(text)}” → out ◐" for text in dropped[:_MOST]]
    if parts > 1:
        lines.append("semicolon → full stop, new sentence ✓")
    return [*_tree(lines), draw.choice(_SIMPLE).format(n=limit)]


def layout(texts: Sequence[str], form: str, draw: Draw) -> list[str]:
    """How the sentences go into the form, and the conclusion."""
    lines = [f"“{_head(text)} …” → own place ●" for text in texts[:_MOST]]
    return [*_tree(lines), draw.choice(_LAID).format(form=form)]


def _head(text: str) -> str:
    return one_line(window(text, text[:1], _SHOWN))
