"""An OpenAI-compatible endpoint for tests and benchmarks: one event loop, no model.

Answers depend on the request alone; so do faults, on the request and the number of its try.

    python -m tests.servers.fake_openai --port 8000 --latency 0.05 --fault status_500=0.1
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import math
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from statistics import NormalDist
from types import TracebackType
from typing import Any, Self

import orjson
from aiohttp import web

from beam_synth.drawing import Draw, digest
from tests.servers.answers import answer

PROBE = b"Answer with the word yes."
FAULTS = (
    "status_429",  # with Retry-After
    "status_429_bare",
    "status_500",
    "reset",  # the connection is cut
    "hang",  # nothing comes for `hang` seconds
    "drip",  # the answer comes a few bytes at a time
    "truncated",  # half of the JSON document
    "wrong_schema",  # an object of another schema
    "not_json",  # prose where an object was asked for
    "no_choices",
    "status_400",
)


@dataclasses.dataclass
class Behaviour:
    """What the endpoint does."""

    latency: float = 0.0  # seconds, the median
    sigma: float = 0.0  # of the log-normal latency; 0 is fixed
    faults: dict[str, float] = dataclasses.field(default_factory=dict)  # shares of the tries
    retry_after: float = 0.05  # seconds
    hang: float = 60.0
    models: tuple[str, ...] = ("fake-model",)
    key: str | None = None  # that callers have to bring
    structured: bool = True  # whether it knows response_format
    context: int | None = None  # words of a prompt at most
    completion_tokens: int | None = None  # told of each choice; None: the words of its text
    # what is said to a prompt (system and first user message); None: as `answers` has it
    says: Callable[[str], str | None] = lambda prompt: None
    # whose way of token ids it has, "vllm", "llamacpp" or none; a token is a byte of UTF-8
    tokens: str = "vllm"
    many: bool = True  # whether it gives several answers to a request
    logprobs: bool = True
    thinks: str = ""  # where it says what it thinks: "reasoning", "reasoning_content" or "tags"
    # What a request gets in place of an answer: status and body (JSON, text or bytes) by its
    # number, from 1, and a draw of its own body (the same at each try).
    odd: Callable[[int, Draw], tuple[int, Any] | None] = lambda number, draw: None
    # What is said to a request that is refused, by its body: status and body, or None.
    refuses: Callable[[dict[str, Any]], tuple[int, Any] | None] = lambda asked: None
    lists: Callable[[], tuple[int, bytes]] | None = None  # what /models says in place of `models`
    # the body that is sent for a document, by a draw of the request and its try; None: as it is
    sends: Callable[[dict[str, Any], Draw], bytes] | None = None
    most: int | None = None  # requests that are answered; later ones wait until it is raised


class FakeOpenAI:
    """The endpoint on 127.0.0.1, in a thread of its own; a context manager.

    with FakeOpenAI(Behaviour(latency=0.05)) as server:
        server.url  # http://127.0.0.1:PORT/v1
    """

    def __init__(self, behaviour: Behaviour | None = None, port: int = 0) -> None:
        self.behaviour = behaviour or Behaviour()
        self.stats: Counter[str] = Counter()
        self.requests: list[dict[str, Any]] = []  # the last ones, at most 1,000
        self.heard: list[dict[str, Any]] = []  # path, query and headers of these, and of lists
        self.in_flight = 0
        self._tries: Counter[str] = Counter()
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._handlers: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
            "/v1/chat/completions": self._counted,
            "/v1/completions": self._counted,
            "/tokenize": self._tokenize,
            "/detokenize": self._detokenize,
            "/apply-template": self._apply_template,
        }
        self._getters: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
            "/v1/models": self._models,
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> Self:
        # Client and server share an interpreter: hand it over at once, not after 5 ms.
        self._interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-4)
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        sys.setswitchinterval(self._interval)
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=64 << 20)
        for path, handler in self._handlers.items():
            app.router.add_post(path, handler)
        for path, handler in self._getters.items():
            app.router.add_get(path, handler)
        app.router.add_get("/stats", self._stats)
        app.router.add_get("/health", self._health)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        await self._runner.cleanup()
        # Requests of callers that are gone are answered still, and known to nobody.
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _hear(self, request: web.Request) -> None:
        heard = {"query": dict(request.query), "headers": dict(request.headers)}
        self.heard.append({"path": request.path, **heard})

    async def _models(self, request: web.Request) -> web.StreamResponse:
        self._hear(request)
        if (refused := self._unauthorised(request)) is not None:
            return refused
        if self.behaviour.lists is not None:
            status, body = self.behaviour.lists()
            return web.Response(status=status, body=body)
        data = [{"id": name, "object": "model"} for name in self.behaviour.models]
        return json_response({"object": "list", "data": data})

    async def _stats(self, request: web.Request) -> web.StreamResponse:
        return json_response(dict(self.stats))

    async def _health(self, request: web.Request) -> web.StreamResponse:
        return web.Response()

    async def _tokenize(self, request: web.Request) -> web.StreamResponse:
        asked, llama = orjson.loads(await request.read()), self.behaviour.tokens == "llamacpp"
        if not self.behaviour.tokens:
            return json_response({"error": {"message": "Not Found"}}, 404)
        if llama:  # it knows no other field, and finds nothing to tokenize without it
            return json_response({"tokens": list(asked.get("content", "").encode())})
        text = asked["prompt"] if "prompt" in asked else _templated(asked["messages"])
        ids = list(text.encode())
        return json_response({"count": len(ids), "max_model_len": 8192, "tokens": ids})

    async def _detokenize(self, request: web.Request) -> web.StreamResponse:
        if not self.behaviour.tokens:
            return json_response({"error": {"message": "Not Found"}}, 404)
        text = _bytes_text(orjson.loads(await request.read())["tokens"])
        return json_response({"content" if self.behaviour.tokens == "llamacpp" else "prompt": text})

    async def _apply_template(self, request: web.Request) -> web.StreamResponse:
        if self.behaviour.tokens != "llamacpp":
            return json_response({"error": {"message": "Not Found"}}, 404)
        return json_response({"prompt": _templated(orjson.loads(await request.read())["messages"])})

    def _unauthorised(self, request: web.Request) -> web.StreamResponse | None:
        key = self.behaviour.key
        given = request.headers.get("Authorization", "")
        if key is None or given == f"Bearer {key}":
            return None
        return json_response({"error": {"message": f"Incorrect API key provided: {given}"}}, 401)

    async def _counted(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.in_flight += 1
        # A run asks its endpoint once before it begins, which is none of its tasks' calls.
        self.stats["probes" if PROBE in body else "requests"] += 1
        self.stats["most_in_flight"] = max(self.stats["most_in_flight"], self.in_flight)
        try:
            return await self._answer(request, body)
        finally:
            self.in_flight -= 1

    async def _answer(self, request: web.Request, body: bytes) -> web.StreamResponse:
        number = self.stats["requests"]
        while self.behaviour.most is not None and number > self.behaviour.most:
            await asyncio.sleep(0.01)
        key = digest(body)
        tries = self._tries[key]
        self._tries[key] += 1
        self.stats["repeated"] += tries > 0
        if (refused := self._unauthorised(request)) is not None:
            return refused
        asked = orjson.loads(body)
        if len(self.requests) < 1000:
            self.requests.append(asked)
            self._hear(request)
        if (odd := self.behaviour.odd(number, Draw("odd", key))) is not None:
            self.stats["odd"] += 1
            status, told = odd
            data = told if isinstance(told, bytes) else orjson.dumps(told)
            return web.Response(body=data, status=status, content_type="application/json")
        if (told_off := self.behaviour.refuses(asked)) is not None:
            self.stats["refused"] += 1
            return json_response(told_off[1], told_off[0])
        draw = Draw("fake", key, tries)
        if (fault := self._fault(draw)) is not None:
            self.stats[fault] += 1
        await asyncio.sleep(self._latency(draw))
        if asked["model"] not in self.behaviour.models:
            return json_response({"error": {"message": f"model {asked['model']} not found"}}, 404)
        if (refused := self._refused(asked)) is not None:
            return refused
        if "response_format" in asked and not self.behaviour.structured:
            return json_response({"error": {"message": "unknown field response_format"}}, 400)
        if asked.get("n", 1) > 1 and not self.behaviour.many:  # as llama.cpp says it
            return json_response(
                {"error": {"message": "Only one completion choice is allowed"}}, 500
            )
        if not self.behaviour.logprobs:
            asked.pop("logprobs", None)
        if (long := self._too_long(asked)) is not None:
            return long
        document = self._document(asked, key, fault)
        if fault is None and self.behaviour.sends is not None:
            self.stats["answered"] += 1
            body = self.behaviour.sends(document, Draw("sends", key, tries))
            return web.Response(body=body, content_type="application/json")
        return await self._send(request, fault, document)

    def _refused(self, asked: dict[str, Any]) -> web.StreamResponse | None:
        """What this endpoint, which takes all fields, tells of those that it does not take."""
        return None

    def _document(self, asked: dict[str, Any], key: str, fault: str | None) -> dict[str, Any]:
        return completed(asked, key, fault, self.behaviour)

    def _too_long(self, asked: dict[str, Any]) -> web.StreamResponse | None:
        most, n = self.behaviour.context, _prompt_tokens(asked)
        if most is None or n <= most:
            return None
        message = f"This model's maximum context length is {most} tokens, you asked for {n}."
        return json_response({"error": {"message": message, "code": 400}}, 400)

    def _fault(self, draw: Draw) -> str | None:
        at = draw.uniform()
        for name, share in self.behaviour.faults.items():
            if at < share:
                return name
            at -= share
        return None

    def _latency(self, draw: Draw) -> float:
        behaviour = self.behaviour
        if not behaviour.sigma:
            return behaviour.latency
        at = min(max(draw.uniform(), 1e-9), 1 - 1e-9)
        return behaviour.latency * math.exp(behaviour.sigma * NormalDist().inv_cdf(at))

    async def _send(
        self, request: web.Request, fault: str | None, document: dict[str, Any]
    ) -> web.StreamResponse:
        if fault is not None and fault.startswith("status_"):
            headers = {"Retry-After": str(self.behaviour.retry_after)}
            status = int(fault.split("_")[1])
            return json_response(
                {"error": {"message": f"made to fail with {status}"}},
                status,
                headers if fault == "status_429" else None,
            )
        if fault == "hang":
            await asyncio.sleep(self.behaviour.hang)
        if fault == "reset" or (fault == "hang" and request.transport is not None):
            request.transport.abort()  # type: ignore[union-attr]
        if fault == "no_choices":
            document["choices"] = []
        data = orjson.dumps(document)
        if fault == "truncated":
            data = data[: len(data) // 2]
        if fault == "drip":
            return await self._drip(request, data)
        self.stats["answered"] += 1
        return web.Response(body=data, content_type="application/json")

    async def _drip(self, request: web.Request, data: bytes) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for start in range(0, len(data), max(1, len(data) // 5)):
            await response.write(data[start : start + max(1, len(data) // 5)])
            await asyncio.sleep(0.002)
        await response.write_eof()
        self.stats["answered"] += 1
        return response


def completed(
    asked: dict[str, Any], key: str, fault: str | None, behaviour: Behaviour
) -> dict[str, Any]:
    """The answer to a request, of chats or of completions."""
    chats = "messages" in asked
    users = [_content(m) for m in asked["messages"] if m["role"] == "user"] if chats else []
    users = users or [_prompt_text(asked.get("prompt", ""))]
    form = asked.get("response_format")
    by_form = form["json_schema"]["schema"] if form and "json_schema" in form else None
    schema = by_form or _schema_in_words(users)
    scripted = behaviour.says(_opening(asked)) if chats and fault is None else None
    texts = [
        scripted or _text(users[0], schema, Draw("answer", key, i), fault)
        for i in range(asked.get("n", 1))
    ]
    tokens = [behaviour.completion_tokens or len(text.split()) for text in texts]
    prompt, made = _prompt_tokens(asked), sum(tokens)
    usage = {"prompt_tokens": prompt, "completion_tokens": made, "total_tokens": prompt + made}
    choices = [_choice(i, text, asked, behaviour) for i, text in enumerate(texts)]
    return {
        "id": key,
        "object": "chat.completion" if chats else "text_completion",
        "created": 0,
        "model": asked.get("model", ""),
        "choices": choices,
        "usage": usage,
    }


def _opening(asked: dict[str, Any]) -> str:
    """The messages up to the first one of the user."""
    told: list[str] = []
    for message in asked["messages"]:
        told.append(_content(message))
        if message["role"] == "user":
            break
    return "\n".join(told)


def _text(prompt: str, schema: dict[str, Any] | None, draw: Draw, fault: str | None) -> str:
    if fault == "wrong_schema":
        return '{"something": "else"}'
    if fault == "not_json":
        return "I would rather talk about something else."
    value = answer(prompt, schema, draw)
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _choice(index: int, text: str, asked: dict[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    choice: dict[str, Any] = {"index": index, "finish_reason": "stop"}
    words = text.split()
    if isinstance(asked.get("prompt"), list):
        return {**choice, **_continuation(text, asked, behaviour.tokens == "llamacpp")}
    if "messages" in asked:
        choice["message"] = {"role": "assistant", **_thinking(text, behaviour.thinks)}
        if asked.get("logprobs"):
            choice["logprobs"] = {"content": [{"token": w, "logprob": -0.5} for w in words]}
    else:
        choice["text"] = text
        if asked.get("logprobs"):
            choice["logprobs"] = {"tokens": words, "token_logprobs": [-0.5] * len(words)}
    if asked.get("return_token_ids"):
        choice["token_ids"] = list(range(len(words)))
    return choice


def _continuation(text: str, asked: dict[str, Any], llama: bool) -> dict[str, Any]:
    """A choice that goes on from token ids."""
    every = list(text.encode())
    ids = every[: asked.get("max_tokens", 16)]
    made: dict[str, Any] = {
        "text": _bytes_text(ids),
        "finish_reason": "stop" if ids == every else "length",
    }
    if "logprobs" in asked and llama:
        made["logprobs"] = {"content": [{"id": token, "logprob": -0.5} for token in ids]}
    elif "logprobs" in asked:
        made["logprobs"] = {"token_logprobs": [-0.5] * len(ids)}
    return made if llama else {**made, "token_ids": ids}


def _thinking(text: str, where: str) -> dict[str, str]:
    """A message's fields, with a thought where the endpoint has it."""
    if where == "tags":
        return {"content": f"<think>\nI think.\n</think>\n\n{text}"}
    return {"content": text, **({where: "I think."} if where else {})}


def _templated(messages: list[dict[str, Any]]) -> str:
    """Messages by the model's chat template."""
    turns = "".join(f"[{message['role']}]{_content(message)}\n" for message in messages)
    return f"{turns}[assistant]"


def _prompt_text(prompt: str | list[int]) -> str:
    return prompt if isinstance(prompt, str) else _bytes_text(prompt)


def _bytes_text(ids: list[int]) -> str:
    return bytes(ids).decode("utf-8", "replace")


def _prompt_tokens(asked: dict[str, Any]) -> int:
    if "prompt" in asked:
        return len(_prompt_text(asked["prompt"]).split())
    return sum(len(_content(message).split()) for message in asked.get("messages", ()))


def _content(message: dict[str, Any]) -> str:
    """A message's text, which may come in parts."""
    content = message["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def _schema_in_words(users: list[str]) -> dict[str, Any] | None:
    """The schema that a prompt holds where the endpoint knows no response_format."""
    for text in users:
        if "object of this schema: " in text:
            schema: dict[str, Any] = orjson.loads(text.partition("object of this schema: ")[2])
            return schema
    return None


def json_response(
    data: Any, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    return web.Response(
        body=orjson.dumps(data), status=status, headers=headers, content_type="application/json"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--sigma", type=float, default=0.0)
    parser.add_argument("--fault", action="append", default=[], metavar="NAME=SHARE")
    arguments = parser.parse_args()
    faults = {name: float(share) for name, share in (f.split("=") for f in arguments.fault)}
    if unknown := faults.keys() - set(FAULTS):
        parser.error(f"unknown faults: {', '.join(unknown)}; known: {', '.join(FAULTS)}")
    behaviour = Behaviour(latency=arguments.latency, sigma=arguments.sigma, faults=faults)
    with FakeOpenAI(behaviour, arguments.port) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
