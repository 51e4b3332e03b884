"""The engine `transformers`: a local model, rows decoded together, each with its own noise."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from beam_synth.engines.base import Completion, Request
from beam_synth.engines.transformers import Transformers, _cut
from beam_synth.errors import Refused, TooLong
from beam_synth.job.schema import Model
from scripts.tiny_llama import CONTEXT, write_tiny_llama
from tests.doubles.programs import FakePrompts

torch = pytest.importorskip("torch")
PROMPTS: Any = FakePrompts(None)
GREEDY = {"temperature": 0, "max_tokens": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_llama(tmp_path_factory.mktemp("llama"))


def request(number: int, n: int = 1, **sampling: Any) -> Request:
    text = "Here is a thing. " * (1 + number % 3)
    return Request("m/query", {"text": text}, None, {"max_tokens": 12, **sampling}, n, number)


def ask(folder: Path, requests: Sequence[Request], **options: Any) -> list[list[Completion]]:
    """The answers to calls that are made at once."""

    async def work() -> list[list[Completion]]:
        engine = Transformers(
            Model(engine="transformers", model=str(folder), options=options), PROMPTS
        )
        try:
            return await asyncio.gather(*map(engine.generate, requests))
        finally:
            await engine.close()

    return asyncio.run(work())


def test_what_a_call_gets_does_not_hang_on_its_batch(folder: Path) -> None:
    requests = [request(i) for i in range(7)]
    together = [found[0].text for found in ask(folder, requests, batch=7)]
    assert together == [found[0].text for found in ask(folder, requests, batch=1)]
    assert together == [ask(folder, [one])[0][0].text for one in requests]
    assert len(set(together)) == 7


def test_what_a_call_carries(folder: Path) -> None:
    (several, (greedy,), (again,), (seeded,)) = ask(
        folder,
        [
            request(1, n=3, logprobs=True),
            request(5, temperature=0),
            request(8, temperature=0),
            request(5, temperature=1.5),
        ],
    )
    assert len({found.text for found in several}) == 3
    for found in several:
        assert found.logprobs is not None and found.token_ids is not None
        assert len(found.logprobs) == len(found.token_ids) == found.usage.completion_tokens
        assert all(value < 0 for value in found.logprobs)
        assert found.usage.prompt_tokens > 10
        assert found.finish_reason in ("stop", "length")
    assert greedy.text == again.text != seeded.text
    assert greedy.logprobs is None


def test_no_message_gives_a_special_token_of_the_model(folder: Path) -> None:
    from transformers import AutoTokenizer

    from beam_synth.engines.transformers import Decoder

    tokenizer = AutoTokenizer.from_pretrained(folder)
    decoder = Decoder(str(folder), {"device": "cpu"})
    plain = decoder.encode([{"role": "user", "content": "a thing"}])
    for token in tokenizer.all_special_tokens:
        ids = decoder.encode([{"role": "user", "content": f"a {token} thing"}])
        special = tokenizer.convert_tokens_to_ids(token)
        assert ids.count(special) == plain.count(special), token


def test_a_prompt_goes_out_as_token_ids_and_is_gone_on_from(folder: Path) -> None:
    async def work() -> tuple[str, list[Completion], list[Completion], list[Completion]]:
        engine = Transformers(Model(engine="transformers", model=str(folder)), PROMPTS)
        try:
            asked = request(5, n=2)
            ids = await engine.encode(asked.template, asked.variables)
            again = dataclasses.replace(asked, prompt_ids=tuple(ids), logprobs=True)
            first = await engine.generate(asked)
            same = await engine.generate(again)
            begun = (*ids, *(first[0].token_ids or ())[:6])
            rest = dataclasses.replace(again, n=1, prompt_ids=begun, sampling=GREEDY)
            return await engine.decode(ids), first, same, await engine.generate(rest)
        finally:
            await engine.close()

    prompt, first, same, (rest,) = asyncio.run(work())
    text = "m/query: " + request(5).variables["text"]
    assert prompt == f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"
    assert [found.token_ids for found in same] == [found.token_ids for found in first]
    assert [found.text for found in same] == [found.text for found in first]
    assert first[0].logprobs is None and same[0].logprobs is not None
    assert rest.usage.prompt_tokens == first[0].usage.prompt_tokens + 6
    assert rest.token_ids is not None and rest.logprobs is not None
    assert len(rest.token_ids) == len(rest.logprobs) <= 3


def test_a_stop_ends_the_text(folder: Path) -> None:
    ((found,),) = ask(folder, [request(3, max_tokens=60)])
    stop = found.text[5:7]
    ((cut,),) = ask(folder, [request(3, max_tokens=60, stop=stop)])
    assert cut.text == found.text.partition(stop)[0] and cut.finish_reason == "stop"


def test_the_noise_draws_from_the_softmax() -> None:
    from beam_synth.engines.transformers import _RowNoise

    logits = torch.tensor([0.0, 1.0, 2.0, -torch.inf])
    n = 4000
    rows = _RowNoise([({"temperature": 0.7}, seed) for seed in range(n)])
    drawn = rows(None, logits.repeat(n, 1).clone()).argmax(-1)
    shares = torch.bincount(drawn, minlength=4) / n
    expected = torch.softmax(logits / 0.7, -1)
    assert torch.allclose(shares, expected, atol=0.03)


def test_top_k_and_top_p_leave_out_the_tail() -> None:
    logits = torch.log(torch.tensor([0.5, 0.3, 0.15, 0.05]))
    assert torch.isinf(_cut(logits, {"top_k": 2})).tolist() == [False, False, True, True]
    assert torch.isinf(_cut(logits, {"top_p": 0.7})).tolist() == [False, False, True, True]
    assert torch.isinf(_cut(logits, {"top_p": 0.9})).tolist() == [False, False, False, True]
    assert not torch.isinf(_cut(logits, {})).any()


def test_what_does_not_fit_is_told(folder: Path) -> None:
    with pytest.raises(TooLong, match=f"context of {CONTEXT}"):
        ask(folder, [request(1, max_tokens=CONTEXT)])


def test_wrong_jobs_are_refused(folder: Path, tmp_path: Path) -> None:
    for settings, message in (
        ({"model": str(folder), "options": {"bach": 3}}, "did you mean 'batch'"),
        ({"model": str(folder), "sampling": {"temprature": 1}}, "did you mean 'temperature'"),
        ({"model": ""}, "needs a model's folder"),
    ):
        with pytest.raises(Refused, match=message):
            Transformers(Model(engine="transformers", **settings), PROMPTS)  # type: ignore[arg-type]
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(Refused, match="no model can be loaded"):
        asyncio.run(
            Transformers(Model(engine="transformers", model=str(tmp_path)), PROMPTS).probe()
        )
    found = asyncio.run(
        Transformers(Model(engine="transformers", model=str(folder)), PROMPTS).probe()
    )
    assert "llama" in found
