"""The part of Wikidata that a walk can reach: round by round, one step out from the core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from beam_synth.records import pack, unpack

Items = npt.NDArray[np.int64]  # sorted numbers of items: 42 for Q42


def near(table: pa.Table, frontier: Items, hubs: Items) -> pa.Table:
    """The items of ITEM_SCHEMA that touch the frontier: in it, or with a claim that names it.

    A claim that names a hub does not count: nothing is walked through it.

    >>> table = pa.table({"item": [1, 2, 3], "targets": [[2], [9], [8]]})
    >>> near(table, np.array([2, 8]), hubs=np.array([8]))["item"].to_pylist()
    [1, 2]
    """
    owners = np.repeat(np.arange(len(table)), table["targets"].combine_chunks().value_lengths())
    targets = table["targets"].combine_chunks().flatten().to_numpy()
    keep = np.isin(table["item"].to_numpy(), frontier)
    keep[owners[np.isin(targets, np.setdiff1d(frontier, hubs))]] = True
    return table.filter(pa.array(keep))


def items_named(table: pa.Table) -> Items:
    """All items that a table names, as an item or as a target.

    >>> items_named(pa.table({"item": [5], "targets": [[2, 9]]})).tolist()
    [2, 5, 9]
    """
    targets = table["targets"].combine_chunks().flatten().to_numpy()
    return np.unique(np.concatenate([table["item"].to_numpy(), targets])).astype(np.int64)


def items_of_articles(packed: bytes) -> Items:
    """The Wikidata items of packed article references that have one, as they come.

    >>> items_of_articles(pack(pa.table({"qid": ["Q42", "", "Q7"]}))).tolist()
    [42, 7]
    """
    return np.array([int(qid[1:]) for qid in unpack(packed)["qid"].to_pylist() if qid], np.int64)


def items_of_claims(packed: bytes) -> Items:
    """All items that a packed table of ITEM_SCHEMA names."""
    return items_named(unpack(packed))


def united(several: Iterable[Items]) -> Items:
    """The distinct items of all, sorted.

    >>> united([np.array([3, 1]), np.array([1])]).tolist()
    [1, 3]
    """
    return np.unique(np.concatenate([np.empty(0, np.int64), *several]))


def degrees(packed: bytes, frontier: Items) -> Iterator[tuple[int, int]]:
    """(item of the frontier, claims of this packed table that name it); others are left out.

    >>> packed = pack(pa.table({"item": [1, 2], "targets": [[7, 8], [7]]}))
    >>> list(degrees(packed, np.array([7])))
    [(7, 2)]
    """
    targets = unpack(packed)["targets"].combine_chunks().flatten().to_numpy()
    named, claims = np.unique(targets[np.isin(targets, frontier)], return_counts=True)
    yield from zip(named.tolist(), claims.tolist(), strict=True)


def is_hub(degree: tuple[int, int], cap: int) -> bool:
    """Whether more than `cap` claims name the item.

    >>> is_hub((5, 301), cap=300)
    True
    """
    return degree[1] > cap


def as_items(numbers: Iterable[int]) -> Items:
    """Numbers of items as a sorted int64[n]."""
    return np.array(sorted(numbers), np.int64)


def near_packed(packed: bytes, frontier: Items, hubs: Items) -> bytes:
    """`near` of a packed table."""
    return pack(near(unpack(packed), frontier, hubs))


def items_within(packed: bytes, reached: Items) -> bytes:
    """The items of a packed table that are among those reached, packed."""
    table = unpack(packed)
    return pack(table.filter(pa.array(np.isin(table["item"].to_numpy(), reached))))
