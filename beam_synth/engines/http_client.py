"""JSON over HTTP to an endpoint of one or more addresses: errors by kind, no secret ever shown."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import aiohttp
import orjson
from yarl import URL

from beam_synth.engines import network, responses
from beam_synth.engines.addresses import Addresses
from beam_synth.engines.refusals import refusal, told_error
from beam_synth.engines.responses import Json
from beam_synth.errors import EngineError, Refused, Transient
from beam_synth.job.schema import Model
from beam_synth.job.secrets import Resolved, masked

_SHOWN = 500  # characters of an error's body
_WORDS = 200  # of an answer that is no JSON
_TRANSFER_SECONDS = 600.0  # at least, of a file that comes or goes


class _Way(NamedTuple):
    """How an address is reached."""

    query: str  # that goes along with each request, with its question mark
    proxy: URL | None
    tls: ssl.SSLContext | bool


def addresses_of(model: Model, default: str = "") -> list[str]:
    """The addresses of a job's model. Raises Refused where one is none, or the name is missing."""
    given = model.base_url or default
    urls = [given] if isinstance(given, str) else list(given)
    if not urls or not all(url.startswith(("http://", "https://")) for url in urls):
        raise Refused(f"base_url: http(s)://host[:port]/v1 is wanted, found {model.base_url!r}")
    if not model.model:
        raise Refused(f"model: the engine {model.engine!r} needs the model's name")
    return urls


class JsonClient:
    """The addresses of one endpoint, which share its load; each ends in /v1 or the like.

    Belongs to the event loop of its first call. The environment's proxies and certificates are
    honoured, as `network` says.

    Args:
        urls: the addresses; a query in one goes along with each request.
        key: goes along as bearer token.
        headers: values may name secrets, as `job.secrets` says.
        timeout: in seconds, of a whole call.
        query: further parameters of each URL, whose values may name secrets, too.
        hidden: what else no message shows.
        key_header: where the key goes as it is, in place of the bearer's.

    Raises Refused where a secret is not there, or the environment names what cannot be used.
    """

    def __init__(
        self,
        urls: Sequence[str],
        key: str | None,
        headers: Mapping[str, str],
        timeout: float,
        *,
        query: Mapping[str, str] | None = None,
        hidden: Iterable[str] = (),
        key_header: str = "",
    ) -> None:
        found = Resolved()
        self._headers = {
            str(name): found.header(value, f"options.headers.{name}")
            for name, value in headers.items()
        }
        given = {
            name: found.header(value, f"options.query.{name}")
            for name, value in (query or {}).items()
        }
        self._key = key
        self._key_header = key_header
        self._secrets = [*([key] if key else []), *found.secrets, *hidden, *network.proxy_secrets()]
        self._addresses = Addresses([url.partition("?")[0] for url in urls])
        self._ways = {
            address: _way(address, url.partition("?")[2], given)
            for address, url in zip(self._addresses.urls, urls, strict=True)
        }
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def urls(self) -> list[str]:
        """The addresses, without a slash at the end, and without their query."""
        return self._addresses.urls

    async def post(self, path: str, payload: Json, *, beside: bool = False) -> Json:
        """The object that `path` answers with, at the address with the fewest calls in flight.

        With `beside` the path is not below the address but beside its last part: /tokenize, where
        the address ends in /v1. Raises Transient, Permanent, TooLong or Unusable.
        """
        with self._addresses.chosen() as address:
            base = address.removesuffix("/v1") if beside else address
            return await self._post(f"{base}/{path}", orjson.dumps(payload), self._ways[address])

    async def post_at(self, base: str, path: str, payload: Json) -> Json:
        """As `post`, at a place that is none of the addresses, on the way to the first of them."""
        way = self._ways[self.urls[0]]
        return await self._post(f"{base}/{path}", orjson.dumps(payload), way)

    async def _post(self, url: str, body: bytes, way: _Way) -> Json:
        try:
            async with self._open_session().post(
                url + way.query, data=body, proxy=way.proxy, ssl=way.tls
            ) as response:
                data = await response.read()
                status, retry_after = response.status, response.headers.get("Retry-After")
        except TimeoutError:
            raise Transient(
                f"no answer from {url} within {self._timeout:g} s", overload=True
            ) from None
        except (aiohttp.ClientError, ConnectionError) as error:
            raise Transient(f"{self._error_text(error)} ({url})") from None
        if status != 200:
            raise refusal(status, retry_after, self._masked(data.decode("utf-8", "replace")), url)
        try:
            return responses.parsed(data)
        except Transient as error:
            words = told_error(self._masked(data.decode("utf-8", "replace"))).message
            raise Transient(
                f"status 200 from {url}: {error}; it begins with: {words[:_WORDS]}"
            ) from None

    async def fetch(self, method: str, path: str, payload: Json | bytes | None = None) -> bytes:
        """The bytes that `path` gives at the first address, which may be many and take minutes.

        `payload` goes along as JSON, or as the JSON that it is. Raises as `post`.
        """
        body = orjson.dumps(payload) if isinstance(payload, dict) else payload
        return await self._transferred(method, path, body, {})

    async def upload(self, path: str, name: str, content: bytes, **fields: str) -> Json:
        """Send a file as a form with these fields; the object that it is answered with."""
        form = aiohttp.FormData(fields)
        form.add_field("file", content, filename=name, content_type="application/jsonl")
        body = form()
        headers = {"Content-Type": body.headers["Content-Type"]}
        return responses.parsed(await self._transferred("POST", path, body, headers))

    async def _transferred(
        self, method: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> bytes:
        url, way = f"{self.urls[0]}/{path}", self._ways[self.urls[0]]
        query = way.query.replace("?", "&") if "?" in path else way.query
        timeout = aiohttp.ClientTimeout(total=max(self._timeout, _TRANSFER_SECONDS))
        sent = {"data": body, "headers": headers, "proxy": way.proxy, "ssl": way.tls}
        try:
            async with self._open_session().request(
                method, url + query, timeout=timeout, **sent
            ) as response:
                data = await response.read()
                status, retry_after = response.status, response.headers.get("Retry-After")
        except TimeoutError:
            raise Transient(f"no answer from {url} in time", overload=True) from None
        except (aiohttp.ClientError, ConnectionError) as error:
            raise Transient(self._error_text(error)) from None
        if status in (200, 201):
            return data
        raise refusal(status, retry_after, self._masked(data.decode("utf-8", "replace")), url)

    async def get(self, base: str, path: str, seconds: float) -> tuple[int, bytes]:
        """Status and body at an address, or beside one. Raises Transient where none comes within
        so many seconds, Refused where nobody answers."""
        way = self._ways.get(base, self._ways[self.urls[0]])
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._open_session().get(
                f"{base}/{path}{way.query}", timeout=timeout, proxy=way.proxy, ssl=way.tls
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise Transient(f"no answer from {base}/{path} within {seconds:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Refused(
                f"the endpoint {base} does not answer: {self._error_text(error)}{_advice(error)}"
                + (f" (by the proxy {_without_user(way.proxy)})" if way.proxy else "")
            ) from None

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            headers = {"Content-Type": "application/json", **self._headers}
            if self._key is not None:
                bearer = ("Authorization", f"Bearer {self._key}")
                name, value = (self._key_header, self._key) if self._key_header else bearer
                headers[name] = value
            self._session = aiohttp.ClientSession(
                headers=headers,
                connector=aiohttp.TCPConnector(limit=0),  # the window bounds the connections
                timeout=aiohttp.ClientTimeout(total=self._timeout),
            )
        return self._session

    def _error_text(self, error: Exception) -> str:
        return self._masked(f"{type(error).__name__}: {error}")[:_SHOWN]

    def shown(self, data: bytes) -> str:
        """The beginning of a body as text, without secrets, which some endpoints send back."""
        return self._masked(data.decode("utf-8", "replace"))[:_SHOWN]

    def without_secrets(self, error: EngineError) -> EngineError:
        """The error with a text that holds no secret."""
        error.args = (self._masked(str(error)), *error.args[1:])
        return error

    def _masked(self, text: str) -> str:
        return masked(text, self._secrets) if self._secrets else text

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            await asyncio.sleep(0)  # lets the transports end in this loop


def _way(address: str, query: str, given: Mapping[str, str]) -> _Way:
    parts = [part for part in (query, urlencode(given)) if part]
    proxy = network.proxy_of(address)
    secure = urlsplit(address).scheme == "https" or (proxy or "").startswith("https:")
    return _Way(
        f"?{'&'.join(parts)}" if parts else "",
        URL(proxy) if proxy else None,
        network.tls_context() if secure else True,
    )


def _advice(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return (
            "; where its certificate is of your own authority, set SSL_CERT_FILE or "
            "REQUESTS_CA_BUNDLE to a file of that authority's certificate"
        )
    return ""


def _without_user(proxy: URL) -> URL:
    return proxy.with_user(None)
