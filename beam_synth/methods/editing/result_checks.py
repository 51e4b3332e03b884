"""The checks of what became of an edited text: it is what was asked for, nothing lost or added.

`CHECKS` lists them by task. What may be lost or changed is our rule; its bounds stand below.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson

from beam_synth.checks import Check, outcome
from beam_synth.checks.instances import parse_instance
from beam_synth.checks.language import answer_language
from beam_synth.methods.editing.edit import Edit
from beam_synth.methods.editing.epithets import moved_epithets
from beam_synth.methods.editing.forms import body, complicated, misses
from beam_synth.methods.editing.offers import (
    schema_of,
)
from beam_synth.text.claims import claims, content_words, unsupported
from beam_synth.text.facts import Fact, dates, numbers
from beam_synth.text.fluency import repeated_sentences
from beam_synth.text.languages import other_language
from beam_synth.text.proper_names import names
from beam_synth.text.sentences import count_words, normalise, occurrences, sentences
from beam_synth.text.support import Support, support

LEAST_NAMES = 0.6  # share of the names that a translation keeps: they are inflected, transliterated
LEAST_KEPT = 0.8  # the same for a text in its own language
LEAST_SHARED = 0.3  # share of a summary's words that the text holds
LEAST_SAID = {"restyle": 0.55, "simplify": 0.3}  # share of the text's words that the result holds
_STEM = 5  # letters in which two forms of a word agree
TRANSLATED = (0.4, 2.5)  # words of a translation for each of the text
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_TABLE_LABEL = re.compile(r"(?m)^[^:\n]{1,60}:(?=\s)")
LEAST_LABELS = 3  # lines with a label that make a table
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def check_result_language(edit: Edit) -> Check:
    """The result is in the language asked for."""
    return answer_language(edit.answer, edit.result_language)


def check_restored(edit: Edit) -> Check:
    """Every error that was put into the text is undone; the score is the share that is."""
    left = edit.comparison.left
    problems = [f"{e.wrong!r} should be {e.right!r}" for e in left]
    share = round(1 - len(left) / max(1, len(edit.errors)), 3)
    detail = f"{len(edit.errors)} errors"
    return outcome("errors_restored", "edit_incomplete", problems, detail, share)


def check_elsewhere(edit: Edit) -> Check:
    """Beside the errors at most one word or mark in 40 is changed, and no number at all."""
    comparison = edit.comparison
    problems = [change for change in comparison.elsewhere if re.search(r"\d", change)]
    if comparison.changed > comparison.allowed:
        problems += [change for change in comparison.elsewhere if change not in problems]
    share = round(1 - comparison.changed / max(1, comparison.total), 4)
    detail = f"{comparison.changed} of {comparison.total} words and marks"
    return outcome("nothing_else_changed", "edit_elsewhere", problems, detail, share)


def extracted(edit: Edit) -> dict[str, list[str]]:
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
    values = [value for listed in extracted(edit).values() for value in listed]
    problems = [repr(v) for v in values if next(occurrences(edit.text, v), None) is None]
    return outcome("values_are_spans", "extract_not_span", problems, f"{len(values)} values")


def extractable_facts(text: str, language: str, kind: str) -> list[str]:
    """What is to be extracted of a kind, each once, in the order of the text.

    Args:
        kind: names, dates (with a day or a year beside the month), years (1000 to 2099), or numbers
            (those outside dates).

    >>> extractable_facts("Built on 3 May 1912, it is 214 metres long.", "en", "numbers")
    ['214']
    """
    if kind == "names":
        read = _without_labels(text)
        return list(dict.fromkeys(fact.text for fact in names(read, language)))
    dated = [d for d in dates(text, language) if d.date[0] or d.date[2]]
    if kind == "dates":
        return list(dict.fromkeys(fact.text for fact in dated))
    figures = numbers(text, language)
    if kind == "years":
        return list(dict.fromkeys(n.text for n in figures if _YEAR.fullmatch(n.text)))
    free = (n for n in figures if not any(d.start < n.end and n.start < d.end for d in dated))
    return list(dict.fromkeys(n.text for n in free))


def _without_labels(text: str) -> str:
    """A table of labels and values ("Area, Metro: 4,355") without its labels; else the text."""
    labels = list(_TABLE_LABEL.finditer(text))
    if 2 * len(labels) <= text.count("\n") + 1 or len(labels) < LEAST_LABELS:
        return text
    return _TABLE_LABEL.sub(lambda label: " " * len(label.group()), text)


def check_said_once(edit: Edit) -> Check:
    """No sentence of the result is there twice that the text has once."""
    parts = [edit.answer[a:b].strip() for a, b in sentences(edit.answer, edit.result_language)]
    before = [edit.text[a:b].strip() for a, b in sentences(edit.text, edit.language)]
    known = repeated_sentences(before)
    problems = [
        f"says twice: {part[:80]!r}" for part in repeated_sentences(parts) if part not in known
    ]
    return outcome("said_once", "edit_not_done", problems)


def check_complete(edit: Edit) -> Check:
    """Of what the text holds of each kind most is extracted: 60% of names, 80% of the rest.

    The score is that share of the kind that comes off worst.
    """
    problems, counts, score = [], [], 1.0
    answered = extracted(edit)
    for key, kind in edit.chosen["keys"].items():
        wanted = extractable_facts(edit.text, edit.language, kind)
        values = answered.get(key, [])
        hits = sum(any(fact in v or v in fact for v in values) for fact in wanted)
        counts.append(f"{key}: {hits} of {len(wanted)}, {len(values)} values")
        score = min(score, hits / len(wanted) if wanted else 1.0)
        least = LEAST_NAMES if kind == "names" else LEAST_KEPT
        if hits < least * len(wanted):
            problems.append(f"{key}: {hits} of {len(wanted)} are extracted")
    detail = "; ".join(counts)
    return outcome("extraction_complete", "edit_not_done", problems, detail, round(score, 3))


def _facts_kept(edit: Edit, text: str, least: float) -> Check:
    """Numbers and dates of `text` are in the answer, names by their share; none is new."""
    there = support(edit.answer, edit.result_language)
    stated = claims(text, edit.language)
    figures = [f for f in stated if f.kind != "name"]
    missing = [f.text for f in figures if not _keeps(there, f)]
    named = [f for f in stated if f.kind == "name"]
    held = sum(there.has(f) for f in named)
    if held < least * len(named):
        missing.append(f"{len(named) - held} of {len(named)} names")
    problems = [f"missing: {m}" for m in missing] + [f"new: {n}" for n in _new_facts(edit)]
    total = len(figures) + len(named)
    share = (held + sum(_keeps(there, f) for f in figures)) / total if total else 1.0
    detail = f"{total} names, numbers and dates"
    return outcome("facts_kept", "edit_loses_facts", problems, detail, round(share, 3))


def _keeps(there: Support, fact: Fact) -> bool:
    """Whether a number or date is kept; of a date in other words, its parts."""
    if fact.kind == "date" and not there.has(fact):
        return all(there.has(n) for n in numbers(fact.text, "en"))
    return there.has(fact)


def _new_facts(edit: Edit) -> list[str]:
    """Numbers of the answer that the text lacks, and names, too, in its own language."""
    answer = body(edit.answer, str(edit.chosen.get("form", "")))
    backing = support(edit.text, edit.language)
    if edit.result_language == edit.language:
        backing |= support(edit.original, edit.language)
        new = unsupported(answer, edit.language, backing, 0)
        return new + moved_epithets(edit.original, answer, edit.language)
    figures = numbers(answer, edit.result_language)
    return [f.text for f in figures if not backing.has(f)]


def check_translated_facts(edit: Edit) -> Check:
    """Numbers and dates are kept, and 60% of the names, which other languages spell in their own
    way."""
    return _facts_kept(edit, edit.original, LEAST_NAMES)


def check_facts_kept(edit: Edit) -> Check:
    """Numbers and dates are kept, and 80% of the names; what stands in brackets may go where
    brackets have to."""
    text = edit.original
    if edit.chosen_task == "simplify":
        text = _PARENTHESES.sub(" ", text)
    return _facts_kept(edit, text, LEAST_KEPT)


def check_translated(edit: Edit) -> Check:
    """The result is in another language than the text, and of like length (0.4 to 2.5 words a
    word)."""
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
    """The summary has no more words than asked for, and says something (five words at least)."""
    length, most = count_words(edit.answer), edit.chosen["words"]
    problems = [] if length <= most else [f"{length} words, {most} at most are asked for"]
    problems += [] if length >= min(5, most) else [f"{length} words say nothing"]
    return outcome("short_enough", "edit_not_done", problems, f"{length} of {most} words")


def check_backed(edit: Edit) -> Check:
    """The summary states nothing new, and 30% of its content words are the text's."""
    backing = support(edit.text, edit.language) | support(edit.original, edit.language)
    problems = [f"new: {n}" for n in unsupported(edit.answer, edit.language, backing)]
    problems += moved_epithets(edit.original, edit.answer, edit.language)
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


def check_words_kept(edit: Edit) -> Check:
    """The result says what the text says: it holds more than half of its content words (of a
    simpler text three in ten), in this or another form."""
    least = LEAST_SAID[edit.chosen_task]
    text = edit.original
    if edit.chosen_task == "simplify":
        text = _PARENTHESES.sub(" ", text)
    wanted, said = (
        {word[:_STEM] for word in content_words(words, edit.language)}
        for words in (text, edit.answer)
    )
    share = len(wanted & said) / max(1, len(wanted))
    problems = [] if share >= least else [f"{share:.0%} of the text's words are left"]
    return outcome("words_kept", "edit_loses_facts", problems, f"{share:.0%}", round(share, 3))


EditCheck = Callable[[Edit], Check]
CHECKS: dict[str, tuple[EditCheck, ...]] = {
    "correct": (check_result_language, check_restored, check_elsewhere),
    "extract": (check_schema, check_spans, check_complete),
    "restyle": (check_result_language, check_form, check_facts_kept, check_words_kept),
    "simplify": (check_result_language, check_form, check_facts_kept, check_words_kept),
    "summarise": (check_result_language, check_shorter, check_backed),
    "translate": (check_result_language, check_translated, check_translated_facts),
}
