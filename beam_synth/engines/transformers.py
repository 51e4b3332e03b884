"""A local causal model of the package `transformers`, in this process, on CPU or GPU.

Requests that are waiting are decoded together. Each row samples with noise of its own seed (the
Gumbel-max trick: argmax of logits / temperature + Gumbel noise is a draw from the softmax), so
what a request gets does not hang on the others of its batch, but for the last bits of the logits.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from beam_synth.engines.base import Completion, Request, Usage, check_known
from beam_synth.engines.messages import Message, as_text, messages_of
from beam_synth.engines.prompts import Prompts
from beam_synth.engines.reasoning import split_reasoning
from beam_synth.errors import Permanent, Refused, TooLong
from beam_synth.job.schema import Model
from beam_synth.text.control_tokens import token_pattern, without_tokens

_OPTIONS = ("batch", "device", "dtype", "revision", "license")
_SAMPLING = ("max_tokens", "temperature", "top_p", "top_k", "stop", "logprobs")
_DEFAULT_TOKENS = 512
_GATHER_SECONDS = 0.01  # that a first request waits for others


@dataclasses.dataclass(frozen=True)
class _Waiting:
    """One request in line: token ids, how to sample, and where its answer goes."""

    ids: list[int]  # of the prompt
    sampling: Mapping[str, Any]
    seeds: tuple[int, ...]  # one a completion
    answer: asyncio.Future[list[Completion]]
    raw: bool  # whether the text stays as it is, reasoning and all

    @property
    def max_tokens(self) -> int:
        return int(self.sampling.get("max_tokens", _DEFAULT_TOKENS))


class _Row(NamedTuple):
    """One row of a batch: a completion of a request."""

    waiting: _Waiting
    seed: int


class Transformers:
    """A model folder or name. Options: `batch` (rows decoded together, 8), `device` (cpu, cuda;
    default: a GPU where there is one), `dtype` (float32, bfloat16), `revision`, `license`.

    A schema is put into words. Belongs to the event loop of its first call.
    """

    timed = True
    can = frozenset({"n", "logprobs", "complete"})

    def __init__(self, model: Model, prompts: Prompts) -> None:
        check_known("options", model.options, _OPTIONS)
        check_known("sampling", model.sampling, _SAMPLING)
        if not model.model:
            raise Refused("model: the engine 'transformers' needs a model's folder or name")
        self.name = model.model
        self.revision = str(model.options.get("revision", ""))
        self.license = str(model.options.get("license", ""))
        self._options = model.options
        self._prompts = prompts
        self._batch = int(model.options.get("batch", 8))
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None
        self._loading = asyncio.Lock()
        self._decoder: Decoder | None = None

    async def generate(self, request: Request) -> list[Completion]:
        """Wait in line for the next batch.

        Loads the model at the first call. Completion i of a request samples with seed + i. Raises
        TooLong where prompt and answer do not fit the model's context, Permanent where decoding
        fails.
        """
        if self._worker is None or self._worker.done():
            self._worker = asyncio.ensure_future(self._decode_batches())
        decoder = await self._loaded()
        answer: asyncio.Future[list[Completion]] = asyncio.get_running_loop().create_future()
        raw = request.prompt_ids is not None
        ids = list(request.prompt_ids or ()) or decoder.encode(
            messages_of(request, self._prompts, schema_in_words=True)
        )
        seeds = tuple(request.seed + i for i in range(request.n))
        sampling = {**request.sampling, **({"logprobs": True} if request.logprobs else {})}
        waiting = _Waiting(ids, sampling, seeds, answer, raw)
        context = decoder.context
        if len(ids) + waiting.max_tokens > context:
            raise TooLong(
                f"{len(ids)} tokens and {waiting.max_tokens} for the answer do not fit the context "
                f"of {context}"
            )
        await self._queue.put(waiting)
        return await answer

    async def _loaded(self) -> Decoder:
        async with self._loading:
            if self._decoder is None:
                self._decoder = await asyncio.to_thread(Decoder, self.name, self._options)
            return self._decoder

    async def encode(self, template: str, variables: Mapping[str, Any]) -> list[int]:
        """Token ids of the rendered prompt, by the chat template where there is one."""
        return (await self._loaded()).encode(self._prompts.render(template, variables))

    async def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids, special tokens included."""
        return (await self._loaded()).text(ids)

    async def _decode_batches(self) -> None:
        while True:
            batch = [await self._queue.get()]
            await asyncio.sleep(_GATHER_SECONDS)
            while (
                not self._queue.empty()
                and sum(len(waiting.seeds) for waiting in batch) < self._batch
            ):
                batch.append(self._queue.get_nowait())
            await self._decode(batch)

    async def _decode(self, batch: Sequence[_Waiting]) -> None:
        assert self._decoder is not None
        try:
            results = await asyncio.to_thread(self._decoder.decode, batch)
        except Exception as error:  # it fails these calls, not the engine
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.answer.set_exception(Permanent(f"{type(error).__name__}: {error}"))
            return
        for waiting, completions in zip(batch, results, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(completions)

    async def probe(self) -> str:
        """Read the model's configuration, not its weights. Raises Refused where there is none."""
        from transformers import AutoConfig

        try:
            config = await asyncio.to_thread(AutoConfig.from_pretrained, self.name)
        except (OSError, ValueError) as error:
            raise Refused(f"{self.name}: no model can be loaded: {str(error)[:300]}") from None
        return f"a {config.model_type} model, runs in this process"

    async def close(self) -> None:
        """End the worker; the model is freed with the engine."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
            self._worker = None


class Decoder:
    """The loaded model. Not safe for threads that decode at once.

    `options` are those of the engine; `context` is what prompt and answer may have in tokens.
    """

    def __init__(self, name: str, options: Mapping[str, Any]) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        device = str(options.get("device") or ("cuda" if torch.cuda.is_available() else "cpu"))
        dtype = getattr(torch, str(options.get("dtype", "float32")))
        self._tokenizer = AutoTokenizer.from_pretrained(name)
        if self._tokenizer.pad_token_id is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._special = token_pattern(special_tokens(self._tokenizer))
        self._model = AutoModelForCausalLM.from_pretrained(name, dtype=dtype).to(device).eval()
        self.context = int(self._model.config.max_position_embeddings)

    def encode(self, messages: Sequence[Message]) -> list[int]:
        """Token ids of a prompt, by the model's chat template where it has one.

        What stands in a message is never one of the tokenizer's special tokens.
        """
        plain = [
            {**message, "content": without_tokens(message["content"], self._special)}
            for message in messages
        ]
        if self._tokenizer.chat_template:
            text = self._tokenizer.apply_chat_template(
                plain, tokenize=False, add_generation_prompt=True
            )
        else:
            text = as_text(plain)
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def text(self, ids: Sequence[int]) -> str:
        """The text of token ids, special tokens included."""
        return str(self._tokenizer.decode(list(ids)))

    def decode(self, batch: Sequence[_Waiting]) -> list[list[Completion]]:
        """The completions of each request, in order.

        Prompts are padded on the left to the longest one, and decoded until each row has ended or
        the longest answer that a request allows is there.
        """
        rows = [_Row(waiting, seed) for waiting in batch for seed in waiting.seeds]
        width = max(len(row.waiting.ids) for row in rows)
        generated = self._generate(rows, width)
        completions = iter(
            [
                self._completion(row.waiting, generated.sequences[i, width:].tolist(), generated, i)
                for i, row in enumerate(rows)
            ]
        )
        return [[next(completions) for _ in waiting.seeds] for waiting in batch]

    def _generate(self, rows: Sequence[_Row], width: int) -> Any:
        """What `transformers` gives for the rows: `sequences` [rows, width + answer], `logits`."""
        import torch

        prompts = [waiting.ids for waiting, _ in rows]
        samplings = [waiting.sampling for waiting, _ in rows]
        pad = self._tokenizer.pad_token_id
        padded = torch.tensor([[pad] * (width - len(ids)) + ids for ids in prompts])
        mask = torch.tensor([[0] * (width - len(ids)) + [1] * len(ids) for ids in prompts])
        device = self._model.device
        stops = sorted({stop for sampling in samplings for stop in _stops(sampling)})
        with torch.inference_mode():
            return self._model.generate(
                input_ids=padded.to(device),
                attention_mask=mask.to(device),
                max_new_tokens=max(waiting.max_tokens for waiting, _ in rows),
                do_sample=False,
                logits_processor=[_RowNoise([(waiting.sampling, seed) for waiting, seed in rows])],
                output_logits=any(sampling.get("logprobs") for sampling in samplings),
                return_dict_in_generate=True,
                pad_token_id=pad,
                **({"stop_strings": stops, "tokenizer": self._tokenizer} if stops else {}),
            )

    def _completion(
        self, waiting: _Waiting, ids: list[int], generated: Any, row: int
    ) -> Completion:
        """The completion of a row with the answer `ids`, cut at its end, limit and stops."""
        import torch

        ends = self._model.generation_config.eos_token_id
        ended = set(ends if isinstance(ends, list) else [ends])
        length = next((i for i, token in enumerate(ids) if token in ended), len(ids))
        reason = "stop" if length < len(ids) else "length"
        length = min(length, waiting.max_tokens)
        text = self._tokenizer.decode(ids[:length], skip_special_tokens=True)
        for stop in _stops(waiting.sampling):
            if stop in text:
                text, reason = text.partition(stop)[0], "stop"
        logprobs = None
        if waiting.sampling.get("logprobs"):
            steps = (
                torch.log_softmax(generated.logits[i][row].float(), -1)[ids[i]]
                for i in range(length)
            )
            logprobs = tuple(float(step) for step in steps)
        reasoning = ""
        if not waiting.raw:
            reasoning, text, cut = split_reasoning(text)
            reason = "length" if cut else reason
        usage = Usage(len(waiting.ids), length)
        return Completion(text, reason, usage, tuple(ids[:length]), logprobs, reasoning)


def special_tokens(tokenizer: Any) -> set[str]:
    """The tokens of a tokenizer of `transformers` that are declared special."""
    added = tokenizer.added_tokens_decoder.values()
    return {*tokenizer.all_special_tokens, *(str(token) for token in added if token.special)}


def _stops(sampling: Mapping[str, Any]) -> list[str]:
    stop = sampling.get("stop") or []
    return [stop] if isinstance(stop, str) else list(stop)


class _RowNoise:
    """A logits processor: each row's own temperature, top-k, top-p and noise."""

    def __init__(self, rows: Sequence[tuple[Mapping[str, Any], int]]) -> None:
        import torch

        self._rows = [(sampling, torch.Generator().manual_seed(seed)) for sampling, seed in rows]

    def __call__(self, ids: Any, scores: Any) -> Any:
        import torch

        for row, (sampling, generator) in enumerate(self._rows):
            temperature = float(sampling.get("temperature", 1.0))
            if temperature <= 0:
                continue  # greedy
            logits = _cut(scores[row].float().cpu() / temperature, sampling)
            uniform = torch.rand(logits.shape, generator=generator).clamp_min(1e-20)
            scores[row] = (logits - torch.log(-torch.log(uniform))).to(scores)
        return scores


def _cut(logits: Any, sampling: Mapping[str, Any]) -> Any:
    """The logits with what top-k and top-p leave out at minus infinity."""
    import torch

    top_k = int(sampling.get("top_k", 0) or 0)
    if 0 < top_k < logits.shape[-1]:
        logits = logits.masked_fill(logits < torch.topk(logits, top_k).values[-1], -torch.inf)
    top_p = float(sampling.get("top_p", 1.0))
    if top_p < 1.0:
        values, order = torch.sort(logits, descending=True)
        before = torch.softmax(values, -1).cumsum(-1) - torch.softmax(values, -1)
        logits = logits.index_fill(-1, order[before >= top_p], -torch.inf)
    return logits
