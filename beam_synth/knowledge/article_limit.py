"""The first N articles of a run by a hash of their ids (`records.ranks` finds the N-th).

The hash knows no seed and no revision: another seed, other workers or another order of the files
choose the same articles, and a larger N the same ones and more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.drawing import digest
from beam_synth.knowledge.choosing import not_chosen
from beam_synth.records import Reject, unpack


class KeptArticles(NamedTuple):
    """What a limit leaves of packed references."""

    refs: pa.Table  # ARTICLE_REF_SCHEMA
    rejects: list[Reject]  # "over_articles_limit", one for each other article


def rank_of_article(article_id: str) -> str:
    """A hash of the id, 32 hex digits: what is first by it is spread over all articles."""
    return digest(article_id, "articles_limit")


def ranks_of_articles(packed: bytes) -> list[str]:
    """The ranks of packed references (ARTICLE_REF_SCHEMA), in order."""
    return [rank_of_article(name) for name in unpack(packed)["article_id"].to_pylist()]


def keep_articles(packed: bytes, lets: Callable[[str], bool], stage: str) -> KeptArticles:
    """The packed references whose rank `lets` pass; the others are rejects of that stage."""
    refs = unpack(packed)
    ranks = [rank_of_article(name) for name in refs["article_id"].to_pylist()]
    first = pa.array(list(map(lets, ranks)), pa.bool_())
    others = refs.filter(pc.invert(first)).to_pylist()
    rejects = [not_chosen(stage, "over_articles_limit", row) for row in others]
    return KeptArticles(refs.filter(first), rejects)
