"""Any OpenAI-compatible endpoint (vLLM, SGLang, llama.cpp, TGI, hosted), over aiohttp."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from beam_synth.engines import endpoint_trials, responses
from beam_synth.engines.base import Completion, Request, check_known
from beam_synth.engines.http_client import JsonClient, resolve_key
from beam_synth.engines.messages import Message, as_text, messages_of
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.refusals import refusal
from beam_synth.engines.responses import Json
from beam_synth.engines.token_endpoint import TokenEndpoint
from beam_synth.errors import Permanent, Refused, Transient, nearest
from beam_synth.job.schema import Model

_PROBE_SECONDS = 20.0
_OPTIONS = ("api", "structured_output", "extra_body", "headers", "revision", "license")
_APIS = {"chat": "chat/completions", "completions": "completions"}
_ONE_CHOICE = re.compile(r"one completion choice|\bn\b.{0,40}(support|must be|allowed)|best_of")
_TRIED: Message = {"role": "user", "content": "Answer with the word yes."}


class OpenAI:
    """One model behind one or several addresses that share its load.

    Options: `api` (chat, the default, or completions for a model without a chat template),
    `structured_output` (default true: a schema goes along as response_format; false: it is put
    into words), `extra_body` (vendor fields of the request), `headers`, and `revision` and
    `license` of the model, for the rows. Raises Refused where one is wrong or the key is not
    there. Belongs to the event loop of its first call. `timeout` is in seconds, of a whole call.

    Requests with `prompt_ids` go to the completions API, whichever `api` says; token ids come from
    /tokenize and /detokenize, as vLLM and llama.cpp have them. `is_vllm` is for what others may
    refuse: the token ids of an answer whose log-probabilities are asked for.
    """

    timed = True

    def __init__(
        self, model: Model, prompts: Prompts, timeout: float, is_vllm: bool = False
    ) -> None:
        check_known("options", model.options, _OPTIONS)
        urls = [model.base_url] if isinstance(model.base_url, str) else list(model.base_url)
        if not urls or not all(url.startswith(("http://", "https://")) for url in urls):
            raise Refused(f"base_url: http(s)://host[:port]/v1 is wanted, found {model.base_url!r}")
        if not model.model:
            raise Refused(f"model: the engine {model.engine!r} needs the model's name")
        self.name = model.model
        self.revision = str(model.options.get("revision", ""))
        self.license = str(model.options.get("license", ""))
        api = str(model.options.get("api", "chat"))
        if api not in _APIS:
            raise Refused(f"options.api: {api!r} is neither of {', '.join(_APIS)}")
        self._chats = api == "chat"
        self._path = _APIS[api]
        self._prompts = prompts
        self._extra: Mapping[str, Any] = model.options.get("extra_body", {})
        self.structured = bool(model.options.get("structured_output", True))
        self._is_vllm = is_vllm
        self._many = True  # until the endpoint says that it gives one answer a call
        headers: Mapping[str, str] = model.options.get("headers", {})
        self._client = JsonClient(urls, resolve_key(model.api_key), headers, timeout)
        template = {k: v for k, v in self._extra.items() if k == "chat_template_kwargs"}
        self._tokens = TokenEndpoint(self._client, self.name, self._chats, template)

    @property
    def can(self) -> frozenset[str]:
        """All of it, but for what the job or the endpoint has said that it cannot."""
        some = {"n": self._many, "schema": self.structured}
        return frozenset({"logprobs", "complete", *(key for key, able in some.items() if able)})

    async def generate(self, request: Request) -> list[Completion]:
        """Call the endpoint once, twice where it turns out to know no response_format, or no `n`:
        then one completion comes.

        Raises Transient, Permanent, TooLong or Unusable.
        """
        structured, n = self.structured, request.n if self._many else 1
        try:
            answer = await self._send(request, structured, n)
        except (Permanent, Transient) as error:
            # Some endpoints know no response_format and say so: put the schema into words.
            if structured and request.schema and "response_format" in str(error):
                structured = False
            elif n > 1 and _ONE_CHOICE.search(str(error)):
                n = 1
            else:
                raise
            answer = await self._send(request, structured, n)
            self.structured = structured
        completions = responses.completions(answer, raw=request.prompt_ids is not None)
        self._many = self._many and len(completions) >= request.n
        if request.prompt_ids is not None and not request.logprobs:  # they came with the ids
            completions = [dataclasses.replace(each, logprobs=None) for each in completions]
        return completions

    async def _send(self, request: Request, structured: bool, n: int) -> Json:
        fields: Json = {"n": n, "seed": request.seed}
        if request.prompt_ids is not None:
            return await self._complete(request.prompt_ids, **fields, **request.sampling)
        messages = messages_of(request, self._prompts, schema_in_words=not structured)
        if request.schema is not None and structured:
            fields["response_format"] = _response_format(request.schema)
        if request.logprobs:
            fields["logprobs"] = True if self._chats else 1
            fields |= {"return_token_ids": True} if self._is_vllm else {}
        return await self._ask(messages, fields, request.sampling)

    async def _ask(
        self, messages: Sequence[Message], fields: Json, sampling: Mapping[str, Any]
    ) -> Json:
        payload: Json = {"model": self.name, **fields}
        if self._chats:
            payload["messages"] = list(messages)
        else:
            payload["prompt"] = as_text(messages)
        return await self._client.post(self._path, {**payload, **self._extra, **sampling})

    async def _complete(self, ids: Sequence[int], **fields: Any) -> Json:
        """Go on from token ids. vLLM gives those of the answer when asked for them, llama.cpp with
        the log-probabilities."""
        given = {"prompt": list(ids), "return_token_ids": True, "logprobs": 1}
        payload = {"model": self.name, **given, **self._extra, **fields}
        return await self._client.post(_APIS["completions"], payload)

    async def encode(self, template: str, variables: Mapping[str, Any]) -> list[int]:
        """Token ids of the rendered prompt, by the endpoint's own tokenizer."""
        return await self._tokens.encode(self._prompts.render(template, variables))

    async def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids, by the endpoint's own tokenizer."""
        return await self._tokens.decode(ids)

    # -------------------------------------------------------- before a run

    async def probe(self) -> str:
        """Ask every address for its models, 20 s each; a line about what the last one answers.

        Raises Refused where one cannot be used.
        """
        try:
            for url in self._client.urls:
                state = await self._probe(url)
        finally:
            await self.close()
        return state

    async def _probe(self, url: str) -> str:
        status, data = await self._client.get(f"{url}/models", _PROBE_SECONDS)
        if status in (401, 403):
            raise Refused(
                f"the endpoint {url} refuses the key (status {status}); set api_key to env:NAME "
                "or file:PATH"
            )
        if status in (404, 405):  # not every endpoint lists its models
            return "answers, lists no models"
        if status != 200:
            raise Refused(f"the endpoint {url}: {refusal(status, None, self._client.shown(data))}")
        try:
            models = [str(item["id"]) for item in responses.parsed(data)["data"]]
        except (Transient, KeyError, TypeError):
            return "answers, lists no models"
        if self.name not in models:
            raise Refused(
                f"the endpoint {url} has no model {self.name!r}{nearest(self.name, models)}; it "
                f"has {', '.join(models[:5])}"
            )
        return "answers, has the model"

    async def lacks(self, needed: Iterable[str]) -> dict[str, str]:
        """What of the needed abilities the endpoint lacks -> why, found by a few short calls."""
        try:
            return await endpoint_trials.lacks(self, needed)
        finally:
            await self.close()

    async def capabilities(self) -> list[str]:
        """What the endpoint can do, found by a few calls of a few tokens each, a line a thing.

        Raises Refused where it does not even answer a plain call.
        """
        try:
            return await endpoint_trials.trial_lines(self)
        finally:
            await self.close()

    async def try_call(
        self,
        ids: Sequence[int] | None,
        schema: Mapping[str, Any] | None = None,
        logprobs: bool = False,
        **fields: Any,
    ) -> list[Completion]:
        """A call of a few tokens, with further fields of the payload, for `endpoint_trials`."""
        fields = {"max_tokens": 16, **fields}
        if ids is not None:
            return responses.completions(await self._complete(ids, **fields), raw=True)
        if schema is not None:
            fields["response_format"] = _response_format(schema)
        if logprobs:
            fields["logprobs"] = True if self._chats else 1
        return responses.completions(await self._ask([_TRIED], {}, fields))

    async def try_encode(self) -> list[int]:
        """Token ids of what `try_call` asks."""
        return await self._tokens.encode([_TRIED])

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        await self._client.close()


def _response_format(schema: Mapping[str, Any]) -> Json:
    named = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}
