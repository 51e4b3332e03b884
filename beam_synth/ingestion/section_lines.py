"""The lines of one section, gathered from parts of Structured Contents with the links in them.

A part is an object of a tree: `type`, `name`, `value` (or `values`), `links` and, below it,
`has_parts`. What the functions raise is WrongType, with the path from the part they got.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Literal

from beam_synth.ingestion.conversions import text_value
from beam_synth.ingestion.fields import WrongType, deeper, listed, text_of, unwrap
from beam_synth.ingestion.markup import strip_label, strip_markup, strip_title
from beam_synth.records import Link, Section

_IMAGE_FILE = re.compile(
    r"\S[^/\n]{0,200}\.(?:jpe?g|png|svg|gif|tiff?|webp|ogg|oga|ogv|webm|pdf|djvu)", re.I
)

Kind = Literal["prose", "list", "table", "infobox"]
Path = tuple[str, ...]  # headings from the top


class SectionLines:
    """The lines (or paragraphs) of one future section, and the links in them.

    >>> lines = SectionLines("list")
    >>> lines.add("a salt of salicylic acid", [{"text": "salt", "url": "https://x/Salt"}])
    >>> lines.add("", [])
    >>> section = lines.section(("Aspirin", "Chemistry"))
    >>> section.text, section.links
    ('a salt of salicylic acid', (Link(offset=2, text='salt', url='https://x/Salt'),))
    """

    def __init__(self, kind: Kind, removed: Counter[str] | None = None) -> None:
        self.kind: Kind = kind
        self.removed = removed  # gets the left-over markup of its lines, by kind
        self.separator = "\n\n" if kind == "prose" else "\n"
        self.lines: list[tuple[str, list[Any]]] = []  # (text, the links of its part, unchecked)

    def add(self, text: str, links: list[Any]) -> None:
        """Add a line, unless it is empty."""
        if text:
            self.lines.append((text, links))

    def section(self, path: Path) -> Section:
        """The lines as a Section under these headings."""
        links_found: list[Link] = []
        base = 0
        for text, links in self.lines:
            if links:
                _locate(text, base, links, links_found)
            base += len(text) + len(self.separator)
        text = self.separator.join(line for line, _ in self.lines)
        return Section(path, self.kind, text, tuple(links_found))


def _locate(text: str, base: int, links: list[Any], into: list[Link]) -> None:
    """Add the links of a line that begins at character `base` of the section.

    Links come in the order of their text; one that stands nowhere in it, or has another form, is
    dropped: the text says the same without it.
    """
    position = 0
    for link in links:
        if not isinstance(link, dict):
            continue
        label, url = link.get("text"), link.get("url")
        if not label or not url or not isinstance(label, str) or not isinstance(url, str):
            continue
        at = text.find(label, position)
        if at < 0:
            label = strip_label(label)
            at = text.find(label, position) if label else -1
        if at < 0:
            at = text.find(label) if label else -1
            if at < 0:
                continue
            into.append(Link(base + at, label, url))
            continue
        into.append(Link(base + at, label, url))
        position = at + len(label)


def children(part: Any) -> list[Any]:
    """The parts below a part; none below what is no object.

    >>> children({"hasParts": [{"type": "paragraph"}]})
    [{'type': 'paragraph'}]
    """
    return listed(part, "has_parts", "hasParts") if isinstance(part, dict) else []


def links_of(part: dict[str, Any]) -> list[Any]:
    """The part's links, unchecked: objects with `text` and `url`; none where they are no list."""
    try:
        return listed(part, "links") if part.get("links") else []
    except WrongType:
        return []


def value_of(part: dict[str, Any], removed: Counter[str] | None = None) -> str:
    """The leaf's own text: `value`, else its `values` (items of a rendered list) joined.

    `removed` gets the left-over markup of the items.

    >>> value_of({"value": "", "values": ["- red", "- green"]})
    'red; green'
    """
    value = text_of(part, "value")
    if value.strip() or not part.get("values"):
        return value
    return "; ".join(_items(part, removed))


def _items(part: dict[str, Any], removed: Counter[str] | None) -> list[str]:
    """`values` are items, or lines of a rendered list: there "- " starts an item."""
    try:
        values = unwrap(part["values"])
    except WrongType as error:
        raise error.inside("values") from None
    if not isinstance(values, list):
        raise WrongType("a list", values).inside("values")
    texts = []
    for index, value in enumerate(values):
        text = text_value(value)
        if text is None:
            raise WrongType("a string", value).inside(f"values[{index}]")
        texts.append(strip_markup(text, removed, field=True))
    if not any(text.startswith("- ") for text in texts):
        return [text for text in texts if text]
    return [text.strip() for text in " ".join(("", *texts)).split(" - ") if text.strip()]


def list_lines(part: dict[str, Any], lines: SectionLines, depth: int) -> None:
    """Add a list, or one of its items, one item a line; nested lists follow their item.

    Raises WrongType, also where lists lie deeper than MAX_DEPTH; `depth` is that of the part.
    """
    own = strip_markup(value_of(part, lines.removed), lines.removed)
    name = strip_title(text_of(part, "name"), lines.removed)
    lines.add(f"{name}: {own}" if name and own else name or own, links_of(part))
    for index, child in enumerate(children(part)):
        try:
            if text_of(child, "type") != "image":
                list_lines(child, lines, deeper(depth))
        except WrongType as error:
            raise error.inside(f"has_parts[{index}]") from None


def field_lines(parts: list[Any], lines: SectionLines, heading: str, depth: int) -> None:
    """Add the fields of an infobox, "Group, Name: value; value", one a line.

    `heading` is the group that the parts stand in, "" at the top. Images are left out. Raises
    WrongType, also where groups lie deeper than MAX_DEPTH.

    >>> lines = SectionLines("infobox")
    >>> field_lines([{"type": "field", "name": "Formula", "value": "C9H8O4"}], lines, "", 0)
    >>> lines.section(("Infobox",)).text
    'Formula: C9H8O4'
    """
    for index, part in enumerate(parts):
        try:
            kind = text_of(part, "type")
            name = strip_title(text_of(part, "name"), lines.removed, field=True)
            below = children(part)
            if kind == "image":
                continue
            if kind == "section" or (below and kind != "list"):
                # The first named group repeats the article's title; the others tell fields apart.
                group = name if index and not heading else heading
                field_lines(below, lines, group, deeper(depth))
                continue
            value = "; ".join(_field_values(part, below, depth, lines.removed))
            if value and not _IMAGE_FILE.fullmatch(value):
                label = ", ".join(filter(None, (heading, name))) if name else ""
                lines.add(f"{label}: {value}" if label else value, links_of(part))
        except WrongType as error:
            raise error.inside(f"has_parts[{index}]") from None


def _field_values(
    part: dict[str, Any], below: list[Any], depth: int, removed: Counter[str] | None
) -> list[str]:
    values = [strip_markup(value_of(part, removed), removed, field=True)]
    for index, child in enumerate(below):
        try:
            values += _field_values(child, children(child), deeper(depth), removed)
        except WrongType as error:
            raise error.inside(f"has_parts[{index}]") from None
    return [value for value in values if value]
