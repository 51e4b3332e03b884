"""The checks of an edit: its choice, its trace, and (by `result_checks`) its result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from beam_synth.checks import Check, outcome
from beam_synth.checks.language import language_check
from beam_synth.checks.leaks import leaks
from beam_synth.checks.notation import TraceError
from beam_synth.checks.suites import trace_checks
from beam_synth.checks.trace import parse_trace
from beam_synth.materials.corruption import Error
from beam_synth.methods.editing.edit import Edit
from beam_synth.methods.editing.forms import lines_of
from beam_synth.methods.editing.reasons import alleged, untrue
from beam_synth.methods.editing.result_checks import (
    CHECKS,
    check_said_once,
    extractable_facts,
    extracted,
)
from beam_synth.text.claims import unsupported
from beam_synth.text.equations import derived
from beam_synth.text.facts import numbers, numerals
from beam_synth.text.quotes import mask_quotes
from beam_synth.text.sentences import count_words, normalise, occurrences, sentences
from beam_synth.text.support import support

LEAST_SUMMARISED = 40  # words of a text that is worth a summary
QUOTED = re.compile(r"“[^“”\n]*”")
_IN_QUOTES = re.compile(r"[“„«\"]([^“”„«»\"\n]+)[”“»\"]")
_HIDDEN = re.compile(
    r"\b(?:list of (?:the )?(?:errors|mistakes|corrections)|(?:error|correction) list|injected|"
    r"corrupted|the original(?: text)? (?:is|was|says|has)|known (?:errors|corrections))\b",
    re.IGNORECASE,
)
_SAYS = (
    "Correct Extract Restyle Simplify Summarise Translate JSON Latin English French German Spanish "
    "Italian Polish Dutch yes no none done task result list letter question answer bullets"
)


def checks_of(edit: Edit) -> Iterator[Check]:
    """All checks of an edit, in order, each made when it is asked for."""
    yield from choice_checks(edit)
    yield language_check("query_language", "query_language", edit.instruction, edit.language)
    yield from trace_checks(edit.reasoning, edit.trace_words)
    for check in (check_leaks, check_supported, check_names_edits, *CHECKS[edit.chosen_task]):
        yield check(edit)
    if edit.chosen_task in ("simplify", "restyle", "summarise", "translate"):
        yield check_said_once(edit)


def choice_checks(edit: Edit) -> Iterator[Check]:
    """The checks of the choice alone; trace and answer may be missing."""
    yield check_offered(edit)
    yield check_fits(edit)
    yield check_reason(edit)


# ---------------------------------------------------------------- the choice


def check_offered(edit: Edit) -> Check:
    """The chosen task is one of those offered."""
    tasks = [offer["task"] for offer in edit.offered]
    problems = [] if edit.chosen_task in tasks else [f"{edit.chosen_task!r} is none of {tasks}"]
    return outcome("task_offered", "edit_not_offered", problems, edit.chosen_task)


def check_fits(edit: Edit) -> Check:
    """There is something to do: errors to correct, which comes first, a text long enough for a
    summary, or something to extract."""
    problems = []
    if (
        edit.errors
        and edit.chosen_task != "correct"
        and any(offer["task"] == "correct" for offer in edit.offered)
    ):
        problems.append("the text has mistakes, and correcting them is on offer")
    kinds = edit.chosen.get("keys", {}).values()
    if kinds and not any(extractable_facts(edit.text, edit.language, kind) for kind in kinds):
        problems.append(f"the text has no {' and no '.join(kinds)} to extract")
    if edit.chosen_task == "correct" and not edit.errors:
        problems.append("nothing is wrong with the text")
    if edit.chosen_task == "summarise" and count_words(edit.text) < LEAST_SUMMARISED:
        problems.append("the text is too short for a summary")
    return outcome("task_fits", "edit_not_done", problems)


def check_reason(edit: Edit) -> Check:
    """The reason is of this text, and what it says of it is true (`reasons.untrue`)."""
    problems = untrue(edit.why, edit.text, edit.language, faultless=not edit.errors)
    return outcome("choice_reason", "edit_reason", problems)


# ---------------------------------------------------------------- the trace


def check_leaks(edit: Edit) -> Check:
    """The trace, without its quotations, speaks of no answers or lists that its reader does not
    see."""
    trace = mask_quotes(edit.reasoning)
    mentions = leaks(trace, rag=True, title="", query=edit.instruction)
    mentions += [m.group() for m in _HIDDEN.finditer(trace)]
    return outcome("trace_no_leak", "trace_leaks_source", [f"mentions {f!r}" for f in mentions])


def check_supported(edit: Edit) -> Check:
    """Names and numbers of the trace are backed.

    They stand in the text, the request or the result, come out of the trace's sums, or are
    counts of any of these. Quotations are read in the text's language. A trace that does not
    parse is left to the grammar check.
    """
    try:
        claimed = parse_trace(edit.reasoning).claims
    except TraceError as error:
        return outcome("trace_supported", "trace_unsupported", [], f"does not parse: {error}")
    backing = support(edit.text, edit.language) | support(edit.answer, edit.result_language)
    backing = backing | support(edit.instruction, edit.language) | support(_SAYS, "en")
    known = counts(edit) | {
        Decimal(value.numerator) / Decimal(value.denominator) for value in derived(edit.reasoning)
    }
    missing = []
    for short in (0, 1):
        follows = [c.text for c in claimed if (c.connective in ("→", "∴")) is bool(short)]
        missing += unsupported(QUOTED.sub(" ", "\n".join(follows)), "en", backing, short)
    for quoted in QUOTED.findall(edit.reasoning):
        missing += unsupported(quoted[1:-1], edit.language, backing)
    unbacked = [
        text
        for text in missing
        if not any(f.values & known for f in (*numbers(text, "en"), *numerals(text, "en")))
    ]
    return outcome("trace_supported", "trace_unsupported", [f"in no source: {t}" for t in unbacked])


def counts(edit: Edit) -> set[Decimal]:
    """Numbers that a trace may state of the text, the request and the result: words, sentences,
    lines, errors, offers, extracted values, limits asked for, and the numbers to 3."""
    counted = [
        count_words(edit.text),
        count_words(edit.answer),
        len(edit.errors),
        len(edit.offered),
        len(lines_of(edit.text)),
        len(lines_of(edit.answer)),
        len(sentences(edit.text, edit.language)),
        len(sentences(edit.answer, edit.result_language)),
        *(edit.chosen[name] for name in ("words", "percent") if name in edit.chosen),
        *range(4),
        100,  # of percents
    ]
    if edit.chosen_task == "extract":
        counted += [len(values) for values in extracted(edit).values()]
    return {Decimal(n) for n in counted}


def _names_error(text: str, error: Error) -> bool:
    """Whether a normalised text holds the right or the wrong words of an error."""
    pair = (normalise(error.right), normalise(error.wrong))
    return any(next(occurrences(text, words), None) is not None for words in pair)


def check_names_edits(edit: Edit) -> Check:
    """The trace quotes at least half of what it corrects, the right words or the wrong ones, and
    calls nothing else a mistake."""
    said = [normalise(text) for text in _IN_QUOTES.findall(edit.reasoning)]
    if edit.chosen_task != "correct":
        return outcome("trace_names_edits", "trace_misses_answer", [], "not asked for")
    named = [e for e in edit.errors if any(_names_error(text, e) for text in said)]
    problems = [] if 2 * len(named) >= len(edit.errors) else [f"names {len(named)} of them"]
    rights = [normalise(part) for e in edit.errors for part in (e.wrong, e.right)]
    problems += [
        f"calls “{words}” a mistake, which is none"
        for words in alleged(edit.reasoning)
        if not any(normalise(words) in part or part in normalise(words) for part in rights)
    ]
    detail = f"{len(named)} of {len(edit.errors)}"
    return outcome("trace_names_edits", "trace_misses_answer", problems, detail)
