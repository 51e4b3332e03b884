"""An answer that came as a stream of events although none was asked for, as one document.

Some gateways stream whatever the request says. The events are those of OpenAI's chat and text
completions: `data: {chunk}` lines, of which the last says [DONE].
"""

from __future__ import annotations

import codecs
from typing import Any

from beam_synth.engines import loose_json

Json = dict[str, Any]
_DONE = "[DONE]"
_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":")


def is_stream(data: bytes) -> bool:
    """Whether it begins as a stream of events does.

    >>> is_stream(b'data: {"choices": []}'), is_stream(b'{"choices": []}')
    (True, False)
    """
    return data.removeprefix(codecs.BOM_UTF8).lstrip().startswith(_STARTS)


def joined_events(data: bytes) -> Json:
    r"""The document that the events make: choices by their index, each with what its pieces say in
    their order, and every other field as it was told last. An event of an error is an answer of
    its own.

    Raises ValueError where an event is no JSON object, and where the stream broke off: it has
    neither its end mark nor a reason to finish for each choice.

    >>> whole = b'data: {"choices": [{"delta": {"content": "Ro"}}]}\n\n'
    >>> whole += b'data: {"choices": [{"delta": {"content": "me"}, "finish_reason": "stop"}]}\n\n'
    >>> joined_events(whole)["choices"]
    [{'index': 0, 'message': {'content': 'Rome'}, 'finish_reason': 'stop'}]
    """
    document: Json = {}
    choices: dict[int, Json] = {}
    ended = False
    for event in _events(data):
        if event == _DONE:
            ended = True
            break
        chunk = loose_json.loads(event)
        if not isinstance(chunk, dict):
            raise ValueError(f"an event of the stream is no object: {event[:80]!r}")
        if chunk.get("error"):
            return chunk
        for piece in chunk.get("choices") or []:
            _add(choices, piece)
        document |= {key: value for key, value in chunk.items() if value is not None}
    finished = all(choice.get("finish_reason") for choice in choices.values())
    if not ended and not (choices and finished):
        raise ValueError("the stream of events broke off before its end")
    return {**document, "choices": [choices[index] for index in sorted(choices)]}


def _events(data: bytes) -> list[str]:
    """The data of each event; comments and other fields are left out."""
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    events: list[str] = []
    parts: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("data:"):
            parts.append(line.removeprefix("data:").removeprefix(" "))
        elif not line.strip() and parts:
            events.append("\n".join(parts).strip())
            parts = []
    return [event for event in events if event]


def _add(choices: dict[int, Json], piece: Any) -> None:
    if not isinstance(piece, dict):
        raise ValueError(f"a choice of the stream is of type {type(piece).__name__}")
    index = piece.get("index")
    index = index if isinstance(index, int) else 0
    choice = choices.setdefault(index, {"index": index})
    said = piece.get("delta")
    said = piece.get("message") if said is None else said
    if isinstance(said, dict):
        _grow(choice.setdefault("message", {}), said)
    _grow(choice, {k: v for k, v in piece.items() if k not in ("index", "delta", "message")})


def _grow(whole: Json, piece: Json) -> None:
    """Texts, lists and what lies in objects go on; everything else is what was told last."""
    for key, value in piece.items():
        had = whole.get(key)
        if value is None:
            whole.setdefault(key)
        elif key in ("role", "type", "finish_reason"):
            whole[key] = value
        elif isinstance(had, str) and isinstance(value, str):
            whole[key] = had + value
        elif isinstance(had, dict) and isinstance(value, dict):
            _grow(had, value)
        elif isinstance(had, list) and isinstance(value, list):
            whole[key] = _calls(had, value) if key == "tool_calls" else had + value
        else:
            whole[key] = value


def _calls(had: list[Any], more: list[Any]) -> list[Any]:
    """Calls of tools, whose pieces name the place of theirs."""
    for piece in more:
        at = piece.get("index") if isinstance(piece, dict) else None
        if isinstance(at, int) and 0 <= at < len(had) and isinstance(had[at], dict):
            _grow(had[at], {key: value for key, value in piece.items() if key != "index"})
        else:
            had = [*had, piece]
    return had
