"""What a method gave, looked at where it was made: what any record must hold, whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence

from beam_synth.records import Made


def check_made(method: str, made: Sequence[Made], *, chat: bool) -> None:
    """Raise ValueError, naming the method and what is missing, unless every record has its parts.

    A record without seeds would pass for text that nobody else has rights in, and one of a chat
    dataset without turns could not be trained on.

    Args:
        method: name of the method that gave the records.
        made: its result, at least one record.
        chat: whether such records are conversations, so that messages are a must.

    >>> from beam_synth.records import Sample
    >>> made = Sample("en", "riddle", "What rises?", "", "The sun.", seeds=(), checks=())
    >>> check_made("riddle", [made], chat=True)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: the method 'riddle' gave a record without seeds (record 1 of 1); a method names ...
    """
    for number, record in enumerate(made, 1):
        which = f"(record {number} of {len(made)})"
        if not record.seeds:
            raise ValueError(
                f"the method {method!r} gave a record without seeds {which}; a method names what "
                "its text was made from: seeds=(seed_record(seed.passage, 'primary'),)"
            )
        messages = record.columns().get("messages") or ()
        if chat and not messages:
            raise ValueError(
                f"the method {method!r} gave a record without messages {which}; it is trained on "
                "as a conversation: messages=turns(query, reasoning, answer)"
            )
        if any(not turn.get("role") or not turn.get("content") for turn in messages):
            raise ValueError(
                f"the method {method!r} gave a record with an empty message {which}; every turn "
                "has a role and a content"
            )
