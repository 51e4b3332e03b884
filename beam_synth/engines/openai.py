"""Any OpenAI-compatible endpoint (vLLM, SGLang, llama.cpp, TGI, hosted), over aiohttp."""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from beam_synth.engines import endpoint_trials, responses
from beam_synth.engines.base import Completion, Request, check_known
from beam_synth.engines.chat_payloads import (
    APIS,
    Asking,
    Findings,
    bare_payload,
    path_of,
    payload,
    response_format,
    spoken,
)
from beam_synth.engines.http_client import JsonClient, resolve_key
from beam_synth.engines.messages import Message
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.refusals import refusal
from beam_synth.engines.responses import Json
from beam_synth.engines.token_endpoint import TokenEndpoint
from beam_synth.errors import Permanent, Refused, Transient, nearest
from beam_synth.job.schema import Model

_PROBE_SECONDS = 20.0
_TINY = 64  # tokens of an answer that nobody reads; some models think before their first word
_OPTIONS = ("api", "structured_output", "extra_body", "headers", "revision", "license")
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
        if api not in APIS:
            raise Refused(f"options.api: {api!r} is neither of {', '.join(APIS)}")
        self._prompts = prompts
        extra: Mapping[str, Any] = model.options.get("extra_body", {})
        self.asking = Asking(model.model, api == "chat", extra, is_vllm)
        self.structured = bool(model.options.get("structured_output", True))
        self.findings = Findings(form="json_schema" if self.structured else "words")
        headers: Mapping[str, str] = model.options.get("headers", {})
        self._client = JsonClient(urls, resolve_key(model.api_key), headers, timeout)
        template = {k: v for k, v in extra.items() if k == "chat_template_kwargs"}
        self._tokens = TokenEndpoint(self._client, self.name, self.asking.chats, template)

    @property
    def can(self) -> frozenset[str]:
        """All of it, but for what the job or the endpoint has said that it cannot."""
        some = {"n": self.findings.many, "schema": self.findings.form != "words"}
        return frozenset({"logprobs", "complete", *(key for key, able in some.items() if able)})

    async def generate(self, request: Request) -> list[Completion]:
        """Call the endpoint once, twice where it turns out to know no response_format, or no `n`:
        then one completion comes.

        Raises Transient, Permanent, TooLong or Unusable.
        """
        findings = self.findings
        try:
            answer = await self._send(request, findings)
        except (Permanent, Transient) as error:
            # Some endpoints know no response_format and say so: put the schema into words.
            if findings.form != "words" and request.schema and "response_format" in str(error):
                findings = dataclasses.replace(findings, form="words")
            elif request.n > 1 and findings.many and _ONE_CHOICE.search(str(error)):
                findings = dataclasses.replace(findings, many=False)
            else:
                raise
            answer = await self._send(request, findings)
            self.findings = findings
        completions = responses.completions(answer, raw=request.prompt_ids is not None)
        if len(completions) < request.n:
            self.findings = dataclasses.replace(self.findings, many=False)
        if request.prompt_ids is not None and not request.logprobs:  # they came with the ids
            completions = [dataclasses.replace(each, logprobs=None) for each in completions]
        return completions

    async def _send(self, request: Request, findings: Findings) -> Json:
        sent = payload(request, self.asking, self._prompts, findings)
        return await self._client.post(path_of(request, self.asking), sent)

    async def alive(self) -> None:
        """Make a tiny plain call, each time in other words, so that no cache answers it.

        Raises EngineError where the endpoint does not serve.
        """
        number = uuid.uuid4().int % 10**9
        said: Message = {"role": "user", "content": f"Repeat this number: {number}"}
        prompt = spoken([said], self.asking)
        sent = bare_payload(prompt, self.asking, self.findings, {"max_tokens": _TINY}, {})
        responses.completions(await self._client.post(self._path, sent))  # may hold an error

    @property
    def _path(self) -> str:
        return APIS["chat" if self.asking.chats else "completions"]

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
        fields = {"max_tokens": _TINY, **fields}
        if ids is not None:
            request = Request("", {}, None, fields, prompt_ids=tuple(ids))
            return responses.completions(await self._send(request, self.findings), raw=True)
        if schema is not None:
            fields["response_format"] = response_format(schema, "json_schema")
        if logprobs:
            fields["logprobs"] = True if self.asking.chats else 1
        sent = bare_payload(spoken([_TRIED], self.asking), self.asking, self.findings, {}, fields)
        return responses.completions(await self._client.post(self._path, sent))

    async def try_encode(self) -> list[int]:
        """Token ids of what `try_call` asks."""
        return await self._tokens.encode([_TRIED])

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        await self._client.close()
