"""Connected components of an undirected graph over 64-bit node keys, on one worker.

scipy does the search: O(nodes + edges).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from beam_synth.errors import Fault
from beam_synth.records import Keys

# 16 bytes an edge: 256 MB on the one worker that sees the whole forest. A larger graph has to be
# cut by a coarser key first (for samples: language and exercise).
MAX_EDGES = 16_000_000
_COMPACT = 1_000_000  # loose edges that are gathered before they are reduced to a forest


class Forest:
    """Edges gathered in any order, reduced to at most one a node as they grow.

    What a worker sends on is therefore bounded by the number of nodes, not of edges.

    >>> forest = Forest().add(np.array([[3, 9], [9, 4], [4, 3], [7, 8]], np.uint64))
    >>> forest.compact().edges.tolist()
    [[3, 4], [7, 8], [3, 9]]
    """

    def __init__(self) -> None:
        self.edges: Keys = np.empty((0, 2), np.uint64)  # uint64[n, 2]
        self._roots = 0  # edges at the last reduction

    def add(self, edges: Keys) -> Forest:
        """Take in uint64[n, 2]; returns itself. Raises Fault as `compact`, which it calls."""
        self.edges = np.concatenate([self.edges, edges])
        if len(self.edges) > 2 * self._roots + _COMPACT:
            self.compact()
        return self

    def compact(self) -> Forest:
        """Keep a star for each component; returns itself. Raises Fault above MAX_EDGES."""
        nodes, labels = self.labels()
        inner = nodes != labels
        self.edges = np.stack([labels[inner], nodes[inner]], axis=1)
        self._roots = len(self.edges)
        if self._roots > MAX_EDGES:
            raise Fault(
                f"near-duplicate detection found {self._roots} samples with a candidate, over its "
                f"bound of {MAX_EDGES}: make several smaller runs, or set dedup.minhash to false"
            )
        return self

    def labels(self) -> tuple[Keys, Keys]:
        """(nodes, labels) of the edges so far, as `components`."""
        return components(self.edges[:, 0], self.edges[:, 1])


def components(left: Keys, right: Keys) -> tuple[Keys, Keys]:
    """The distinct nodes of the edges (sorted), and the smallest node of each one's component.

    Edge i joins left[i] and right[i], uint64[m] each. The result does not depend on the order or
    repetition of edges.

    >>> nodes, labels = components(np.array([9, 8], np.uint64), np.array([3, 7], np.uint64))
    >>> nodes.tolist(), labels.tolist()
    ([3, 7, 8, 9], [3, 7, 7, 3])
    """
    nodes, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    if not len(nodes):
        return nodes, nodes
    labels = labels_of(places[: len(left)], places[len(left) :], len(nodes))
    return nodes, nodes[labels]


def labels_of(
    left: npt.NDArray[np.intp], right: npt.NDArray[np.intp], size: int
) -> npt.NDArray[np.intp]:
    """For nodes 0..size-1, the smallest node of each one's component; edges as in `components`.

    >>> labels_of(np.array([3]), np.array([1]), 4).tolist()
    [0, 1, 2, 1]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    # Nodes are numbered in order, so a label's first occurrence is its smallest node.
    _, first = np.unique(labels, return_index=True)
    return np.asarray(first[labels], dtype=np.intp)
