"""Tables of Structured Contents as lines of text.

A line has to stand alone, since a passage may hold some lines of a table and not its header: so
every cell is written with the name of its column.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from beam_synth.ingestion.fields import WrongType, deeper, listed, text_of
from beam_synth.ingestion.markup import strip_markup

_TABLE_ID = re.compile(r"(.*?)_?table_?\d*", re.I | re.DOTALL)


def table_path(identifier: str) -> tuple[str, ...]:
    """The headings of a table that stands outside the tree, from its identifier.

    >>> table_path("results.by_state_table2")
    ('Results', 'By state')
    >>> table_path("table1")
    ('Table',)
    """
    match = _TABLE_ID.fullmatch(identifier.strip())
    names = (match.group(1) if match else identifier).split(".")
    path = tuple(strip_markup(name.replace("_", " ")) for name in names)
    return tuple(name[:1].upper() + name[1:] for name in path if name) or ("Table",)


def _cells(row: Any, removed: Counter[str] | None, depth: int) -> list[str]:
    if isinstance(row, dict):
        row = [row]
    if not isinstance(row, list):
        raise WrongType("a list of cells", row)
    cells = []
    for index, cell in enumerate(row):
        try:
            if not isinstance(cell, dict):
                cell = {"value": None if cell == [] or cell is False else cell}
            value, nested = text_of(cell, "value"), cell.get("nested_table")
            inner = [
                line
                for table in _nested(nested)
                for line in table_lines(table, removed, deeper(depth))
            ]
            cells.append(", ".join(filter(None, (strip_markup(value, removed), *inner))))
        except WrongType as error:
            raise error.inside(f"[{index}]") from None
    return cells


def _nested(table: Any) -> list[Any]:
    return listed({"nested_table": table}, "nested_table") if table else []


def _rows(
    table: dict[str, Any], key: str, removed: Counter[str] | None, depth: int
) -> list[list[str]]:
    rows = []
    for index, row in enumerate(listed(table, key)):
        try:
            rows.append(_cells(row, removed, depth))
        except WrongType as error:
            raise error.inside(f"{key}[{index}]") from None
    return rows


def _column_names(headers: list[list[str]]) -> list[str]:
    """Several header rows make one name a column: "Popular vote, Count"."""
    width = max((len(row) for row in headers), default=0)
    columns = ([row[i] for row in headers if i < len(row) and row[i]] for i in range(width))
    return [", ".join(dict.fromkeys(column)) for column in columns]


def table_lines(table: Any, removed: Counter[str] | None = None, depth: int = 0) -> list[str]:
    """A row a line, "Header: value; Header: value"; spanned cells are said once.

    Several header rows make one name a column; a table within a cell is written into the cell.
    `removed` gets the left-over markup, by kind. Raises WrongType, also beyond MAX_DEPTH tables
    within tables.

    >>> cells = lambda *texts: [{"value": text} for text in texts]
    >>> table_lines({"headers": [cells("Year", "Votes")], "rows": [cells("1920", "12")]})
    ['Year: 1920; Votes: 12']
    """
    if not isinstance(table, dict):
        raise WrongType("an object", table)
    headers, rows = (_rows(table, key, removed, depth) for key in ("headers", "rows"))
    names = _column_names(headers)
    if not rows:  # a layout table, whose cells all count as headers
        rows, names = headers, []
    lines = [_row_line(row, names) for row in rows]
    lines += [_row_line(row, []) for row in _rows(table, "footers", removed, depth)]
    return [line for line in lines if line]


def _row_line(row: list[str], names: list[str]) -> str:
    filled = [(names[i] if i < len(names) else "", value) for i, value in enumerate(row) if value]
    if len({value for _, value in filled}) == 1:
        return filled[0][1] if len(filled) > 1 or not filled[0][0] else ": ".join(filled[0])
    distinct = dict.fromkeys(f"{name}: {value}" if name else value for name, value in filled)
    return "; ".join(distinct)
