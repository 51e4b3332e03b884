"""Which articles a dataset starts from: all, by vital level, by title or by Wikidata item.

Vital articles are the English Wikipedia's lists of 10, 100, 1,000, 10,000 and 50,000 titles; each
level contains those before it (methods.md 2).
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import pyarrow as pa

from beam_synth.errors import Refused
from beam_synth.job.schema import Core
from beam_synth.knowledge.list_entries import (
    Entry,
    entry_item,
    entry_level,
    entry_text,
    entry_title,
    read_entries,
)

_SPACE = re.compile(r"[\s_]+")


@dataclasses.dataclass(frozen=True)
class CoreList:
    """The titles (`title_key`) or Wikidata items that the core's list names."""

    path: str
    numbers: Mapping[str, int]  # by title or item: its place among them, in the list's order
    lines: Sequence[int] = ()  # of each place: 1-based line of the list; 0 where it is JSON

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, key: str) -> bool:
        return key in self.numbers


def title_key(title: str) -> str:
    """A title as MediaWiki compares it: underscores are spaces, the first letter is a capital.

    >>> title_key(" acetylsalicylic_acid ")
    'Acetylsalicylic acid'
    """
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", title)).strip()
    return text[:1].upper() + text[1:]


def read_list(handle: BinaryIO, name: str, core: Core) -> CoreList:
    """What the core's list names.

    `level`: titles with their level, as JSON {title: level} or lines of title<TAB>level. `titles`,
    `qids`: one a line, the first fitting cell of a row of TSV or CSV, or the elements of a JSON
    array; packed or not. `name` is the list's in messages. Raises Refused with the line of what
    does not fit.

    >>> import io
    >>> core = Core(by="level", list="vital.tsv", max_level=3)
    >>> list(read_list(io.BytesIO(b"Aspirin\\t3\\nQuinine\\t4\\n"), "vital.tsv", core).numbers)
    ['Aspirin']
    """
    numbers: dict[str, int] = {}
    lines: list[int] = []
    for position, entry in enumerate(read_entries(handle, name), 1):
        place = f"line {entry.line}" if entry.line else f"entry {position}"
        key = _key(entry, core, f"core.list: {name} {place}")
        if key and numbers.setdefault(key, len(lines)) == len(lines):
            lines.append(entry.line)
    return CoreList(name, numbers, lines)


def _key(entry: Entry, core: Core, where: str) -> str:
    """What an entry names; "" for nothing that is wanted."""
    if core.by == "qids":
        item = entry_item(entry)
        if not item:
            raise Refused(f"{where}: {entry_text(entry)} is no Wikidata item (Q42)")
        return item
    title = entry_title(entry)
    if not title and entry.value not in ("", None):
        raise Refused(f"{where}: {entry_text(entry)} has no title")
    if core.by != "level":
        return title_key(title)
    level = entry_level(entry)
    if level is None:
        raise Refused(f"{where}: expected title<TAB>level, found {entry_text(entry)}")
    return title_key(title) if level <= core.max_level else ""


def in_core(refs: pa.Table, core: Core, entries: CoreList | None) -> pa.Array:
    """Whether each article (ARTICLE_REF_SCHEMA) is in the core: bool[rows].

    `entries` is what `read_list` gave; the core "all" needs none.

    >>> refs = pa.table({"title": ["aspirin", "Quinine"]})
    >>> entries = CoreList("core.txt", {"Aspirin": 0})
    >>> in_core(refs, Core(by="titles", list="core.txt"), entries).to_pylist()
    [True, False]
    """
    if core.by == "all" or entries is None:
        return pa.array([True] * len(refs))
    return pa.array([key in entries.numbers for key in core_keys(refs, core)], pa.bool_())


def core_keys(refs: pa.Table, core: Core) -> list[str]:
    """What articles (ARTICLE_REF_SCHEMA) are looked up by in the core's list."""
    if core.by == "qids":
        qids: list[str] = refs["qid"].to_pylist()
        return qids
    return [title_key(title) for title in refs["title"].to_pylist()]
