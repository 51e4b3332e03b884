"""JSON over HTTP to an endpoint of one or more addresses: errors by kind, the key never shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from beam_synth.engines import responses
from beam_synth.engines.addresses import Addresses, below
from beam_synth.engines.addresses import beside as without_v1
from beam_synth.engines.refusals import refusal
from beam_synth.engines.responses import Json
from beam_synth.errors import Refused, Transient

_SHOWN = 500  # characters of an error's body
_TRANSFER_SECONDS = 600.0  # of a file that comes or goes


class JsonClient:
    """The addresses of one endpoint, which share its load; each ends in /v1 or the like, and may
    have a query, which every call keeps.

    `key` goes along as bearer token, or as it is in `key_header`; `timeout` is in seconds, of a
    whole call. Belongs to the event loop of its first call.
    """

    def __init__(
        self,
        urls: Sequence[str],
        key: str | None,
        headers: Mapping[str, str],
        timeout: float,
        key_header: str = "",
    ) -> None:
        self._addresses = Addresses(urls)
        self._key = key
        self._headers = headers
        self._key_header = key_header
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def urls(self) -> list[str]:
        """The addresses, without a slash at the end."""
        return self._addresses.urls

    async def post(self, path: str, payload: Json, *, beside: bool = False) -> Json:
        """The object that `path` answers with, at the address with the fewest calls in flight.

        With `beside` the path is not below the address but beside its last part: /tokenize, where
        the address ends in /v1. Raises Transient, Permanent, TooLong or Unusable.
        """
        with self._addresses.chosen() as address:
            base = without_v1(address) if beside else address
            return await self._post(below(base, path), orjson.dumps(payload))

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
        raise refusal(status, retry_after, self._without_key(data.decode("utf-8", "replace")), url)

    async def fetch(self, method: str, path: str, payload: Json | bytes | None = None) -> bytes:
        """The bytes that `path` gives, which may be many and take ten minutes; of one address.

        `payload` goes along as JSON, or as the JSON that it is. Raises as `post`.
        """
        body = orjson.dumps(payload) if isinstance(payload, dict) else payload
        return await self._transferred(method, below(self.urls[0], path), body, {})

    async def upload(self, path: str, name: str, content: bytes, **fields: str) -> Json:
        """Send a file as a form with these fields; the object that it is answered with."""
        form = aiohttp.FormData(fields)
        form.add_field("file", content, filename=name, content_type="application/jsonl")
        body = form()
        headers = {"Content-Type": body.headers["Content-Type"]}
        url = below(self.urls[0], path)
        return responses.parsed(await self._transferred("POST", url, body, headers))

    async def _transferred(
        self, method: str, url: str, body: Any, headers: Mapping[str, str]
    ) -> bytes:
        timeout = aiohttp.ClientTimeout(total=max(self._timeout, _TRANSFER_SECONDS))
        try:
            async with self._open_session().request(
                method, url, data=body, headers=headers, timeout=timeout
            ) as response:
                data = await response.read()
                status, retry_after = response.status, response.headers.get("Retry-After")
        except TimeoutError:
            raise Transient(f"no answer within {timeout.total:g} s", overload=True) from None
        except (aiohttp.ClientError, ConnectionError) as error:
            raise Transient(self._error_text(error)) from None
        if status in (200, 201):
            return data
        raise refusal(status, retry_after, self._without_key(data.decode("utf-8", "replace")), url)

    async def get(self, url: str, seconds: float) -> tuple[int, bytes]:
        """Status and body. Raises Refused where nobody answers within so many seconds."""
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._open_session().get(url, timeout=timeout) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            base = url.rpartition("/")[0]
            raise Refused(
                f"the endpoint {base} does not answer: {self._error_text(error)}"
            ) from None

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            headers = {"Content-Type": "application/json", **self._headers}
            if self._key is not None:
                if self._key_header:
                    headers[self._key_header] = self._key
                else:
                    headers["Authorization"] = f"Bearer {self._key}"
            self._session = aiohttp.ClientSession(
                headers=headers,
                connector=aiohttp.TCPConnector(limit=0),  # the window bounds the connections
                timeout=aiohttp.ClientTimeout(total=self._timeout),
            )
        return self._session

    def _error_text(self, error: Exception) -> str:
        return self._without_key(f"{type(error).__name__}: {error}")[:_SHOWN]

    def shown(self, data: bytes) -> str:
        """The beginning of a body as text, without the key, which some endpoints send back."""
        return self._without_key(data.decode("utf-8", "replace"))[:_SHOWN]

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "***") if self._key else text

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            await asyncio.sleep(0)  # lets the transports end in this loop


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
