"""The checks of an edited text: what was asked for is done, and nothing is lost or added."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import orjson

from beam_synth.calling import parse_instance
from beam_synth.checks import Check, outcome
from beam_synth.checks.arithmetic import derived
from beam_synth.checks.backward import leaks
from beam_synth.checks.correction import Comparison, compare
from beam_synth.checks.entailment import claims, content_words, unsupported
from beam_synth.checks.facts import Fact, dates, names, numbers
from beam_synth.checks.forms import body, complicated, lines_of, misses
from beam_synth.checks.language import language_check, other_language
from beam_synth.checks.suites import trace_checks
from beam_synth.checks.support import Support, support
from beam_synth.checks.trace import TraceError, mask_quotes, parse
from beam_synth.corruption import Error, restore
from beam_synth.methods.instructions import Offer, Wording, instruction, prompt_of, schema_of, shown
from beam_synth.text import count_words, normalise, occurrences

LEAST_NAMES = 0.6  # share of the names that a translation keeps: they are inflected, transliterated
LEAST_KEPT = 0.8  # the same for a text in its own language
LEAST_SHARED = 0.3  # share of a summary's words that the text holds
LEAST_SUMMARISED = 40  # words of a text that is worth a summary
TRANSLATED = (0.4, 2.5)  # words of a translation for each of the text
_YEAR = re.compile(r"1\d{3}|20\d{2}")
QUOTED = re.compile(r"“[^“”\n]*”")
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_HIDDEN = re.compile(
    r"\b(?:list of (?:the )?(?:errors|mistakes|corrections)|(?:error|correction) list|injected|"
    r"corrupted|the original(?: text)? (?:is|was|says|has)|known (?:errors|corrections))\b",
    re.IGNORECASE,
)
_SAYS = (
    "Correct Extract Restyle Simplify Summarise Translate JSON Latin English French German Spanish "
    "Italian Polish Dutch yes no none done task result list letter question answer bullets"
)


@dataclasses.dataclass(frozen=True)
class Edit:
    """Everything the checks look at: what was asked for, and what became of the text."""

    language: str
    text: str  # as the user gives it, with its errors
    errors: tuple[Error, ...]
    offered: tuple[Offer, ...]
    chosen_task: str
    why: str  # the reason of the choice, in English
    wording: Wording
    reasoning: str = ""
    answer: str = ""

    @property
    def chosen(self) -> Offer:
        """The offer of the chosen task; an empty one where it was not offered."""
        return next((o for o in self.offered if o["task"] == self.chosen_task), {"task": ""})

    @functools.cached_property
    def instruction(self) -> str:
        """What the user says in front of the text."""
        return instruction(self.language, self.wording, self.offered, self.chosen)

    @property
    def prompt(self) -> str:
        """The user's turn."""
        named = shown(self.wording, self.offered, self.chosen)
        return prompt_of(self.instruction, named, self.text)

    @property
    def original(self) -> str:
        """The text without its errors."""
        return restore(self.text, self.errors)

    @property
    def result_language(self) -> str:
        """The language that the result has to be in."""
        return str(self.chosen.get("target", self.language))

    @functools.cached_property
    def comparison(self) -> Comparison:
        """The answer against the text without its errors."""
        return compare(self.original, self.errors, self.answer)


def checks_of(edit: Edit) -> Iterator[Check]:
    """All checks of an edit, in order, each made when it is asked for."""
    yield from choice_checks(edit)
    yield language_check("query_language", "query_language", edit.instruction, edit.language)
    yield from trace_checks(edit.reasoning)
    for check in (check_leaks, check_supported, *CHECKS[edit.chosen_task]):
        yield check(edit)


def choice_checks(edit: Edit) -> Iterator[Check]:
    """The checks of the choice alone."""
    yield check_offered(edit)
    yield check_fits(edit)


# ---------------------------------------------------------------- the choice


def check_offered(edit: Edit) -> Check:
    """The chosen task is one of those offered."""
    tasks = [offer["task"] for offer in edit.offered]
    problems = [] if edit.chosen_task in tasks else [f"{edit.chosen_task!r} is none of {tasks}"]
    return outcome("task_offered", "edit_not_offered", problems, edit.chosen_task)


def check_fits(edit: Edit) -> Check:
    """There is something to do: errors to correct, or a text long enough for a summary."""
    problems = []
    if edit.chosen_task == "correct" and not edit.errors:
        problems.append("nothing is wrong with the text")
    if edit.chosen_task == "summarise" and count_words(edit.text) < LEAST_SUMMARISED:
        problems.append("the text is too short for a summary")
    return outcome("task_fits", "edit_not_done", problems)


# ---------------------------------------------------------------- the trace


def check_leaks(edit: Edit) -> Check:
    """The trace does not speak of answers or lists that its reader does not see."""
    trace = mask_quotes(edit.reasoning)
    found = leaks(trace, rag=True, title="", query=edit.instruction)
    found += [m.group() for m in _HIDDEN.finditer(trace)]
    return outcome("trace_no_leak", "trace_leaks_source", [f"mentions {f!r}" for f in found])


def check_supported(edit: Edit) -> Check:
    """Names and numbers of the trace stand in the text, the request or the result, come out of its
    sums, or are counts of them. Quotations are read in the text's language."""
    try:
        claimed = parse(edit.reasoning).claims
    except TraceError as error:
        return outcome("trace_supported", "trace_unsupported", [], f"does not parse: {error}")
    backing = support(edit.text, edit.language) | support(edit.answer, edit.result_language)
    backing = backing | support(edit.instruction, edit.language) | support(_SAYS, "en")
    known = counts(edit) | {
        Decimal(v.numerator) / Decimal(v.denominator) for v in derived(edit.reasoning)
    }
    missing = []
    for short in (0, 1):
        follows = [c.text for c in claimed if (c.connective in ("→", "∴")) is bool(short)]
        missing += unsupported(QUOTED.sub(" ", "\n".join(follows)), "en", backing, short)
    for quoted in QUOTED.findall(edit.reasoning):
        missing += unsupported(quoted[1:-1], edit.language, backing)
    left = [text for text in missing if not any(f.values & known for f in numbers(text, "en"))]
    return outcome("trace_supported", "trace_unsupported", [f"in no source: {t}" for t in left])


def counts(edit: Edit) -> set[Decimal]:
    """Numbers that a trace may state of the text, the request and the result."""
    counted = [
        count_words(edit.text),
        count_words(edit.answer),
        len(edit.errors),
        len(edit.offered),
        len(lines_of(edit.text)),
        len(lines_of(edit.answer)),
        *(edit.chosen[name] for name in ("words", "percent") if name in edit.chosen),
        *range(4),
        100,  # of percents
    ]
    if edit.chosen_task == "extract":
        counted += [len(values) for values in _extracted(edit).values()]
    return {Decimal(n) for n in counted}


def check_names_edits(edit: Edit) -> Check:
    """The trace names at least half of what it corrects: the right words, or the wrong ones."""
    said = normalise(edit.reasoning)
    named = [
        e for e in edit.errors if normalise(e.right) in said or normalise(e.wrong) in said
    ]  # fmt: skip
    problems = [] if 2 * len(named) >= len(edit.errors) else [f"names {len(named)} of them"]
    detail = f"{len(named)} of {len(edit.errors)}"
    return outcome("trace_names_edits", "trace_misses_answer", problems, detail)


# ---------------------------------------------------------------- the result


def check_result_language(edit: Edit) -> Check:
    """The result is in the language asked for."""
    return language_check("answer_language", "answer_language", edit.answer, edit.result_language)


def check_restored(edit: Edit) -> Check:
    """Every error that was put into the text is undone."""
    left = edit.comparison.left
    problems = [f"{e.wrong!r} should be {e.right!r}" for e in left]
    share = round(1 - len(left) / max(1, len(edit.errors)), 3)
    detail = f"{len(edit.errors)} errors"
    return outcome("errors_restored", "edit_incomplete", problems, detail, share)


def check_elsewhere(edit: Edit) -> Check:
    """Beside the errors hardly anything is changed, and no number at all."""
    found = edit.comparison
    problems = [change for change in found.elsewhere if re.search(r"\d", change)]
    if found.changed > found.allowed:
        problems += [change for change in found.elsewhere if change not in problems]
    share = round(1 - found.changed / max(1, found.total), 4)
    detail = f"{found.changed} of {found.total} words and marks"
    return outcome("nothing_else_changed", "edit_elsewhere", problems, detail, share)


def _extracted(edit: Edit) -> dict[str, list[str]]:
    """Key -> values of the answer's object; {} where it is none of the schema."""
    try:
        return dict(parse_instance(edit.answer, schema_of(edit.chosen)))
    except (ValueError, KeyError):
        return {}


def check_schema(edit: Edit) -> Check:
    """The answer is one JSON object of the schema, and nothing else."""
    try:
        data: Any = orjson.loads(edit.answer)
        parse_instance(edit.answer, schema_of(edit.chosen))
    except ValueError as error:
        return outcome("fits_schema", "extract_schema", [str(error)])
    return outcome("fits_schema", "extract_schema", [], f"{len(data)} keys")


def check_spans(edit: Edit) -> Check:
    """Every extracted value stands in the text, as whole words."""
    values = [value for found in _extracted(edit).values() for value in found]
    problems = [repr(v) for v in values if next(occurrences(edit.text, v), None) is None]
    return outcome("values_are_spans", "extract_not_span", problems, f"{len(values)} values")


def facts_of(text: str, language: str, kind: str) -> list[str]:
    """What is to be extracted of a kind: names, dates with a month, years, numbers
    outside dates."""
    if kind == "names":
        return list(dict.fromkeys(fact.text for fact in names(text, language)))
    dated = [d for d in dates(text, language) if d.date[0] or d.date[2]]
    if kind == "dates":
        return list(dict.fromkeys(fact.text for fact in dated))
    figures = numbers(text, language)
    if kind == "years":
        return list(dict.fromkeys(n.text for n in figures if _YEAR.fullmatch(n.text)))
    free = (n for n in figures if not any(d.start < n.end and n.start < d.end for d in dated))
    return list(dict.fromkeys(n.text for n in free))


def check_complete(edit: Edit) -> Check:
    """Most of what the text holds of each kind is extracted."""
    problems, told, score = [], [], 1.0
    found = _extracted(edit)
    for key, kind in edit.chosen["keys"].items():
        wanted = facts_of(edit.text, edit.language, kind)
        values = found.get(key, [])
        hit = sum(any(w in v or v in w for v in values) for w in wanted)
        told.append(f"{key}: {hit} of {len(wanted)}, {len(values)} values")
        score = min(score, hit / len(wanted) if wanted else 1.0)
        least = LEAST_NAMES if kind == "names" else LEAST_KEPT
        if hit < least * len(wanted):
            problems.append(f"{key}: {hit} of {len(wanted)} are extracted")
    detail = "; ".join(told)
    return outcome("extraction_complete", "edit_not_done", problems, detail, round(score, 3))


def _kept(edit: Edit, text: str, least: float) -> Check:
    """Numbers and dates of `text` are in the answer, names by their share; none is new."""
    there = support(edit.answer, edit.result_language)
    stated = claims(text, edit.language)
    figures = [f for f in stated if f.kind != "name"]
    missing = [f.text for f in figures if not _says(there, f)]
    named = [f for f in stated if f.kind == "name"]
    held = sum(there.has(f) for f in named)
    if held < least * len(named):
        missing.append(f"{len(named) - held} of {len(named)} names")
    problems = [f"missing: {m}" for m in missing] + [f"new: {n}" for n in _new(edit)]
    total = len(figures) + len(named)
    share = (held + sum(_says(there, f) for f in figures)) / total if total else 1.0
    detail = f"{total} names, numbers and dates"
    return outcome("facts_kept", "edit_loses_facts", problems, detail, round(share, 3))


def _says(there: Support, fact: Fact) -> bool:
    """Whether a number or date is kept; of a date in other words, its parts."""
    if fact.kind == "date" and not there.has(fact):
        return all(there.has(n) for n in numbers(fact.text, "en"))
    return there.has(fact)


def _new(edit: Edit) -> list[str]:
    """Numbers of the answer that the text lacks, and names, too, in its own language."""
    answer = body(edit.answer, str(edit.chosen.get("form", "")))
    backing = support(edit.text, edit.language)
    if edit.result_language == edit.language:
        return unsupported(
            answer, edit.language, backing | support(edit.original, edit.language), 0
        )
    found = numbers(answer, edit.result_language)
    return [f.text for f in found if not backing.has(f)]


def check_translated_facts(edit: Edit) -> Check:
    """Numbers are kept, and most names."""
    return _kept(edit, edit.original, LEAST_NAMES)


def check_facts_kept(edit: Edit) -> Check:
    """Names, numbers and dates are kept; those in brackets may go where brackets have to."""
    text = edit.original
    if edit.chosen_task == "simplify":
        text = _PARENTHESES.sub(" ", text)
    return _kept(edit, text, LEAST_KEPT)


def check_translated(edit: Edit) -> Check:
    """The result is in another language than the text, and of like length."""
    problems = []
    _, own = other_language(edit.answer, edit.language)
    _, target = other_language(edit.answer, edit.result_language)
    if normalise(edit.answer) == normalise(edit.text) or own > target:
        problems.append(f"is still in {edit.language}")
    ratio = count_words(edit.answer) / max(1, count_words(edit.text))
    if not TRANSLATED[0] <= ratio <= TRANSLATED[1]:
        problems.append(f"{ratio:.2f} words for each of the text")
    return outcome("translated", "edit_not_done", problems, f"{ratio:.2f} words a word")


def check_shorter(edit: Edit) -> Check:
    """The summary is no longer than asked for, and says something."""
    n, most = count_words(edit.answer), edit.chosen["words"]
    problems = [] if n <= most else [f"{n} words, {most} at most are asked for"]
    problems += [] if n >= min(5, most) else [f"{n} words say nothing"]
    return outcome("short_enough", "edit_not_done", problems, f"{n} of {most} words")


def check_backed(edit: Edit) -> Check:
    """The summary states nothing new, and speaks of what the text speaks of."""
    backing = support(edit.text, edit.language) | support(edit.original, edit.language)
    problems = [f"new: {n}" for n in unsupported(edit.answer, edit.language, backing)]
    said = content_words(edit.answer, edit.language)
    shared = sum(backing.has_token(w) or backing.has_number(w) for w in said) / max(1, len(said))
    if shared < LEAST_SHARED:
        problems.append(f"{shared:.0%} of its words are the text's")
    return outcome("summary_backed", "edit_loses_facts", problems, "", round(shared, 3))


def check_form(edit: Edit) -> Check:
    """The result has the form asked for, and is another text than the given one."""
    offer = edit.chosen
    if edit.chosen_task == "restyle":
        missed, asked = misses(edit.answer, offer["form"]), offer["form"]
    else:
        missed = complicated(edit.answer, edit.language, offer["words"])
        asked = f"at most {offer['words']} words a sentence"
    problems = [missed] if missed else []
    if normalise(edit.answer) == normalise(edit.text):
        problems.append("the text is as it was")
    return outcome("form_kept", "edit_not_done", problems, asked)


EditCheck = Callable[[Edit], Check]
CHECKS: dict[str, tuple[EditCheck, ...]] = {
    "correct": (check_result_language, check_restored, check_elsewhere, check_names_edits),
    "extract": (check_schema, check_spans, check_complete),
    "restyle": (check_result_language, check_form, check_facts_kept),
    "simplify": (check_result_language, check_form, check_facts_kept),
    "summarise": (check_result_language, check_shorter, check_backed),
    "translate": (check_result_language, check_translated, check_translated_facts),
}
