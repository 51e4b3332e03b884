"""A look at the first records of input files: a file of another kind than its key says is refused.

Damage is not judged here: a file of which no record can be read is left to the run, where it
becomes an error record.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pyarrow as pa

from beam_synth.errors import Refused, nearest
from beam_synth.ingestion.containers import (
    BROKEN,
    ArrowMember,
    ParquetMember,
    open_members,
)
from beam_synth.ingestion.lines import MAX_LINE_BYTES
from beam_synth.ingestion.plain_columns import plain_type
from beam_synth.ingestion.raw_records import InputRecord
from beam_synth.ingestion.reading import read_records
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.ingestion.tabular import table_schema
from beam_synth.storage.files import open_input
from beam_synth.storage.inputs import InputFile
from beam_synth.storage.remote import is_url

_TEXT_TYPE = re.compile(r"(large_)?string(_view)?$")
_NUMBER_TYPE = re.compile(r"u?int|halffloat|float|double|decimal|extension<arrow\.uuid>")
_NUMBERED = ("id", "title", "source", "system", "reference")  # may hold numbers, too
_RECORDS = 50  # looked at in a file
_SHOWN = 12  # columns in a message
# What an article cannot be told from anything else without, and where it has its text.
_ARTICLE = ("name", "identifier")
_ARTICLE_TEXTS = frozenset(
    (
        "abstract",
        "sections",
        "article_sections",
        "articleSections",
        "infoboxes",
        "infobox",
        "tables",
    )
)
# Other data sets' names of our two columns of text, the likeliest first.
_LIKELY = {
    "text": ("text", "body", "content", "contents", "document", "passage", "article", "markdown",
             "raw_content", "page", "story"),
    "prompt": ("prompt", "instruction", "question", "query", "input", "problem", "user", "text"),
}  # fmt: skip


class Found(NamedTuple):
    """The columns of a file, in its order; none where no record of it can be read."""

    names: tuple[str, ...]
    types: tuple[str, ...] = ()  # of a table's columns, as they are read; none for text formats

    def type_of(self, name: str) -> str:
        """The type of a table's column; "" where the file is no table or has no such column."""
        return dict(zip(self.names, self.types, strict=False)).get(name, "")

    def __str__(self) -> str:
        more = f" and {len(self.names) - _SHOWN} more" if len(self.names) > _SHOWN else ""
        return ", ".join(self.names[:_SHOWN]) + more


def found_columns(path: str, line_bytes: int = MAX_LINE_BYTES) -> Found:
    """What a file's first records hold. Raises Fault where the storage fails."""
    try:
        handle = open_input(path)
    except OSError:
        return Found(())
    with handle:
        try:
            _, source = next(open_members(handle, path), (path, None))
            if isinstance(source, ParquetMember | ArrowMember):
                schema = table_schema(source)
                types = tuple(str(plain_type(field.type)) for field in schema)
                return Found(tuple(schema.names), types)
        except (*BROKEN, pa.ArrowException):
            return Found(())
        handle.seek(0)
        records = (
            record.value
            for record in read_records(handle, path, line_bytes)
            if isinstance(record, InputRecord) and isinstance(record.value, dict)
        )
        keys = itertools.chain.from_iterable(itertools.islice(records, _RECORDS))
        return Found(tuple(dict.fromkeys(keys)))


def check_articles(files: Sequence[InputFile], line_bytes: int = MAX_LINE_BYTES) -> None:
    """Refuse files of `articles` that hold something else; longer lines are not looked at.

    Raises Refused, naming the file, what it holds and what an article needs.
    """
    for path in _looked_at(files):
        found = found_columns(path, line_bytes)
        names = set(found.names)
        marks = sum(name in names for name in _ARTICLE) + bool(names & _ARTICLE_TEXTS)
        if not names or marks > 1:
            continue
        text = _likely("text", found)
        columns = f", columns: {{text: {text}}}" if text not in ("", "text") else ""
        hint = f"; did you mean documents: [{{path: {path}{columns}}}]?" if text else ""
        raise Refused(
            f"articles: {path} holds {found}; an article needs name, identifier, url and a text "
            f"(sections or abstract){hint}"
        )


def check_rows(source: RowSource, line_bytes: int = MAX_LINE_BYTES) -> None:
    """Refuse files of documents or instructions without the columns that the job names or needs.

    Raises Refused, naming the file, what it holds and what is missing.
    """
    required = "text" if source.key == "documents" else "prompt"
    licensed = bool(source.license)
    for path in _looked_at(source.files):
        found = found_columns(path, line_bytes)
        if found.names:
            _check_columns(source, path, found, required)
            licensed = licensed or source.columns["license"] in found.names
    if not licensed:
        theirs = source.columns["license"]
        column = f"no column {theirs!r} has one" if theirs else "no column is to have one"
        raise Refused(
            f"{source.key}: {source.name}: no licence is stated and {column}; give license: (an "
            "SPDX identifier such as CC-BY-4.0), or columns: {license: ...}"
        )


def _check_columns(source: RowSource, path: str, found: Found, required: str) -> None:
    for field in sorted({required, *source.named}):
        theirs = source.columns[field]
        if theirs not in found.names:
            likely = "" if field in source.named else _likely(required, found)
            hint = f"; say which it is: columns: {{{field}: {likely}}}" if likely else ""
            if not hint and set(_ARTICLE) <= set(found.names):
                hint = "; name files of articles under articles"
            raise Refused(
                f"{source.key}: {path} has no column {theirs!r}"
                f"{nearest(theirs, found.names) if not hint else ''}; it holds {found}{hint}"
            )
    for field, theirs in source.columns.items():
        kind = found.type_of(theirs)
        also = field != required and (
            kind == "null" or (field in _NUMBERED and _NUMBER_TYPE.match(kind))
        )
        if kind and not also and not _TEXT_TYPE.match(kind):
            hint = "" if field == required else f"; columns: {{{field}: null}} leaves it out"
            raise Refused(
                f"{source.key}: {path}: the column {theirs!r} holds {kind}, not text{hint}"
            )


def _likely(field: str, found: Found) -> str:
    """The column that most likely holds our `field`; "" where none is known to."""
    return next((name for name in _LIKELY[field] if name in found.names), "")


def _looked_at(files: Iterable[InputFile]) -> list[str]:
    """Every local file, and the first that is remote: each costs a connection."""
    paths = [item.path for item in files]
    remote = [path for path in paths if is_url(path)]
    return [path for path in paths if not is_url(path)] + remote[:1]
