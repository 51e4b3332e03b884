"""Rows as they are written and read back, and mutations of them."""

from __future__ import annotations

import asyncio
import copy
import hashlib
from collections.abc import Iterable
from typing import Any

import orjson
import pyarrow as pa

from beam_synth.drawing import Draw, draw
from beam_synth.generation.rows import record_row
from beam_synth.methods import Seed, load_method
from beam_synth.records import SAMPLE_SCHEMA, FindPassage, Passage, Sample
from beam_synth.text.sentences import count_words
from tests.doubles.ports import Rules, ScriptedPort

Row = dict[str, Any]
CALLS = [
    {"name": "rule:test", "revision": "1", "license": "", "step": "s", "prompt_sha256": "0",
     "sampling": "{}"}
]  # fmt: skip


def run(name: str, seed: Seed, models: ScriptedPort | None = None) -> Sample:
    """The sample of a task; by the rule engine where no models are given."""

    def drawer(purpose: str) -> Draw:
        return draw(1, seed.task.task_id, purpose)

    program: Any = load_method(name).function(seed, models or Rules(), drawer)
    sample = asyncio.run(program)
    assert isinstance(sample, Sample)
    return sample


def written(name: str, seed: Seed, models: ScriptedPort | None = None) -> Row:
    """The sample's row, written to a table and read back."""
    row = record_row(run(name, seed, models), 0, seed.task, load_method(name), 1, CALLS)
    read: Row = pa.Table.from_pylist([row], schema=SAMPLE_SCHEMA).to_pylist()[0]
    return read


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Texts:
    """The passages of a run by their text's hash."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._found = {sha256(passage.text): passage for passage in passages}

    def __call__(self, text_sha256: str) -> Passage:
        return self._found[text_sha256]


def faults(name: str, row: Row, texts: FindPassage) -> list[str]:
    """What `verify` finds wrong: checks that fail, and records that come out otherwise."""
    verify = load_method(name).verify
    assert verify is not None
    made = verify(row, texts)
    found = [f"{check.name}: {check.detail}" for check in made if not check.passed]
    records = [check.record() for check in made]
    if records != row["checks"]:
        found.append("the records are others")
    return found


def changed(row: Row, **fields: Any) -> Row:
    """A deep copy with some columns replaced."""
    return {**copy.deepcopy(row), **fields}


def constrained(row: Row, **values: Any) -> Row:
    """A copy with other constraints, in both columns that hold them."""
    constraints = {**orjson.loads(row["constraints"]), **values}
    listed = [orjson.dumps({"name": k, "value": v}).decode() for k, v in constraints.items()]
    return changed(row, constraints=orjson.dumps(constraints).decode(), constraint_list=listed)


def rendered(row: Row, reasoning: str, answer: str) -> Row:
    """A copy with another trace and answer, in the columns and on the training surface alike."""
    copied = changed(row, synthetic_reasoning=reasoning, synthetic_answer=answer)
    copied["messages"][-1]["content"] = f"<think>\n{reasoning}\n</think>\n{answer}"
    copied["words"] = count_words(reasoning) + count_words(answer)
    return copied
