"""Creative and constrained writing (SYNTH; constraints of the Oulipo).

A seed gives setting and facts, and a brief is drawn for it: a genre, a tone and light constraints,
or one to three constraints of the Oulipo. The query states the brief; the text is written, checked
by program, and sent back with what it breaks a bounded number of times.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from beam_synth.checks import Check, outcome, require
from beam_synth.checks.sent_back import of_form
from beam_synth.checks.suites import trace_checks
from beam_synth.engines.ports import Answer, Models
from beam_synth.errors import Rejected
from beam_synth.materials.constraints.sampling import (
    Brief,
    brief_of,
    draw_constrained,
    draw_creative,
)
from beam_synth.materials.constraints.vocabulary import vocabulary
from beam_synth.materials.constraints.wording import wordings
from beam_synth.methods.declaration import DrawFor, method
from beam_synth.methods.seeds import PassageSeed
from beam_synth.methods.shared.answer_lengths import LONGEST_TRACE, most_tokens
from beam_synth.methods.shared.samples import (
    ANSWER_SCHEMA,
    quality,
    stripped_fields,
    turns,
    until_supported,
)
from beam_synth.methods.shared.second_try import ask_in_form
from beam_synth.methods.shared.trace_words import draw_trace_words, held_in, held_to
from beam_synth.methods.writing.checks import (
    check_genre_form,
    check_language,
    check_readable,
    check_seed,
    checks_of,
    query_checks,
)
from beam_synth.methods.writing.examples import prompts_of
from beam_synth.methods.writing.written import About, Writing
from beam_synth.records import LANGUAGES, FindPassage, Row, Sample, seed_record

REVISIONS = 3
MOST_CALLS = 2 * (2 + REVISIONS)  # each answer may go back once
BRIEF_WORDS = 300  # of a query that states genre, tone and every rule, at most
TEXT_WORDS = 800  # of a text, at most
_MOST_VIOLATIONS = 12  # violations that are sent back at most
_QUERY_SCHEMA = {
    "type": "object",
    "properties": {"query": {"type": "string"}},
    "required": ["query"],
    "additionalProperties": False,
}


def verify(row: Row, texts: FindPassage) -> list[Check]:
    """The checks of a written row, made again from the row alone.

    A row whose constraints cannot be read gives one failed check, `constraints`.
    """
    try:
        writing = writing_of(row)
    except (ValueError, KeyError, TypeError) as error:
        return [outcome("constraints", "malformed_answer", [f"{error}"])]
    return list(checks_of(writing))


def writing_of(row: Row) -> Writing:
    """The text of a written row. Raises ValueError, KeyError or TypeError where it holds none."""
    brief = _brief_in(row)
    seed = row["seeds"][0]
    return Writing(
        language=row["language"],
        query=row["query"],
        reasoning=row["synthetic_reasoning"],
        text=row["synthetic_answer"],
        brief=brief,
        title=seed["title"],
        section=seed["section"],
        seed_text=row["query_seed_text"],
        seed_sha256=seed["text_sha256"],
        surface=tuple((m["role"], m["content"]) for m in row["messages"]),
        trace_words=held_in(row, json.loads(row["constraints"])),
    )


def _brief_in(row: Row) -> Brief:
    """The brief that a row tells in two columns. Raises ValueError where they differ."""
    data = json.loads(row["constraints"])
    del data["trace_words"]
    brief = brief_of(data)
    listed = [json.loads(entry) for entry in row["constraint_list"]]
    if listed != _constraint_entries(brief) or data != {
        **brief.to_json(),
        "language": row["language"],
    }:
        raise ValueError("constraints, constraint_list and language differ")
    return brief


@method(
    exercise="creative writing",
    calls=2,
    most_calls=MOST_CALLS,
    prompts=prompts_of("creative_writing"),
    verify=verify,
    languages=LANGUAGES,
    prose=True,
    numbers="folded",
)
async def creative_writing(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """A text of a genre with light constraints.

    Raises Rejected with the reason of the first check that fails (`writing.checks`), and
    "unsupported_request" where the engine can do none of the briefs drawn.
    """
    vocab = vocabulary(seed.passage.title, seed.passage.text, seed.language)

    async def write(draw: DrawFor) -> Sample:
        brief = draw_creative(vocab, draw("constraints"))
        words = draw_trace_words(draw("trace words"), "moderate")
        return await _write(seed, models, brief, "creative writing", words)

    return await until_supported(write, draw)


@method(
    exercise="constrained writing",
    calls=2,
    most_calls=MOST_CALLS,
    prompts=prompts_of("constrained_writing"),
    verify=verify,
    languages=LANGUAGES,
    prose=True,
    numbers="folded",
)
async def constrained_writing(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """A text under one to three constraints of the Oulipo.

    Raises Rejected("nothing_to_ask") where the seed's words suit none, else as
    `creative_writing` does.
    """
    vocab = vocabulary(seed.passage.title, seed.passage.text, seed.language)

    async def write(draw: DrawFor) -> Sample:
        brief = draw_constrained(vocab, draw("constraints"))
        if brief is None:
            raise Rejected("nothing_to_ask", "the seed's words can keep none of the constraints")
        complexity = "moderate" if len(brief.constraints) == 1 else "complex"
        words = draw_trace_words(draw("trace words"), complexity)
        return await _write(seed, models, brief, "constrained writing", words)

    return await until_supported(write, draw)


async def _write(
    seed: PassageSeed, models: Models, brief: Brief, exercise: str, words: int
) -> Sample:
    table = wordings(seed.language)
    held = held_to(words, models.generator)
    folder = exercise.replace(" ", "_")
    variables = {
        "passage": seed.passage,
        "language": seed.language,
        "genre": brief.genre,
        "tone": brief.tone,
        "genre_name": table.get(f"genre_{brief.genre}", ""),
        "tone_name": table.get(f"tone_{brief.tone}", ""),
        "constraints": [
            {**c.to_json(), "instruction": c.describe(seed.language)} for c in brief.constraints
        ],
        "stated": [
            forms[0].rstrip("*") for c in brief.constraints for forms in c.stated(seed.language)
        ],
    }
    about = About(seed.passage.title, seed.passage.section, seed.passage.text)

    def read_query(asked: Answer) -> str:
        (query,) = stripped_fields(asked.data, "query")
        require(query_checks(query, brief, seed.language, about))
        return query

    def read(answer: Answer) -> _Draft:
        reasoning, text = stripped_fields(answer.data, "reasoning", "answer")
        draft = _Draft(reasoning, text, violations(text, brief, seed.language, about))
        if not draft.broken:  # else the text goes back, and its trace with it
            require(of_form(trace_checks(reasoning, held)))
        return draft

    generator = models.generator
    query = await ask_in_form(
        generator,
        f"{folder}/query",
        variables,
        _QUERY_SCHEMA,
        read_query,
        most_tokens=most_tokens(seed.language, BRIEF_WORDS),
    )
    variables |= {"query": query, "trace_words": words}
    most = most_tokens(seed.language, TEXT_WORDS, LONGEST_TRACE)
    draft = await ask_in_form(
        generator, f"{folder}/write", variables, ANSWER_SCHEMA, read, most_tokens=most
    )
    for _ in range(REVISIONS):
        if not draft.broken:
            break
        again = {**variables, "draft": draft.text, "violations": draft.broken}
        draft = await ask_in_form(
            generator, f"{folder}/revise", again, ANSWER_SCHEMA, read, most_tokens=most
        )
    return _sample(seed, brief, exercise, query, draft, (words, held))


class _Draft(NamedTuple):
    """A text with its trace, and what it breaks, in words."""

    reasoning: str
    text: str
    broken: list[str]


def violations(text: str, brief: Brief, language: str, about: About) -> list[str]:
    """What the text breaks, in words, with the place where it does.

    At most 12 of the constraints, and one more each where it takes up too little of its seed, does
    not read as a text, has not the form of its genre or is in another language.
    """
    messages = []
    for constraint in brief.constraints:
        for violation in constraint.check(text, language)[:_MOST_VIOLATIONS]:
            start, end = violation.start, violation.end
            place = "" if (start, end) == (0, len(text)) else f": {text[start:end]!r}"
            messages.append(f"{constraint.name}: {violation.message}{place}")
    others = {
        "seed": check_seed(text, about.title, about.text, language),
        "language": check_language(text, brief, language),
        "text": check_readable(text, brief, language, about.text),
        "form": check_genre_form(text, brief.genre, language),
    }
    told = [f"{name}: {check.detail}" for name, check in others.items() if not check.passed]
    return messages[:_MOST_VIOLATIONS] + told


def _constraint_entries(brief: Brief) -> list[dict[str, Any]]:
    """One entry a constraint, after genre and tone where there are any."""
    drawn = [
        {"name": name, "value": value}
        for name, value in (("genre", brief.genre), ("tone", brief.tone))
        if value
    ]
    return drawn + [constraint.to_json() for constraint in brief.constraints]


def _sample(
    seed: PassageSeed,
    brief: Brief,
    exercise: str,
    query: str,
    draft: _Draft,
    lengths: tuple[int, int],
) -> Sample:
    """The row of trace and text, once it passes its checks; `lengths` are the words that the trace
    was asked to have, and those that it is held to."""
    reasoning, text, _ = draft
    words, held = lengths
    record = seed_record(seed.passage, "primary")
    messages = turns(query, reasoning, text)
    writing = Writing(
        language=seed.language,
        query=query,
        reasoning=reasoning,
        text=text,
        brief=brief,
        title=seed.passage.title,
        section=seed.passage.section,
        seed_text=seed.passage.text,
        seed_sha256=record["text_sha256"],
        surface=tuple((m["role"], m["content"]) for m in messages),
        trace_words=held,
    )
    checks = require(checks_of(writing))
    return Sample(
        language=seed.language,
        exercise=exercise,
        query=query,
        reasoning=reasoning,
        answer=text,
        seeds=(record,),
        checks=checks,
        query_seed_text=seed.passage.text,
        query_seed_url=seed.passage.url,
        constraints={**brief.to_json(), "language": seed.language, "trace_words": words},
        constraint_list=tuple(_constraint_entries(brief)),
        messages=messages,
        quality=quality(checks),
    )
