"""LimitArticles: the first articles of the core by id hash, however they come in."""

from __future__ import annotations

from collections.abc import Sequence

import apache_beam as beam
import pyarrow as pa
import pytest

from beam_synth.drawing import Draw
from beam_synth.knowledge.article_limit import rank_of_article
from beam_synth.records import ARTICLE_REF_SCHEMA, pack, unpack
from transforms.accounting import OTHERS, Stage
from transforms.limit import LimitArticles
from transforms.testing import Applied, run_transform

IDS = [f"enwiki:{number}" for number in range(120)]


def packed(ids: Sequence[str]) -> bytes:
    rows = [
        {"article_id": name, "title": name, "file": "a.jsonl", "line": line, "words": 9}
        for line, name in enumerate(ids, 1)
    ]
    return pack(pa.Table.from_pylist(rows, schema=ARTICLE_REF_SCHEMA))


def limited(limit: int, core: Sequence[bytes], others: Sequence[bytes] = ()) -> Applied:
    def apply(refs: beam.PCollection[bytes]) -> Stage:
        rest = refs.pipeline | "Others" >> beam.Create(list(others))
        stage: Stage = refs | LimitArticles(limit, rest)
        return stage

    return run_transform(apply, core)


def ids_in(tables: Sequence[bytes]) -> list[str]:
    return sorted(name for data in tables for name in unpack(data)["article_id"].to_pylist())


@pytest.mark.parametrize("limit", [1, 7, 119, 120, 500])
def test_the_first_by_hash_go_on_and_the_others_are_rejects(limit: int) -> None:
    found = limited(limit, [packed(IDS[:50]), packed([]), packed(IDS[50:])])
    first = sorted(IDS, key=rank_of_article)[:limit]
    assert ids_in(found.out) == sorted(first)
    assert sorted(r.record_id for r in found.rejects) == sorted(set(IDS) - set(first))
    assert {r.reason for r in found.rejects} <= {"over_articles_limit"}
    assert found.counts["LimitArticles", "in", ""] == len(IDS)
    assert found.counts["LimitArticles", "out", ""] == len(first)


def test_order_and_packing_change_nothing_and_a_larger_limit_keeps_the_same_ones() -> None:
    shuffled = Draw("order").shuffled(IDS)
    small = ids_in(limited(20, [packed(IDS)]).out)
    assert small == ids_in(limited(20, [packed([name]) for name in shuffled]).out)
    assert set(small) < set(ids_in(limited(21, [packed(shuffled)]).out))


def test_a_reject_says_where_the_article_came_from() -> None:
    (reject,) = limited(1, [packed(IDS[:2])]).rejects
    assert (reject.file, reject.detail) == ("a.jsonl", reject.record_id)
    assert reject.line == IDS.index(reject.record_id) + 1


def test_others_pass_and_are_counted() -> None:
    found = limited(3, [packed(IDS[:10])], [packed(IDS[10:30]), packed([])])
    assert ids_in(found.extra[OTHERS]) == sorted(IDS[10:30])
    assert len(ids_in(found.out)) == 3 and len(found.rejects) == 7
    assert found.counts["LimitArticles", "in", ""] == 30
    assert found.counts["LimitArticles", "out", ""] == 23


def test_no_article_at_all() -> None:
    found = limited(3, [])
    assert not found.out and not found.rejects and not found.counts
