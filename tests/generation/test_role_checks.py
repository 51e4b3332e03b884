"""Which models a job has to name, and what they have to be able to, before any work."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from beam_synth.commands.check import check_engines
from beam_synth.engines.by_path import make_outside_embedder
from beam_synth.engines.embedders import check_embedder, make_embedder, make_tokenizer
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused
from beam_synth.generation.engine_registry import make_engine
from beam_synth.generation.role_checks import check_abilities, check_asked_roles, needs_of
from beam_synth.job.schema import GenerateSettings, Job, Model
from beam_synth.methods import method
from tests.servers.fake_openai import Behaviour, FakeOpenAI

ECHO, WEIGHING = "tests.doubles.outside:echo", "tests.doubles.outside:weighing"
PARROT = {"engine": "tests.doubles.outside:Parrot"}
SPEAKERS = {"pool": [{**PARROT, "model": name} for name in "abc"]}
ONE = {**PARROT, "model": "d"}


def job(mixture: str, **models: Any) -> Job:
    return Job(
        name="a",
        articles=["a"],
        mixture={mixture: 1.0},
        models={"embedder": {"engine": "hashing"}, **models},  # type: ignore[dict-item]
    )


@pytest.mark.parametrize(
    ("mixture", "models", "message"),
    [
        ("rag", {"teacher": ONE}, "models.teacher: no method of the mixture asks this role"),
        (ECHO, {"speaker": SPEAKERS, "critik": ONE}, "critik: .*did you mean 'critic'"),
        (ECHO, {"speaker": SPEAKERS}, f"models.critic: the method '{ECHO}' asks this role"),
        (ECHO, {"critic": ONE}, f"models.speaker: the method '{ECHO}' asks this role"),
        (ECHO, {"speaker": ONE, "critic": ONE}, "draws 2 different models .* the job has 1"),
        (ECHO, {"speaker": SPEAKERS, "critic": SPEAKERS}, "models.critic is a pool of 3, but"),
        ("rag", {"generator": SPEAKERS}, "models.generator is a pool of 3, but the method 'rag'"),
    ],
)
def test_roles_that_do_not_fit_are_refused(
    mixture: str, models: dict[str, Any], message: str
) -> None:
    with pytest.raises(Refused, match=message):
        check_asked_roles(job(mixture, **models))


def test_roles_that_fit() -> None:
    check_asked_roles(job(ECHO, speaker=SPEAKERS, critic=ONE))
    check_asked_roles(job(ECHO, speaker={"pool": SPEAKERS["pool"][:2]}, critic={"pool": [ONE]}))
    check_asked_roles(job("rag", generator=ONE, judge=ONE))


def test_what_an_engine_never_can_is_refused_without_a_call() -> None:
    assert needs_of(job(WEIGHING)) == {"generator": {"logprobs": WEIGHING, "complete": WEIGHING}}
    with pytest.raises(Refused) as raised:
        check_abilities(job(WEIGHING, generator=ONE))
    assert str(raised.value) == (
        f"models.generator: the method '{WEIGHING}' needs 'logprobs' (log-probabilities of the "
        "tokens of an answer), which the engine 'tests.doubles.outside:Parrot d' lacks"
    )
    with pytest.raises(Refused, match=r"'extractive' .*lacks"):
        check_abilities(job(WEIGHING))
    check_abilities(job("rag", generator=ONE))


@contextlib.contextmanager
def weighed(behaviour: Behaviour) -> Iterator[Job]:
    """A job that needs log-probabilities and token ids, at an endpoint."""
    with FakeOpenAI(behaviour) as server:
        model = {"engine": "openai", "model": "fake-model", "base_url": server.url}
        yield job(WEIGHING, generator=model)


def test_what_an_endpoint_cannot_is_found_by_asking_it() -> None:
    with weighed(Behaviour()) as able:
        check_abilities(able)
        assert check_engines(able).lines[1].startswith("generator: openai fake-model")
    with (
        weighed(Behaviour(tokens="")) as unable,
        pytest.raises(Refused, match=r"needs 'complete' .*'openai fake-model' lacks: no .*404"),
    ):
        check_engines(unable)
    with (
        weighed(Behaviour(logprobs=False)) as unable,
        pytest.raises(Refused, match=f"the method '{WEIGHING}' needs 'logprobs'"),
    ):
        check_engines(unable)


def test_needs_that_there_are_not() -> None:
    with pytest.raises(ValueError, match=r"no 'logprob' \(did you mean 'logprobs'"):
        method(exercise="a", calls=1, needs=("logprob",))
    with pytest.raises(ValueError, match="the role 'critic' is not declared"):
        method(exercise="a", calls=1, needs={"critic": ("n",)})


# ---------------------------------------------------------------- engines by path


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        ("no_such_package:Engine", "cannot load .*ModuleNotFoundError"),
        ("tests.doubles.outside:Parot", "cannot load .*AttributeError"),
        ("tests.doubles.outside:NOT_CALLABLE", "is a int, a class or function is wanted"),
        ("tests.doubles.outside:Hashed", r"is not made of \(model, prompts, float\)"),
        ("tests.doubles.outside:Seer", "says that it can 'foresee'; known are n, schema"),
        ("beam_synth.engines.prompts:Prompts", "is not made of"),
        ("types:SimpleNamespace", "is not made of"),
        ("tests.doubles.outside:nothing", "the engine .* has no name, timed, can, generate, close"),
    ],
)
def test_what_is_no_engine_is_refused(engine: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        make_engine(Model(engine=engine), GenerateSettings(), Prompts())


def test_an_engine_checks_its_own_options() -> None:
    model = Model(engine=PARROT["engine"], options={"word": 3})
    with pytest.raises(Refused, match=r"options.word: unknown option \(did you mean 'words'"):
        make_engine(model, GenerateSettings(), Prompts())
    asyncio.run(make_engine(Model(**PARROT), GenerateSettings(), Prompts()).close())


def test_an_embedder_outside() -> None:
    model = Model(engine="tests.doubles.outside:Hashed")
    check_embedder(model, 256)
    assert make_embedder(model).embed(["a", "b"]).shape == (2, 8)
    assert make_embedder(model) is make_embedder(model)
    assert make_tokenizer(model).count(["two words"]) == [2]
    with pytest.raises(Refused, match=r"the embedder .* has no name, revision, dimension, embed"):
        make_outside_embedder(Model(engine="tests.doubles.outside:no_vectors"))
