"""The engine `vllm`: one supervised server a host, restarted, explained, and never left behind."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from beam_synth.engines import servers, supervisor
from beam_synth.engines.base import Request
from beam_synth.engines.supervisor import read_state
from beam_synth.engines.vllm import Vllm, serve_command
from beam_synth.errors import Refused, Transient, Unusable
from beam_synth.job.schema import Model
from tests.doubles.engines import closing
from tests.doubles.owned_servers import leave_servers
from tests.doubles.processes import PATIENCE, running, wait_until
from tests.doubles.programs import FakePrompts
from tests.paths import ROOT
from tests.servers.fake_openai import Behaviour, FakeOpenAI

PROMPTS: Any = FakePrompts(None)
REQUEST = Request("m/query", {"text": "One thing is here. Another thing is there."}, seed=7)


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Servers of this test only, in its folder; the fake one in place of vLLM."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("beam_synth.engines.vllm._MODULE", "tests.servers.fake_vllm")
    monkeypatch.setattr("beam_synth.engines.vllm._FIND", "")
    monkeypatch.chdir(ROOT)
    yield
    leave_servers(tmp_path)


def engine(tmp_path: Path, linger: float = 30.0, **flags: Any) -> Vllm:
    options = {"flags": {"starts": str(tmp_path / "starts"), **flags}, "linger": linger}
    return Vllm(Model(engine="vllm", model="tiny", options=options), PROMPTS, 5.0)


def starts(tmp_path: Path) -> list[int]:
    return [int(line) for line in (tmp_path / "starts").read_text().split()]


async def ask(made: Vllm) -> str:
    """One call, tried again while the server comes back."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return (await made.generate(REQUEST))[0].text
            except Transient:
                await asyncio.sleep(0.05)


async def once(made: Vllm) -> str:
    """One call by an engine that is closed after it."""
    async with closing(made):
        return await ask(made)


def group_of(tmp_path: Path) -> int:
    (folder,) = tmp_path.glob("beam-synth-*/*")
    state = read_state(folder)
    assert state is not None
    return state.group


def wait_until_gone(group: int) -> None:
    wait_until(lambda: not supervisor._alive(group), f"no process of group {group} is left")


def test_engines_of_a_host_share_one_server_and_it_ends_after_the_last_client(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        made = [engine(tmp_path, linger=0.5, slow=0.3) for _ in range(3)]
        assert len({*await asyncio.gather(*map(once, made))}) == 1

    asyncio.run(work())
    assert len(starts(tmp_path)) == 1
    group = group_of(tmp_path)
    time.sleep(1.0)
    assert supervisor._alive(group)  # this process is a client still
    servers.leave()
    wait_until_gone(group)
    (process,) = servers._SUPERVISORS
    assert process.wait(PATIENCE) == 0


def test_a_second_process_uses_the_same_server(tmp_path: Path) -> None:
    asyncio.run(once(engine(tmp_path)))
    other = (
        "import asyncio, sys, pathlib\n"
        "from beam_synth.engines import vllm\n"
        f"from {__name__} import engine, once\n"
        "vllm._MODULE = 'tests.servers.fake_vllm'\n"
        "print(asyncio.run(once(engine(pathlib.Path(sys.argv[1])))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", other, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert len(starts(tmp_path)) == 1


def test_a_server_that_dies_comes_back(tmp_path: Path) -> None:
    async def work() -> None:
        async with closing(engine(tmp_path)) as made:
            first = await ask(made)
            os.killpg(group_of(tmp_path), signal.SIGKILL)
            assert await ask(made) == first

    asyncio.run(work())
    assert len(starts(tmp_path)) == 2


def test_restarts_are_bounded_and_the_log_is_shown(tmp_path: Path) -> None:
    async def work() -> None:
        async with closing(engine(tmp_path, **{"die-after": 1})) as made:
            while True:
                await ask(made)

    with pytest.raises(Unusable, match="the server ended 4 times"):
        asyncio.run(work())
    assert len(starts(tmp_path)) == 4


def test_a_wrong_flag_shows_the_end_of_the_log_at_once(tmp_path: Path) -> None:
    async def work() -> None:
        for _ in range(3):  # nobody else tries what has just failed
            async with closing(engine(tmp_path, wrong_flag=True)) as made:
                with pytest.raises(Refused, match="unrecognized arguments: --wrong-flag"):
                    await made.probe()

    asyncio.run(work())
    assert len(starts(tmp_path)) == 1


def test_a_killed_supervisor_takes_its_server_along_and_another_one_starts(tmp_path: Path) -> None:
    asyncio.run(once(engine(tmp_path)))
    group = group_of(tmp_path)
    servers._SUPERVISORS[0].kill()
    servers._SUPERVISORS[0].wait()
    wait_until(lambda: not running(group), "the server ends with its supervisor")
    assert asyncio.run(once(engine(tmp_path)))
    assert group_of(tmp_path) != group
    wait_until_gone(group)


def test_an_attached_server_is_only_spoken_to() -> None:
    with FakeOpenAI(Behaviour(models=("tiny",))) as server:
        made = Vllm(Model(engine="vllm", model="tiny", base_url=server.url), PROMPTS, 5.0)

        async def work() -> str:
            async with closing(made):
                assert await made.probe() == "answers, has the model"
                assert made.can == {"n", "schema", "logprobs", "complete"}
                assert await made.lacks(["complete", "logprobs"]) == {}
                ids = await made.encode(REQUEST.template, REQUEST.variables)
                assert REQUEST.variables["text"] in await made.decode(ids)
                weighed = dataclasses.replace(REQUEST, logprobs=True)
                (found,) = await made.generate(weighed)
                assert found.token_ids is not None and found.logprobs is not None
                return found.text

        assert asyncio.run(work())
    assert not servers._SUPERVISORS


def test_flags_become_a_command_line() -> None:
    flags = {
        "tensor-parallel-size": 2,
        "enable_lora": True,
        "lora-modules": ["a=/x", "b=/y"],
        "trust-remote-code": False,
        "structured-outputs-config": {"backend": "xgrammar"},
    }
    command = [part.format(port=8000) for part in serve_command("python", "org/model", flags)]
    assert command[3:] == [
        "--model", "org/model", "--served-model-name", "org/model", "--host", "127.0.0.1",
        "--port", "8000", "--tensor-parallel-size", "2", "--enable-lora", "--lora-modules", "a=/x",
        "b=/y", "--structured-outputs-config", '{"backend": "xgrammar"}',
    ]  # fmt: skip
    with pytest.raises(Refused, match="--port is set by the engine"):
        serve_command("python", "m", {"port": 1})


def test_wrong_options_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="did you mean 'extra_body'"):
        Vllm(Model(engine="vllm", model="m", options={"extra_boddy": {}}), PROMPTS, 5.0)
    with pytest.raises(Refused, match="needs the model's name"):
        Vllm(Model(engine="vllm"), PROMPTS, 5.0)
    monkeypatch.setattr("beam_synth.engines.vllm._FIND", "import sys; sys.exit(1)")
    with pytest.raises(Refused, match=r"pip install 'beam-synth\[vllm\]'"):
        asyncio.run(Vllm(Model(engine="vllm", model="m"), PROMPTS, 5.0).probe())
