"""Rows of a dataset from what methods return, and references to rows on disk.

The first 14 columns of a sample are those of the published SYNTH dataset (dataset card
PleIAs/SYNTH).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

import beam_synth
from beam_synth.checks.neutral_rows import neutral_columns, tokens_note
from beam_synth.drawing import bucket_of
from beam_synth.generation.outcomes import Finished, record_id_of
from beam_synth.methods.declaration import Method
from beam_synth.methods.loading import load_method
from beam_synth.records import RECORD_REF_SCHEMA, SAMPLES, Made, Sample, Task
from beam_synth.text import fingerprints
from beam_synth.text.sentences import count_words

MAX_RECORDS = 256  # of one task: the index is two hex digits of the id


def record_row(
    made: Made,
    index: int,
    task: Task,
    method: Method,
    run_seed: int,
    calls: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The row (schema of the method's config) of one of a task's records.

    Args:
        made: what the method returned.
        index: its place among the task's records, from 0; below MAX_RECORDS.
        task: whose id the row's begins with.
        method: whose name and revision stand in `script`.
        run_seed: with the task's id enough to replay every draw.
        calls: MODEL entries of the calls that the program made, each once; the first one's name
            is the row's `model`.

    No text of it holds a control token; where one stands in its neutral form, `checks` has a note
    of kind "source". Raises ValueError where the record's columns are not those of the config.
    """
    config = method.makes
    own: Mapping[str, Any] = made.columns()
    if own.keys() != set(config.own_columns):
        wrong = sorted(own.keys() ^ set(config.own_columns))
        raise ValueError(
            f"{method.name} makes {config.name!r}, whose columns are "
            f"{', '.join(config.own_columns)}; missing or too many: {', '.join(wrong)}"
        )
    own = neutral_columns(own)
    note = tokens_note(own)
    models = [*made.models, *(call for call in calls if call not in made.models)]
    licenses = sorted({seed["license"] for seed in made.seeds if seed["license"]})
    row = {
        config.id: record_id_of(task.task_id, index),
        **own,
        "language": made.language or task.language,
        "exercise": made.exercise or method.exercise,
        "model": calls[0]["name"] if calls else models[0]["name"] if models else "",
        "seed_license": " AND ".join(licenses),  # an SPDX expression
        "constraints": _json(made.constraints) if made.constraints else "",
        "script": f"{method.name}@{method.revision} beam-synth {beam_synth.__version__}",
        "words": _words(made, own, method),
        "seeds": list(made.seeds),
        "models": models,
        "constraint_list": [_json(item) for item in made.constraint_list],
        "checks": [*made.checks, note.record()] if note else list(made.checks),
        "parents": list(made.parents),
        "synthetic_depth": made.synthetic_depth,
        "rng": _json({"seed": run_seed, "key": task.task_id}),
    }
    return {name: row[name] for name in config.columns}


def _words(made: Made, own: Mapping[str, Any], method: Method) -> int:
    """Words of what was written: of a sample reasoning and answer, else of the whole text."""
    if isinstance(made, Sample):
        return count_words(made.reasoning) + count_words(made.answer)
    return count_words(method.makes.text_of(own))


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def record_refs(
    items: Sequence[tuple[str, Finished]],
    task_buckets: int,
    keep_numbers_for: Sequence[str],
    method_of: Callable[[str], Method] = load_method,
) -> pa.Table:
    """References (RECORD_REF_SCHEMA) to all records of finished tasks, in their order.

    Args:
        items: (outcome file relative to the run, an outcome that lies in it).
        task_buckets: of the run.
        keep_numbers_for: exercises whose numbers tell texts apart, whatever their method says.
        method_of: gives a method by its name in the job.
    """
    made = [
        (file, item.outcome, row, quality)
        for file, item in items
        for row, quality in zip(item.outcome.records, item.outcome.qualities, strict=True)
    ]
    if not made:
        return RECORD_REF_SCHEMA.empty_table()
    named = {name: method_of(name) for name in {outcome.method for _, outcome, _, _ in made}}
    methods = [named[outcome.method] for _, outcome, _, _ in made]
    rows = [row for _, _, row, _ in made]
    texts = [method.makes.text_of(row) for method, row in zip(methods, rows, strict=True)]
    folds = [
        method.folds_numbers and row["exercise"] not in keep_numbers_for
        for method, row in zip(methods, rows, strict=True)
    ]
    configs = [method.makes.name for method in methods]
    hashes, bands = fingerprints.fingerprints(texts, folds, [salt_of(name) for name in configs])
    columns = {
        "record_id": [row[m.makes.id] for m, row in zip(methods, rows, strict=True)],
        "config": configs,
        "task_bucket": [bucket_of(outcome.task_id, task_buckets) for _, outcome, _, _ in made],
        "file": [file for file, _, _, _ in made],
        "method": [outcome.method for _, outcome, _, _ in made],
        "language": [row["language"] for row in rows],
        "exercise": [row["exercise"] for row in rows],
        "quality": [quality for _, _, _, quality in made],
        "text_hash": hashes,
        "bands": bands,
    }
    return pa.table(columns, schema=RECORD_REF_SCHEMA)


@functools.cache
def salt_of(config: str) -> int:
    """What tells texts of one config from those of others: records of two are no duplicates.

    >>> salt_of("samples"), salt_of("texts") != 0
    (0, True)
    """
    return 0 if config == SAMPLES.name else fingerprints.salt(config)
