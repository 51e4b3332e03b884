"""Memorization by back-translation (SYNTH).

A query is written whose answer lies in the seed; then trace and answer are written by someone who
sees the seed and its nearest neighbours, as if they saw neither. The sample shows no source.
The neighbours are the seed's, not the query's: the query is written within one sentence of it.
"""

from __future__ import annotations

from beam_synth.checks import Exchange
from beam_synth.checks.suites import run_checks_memorization, run_checks_query
from beam_synth.methods import Drawer, Models, Seed, method
from beam_synth.methods.axes import draw_axes
from beam_synth.methods.surface import ANSWER_SCHEMA, ask_query, build_sample, clean
from beam_synth.records import Sample

NEIGHBORS = 2  # that the writer of trace and answer sees beside the seed


@method(
    exercise="memorization",
    calls=2,
    neighbors=NEIGHBORS,
    prompts=("memorization/query", "memorization/answer"),
)
async def memorization(seed: Seed, models: Models, draw: Drawer) -> Sample:
    """One closed-book sample of the seed. Raises Rejected as `checks.suites` says."""
    axes = draw_axes(draw("axes"))
    neighbors = seed.neighbors[:NEIGHBORS]

    query, focus = await ask_query(seed, models, "memorization/query", axes)
    asked = Exchange(seed.language, query, "", "", focus, axes, seed.passage, neighbors)
    run_checks_query(asked)

    written = await models.generator.ask(
        "memorization/answer",
        {
            "query": query,
            "focus": focus,
            "passage": seed.passage,
            "neighbors": list(neighbors),
            "axes": axes,
            "language": seed.language,
        },
        ANSWER_SCHEMA,
    )
    reasoning, answer = clean(written.data, "reasoning", "answer")
    exchange = Exchange(
        seed.language, query, reasoning, answer, focus, axes, seed.passage, neighbors
    )
    return build_sample(
        exchange,
        run_checks_memorization(exchange),
        exercise="memorization",
        prompt=query,
        others=[(passage, "neighbour") for passage in neighbors],
        drawn={},
    )
