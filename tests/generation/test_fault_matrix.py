"""Every way in which an endpoint fails, at every time: which tasks end, and how.

A worker does a batch against a server that fails, then, where tasks are left, starts again with one
that has healed. Nothing is paid for in vain: no task fails whose endpoint failed all, and what is
made is what a run without a fault makes.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest

from beam_synth.drawing import Draw
from beam_synth.generation import roles
from beam_synth.generation.calls import Policy
from beam_synth.generation.roles import policy_of
from beam_synth.generation.worker import Runtime
from beam_synth.job.schema import GenerateSettings, Model
from tests.doubles import programs
from tests.servers.fake_openai import Behaviour, FakeOpenAI

Odd = Callable[[int, Draw], tuple[int, Any] | None]
N = 120
TASKS = programs.tasks_of(programs.passages(N), "two_calls")
LATE = 30  # the number of the call from which on an endpoint fails
SHARE = 0.3


def said(message: str, **fields: Any) -> dict[str, Any]:
    return {"error": {"message": message, **fields}}


_CHOICE = {"index": 0, "message": {"role": "assistant", "content": ""}, "finish_reason": "error"}
SERVICE = {  # money, key, model: of the whole service
    "401": (401, said("Incorrect API key provided", code="invalid_api_key")),
    "402": (402, said("Insufficient Balance", type="unknown_error")),
    "403": (403, said("Your account is suspended")),
    "404": (404, said("The model `m` does not exist", code="model_not_found")),
    "410": (410, said("gone")),
    "429 quota": (429, said("Top up.", type="insufficient_quota")),
    "400 budget": (400, said("Budget has been exceeded!", type="budget_exceeded")),
    "400 credit": (400, said("Your credit balance is too low to access the API")),
    "500 key": (500, said("litellm.AuthenticationError: invalid api key", code=500)),
    "200 money": (200, said("Insufficient credits.", code=402)),
}
UNCLEAR = {  # of the request, or of the service
    "400": (400, said("made to fail with 400")),
    "400 bare": (400, b""),
    "400 list": (400, [said("Unknown name", status="INVALID_ARGUMENT")]),
    "409": (418, said("teapot")),
    "422": (422, {"detail": [{"loc": ["body", "x"], "msg": "wrong", "type": "value_error"}]}),
    "403 page": (403, b"<html><title>Attention Required!</title></html>"),
}
PASSING = {  # a later try may succeed
    "408": (408, said("timed out")),
    "429": (429, said("Rate limit reached, try again")),
    "500": (500, said("EngineCore encountered an issue")),
    "502 page": (502, b"<html><title>502 Bad Gateway</title></html>"),
    "503": (503, said("Loading model")),
    "529": (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Over"}}),
    "200 provider": (200, said("Provider returned error", code=502)),
    "200 choice": (200, {"choices": [{**_CHOICE, "error": {"code": 429, "message": "slow"}}]}),
    "200 no choices": (200, {"choices": []}),
    "200 no JSON": (200, b'{"choices": [{"mess'),
    "200 page": (200, b"<html><title>Sign in</title></html>"),
}
LONG = {
    "400": (400, said("This model's maximum context length is 10 tokens", code=400)),
    "413": (413, said("Request too large")),
    "500": (500, said("Context size has been exceeded.", type="server_error")),
    "200": (200, said("the request exceeds the available context size", code=400)),
    "422": (422, {"error": "`inputs` tokens + `max_new_tokens` must be <= 10"}),
}
FILTERED = {
    "400": (400, said("The response was filtered", code="content_filter")),
    "403": (403, said("Input was flagged", code=403)),
    "200": (200, {"choices": [{"index": 0, "finish_reason": "content_filter", "message": {}}]}),
}
KINDS: dict[str, dict[str, tuple[int, Any]]] = {
    "service": SERVICE,
    "unclear": UNCLEAR,
    "passing": PASSING,
    "context_too_long": LONG,
    "content_refused": FILTERED,
}


def never(number: int, draw: Draw) -> None:
    return None


def first(number: int, draw: Draw) -> bool:
    return number == 1


def some(number: int, draw: Draw) -> bool:
    return Draw("some", number).uniform() < SHARE


def poison(number: int, draw: Draw) -> bool:
    return draw.uniform() < SHARE / 3  # a request of these fails at each try


def late(number: int, draw: Draw) -> bool:
    return number >= LATE


def always(number: int, draw: Draw) -> bool:
    return True


WHEN = (first, some, poison, late, always)


@dataclasses.dataclass
class Start:
    """What one start of the run came to."""

    counts: Counter[str]  # by kind, and by reason
    stops: dict[str, str]  # what was told in _stop/
    requests: int


async def no_sleep(seconds: float) -> None:
    return None


def start(run: Path, attempt: str, odd: Odd | None = None) -> Start:
    """One start of the run over all its tasks; a stop of an earlier one is taken back."""
    for file in (run / "_stop").glob("*"):
        file.unlink()
    with FakeOpenAI(Behaviour(odd=odd or never)) as server:
        model = Model(engine="openai", model="fake-model", base_url=server.url)
        settings = GenerateSettings(window=8, max_attempts=4)
        config = programs.config_of(model, run=str(run), generate=settings, attempt=attempt)
        config = dataclasses.replace(config, passage_buckets=programs.PASSAGE_BUCKETS)
        policy: Policy = dataclasses.replace(policy_of(config), backoff=0.0)
        runtime = Runtime(config, policy, sleep=no_sleep)
        try:
            result = runtime.process(TASKS)
        finally:
            runtime.close()
    counts: Counter[str] = Counter()
    for (_, kind, reason), n in result.counts:
        counts[reason or kind] += n
    told = {file.name: file.read_text() for file in (run / "_stop").glob("*")}
    return Start(counts, told, server.stats["requests"])


def made(run: Path) -> dict[str, Any]:
    """The records of each task that made some."""
    bodies = {}
    for path in run.glob("_completed/*/*.parquet"):
        for row in pq.read_table(path).to_pylist():
            outcome = orjson.loads(row["outcome"])
            if outcome["kind"] == "made":
                bodies[row["task_id"]] = outcome["records"]
    return bodies


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(roles, "Prompts", programs.FakePrompts)
    programs.write_run(tmp_path, programs.passages(N))
    return tmp_path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The records of a run that meets no fault."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(roles, "Prompts", programs.FakePrompts)
        path = tmp_path_factory.mktemp("whole")
        programs.write_run(path, programs.passages(N))
        assert start(path, "a").counts["passed"] == N
    return made(path)


def cases(*kinds: str) -> list[Any]:
    return [
        pytest.param(kind, *KINDS[kind][name], when, id=f"{kind} {name} {when.__name__}")
        for kind in kinds
        for name in KINDS[kind]
        for when in WHEN
    ]


def odd(status: int, body: Any, when: Callable[[int, Draw], bool]) -> Odd:
    return lambda number, draw: (status, body) if when(number, draw) else None


def heals(run: Path, whole: dict[str, Any]) -> None:
    """A later start with a healed endpoint makes what a run without a fault makes."""
    assert start(run, "healed").counts == Counter({"in": N, "passed": N, "out": N})
    assert made(run) == whole


@pytest.mark.parametrize(("kind", "status", "body", "when"), cases("service"))
def test_a_refusal_of_the_service_stops_the_run(
    kind: str, status: int, body: Any, when: Callable[[int, Draw], bool],
    run: Path, whole: dict[str, Any],
) -> None:  # fmt: skip
    """Whenever it comes first; no task has failed."""
    ended = start(run, "a", odd(status, body, when))
    assert set(ended.stops) == {"service"}
    assert ("status 402" if status == 200 else f"status {status}") in ended.stops["service"]
    assert ended.counts["unfinished"] == N - ended.counts["passed"] > 0
    assert ended.counts["failed"] == 0
    heals(run, whole)


@pytest.mark.parametrize(("kind", "status", "body", "when"), cases("unclear"))
def test_an_unclear_refusal_is_final_where_others_are_served(
    kind: str, status: int, body: Any, when: Callable[[int, Draw], bool],
    run: Path, whole: dict[str, Any],
) -> None:  # fmt: skip
    """And stops the run where they are not."""
    ended = start(run, "a", odd(status, body, when))
    assert sum(ended.counts[key] for key in ("passed", "engine_error", "unfinished")) == N
    if when in (late, always):
        assert "status" in ended.stops["refusals"] and not ended.counts["engine_error"]
        assert ended.counts["unfinished"] > 0
        heals(run, whole)
        return
    assert not ended.stops and not ended.counts["unfinished"]
    assert 1 <= ended.counts["engine_error"] <= 0.7 * N
    assert made(run).items() <= whole.items()
    assert start(run, "b").requests == 0  # it is finished


@pytest.mark.parametrize(("kind", "status", "body", "when"), cases("passing"))
def test_what_passes_is_tried_again(
    kind: str, status: int, body: Any, when: Callable[[int, Draw], bool],
    run: Path, whole: dict[str, Any],
) -> None:  # fmt: skip
    """A dead endpoint stops the run; a request that fails each time fails in the second start."""
    ended = start(run, "a", odd(status, body, when))
    assert not ended.counts["failed"]
    if when in (late, always):
        assert set(ended.stops) == {"breaker"} and ended.counts["unfinished"] > 0
        heals(run, whole)
    elif when is poison:
        left = ended.counts["unfinished"]
        assert not ended.stops and 0 < left < 0.4 * N
        again = start(run, "b", odd(status, body, when))
        assert not again.stops and again.counts["endpoint_refuses_task"] == left
        assert again.counts["passed"] == N - left
        assert made(run).items() <= whole.items()
        assert start(run, "c").requests == 0
    elif ended.counts["unfinished"]:  # four tries of 30% each, twice
        assert ended.counts["unfinished"] < 0.05 * N
        heals(run, whole)
    else:
        assert made(run) == whole


@pytest.mark.parametrize(
    ("kind", "status", "body", "when"), cases("context_too_long", "content_refused")
)
def test_what_is_wrong_with_a_request_counts_towards_no_bound(
    kind: str, status: int, body: Any, when: Callable[[int, Draw], bool],
    run: Path, whole: dict[str, Any],
) -> None:  # fmt: skip
    """However many they are, each task ends as what it is."""
    ended = start(run, "a", odd(status, body, when))
    assert not ended.stops and not ended.counts["unfinished"]
    assert ended.counts[kind] == N - ended.counts["passed"] > 0
    assert (ended.counts["passed"] == 0) == (when is always)
    assert made(run).items() <= whole.items()


def test_more_errors_than_answers_stop_the_run(run: Path, whole: dict[str, Any]) -> None:
    """Never ten in a row, but two of three: the commonest is shown."""
    body = said("worker 17 broke down")
    ended = start(run, "a", lambda number, draw: (400, body) if number % 3 else None)
    assert set(ended.stops) == {"error_rate"}
    told = ended.stops["error_rate"]
    assert "calls failed, most of them so: " in told and "worker 17 broke down" in told
    heals(run, whole)


def test_a_task_fails_only_after_starts_that_served_others(
    run: Path, whole: dict[str, Any]
) -> None:
    """Starts with a dead endpoint count for nothing, however many they are."""
    poisoned = odd(500, said("crashed"), poison)
    left = start(run, "a", poisoned).counts["unfinished"]
    for attempt in ("b", "c", "d"):
        dead = start(run, attempt, odd(500, said("down"), always))
        assert dead.counts["unfinished"] == left and not dead.counts["failed"]
    assert start(run, "e", poisoned).counts["endpoint_refuses_task"] == left
    assert made(run).items() <= whole.items()
