"""Answers from given sources, with citations (SYNTH).

The query stream is that of memorization. The prompt shows 1 to 10 sources tagged source_1 to
source_10: the seed at a uniform position, near neighbours, and hard negatives as distractors.
The answer quotes its source in reference tags. In a tenth of the samples the seed is withheld,
and the answer has to say that the sources do not tell. `rag_ends` puts the nearest sources at both
ends instead, where readers of long contexts look (Jin et al., Long-context LLMs meet RAG).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from beam_synth.checks import Check, Exchange, Source, outcome, require
from beam_synth.checks.suites import RAG, made, run_checks_query, run_checks_rag
from beam_synth.drawing import Draw
from beam_synth.engines.ports import Models
from beam_synth.methods.declaration import DrawFor, Seed, method
from beam_synth.methods.memorization import closed_book_exchange as closed_book_of
from beam_synth.methods.shared.axes import draw_axes
from beam_synth.methods.shared.rereading import altered, disagreements, drawn, reread, seeds_of
from beam_synth.methods.shared.samples import (
    ANSWER_SCHEMA,
    ask_query,
    build_sample,
    stripped_fields,
    turns,
)
from beam_synth.records import FindPassage, Passage, Row, Sample
from beam_synth.text.claims import claims, content_words
from beam_synth.text.sentences import normalise
from beam_synth.text.support import support

T = TypeVar("T")
MOST_SOURCES = 10
WITHHELD_SHARE = 0.1
_SAYS_THE_SAME = 0.8  # share of the focus's new words that make a passage an answer, too


def verify(row: Row, texts: FindPassage) -> list[Check]:
    """The checks of a written row, made again; one more that fails where its parts disagree."""
    return reread(row, texts, _checks)


def _checks(row: Row, texts: FindPassage) -> Iterator[Check]:
    sources = sources_of(row, texts)
    exchange = dataclasses.replace(closed_book_of(row, texts), neighbors=(), sources=sources)
    yield from made(exchange, RAG)
    yield from order_checks(drawn(row))
    prompt = render_prompt(exchange.query, sources)
    problems = list(disagreements(row, turns(prompt, exchange.reasoning, exchange.answer)))
    if normalise(exchange.focus) not in normalise(row["query_seed_text"]):
        problems.append("the focus is no span of the seed")
    constraints = drawn(row)
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
    position = int(drawn(row)["primary_position"])
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
    neighbors=MOST_SOURCES,
    revision=2,
    prompts=("rag/query", "rag/answer"),
    verify=verify,
)
async def rag(seed: Seed, models: Models, draw: DrawFor) -> Sample:
    """One sample with sources in random order. Raises Rejected as `checks.suites` says."""
    return await _with_sources(seed, models, draw, ends=False)


@method(
    exercise="rag",
    calls=2,
    neighbors=MOST_SOURCES,
    prompts=("rag/query", "rag/answer"),
    verify=verify,
)
async def rag_ends(seed: Seed, models: Models, draw: DrawFor) -> Sample:
    """One sample with the nearest sources at both ends. Raises Rejected as `rag` does."""
    return await _with_sources(seed, models, draw, ends=True)


async def _with_sources(seed: Seed, models: Models, draw: DrawFor, *, ends: bool) -> Sample:
    axes = draw_axes(draw("axes"))

    query, focus = await ask_query(seed, models, "rag/query", axes)
    run_checks_query(Exchange(seed.language, query, "", "", focus, axes, seed.passage))

    sources = draw_sources(seed, query, focus, draw, ends=ends)
    fewer = halved(sources)
    told = {"query": query, "focus": focus, "axes": axes, "language": seed.language}
    written = await models.generator.ask(
        "rag/answer",
        {**told, **_shown(sources)},
        ANSWER_SCHEMA,
        shorter={**told, **_shown(fewer)} if fewer != sources else None,
    )
    if written.shortened:
        sources = fewer
    primary = primary_of(sources)
    reasoning, answer = stripped_fields(written.data, "reasoning", "answer")
    exchange = Exchange(
        seed.language, query, reasoning, answer, focus, axes, seed.passage, sources=sources
    )
    drawn = {
        "focus": focus,
        "sources": len(sources),
        "primary_position": int(primary.removeprefix("source_")) if primary else 0,
        "withheld": primary is None,
    }
    if ends:
        drawn["ranks"] = ranks_of(sources, seed)
    return build_sample(
        exchange,
        run_checks_rag(exchange) + require(order_checks(drawn)),
        exercise="rag",
        prompt=render_prompt(query, sources),
        others=[(s.passage, s.role) for s in sources if s.role != "primary"],
        drawn=drawn,
    )


def order_checks(drawn: Mapping[str, Any]) -> Iterator[Check]:
    """Where the order of the sources was asked for: ranks get worse up to one, then better."""
    ranks = drawn.get("ranks")
    if ranks is not None:
        worst = ranks.index(max(ranks))
        ordered = sorted(ranks[:worst]) + sorted(ranks[worst:], reverse=True)
        wrong = [] if ranks == ordered else [f"ranks {ranks}"]
        yield outcome("source_order", "source_order", wrong)


def ranks_of(sources: Sequence[Source], seed: Seed) -> list[int]:
    """The rank of each source, 0 for the seed itself, then as its neighbours come."""
    rank = {p.passage_id: i for i, p in enumerate(seed.neighbors, 1)}
    return [0 if s.role == "primary" else rank[s.passage.passage_id] for s in sources]


def at_both_ends(ranked: Sequence[T]) -> list[T]:
    """The first, third, fifth, …, then back to the sixth, fourth, second."""
    return [*ranked[::2], *ranked[1::2][::-1]]


def primary_of(sources: Sequence[Source]) -> str | None:
    """The tag of the source that answers; None where it is withheld."""
    return next((source.tag for source in sources if source.role == "primary"), None)


def halved(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Half of the sources in their order, the primary among them, tagged anew: what is shown to a
    model whose context does not hold all of them."""
    wanted = -(-len(sources) // 2)
    kept = [source for source in sources if source.role == "primary"]
    kept += [source for source in sources if source.role != "primary"][: wanted - len(kept)]
    ordered = (source for source in sources if source in kept)
    return tuple(
        Source(f"source_{i}", source.passage, source.role) for i, source in enumerate(ordered, 1)
    )


def _shown(sources: Sequence[Source]) -> dict[str, Any]:
    """What the prompt shows of the sources."""
    return {
        "sources": [{"tag": source.tag, "passage": source.passage} for source in sources],
        "primary": primary_of(sources),
    }


def draw_sources(
    seed: Seed, query: str, focus: str, draw: DrawFor, *, ends: bool = False
) -> tuple[Source, ...]:
    """The prompt's sources in order: 1 to 10 of them, as many as there are neighbours for.

    Number and position of the primary are uniform, unless the nearest stand at both `ends`.
    Distractors are hard negatives: the nearest passages that do not answer the query. The primary
    is withheld in a tenth of the draws, and with it every passage that answers, too; where then
    nothing would be left, it stays.
    """
    same = normalise(seed.passage.text)
    ranked = [p for p in seed.neighbors[:MOST_SOURCES] if normalise(p.text) != same]
    answering = {p.passage_id for p in ranked if answers(p, query, focus)}
    silent = [p for p in ranked if p.passage_id not in answering]
    withheld = draw("withheld").uniform() < WITHHELD_SHARE and bool(silent)
    pool = silent if withheld else ranked

    most = min(MOST_SOURCES, len(pool) + (not withheld))
    total = 1 + draw("sources").below(most)
    others = _draw_others(pool, total - (not withheld), draw("others"), answering)
    if ends:
        rank = {p.passage_id: i for i, p in enumerate(ranked)}
        others.sort(key=lambda other: rank[other[0].passage_id])
        given = at_both_ends([*([] if withheld else [(seed.passage, "primary")]), *others])
    else:
        given = draw("order").shuffled(others)
        if not withheld:
            given.insert(draw("position").below(total), (seed.passage, "primary"))
    return tuple(Source(f"source_{i}", p, role) for i, (p, role) in enumerate(given, 1))


def _draw_others(
    ranked: Sequence[Passage], wanted: int, draw: Draw, answering: set[str]
) -> list[tuple[Passage, str]]:
    """`wanted` passages: hard negatives as distractors, then the nearest of the rest."""
    silent = [p for p in ranked if p.passage_id not in answering]
    distractors = silent[: draw.below(wanted + 1)]
    chosen = {p.passage_id for p in distractors}
    rest = [p for p in ranked if p.passage_id not in chosen][: wanted - len(distractors)]
    return [*((p, "neighbour") for p in rest), *((p, "distractor") for p in distractors)]


def answers(passage: Passage, query: str, focus: str) -> bool:
    """Whether a passage says what the focus adds to the query: all its names, numbers and dates,
    or, where it has none, four fifths of its words."""
    asked = support(query, passage.language)
    said = support(passage.text, passage.language)
    new = [fact for fact in claims(focus, passage.language) if not asked.has(fact)]
    if new:
        return all(said.has(fact) for fact in new)
    words = content_words(focus, passage.language) - content_words(query, passage.language)
    return bool(words) and sum(said.has_token(w) for w in words) >= _SAYS_THE_SAME * len(words)


def render_prompt(query: str, sources: Sequence[Source]) -> str:
    """The user's turn: the query, then each source between its tags, under its title."""
    blocks = [
        f"<{source.tag}>\n{source.passage.title}\n{source.passage.text}\n</{source.tag}>"
        for source in sources
    ]
    return "\n\n".join([query, *blocks])
