"""Any OpenAI-compatible endpoint (vLLM, SGLang, llama.cpp, TGI, hosted), over aiohttp."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from beam_synth.engines import endpoint_trials, responses
from beam_synth.engines.base import Completion, Request, check_known
from beam_synth.engines.batch_services import OpenAIBatches
from beam_synth.engines.batched import of_one_address, pace_of
from beam_synth.engines.chat_payloads import (
    APIS,
    Asking,
    Dialect,
    Findings,
    Json,
    as_sent,
    path_of,
    payload,
)
from beam_synth.engines.endpoint_probe import probed
from beam_synth.engines.findings import adapted, joined
from beam_synth.engines.http_client import JsonClient, addresses_of
from beam_synth.engines.messages import Renderer, Said, repeat_a_number
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.token_endpoint import TokenEndpoint
from beam_synth.errors import EngineError, Refused
from beam_synth.job.schema import Model
from beam_synth.job.secrets import Resolved, resolve_key

_OPTIONS = (
    "api",
    "structured_output",
    "extra_body",
    "headers",
    "query",
    "revision",
    "license",
    "batch",
)
_TINY = 64  # tokens of an answer that nobody reads; some models think before their first word


class OpenAI:
    """One model behind one or several addresses that share its load.

    Options: `api` (chat, the default, or completions for a model without a chat template),
    `structured_output` (default true: a schema goes along as response_format; false: it is put
    into words), `extra_body` (vendor fields of the request; null takes a field away), `headers`,
    `query` (of each URL), `batch` (see `batched`), and `revision` and `license` of the model, for
    the rows. Values of `headers`, `query` and `extra_body` may be env:NAME or file:PATH. Raises
    Refused where one is wrong or a secret is not there. Belongs to the event loop of its first
    call. `timeout` is in seconds, of a whole call.

    What the endpoint refuses of a request is left off from then on, as `findings` says: those of
    `probe`, those that are recalled, and what calls have met. `learned` is told of each change.

    Requests with `prompt_ids` go to the completions API, whichever `api` says; token ids come from
    /tokenize and /detokenize, as vLLM and llama.cpp have them. `dialect` is for what others may
    refuse or do otherwise (`chat_payloads.Asking`).
    """

    timed = True

    def __init__(
        self, model: Model, prompts: Prompts, timeout: float, dialect: Dialect = ""
    ) -> None:
        options = model.options
        check_known("options", options, _OPTIONS[:-1] if dialect else _OPTIONS)
        pace_of(options)
        urls = addresses_of(model)
        self.name = model.model
        self.revision = str(options.get("revision", ""))
        self.license = str(options.get("license", ""))
        api = str(options.get("api", "chat"))
        if api not in APIS:
            raise Refused(f"options.api: {api!r} is neither of {', '.join(APIS)}")
        self._prompts = prompts
        self.sampling: Mapping[str, Any] = model.sampling
        resolved = Resolved()
        extra = resolved.body(_mapping(options, "extra_body"), "options.extra_body")
        self.asking = Asking(model.model, api == "chat", extra, dialect)
        self.structured = bool(options.get("structured_output", True))
        self.findings = Findings(form="json_schema" if self.structured else "words")
        self.learned: Callable[[Findings], None] | None = None
        self._recalled = False
        self._doubt: str | None = None  # why a plain call failed when the endpoint was probed
        self.client = JsonClient(
            urls,
            resolve_key(model.api_key),
            _mapping(options, "headers"),
            timeout,
            query=_mapping(options, "query"),
            hidden=resolved.secrets,
        )
        template = {k: v for k, v in extra.items() if k == "chat_template_kwargs"}
        self._tokens = TokenEndpoint(self.client, self.name, self.asking.chats, template)

    @property
    def can(self) -> frozenset[str]:
        """All of it, but for what the job or the endpoint has said that it cannot."""
        found = self.findings
        some = {
            "n": found.many,
            "schema": found.form == "json_schema",
            "logprobs": "logprobs" not in found.left_off,
        }
        return frozenset({"complete", *(key for key, able in some.items() if able)})

    async def generate(self, request: Request) -> list[Completion]:
        """Call the endpoint: once, and again each time that it turns out to refuse a field of the
        request, without that; one completion comes where it does not know `n`.

        Raises Transient, Permanent, TooLong or Unusable.
        """
        return self._looked_through(request, await self.asked(request, self._prompts))

    def _looked_through(self, request: Request, completions: list[Completion]) -> list[Completion]:
        if len(completions) < request.n and self.findings.many:
            why = {**self.findings.tried, "n": "it gives fewer answers than asked for"}
            self.learn(dataclasses.replace(self.findings, many=False, tried=why))
        for_us = request.prompt_ids is not None or self.asking.dialect == "llamacpp"
        if for_us and not request.logprobs:  # they came with the ids, or to count tokens by
            completions = [dataclasses.replace(each, logprobs=None) for each in completions]
        return completions

    # -------------------------------------------------------- in batches

    def body(self, request: Request) -> Json:
        """The body of a request, by what is known of the endpoint by now."""
        return payload(request, self.asking, self._prompts, self.findings)

    def read(self, request: Request, answer: Json, sent: Mapping[str, Any]) -> list[Completion]:
        """The completions in an answer to a body. Raises EngineError as `generate`."""
        completions = self._looked_through(request, responses.completions(answer))
        return as_sent(completions, request, sent, self.findings)

    def mend(self, error: EngineError, sent: Mapping[str, Any]) -> bool:
        """Whether another body may do where this one ended in that error; it is learned."""
        found = adapted(self.findings, error, sent)
        if found is not None:
            self.learn(found)
        return found is not None

    def batch_service(self) -> OpenAIBatches:
        """The batch service beside the endpoint. Raises Refused for several addresses."""
        return OpenAIBatches(
            of_one_address(self.client), APIS["chat" if self.asking.chats else "completions"]
        )

    # -------------------------------------------------------- one by one

    async def asked(
        self, request: Request, prompts: Renderer, findings: Findings | None = None
    ) -> list[Completion]:
        """The answers to a request in words of `prompts`; what its refusals teach is learned once
        an answer has come. With `findings` these are gone by, and nothing is learned."""
        known = found = self.findings if findings is None else findings
        while True:
            sent = payload(request, self.asking, prompts, found)
            try:
                answer = await self.client.post(path_of(request, self.asking), sent)
                completions = responses.completions(answer, raw=request.prompt_ids is not None)
                break
            except EngineError as error:
                error = self.client.without_secrets(error)
                mended = adapted(found, error, sent) or _plainer(known, found, error)
                if mended is None:
                    raise error from None
                found = mended
        if responses.counts_one_choice(answer):
            why = {**found.tried, "n": "it counts the tokens of one answer alone"}
            found = dataclasses.replace(found, many=False, tried=why)
        if found is not known and findings is None:
            self.learn(found)
        return as_sent(completions, request, sent, found)

    def learn(self, found: Findings) -> None:
        """Go by these findings, too, from now on."""
        every = joined(self.findings, found)
        if every != self.findings:
            self.findings = every
            if self.learned is not None:
                self.learned(every)

    async def encode(self, template: str, variables: Mapping[str, Any]) -> list[int]:
        """Token ids of the rendered prompt, by the endpoint's own tokenizer."""
        return await self._tokens.encode(self._prompts.render(template, variables))

    async def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids, by the endpoint's own tokenizer."""
        return await self._tokens.decode(ids)

    async def alive(self) -> None:
        """Make a tiny plain call, each time in other words, so that no cache answers it.

        Raises EngineError where the endpoint does not serve.
        """
        await endpoint_trials.plain_call(self, repeat_a_number(), {"max_tokens": _TINY})

    # -------------------------------------------------------- before a run

    def recall(self, findings: Findings) -> None:
        """Go by what an earlier start has found out; `probe` does not ask for it again."""
        self.findings, self._recalled = findings, True

    @property
    def found(self) -> Findings | None:
        """What `probe` found out or was recalled; None where the endpoint did not answer."""
        return self.findings if self._recalled else None

    async def probe(self) -> str:
        """Ask every address for its models, 20 s each, and the endpoint for a short answer, from
        which the findings come; a line about what it answers.

        Raises Refused where it is certain that the job cannot be served as it stands.
        """
        try:
            state = await probed(self, asks=not self._recalled)
        finally:
            await self.close()
        self._doubt = state.doubt
        self._recalled = state.doubt is None
        return state.line

    async def lacks(self, needed: Iterable[str]) -> dict[str, str]:
        """What of the needed abilities the endpoint lacks -> why, found by a few short calls."""
        try:
            await self._know()
            return await endpoint_trials.lacks(self, needed)
        finally:
            await self.close()

    async def capabilities(self) -> list[str]:
        """What the endpoint can do, found by a few calls of a few tokens each, a line a thing.

        Raises Refused where it does not even answer a plain call.
        """
        try:
            await self._know()
            return await endpoint_trials.trial_lines(self)
        finally:
            await self.close()

    async def _know(self) -> None:
        if not self._recalled and self._doubt is None:
            await self.probe()
        if self._doubt is not None:
            raise Refused(f"a plain call fails: {self._doubt}")

    async def try_encode(self, said: Said) -> list[int]:
        """Token ids of what is said."""
        return await self._tokens.encode(said.render("", {}))

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        await self.client.close()


def _mapping(options: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = options.get(key) or {}
    if not isinstance(value, Mapping):
        raise Refused(f"options.{key}: a mapping of names to values is wanted")
    return value


def _plainer(known: Findings, found: Findings, error: EngineError) -> Findings | None:
    """The schema in words, where a service that refuses one form of it breaks on the next."""
    tries_another = known.form != found.form == "json_object"
    return dataclasses.replace(found, form="words") if tries_another and error.told else None
