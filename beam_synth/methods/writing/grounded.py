"""What the trace of a written text names, quotes and counts is there to be seen."""

from __future__ import annotations

import re

from beam_synth.checks import Check, outcome
from beam_synth.materials.constraints.counts import count_units
from beam_synth.materials.constraints.letterforms import fold_letters, lines, spellings
from beam_synth.methods.writing.written import Writing
from beam_synth.text.equations import derived
from beam_synth.text.sentences import normalise

_QUOTED = re.compile(r"“([^“”\n]*)”")
_FIGURE = re.compile(r"\d(?<![\w.].)\d*(?:[.,]\d+)*")
_ASIDE = re.compile(r"⟨H≈[^⟩]*⟩|“[^“”\n]*”|^\s*(?:[├└]─+\s*)?\d{1,2}[.)]\s", re.MULTILINE)
# What a line says that weighs words, and drops some.
_WEIGHS = re.compile(
    r"[↺⚠?]|\b(?:barred|free|falls?|drop\w*|out|avoid\w*|bann?ed|shut|instead|not|no|never|too|lost|"
    r"fails?|forbid\w*|without|cannot|unlike|rather|would|could|replac\w*)\b",
    re.IGNORECASE,
)


def check_grounded(writing: Writing) -> Check:
    """The trace names words of the text, and what it counts is there to be seen. So is what it
    quotes, but for words that it weighs: up to half on lines that say so, less than a quarter
    elsewhere."""
    problems = _strange_quotes(writing)
    problems += [f"counts {n}" for n in _uncounted(writing)]
    ours = {letters for letters in spellings(writing.text) if len(letters) > 2}
    named = ours.intersection(spellings(writing.reasoning))
    if len(named) < min(2, len(ours)):
        problems.append("names no words of the text")
    return outcome("trace_grounded", "trace_unsupported", problems, f"{len(named)} words named")


def _strange_quotes(writing: Writing) -> list[str]:
    """In words, what the trace quotes that stands nowhere, where it is too much of that."""
    seen = normalise("\n".join((writing.text, writing.query, writing.title, writing.seed_text)))
    trace = writing.reasoning.split("\n")
    quoted = [(q, line) for line in trace for q in _QUOTED.findall(line)]
    strange = [(q, line) for q, line in quoted if normalise(q).strip(" …") not in seen]
    claimed = [q for q, line in strange if not _WEIGHS.search(line)]
    if 2 * len(strange) > len(quoted) or 4 * len(claimed) >= max(1, len(quoted)):
        return [f"quotes {q!r}" for q, _ in strange]
    return []


def _uncounted(writing: Writing) -> list[str]:
    """Figures of the trace that can neither be read, nor counted, nor calculated."""
    left = set(_FIGURE.findall(_ASIDE.sub(" ", writing.reasoning)))
    for source in (_read, _counted, _calculated):  # the cheapest first
        if left:
            left -= source(writing)
    return sorted(left)


def _read(writing: Writing) -> set[str]:
    given = (writing.text, writing.query, writing.seed_text, writing.title)
    return set(_FIGURE.findall("\n".join(given)))


def _counted(writing: Writing) -> set[str]:
    """Of the text: letters of its words, the measures of its lines, its parts; its rules."""
    text = writing.text
    numbers = set(map(len, spellings(text)))
    for line in lines(text):
        numbers |= {len(spellings(line.text)), len(fold_letters(line.text)), len(line.text)}
    numbers |= {
        count_units(text, unit, writing.language) for unit in ("word", "letter", "paragraph")
    }
    numbers |= set(range(1, 1 + len(lines(text))))
    numbers.add(len(writing.brief.constraints))
    return set(map(str, numbers))


def _calculated(writing: Writing) -> set[str]:
    sentences = count_units(writing.text, "sentence", writing.language)
    return {str(value) for value in derived(writing.reasoning)} | {str(sentences)}
