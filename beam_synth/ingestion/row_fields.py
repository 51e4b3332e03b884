"""Fields of one row of documents or instructions, under the names that the job gives them.

What a row says (its text or prompt, system prompt, reference, licence) is never left out: where it
is of another type, the row is refused. What is said about it (id, title, language, address, source)
counts as missing then, and is made up for as where it is missing. Where the job names no column for
a field, nothing is looked up (`or None`): files may have a column without a name, as pandas' index.
"""

from __future__ import annotations

import re
from typing import Any

from beam_synth.drawing import digest
from beam_synth.errors import Rejected
from beam_synth.ingestion.conversions import is_missing, text_value
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.text.languages import detect_language, language_code

_LINE_END = re.compile(r"\r\n?")


def required_text(row: Any, source: RowSource, field: str) -> str:
    """The row's text under one of our names, stripped, with line feeds as line ends.

    Bytes are read as UTF-8; a number is no text. Raises Rejected: `missing_field` where it is
    missing or null, `wrong_type`, `invalid_utf8`, `no_text` where it is blank.
    """
    if not isinstance(row, dict):
        raise Rejected("wrong_type", f"record: expected an object, found {type(row).__name__}")
    value = row.get(source.columns[field] or None)
    if type(value) is not str:
        value = _decoded(value, source, field)
    text = (_LINE_END.sub("\n", value) if "\r" in value else value).strip()
    if not text:
        raise Rejected("no_text", f"{_named(source, field)} is blank")
    return text


def _decoded(value: object, source: RowSource, field: str) -> str:
    if is_missing(value):
        raise Rejected("missing_field", _named(source, field))
    if not isinstance(value, bytes):
        raise Rejected("wrong_type", _wrong(source, field, "a string", value))
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"{_named(source, field)}: byte {error.start + 1}: {error.reason}"
        raise Rejected("invalid_utf8", detail) from None


def content_text(row: dict[Any, Any], source: RowSource, field: str) -> str:
    """The row's text under one of our names, stripped; "" where it is missing or null.

    A number counts as its digits, a truth value as JSON writes it. Raises Rejected: `wrong_type`.
    """
    value = row.get(source.columns[field] or None)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = text_value(value)
    if text is None:
        raise Rejected("wrong_type", _wrong(source, field, "a string", value))
    return text.strip()


def side_text(row: dict[Any, Any], source: RowSource, field: str, *, numbers: bool = False) -> str:
    """As `content_text`, but "" also where it is of another type; so are numbers without `numbers`.

    For what a row can do without.
    """
    value = row.get(source.columns[field] or None)
    if type(value) is str:
        return value.strip()
    if value is None or not (numbers or isinstance(value, bytes)):
        return ""
    return (text_value(value) or "").strip()


def row_id(row: dict[Any, Any], source: RowSource, text: str) -> str:
    """The record's id, "<source>/<its own id>"; without one of its own, a hash of its text."""
    own = side_text(row, source, "id", numbers=True) or digest(text)
    return f"{source.name}/{own}"


def given_id(row: Any, source: RowSource) -> str:
    """As `row_id` for messages about faults: "" where the row has no id of its own."""
    own = side_text(row, source, "id", numbers=True) if isinstance(row, dict) else ""
    return f"{source.name}/{own}" if own else ""


def row_language(row: dict[Any, Any], source: RowSource, text: str) -> str:
    """The code of the row's language: its own, else the one that the job states for the source,
    else the one that its text is in.

    Raises Rejected: `unknown_language` where its own is text but no language, and where none is
    given and none can be told.
    """
    own = side_text(row, source, "language")
    if own:
        code = language_code(own)
        if not code:
            raise Rejected("unknown_language", f"{_named(source, 'language')}: {own[:60]!r}")
        return code
    found = source.language or detect_language(text)
    if not found:
        raise Rejected(
            "unknown_language",
            f"no language can be told from the text; give {source.key}.language or a column",
        )
    return found


def row_license(row: dict[Any, Any], source: RowSource) -> str:
    """The row's licence: its own, else the one that the job states for the source.

    Raises Rejected: `wrong_type`; `missing_field` where there is neither.
    """
    found = side_text(row, source, "license")
    if not found:
        value = row.get(source.columns["license"] or None)
        if value is not None and not is_missing(value):  # the job speaks for rows that say nothing
            raise Rejected("wrong_type", _wrong(source, "license", "a string", value))
        found = source.license
    if not found:
        raise Rejected(
            "missing_field", f"{_named(source, 'license')}, and {source.key}.license is not set"
        )
    return found


def _named(source: RowSource, field: str) -> str:
    """`text`, or `text (column body)`."""
    theirs = source.columns[field]
    return field if theirs == field else f"{field} (column {theirs})"


def _wrong(source: RowSource, field: str, expected: str, value: object) -> str:
    return f"{_named(source, field)}: expected {expected}, found {type(value).__name__}"
