"""Draws are pure functions of their key, and uniform."""

from __future__ import annotations

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.drawing import bucket_of, digest, draw


def test_the_same_key_draws_the_same_values_and_another_does_not() -> None:
    one = [draw(1, "a", "x").bits() for _ in range(2)]
    assert one[0] == one[1]
    keys = [(1, "a", "x"), (2, "a", "x"), (1, "b", "x"), (1, "a", "y")]
    assert len({draw(*key).bits() for key in keys}) == 4


def test_digest_separates_its_parts() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("x")) == 32


def test_weighted_follows_its_weights() -> None:
    weights = {"a": 0.8, "b": 0.1, "c": 0.05, "d": 0.05, "never": 0.0}
    generator = draw(1, "k", "w")
    counts = collections.Counter(generator.weighted(weights) for _ in range(20_000))
    for key, weight in weights.items():
        assert counts[key] / 20_000 == pytest.approx(weight, abs=0.01)


def test_weights_that_mean_nothing_are_an_error() -> None:
    with pytest.raises(ValueError, match="positive sum"):
        draw(1, "k", "w").weighted({"a": 0.0})
    with pytest.raises(ValueError, match="n > 0"):
        draw(1, "k", "w").below(0)


@given(st.lists(st.integers()), st.integers(0, 10))
def test_shuffle_keeps_and_sample_is_part(items: list[int], k: int) -> None:
    assert sorted(draw(1, "k", "s").shuffled(items)) == sorted(items)
    assert len(draw(1, "k", "s").sample(items, k)) == min(k, len(items))


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=50), st.integers(1, 64))
def test_buckets_in_order_are_ids_in_order(raw: list[bytes], buckets: int) -> None:
    ids = sorted(item.hex() for item in raw)
    assert [bucket_of(i, buckets) for i in ids] == sorted(bucket_of(i, buckets) for i in ids)
    assert all(0 <= bucket_of(i, buckets) < buckets for i in ids)
