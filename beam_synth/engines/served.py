"""An engine that owns a model server on the worker, or attaches to one that is there already."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from beam_synth.engines.base import Completion, Request
from beam_synth.engines.chat_payloads import Dialect, Findings
from beam_synth.engines.openai import OpenAI
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.servers import Server
from beam_synth.errors import Refused, Transient, Unusable
from beam_synth.job.schema import Model

T = TypeVar("T")


class Served:
    """A model behind an OpenAI-compatible server of its own, on loopback, one for each host.

    A kind of server is a subclass: it says what the server speaks, which options are its own, how
    it is started, and what has to be installed for that. The other options are those of `openai`.
    With `base_url` it attaches to a running server and starts none. Options of all kinds:
    `start_timeout` (seconds until the server must be healthy) and `linger` (30 s after the last
    client). Raises Refused for a wrong option or model; no server is started before the first
    call. `timeout` is in seconds, of a call to a server that is ready.
    """

    timed = True
    dialect: ClassVar[Dialect]
    title: ClassVar[str]  # of the server, in messages
    own_options: ClassVar[tuple[str, ...]]  # beside `start_timeout` and `linger`
    start_timeout: ClassVar[float]  # seconds, where the job says nothing

    def __init__(self, model: Model, prompts: Prompts, timeout: float) -> None:
        kept = (*self.own_options, "start_timeout", "linger")
        own = {key: model.options[key] for key in kept if key in model.options}
        others = {key: value for key, value in model.options.items() if key not in own}
        self._model = model.model_copy(update={"options": others})
        self._prompts = prompts
        self._timeout = timeout
        self._server: Server | None = None
        self._inner: OpenAI | None = None
        if model.base_url:
            self._inner = OpenAI(self._model, prompts, timeout, self.dialect)
        else:
            self._client_at(1)  # refuses a wrong model or option here and now
            self._server = Server(
                self.command(model.model, own),
                {str(key): str(value) for key, value in own.get("env", {}).items()},
                float(own.get("start_timeout", self.start_timeout)),
                float(own.get("linger", 30.0)),
            )
        self._port = 0
        self._findings: Findings | None = None  # recalled
        self.learned: Callable[[Findings], None] | None = None
        self.name = model.model
        self.revision = str(model.options.get("revision", ""))
        self.license = str(model.options.get("license", ""))

    def command(self, model: str, own: Mapping[str, Any]) -> tuple[str, ...]:
        """The server's command line, with {port} in it. Raises Refused for options that cannot
        be."""
        raise NotImplementedError

    def check_installed(self) -> None:
        """Raise Refused, with what to do, where what the server needs is not installed."""
        raise NotImplementedError

    def _client_at(self, port: int) -> OpenAI:
        where = {"base_url": f"http://127.0.0.1:{port}/v1"}
        model = self._model.model_copy(update=where)
        return OpenAI(model, self._prompts, self._timeout, self.dialect)

    async def _client(self) -> OpenAI:
        """The client of the server, once that is healthy."""
        if self._server is None:
            assert self._inner is not None
            return self._taught(self._inner)
        port = await self._server.ready()
        if self._inner is None or port != self._port:
            await self.close()
            former = self._inner
            self._inner, self._port = self._client_at(port), port
            if former is not None and former.found is not None:
                self._findings = former.found
        return self._taught(self._inner)

    def _taught(self, client: OpenAI) -> OpenAI:
        """The client, which knows what was recalled before it was there."""
        if self._findings is not None:
            client.recall(self._findings)
            self._findings = None
        client.learned = self.learned
        return client

    def recall(self, findings: Findings) -> None:
        """As the engine `openai`."""
        self._findings = findings

    @property
    def found(self) -> Findings | None:
        """As the engine `openai`."""
        return self._inner.found if self._inner is not None else None

    @property
    def can(self) -> frozenset[str]:
        """As the engine `openai`."""
        inner = self._inner or self._client_at(1)
        if self._findings is not None:
            inner.recall(self._findings)
        return inner.can

    async def generate(self, request: Request) -> list[Completion]:
        """Call the server once, when it is ready: a restart is waited for.

        Raises as the engine `openai`, and Unusable where the server cannot be kept running.
        """
        return await self._called(lambda client: client.generate(request))

    async def encode(self, template: str, variables: Mapping[str, Any]) -> list[int]:
        """As the engine `openai`, when the server is ready."""
        return await self._called(lambda client: client.encode(template, variables))

    async def decode(self, ids: Sequence[int]) -> str:
        """As the engine `openai`, when the server is ready."""
        return await self._called(lambda client: client.decode(ids))

    async def alive(self) -> None:
        """A tiny plain call, as of the engine `openai`; raises as `generate`."""
        await self._called(lambda client: client.alive())

    async def _called(self, call: Callable[[OpenAI], Awaitable[T]]) -> T:
        client = await self._client()
        try:
            return await call(client)
        except Transient:
            if self._server is not None:
                self._server.doubt()
            raise

    async def probe(self) -> str:
        """Start the server, or find it. Raises Refused with the end of its log when it fails."""
        if self._server is not None:
            self.check_installed()
        try:
            return await (await self._client()).probe()
        except Unusable as error:
            raise Refused(f"{self.title} does not start: {error}") from None

    async def capabilities(self) -> list[str]:
        """As the engine `openai`."""
        return await (await self._client()).capabilities()

    async def lacks(self, needed: Iterable[str]) -> dict[str, str]:
        """As the engine `openai`."""
        return await (await self._client()).lacks(needed)

    async def close(self) -> None:
        """Close the connections; the server stays as long as this process."""
        if self._inner is not None:
            await self._inner.close()


def escaped(value: Any) -> str:
    """A value as one argument of a command; braces doubled, since {port} is filled in later."""
    text = json.dumps(value) if isinstance(value, dict) else str(value)
    return text.replace("{", "{{").replace("}", "}}")
