"""The content of a message in the forms that endpoints give it: a text, parts, an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson


class Content(NamedTuple):
    """What a message says."""

    text: str
    reasoning: str = ""
    refusal: str = ""  # what the model says in place of an answer


_NOTHING = Content("")
# Fields of a message that hold what was thought; OpenRouter gives it in two of them.
_REASONING = (
    "reasoning_content",
    "reasoning",
    "reasoning_details",
    "thinking",
    "thinking_blocks",
)
_REASONING_SET = frozenset(_REASONING)
_THOUGHTS = ("thinking", "reasoning", "reasoning.text", "reasoning.summary", "thought", "analysis")
_WORDS = ("text", "thinking", "reasoning", "reasoning_content", "summary", "content", "value")


def content_of(content: Any) -> Content:
    """What a field `content` or `text` says; nothing where it is absent.

    Parts that are neither text, thought nor refusal (calls of tools, images) are left out. An
    endpoint that parses a structured answer gives its object.

    >>> content_of([{"type": "thinking", "thinking": [{"text": "Two."}]}, {"text": "4"}])
    Content(text='4', reasoning='Two.', refusal='')
    >>> content_of({"n": 4}).text, content_of(None).text
    ('{"n":4}', '')
    """
    if type(content) is str:
        return Content(content)
    if content is None:
        return _NOTHING
    if isinstance(content, Mapping) and content.get("type") in ("text", "output_text"):
        content = [content]
    if not isinstance(content, list):
        return Content(orjson.dumps(content).decode())
    said: dict[str, list[str]] = {"text": [], "reasoning": [], "refusal": []}
    for part in content:
        kind = _kind(part)
        said[kind].append(_words(part.get("refusal") if kind == "refusal" else part))
    return Content(
        "".join(said["text"]),
        "\n".join(filter(None, said["reasoning"])).strip(),
        "".join(said["refusal"]),
    )


def reasoning_of(message: Mapping[str, Any]) -> str:
    """What a server's parser of reasoning took out of the content; vLLM has renamed the field."""
    if _REASONING_SET.isdisjoint(message):
        return ""
    for field in _REASONING:
        found = message.get(field)
        if found and (words := _words(found).strip()):
            return words
    return ""


def _kind(part: Any) -> str:
    if not isinstance(part, dict):
        return "text"
    kind = part.get("type")
    if kind == "refusal":
        return "refusal"
    return "reasoning" if kind in _THOUGHTS or part.get("thought") is True else "text"


def _words(value: Any) -> str:
    """The text of a part, which may lie in one of several fields, or in parts of its own."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join([_words(each) for each in value])
    if isinstance(value, dict):
        found = next((value[key] for key in _WORDS if value.get(key)), None)
        return _words(found)
    return ""
