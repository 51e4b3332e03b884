"""Multiple choice by rule: a sentence with a gap, and values of the same kind as distractors.

Years, dates and persons of the passage and its neighbours come first; years and dates that are
missing, and all numbers, are made by changing figures of the key. Of other names a rule cannot tell
what they name, so that none of them is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from beam_synth.checks import Exchange
from beam_synth.checks.citations import same
from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.methods.mcq.checks import also_true
from beam_synth.methods.mcq.choice import LETTERS, NEAR, kind_of
from beam_synth.records import Passage
from beam_synth.rule_engine.facts import statements
from beam_synth.rule_engine.given_names import is_person
from beam_synth.rule_engine.languages import Language
from beam_synth.rule_engine.queries import plan_query
from beam_synth.rule_engine.quoting import as_sentence, one_line
from beam_synth.rule_engine.rules import AnswerFields, Rule
from beam_synth.text.folding import fold
from beam_synth.text.sentences import occurrences

_RUN = re.compile(r"\d+")
_FROM_TEXTS = 2  # distractors of a number or date that other sentences give, at most
_TRIES = 40
_CLUE = 3  # words on either side that say where a value belongs
_LATEST = 2020  # year of a made date
_APART = 40  # years between the key and a distractor, at most
_LARGER = 8  # times that one number may be another
_WANTED = {
    "year": ("a year", "one year", "the year that fits"),
    "date": ("a date", "one date", "the date that fits"),
    "number": ("a number", "one figure", "how many"),
    "name": ("a name", "one name", "who or what is meant"),
}
_OPENINGS = (
    "⟨H≈{h}⟩ topic “{title}” → wanted: {what} ?",
    "wanted: {what} → frame “{title}” ●",
    "{what} asked for, choices given → compare each with what is known of “{title}” ◐",
    "? {what} for “{title}” → one choice fits, others do not",
)
_ELSEWHERE = (
    "goes with “{clue}” → not here ○",
    "known from “{clue}” → another matter ☑",
    "“{clue}” → elsewhere ◐",
)
_MADE = (
    "nothing known speaks for it → out ○",
    "near, but no such value comes back → drop ◐",
    "plausible ? → no support ○",
)
_FITS = (
    "fits the clue “{clue}” ☑",
    "goes with “{clue}” ✓",
    "“{clue}” → matches ●",
)
_CHECKS = (
    "kind of value → right for the gap ✓",
    "※ one choice left after the rest fall ●",
    "read the sentence with it → nothing jars ☑",
    "⟨H≈0.2⟩ no rival left → decide ●",
)


def query(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for mcq/query: a sentence with a gap and four values for it.

    Raises Rejected("nothing_to_ask") where no query of the type leaves a value out that has three
    distractors.
    """
    passage, language, axes = variables["passage"], variables["language"], variables["axes"]
    neighbors = tuple(variables["neighbors"])
    plan = plan_query(passage, language, words, axes, method)
    if plan.form == "gap":
        asked = Exchange(language, plan.query, "", "", plan.focus, axes, passage, neighbors)
        others = wrong_options(plan.value, asked)
        if others:
            return {
                "question": plan.query,
                "key": plan.value,
                "distractors": others,
                "focus": plan.focus,
            }
    raise Rejected("nothing_to_ask", f"{passage.title}: no value with three others like it")


def wrong_options(key: str, asked: Exchange) -> list[str] | None:
    """Three values like the key, each wrong; None where there are not so many.

    Each passes what `mcq.checks` asks of a distractor.
    """
    language, draw = asked.language, Draw("distractors", asked.passage.passage_id, asked.query)
    kind = kind_of(key, language)
    if kind == "phrase" or (kind == "name" and not is_person(key)):
        return None
    if kind == "number" and not _RUN.search(key):  # a Roman one
        return None
    kept: list[str] = []
    known = _values(asked.privileged, language, kind) if kind != "number" else []
    candidates = iter(draw.shuffled(known))
    figures = kind in ("year", "date", "number")
    for candidate in _chain(candidates, _changed_figures(key, kind, draw) if figures else iter(())):
        if _usable(candidate, [key, *kept], asked, kind) and not also_true([candidate], asked):
            kept.append(candidate)
            if len(kept) == len(LETTERS) - 1:
                return kept
    return None


def _usable(candidate: str, taken: Sequence[str], asked: Exchange, kind: str) -> bool:
    """Whether a value can stand beside the others: like kind and length, none within another, and
    none in the question."""
    folded = fold(same(candidate))
    others = [fold(same(other)) for other in taken]
    sizes = sorted([len(candidate), *map(len, taken)])
    question = fold(same(asked.query))
    return (
        bool(folded)
        and kind_of(candidate, asked.language) == kind
        and all(_alike(candidate, other, kind) for other in taken)
        and sizes[-1] <= NEAR[0] * sizes[0] + NEAR[1]
        and not any(folded in other or other in folded for other in others)
        and not any(next(occurrences(question, value), None) is not None
                    for value in (folded, others[0]))
    )  # fmt: skip


def _chain(of_texts: Iterator[str], of_key: Iterator[str] | None) -> Iterator[str]:
    """Some values of the texts, then made ones, then the rest of the texts."""
    first = [value for _, value in zip(range(_FROM_TEXTS), of_texts, strict=False)]
    yield from first
    yield from of_key or ()
    yield from of_texts


def _values(passages: Sequence[Passage], language: str, kind: str) -> list[str]:
    """Values of a kind, each once."""
    gaps = (g for p in passages for s in statements(p, language) for g in s.gaps)
    return list(dict.fromkeys(g.text for g in gaps if kind_of(g.text, language) == kind))


def _alike(value: str, other: str, kind: str) -> bool:
    """Whether two values of a kind could stand for each other: years and dates within 40 years,
    dates and numbers of the same form, numbers of like size, both persons or neither."""
    if kind == "name":
        return is_person(value) and is_person(other)
    if kind in ("date", "number") and _form(value) != _form(other):
        return False
    ours, theirs = ([int(run) for run in _RUN.findall(text)] for text in (value, other))
    if kind == "number":
        if not (ours and theirs):  # in letters: "XVI"
            return False
        low, high = sorted((ours[0], theirs[0]))
        return high <= max(12, _LARGER * low)
    years = [run for run in (max(ours, default=0), max(theirs, default=0)) if run > 31]
    return len(years) != 1 and (not years or abs(years[0] - years[1]) <= _APART)


def _form(value: str) -> str:
    """What stands between a value's figures and words; figures behind a mark stay.

    >>> _form("3 May 1912"), _form("1.5"), _form("652,000")
    ('0 a 0', '0.5', '0,000')
    """
    figures = re.sub(r"^\d+", "0", re.sub(r"(?<![.,\d])\d+", "0", value))
    return re.sub(r"[^\W\d_]+", "a", figures)


def _changed_figures(value: str, kind: str, draw: Draw) -> Iterator[str]:
    """The value with other figures of the same length, again and again; of a number the first ones
    alone, or the last where it begins with 0. Of one in letters ("XVI") there are none."""
    runs = list(_RUN.finditer(value))
    if not runs:
        return
    changed = runs if kind != "number" else runs[-1:] if int(runs[0].group()) == 0 else runs[:1]
    for _ in range(_TRIES):
        other = value
        for run in reversed(changed):
            figures = _other_figures(run.group(), kind, draw)
            other = other[: run.start()] + figures + other[run.end() :]
        yield other


def _other_figures(figures: str, kind: str, draw: Draw) -> str:
    """Other figures of as many places: a day, a year, or a number of like size."""
    value, places = int(figures), len(figures)
    if kind == "date" and places <= 2:
        return str(1 + draw.below(28)).zfill(places if figures[0] == "0" else 1)
    reach = 25 if kind in ("date", "year") else max(4, value // 3)
    other = value + draw.choice((-1, 1)) * (1 + draw.below(reach))
    if kind in ("date", "year"):
        other = min(other, max(_LATEST, value - 1))
    least = 0 if figures[0] == "0" else 10 ** (places - 1)
    return str(min(max(other, least), 10**places - 1)).zfill(places)


def answer_choice(
    variables: Mapping[str, Any], words: Language, method: str, seed: int
) -> AnswerFields:
    """The rule for mcq/answer: the key with its sentence; the trace weighs the four options."""
    focus, right = variables["focus"], variables["key"]
    draw = Draw("mcq answer", variables["prompt"], seed)
    passages = [variables["passage"], *variables["neighbors"]]
    texts = [s.text for p in passages for s in statements(p, variables["language"])]
    key = variables["options"][LETTERS.index(right[0])]
    kind = kind_of(key, variables["language"])
    title = variables["passage"].title
    what = draw.choice(_WANTED.get(kind, ("the fitting words",)))
    h = f"{(3 + draw.below(8)) / 10:.1f}"
    steps = [draw.choice(_OPENINGS).format(h=h, title=one_line(title), what=what)]
    for i, option in enumerate(variables["options"]):
        branch = "└─" if i == len(LETTERS) - 1 else "├─"
        verdict = _fitting(focus, key, draw) if option == key else _weighed(option, texts, draw)
        steps.append(f"{branch} {LETTERS[i]} “{one_line(option)}” : {verdict}")
    steps += [draw.choice(_CHECKS), f"∴ {right} {draw.choice('●✓')}"]
    said = draw.choice(words.known).format(sentence=as_sentence(focus))
    return {"reasoning": "\n".join(steps), "answer": f"{right}. {said}"}


def _fitting(focus: str, key: str, draw: Draw) -> str:
    return draw.choice(_FITS).format(clue=_around(focus, key))


def _weighed(option: str, texts: Sequence[str], draw: Draw) -> str:
    """What speaks against an option: where else it stands, or that it stands nowhere."""
    other = next((t for t in texts if next(occurrences(t, option), None) is not None), None)
    if other is None:
        return draw.choice(_MADE)
    return draw.choice(_ELSEWHERE).format(clue=_around(other, option))


def _around(text: str, value: str) -> str:
    """Some words of the text on either side of a value, which is left out."""
    at = next(occurrences(text, value), 0)
    before, after = text[:at].split(), text[at + len(value) :]
    space = " " if after[:1].isspace() else ""
    return one_line(f"{' '.join(before[-_CLUE:])} …{space}{' '.join(after.split()[:_CLUE])}")


RULES: dict[str, Rule] = {"mcq/query": query, "mcq/answer": answer_choice}
