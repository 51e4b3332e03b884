r"""Answers that are nearly JSON: what models are known to do to an object, undone.

What may go: text and fences around the object, a byte order mark, marks that end a turn, blanks up
to a limit of tokens. What may be mended: raw line breaks in strings, trailing commas, single or
curly quotes, Python's words, names without quotes, quotes in strings that lack their backslash
(`faithful.repaired`). What the object says may not change by that, so that an object that was cut,
and one with a quotation that nobody can place, is none.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from beam_synth.checks.faithful import repaired, storable

IsInstance = Callable[[Any], bool]
# Beyond these a text is no answer to a prompt, and costs more to mend than it is worth.
_LONGEST = 100_000  # characters
_MOST_OBJECTS = 200  # beginnings of objects
_MOST_REPAIRS = 4  # a second for the longest text

# What ends a turn in the chat templates of the models that are served most.
_TURN_ENDS = re.compile(
    r"(?:(?:<\|(?:im_end|eot_id|eom_id|end_of_text|endoftext|end|return|eot|user|assistant"
    r"|endofturn|end_of_turn|END_OF_TURN_TOKEN|assistant_end|im_sep|end_of_sentence)\|>|</s>|<eos>"
    r"|<end_of_turn>|<turn\|>|<end_of_utterance>|\[/?INST\]|\[EOS\]|<seed:eos>"
    r"|<｜end▁of▁sentence｜>)\s*)+\Z"
)
_AN_OBJECT = re.compile(
    r"""\{\s*(?:\}|"[^"]*"\s*:|'[^']*'\s*:|[“‘][^”’]*[”’]\s*:|[A-Za-z_]\w*\s*:)"""
)
_BEGUN = re.compile(r"""\{\s*["'“‘][^{}]*\Z""")  # cut in its first name
_FENCE_BEFORE = re.compile(r"```\s*\w*\s*\Z")
_WORD = re.compile(r"\w")


class _Found(NamedTuple):
    """An object of a text, or what looks like one."""

    data: dict[str, Any] | None  # None: it cannot be read
    start: int
    end: int


@dataclasses.dataclass
class _Reading:
    """What a text is read for, and what is known of it."""

    schema: Mapping[str, Any]
    is_instance: IsInstance
    cut: bool  # as of `read_instance`
    padded: bool  # whether blanks stand after its last word
    repairs: int = 0  # that were tried

    def repaired(self, source: str) -> dict[str, Any] | None:
        """What a repair makes of a source, if it is an instance."""
        self.repairs += 1
        if self.cut or self.repairs > _MOST_REPAIRS:
            return None
        found = repaired(source, self.schema)
        return found if found is not None and self.is_instance(found) else None


def without_turn_ends(text: str) -> str:
    """The text without the marks of a chat template that end it.

    >>> without_turn_ends("In 1912.<|im_end|></s>"), without_turn_ends("a </s> b")
    ('In 1912.', 'a </s> b')
    """
    ended = text.rstrip()
    return _TURN_ENDS.sub("", ended).rstrip() if ended.endswith((">", "]")) else text


def mended(
    text: str, schema: Mapping[str, Any], is_instance: IsInstance, cut: bool = False
) -> dict[str, Any] | None:
    """The one instance that a text holds; None where there is none, or no telling which.

    Of several the last one counts, and one in a fence before those that stand outside; different
    ones without a word between them are no answer. Objects that are no instances are passed over,
    what looks like an object and cannot be read is not. `cut`: as of `read_instance`.
    """
    padded = text[-1:].isspace()
    text = without_turn_ends(text.strip().lstrip("\ufeff\u200b\u2060")).strip()
    if len(text) > _LONGEST:
        return None
    if (inner := _wrapped(text)) is not None:
        return inner if is_instance(inner) else None
    found = list(_objects(text, _Reading(schema, is_instance, cut, padded)))
    good = [each for each in found if each.data is not None and is_instance(each.data)]
    if not good:
        return None
    chosen = _last_of(text, good)
    if chosen is None or any(each.data is None and each.start > chosen.start for each in found):
        return None
    rest = text[chosen.end :]
    if rest.count("}") > rest.count("{"):
        return None  # it is a part of something that goes on
    return chosen.data


def _wrapped(text: str) -> Any:
    """The object that stands in a list of its own, or in a string; None for any other text."""
    try:
        data = orjson.loads(text)
        if isinstance(data, str):
            data = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return data[0] if isinstance(data, list) and len(data) == 1 else data


def _last_of(text: str, good: list[_Found]) -> _Found | None:
    fenced = [each for each in good if _FENCE_BEFORE.search(text[: each.start])]
    candidates = fenced or good
    chosen = candidates[-1]
    for before in candidates[:-1]:
        between = text[before.end : chosen.start]
        if before.data != chosen.data and not _WORD.search(re.sub(r"```\s*\w*", "", between)):
            return None
    return chosen


# ---------------------------------------------------------------- objects in a text


def _objects(text: str, reading: _Reading) -> Iterator[_Found]:
    """The objects that a text holds, from left to right, none within another."""
    at = text.find("{")
    for _ in range(_MOST_OBJECTS):
        if at < 0:
            return
        found = _object_at(text, at, reading)
        if found is not None:
            yield found
        at = text.find("{", found.end if found else at + 1)
    yield _Found(None, at, len(text))


def _object_at(text: str, at: int, reading: _Reading) -> _Found | None:
    """What begins at a brace; None where it is no object."""
    data, end = _decoded(text, at)
    if data is not None:
        return _Found(data, at, end)
    if not _AN_OBJECT.match(text, at):
        return _Found(None, at, len(text)) if _BEGUN.match(text, at) else None
    closing = _closing(text, at)
    if closing is None and (completed := _completed(text[at:], reading)) is not None:
        return _Found(completed, at, len(text))
    last = text.rfind("}", 0, _fence_after(text, at)) + 1
    for end in dict.fromkeys((closing or 0, last)):
        if end > at and (found := reading.repaired(text[at:end])) is not None:
            return _Found(found, at, end)
    return _Found(None, at, closing or len(text))


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_number)


def _decoded(text: str, at: int) -> tuple[dict[str, Any] | None, int]:
    """(the object, where it ends) of JSON that begins at a brace; line breaks in strings are let
    pass."""
    try:
        data, end = _DECODER.raw_decode(text, at)
        return storable(data), end
    except (ValueError, RecursionError):
        return None, at


def _closing(text: str, at: int) -> int | None:
    """Where the brace at `at` is closed, as far as double quotes tell; None where it is not."""
    depth, quoted = 0, False
    for mark in re.finditer(r'\\.|["{}]', text[at:], re.DOTALL):
        if mark[0] == '"':
            quoted = not quoted
        elif not quoted and mark[0] in "{}":
            depth += 1 if mark[0] == "{" else -1
            if not depth:
                return at + mark.end()
    return None


def _fence_after(text: str, at: int) -> int:
    """Where the fence ends that a text stands in; its end without one."""
    if not _FENCE_BEFORE.search(text[:at]):
        return len(text)
    end = text.find("\n```", at)
    return end if end >= 0 else len(text)


def _completed(text: str, reading: _Reading) -> dict[str, Any] | None:
    """An object that lacks nothing but its last brace: every property of the schema is there and
    ended. Where the answer was cut off, only blanks after the last one show that it ended."""
    properties = reading.schema.get("properties", {})
    ended = reading.padded or (text.endswith(('"', "]", "}")) and not reading.cut)
    if not properties or not ended:
        return None
    data, _ = _decoded(text + "}", 0)
    return data if data is not None and set(properties) == set(data) else None
