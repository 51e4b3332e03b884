"""What a list of articles names: JSON, TSV, CSV or plain lines, of titles, levels or items."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import unquote, urlsplit

from beam_synth.errors import Refused, Rejected
from beam_synth.ingestion.containers import (
    BROKEN,
    ArrowMember,
    ParquetMember,
    Unreadable,
    bare_name,
    error_line,
    open_members,
)
from beam_synth.ingestion.raw_records import FileFault
from beam_synth.ingestion.tabular import tabular_records
from beam_synth.ingestion.text_formats import in_utf8
from beam_synth.ingestion.wikipedia import decode_json

_TITLES = ("title", "name", "page_title", "article", "page", "label", "itemlabel")
_ITEMS = ("qid", "item", "wikidata", "wikidata_id", "wikidata_item", "id")
_LEVELS = ("level", "vital_level", "vital level")
_ITEM = re.compile(r"<?(?:https?://\S*[/:]|wd:)?(Q[1-9][0-9]*)>?", re.I)
_WIKI_LINK = re.compile(r'[\s*#:]*\[\[:?([^\]|\["{]+)')
_TAGGED = re.compile(r'"(.*)"@[\w-]+')  # how queries of Wikidata write a label as TSV
_TOLD = 60  # characters of what does not fit, in a message


class Entry(NamedTuple):
    """One entry of a list."""

    line: int  # 1-based; 0 where the list is JSON
    value: Any  # a text, the cells of a row, or a mapping
    columns: Sequence[str] = ()  # of the cells, where a header names them


def read_entries(handle: BinaryIO, name: str) -> list[Entry]:
    """The entries of a list, packed or not; `name` is for messages and tells CSV and TSV.

    Raises Refused, naming the list, for what is no list.
    """
    try:
        member, source = next(open_members(handle, name), (name, None))
        if isinstance(source, Unreadable):
            raise Refused(f"core.list: {name}: {source.detail}")
        if isinstance(source, ParquetMember | ArrowMember):
            return _table_entries(source, name)
        data = b"".join(iter(source.read1, b"")) if source is not None else b""
    except BROKEN as error:
        raise Refused(f"core.list: {name}: {error_line(error)}") from error
    first, rest = in_utf8(data, iter(()))
    try:
        text = b"".join([first, *rest]).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"core.list: {name} is not UTF-8: {error}") from None
    # No title may hold one of these, so it is JSON.
    if text.lstrip().startswith(("{", "[", '{"')) and not _WIKI_LINK.match(text):
        return list(_json_entries(text, name))
    return list(_line_entries(text, bare_name(member)))


def _table_entries(source: ParquetMember | ArrowMember, name: str) -> list[Entry]:
    records = list(tabular_records(source, name, None))
    fault = next((one for one in records if isinstance(one, FileFault) or one.reason), None)
    if fault is not None:
        raise Refused(f"core.list: {name}: {fault.detail}")
    return [Entry(n, getattr(one, "value", None)) for n, one in enumerate(records, 1)]


def _json_entries(text: str, name: str) -> Iterator[Entry]:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    try:
        value = decode_json(text.encode())
    except Rejected as error:
        if len(lines) < 2:
            raise Refused(f"core.list: {name} is not valid JSON: {error.detail}") from None
        for number, line in lines:  # JSON lines, perhaps
            try:
                yield Entry(number, decode_json(line.encode()))
            except Rejected as fault:
                where = f"core.list: {name} line {number}"
                raise Refused(f"{where} is not valid JSON: {fault.detail}") from None
        return
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        if len(value) == 1 and lists:
            value = lists[0]
        elif len(lists) == len(value):  # level -> titles
            value = [[title, level] for level, of in value.items() for title in of]
        elif len(lines) > 1 or not any(key.lower() in (*_TITLES, *_ITEMS) for key in value):
            value = [list(pair) for pair in value.items()]
        else:
            value = [value]
    if not isinstance(value, list):
        raise Refused(f"core.list: {name} is no list, but {json.dumps(value)[:_TOLD]}")
    yield from (Entry(0, each) for each in value)


def _line_entries(text: str, bare: str) -> Iterator[Entry]:
    lines = enumerate(text.splitlines(), 1)
    kept = [(n, line) for n, line in lines if line.strip("\0 \t") and not _is_comment(line)]
    columns: Sequence[str] = ()
    for position, (number, line) in enumerate(kept):
        cells = _cells(line, bare)
        if position == 0 and _is_header(cells, bare):
            columns = [cell.lower() for cell in cells]
        else:
            yield Entry(number, cells if len(cells) > 1 or columns else cells[0], columns)


def _is_comment(line: str) -> bool:
    """No title begins with that sign; a numbered item of wiki text does."""
    return line.lstrip().startswith("#") and not _WIKI_LINK.match(line)


def _cells(line: str, bare: str) -> list[str]:
    if bare.endswith(".csv") and "\t" not in line:
        delimiter = ";" if ";" in line and "," not in line else ","
        return [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=delimiter))]
    cells = [cell.strip("\0 \t\r") for cell in line.split("\t")]
    return [tagged[1] if (tagged := _TAGGED.fullmatch(cell)) else cell for cell in cells]


def _is_header(cells: Sequence[str], bare: str) -> bool:
    known = {cell.lower().lstrip("?") for cell in cells} & {*_TITLES, *_ITEMS, *_LEVELS}
    several = len(cells) > 1 or bare.endswith((".csv", ".tsv"))
    return bool(known) and several and not any(map(item_of, cells)) and not cells[-1].isdigit()


# ---------------------------------------------------------------- what an entry says


def item_of(value: Any) -> str:
    """The Wikidata item that a cell names, by its id or address; "" where it names none.

    >>> item_of("http://www.wikidata.org/entity/Q42"), item_of("q5"), item_of("P31")
    ('Q42', 'Q5', '')
    """
    found = _ITEM.fullmatch(value.strip()) if isinstance(value, str) else None
    return found.group(1).upper() if found else ""


def entry_item(entry: Entry) -> str:
    """The Wikidata item that an entry names, in whichever cell; "" where it names none."""
    cells = _named(entry, _ITEMS)
    return next(filter(None, map(item_of, cells)), "")


def entry_title(entry: Entry) -> str:
    """The title that an entry names, by itself, by a link or by an address; "" for none.

    >>> entry_title(Entry(1, "https://en.wikipedia.org/wiki/Iron_age#Europe"))
    'Iron_age'
    >>> entry_title(Entry(1, "* [[Tin|the metal]]")), entry_title(Entry(1, ["Tin", "Q1096"]))
    ('Tin', 'Tin')
    """
    cell = next((each for each in _named(entry, _TITLES) if isinstance(each, str)), "")
    if link := _WIKI_LINK.match(cell):
        return link.group(1)
    if cell.startswith(("http://", "https://")) and "/wiki/" in cell:
        return unquote(urlsplit(cell).path.partition("/wiki/")[2])
    return cell


def entry_level(entry: Entry) -> int | None:
    """The level that an entry states, a whole number; None where it states none."""
    if isinstance(entry.value, str):
        return None
    cells = _named(entry, _LEVELS, last=True)
    cell = cells[0] if cells else None
    if isinstance(cell, str) and cell.strip().isdigit():
        return int(cell)
    return cell if isinstance(cell, int) and not isinstance(cell, bool) else None


def entry_text(entry: Entry) -> str:
    """An entry, for a message."""
    value = entry.value
    text = repr("\t".join(value)) if entry.line and isinstance(value, list) else repr(value)
    return text if len(text) <= _TOLD else f"{text[:_TOLD]}..."


def _named(entry: Entry, names: Sequence[str], *, last: bool = False) -> list[Any]:
    """The cells of an entry, those of these names first; `last`: the last one first."""
    value, columns = entry.value, entry.columns
    if isinstance(value, Mapping):
        columns, value = [str(key).lower() for key in value], list(value.values())
    elif not isinstance(value, list):
        return [value]
    cells = list(value)
    named = dict(zip((name.lstrip("?") for name in columns), cells, strict=False))
    first = [named[name] for name in names if name in named]
    return [*first, *(reversed(cells) if last else cells)]
