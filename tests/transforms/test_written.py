from __future__ import annotations

import pyarrow as pa
import pytest

from beam_synth.drawing import digest
from beam_synth.records import RECORD_REF_SCHEMA, pack, unpack
from transforms.testing import run_transform
from transforms.written import KeepWritten

CONFIGS = ["entities", "texts", "instructions", "texts", "samples"]


def refs(*configs: str) -> pa.Table:
    rows = [{"record_id": digest(i) + "00", "config": name} for i, name in enumerate(configs)]
    return pa.Table.from_pylist(rows, schema=RECORD_REF_SCHEMA)


@pytest.mark.parametrize("written", [(), ("texts",), ("samples", "texts"), tuple(set(CONFIGS))])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_steps_go_no_further(written: tuple[str, ...], size: int) -> None:
    table = refs(*CONFIGS)
    packed = [pack(table.slice(i, size)) for i in range(0, len(table), size)]
    found = run_transform(KeepWritten(written), packed)
    rows = [row for data in found.out for row in unpack(data).to_pylist()]
    every = table.to_pylist()
    assert sorted(rows, key=lambda row: row["record_id"]) == sorted(
        (row for row in every if row["config"] in written), key=lambda row: row["record_id"]
    )
    assert {(r.record_id, r.reason, r.detail) for r in found.rejects} == {
        (row["record_id"], "not_written", f"config {row['config']!r}")
        for row in every
        if row["config"] not in written
    }
    assert found.counts["KeepWritten", "in", ""] == len(every)


def test_no_records() -> None:
    found = run_transform(KeepWritten(("texts",)), [pack(refs())])
    assert (found.out, found.rejects) == ([], [])
