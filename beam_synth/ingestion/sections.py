"""Flatten the part trees of Structured Contents to sections of plain text.

Depth-first, one heading after another. A heading's own parts make runs: paragraphs joined by a
blank line (`prose`), list items one a line (`list`), rows one a line (`table`). Each run is a
Section under the heading's path; from the second one on the last heading gets a suffix, " (2)".
A paragraph that ends in a colon introduces the list behind it and becomes that list's first
line. Images, citations and references are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from beam_synth.ingestion.fields import WrongType, deeper, text_of
from beam_synth.ingestion.markup import strip_markup, strip_title
from beam_synth.ingestion.section_lines import (
    Kind,
    Path,
    SectionLines,
    children,
    field_lines,
    links_of,
    list_lines,
    value_of,
)
from beam_synth.ingestion.tables import table_lines, table_path
from beam_synth.records import Section

ABSTRACT = "Abstract"
_INFOBOX_NAME = re.compile(r"infobox[ :_]*", re.I)


class Flattener:
    """Collects the sections of one article; every path occurs once.

    >>> flattener = Flattener()
    >>> flattener.parts([{"type": "section", "name": "History", "has_parts": [
    ...     {"type": "paragraph", "value": "It was first made in 1853."},
    ...     {"type": "list", "has_parts": [{"type": "list_item", "value": "1899: sold"}]},
    ... ]}])
    >>> for section in flattener.sections:
    ...     print(section.path, section.kind, section.text)
    ('History',) prose It was first made in 1853.
    ('History (2)',) list 1899: sold
    """

    def __init__(self, removed: Counter[str] | None = None) -> None:
        self.sections: list[Section] = []  # in reading order
        self._used: set[Path] = set()
        self._numbers: dict[Path, int] = {}  # the suffix that a path got last
        self.removed = removed  # gets the left-over markup, by kind

    # ------------------------------------------------------------ sections

    def parts(self, parts: list[Any]) -> None:
        """Flatten the record's `sections`. Raises WrongType, also beyond MAX_DEPTH levels."""
        self._walk(parts, (), "sections", 0)

    def lead(self, abstract: str) -> None:
        """Put the abstract first if no section is the lead and none holds its first line."""
        lines = self._lines("prose")
        for line in abstract.split("\n"):
            lines.add(strip_markup(line, self.removed), [])
        if not lines.lines or any(section.path[0] == ABSTRACT for section in self.sections):
            return
        first = lines.lines[0][0]
        if not any(first in section.text for section in self.sections):
            self.sections.insert(0, lines.section(self._unique((ABSTRACT,))))

    def _walk(self, parts: list[Any], path: Path, key: str, depth: int) -> None:
        lines = self._lines("prose")
        for index, part in enumerate(parts):
            try:
                kind = text_of(part, "type")
                if kind == "section" or (not kind and "has_parts" in part):
                    self._flush(lines, path)
                    lines = self._lines("prose")
                    name = strip_title(text_of(part, "name"), self.removed)
                    below = (*path, name) if name else path
                    self._walk(children(part), below, "has_parts", deeper(depth))
                elif kind != "image":
                    lines = self._leaf(part, kind, lines, path, depth)
            except WrongType as error:
                raise error.inside(f"{key}[{index}]") from None
        self._flush(lines, path)

    def _leaf(
        self, part: dict[str, Any], kind: str, lines: SectionLines, path: Path, depth: int
    ) -> SectionLines:
        if kind == "infobox":
            self.infobox(part)
            return lines
        wanted: Kind = "prose"
        if kind in ("list", "list_item"):
            wanted = "list"
        elif kind == "table" or part.get("rows"):
            wanted = "table"
        if wanted != lines.kind:
            lines = self._switch(lines, wanted, path)
        if wanted == "list":
            list_lines(part, lines, depth)
        elif wanted == "table":
            for line in table_lines(part, self.removed):
                lines.add(line, [])
        else:
            lines.add(strip_markup(value_of(part, self.removed), self.removed), links_of(part))
            for index, child in enumerate(children(part)):  # an unknown wrapper
                try:
                    lines = self._leaf(child, text_of(child, "type"), lines, path, deeper(depth))
                except WrongType as error:
                    raise error.inside(f"has_parts[{index}]") from None
        return lines

    def _switch(self, lines: SectionLines, kind: Kind, path: Path) -> SectionLines:
        """End a section and begin one of another kind, with the line that introduces it."""
        intro = None
        if lines.kind == "prose" and lines.lines and lines.lines[-1][0].endswith(":"):
            intro = lines.lines.pop()
        self._flush(lines, path)
        new = self._lines(kind)
        if intro:
            new.add(*intro)
        return new

    def _flush(self, lines: SectionLines, path: Path) -> None:
        if lines.lines:
            self.sections.append(lines.section(self._unique(path or (ABSTRACT,))))

    def _lines(self, kind: Kind) -> SectionLines:
        return SectionLines(kind, self.removed)

    def _unique(self, path: Path) -> Path:
        candidate, number = path, self._numbers.get(path, 1)
        while candidate in self._used:
            number += 1
            candidate = (*path[:-1], f"{path[-1]} ({number})")
        self._numbers[path] = number
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
        """The section of one infobox; none for a box without a field. Raises WrongType."""
        name = _INFOBOX_NAME.sub("", strip_title(text_of(box, "name"), self.removed), count=1)
        lines = self._lines("infobox")
        field_lines(children(box), lines, "", 0)
        if lines.lines:
            title = f"Infobox: {name}" if name else "Infobox"
            self.sections.append(lines.section(self._unique((title,))))

    def tables(self, tables: list[Any]) -> None:
        """One section a table that stands outside the tree. Raises WrongType."""
        for index, table in enumerate(tables):
            try:
                lines = self._lines("table")
                for line in table_lines(table, self.removed):
                    lines.add(line, [])
                if lines.lines:
                    path = table_path(text_of(table, "identifier"))
                    self.sections.append(lines.section(self._unique(path)))
            except WrongType as error:
                raise error.inside(f"tables[{index}]") from None
