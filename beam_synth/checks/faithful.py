"""Repairs of one object that is nearly JSON, held to what its source says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from beam_synth.engines.loose_json import whole


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
_GLUE = re.compile(rf"[\s{{}}\[\]:,{_QUOTES}]*")
_WORDS = {True: r"true", False: r"false", None: r"null|none"}
_NUMBER = re.compile(r"-?\.?\d[\d.eE+-]*")
_SUM = re.compile(rf"[{_QUOTES}]\s*\+\s*[{_QUOTES}]")  # two strings that code would join
_HALF_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})")
_EMPTY = re.compile(r"""""|''|“”|\[\s*\]|\{\s*\}""")


def _decoded_escapes(source: str) -> str:
    def one(escape: re.Match[str]) -> str:
        if escape[1]:
            return chr(int(escape[1], 16))
        plain: str = escape[2]
        return _SHORT.get(plain, plain if plain in _QUOTES + "\\/" else escape[0])

    return _ESCAPE.sub(one, source)


def _faithful(source: str, data: dict[str, Any]) -> bool:
    """Whether an object says what its source says: the same strings, numbers and words in the same
    order, with nothing but marks between them, and the same marks."""
    text, at = _decoded_escapes(source), 0
    leaves = list(_leaves(data))
    if _HALF_ESCAPE.search(source) or _SUM.search(text) or _ambiguous(source, data, leaves):
        return False
    for leaf in leaves:
        end = _end_of(text, at, leaf)
        if end is None:
            return False
        at = end
    return _GLUE.fullmatch(text, at) is not None and _same_marks(text, data, leaves)


def _ambiguous(source: str, data: dict[str, Any], leaves: list[Any]) -> bool:
    """Whether nobody can tell where a string ends that holds quotes without their backslash: in a
    list, or where they are no pairs. In an object the names tell it."""
    counts = [leaf.count('"') for leaf in leaves if isinstance(leaf, str)]
    if source[1:].lstrip().startswith("'") or sum(counts) <= source.count('\\"'):
        return False
    return _counted(data).lists > 0 or any(n % 2 for n in counts)


def _leaves(value: Any) -> Iterator[Any]:
    """Names, strings, numbers and words of a document, in its order."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield str(name)
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def _end_of(text: str, at: int, leaf: Any) -> int | None:
    """Where a leaf ends that comes next in a text; None where something else does."""
    if isinstance(leaf, str):
        start = text.find(leaf, at)
        return start + len(leaf) if start >= 0 and _GLUE.fullmatch(text, at, start) else None
    glue = _GLUE.match(text, at)
    at = glue.end() if glue else at
    if isinstance(leaf, bool | None):
        word = re.compile(rf"(?:{_WORDS[leaf]})\b", re.IGNORECASE).match(text, at)
        return word.end() if word else None
    number = _NUMBER.match(text, at)
    return number.end() if number and float(number[0]) == leaf else None


def _same_marks(text: str, data: dict[str, Any], leaves: list[Any]) -> bool:
    """Whether braces, brackets, colons and quotes are as many as the object has, and nothing that
    is empty came to it."""
    said = [leaf for leaf in leaves if isinstance(leaf, str)]
    dicts, lists, names = _counted(data)
    wanted = {"{": dicts, "}": dicts, "[": lists, "]": lists, ":": len(names)}
    for mark, structural in wanted.items():
        if text.count(mark) != structural + sum(leaf.count(mark) for leaf in said):
            return False
    bare = sum(not re.search(rf"[{_QUOTES}]{re.escape(name)}[{_QUOTES}]", text) for name in names)
    quotes = 2 * (len(said) - bare) + sum(leaf.count(q) for leaf in said for q in _QUOTES)
    empty = sum(not leaf for leaf in said) + _empty_groups(data)
    return sum(map(text.count, _QUOTES)) == quotes and empty <= len(_EMPTY.findall(text))


class _Counted(NamedTuple):
    """Objects, lists and names of a document."""

    dicts: int
    lists: int
    names: list[str]


def _counted(value: Any) -> _Counted:
    dicts, lists = 0, 0
    names: list[str] = []
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            dicts += 1
            names += [str(name) for name in each]
            stack += each.values()
        elif isinstance(each, list):
            lists += 1
            stack += each
    return _Counted(dicts, lists, names)


def _empty_groups(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_empty_groups, value.values())) if value else 1
    if isinstance(value, list):
        return sum(map(_empty_groups, value)) if value else 1
    return 0
