"""Repairs of one object that is nearly JSON, held to what its source says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from beam_synth.text.surrogates import whole


def repaired(source: str, schema: Mapping[str, Any]) -> dict[str, Any] | None:
    r"""What `json_repair` makes of the source of one object, if that is faithful to it; else None.

    Faithful is what has the same strings, numbers and words in the same order, with nothing but
    marks between them, and as many marks: nothing is dropped, closed or invented. Names that the
    schema does not know are invented.

    >>> repaired("{'n': True, 'text': 'He said \"no\".',}", {})
    {'n': True, 'text': 'He said "no".'}
    >>> repaired('{"text": "He sai', {}), repaired('{"text": "He said, "n": 1}', {})
    (None, None)
    """
    import json_repair

    source = _unescaped_pairs(source)
    try:
        data = json_repair.repair_json(source, return_objects=True, skip_json_loads=True)
        if not isinstance(data, dict) or not _names_known(data, schema):
            return None
        return storable(data) if _faithful(source, data) else None
    except (ValueError, RecursionError, IndexError, KeyError, TypeError):
        return None  # the library gives up on it


def storable(data: Any) -> dict[str, Any]:
    """The same as orjson reads it. Raises ValueError for what it does not read."""
    try:
        read: dict[str, Any] = orjson.loads(orjson.dumps(whole(data)))
    except TypeError as error:
        raise ValueError(f"{error}") from None
    return read


def _names_known(data: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Whether a repair has no names but those of the schema, where that says which there are."""
    properties = schema.get("properties", {})
    return (
        not properties or bool(schema.get("additionalProperties")) or set(data) <= set(properties)
    )


_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


def _unescaped_pairs(source: str) -> str:
    """Escapes that `json_repair` leaves as they are: pairs of surrogates, slashes."""

    def one(pair: re.Match[str]) -> str:
        high, low = int(pair[1], 16), int(pair[2], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))

    return _PAIR.sub(one, source).replace("\\/", "/")


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_QUOTES = "\"'“”‘’"
_BETWEEN = re.compile(r"[\s{}\[\]:,]*")
# json_repair drops blanks at the end of a string; two strings may lack the comma between them.
_CLOSING = re.compile(rf"\s*[{_QUOTES}](?=\s*(?:[,:}}\]{_QUOTES}]|\Z))")
_WORDS = {True: r"true", False: r"false", None: r"null|none"}
_NUMBER = re.compile(r"-?\.?\d[\d.eE+-]*")
_HALF_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})")
_SUM = re.compile(rf"[{_QUOTES}]\s*\+\s*[{_QUOTES}]")  # two strings that code would join


def _decoded_escapes(source: str) -> str:
    def one(escape: re.Match[str]) -> str:
        if escape[1]:
            return chr(int(escape[1], 16))
        plain: str = escape[2]
        return _SHORT.get(plain, plain if plain in _QUOTES + "\\/" else escape[0])

    return _ESCAPE.sub(one, source)


class _Leaf(NamedTuple):
    """A name, a string, a number or a word of a document."""

    value: Any
    is_name: bool = False


def _faithful(source: str, data: dict[str, Any]) -> bool:
    """Whether an object says what its source says: the same strings, numbers and words in the same
    order, with nothing but marks between them, and the same marks."""
    text, at = _decoded_escapes(source), 0
    leaves = list(_leaves(data))
    said = [leaf.value for leaf in leaves if isinstance(leaf.value, str)]
    if _HALF_ESCAPE.search(source) or _SUM.search(text) or _ambiguous(source, data, said):
        return False
    for leaf in leaves:
        end = _end_of(text, at, leaf)
        if end is None:
            return False
        at = end
    return _BETWEEN.fullmatch(text, at) is not None and _same_marks(text, data, said)


def _ambiguous(source: str, data: dict[str, Any], said: list[str]) -> bool:
    """Whether nobody can tell where a string ends that holds quotes without their backslash: in a
    list, or where they are no pairs. In an object the names tell it."""
    counts = [text.count('"') for text in said]
    if source[1:].lstrip().startswith("'") or sum(counts) <= source.count('\\"'):
        return False
    return _counted(data).lists > 0 or any(n % 2 for n in counts)


def _leaves(value: Any) -> Iterator[_Leaf]:
    """What a document says, in its order."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield _Leaf(str(name), is_name=True)
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield _Leaf(value)


def _end_of(text: str, at: int, leaf: _Leaf) -> int | None:
    """Where a leaf ends that comes next in a text; None where something else does."""
    between = _BETWEEN.match(text, at)
    at = between.end() if between else at
    if isinstance(leaf.value, str):
        return _end_of_string(text, at, leaf)
    if isinstance(leaf.value, bool | None):
        word = re.compile(rf"(?:{_WORDS[leaf.value]})\b", re.IGNORECASE).match(text, at)
        return word.end() if word else None
    number = _NUMBER.match(text, at)
    return number.end() if number and float(number[0]) == leaf.value else None


def _end_of_string(text: str, at: int, leaf: _Leaf) -> int | None:
    quoted = text[at : at + 1] in set(_QUOTES)
    start = at + quoted
    if not text.startswith(leaf.value, start) or not (quoted or leaf.is_name):
        return None
    end = start + len(leaf.value)
    if not quoted:
        return end
    closing = _CLOSING.match(text, end)
    return closing.end() if closing else None


def _same_marks(text: str, data: dict[str, Any], said: list[str]) -> bool:
    """Whether there are as many braces, brackets and colons as the object has, and in lists as many
    commas: without one nobody can tell whether two strings stand there."""
    dicts, lists, commas, names = _counted(data)
    if lists and text.count(",") < commas + sum(each.count(",") for each in said):
        return False
    wanted = {"{": dicts, "}": dicts, "[": lists, "]": lists, ":": names}
    return all(
        text.count(mark) == structural + sum(each.count(mark) for each in said)
        for mark, structural in wanted.items()
    )


class _Counted(NamedTuple):
    """Objects, lists, commas and names of a document."""

    dicts: int
    lists: int
    commas: int  # between its parts
    names: int


def _counted(value: Any) -> _Counted:
    dicts = lists = commas = names = 0
    stack = [value]
    while stack:
        each = stack.pop()
        if not isinstance(each, dict | list):
            continue
        commas += max(0, len(each) - 1)
        if isinstance(each, dict):
            dicts += 1
            names += len(each)
        else:
            lists += 1
        stack += each.values() if isinstance(each, dict) else each
    return _Counted(dicts, lists, commas, names)
