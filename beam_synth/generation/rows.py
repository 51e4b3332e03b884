"""Rows of a dataset from the samples that methods return, and references to rows on disk.

The first 14 columns of a row are those of the published SYNTH dataset (dataset card PleIAs/SYNTH).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

import beam_synth
from beam_synth.drawing import bucket_of
from beam_synth.generation.outcomes import Finished
from beam_synth.methods.declaration import Method
from beam_synth.records import SAMPLE_REF_SCHEMA, Sample, Task, sample_text
from beam_synth.text import fingerprints
from beam_synth.text.sentences import count_words

MAX_SAMPLES = 256  # of one task: the index is two hex digits of the id


def sample_row(
    sample: Sample,
    index: int,
    task: Task,
    method: Method,
    run_seed: int,
    calls: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The row (SAMPLE_SCHEMA) of one of a task's samples.

    Args:
        sample: what the method returned.
        index: its place among the task's samples, from 0; below MAX_SAMPLES.
        task: whose id the row's begins with.
        method: whose name and revision stand in `script`.
        run_seed: with the task's id enough to replay every draw.
        calls: MODEL entries of the calls that the program made, each once; the first one's name
            is the row's `model`.
    """
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


def sample_refs(
    items: Sequence[tuple[str, Finished]], task_buckets: int, keep_numbers_for: Sequence[str]
) -> pa.Table:
    """References (SAMPLE_REF_SCHEMA) to all samples of finished tasks, in their order.

    Args:
        items: (outcome file relative to the run, an outcome that lies in it).
        task_buckets: of the run.
        keep_numbers_for: exercises of which two samples with other numbers are not the same.
    """
    samples = [
        (file, item.outcome, row, quality)
        for file, item in items
        for row, quality in zip(item.outcome.samples, item.outcome.qualities, strict=True)
    ]
    if not samples:
        return SAMPLE_REF_SCHEMA.empty_table()
    rows = [row for _, _, row, _ in samples]
    texts = [sample_text(row) for row in rows]
    folds = [row["exercise"] not in keep_numbers_for for row in rows]
    hashes, bands = fingerprints.fingerprints(texts, folds)
    columns = {
        "synth_id": [row["synth_id"] for row in rows],
        "task_bucket": [bucket_of(outcome.task_id, task_buckets) for _, outcome, _, _ in samples],
        "file": [file for file, _, _, _ in samples],
        "method": [outcome.method for _, outcome, _, _ in samples],
        "language": [row["language"] for row in rows],
        "exercise": [row["exercise"] for row in rows],
        "quality": [quality for _, _, _, quality in samples],
        "text_hash": hashes,
        "bands": bands,
    }
    return pa.table(columns, schema=SAMPLE_REF_SCHEMA)
