"""Rows of a dataset from the samples that methods return, and references to rows on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

import beam_synth
from beam_synth import minhash
from beam_synth.drawing import bucket_of
from beam_synth.duplicates import sample_text
from beam_synth.methods import Method
from beam_synth.outcomes import Finished
from beam_synth.records import SAMPLE_REF_SCHEMA, Sample, Task
from beam_synth.text import count_words

MAX_SAMPLES = 256  # of one task: the index is two hex digits of the id


def sample_row(
    sample: Sample,
    index: int,
    task: Task,
    method: Method,
    run_seed: int,
    calls: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The row (SAMPLE_SCHEMA) of a task's `index`-th sample; `calls` are MODEL entries."""
    models = [*sample.models, *(call for call in calls if call not in sample.models)]
    licenses = sorted({seed["license"] for seed in sample.seeds if seed["license"]})
    return {
        "synth_id": f"{task.task_id}{index:02x}",
        "language": sample.language,
        "exercise": sample.exercise,
        "model": calls[0]["name"] if calls else models[0]["name"] if models else "",
        "query": sample.query,
        "query_seed_url": sample.query_seed_url,
        "query_seed_text": sample.query_seed_text,
        "additional_seed_url": sample.additional_seed_url,
        "seed_license": " AND ".join(licenses),  # an SPDX expression
        "constraints": _json(sample.constraints) if sample.constraints else "",
        "script": f"{method.name}@{method.revision} beam-synth {beam_synth.__version__}",
        "synthetic_reasoning": sample.reasoning,
        "synthetic_answer": sample.answer,
        "words": count_words(sample.reasoning) + count_words(sample.answer),
        "seeds": list(sample.seeds),
        "models": models,
        "constraint_list": [_json(item) for item in sample.constraint_list],
        "checks": list(sample.checks),
        "parents": list(sample.parents),
        "synthetic_depth": sample.synthetic_depth,
        "rng": _json({"seed": run_seed, "key": task.task_id}),
        "messages": list(sample.messages),
    }


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def distinct(calls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries without repeats, in order."""
    return [call for i, call in enumerate(calls) if call not in calls[:i]]


def sample_refs(
    items: Sequence[tuple[str, Finished]], task_buckets: int, keep_numbers_for: Sequence[str]
) -> pa.Table:
    """References (SAMPLE_REF_SCHEMA) to all samples of outcomes that lie in files: (file, it)."""
    rows = [
        {
            "synth_id": row["synth_id"],
            "task_bucket": bucket_of(item.outcome.task_id, task_buckets),
            "file": file,
            "method": item.outcome.method,
            "language": row["language"],
            "exercise": row["exercise"],
            "quality": quality,
            "text": sample_text(row["query"], row["synthetic_answer"]),
        }
        for file, item in items
        for row, quality in zip(item.outcome.samples, item.outcome.qualities, strict=True)
    ]
    texts = [row.pop("text") for row in rows]
    folds = [row["exercise"] not in keep_numbers_for for row in rows]
    table = pa.Table.from_pylist(
        rows, schema=pa.schema(list(SAMPLE_REF_SCHEMA)[: len(SAMPLE_REF_SCHEMA) - 2])
    )
    hashes = minhash.text_hashes(texts, folds) if texts else []
    bands = minhash.band_hashes(texts, folds) if texts else []
    table = table.append_column("text_hash", pa.array(hashes, pa.binary(16)))
    return table.append_column("bands", pa.array(bands, pa.binary())).cast(SAMPLE_REF_SCHEMA)
