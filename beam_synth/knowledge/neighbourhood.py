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
    """
    owners = np.repeat(np.arange(len(table)), table["targets"].combine_chunks().value_lengths())
    targets = table["targets"].combine_chunks().flatten().to_numpy()
    keep = np.isin(table["item"].to_numpy(), frontier)
    keep[owners[np.isin(targets, np.setdiff1d(frontier, hubs))]] = True
    return table.filter(pa.array(keep))


def items_named(table: pa.Table) -> Items:
    """All items that a table names."""
    targets = table["targets"].combine_chunks().flatten().to_numpy()
    return np.unique(np.concatenate([table["item"].to_numpy(), targets])).astype(np.int64)


def items_of_articles(packed: bytes) -> Items:
    """The Wikidata items of packed article references, as they come."""
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
    """(item of the frontier, claims of this packed table that name it)."""
    targets = unpack(packed)["targets"].combine_chunks().flatten().to_numpy()
    found, n = np.unique(targets[np.isin(targets, frontier)], return_counts=True)
    yield from zip(found.tolist(), n.tolist(), strict=True)


def is_hub(degree: tuple[int, int], cap: int) -> bool:
    """Whether more than `cap` claims name the item."""
    return degree[1] > cap


def as_items(found: Iterable[int]) -> Items:
    """Numbers of items as an array."""
    return np.array(sorted(found), np.int64)


def near_packed(packed: bytes, frontier: Items, hubs: Items) -> bytes:
    """`near` of a packed table."""
    return pack(near(unpack(packed), frontier, hubs))


def items_within(packed: bytes, reached: Items) -> bytes:
    """The items of a packed table that are among those reached."""
    table = unpack(packed)
    return pack(table.filter(pa.array(np.isin(table["item"].to_numpy(), reached))))
