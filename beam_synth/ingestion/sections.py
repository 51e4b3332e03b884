"""Flatten the part trees of Structured Contents to sections of plain text.

Depth-first, one heading after another. A heading's own parts make runs: paragraphs joined by a
blank line (`prose`), list items one a line (`list`), rows one a line (`table`). Each run is a
Section under the heading's path; from the second one on the last heading gets a suffix, " (2)".
A paragraph that ends in a colon introduces the list behind it and becomes that list's first
line. Images, citations and references are left out.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from beam_synth.ingestion.fields import WrongType, deeper, listed, text_of, unwrap
from beam_synth.ingestion.markup import strip_markup
from beam_synth.ingestion.tables import table_lines, table_path
from beam_synth.records import Link, Section

ABSTRACT = "Abstract"
_IMAGE_FILE = re.compile(
    r"\S[^/\n]{0,200}\.(?:jpe?g|png|svg|gif|tiff?|webp|ogg|oga|ogv|webm|pdf|djvu)", re.I
)
_INFOBOX_NAME = re.compile(r"infobox[ :_]*", re.I)

Kind = Literal["prose", "list", "table", "infobox"]
Path = tuple[str, ...]


class _Run:
    """The lines (or paragraphs) of one future section, and the links found in them."""

    def __init__(self, kind: Kind) -> None:
        self.kind: Kind = kind
        self.separator = "\n\n" if kind == "prose" else "\n"
        self.lines: list[tuple[str, list[Any]]] = []

    def add(self, text: str, links: list[Any]) -> None:
        if text:
            self.lines.append((text, links))

    def section(self, path: Path) -> Section:
        found: list[Link] = []
        base = 0
        for text, links in self.lines:
            if links:
                _locate(text, base, links, found)
            base += len(text) + len(self.separator)
        text = self.separator.join(line for line, _ in self.lines)
        return Section(path, self.kind, text, tuple(found))


def _locate(text: str, base: int, links: list[Any], found: list[Link]) -> None:
    """Links come in the order of their text; one that stands nowhere in it is dropped."""
    position = 0
    for index, link in enumerate(links):
        try:
            label, url = text_of(link, "text"), text_of(link, "url")
        except WrongType as error:
            raise error.inside(f"links[{index}]") from None
        if not label or not url:
            continue
        at = text.find(label, position)
        if at < 0:
            label = strip_markup(label)
            at = text.find(label, position) if label else -1
        if at < 0:
            at = text.find(label) if label else -1
            if at < 0:
                continue
            found.append(Link(base + at, label, url))
            continue
        found.append(Link(base + at, label, url))
        position = at + len(label)


class Flattener:
    """Collects the sections of one article; every path occurs once."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self._used: set[Path] = set()

    # ------------------------------------------------------------ sections

    def parts(self, parts: list[Any]) -> None:
        """Flatten the record's `sections`. Raises WrongType."""
        self._walk(parts, (), "sections", 0)

    def lead(self, abstract: str) -> None:
        """Put the abstract first if no section is the lead and none holds its text."""
        run = _Run("prose")
        for line in abstract.split("\n"):
            run.add(strip_markup(line), [])
        if not run.lines or any(section.path[0] == ABSTRACT for section in self.sections):
            return
        first = run.lines[0][0]
        if not any(first in section.text for section in self.sections):
            self.sections.insert(0, run.section(self._unique((ABSTRACT,))))

    def _walk(self, parts: list[Any], path: Path, key: str, depth: int) -> None:
        run = _Run("prose")
        for index, part in enumerate(parts):
            try:
                kind = text_of(part, "type")
                if kind == "section" or (not kind and "has_parts" in part):
                    self._flush(run, path)
                    run = _Run("prose")
                    name = strip_markup(text_of(part, "name"))
                    below = (*path, name) if name else path
                    self._walk(children(part), below, "has_parts", deeper(depth))
                elif kind != "image":
                    run = self._leaf(part, kind, run, path, depth)
            except WrongType as error:
                raise error.inside(f"{key}[{index}]") from None
        self._flush(run, path)

    def _leaf(self, part: dict[str, Any], kind: str, run: _Run, path: Path, depth: int) -> _Run:
        if kind == "infobox":
            self.infobox(part)
            return run
        wanted: Kind = "prose"
        if kind in ("list", "list_item"):
            wanted = "list"
        elif kind == "table" or part.get("rows"):
            wanted = "table"
        if wanted != run.kind:
            run = self._switch(run, wanted, path)
        if wanted == "list":
            list_lines(part, run, depth)
        elif wanted == "table":
            for line in table_lines(part):
                run.add(line, [])
        else:
            run.add(strip_markup(value_of(part)), links_of(part))
            for index, child in enumerate(children(part)):  # an unknown wrapper
                try:
                    run = self._leaf(child, text_of(child, "type"), run, path, deeper(depth))
                except WrongType as error:
                    raise error.inside(f"has_parts[{index}]") from None
        return run

    def _switch(self, run: _Run, kind: Kind, path: Path) -> _Run:
        intro = None
        if run.kind == "prose" and run.lines and run.lines[-1][0].endswith(":"):
            intro = run.lines.pop()
        self._flush(run, path)
        new = _Run(kind)
        if intro:
            new.add(*intro)
        return new

    def _flush(self, run: _Run, path: Path) -> None:
        if run.lines:
            self.sections.append(run.section(self._unique(path or (ABSTRACT,))))

    def _unique(self, path: Path) -> Path:
        candidate, number = path, 1
        while candidate in self._used:
            number += 1
            candidate = (*path[:-1], f"{path[-1]} ({number})")
        self._used.add(candidate)
        return candidate

    # ------------------------------------------------------------ infoboxes and tables

    def infoboxes(self, boxes: list[Any]) -> None:
        """One section an infobox, one field a line. Raises WrongType."""
        for index, box in enumerate(boxes):
            try:
                self.infobox(box)
            except WrongType as error:
                raise error.inside(f"infoboxes[{index}]") from None

    def infobox(self, box: Any) -> None:
        name = _INFOBOX_NAME.sub("", strip_markup(text_of(box, "name")), count=1)
        run = _Run("infobox")
        _fields(children(box), run, "", 0)
        if run.lines:
            title = f"Infobox: {name}" if name else "Infobox"
            self.sections.append(run.section(self._unique((title,))))

    def tables(self, tables: list[Any]) -> None:
        """One section a table that stands outside the tree. Raises WrongType."""
        for index, table in enumerate(tables):
            try:
                run = _Run("table")
                for line in table_lines(table):
                    run.add(line, [])
                if run.lines:
                    path = table_path(text_of(table, "identifier"))
                    self.sections.append(run.section(self._unique(path)))
            except WrongType as error:
                raise error.inside(f"tables[{index}]") from None


def children(part: Any) -> list[Any]:
    """The parts below a part."""
    return listed(part, "has_parts", "hasParts") if isinstance(part, dict) else []


def links_of(part: dict[str, Any]) -> list[Any]:
    """The part's links, unchecked."""
    return listed(part, "links") if part.get("links") else []


def value_of(part: dict[str, Any]) -> str:
    """The leaf's own text: `value`, else its `values` (items of a rendered list) joined."""
    value = text_of(part, "value")
    if value.strip() or not part.get("values"):
        return value
    return "; ".join(_items(part))


def _items(part: dict[str, Any]) -> list[str]:
    """`values` are items, or lines of a rendered list: there "- " starts an item."""
    values = unwrap(part["values"])
    if not isinstance(values, list):
        raise WrongType("a list", values).inside("values")
    for index, value in enumerate(values):
        if not isinstance(value, str | None):
            raise WrongType("a string", value).inside(f"values[{index}]")
    texts = [strip_markup(value) for value in values if value]
    if not any(text.startswith("- ") for text in texts):
        return [text for text in texts if text]
    return [text.strip() for text in " ".join(("", *texts)).split(" - ") if text.strip()]


def list_lines(part: dict[str, Any], run: _Run, depth: int) -> None:
    """Add a list, or one of its items, one item a line; nested lists follow their item."""
    own = strip_markup(value_of(part))
    name = strip_markup(text_of(part, "name"))
    run.add(f"{name}: {own}" if name and own else name or own, links_of(part))
    for index, child in enumerate(children(part)):
        try:
            if text_of(child, "type") != "image":
                list_lines(child, run, deeper(depth))
        except WrongType as error:
            raise error.inside(f"has_parts[{index}]") from None


def _fields(parts: list[Any], run: _Run, heading: str, depth: int) -> None:
    for index, part in enumerate(parts):
        try:
            kind, name = text_of(part, "type"), strip_markup(text_of(part, "name"))
            below = children(part)
            if kind == "image":
                continue
            if kind == "section" or (below and kind != "list"):
                # The first named group repeats the article's title; the others tell fields apart.
                group = name if index and not heading else heading
                _fields(below, run, group, deeper(depth))
                continue
            value = "; ".join(_field_values(part, below, depth))
            if value and not _IMAGE_FILE.fullmatch(value):
                label = ", ".join(filter(None, (heading, name))) if name else ""
                run.add(f"{label}: {value}" if label else value, links_of(part))
        except WrongType as error:
            raise error.inside(f"has_parts[{index}]") from None


def _field_values(part: dict[str, Any], below: list[Any], depth: int) -> list[str]:
    values = [strip_markup(value_of(part))]
    for index, child in enumerate(below):
        try:
            values += _field_values(child, children(child), deeper(depth))
        except WrongType as error:
            raise error.inside(f"has_parts[{index}]") from None
    return [value for value in values if value]
