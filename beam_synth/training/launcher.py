"""`beam-synth train`: from a finished run to a model folder that transformers loads.

All rows are held as text; tokens are made as they are needed. The model appears under its name
only when it is whole. The run's seed sets the first weights and the order of the rows.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beam_synth.errors import Refused
from beam_synth.storage import layout
from beam_synth.storage.files import publish_folder
from beam_synth.training import data
from beam_synth.training.data import TrainingRow
from beam_synth.training.packing import PackedRow, pack_documents
from beam_synth.training.presets import Preset, find_preset
from beam_synth.training.tokenizer import END, ContentEncoder, train_tokenizer

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

LOSSES = "losses.jsonl"


def train(
    run: str, *, preset: str = "tiny", steps: int | None = None, output: str | None = None
) -> Path:
    """Train a tokenizer and a model from scratch on a run; prints and saves the loss.

    Args:
        run: folder of a finished run; only what its manifest lists is read.
        preset: a name of `presets.PRESETS`.
        steps: optimizer steps; the preset's by default.
        output: model folder, RUN/model by default; must not hold anything yet.

    Returns: the model folder: weights, tokenizer, and `losses.jsonl` with a line a step.

    Raises: Refused before any work for what is missing or wrong.
    """
    shape = find_preset(preset)
    steps = shape.steps if steps is None else steps
    if steps < 1:
        raise Refused(f"--steps must be at least 1, got {steps}")
    manifest = data.read_manifest(run)
    _require_packages()
    target = _free_folder(Path(output) if output else Path(run) / layout.MODEL)
    rows = list(data.training_rows(data.shards(run, manifest)))
    if not rows:
        raise Refused(f"{run}: the run has no record to train on")
    seed = int(manifest["seed"])
    tokenizer = train_tokenizer((text for row in rows for text in row.texts()), shape.vocabulary)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    temporary.mkdir(parents=True)
    try:
        model = _pretrain(rows, tokenizer, shape, steps, seed, temporary / LOSSES)
        model.save_pretrained(temporary)
        tokenizer.save_pretrained(temporary)
        publish_folder(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    print(f"model: {target}")
    return target


def _require_packages() -> None:
    for module in ("torch", "transformers", "tokenizers"):
        if importlib.util.find_spec(module) is None:
            raise Refused(f"training needs {module}; run: pip install 'beam-synth[train]'")


def _free_folder(target: Path) -> Path:
    """The folder, which is empty or does not exist. Raises Refused for any other."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"{target}: already exists; remove it or choose another --output")
    return target


def _pretrain(
    rows: list[TrainingRow],
    tokenizer: PreTrainedTokenizerFast,
    shape: Preset,
    steps: int,
    seed: int,
    losses: Path,
) -> LlamaForCausalLM:
    """Next-token training on packed rows; one JSON line a step goes to `losses`."""
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(seed)
    model = _new_model(shape, tokenizer)
    size = sum(parameter.numel() for parameter in model.parameters())
    print(
        f"training {size:,} parameters ({shape.layers} layers x {shape.width}) on "
        f"{len(rows):,} records, {len(tokenizer):,} token ids, {steps} steps of "
        f"{shape.batch} x {shape.length} tokens"
    )
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=shape.learning_rate, weight_decay=shape.weight_decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: rate(s, steps, shape))
    packed = pack_documents(_documents(rows, tokenizer, seed), shape.length)
    model.train()
    with losses.open("w", encoding="utf-8") as log:
        for step in range(1, steps + 1):
            loss = _loss_of_batch(model, packed, shape)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), shape.clip)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            _report(step, steps, loss.item(), log)
    return model


def _loss_of_batch(model: LlamaForCausalLM, packed: Iterator[PackedRow], shape: Preset) -> Any:
    """The mean loss of the next `shape.batch` rows, a scalar tensor."""
    import torch

    batch = [next(packed) for _ in range(shape.batch)]
    tokens = torch.tensor([row.tokens.tolist() for row in batch])
    positions = torch.tensor([row.positions.tolist() for row in batch])
    # The first token of a document cannot be foreseen from the one before it.
    labels = tokens.masked_fill(positions == 0, -100)
    return model(input_ids=tokens, position_ids=positions, labels=labels).loss


def _new_model(shape: Preset, tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape.width,
        intermediate_size=shape.feed_forward,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        max_position_embeddings=shape.length,
        tie_word_embeddings=True,
        use_cache=False,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


def rate(step: int, steps: int, shape: Preset) -> float:
    """Learning rate at a step as a share of its peak: linear warm-up, flat, linear decay.

    The warmup-stable-decay schedule (Hu et al. 2024, MiniCPM, section 4). `step` counts from 0 to
    `steps` - 1; the result is in (0, 1].

    >>> shape = find_preset("tiny")
    >>> [round(rate(step, 120, shape), 2) for step in (0, 11, 60, 119)]
    [0.08, 1.0, 1.0, 0.05]
    """
    warmup = max(1, round(shape.warmup * steps))
    decay = max(1, round(shape.decay * steps))
    return min(1.0, (step + 1) / warmup, (steps - step) / decay)


def _documents(
    rows: list[TrainingRow], tokenizer: PreTrainedTokenizerFast, seed: int
) -> Iterator[list[int]]:
    """Token ids of one record after the other, without end, each closed by END.

    What a record says is encoded with special tokens off.
    """
    end = tokenizer.convert_tokens_to_ids(END)
    encoder = ContentEncoder(tokenizer)
    for number in data.epochs([row.record_id for row in rows], seed):
        row = rows[number]
        ids = encoder.chat(row.turns) if row.turns else encoder.text(row.text)
        yield [*ids, int(end)]


def _report(step: int, steps: int, loss: float, log: Any) -> None:
    log.write(json.dumps({"step": step, "loss": round(loss, 6)}) + "\n")
    log.flush()
    if step == 1 or step == steps or step % max(1, steps // 10) == 0:
        print(
            f"step {step:>{len(str(steps))}}/{steps}  loss {loss:.4f}", file=sys.stdout, flush=True
        )
