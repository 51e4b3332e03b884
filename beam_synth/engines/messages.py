"""A request as chat messages, for engines that need text."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import orjson

from beam_synth.engines.base import Request

Message = Mapping[str, str]  # {"role": system | user | assistant, "content": text}


class Renderer(Protocol):
    """What turns a template and its variables into messages, as `Prompts` does."""

    def render(self, template: str, variables: Mapping[str, Any]) -> Sequence[Message]:
        """The messages of a prompt."""
        ...


@dataclasses.dataclass(frozen=True)
class Said:
    """Renders every template as one message of the user: for calls that no method makes."""

    text: str

    def render(self, template: str, variables: Mapping[str, Any]) -> Sequence[Message]:
        """The message."""
        return [{"role": "user", "content": self.text}]


SAY_YES = Said("Answer with the word yes.")
# Its answer; choices, since a free text of a weak model may hold what JSON does not allow.
YES_OR_NO = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}


def repeat_a_number() -> Said:
    """A plain request in words that no earlier one had, so that no cache answers it."""
    return Said(f"Repeat this number: {uuid.uuid4().int % 10**9}")


def messages_of(request: Request, prompts: Renderer, *, schema_in_words: bool) -> list[Message]:
    """The rendered prompt, the schema where it has to be put into words, and what followed.

    With `schema_in_words` a last message asks for an object of the request's schema; an engine that
    passes the schema on by itself does not want it. Raises Refused as `Prompts.render`.
    """
    messages: list[Message] = [*prompts.render(request.wording, request.variables)]
    if request.schema is not None and schema_in_words:
        wanted = orjson.dumps(request.schema).decode()
        messages.append(
            {"role": "user", "content": f"Answer with one JSON object of this schema: {wanted}"}
        )
    return [*messages, *request.followups]


def as_text(messages: Sequence[Message]) -> str:
    """The messages for a model without a chat template, ending where its answer begins.

    >>> as_text([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who?"}])
    'Be brief.\\n\\nWho?\\n\\n'
    """
    return "\n\n".join([*(message["content"] for message in messages), ""])
