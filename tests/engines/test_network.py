"""Proxies, certificates and secrets on the way to an endpoint, with real sockets."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from beam_synth.engines import network, openai
from beam_synth.engines.base import Request
from beam_synth.errors import Refused, Unusable
from beam_synth.job.schema import Model
from tests.doubles.engines import closing
from tests.doubles.processes import PATIENCE
from tests.doubles.programs import FakePrompts
from tests.servers.fake_openai import Behaviour, FakeOpenAI

PROMPTS: Any = FakePrompts(None)
REQUEST = Request("m/query", {"text": "One thing is here. Another thing is there."}, seed=7)
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, *network.CA_VARIABLES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def ask(url: str, **settings: Any) -> str:
    made = Model(engine="openai", model="fake-model", base_url=url, **settings)

    async def call() -> str:
        async with closing(openai.OpenAI(made, PROMPTS, PATIENCE)) as engine:
            await engine.probe()
            (found,) = await engine.generate(REQUEST)
            return found.text

    return asyncio.run(call())


class Relay:
    """Sockets of 127.0.0.1 in a thread: a proxy for HTTP and CONNECT, or TLS before a port."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._to, self._tls = port, tls
        self.asked: list[tuple[str, str]] = []  # first line and Proxy-Authorization
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Relay:
        self._thread.start()
        serve = asyncio.start_server(
            self._tunnel if self._tls else self._proxy, "127.0.0.1", 0, ssl=self._tls
        )
        self._server = asyncio.run_coroutine_threadsafe(serve, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await asyncio.sleep(0.01)  # lets transports end

    async def _proxy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            writer.close()
            return
        line, *headers = head.decode().split("\r\n")
        given = dict(header.split(": ", 1) for header in headers if header)
        method, url, version = line.split(" ")
        self.asked.append((line, given.get("Proxy-Authorization", "")))
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await self._tunnel(reader, writer)
            return
        first = f"{method} {urlsplit(url).path} {version}\r\nConnection: close\r\n"
        await self._tunnel(reader, writer, (first + "\r\n".join(headers)).encode())

    async def _tunnel(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes = b""
    ) -> None:
        there, to = await asyncio.open_connection("127.0.0.1", self._to)
        to.write(first)
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(_pass(reader, to), _pass(there, writer))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


# ---------------------------------------------------------------- proxies


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeOpenAI() as server, Relay(port_of(server.url)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://me:p%40ss@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,.internal.example")
        assert ask("http://llm.corp.example/v1")
        lines = [line for line, _ in proxy.asked]
        assert lines[0].startswith("GET http://llm.corp.example/v1/models ")
        assert lines[-1].startswith("POST http://llm.corp.example/v1/chat/completions ")
        login = base64.b64encode(b"me:p@ss").decode()
        assert {given for _, given in proxy.asked} == {f"Basic {login}"}
        before = len(proxy.asked)
        assert ask(server.url)  # loopback needs none
        assert len(proxy.asked) == before


def test_a_proxy_that_is_not_there_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://me:hidden-word@127.0.0.1:9")
    with pytest.raises(Refused, match=r"does not answer.*by the proxy http://127.0.0.1:9") as told:
        ask("http://llm.corp.example/v1")
    assert "hidden-word" not in str(told.value)


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, "http://a.example/v1", None),
        ({"https_proxy": "http://p:1"}, "https://a.example/v1", "http://p:1"),
        ({"HTTPS_PROXY": "p:1"}, "https://a.example/v1", "http://p:1"),
        ({"https_proxy": "http://p:1"}, "http://a.example/v1", None),
        ({"all_proxy": "http://p:1"}, "https://a.example/v1", "http://p:1"),
        ({"https_proxy": "http://p:1", "no_proxy": "b, .example"}, "https://a.example/v1", None),
        ({"https_proxy": "http://p:1", "no_proxy": "*"}, "https://a.example/v1", None),
        ({"http_proxy": "http://p:1", "no_proxy": "10.0.0.0/8"}, "http://10.1.2.3:80/v1", None),
        ({"http_proxy": "http://p:1", "no_proxy": "10.0.0.0/8"}, "http://11.1.2.3/", "http://p:1"),
        ({"http_proxy": "http://p:1", "no_proxy": "a:81"}, "http://a:80/v1", "http://p:1"),
        ({"http_proxy": "http://p:1"}, "http://localhost:8000/v1", None),
        ({"http_proxy": "http://p:1"}, "http://[::1]:8000/v1", None),
    ],
)
def test_which_proxy_is_used(
    variables: dict[str, str], url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert network.proxy_of(url) == proxy


def test_a_proxy_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://me:word@p:1")
    with pytest.raises(Refused, match=r"'socks5' for a.example") as told:
        network.proxy_of("https://a.example/v1")
    assert "word" not in str(told.value)


# ---------------------------------------------------------------- certificates


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ca.pem, and key.pem and cert.pem of llm.corp.example and localhost."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl, which makes certificates")
    folder = tmp_path_factory.mktemp("authority")
    (folder / "names").write_text("subjectAltName=DNS:llm.corp.example,DNS:localhost\n")
    subject = ["-newkey", "rsa:2048", "-nodes", "-subj"]
    for command in (
        ["req", "-x509", *subject, "/CN=Corp", "-keyout", "ca.key", "-out", "ca.pem"],
        ["req", *subject, "/CN=llm", "-keyout", "key.pem", "-out", "request"],
        [
            *("x509", "-req", "-in", "request", "-CA", "ca.pem", "-CAkey", "ca.key"),
            *("-CAcreateserial", "-extfile", "names", "-out", "cert.pem"),
        ],
    ):
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
    return folder


@contextlib.contextmanager
def secure(authority: Path) -> Iterator[Relay]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    with FakeOpenAI() as server, Relay(port_of(server.url), context) as relay:
        yield relay


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_an_own_authority_is_trusted(
    variable: str, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secure(authority) as relay:
        url = f"https://localhost:{relay.port}/v1"
        with pytest.raises(Refused, match=r"does not answer.*set SSL_CERT_FILE or REQUESTS_CA"):
            ask(url)
        monkeypatch.setenv(variable, str(authority / "ca.pem"))
        assert ask(url)


def test_a_folder_of_authorities_is_trusted(
    authority: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", str(authority / "ca.pem")],
        check=True,
        capture_output=True,
        text=True,
    )
    (tmp_path / f"{found.stdout.strip()}.0").write_bytes((authority / "ca.pem").read_bytes())
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with secure(authority) as relay:
        assert ask(f"https://localhost:{relay.port}/v1")


def test_tls_goes_through_the_proxy(authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with secure(authority) as relay, Relay(relay.port) as proxy:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert ask("https://llm.corp.example/v1")
        assert proxy.asked[0][0].startswith("CONNECT llm.corp.example:443 ")


def test_a_file_of_certificates_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("no certificate")
    for value, told in ((tmp_path / "none", "is not there"), (tmp_path / "text", "cannot be read")):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(value))
        with pytest.raises(Refused, match=f"REQUESTS_CA_BUNDLE: .*{told}"):
            ask("https://a.example/v1")


# ---------------------------------------------------------------- secrets


def test_secrets_of_headers_query_and_body_arrive_and_are_never_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HEADER", "QUERY", "BODY"):
        monkeypatch.setenv(name, f"secret/{name}")
    options = {
        "headers": {"api-key": "env:HEADER", "X-Team": "a"},
        "query": {"key": "env:QUERY", "api-version": "1"},
        "extra_body": {"user": {"api_key": "env:BODY"}},
    }
    with FakeOpenAI() as server:
        ask(server.url, options=options)
        assert server.requests[-1]["user"] == {"api_key": "secret/BODY"}
        assert server.heard[-1]["headers"]["api-key"] == "secret/HEADER"
        assert server.heard[-1]["query"] == {"key": "secret/QUERY", "api-version": "1"}

    echo = "no: secret/HEADER secret/QUERY secret%2FQUERY secret/BODY"
    said = {"error": {"message": echo, "code": "invalid_api_key"}}
    for status in (401, 400, 500, 200):
        behaviour = Behaviour(refuses=lambda asked, status=status: (status, said))  # type: ignore[misc]
        with FakeOpenAI(behaviour) as server:
            made = Model(engine="openai", model="fake-model", base_url=server.url, options=options)

            async def call(made: Model = made) -> None:
                async with closing(openai.OpenAI(made, PROMPTS, PATIENCE)) as engine:
                    await engine.generate(REQUEST)

            with pytest.raises(Exception) as told:
                asyncio.run(call())
            assert "secret" not in str(told.value)
            if status == 401:
                assert isinstance(told.value, Unusable) and "***" in str(told.value)


def test_the_query_of_an_address_goes_along() -> None:
    with FakeOpenAI() as server:
        ask(f"{server.url}?api-version=2024-10-21")
        assert {heard["path"] for heard in server.heard} == {"/v1/models", "/v1/chat/completions"}
        assert all(heard["query"] == {"api-version": "2024-10-21"} for heard in server.heard)
