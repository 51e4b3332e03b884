"""Checks of a rephrased passage: its form, its language, what it states, and how much is copied.

The order is fixed; `checks_of` makes them one by one, for the method and for `verify` alike.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from beam_synth.checks import Check, outcome
from beam_synth.checks.language import language_check
from beam_synth.methods.rephrase.formats import TABLE, problems_of, said, words_in_order
from beam_synth.records import Passage
from beam_synth.text.claims import claims
from beam_synth.text.equations import derived
from beam_synth.text.facts import Fact
from beam_synth.text.phrases import points_at_text
from beam_synth.text.support import support

REASONS = {
    "rephrase_form": "the text has not the form that was asked for: an FAQ, a maths problem, a "
    "table with a question, a tutorial",
    "rephrase_language": "the text is not in the language of its passage",
    "rephrase_unsupported": "names, numbers or dates of the text are neither in the passage nor "
    "calculated from it",
    "rephrase_copied": "too much of the text is copied from the passage",
    "rephrase_names_source": "the text speaks of the passage that it was made from",
    "rephrase_off_topic": "the text holds none of the names, numbers and dates of the passage",
}
SPAN = 8  # words in a row that the passage has, too, are copied
MOST_COPIED = 0.6  # share of the text's words
LONGEST_COPY = 40  # words in a row
_HEADING = re.compile(r"^\s*(?:#|\*\*[^*?]+\*\*:?\s*$)")


@dataclasses.dataclass(frozen=True)
class Rephrasing:
    """A text with all that its checks look at."""

    form: str  # one of formats.FORMATS
    language: str
    text: str
    passage: Passage


def checks_of(made: Rephrasing) -> Iterator[Check]:
    """All checks, in order, each made when it is asked for."""
    yield outcome(f"{made.form}_form", "rephrase_form", problems_of(made.form, made.text))
    yield language_check("text_language", "rephrase_language", _prose(made), made.language)
    yield check_supported(made)
    yield check_on_topic(made)
    yield check_copied(made.text, made.passage.text)
    pointed = points_at_text(made.text, made.language)
    yield outcome("names_no_source", "rephrase_names_source", [f"{pointed!r}"] if pointed else [])


def _prose(made: Rephrasing) -> str:
    """What the text says, a line each, without labels and marks; the cells of a table apart."""
    text = made.text.replace("|", "\n") if made.form == TABLE else made.text
    return "\n".join(filter(None, map(said, text.splitlines())))


def check_supported(made: Rephrasing) -> Check:
    """Each name, number and date stands in the passage; a number may be calculated in the text."""
    passage = made.passage
    backing = support(f"{passage.title}\n{passage.section}\n{passage.text}", passage.language)
    results = derived(made.text)
    stated = _stated(made)
    unbacked = [
        fact.text
        for fact in stated
        if not backing.has(fact) and not any(value in results for value in fact.values)
    ]
    detail = f"{len(stated)} names, numbers and dates"
    return outcome("text_supported", "rephrase_unsupported", dict.fromkeys(unbacked), detail)


def _stated(made: Rephrasing) -> list[Fact]:
    """What the text states. A heading's capitals are a custom, not names; so are those of a table's
    head, and a single capitalised word that opens a cell is none."""
    lines = made.text.splitlines()
    prose = [line for line in lines if not _HEADING.match(line)]
    headings = filter(_HEADING.match, lines)
    without = dataclasses.replace(made, text="\n".join(prose))
    facts = [*claims(_prose(without), made.language, 0)]
    shown = "\n".join(map(said, headings))
    return facts + [fact for fact in claims(shown, made.language, 0) if fact.kind != "name"]


def check_on_topic(made: Rephrasing) -> Check:
    """Something of the passage stands in the text; the score is the share of its names, numbers
    and dates that do."""
    passage = made.passage
    facts = claims(passage.text, passage.language)
    backing = support(made.text, made.language)
    kept = sum(map(backing.has, facts))
    problems = ["none of its names, numbers and dates"] if facts and not kept else []
    score = kept / len(facts) if facts else 1.0
    detail = f"{kept} of {len(facts)} names, numbers and dates"
    return outcome("facts_kept", "rephrase_off_topic", problems, detail, score)


def check_copied(text: str, source: str) -> Check:
    """At most 60% of the text's words stand in runs of eight and more that the passage has, too,
    and no run is longer than 40."""
    runs = copied_runs(words_in_order(text), words_in_order(source))
    words = len(words_in_order(text))
    share = sum(runs) / words if words else 0.0
    problems = [f"{share:.0%} of its words are copied"] if share > MOST_COPIED else []
    if max(runs, default=0) > LONGEST_COPY:
        problems.append(f"{max(runs)} words in a row are copied")
    return outcome("copied", "rephrase_copied", problems, f"{share:.0%} copied", 1 - share)


def copied_runs(words: Sequence[str], source: Sequence[str], span: int = SPAN) -> list[int]:
    """Lengths of the runs of `span` words and more that both have, each word counted once.

    >>> copied_runs("x a b c d y".split(), "a b c d e".split(), 3)
    [4]
    """
    there = {tuple(source[at : at + span]) for at in range(len(source) - span + 1)}
    runs: list[int] = []
    end = -1  # of the run that is being read
    for at in range(len(words) - span + 1):
        if tuple(words[at : at + span]) not in there:
            continue
        if runs and at < end:
            runs[-1] += at + span - end
        else:
            runs.append(span)
        end = at + span
    return runs
