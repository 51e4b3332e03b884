"""What the pages that passages link to are called in English, the language of traces.

A link leads to a page of some Wikipedia, and an item of Wikidata tells its English name. Both are
joined by a number of the page, a hash of wiki and title. Pages of the English Wikipedia need none.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from beam_synth.knowledge.item_names import MOST_LETTERS, bare_title, texts_of
from beam_synth.records import LANGUAGES, pack, split_table, unpack

MOST_LINKED = 16  # names of links that a passage holds
_CODES = tuple(code for code in LANGUAGES if code != "en")
_URL = re.compile(rf"https?://({'|'.join(_CODES)})\.(?:m\.)?wikipedia\.org/wiki/([^?#]+)")
PAGE_SCHEMA = pa.schema([("page", pa.int64()), ("name", pa.string())])
WANTED_SCHEMA = pa.schema([("page", pa.int64()), ("article", pa.int64())])


def number_of(*names: str) -> int:
    """A number of 64 bits for a page or an article: the same for the same names."""
    data = "\0".join(names).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little", signed=True)


@functools.lru_cache(maxsize=1 << 14)
def page_of(url: str) -> int | None:
    """The number of the page that a link leads to; None where it is no page of a Wikipedia in one
    of the languages beside English.

    >>> page_of("https://fr.wikipedia.org/wiki/G%C3%AAnes") == number_of("frwiki", "Gênes")
    True
    >>> page_of("https://en.wikipedia.org/wiki/Genoa")
    """
    match = _URL.match(url)
    if match is None:
        return None
    title = unquote(match[2]).replace("_", " ").strip()
    return number_of(f"{match[1]}wiki", title[:1].upper() + title[1:])


def english_pages(entity: Mapping[str, Any]) -> tuple[str, list[int]]:
    """(an entity's English name, the numbers of its pages that have another title).

    ("", []) where it has no such name or no such page. The name is its label, or the title of its
    English page.

    >>> english_pages({"labels": {"en": {"value": "Genoa"}},
    ...                "sitelinks": {"frwiki": {"title": "Gênes"}, "dewiki": {"title": "Genoa"}}}
    ...              ) == ("Genoa", [number_of("frwiki", "Gênes")])
    True
    """
    titles = entity.get("sitelinks")
    if not titles or not isinstance(titles, dict):
        return "", []  # most items of Wikidata
    named = [*texts_of(entity.get("labels"), ("en", "mul"), "value")]
    named += map(bare_title, texts_of(titles, ("enwiki",), "title"))
    name = next((found for found in (" ".join(n.split()) for n in named) if found), "")
    if not name or len(name) > MOST_LETTERS:
        return "", []
    others = [(f"{code}wiki", texts_of(titles, (f"{code}wiki",), "title")) for code in _CODES]
    pages = [number_of(wiki, t) for wiki, found in others for t in found if bare_title(t) != name]
    return (name, pages) if pages else ("", [])


def pages_by_part(packed: bytes, parts: int) -> Iterator[tuple[int, bytes]]:
    """(part, packed PAGE_SCHEMA) of the pages of a packed table of ITEM_SCHEMA.

    A part is the page's number modulo `parts`.
    """
    table = unpack(packed)
    lists = table["pages"].combine_chunks()
    owners = np.repeat(np.arange(len(table)), pc.fill_null(lists.value_lengths(), 0).to_numpy())
    names = table["english"].combine_chunks().take(pa.array(owners))
    pages = pa.table([lists.flatten(), names], schema=PAGE_SCHEMA)
    for part, own in split_table(pages, pages["page"].to_numpy() % parts):
        yield part, pack(own)


def wanted_by_part(
    links: Mapping[str, Iterable[str]], group: int, parts: int
) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """(part, (group, packed WANTED_SCHEMA)) of what some articles of a group link to.

    `links` are the targets of each article's links, by its id.
    """
    pairs = [
        (page, number_of(article))
        for article, urls in links.items()
        for page in sorted({page for page in map(page_of, urls) if page is not None})
    ]
    columns = np.array(pairs, np.int64).reshape(-1, 2).T
    wanted = pa.table([pa.array(column) for column in columns], schema=WANTED_SCHEMA)
    for part, own in split_table(wanted, wanted["page"].to_numpy() % parts):
        yield part, (group, pack(own))


def linked_names(
    wanted: Iterable[tuple[int, bytes]], pages: Iterable[bytes]
) -> Iterator[tuple[int, bytes]]:
    """(group, packed WANTED_SCHEMA with `name`) of those wanted pages of a part that have a name.

    Holds the part's pages in memory. Of two names of a page the first in order is taken.
    """
    known = [unpack(packed) for packed in pages]
    if not known:
        return
    order = [("page", "ascending"), ("name", "ascending")]
    table = pa.concat_tables(known).sort_by(order).combine_chunks()
    numbers = table["page"].to_numpy()
    for group, packed in wanted:
        asked = unpack(packed)
        at = np.searchsorted(numbers, asked["page"].to_numpy())
        found = numbers[np.minimum(at, len(numbers) - 1)] == asked["page"].to_numpy()
        if found.any():
            names = table["name"].combine_chunks().take(pa.array(at[found]))
            yield group, pack(asked.filter(pa.array(found)).append_column("name", names))


class LinkNames:
    """The names of what the articles of a group link to.

    Made of packed tables as `linked_names` gives them; 50 bytes a link.
    """

    def __init__(self, packed: Iterable[bytes]) -> None:
        tables = [unpack(data) for data in packed]
        self._table = (
            pa.concat_tables(tables).sort_by("article").combine_chunks() if tables else None
        )
        self._articles = self._table["article"].to_numpy() if self._table else np.empty(0, np.int64)

    def named(self, passages: pa.Table) -> pa.Table:
        """Passages (PASSAGE_SCHEMA), each with the English names of what it links to, unless they
        stand in it; at most MOST_LINKED beside the names that it has."""
        ids = passages["article_id"].to_pylist()
        known = {article_id: self._of(article_id) for article_id in dict.fromkeys(ids)}
        if not any(known.values()):
            return passages
        texts, titles = passages["text"].to_pylist(), passages["title"].to_pylist()
        links = passages["links"].to_pylist()
        # The same text is found again by its article: its names are those of all its links.
        found: dict[tuple[str, str], dict[str, None]] = {}
        for article_id, text, title, own in zip(ids, texts, titles, links, strict=True):
            names = (known[article_id].get(page_of(link["url"] or "") or 0) for link in own)
            beside = (name for name in names if name and name != title and name not in text)
            found.setdefault((article_id, text), {}).update(dict.fromkeys(beside))
        given = passages["names"].to_pylist()
        keys = zip(given, zip(ids, texts, strict=True), strict=True)
        united = [sorted({*names, *[*found[key]][:MOST_LINKED]}) for names, key in keys]
        at = passages.schema.get_field_index("names")
        field = passages.schema.field(at)
        return passages.set_column(at, field, pa.array(united, field.type))

    def _of(self, article_id: str) -> dict[int, str]:
        """The names of what an article links to, by page."""
        number = number_of(article_id)
        first, last = (np.searchsorted(self._articles, number, side) for side in ("left", "right"))
        if self._table is None or first == last:
            return {}
        own = self._table.slice(first, last - first)
        return dict(zip(own["page"].to_pylist(), own["name"].to_pylist(), strict=True))


def urls_of(sections: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """The targets of all links of an article's sections."""
    held = (link["url"] for section in sections or () for link in section["links"] or ())
    return [url for url in held if url]
