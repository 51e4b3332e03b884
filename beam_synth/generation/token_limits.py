"""The bound of an answer's tokens: the job's own, else what its method draws for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beam_synth.engines.chat_payloads import LIMITS
from beam_synth.job.schema import Model

# Keys of a sampling that bound an answer, of any engine; the first is set where there is none.
TOKEN_LIMITS = (*LIMITS, "max_output_tokens", "max_new_tokens")
THINKING_ROOM = 8192  # tokens that a drawn bound leaves for what is thought
_WORDS = ("thinking", "reasoning")
_OFF = ("none", "off", "disabled", "minimal", "false")


def bounded(
    asked: Mapping[str, Any] | None, job: Mapping[str, Any], most: int | None, room: int
) -> tuple[dict[str, Any], bool]:
    """The sampling of a request, and whether its bound is a drawn one.

    Args:
        asked: by the method; what the job says goes before it.
        job: of the role. Whatever it says of a limit, null too, leaves no drawn one.
        most: tokens of the answer as the method draws them; None for no bound.
        room: tokens that are added for what is thought.

    >>> bounded(None, {"temperature": 0}, 512, 0)
    ({'temperature': 0, 'max_tokens': 512}, True)
    >>> bounded({"top_p": 1}, {"max_tokens": None}, 512, 0)
    ({'top_p': 1, 'max_tokens': None}, False)
    """
    merged = {**(asked or {}), **job}
    if most is None or any(key in merged for key in TOKEN_LIMITS):
        return merged, False
    return {**merged, TOKEN_LIMITS[0]: most + room}, True


def thinking_room(model: Model) -> int:
    """Tokens that a drawn bound leaves for what the model thinks, by what the job says of that:
    the budget that it names, else 8,192 where it asks for thinking; 0 where it says nothing.

    >>> thinking_room(Model(engine="openai", model="m", sampling={"reasoning_effort": "high"}))
    8192
    >>> thinking_room(Model(engine="openai", model="m"))
    0
    """
    extra = model.options.get("extra_body")
    said = {**model.sampling, **(extra if isinstance(extra, Mapping) else {})}
    return max([0, *_rooms(said)])


def _rooms(said: Mapping[str, Any]) -> list[int]:
    rooms: list[int] = []
    for key, value in said.items():
        if isinstance(value, Mapping):
            inner = _rooms(value)
            off = str(value.get("type", "")).lower() in _OFF or value.get("enabled") is False
            if any(word in key for word in _WORDS) and not off:
                named = [n for k, n in value.items() if "tokens" in k and type(n) is int]
                rooms.append(max(named, default=THINKING_ROOM))
            rooms += inner
        elif any(word in key for word in _WORDS) and value and str(value).lower() not in _OFF:
            rooms.append(value if type(value) is int else THINKING_ROOM)
    return rooms
