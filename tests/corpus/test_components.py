from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.corpus.components import components

components(*np.zeros((2, 1), np.uint64))  # loads scipy, which is not the first example's time
EDGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40)


def brute(edges: list[tuple[int, int]]) -> dict[int, int]:
    label = {node: node for edge in edges for node in edge}
    for _ in label:
        for a, b in edges:
            label[a] = label[b] = min(label[a], label[b])
    return label


def run(edges: list[tuple[int, int]]) -> dict[int, int]:
    pairs = np.array(edges, np.uint64).reshape(-1, 2)
    nodes, labels = components(pairs[:, 0], pairs[:, 1])
    return dict(zip(nodes.tolist(), labels.tolist(), strict=True))


@given(EDGES)
def test_equals_brute_force(edges: list[tuple[int, int]]) -> None:
    assert run(edges) == brute(edges)


@given(EDGES, st.randoms())
def test_order_direction_and_repetition_do_not_matter(
    edges: list[tuple[int, int]], rng: np.random.Generator
) -> None:
    other = [(b, a) for a, b in edges] + edges
    rng.shuffle(other)
    assert run(other) == run(edges)


def test_a_long_path_and_large_keys() -> None:
    top = 2**64 - 1
    assert run([(top - i, top - i - 1) for i in range(5000)]) == {
        top - i: top - 5000 for i in range(5001)
    }
