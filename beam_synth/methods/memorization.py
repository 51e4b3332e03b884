"""Memorization by back-translation (SYNTH).

A query is written whose answer lies in the seed; then trace and answer are written by someone who
sees the seed and its nearest neighbours, as if they saw neither. The sample shows no source.
The neighbours are the seed's, not the query's: the query is written within one sentence of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from beam_synth.checks import Check, Exchange
from beam_synth.checks.suites import (
    MEMORIZATION,
    make_checks,
    run_checks_memorization,
)
from beam_synth.engines.ports import Answer, Models
from beam_synth.methods.declaration import DrawFor, method
from beam_synth.methods.seeds import PassageSeed
from beam_synth.methods.shared.answer_lengths import most_of_answer
from beam_synth.methods.shared.bare_query import bare_query
from beam_synth.methods.shared.examples import (
    FOCUS,
    NEIGHBOR,
    PASSAGE,
    QUERY,
    TRACE_WORDS,
    with_axes,
)
from beam_synth.methods.shared.rereading import (
    altered,
    axes_of,
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
from beam_synth.methods.shared.trace_words import draw_trace_words, held_in, held_to
from beam_synth.records import LANGUAGES, FindPassage, Row, Sample
from beam_synth.text.spans import is_span

NEIGHBORS = 2  # that the writer of trace and answer sees beside the seed


def verify(row: Row, texts: FindPassage) -> list[Check]:
    """The checks of a written row, made again; one more that fails where its parts disagree.

    Args:
        texts: gives a passage by the SHA-256 of its text, or raises KeyError.
    """
    return reread(row, texts, _checks)


def _checks(row: Row, texts: FindPassage) -> Iterator[Check]:
    exchange = closed_book_exchange(row, texts)
    yield from make_checks(exchange, MEMORIZATION)
    problems = list(disagreements(row, turns(row["query"], exchange.reasoning, exchange.answer)))
    if not is_span(exchange.focus, row["query_seed_text"]):
        problems.append("the focus is no span of the seed")
    if any(seed["role"] != "neighbour" for seed in row["seeds"][1:]):
        problems.append("a passage beside the seed is no neighbour")
    if problems:
        yield altered(problems)


def closed_book_exchange(row: Row, texts: FindPassage) -> Exchange:
    """The exchange of a written row, whose seeds beside the first are the neighbours.

    Raises KeyError for an unknown text or a missing axis, ValueError for constraints that are no
    object.
    """
    constraints = constraints_of(row)
    (primary, _), *others = seeds_of(row, texts)
    return Exchange(
        language=row["language"],
        query=bare_query(row["query"], row["exercise"]),
        reasoning=row["synthetic_reasoning"],
        answer=row["synthetic_answer"],
        focus=constraints["focus"],
        axes=axes_of(constraints),
        passage=primary,
        neighbors=tuple(passage for passage, _ in others),
        trace_words=held_in(row, constraints),
    )


@method(
    exercise="memorization",
    calls=2,
    most_calls=4,  # each answer may go back once
    neighbors=NEIGHBORS,
    prompts={
        "memorization/query": with_axes(passage=[PASSAGE]),
        "memorization/answer": with_axes(
            query=[QUERY],
            focus=[FOCUS],
            passage=[PASSAGE],
            neighbors=[[NEIGHBOR], []],
            trace_words=TRACE_WORDS,
        ),
    },
    revision=2,
    verify=verify,
    languages=LANGUAGES,
    prose=True,
    numbers="folded",
)
async def memorization(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """One closed-book sample of the seed.

    Raises Rejected with the reason of the first check that fails (`checks.suites.MEMORIZATION`),
    and "focus_not_span" for a focus that is no span of the seed.
    """
    neighbors = seed.neighbors[:NEIGHBORS]
    query, focus, wished, axes = await ask_query(seed, models, "memorization/query", draw)
    words = draw_trace_words(draw("trace words"), axes["complexity"])
    held = held_to(words, models.generator)

    def read(written: Answer) -> Sample:
        reasoning, answer = stripped_fields(written.data, "reasoning", "answer")
        exchange = Exchange(
            seed.language,
            query,
            reasoning,
            answer,
            focus,
            axes,
            seed.passage,
            neighbors,
            trace_words=held,
        )
        return build_sample(
            exchange,
            run_checks_memorization(exchange),
            exercise="memorization",
            prompt=query,
            others=[(passage, "neighbour") for passage in neighbors],
            asked=wished,
            drawn={"focus": focus, "trace_words": words},
        )

    variables = {
        "query": query,
        "focus": focus,
        "passage": seed.passage,
        "neighbors": list(neighbors),
        "axes": axes,
        "language": seed.language,
        "trace_words": words,
    }
    return await ask_in_form(
        models.generator,
        "memorization/answer",
        variables,
        ANSWER_SCHEMA,
        read,
        most_tokens=most_of_answer(axes, seed.language),
    )
