"""Typed access to the loosely typed objects of Structured Contents.

Where a field is of another type, WrongType is raised below and gets its path on the way up: each
level that catches it puts its own key in front (`inside`) and raises it again.
"""

from __future__ import annotations

from typing import Any

from beam_synth.ingestion.conversions import text_value
from beam_synth.ingestion.json_text import parse_json


class WrongType(Exception):
    """A field has another type than the schema's; the path grows while the exception rises.

    >>> str(WrongType("a string", 3).inside("value").inside("has_parts[2]"))
    'has_parts[2].value: expected a string, found int'
    """

    def __init__(self, expected: str, value: object) -> None:
        super().__init__(expected)
        self.expected = expected
        self.actual = type(value).__name__
        self.path: list[str] = []  # from the outermost key on

    def inside(self, key: str) -> WrongType:
        """Put `key` in front of the path; returns itself, to be raised."""
        self.path.insert(0, key)
        return self

    def __str__(self) -> str:
        where = ".".join(self.path).replace(".[", "[") or "record"
        return f"{where}: expected {self.expected}, found {self.actual}"


MAX_DEPTH = 64  # levels of parts within parts, far above what articles have


def deeper(depth: int) -> int:
    """The next level of a tree. Raises WrongType beyond MAX_DEPTH, before Python's stack ends.

    >>> deeper(0)
    1
    """
    if depth >= MAX_DEPTH:
        raise WrongType(f"at most {MAX_DEPTH} levels", [])
    return depth + 1


def lookup(record: dict[str, Any], *keys: str) -> Any:
    """The first value that is not null under the keys, which are spellings of one field.

    >>> lookup({"dateModified": "2024-05-01"}, "date_modified", "dateModified")
    '2024-05-01'
    """
    for key in keys:
        value = record.get(key)
        if value is not None:
            return value
    return None


def text_of(record: Any, *keys: str) -> str:
    """A string field, "" when missing or null; the keys are its spellings.

    A number counts as its digits. Raises WrongType where the record is no object or the value no
    text.

    >>> text_of({"name": "Aspirin"}, "name"), text_of({"name": 1984.0}, "name"), text_of({}, "name")
    ('Aspirin', '1984', '')
    """
    if not isinstance(record, dict):
        raise WrongType("an object", record)
    value = record.get(keys[0])
    if value is None and len(keys) > 1:
        value = lookup(record, *keys)
    if value is None:
        return ""
    if not isinstance(value, str):
        text = text_value(value)
        if text is None:
            raise WrongType("a string", value).inside(keys[0])
        return text
    return value


def unwrap(value: Any) -> Any:
    """Parse a list or an object that is given as a JSON string; anything else stays as it is.

    Blank text is None. Raises WrongType for text that is no JSON.

    >>> unwrap('["a"]'), unwrap(["a"]), unwrap(" ")
    (['a'], ['a'], None)
    """
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return parse_json(value)
    except ValueError:
        raise WrongType("a list or object, or one as a JSON string", value) from None


def listed(record: dict[str, Any], *keys: str) -> list[Any]:
    """A list field as a list of objects: one object counts as a list of one. Raises WrongType.

    Where several spellings are filled in, the first one that is not empty is meant. Items are not
    looked at, but for those given as JSON strings.

    >>> listed({"sections": [], "article_sections": {"type": "section"}}, "sections",
    ...        "article_sections")
    [{'type': 'section'}]
    """
    value: Any = None
    for key in keys:
        value = record.get(key)
        if value:
            break
    if not value:
        return []
    try:
        items = _items(unwrap(value))
    except WrongType as error:
        raise error.inside(keys[0]) from None
    return items


def _items(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise WrongType("a list", value)
    if str in set(map(type, value)):
        return [unwrap(item) for item in value]
    return value
