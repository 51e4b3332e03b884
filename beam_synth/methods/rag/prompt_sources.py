"""The sources of a rag prompt: which are drawn, in what order they stand, how they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from beam_synth.checks import Check, Source, outcome
from beam_synth.drawing import Draw
from beam_synth.methods.declaration import DrawFor
from beam_synth.methods.seeds import PassageSeed
from beam_synth.records import Passage
from beam_synth.text.claims import claims, content_words
from beam_synth.text.sentences import normalise
from beam_synth.text.support import support

T = TypeVar("T")
MOST_SOURCES = 10  # of a prompt
WITHHELD_SHARE = 0.1  # of the samples, whose prompt does not show the seed
_SAYS_THE_SAME = 0.8  # share of the focus's new words that make a passage an answer, too


def draw_sources(
    seed: PassageSeed, query: str, focus: str, draw: DrawFor, *, ends: bool = False
) -> tuple[Source, ...]:
    """The prompt's sources in order: 1 to 10 of them, as many as there are neighbours for.

    Args:
        ends: the nearest stand at both ends of the prompt; else number and position of the
            primary are uniform.

    Distractors are hard negatives: the nearest passages that do not answer the query. The
    primary is withheld in a tenth of the draws, and with it every passage that answers, too;
    where then nothing would be left, it stays.
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
    """Whether a passage says what the focus adds to the query.

    That is all its names, numbers and dates, or, where it has none, four fifths of its content
    words.
    """
    asked = support(query, passage.language)
    said = support(passage.text, passage.language)
    new = [fact for fact in claims(focus, passage.language) if not asked.has(fact)]
    if new:
        return all(said.has(fact) for fact in new)
    words = content_words(focus, passage.language) - content_words(query, passage.language)
    return bool(words) and sum(said.has_token(w) for w in words) >= _SAYS_THE_SAME * len(words)


def at_both_ends(ranked: Sequence[T]) -> list[T]:
    """The first, third, fifth, …, then back to the sixth, fourth, second (Jin et al.).

    >>> at_both_ends([1, 2, 3, 4, 5])
    [1, 3, 5, 4, 2]
    """
    return [*ranked[::2], *ranked[1::2][::-1]]


def ranks_of(sources: Sequence[Source], seed: PassageSeed) -> list[int]:
    """The rank of each source, 0 for the seed itself, then as its neighbours come.

    Raises KeyError for a source that is neither.
    """
    rank = {p.passage_id: i for i, p in enumerate(seed.neighbors, 1)}
    return [0 if s.role == "primary" else rank[s.passage.passage_id] for s in sources]


def order_checks(drawn: Mapping[str, Any]) -> Iterator[Check]:
    """The check of an order that was asked for: ranks get worse up to one, then better; none where
    `drawn` holds no ranks.

    >>> [check.passed for check in order_checks({"ranks": [0, 2, 3, 1]})]
    [True]
    """
    ranks = drawn.get("ranks")
    if ranks is not None:
        worst = ranks.index(max(ranks))
        ordered = sorted(ranks[:worst]) + sorted(ranks[worst:], reverse=True)
        wrong = [] if ranks == ordered else [f"ranks {ranks}"]
        yield outcome("source_order", "source_order", wrong)


def primary_of(sources: Sequence[Source]) -> str | None:
    """The tag of the source that answers; None where it is withheld."""
    return next((source.tag for source in sources if source.role == "primary"), None)


def halved(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Half of the sources (rounded up) in their order, the primary among them, tagged anew: what is
    shown to a model whose context does not hold all of them."""
    wanted = -(-len(sources) // 2)
    kept = [source for source in sources if source.role == "primary"]
    kept += [source for source in sources if source.role != "primary"][: wanted - len(kept)]
    ordered = (source for source in sources if source in kept)
    return tuple(
        Source(f"source_{i}", source.passage, source.role) for i, source in enumerate(ordered, 1)
    )


def render_prompt(query: str, sources: Sequence[Source]) -> str:
    """The user's turn: the query, then each source between its tags, under its title."""
    blocks = [
        f"<{source.tag}>\n{source.passage.title}\n{source.passage.text}\n</{source.tag}>"
        for source in sources
    ]
    return "\n\n".join([query, *blocks])
