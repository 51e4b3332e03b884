"""Any OpenAI-compatible chat endpoint (vLLM, SGLang, llama.cpp, TGI, hosted), over aiohttp."""

from __future__ import annotations

import asyncio
import datetime
import email.utils
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from beam_synth.engines.base import Completion, Request, Usage
from beam_synth.errors import Permanent, Refused, Transient, Unusable, nearest
from beam_synth.job import Model
from beam_synth.prompts import Prompts

_TRANSIENT = {408, 409, 425, 429}  # and all of 5xx
_UNUSABLE = {401, 403, 404}
_PROBE_SECONDS = 20.0
_SHOWN = 500  # characters of an error's body
_REASONS = ("stop", "length", "content_filter")
_OPTIONS = ("structured_output", "extra_body", "headers", "revision", "license")
Json = dict[str, Any]


class OpenAI:
    """One model behind one or several addresses that share its load.

    Options: `structured_output` (default true: a schema goes along as response_format; false:
    it is put into words), `extra_body` (vendor fields of the request), `headers`, and `revision`
    and `license` of the model, for the rows. Raises Refused where one is wrong or the key is not
    there. Belongs to the event loop of its first call.
    """

    def __init__(self, model: Model, prompts: Prompts, timeout: float) -> None:
        for option in model.options:
            if option not in _OPTIONS:
                raise Refused(f"options.{option}: unknown option{nearest(option, _OPTIONS)}")
        urls = [model.base_url] if isinstance(model.base_url, str) else list(model.base_url)
        if not urls or not all(url.startswith(("http://", "https://")) for url in urls):
            raise Refused(f"base_url: http(s)://host[:port]/v1 is wanted, found {model.base_url!r}")
        if not model.model:
            raise Refused("model: the engine 'openai' needs the model's name at the endpoint")
        self.name = model.model
        self.revision = str(model.options.get("revision", ""))
        self.license = str(model.options.get("license", ""))
        self._urls = [url.rstrip("/") for url in urls]
        self._in_flight = dict.fromkeys(self._urls, 0)
        self._prompts = prompts
        self._timeout = timeout
        self._extra: Mapping[str, Any] = model.options.get("extra_body", {})
        self._headers: Mapping[str, str] = model.options.get("headers", {})
        self._structured = bool(model.options.get("structured_output", True))
        self._key = resolve_key(model.api_key)
        self._session: aiohttp.ClientSession | None = None

    async def generate(self, request: Request) -> list[Completion]:
        """Call the endpoint once. Raises Transient, Permanent or Unusable."""
        structured = self._structured
        try:
            answer = await self._chat(self._payload(request, structured))
        except Permanent as error:
            # Some endpoints know no response_format and say so: put the schema into words.
            if not (structured and request.schema and "response_format" in str(error)):
                raise
            answer = await self._chat(self._payload(request, structured=False))
            self._structured = False
        return _completions(answer)

    def _payload(self, request: Request, structured: bool) -> Json:
        messages: list[Mapping[str, str]] = [
            *self._prompts.render(request.template, request.variables)
        ]
        payload: Json = {"model": self.name, "n": request.n, "seed": request.seed}
        if request.schema is not None and structured:
            payload["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(request.schema)},
            }
        elif request.schema is not None:
            wanted = orjson.dumps(request.schema).decode()
            messages.append(
                {"role": "user", "content": f"Answer with one JSON object of this schema: {wanted}"}
            )
        messages += request.followups
        return {**payload, "messages": messages, **self._extra, **request.sampling}

    async def _chat(self, payload: Json) -> Json:
        url = min(self._urls, key=lambda url: self._in_flight[url])
        self._in_flight[url] += 1
        try:
            return await self._post(f"{url}/chat/completions", orjson.dumps(payload))
        finally:
            self._in_flight[url] -= 1

    async def _post(self, url: str, body: bytes) -> Json:
        try:
            async with self._opened().post(url, data=body) as response:
                data = await response.read()
                status, retry_after = response.status, response.headers.get("Retry-After")
        except TimeoutError:
            raise Transient(f"no answer within {self._timeout:g} s") from None
        except (aiohttp.ClientError, ConnectionError) as error:
            raise Transient(self._told(error)) from None
        if status == 200:
            return _parsed(data)
        raise self._error(status, retry_after, data.decode("utf-8", "replace"))

    def _opened(self) -> aiohttp.ClientSession:
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

    def _error(self, status: int, retry_after: str | None, body: str) -> Transient | Permanent:
        message = f"status {status}: {self._hidden(body)[:_SHOWN]}"
        if status in _TRANSIENT or status >= 500:
            return Transient(message, _seconds(retry_after))
        return (Unusable if status in _UNUSABLE else Permanent)(message)

    def _told(self, error: Exception) -> str:
        return self._hidden(f"{type(error).__name__}: {error}")[:_SHOWN]

    def _hidden(self, text: str) -> str:
        """The text without the key, which some endpoints send back."""
        return text.replace(self._key, "***") if self._key else text

    async def probe(self) -> str:
        """Ask every address for its models. Raises Refused where one cannot be used."""
        try:
            for url in self._urls:
                found = await self._probe(url)
        finally:
            await self.close()
        return found

    async def _probe(self, url: str) -> str:
        timeout = aiohttp.ClientTimeout(total=_PROBE_SECONDS)
        try:
            async with self._opened().get(f"{url}/models", timeout=timeout) as response:
                status, data = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Refused(f"the endpoint {url} does not answer: {self._told(error)}") from None
        if status in (401, 403):
            raise Refused(
                f"the endpoint {url} refuses the key (status {status}); set api_key to env:NAME "
                "or file:PATH"
            )
        if status in (404, 405):  # not every endpoint lists its models
            return "answers, lists no models"
        if status != 200:
            raise Refused(str(self._error(status, None, data.decode("utf-8", "replace"))))
        try:
            models = [str(item["id"]) for item in _parsed(data)["data"]]
        except (Transient, KeyError, TypeError):
            return "answers, lists no models"
        if self.name not in models:
            raise Refused(
                f"the endpoint {url} has no model {self.name!r}{nearest(self.name, models)}; it "
                f"has {', '.join(models[:5])}"
            )
        return "answers, has the model"

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            await asyncio.sleep(0)  # lets the transports end in this loop


def resolve_key(reference: str | None) -> str | None:
    """The key that env:NAME or file:PATH names. Raises Refused where there is none."""
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


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds; it comes as a number or as a date."""
    if retry_after is None:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        date = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    now = datetime.datetime.now(date.tzinfo or datetime.UTC)
    return max(0.0, (date.replace(tzinfo=now.tzinfo) - now).total_seconds())


def _parsed(data: bytes) -> Json:
    try:
        answer = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Transient(f"the answer is not JSON: {error}") from None
    if not isinstance(answer, dict):
        raise Transient(f"the answer is of type {type(answer).__name__}")
    return answer


def _completions(answer: Json) -> list[Completion]:
    """The choices in their order; the first one carries the call's usage."""
    try:
        choices = sorted(answer["choices"], key=lambda choice: choice.get("index", 0))
        if not choices:
            raise Transient("the answer has no choices")
        found = [_completion(choice) for choice in choices]
        used = answer.get("usage") or {}
        usage = Usage(int(used.get("prompt_tokens") or 0), int(used.get("completion_tokens") or 0))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Transient(f"the answer has another form: {type(error).__name__} {error}") from None
    return [Completion(**{**found[0], "usage": usage}), *(Completion(**c) for c in found[1:])]


def _completion(choice: Json) -> Json:
    reason = choice.get("finish_reason")
    logprobs = (choice.get("logprobs") or {}).get("content")
    token_ids = choice.get("token_ids")
    return {
        "text": choice["message"]["content"] or "",
        "finish_reason": reason if reason in _REASONS else "stop",
        "token_ids": tuple(token_ids) if token_ids is not None else None,
        "logprobs": tuple(p["logprob"] for p in logprobs) if logprobs is not None else None,
    }
