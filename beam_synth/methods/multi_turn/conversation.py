"""A conversation: one exchange of an earlier sample, and the follow-ups that were added to it."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping, Sequence

import orjson

from beam_synth.checks import Source
from beam_synth.records import Passage
from beam_synth.text.spans import is_span

KINDS = ("clarification", "deepening", "challenge", "topic shift", "reformatting")
REFORMATTING = "reformatting"
_THOUGHT = re.compile(r"<think>\n(?P<trace>.*?)\n</think>\n", re.DOTALL)
_SHOWN = re.compile(r"<(source_\d+)>\n([^\n]*)\n(.*?)\n</\1>", re.DOTALL)

Message = Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Conversation:
    """What the checks look at; follow-up i (from 1 on) is messages[2 * i] and the one after."""

    language: str
    exercise: str  # of the parent
    query: str  # the parent's query, without sources and options
    parent_sha256: str  # `fingerprint` of the parent
    passage: Passage | None  # what follow-ups may draw on beside the conversation
    messages: tuple[Message, ...]
    kinds: tuple[str, ...] = ()  # of the follow-ups
    focuses: tuple[str, ...] = ()  # span that settles each follow-up
    trace_words: tuple[int, ...] = ()  # that each follow-up's trace is checked against; 0: any

    def asked(self, turn: int) -> str:
        """The user's words of a turn; 0 is the parent's query."""
        return self.messages[2 * turn]["content"] if turn else self.query

    def trace(self, turn: int) -> str:
        """The trace of the assistant's turn, "" without one; 0 is the parent's."""
        return split_trace(self.messages[2 * turn + 1]["content"])[0]

    def answer(self, turn: int) -> str:
        """The assistant's words of a turn without its trace; 0 is the parent's."""
        return split_trace(self.messages[2 * turn + 1]["content"])[1]

    def earlier(self, turn: int) -> list[tuple[str, str]]:
        """(text, language) of all that was said before a follow-up, traces apart and in English."""
        said = []
        for message in self.messages[: 2 * turn]:
            trace, text = split_trace(message["content"])
            said += [(trace, "en")] if trace else []
            said.append((text, self.language))
        return said


def split_trace(content: str) -> tuple[str, str]:
    r"""(trace, answer) of an assistant's message; the trace may be "".

    >>> split_trace("<think>\nrecall → 1912\n</think>\nIn 1912.")
    ('recall → 1912', 'In 1912.')
    """
    thought = _THOUGHT.match(content)
    return (thought["trace"], content[thought.end() :]) if thought else ("", content)


def conversation_sha256(query: str, messages: Sequence[Message]) -> str:
    """Hex SHA-256 of a query and its messages, word for word (their roles and contents as JSON)."""
    content = [query, [[message["role"], message["content"]] for message in messages]]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()


def shown_sources(prompt: str, like: Passage) -> tuple[Source, ...]:
    """The sources that a rag prompt shows, in order; what it does not tell of them is as in `like`.

    They all count as neighbours: a prompt does not say which is the primary one.
    """
    return tuple(
        Source(tag, dataclasses.replace(like, title=title, text=text, section=""), "neighbour")
        for tag, title, text in _SHOWN.findall(prompt)
    )


def in_material(focus: str, conversation: Conversation, turn: int) -> bool:
    """Whether a focus is a span of the seed, or of one thing that was said before the turn.

    Both are normalised: blanks and case do not count.
    """
    return any(is_span(focus, text) for text in materials(conversation, turn))


def materials(conversation: Conversation, turn: int) -> list[str]:
    """The texts that a focus may be copied from: the seed, and what was said before the turn."""
    seed = [conversation.passage.text] if conversation.passage else []
    return [*seed, *(text for text, _ in conversation.earlier(turn))]
