"""Bad kinds of rows of any method: what is quoted, cut and addressed."""

from __future__ import annotations

import re

from benchmarks.scorecard.reading import QUOTED, Read, loose, places, quotations, words

_DOTTED = ("de", "pl")  # write ordinals with a full stop
_NUMBER_BEFORE = re.compile(r"(?<![\w.,:;/–-])\d{1,2}\.\s+$")
_NUMBER_AT_END = re.compile(r"(?<![\w.,:;/–-])\d{1,2}\.$")
# Language -> forms of politeness, and of familiarity.
_ADDRESS = {
    "de": (r"\b\w+en Sie\b|\bIhnen\b", r"\b(?:du|dir|dich|dein\w*)\b"),
    "es": (r"\b(?:usted|Puede|Podría|Le)\b", r"\b(?:tú|Puedes|Dime|Responde|Escribe)\b"),
    "fr": (r"\b(?:vous|votre|vos)\b", r"\b(?:tu|toi)\b"),
    "it": (r"\b(?:Lei|Può|Potrebbe)\b", r"\b(?:tu|Puoi|Dimmi|Rispondi|Scrivi)\b"),
    "nl": (r"\bu\b", r"\b(?:jij|je|jouw|alsjeblieft)\b"),
}  # fmt: skip


def misquoted(row: Read) -> str:
    """A trace quotes two words or more that stand neither in the seed nor in what was said.

    Not for methods whose traces remember other passages than the row holds.
    """
    turn = row.turns[-1]
    said = [row.seed, row.title, *(text for t in row.turns for text in (t.query, t.answer))]
    given = _even(" ".join(said))
    for shown in quotations(turn.trace):
        for part in re.split(r"…|\.\.\.", shown):
            if len(words(part)) > 1 and _even(part).strip(" '.") not in given:
                return shown[:60]
    return ""


def _even(text: str) -> str:
    """Blanks, quotation marks and cases are none that tell texts apart."""
    return " ".join(re.sub(r"[()\[\]]", " ", loose(text)).casefold().replace("ß", "ss").split())


def cut_at_number(row: Read) -> str:
    """A sentence that is quoted, or the text to edit, begins or ends at an ordinal's full stop."""
    if row.language not in _DOTTED:
        return ""
    text = str(row.row["query"]).rpartition("\n\n")[2]
    shown = [text] if row.exercise == "editing" else quotations(row.answer)
    seed = loose(row.seed)
    for part in shown:
        if len(words(part)) < 4:
            continue
        spots = list(places(seed, loose(part)))
        if _NUMBER_AT_END.search(part) and any(after.strip(" '") for _, after in spots):
            return f"…{part[-40:]}"
        if spots and all(_NUMBER_BEFORE.search(before) for before, _ in spots):
            return f"{part[:40]}…"
    return ""


def address_mixed(row: Read) -> str:
    """One user is polite and familiar in one turn."""
    polite, familiar = _ADDRESS.get(row.language, ("(?!)", "(?!)"))
    said = QUOTED.sub("", row.query)
    found = [re.search(form, said) for form in (polite, familiar)]
    return " / ".join(m.group() for m in found if m) if all(found) else ""


def asks_of_number(row: Read) -> str:
    """A question that the editor puts to the text is about a bare number."""
    asked = [line for line in row.answer.splitlines() if line.rstrip().endswith("?")]
    shown = [part for line in asked for part in quotations(line)]
    return next((part for part in shown if part and not re.search(r"[^\W\d_]", part)), "")
