"""Token ids of an endpoint's own model: vLLM's and llama.cpp's /tokenize and /detokenize.

Neither belongs to the OpenAI API, so both lie beside its address. They differ in what they call
their fields: vLLM renders messages itself and counts, llama.cpp has /apply-template for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from beam_synth.engines.http_client import JsonClient
from beam_synth.engines.messages import Message, as_text
from beam_synth.engines.responses import Json
from beam_synth.errors import Permanent


class TokenEndpoint:
    """Encodes and decodes as the model behind `client` does.

    Args:
        client: of the endpoint.
        model: its name there.
        chats: whether prompts go through the model's chat template.
        template: fields that the chat template gets (`chat_template_kwargs`), as in a call.
    """

    def __init__(
        self, client: JsonClient, model: str, chats: bool, template: Mapping[str, Any]
    ) -> None:
        self._client = client
        self._model = model
        self._chats = chats
        self._template = template
        self._plain = False  # llama.cpp's way, which knows texts alone

    async def encode(self, messages: Sequence[Message]) -> list[int]:
        """Token ids of a prompt, special tokens included, up to where the answer begins.

        Raises as `JsonClient.post`, and Permanent where the answer has another form.
        """
        if not self._plain:
            answer = await self._post("tokenize", {"model": self._model, **self._asked(messages)})
            if "count" in answer:
                return _ids(answer)
            self._plain = True  # llama.cpp finds no `content` in that, and gives no tokens
        text = as_text(messages)
        if self._chats:
            asked = {"messages": list(messages), **self._template}
            text = str((await self._post("apply-template", asked)).get("prompt", ""))
        content = {"content": text, "add_special": True, "parse_special": True}
        return _ids(await self._post("tokenize", content))

    def _asked(self, messages: Sequence[Message]) -> Json:
        if not self._chats:
            return {"prompt": as_text(messages)}
        return {"messages": list(messages), "add_generation_prompt": True, **self._template}

    async def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids, special tokens included. Raises as `encode`."""
        answer = await self._post("detokenize", {"model": self._model, "tokens": list(ids)})
        text = answer.get("prompt", answer.get("content"))  # vLLM's name for it, llama.cpp's
        if not isinstance(text, str):
            raise Permanent(f"/detokenize answers with {', '.join(answer) or 'nothing'}")
        return text

    async def _post(self, path: str, payload: Json) -> Json:
        return await self._client.post(path, payload, beside=True)


def _ids(answer: Json) -> list[int]:
    ids = answer.get("tokens")
    if not isinstance(ids, list) or not all(isinstance(token, int) for token in ids):
        raise Permanent(f"/tokenize answers with {', '.join(answer) or 'nothing'}")
    return ids
