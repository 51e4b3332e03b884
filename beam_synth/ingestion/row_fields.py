"""Fields of one row of documents or instructions, under the names that the job gives them."""

from __future__ import annotations

import re
from typing import Any

from beam_synth.drawing import digest
from beam_synth.errors import Rejected
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.text.languages import detect_language, language_code

_LINE_END = re.compile(r"\r\n?")


def required_text(row: Any, source: RowSource, field: str) -> str:
    """The row's text under one of our names, stripped, with line feeds as line ends.

    Raises Rejected: `missing_field` where it is missing or null, `wrong_type`, `no_text` where it
    is blank.
    """
    if not isinstance(row, dict):
        raise Rejected("wrong_type", f"record: expected an object, found {type(row).__name__}")
    value = row.get(source.columns[field])
    if type(value) is not str:
        if value is None:
            raise Rejected("missing_field", _named(source, field))
        raise Rejected("wrong_type", _wrong(source, field, "a string", value))
    text = (_LINE_END.sub("\n", value) if "\r" in value else value).strip()
    if not text:
        raise Rejected("no_text", f"{_named(source, field)} is blank")
    return text


def optional_text(
    row: dict[str, Any], source: RowSource, field: str, *, numbers: bool = False
) -> str:
    """The row's text under one of our names, stripped; "" where it is missing or null.

    With `numbers` a whole number counts as its digits. Raises Rejected: `wrong_type`.
    """
    value = row.get(source.columns[field])
    if type(value) is str:
        return value.strip()
    if value is None:
        return ""
    if numbers and type(value) is int:
        return str(value)
    raise Rejected("wrong_type", _wrong(source, field, "a string", value))


def row_id(row: dict[str, Any], source: RowSource, text: str) -> str:
    """The record's id, "<source>/<its own id>"; without one of its own, a hash of its text.

    Raises Rejected: `wrong_type` where its own is neither text nor a whole number.
    """
    own = _own_id(row, source) or digest(text)
    return f"{source.name}/{own}"


def given_id(row: Any, source: RowSource) -> str:
    """As `row_id` for messages about faults: "" where the row has no id of its own."""
    try:
        own = _own_id(row, source) if isinstance(row, dict) else ""
    except Rejected:
        return ""
    return f"{source.name}/{own}" if own else ""


def _own_id(row: dict[str, Any], source: RowSource) -> str:
    value = row.get(source.columns["id"])
    if type(value) is str:
        return value.strip()
    if value is None:
        return ""
    if type(value) is not int:
        raise Rejected("wrong_type", _wrong(source, "id", "a string or whole number", value))
    return str(value)


def row_language(row: dict[str, Any], source: RowSource, text: str) -> str:
    """The code of the row's language: its own, else the one that the job states for the source,
    else the one that its text is in.

    Raises Rejected: `wrong_type`; `unknown_language` where its own is no language, and where none
    is given and none can be told.
    """
    own = optional_text(row, source, "language")
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


def row_license(row: dict[str, Any], source: RowSource) -> str:
    """The row's licence: its own, else the one that the job states for the source.

    Raises Rejected: `wrong_type`; `missing_field` where there is neither.
    """
    found = optional_text(row, source, "license") or source.license
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
