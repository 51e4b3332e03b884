"""Anthropic's own messages API, over aiohttp."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import orjson

from beam_synth.drawing import digest
from beam_synth.engines.anthropic_batches import AnthropicBatches
from beam_synth.engines.anthropic_messages import (
    SAME_NAME,
    completion,
    message_body,
    message_of,
    supported,
)
from beam_synth.engines.base import Completion, Request, check_known
from beam_synth.engines.batched import of_one_address, pace_of
from beam_synth.engines.chat_payloads import Asking, Findings, as_sent
from beam_synth.engines.http_client import JsonClient, addresses_of
from beam_synth.engines.messages import SAY_YES, YES_OR_NO, repeat_a_number
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.refusals import refusal, told_error
from beam_synth.engines.responses import Json
from beam_synth.errors import EngineError, Permanent, Refused
from beam_synth.job.schema import Model
from beam_synth.job.secrets import Resolved, resolve_key

ADDRESS = "https://api.anthropic.com/v1"
VERSION = "2023-06-01"  # of the API, sent with each call
PATH = "messages"
_PROBE_SECONDS = 20.0
_TINY = 64  # tokens of an answer that nobody reads
_OPTIONS = ("structured_output", "extra_body", "headers", "version", "batch", "revision", "license")
_OPTIONAL = ("temperature", "top_p", "top_k")  # which newer models no longer take
_SCHEMA = re.compile(r"output_(config|format)|json_schema|structured output|\bschema\b")
_UNKNOWN = re.compile(r"not supported|does not support|extra inputs|unsupported|not available")
_NAMES = Findings(renamed=SAME_NAME)


class Anthropic:
    """One model behind the messages API of Anthropic, or of who speaks it (LiteLLM, llama.cpp).

    Options: `structured_output` (default true: a schema goes along as `output_config.format`;
    false: it is put into words), `extra_body` (further fields, as `thinking`), `headers`, `version`
    of the API, `batch` (see `batched`), and `revision` and `license` of the model, for the rows.
    The key goes along as x-api-key. Raises Refused where an option is wrong or the key is missing.
    Belongs to the event loop of its first call. `timeout` is in seconds, of a whole call.

    The API has no seed, gives one answer a call and no log-probabilities.
    """

    timed = True

    def __init__(self, model: Model, prompts: Prompts, timeout: float) -> None:
        check_known("options", model.options, _OPTIONS)
        pace_of(model.options)
        urls = addresses_of(model, ADDRESS)
        self.name = model.model
        self.revision = str(model.options.get("revision", ""))
        self.license = str(model.options.get("license", ""))
        self._prompts = prompts
        resolved = Resolved()
        extra = resolved.body(model.options.get("extra_body", {}), "options.extra_body")
        self.asking = Asking(model.model, extra=extra)
        structured = bool(model.options.get("structured_output", True))
        self.findings = Findings(form="json_schema" if structured else "words", many=False)
        self._refused_schemas: set[str] = set()  # hashes of those that are put into words
        headers: Mapping[str, str] = {
            "anthropic-version": str(model.options.get("version", VERSION)),
            **model.options.get("headers", {}),
        }
        key = resolve_key(model.api_key)
        self.client = JsonClient(
            urls, key, headers, timeout, hidden=resolved.secrets, key_header="x-api-key"
        )

    @property
    def can(self) -> frozenset[str]:
        """Schemas, unless the job or the endpoint has said that it cannot."""
        return frozenset({"schema"} if self.findings.form == "json_schema" else ())

    async def generate(self, request: Request) -> list[Completion]:
        """Call the endpoint; once more for each thing that it turns out not to take.

        Raises Transient, Permanent, TooLong, ContentRefused or Unusable.
        """
        while True:
            sent = self.body(request)
            try:
                return self.read(request, await self.client.post(PATH, sent), sent)
            except EngineError as error:
                if not self.mend(error, sent):
                    raise self.client.without_secrets(error) from None

    def body(self, request: Request) -> Json:
        """The body of a request, by what is known of the endpoint by now."""
        findings = self.findings
        schema = None if request.schema is None else supported(request.schema)
        if schema is not None and _hash(schema) in self._refused_schemas:
            findings = dataclasses.replace(findings, form="words")
        return message_body(request, self.asking, self._prompts, findings)

    def read(self, request: Request, answer: Json, sent: Mapping[str, Any]) -> list[Completion]:
        """The completion in an answer to a body. Raises EngineError as `generate`."""
        return as_sent([completion(answer)], request, sent, _NAMES)

    def batch_service(self) -> AnthropicBatches:
        """The batch service beside the endpoint. Raises Refused for several addresses."""
        return AnthropicBatches(of_one_address(self.client))

    def mend(self, error: EngineError, sent: Mapping[str, Any]) -> bool:
        """Whether another body may do where this one ended in that error, as it says that a schema
        or an optional field is not taken; it is learned."""
        if type(error) is not Permanent:
            return False
        said, asked = str(error).lower(), sent.get("output_config", {}).get("format")
        if asked is not None and _SCHEMA.search(said):
            if _UNKNOWN.search(said) and "schema" not in said:
                self.findings = dataclasses.replace(self.findings, form="words")
            else:
                self._refused_schemas.add(_hash(asked["schema"]))
            return True
        refused = [key for key in _OPTIONAL if key in sent and key in said]
        if refused:
            left_off = {**self.findings.left_off, **dict.fromkeys(refused, str(error))}
            self.findings = dataclasses.replace(self.findings, left_off=left_off)
        return bool(refused)

    async def alive(self) -> None:
        """Make a tiny plain call, each time in other words, so that no cache answers it.

        Raises EngineError where the endpoint does not serve.
        """
        await self._tiny(repeat_a_number().text)

    async def _tiny(self, said: str, schema: Mapping[str, Any] | None = None) -> Completion:
        asked = [{"role": "user", "content": said}]
        limit = {"max_tokens": _TINY}
        if any("thinking" in key for key in self.asking.extra):
            limit = {}  # its budget has to be below the limit
        sent = message_of(asked, self.asking, self.findings, limit, schema)
        return completion(await self.client.post(PATH, sent))

    # -------------------------------------------------------- before a run

    async def probe(self) -> str:
        """Ask every address for the model, 20 s each; a line about what the last one answers.

        Raises Refused where one cannot be used.
        """
        try:
            for url in self.client.urls:
                state = await self._probe(url)
        finally:
            await self.close()
        return state

    async def _probe(self, url: str) -> str:
        # It knows aliases, which the list does not.
        status, data = await self.client.get(url, f"models/{self.name}", _PROBE_SECONDS)
        if status == 200:
            return "answers, has the model"
        told = told_error(data)
        if status in (401, 403):
            raise Refused(
                f"the endpoint {url} refuses the key (status {status}); set api_key to env:NAME "
                "or file:PATH"
            )
        if status == 404 and "not_found_error" in told.code:
            raise Refused(f"the endpoint {url} has no model {self.name!r}: {told.message}")
        if status in (404, 405):
            return "answers, lists no models"
        raise Refused(f"the endpoint {url}: {refusal(status, None, self.client.shown(data))}")

    async def capabilities(self) -> list[str]:
        """What the endpoint can do, found by a call or two of a few tokens, a line a thing.

        Raises Refused where it does not even answer a plain call.
        """
        try:
            try:
                await self._tiny(SAY_YES.text)
            except EngineError as error:
                raise Refused(f"a plain call fails: {error}") from None
            return [
                f"structured output: {await self._schema_state()}",
                "several answers a call (n): no; methods that want n answers make n calls",
                "a seed for each call: no; a rerun with the same seed gives other texts",
            ]
        finally:
            await self.close()

    async def _schema_state(self) -> str:
        without = "the schema goes into the prompt, answers are checked"
        if self.findings.form != "json_schema":
            return f"switched off by options.structured_output; {without}"
        try:
            found = await self._tiny(SAY_YES.text, YES_OR_NO)
            kept = orjson.loads(found.text)["answer"] in ("yes", "no")
        except EngineError as error:
            return f"no ({str(error)[:160]}); {without}"
        except (orjson.JSONDecodeError, KeyError, TypeError):
            kept = False
        return "yes" if kept else f"accepted, but not kept; {without}"

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        await self.client.close()


def _hash(schema: Mapping[str, Any]) -> str:
    return digest(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS))
