"""Any OpenAI-compatible endpoint (vLLM, SGLang, llama.cpp, TGI, hosted), over aiohttp."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from beam_synth.engines import responses
from beam_synth.engines.addresses import Addresses
from beam_synth.engines.base import Completion, Request, check_known
from beam_synth.engines.messages import as_text, messages_of
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.responses import Json
from beam_synth.errors import Permanent, Refused, Transient, nearest
from beam_synth.job.schema import Model

_PROBE_SECONDS = 20.0
_SHOWN = 500  # characters of an error's body
_OPTIONS = ("api", "structured_output", "extra_body", "headers", "revision", "license")
_APIS = {"chat": "chat/completions", "completions": "completions"}
_PROBED_SCHEMA = {
    "type": "object",
    # Choices, since a free text of a weak model may hold what JSON does not allow.
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}


class OpenAI:
    """One model behind one or several addresses that share its load.

    Options: `api` (chat, the default, or completions for a model without a chat template),
    `structured_output` (default true: a schema goes along as response_format; false: it is put
    into words), `extra_body` (vendor fields of the request), `headers`, and `revision` and
    `license` of the model, for the rows. Raises Refused where one is wrong or the key is not
    there. Belongs to the event loop of its first call. `timeout` is in seconds, of a whole call.
    """

    timed = True
    can = frozenset({"n", "schema", "logprobs"})

    def __init__(self, model: Model, prompts: Prompts, timeout: float) -> None:
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
        self._addresses = Addresses(urls)
        self._prompts = prompts
        self._timeout = timeout
        self._extra: Mapping[str, Any] = model.options.get("extra_body", {})
        self._headers: Mapping[str, str] = model.options.get("headers", {})
        self._structured = bool(model.options.get("structured_output", True))
        self._key = resolve_key(model.api_key)
        self._session: aiohttp.ClientSession | None = None

    async def generate(self, request: Request) -> list[Completion]:
        """Call the endpoint once, twice where it turns out to know no response_format.

        Raises Transient, Permanent, TooLong or Unusable.
        """
        structured = self._structured
        try:
            answer = await self._call(self._payload(request, structured))
        except Permanent as error:
            # Some endpoints know no response_format and say so: put the schema into words.
            if not (structured and request.schema and "response_format" in str(error)):
                raise
            answer = await self._call(self._payload(request, structured=False))
            self._structured = False
        return responses.completions(answer)

    def _payload(self, request: Request, structured: bool) -> Json:
        messages = messages_of(request, self._prompts, schema_in_words=not structured)
        payload: Json = {"model": self.name, "n": request.n, "seed": request.seed}
        if request.schema is not None and structured:
            payload["response_format"] = _response_format(request.schema)
        if self._chats:
            payload["messages"] = messages
        else:
            payload["prompt"] = as_text(messages)
        return {**payload, **self._extra, **request.sampling}

    async def _call(self, payload: Json) -> Json:
        with self._addresses.chosen() as address:
            return await self._post(f"{address}/{self._path}", orjson.dumps(payload))

    async def _post(self, url: str, body: bytes) -> Json:
        try:
            async with self._open_session().post(url, data=body) as response:
                data = await response.read()
                status, retry_after = response.status, response.headers.get("Retry-After")
        except TimeoutError:
            raise Transient(f"no answer within {self._timeout:g} s", overload=True) from None
        except (aiohttp.ClientError, ConnectionError) as error:
            raise Transient(self._error_text(error)) from None
        if status == 200:
            return responses.parsed(data)
        raise responses.error(status, retry_after, self._body_text(data))

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            headers = {"Content-Type": "application/json", **self._headers}
            if self._key is not None:
                headers["Authorization"] = f"Bearer {self._key}"
            self._session = aiohttp.ClientSession(
                headers=headers,
                connector=aiohttp.TCPConnector(limit=0),  # the window bounds the connections
                timeout=aiohttp.ClientTimeout(total=self._timeout),
            )
        return self._session

    def _error_text(self, error: Exception) -> str:
        return self._without_key(f"{type(error).__name__}: {error}")[:_SHOWN]

    def _body_text(self, data: bytes) -> str:
        return self._without_key(data.decode("utf-8", "replace"))[:_SHOWN]

    def _without_key(self, text: str) -> str:
        """The text without the key, which some endpoints send back."""
        return text.replace(self._key, "***") if self._key else text

    # -------------------------------------------------------- before a run

    async def probe(self) -> str:
        """Ask every address for its models, 20 s each; a line about what the last one answers.

        Raises Refused where one cannot be used.
        """
        try:
            for url in self._addresses.urls:
                state = await self._probe(url)
        finally:
            await self.close()
        return state

    async def _probe(self, url: str) -> str:
        timeout = aiohttp.ClientTimeout(total=_PROBE_SECONDS)
        try:
            async with self._open_session().get(f"{url}/models", timeout=timeout) as response:
                status, data = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            detail = self._error_text(error)
            raise Refused(f"the endpoint {url} does not answer: {detail}") from None
        if status in (401, 403):
            raise Refused(
                f"the endpoint {url} refuses the key (status {status}); set api_key to env:NAME "
                "or file:PATH"
            )
        if status in (404, 405):  # not every endpoint lists its models
            return "answers, lists no models"
        if status != 200:
            refusal = responses.error(status, None, self._body_text(data))
            raise Refused(f"the endpoint {url}: {refusal}")
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

    async def capabilities(self) -> list[str]:
        """What the endpoint can do, found by a few calls of a few tokens each, a line a thing.

        Raises Refused where it does not even answer a plain call.
        """
        try:
            plain = await self._try_call({})
            if isinstance(plain, str):
                raise Refused(f"a plain call fails: {plain}")
            return [
                await self._schema_line(),
                await self._capability_line(
                    "several answers a call (n)",
                    {"n": 2},
                    lambda completions: len(completions) == 2,
                    "methods that want n answers make n calls",
                ),
                await self._capability_line(
                    "log-probabilities",
                    {"logprobs": True if self._chats else 1},
                    lambda completions: completions[0].logprobs is not None,
                    "methods that weigh tokens are refused by it",
                ),
                await self._capability_line(
                    "a seed for each call",
                    {"seed": 1},
                    lambda completions: True,
                    "a rerun with the same seed gives other texts",
                ),
            ]
        finally:
            await self.close()

    async def _try_call(self, fields: Json) -> list[Completion] | str:
        """The answer to a tiny call with these fields, or why there is none."""
        message = [{"role": "user", "content": "Answer with the word yes."}]
        prompt = {"messages": message} if self._chats else {"prompt": message[0]["content"]}
        payload = {"model": self.name, "max_tokens": 16, **prompt, **self._extra, **fields}
        try:
            return responses.completions(await self._call(payload))
        except (Transient, Permanent) as error:
            return str(error)[:160]

    async def _capability_line(
        self,
        what: str,
        fields: Json,
        holds: Callable[[list[Completion]], bool],
        without: str,
    ) -> str:
        """Whether a call with these fields has what it asks for; `without`: what follows if not."""
        completions = await self._try_call(fields)
        if isinstance(completions, str):
            return f"{what}: no ({completions}); {without}"
        return f"{what}: yes" if holds(completions) else f"{what}: no; {without}"

    async def _schema_line(self) -> str:
        what, without = "structured output", "the schema goes into the prompt, answers are checked"
        if not self._structured:
            return f"{what}: switched off by options.structured_output; {without}"
        completions = await self._try_call(
            {"response_format": _response_format(_PROBED_SCHEMA), "max_tokens": 128}
        )
        if isinstance(completions, str):
            return f"{what}: no ({completions}); {without}"
        try:
            kept = orjson.loads(completions[0].text)["answer"] in ("yes", "no")
        except (orjson.JSONDecodeError, KeyError, TypeError):
            kept = False
        return f"{what}: yes" if kept else f"{what}: accepted, but not kept; answers are checked"

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            await asyncio.sleep(0)  # lets the transports end in this loop


def _response_format(schema: Mapping[str, Any]) -> Json:
    named = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}


def resolve_key(reference: str | None) -> str | None:
    """The key that env:NAME or file:PATH names; None for None.

    Raises Refused, which names the reference and never the key, where there is none.

    >>> resolve_key("env:BEAM_SYNTH_NO_KEY")
    Traceback (most recent call last):
    beam_synth.errors.Refused: api_key: env:BEAM_SYNTH_NO_KEY holds no key
    """
    if reference is None:
        return None
    kind, _, name = reference.partition(":")
    if kind == "env":
        key = os.environ.get(name, "")
    else:
        try:
            key = Path(name).expanduser().read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Refused(f"api_key: {name} cannot be read: {error.strerror}") from None
    if not key:
        raise Refused(f"api_key: {reference} holds no key")
    return key
