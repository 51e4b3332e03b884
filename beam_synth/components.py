"""Connected components of an undirected graph over 64-bit node keys, on one worker."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# 16 bytes an edge: 256 MB, the bound of a group's values (architecture.md, rule 6).
MAX_EDGES = 16_000_000

Keys = npt.NDArray[np.uint64]


def components(left: Keys, right: Keys) -> tuple[Keys, Keys]:
    """The distinct nodes of the edges (sorted), and the smallest node of each one's component.

    The result does not depend on the order or repetition of edges.
    """
    nodes, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    if not len(nodes):
        return nodes, nodes
    labels = labels_of(places[: len(left)], places[len(left) :], len(nodes))
    return nodes, nodes[labels]


def labels_of(
    left: npt.NDArray[np.intp], right: npt.NDArray[np.intp], size: int
) -> npt.NDArray[np.intp]:
    """For nodes 0..size-1, the smallest node of each one's component."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    # Nodes are numbered in order, so a label's first occurrence is its smallest node.
    _, first = np.unique(labels, return_index=True)
    return np.asarray(first[labels], dtype=np.intp)
