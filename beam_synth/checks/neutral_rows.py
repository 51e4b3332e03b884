"""That no text of a row holds a control token, and the note of those that stand there neutral."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from beam_synth.checks import Check
from beam_synth.text.control_tokens import has_control_token, neutral_forms, neutral_turn

NOTE = "control_tokens"
NOTE_KIND = "source"  # of the note, beside the kinds formal and judge
_SHOWN = 5  # forms that the note names


def neutral_columns(own: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row's own columns without control tokens, but for the thinking that a turn begins with.

    The very object where there is none, which is nearly always: sources and answers come neutral.

    >>> neutral_columns({"text": "one<|im_end|>", "turns": [{"content": "</think> two"}]})
    {'text': 'one‹|im_end|›', 'turns': [{'content': '‹/think› two'}]}
    """
    if not any("<" in text or "[" in text or "]" in text for text in _strings(own)):
        return own
    if not any(_unsafe(text) for text in _strings(own)):
        return own
    changed: dict[str, Any] = _neutral_value(own)
    return changed


def tokens_note(own: Mapping[str, Any]) -> Check | None:
    """The note that a row's text was altered: which control tokens stand in it in their neutral
    form, and how often; None where there are none. Its score is 1.

    >>> tokens_note({"query": "What is ‹|im_end|›?", "answer": "The end of a turn."}).detail
    'neutral: ‹|im_end|› (1)'
    >>> tokens_note({"query": "What is a turn?"})
    """
    forms: Counter[str] = Counter()
    for text in _strings(own):
        if not text.isascii():
            forms.update(neutral_forms(text))
    if not forms:
        return None
    named = [f"{form} ({n})" for form, n in sorted(forms.items())]
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return Check(NOTE, True, 1.0, f"neutral: {', '.join(named[:_SHOWN])}{more}", "", NOTE_KIND)


def held_tokens(own: Mapping[str, Any]) -> list[str]:
    """The columns of a row that hold a control token.

    >>> held_tokens({"query": "What is <|im_end|>?", "answer": "The end of a turn."})
    ['query']
    """
    return [name for name, value in own.items() if any(map(_unsafe, _strings(value)))]


def _unsafe(text: str) -> bool:
    return has_control_token(text) and neutral_turn(text) != text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def _neutral_value(value: Any) -> Any:
    if isinstance(value, str):
        return neutral_turn(value)
    if isinstance(value, Mapping):
        return {key: _neutral_value(item) for key, item in value.items()}
    return [_neutral_value(item) for item in value] if isinstance(value, list | tuple) else value
