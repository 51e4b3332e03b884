"""The names of articles' Wikidata items in other languages: from entities of a dump to references.

Only what Wikidata calls an item (labels) and what its pages are called (titles) counts; aliases do
not: they are many, and nicknames stand among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.ingestion.conversions import item_number
from beam_synth.records import LANGUAGES, pack, split_table, unpack

MOST_NAMES = 16  # of an item; labels come first
MOST_LETTERS = 80  # of a name; longer ones say what it is rather than how it is called
LABELS = (*LANGUAGES, "mul")  # "mul" is a label for all languages that have no other
WIKIS = (*(f"{code}wiki" for code in LANGUAGES), "simplewiki")
_PARENTHESES = re.compile(r"\s*\([^()]*\)$")  # what tells a title apart is no name


def names_of(entity: Mapping[str, Any]) -> str:
    """An entity's labels and titles in the eight languages, one a line, each once, sorted; at most
    MOST_NAMES.

    "" where it has no page in one of the Wikipedias of these languages. Labels and titles of
    another shape are left out.

    >>> names_of({"labels": {"en": {"value": "Genoa"}, "pt": {"value": "Génova"}},
    ...           "sitelinks": {"frwiki": {"title": "Gênes (Italie)"}}})
    'Genoa\\nGênes'
    """
    titles = texts_of(entity.get("sitelinks"), WIKIS, "title")
    if not titles:
        return ""
    found = [*texts_of(entity.get("labels"), LABELS, "value")]
    found += [bare_title(title) for title in titles]
    names = (" ".join(name.split()) for name in found)
    kept = dict.fromkeys(name for name in names if 0 < len(name) <= MOST_LETTERS)
    return "\n".join(sorted([*kept][:MOST_NAMES]))


def bare_title(title: str) -> str:
    """A title without what tells it apart from others.

    >>> bare_title("Gênes (Italie)")
    'Gênes'
    """
    return _PARENTHESES.sub("", title)


def texts_of(value: Any, keys: Iterable[str], field: str) -> list[str]:
    """That field of the objects under these keys of labels or sitelinks; odd ones are left out."""
    held = value if isinstance(value, dict) else {}
    texts = [one.get(field) for one in map(held.get, keys) if isinstance(one, dict)]
    return [text for text in texts if isinstance(text, str)]


def without_names(packed: bytes) -> bytes:
    """A packed table of ITEM_SCHEMA without the names: what the walk needs."""
    return pack(unpack(packed).drop_columns(["names", "english", "pages"]))


def names_by_part(packed: bytes, parts: int) -> Iterator[tuple[int, bytes]]:
    """(part, packed items and names) of the items of a packed table (ITEM_SCHEMA) that have some.

    A part is the item's number modulo `parts`.
    """
    table = unpack(packed).select(["item", "names"])
    table = table.filter(pc.not_equal(table["names"], ""))
    for part, own in split_table(table, table["item"].to_numpy() % parts):
        yield part, pack(own)


def refs_by_part(packed: bytes, parts: int) -> Iterator[tuple[int, bytes]]:
    """(part, packed references) of a packed table of ARTICLE_REF_SCHEMA: by item as
    `names_by_part`, in turn where there is none."""
    refs = unpack(packed)
    items = _items(refs)
    keys = np.where(items > 0, items, np.arange(len(items))) % parts
    for part, own in split_table(refs, keys):
        yield part, pack(own)


def named_refs(refs: Iterable[bytes], names: Iterable[bytes]) -> Iterator[bytes]:
    """The references of a part, each with the names of its item, its own title left out.

    Args:
        refs: packed tables of ARTICLE_REF_SCHEMA.
        names: packed items and names, as `names_by_part` gives them; each item once.

    Holds the names of the part in memory.
    """
    known = [unpack(packed) for packed in names]
    table = pa.concat_tables(known).sort_by("item").combine_chunks() if known else None
    for packed in refs:
        yield packed if table is None else pack(_named(unpack(packed), table))


def _named(refs: pa.Table, names: pa.Table) -> pa.Table:
    known = names["item"].to_numpy()
    wanted = _items(refs)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    found = names["names"].take(pa.array(at)).to_pylist()
    rows = zip(known[at] == wanted, found, refs["title"].to_pylist(), strict=True)
    others = [
        [name for name in held.split("\n") if name != title] if is_it else []
        for is_it, held, title in rows
    ]
    column = refs.schema.get_field_index("names")
    field = refs.schema.field(column)
    return refs.set_column(column, field, pa.array(others, field.type))


def _items(refs: pa.Table) -> npt.NDArray[np.int64]:
    """The number of each article's item; 0 where it has none."""
    qids: Sequence[str | None] = refs["qid"].to_pylist()
    return np.array([item_number(qid) or 0 if qid else 0 for qid in qids], np.int64)
