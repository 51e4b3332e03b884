"""Which articles a dataset starts from: all, by vital level, by title or by Wikidata item.

Vital articles are the English Wikipedia's lists of 10, 100, 1,000, 10,000 and 50,000 titles; each
level contains those before it (methods.md 2).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from typing import IO

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.errors import Refused
from beam_synth.job.schema import Core

_SPACE = re.compile(r"[\s_]+")
_QID = re.compile(r"^Q[1-9][0-9]*$")


def title_key(title: str) -> str:
    """A title as MediaWiki compares it: underscores are spaces, the first letter is a capital.

    >>> title_key(" acetylsalicylic_acid ")
    'Acetylsalicylic acid'
    """
    text = _SPACE.sub(" ", title).strip()
    return text[:1].upper() + text[1:]


def read_list(handle: IO[bytes], name: str, core: Core) -> set[str]:
    """The titles (`title_key`) or QIDs that the core's list names.

    `level`: JSON {title: level} or lines of title<TAB>level, plain or .gz. `titles`, `qids`: one a
    line. `name` is the list's in messages. Raises Refused with the line of what does not fit.

    >>> import io
    >>> core = Core(by="level", list="vital.tsv", max_level=3)
    >>> read_list(io.BytesIO(b"Aspirin\\t3\\nQuinine\\t4\\n"), "vital.tsv", core)
    {'Aspirin'}
    """
    data = handle.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"core.list: {name} is not UTF-8: {error}") from None
    if core.by == "level":
        levels = _levels(text, name)
        return {title_key(title) for title, level in levels if level <= core.max_level}
    numbered = enumerate(map(str.strip, text.splitlines()), 1)
    lines = [(number, line) for number, line in numbered if line]
    if core.by == "qids":
        for number, line in lines:
            if not _QID.match(line):
                where = f"core.list: {name} line {number}"
                raise Refused(f"{where}: {line!r} is no Wikidata item (Q42)")
        return {line for _, line in lines}
    return {title_key(line) for _, line in lines}


def _levels(text: str, name: str) -> Iterable[tuple[str, int]]:
    if text.lstrip().startswith("{"):
        try:
            data = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise Refused(f"core.list: {name} is not valid JSON: {error}") from None
        for title, level in data.items():
            if not isinstance(level, int) or isinstance(level, bool):
                raise Refused(f"core.list: {name}: the level of {title!r} is {level!r}")
            yield title, level
        return
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        title, tab, level = line.rpartition("\t")
        if not tab or not level.strip().isdigit():
            where = f"core.list: {name} line {number}"
            raise Refused(f"{where}: expected title<TAB>level, found {line!r}")
        yield title, int(level)


def in_core(refs: pa.Table, core: Core, entries: set[str]) -> pa.Array:
    """Whether each article (ARTICLE_REF_SCHEMA) is in the core: bool[rows].

    `entries` is what `read_list` gave; the core "all" needs none.

    >>> refs = pa.table({"title": ["aspirin", "Quinine"]})
    >>> in_core(refs, Core(by="titles", list="core.txt"), {"Aspirin"}).to_pylist()
    [True, False]
    """
    if core.by == "all":
        return pa.array([True] * len(refs))
    if core.by == "qids":
        keys = refs["qid"]
    else:
        keys = pa.array([title_key(title) for title in refs["title"].to_pylist()], pa.string())
    inside = pc.is_in(keys, value_set=pa.array(sorted(entries), pa.string()))
    return inside.combine_chunks() if isinstance(inside, pa.ChunkedArray) else inside
