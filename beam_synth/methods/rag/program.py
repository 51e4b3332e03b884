"""Answers from given sources, with citations (SYNTH).

The query stream is that of memorization. The prompt shows 1 to 10 sources tagged source_1 to
source_10: the seed at a uniform position, near neighbours, and hard negatives as distractors.
The answer quotes its source in reference tags. In a tenth of the samples the seed is withheld,
and the answer has to say that the sources do not tell. `rag_ends` puts the nearest sources at both
ends instead, where readers of long contexts look (Jin et al., Long-context LLMs meet RAG).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from beam_synth.checks import Check, Exchange, Source, require
from beam_synth.checks.suites import RAG, make_checks, run_checks_rag
from beam_synth.engines.ports import Answer, Models
from beam_synth.methods.declaration import DrawFor, method
from beam_synth.methods.memorization import closed_book_exchange as closed_book_of
from beam_synth.methods.rag.examples import PROMPTS
from beam_synth.methods.rag.prompt_sources import (
    MOST_SOURCES,
    draw_sources,
    halved,
    order_checks,
    primary_of,
    ranks_of,
    render_prompt,
)
from beam_synth.methods.seeds import PassageSeed
from beam_synth.methods.shared.answer_lengths import most_of_answer
from beam_synth.methods.shared.rereading import (
    altered,
    constraints_of,
    disagreements,
    reread,
    seeds_of,
)
from beam_synth.methods.shared.samples import (
    ANSWER_SCHEMA,
    ask_query,
    build_sample,
    stripped_fields,
    turns,
)
from beam_synth.methods.shared.second_try import ask_in_form
from beam_synth.methods.shared.trace_words import draw_trace_words, held_to
from beam_synth.records import LANGUAGES, FindPassage, Row, Sample
from beam_synth.text.spans import is_span


def verify(row: Row, texts: FindPassage) -> list[Check]:
    """The checks of a written row, made again; one more that fails where its parts disagree."""
    return reread(row, texts, _checks)


def _checks(row: Row, texts: FindPassage) -> Iterator[Check]:
    sources = sources_of(row, texts)
    exchange = dataclasses.replace(closed_book_of(row, texts), neighbors=(), sources=sources)
    yield from make_checks(exchange, RAG)
    yield from order_checks(constraints_of(row))
    prompt = render_prompt(exchange.query, sources)
    problems = list(disagreements(row, turns(prompt, exchange.reasoning, exchange.answer)))
    if not is_span(exchange.focus, row["query_seed_text"]):
        problems.append("the focus is no span of the seed")
    constraints = constraints_of(row)
    if len(sources) != constraints["sources"]:
        problems.append(f"{len(sources)} sources, not {constraints['sources']}")
    if constraints["withheld"] is not (constraints["primary_position"] == 0):
        problems.append("the primary source is withheld where it has no position, and only there")
    if problems:
        yield altered(problems)


def sources_of(row: Row, texts: FindPassage) -> tuple[Source, ...]:
    """The sources of a written row in the order of its prompt.

    Its seeds are the primary passage and then the other sources in their order; the primary's
    position says where it stands among them, 0 that it is withheld.
    Raises KeyError for an unknown text, ValueError for a position or role that cannot be.
    """
    primary, *given = seeds_of(row, texts)
    position = int(constraints_of(row)["primary_position"])
    if not 0 <= position <= len(given) + 1:
        raise ValueError(f"position {position} among {len(given) + 1} sources")
    if any(role not in ("neighbour", "distractor") for _, role in given):
        raise ValueError("a source beside the primary is neither neighbour nor distractor")
    if position:
        given.insert(position - 1, primary)
    return tuple(Source(f"source_{i}", p, role) for i, (p, role) in enumerate(given, 1))


@method(
    exercise="rag",
    calls=2,
    most_calls=4,  # each answer may go back once
    neighbors=MOST_SOURCES,
    revision=3,
    prompts=PROMPTS,
    verify=verify,
    languages=LANGUAGES,
    prose=True,
    numbers="folded",
)
async def rag(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """One sample with sources in random order.

    Raises Rejected with the reason of the first check that fails (`checks.suites.RAG`), and
    "focus_not_span" for a focus that is no span of the seed.
    """
    return await _with_sources(seed, models, draw, ends=False)


@method(
    exercise="rag",
    calls=2,
    most_calls=4,  # each answer may go back once
    neighbors=MOST_SOURCES,
    revision=2,
    prompts=PROMPTS,
    verify=verify,
    languages=LANGUAGES,
    prose=True,
    numbers="folded",
)
async def rag_ends(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """One sample with the nearest sources at both ends. Raises Rejected as `rag` does."""
    return await _with_sources(seed, models, draw, ends=True)


async def _with_sources(seed: PassageSeed, models: Models, draw: DrawFor, *, ends: bool) -> Sample:
    query, focus, wished, axes = await ask_query(seed, models, "rag/query", draw)
    sources = draw_sources(seed, query, focus, draw, ends=ends)
    fewer = halved(sources)
    words = draw_trace_words(draw("trace words"), axes["complexity"])
    held = held_to(words, models.generator)

    def read(written: Answer) -> Sample:
        given = fewer if written.shortened else sources
        reasoning, answer = stripped_fields(written.data, "reasoning", "answer")
        exchange = Exchange(
            seed.language,
            query,
            reasoning,
            answer,
            focus,
            axes,
            seed.passage,
            sources=given,
            trace_words=held,
        )
        drawn = {"focus": focus, **_order_of(given), "trace_words": words}
        if ends:
            drawn["ranks"] = ranks_of(given, seed)
        return build_sample(
            exchange,
            run_checks_rag(exchange) + require(order_checks(drawn)),
            exercise="rag",
            prompt=render_prompt(query, given),
            others=[(s.passage, s.role) for s in given if s.role != "primary"],
            asked=wished,
            drawn=drawn,
        )

    variables = {
        "query": query,
        "focus": focus,
        "axes": axes,
        "language": seed.language,
        "trace_words": words,
    }
    return await ask_in_form(
        models.generator,
        "rag/answer",
        {**variables, **_shown(sources)},
        ANSWER_SCHEMA,
        read,
        most_tokens=most_of_answer(axes, seed.language),
        shorter={**variables, **_shown(fewer)} if fewer != sources else None,
    )


def _order_of(sources: Sequence[Source]) -> dict[str, Any]:
    """Number of the sources, and where the primary stands among them (from 1; 0: withheld)."""
    primary = primary_of(sources)
    return {
        "sources": len(sources),
        "primary_position": int(primary.removeprefix("source_")) if primary else 0,
        "withheld": primary is None,
    }


def _shown(sources: Sequence[Source]) -> dict[str, Any]:
    """What the prompt shows of the sources."""
    return {
        "sources": [{"tag": source.tag, "passage": source.passage} for source in sources],
        "primary": primary_of(sources),
    }
