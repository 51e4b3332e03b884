"""What a finished run says of itself on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from beam_synth.storage import layout
from beam_synth.storage.remote import is_url


def summarise(path: str, manifest: dict[str, Any], seconds: float) -> str:
    """A short account: samples, rejects by reason, files and where to look."""
    if is_url(path):
        return f"done in {seconds:.0f} s; the dataset is in {path}"
    lines = [f"done in {seconds:.0f} s: {path}"]
    for stage in manifest["stages"]:
        dropped = {**stage["rejected"], **stage.get("failed_by", {})}
        reasons = ", ".join(f"{n:,} {reason}" for reason, n in sorted(dropped.items()))
        lines.append(f"  {stage['name']:20} {stage['in']:>9,} in {stage['out']:>9,} out  {reasons}")
    data = [item for item in manifest["files"] if item["format"] == "parquet"]
    samples = sum(item["records"] for item in data)
    lines.append(
        f"{samples:,} samples in {len(data)} Parquet shards; report: {path}/{layout.REPORT}"
    )
    return "\n".join(lines)


def one_sample(path: str) -> dict[str, Any] | None:
    """The first sample of a run, or None when it made none."""
    table = ds.dataset(str(Path(path) / layout.SHARD_FOLDER["parquet"]), format="parquet").head(1)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows[0] if rows else None
