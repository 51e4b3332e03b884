"""Thinking models: what they write before their answer is not part of it."""

from __future__ import annotations

_OPEN, _CLOSE = "<think>", "</think>"


def split_reasoning(text: str) -> tuple[str, str]:
    """(reasoning, answer) of a text that may begin with what a model thought.

    The prompt itself may have opened the block, so that only its end is there; a block that never
    ends was cut, and there is no answer.

    >>> split_reasoning("<think>\\nTwo and two.\\n</think>\\n\\n4")
    ('Two and two.', '4')
    >>> split_reasoning("Two and two.</think>4"), split_reasoning("<think>Two and")
    (('Two and two.', '4'), ('Two and', ''))
    >>> split_reasoning("4 <think> and so on")
    ('', '4 <think> and so on')
    """
    begun = text.lstrip()
    opened = begun.startswith(_OPEN)
    before, end, after = begun.removeprefix(_OPEN).partition(_CLOSE)
    if not opened and (not end or _OPEN in before):
        return "", text
    return before.strip(), after.lstrip()
