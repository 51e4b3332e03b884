"""Requests by batches: what is gathered, found again, sent again, and told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from beam_synth.engines.anthropic import Anthropic
from beam_synth.engines.base import Completion, Request
from beam_synth.engines.batch_desk import Pace
from beam_synth.engines.batch_notes import decode_note, read_notes
from beam_synth.engines.batched import Batched, Place, pace_of
from beam_synth.engines.openai import OpenAI
from beam_synth.errors import Permanent, Refused, Stopped, TooLong, Transient, Unusable
from beam_synth.generation.budget import Ledger, read_spent
from beam_synth.generation.engine_registry import check_engine
from beam_synth.generation.stopping import Stop
from beam_synth.job.schema import Budget, GenerateSettings, Model
from beam_synth.storage.files import RunFolder
from tests.doubles.processes import PATIENCE
from tests.doubles.programs import FakePrompts
from tests.servers.fake_anthropic import Claude
from tests.servers.fake_batches import FakeAnthropicBatches, FakeOpenAIBatches, Service
from tests.servers.fake_openai import Behaviour

PROMPTS: Any = FakePrompts(None)
PACE = Pace(requests=1000, idle=0.1, poll=0.02, slowest=0.05)
SCHEMA = {"type": "object", "properties": {"say": {"type": "string"}}, "required": ["say"]}
REQUESTS = [
    Request("m/query", {"text": f"Thing {i} is here."}, SCHEMA, {"max_tokens": 50}, seed=i)
    for i in range(6)
]
Server = FakeOpenAIBatches | FakeAnthropicBatches


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", Claude().key)


@pytest.fixture(params=["openai", "anthropic"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    made: Server = FakeOpenAIBatches() if request.param == "openai" else FakeAnthropicBatches()
    with made:
        yield made


class Run:
    """A start of a run: its folder, its accounts, and whether it is asked to end."""

    def __init__(self, path: Path, attempt: str = "a", budget: Budget | None = None) -> None:
        self.folder = RunFolder(str(path))
        self.attempt = attempt
        self.reason: str | None = None
        stop = Stop(lambda: None, lambda reason, message: None)
        name = f"{attempt}-worker"
        self.ledger = Ledger(self.folder, name, stop, budget or Budget(), {}, 50)
        self.place = Place(self.folder, attempt, self.ledger, lambda: self.reason)

    @asynccontextmanager
    async def engine(self, server: Server, pace: Pace = PACE) -> AsyncIterator[Batched]:
        openai = isinstance(server, FakeOpenAIBatches)
        model = Model(
            engine="openai" if openai else "anthropic",
            model="fake-model",
            base_url=server.url,
            api_key="env:FAKE_KEY",
        )
        inner = (OpenAI if openai else Anthropic)(model, PROMPTS, PATIENCE)
        made = Batched(inner, pace, self.place)
        try:
            yield made
        finally:
            await made.close()

    def ask(self, server: Server, *requests: Request, pace: Pace = PACE) -> list[Any]:
        """The first completion, or the error, of each request; all are asked at once."""

        async def work() -> list[Any]:
            async with self.engine(server, pace) as engine:
                found = await asyncio.gather(
                    *(engine.generate(request) for request in requests), return_exceptions=True
                )
            return [each[0] if isinstance(each, list) else each for each in found]

        return asyncio.run(work())


def texts(found: list[Any]) -> list[str]:
    assert all(isinstance(each, Completion) for each in found), found
    return [each.text for each in found]


def test_requests_are_gathered_and_what_came_is_found_again(server: Server, tmp_path: Path) -> None:
    run = Run(tmp_path)
    first = run.ask(server, *REQUESTS)
    assert len(set(texts(first))) == len(REQUESTS) and len(server.service.batches) == 1
    assert read_spent(run.folder).calls["fake-model"] == len(REQUESTS)
    assert read_spent(run.folder).prompt_tokens.total() > 0
    again = Run(tmp_path, "b").ask(server, *REQUESTS[::-1])
    assert texts(again) == texts(first)[::-1] and len(server.service.batches) == 1
    assert read_spent(run.folder).calls["fake-model"] == len(REQUESTS)
    (note,) = read_notes(run.folder)
    assert (note.phase, note.requests, note.number) == ("ended", len(REQUESTS), 1)


def test_no_batch_is_larger_than_it_may_be(server: Server, tmp_path: Path) -> None:
    found = Run(tmp_path).ask(server, *REQUESTS, pace=Pace(4, 0.1, 0.02, 0.05))
    assert len(set(texts(found))) == len(REQUESTS)
    assert sorted(map(len, server.service.lines.values())) == [2, 4]


def test_the_same_request_asked_twice_is_sent_once(server: Server, tmp_path: Path) -> None:
    one, other = Run(tmp_path).ask(server, REQUESTS[0], REQUESTS[0])
    assert one == other and server.service.seen.total() == 1


def test_what_an_answer_was_lost_of_is_found_at_the_service(server: Server, tmp_path: Path) -> None:
    server.service.breaks["create"] = 1
    assert len(texts(Run(tmp_path).ask(server, *REQUESTS))) == len(REQUESTS)
    assert len(server.service.batches) == 1


def test_what_was_begun_and_never_came_there_is_forgotten(server: Server, tmp_path: Path) -> None:
    """A start that was killed before the service heard of its batch."""
    run = Run(tmp_path)
    server.service.hold = {"upload", "create"}

    async def killed() -> None:
        async with run.engine(server) as engine:
            task = asyncio.ensure_future(engine.generate(REQUESTS[0]))
            while not server.service.reached.total():
                await asyncio.sleep(0.01)
            task.cancel()

    asyncio.run(killed())
    (note,) = read_notes(run.folder)
    assert note.phase == "begun"
    for batches in (server.service.batches, server.service.lines):
        batches.clear()
    server.service.hold = set()
    assert read_spent(run.folder).calls["fake-model"] == 1
    found = Run(tmp_path, "b").ask(server, *REQUESTS[1:])
    assert len(texts(found)) == len(REQUESTS) - 1
    assert read_spent(run.folder).calls["fake-model"] == len(REQUESTS) - 1


def test_a_batch_that_is_gone_is_sent_again(server: Server, tmp_path: Path) -> None:
    server.service.polls = 10**6

    async def work() -> list[Completion]:
        async with Run(tmp_path).engine(server) as engine:
            task = asyncio.ensure_future(engine.generate(REQUESTS[0]))
            while not server.service.reached["poll"]:
                await asyncio.sleep(0.01)
            server.service.batches.clear()
            server.service.polls = 0
            with pytest.raises(Transient, match="not there any more"):
                await task
            return await engine.generate(REQUESTS[0])

    assert asyncio.run(work())


def test_a_stop_ends_every_wait(server: Server, tmp_path: Path) -> None:
    run = Run(tmp_path)
    server.service.polls = 10**6

    async def work() -> None:
        async with run.engine(server) as engine:
            tasks = [asyncio.ensure_future(engine.generate(each)) for each in REQUESTS]
            while not server.service.reached["poll"]:
                await asyncio.sleep(0.01)
            run.reason = "signal"
            for task in tasks:
                with pytest.raises(Stopped):
                    await task

    asyncio.run(work())
    assert [note.phase for note in read_notes(run.folder)] == ["sent"]
    server.service.polls = 0
    found = Run(tmp_path, "b").ask(server, *REQUESTS)
    assert len(texts(found)) == len(REQUESTS) and len(server.service.batches) == 1


def test_a_service_that_refuses_the_key_refuses_every_request(tmp_path: Path) -> None:
    with FakeOpenAIBatches(Behaviour(key="another")) as server:
        found = Run(tmp_path).ask(server, *REQUESTS)
        assert {type(each) for each in found} == {Unusable}
        assert read_notes(RunFolder(str(tmp_path))) == []
        assert not read_spent(RunFolder(str(tmp_path))).calls.total()


def test_too_much_at_once_is_sent_again_in_halves(tmp_path: Path) -> None:
    told = "Enqueued token limit reached for m. Please try again once some in_progress batches end."
    error = {"code": "token_limit_exceeded", "message": told, "line": None, "param": None}
    with FakeOpenAIBatches(service=Service(failures=[[error]])) as server:
        found = Run(tmp_path).ask(server, *REQUESTS)
        assert len(set(texts(found))) == len(REQUESTS)
        assert sorted(map(len, server.service.lines.values())) == [3, 3, 6]
        assert set(server.service.seen.values()) == {1}


def test_a_line_that_is_refused_fails_alone(tmp_path: Path) -> None:
    error = {"code": "invalid_request", "message": "Bad temperature.", "line": 2}
    with FakeOpenAIBatches(service=Service(failures=[[error]])) as server:
        found = Run(tmp_path).ask(server, *REQUESTS)
    kinds = [type(each) for each in found]
    assert kinds.count(Permanent) == 1 and kinds.count(Completion) == len(REQUESTS) - 1


def test_a_batch_that_is_refused_as_a_whole_says_why(tmp_path: Path) -> None:
    error = {"code": "model_not_found", "message": "The model `m` does not exist."}
    with FakeOpenAIBatches(service=Service(failures=[[error]])) as server:
        found = Run(tmp_path).ask(server, *REQUESTS)
    assert {type(each) for each in found} == {Unusable}


def test_errors_of_single_requests_keep_their_kind(tmp_path: Path) -> None:
    long = {"error": {"message": "too long", "code": "context_length_exceeded"}}
    spoils: dict[int, Any] = {0: (400, long), 1: (500, {"error": {"message": "boom"}})}
    with FakeOpenAIBatches(service=Service(spoils=spoils)) as server:
        found = Run(tmp_path).ask(server, *REQUESTS)
        assert [type(each) for each in found[:3]] == [TooLong, Transient, Completion]
        again = Run(tmp_path, "b").ask(server, *REQUESTS[:2])
        assert [type(each) for each in again] == [TooLong, Completion]  # what can differ is asked
        assert server.service.seen.total() == len(REQUESTS) + 1


def test_a_refused_form_is_asked_in_words_from_then_on(tmp_path: Path) -> None:
    refused = {"error": {"message": "unknown field response_format", "param": "response_format"}}
    spoils: dict[int, Any] = dict.fromkeys(range(len(REQUESTS)), (400, refused))
    with FakeOpenAIBatches(service=Service(spoils=spoils)) as server:
        found = Run(tmp_path).ask(server, *REQUESTS)
        assert len(set(texts(found))) == len(REQUESTS)
        last = list(server.service.lines.values())[-1]
        forms = {line["body"].get("response_format", {}).get("type") for line in last}
        assert forms < {"json_object", None} and server.service.seen.total() >= 2 * len(REQUESTS)


def test_another_batch_of_the_same_size_is_not_taken_for_ours(tmp_path: Path) -> None:
    """What Anthropic lists says neither whose a batch is nor what is in it."""
    with FakeAnthropicBatches() as server:
        run = Run(tmp_path)
        server.service.hold = {"create"}

        async def killed() -> None:
            async with run.engine(server) as engine:
                task = asyncio.ensure_future(engine.generate(REQUESTS[0]))
                while not server.service.reached["create"]:
                    await asyncio.sleep(0.01)
                task.cancel()

        asyncio.run(killed())
        server.of_another(1)  # begun later, and so listed first
        server.service.hold = set()
        found = Run(tmp_path, "b").ask(server, *REQUESTS[:2])
        assert len(texts(found)) == 2 and set(server.service.seen.values()) == {1}
        assert len(server.service.batches) == 3  # the killed one, another's, the second request's


def test_a_budget_counts_what_is_sent(server: Server, tmp_path: Path) -> None:
    run = Run(tmp_path, budget=Budget(calls=4))
    found = run.ask(server, *REQUESTS)
    kinds = [type(each) for each in found]
    assert kinds.count(Completion) == 4 and kinds.count(Stopped) == 2
    more = Run(tmp_path, "b", Budget(calls=5)).ask(server, *REQUESTS)
    kinds = [type(each) for each in more]
    assert kinds.count(Completion) == 5 and server.service.seen.total() == 5


def test_a_damaged_note_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = RunFolder(str(tmp_path))
    folder.write("_batches/x.json", b"{")
    assert read_notes(folder) == [] and "passed over" in caplog.text
    with pytest.raises(ValueError, match="not a note"):
        decode_note(b"[]")


def test_check_asks_whether_there_is_a_batch_service(server: Server, tmp_path: Path) -> None:
    def lines(url: str) -> str:
        openai = isinstance(server, FakeOpenAIBatches)
        model = Model(
            engine="openai" if openai else "anthropic",
            model="fake-model",
            base_url=url,
            api_key="env:FAKE_KEY",
            options={"batch": True},
        )
        work = check_engine("generator", model, GenerateSettings(), PROMPTS)
        return "\n".join(asyncio.run(work).lines)

    assert "requests go to its batch service" in lines(server.url)
    for path in ("/v1/batches", "/v1/messages/batches"):
        server._getters.pop(path, None)
    bare = FakeOpenAIBatches() if isinstance(server, FakeOpenAIBatches) else FakeAnthropicBatches()
    for path in ("/v1/batches", "/v1/messages/batches"):
        bare._getters.pop(path, None)
    with bare, pytest.raises(Refused, match=r"generator: options\.batch: there is no batch"):
        lines(bare.url)


def test_what_a_job_says_wrong_of_batches_is_refused() -> None:
    assert pace_of({"batch": {"idle": 0}}) == Pace(idle=0)
    for said, why in (
        ("yes", "true or a mapping"),
        ({"size": 3}, r"options\.batch\.size: unknown option"),
        ({"requests": 0}, "a number from 1 on"),
        ({"poll": True}, "a number from 0 on"),
    ):
        with pytest.raises(Refused, match=why):
            pace_of({"batch": said})
    urls = ["http://a/v1", "http://b/v1"]
    with pytest.raises(Refused, match="one address"):
        OpenAI(Model(engine="openai", model="m", base_url=urls), PROMPTS, 1.0).batch_service()
    with pytest.raises(Refused, match="unknown option"):
        model = Model(engine="openai", model="m", base_url=urls, options={"batch": True})
        OpenAI(model, PROMPTS, 1.0, dialect="vllm")


def test_a_service_that_cannot_be_asked_is_told_to_all_who_wait_at_once(tmp_path: Path) -> None:
    """What a former start began has to be looked for before anything is sent."""
    with FakeOpenAIBatches(Behaviour(key=Claude().key)) as server:
        run = Run(tmp_path)
        server.service.hold = {"create"}

        async def killed() -> None:
            async with run.engine(server) as engine:
                task = asyncio.ensure_future(engine.generate(REQUESTS[0]))
                while not server.service.reached["create"]:
                    await asyncio.sleep(0.01)
                task.cancel()

        asyncio.run(killed())
        server.service.hold = set()
        server.service.breaks["list"] = 1000
        found = Run(tmp_path, "b").ask(server, *REQUESTS)
        assert {type(each) for each in found} == {Transient}
        assert server.service.reached["list"] <= 2 * 8  # not as often for each who waits
        server.service.breaks.clear()
        assert len(texts(Run(tmp_path, "c").ask(server, *REQUESTS))) == len(REQUESTS)
        assert set(server.service.seen.values()) == {1}


def test_who_waits_for_a_batch_that_cannot_be_asked_for_hears_of_it_and_asks_again(
    tmp_path: Path,
) -> None:
    """The key is refused while a batch is under way: nothing is sent twice for that."""
    with FakeAnthropicBatches(service=Service(polls=10**6)) as server:
        run = Run(tmp_path)

        async def work() -> list[Any]:
            async with run.engine(server) as engine:
                tasks = [asyncio.ensure_future(engine.generate(each)) for each in REQUESTS]
                while not server.service.reached["poll"]:
                    await asyncio.sleep(0.01)
                server.service.refuses = True
                found = await asyncio.gather(*tasks, return_exceptions=True)
                assert {type(each) for each in found} == {Unusable}
                server.service.refuses, server.service.polls = False, 0
                return await asyncio.gather(*(engine.generate(each) for each in REQUESTS))

        assert len(asyncio.run(work())) == len(REQUESTS)
        assert len(server.service.batches) == 1


def test_a_full_disk_is_no_fault_of_a_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: RunFolder, name: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with FakeOpenAIBatches(Behaviour(key=Claude().key)) as server:
        with monkeypatch.context() as patch:
            patch.setattr(RunFolder, "write", full)
            found = Run(tmp_path).ask(server, *REQUESTS)
        assert {type(each) for each in found} == {Transient} and "No space" in str(found[0])
        assert not server.service.batches
        assert len(texts(Run(tmp_path, "b").ask(server, *REQUESTS))) == len(REQUESTS)
