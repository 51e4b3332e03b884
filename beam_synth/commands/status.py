"""What a run is at, and what a finished one came to, from its files; the same on every runner."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from beam_synth.commands.emptiness import record_count
from beam_synth.commands.judges import judged_lines
from beam_synth.errors import Refused
from beam_synth.generation.budget import Spent
from beam_synth.generation.causes import Causes
from beam_synth.generation.config import STAGE
from beam_synth.generation.endpoint_notes import endpoint_warnings
from beam_synth.knowledge.unresolved import RESOLVE
from beam_synth.methods.loading import reasons_of
from beam_synth.records import REASONS
from beam_synth.runs import folder
from beam_synth.runs.batches import batches_line
from beam_synth.runs.progress import recently
from beam_synth.runs.watch import Watch
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder
from beam_synth.storage.remote import is_url

_RUNNING = "running"
_REASONS_SHOWN = 5
_LOOKED_AT = 10_000  # failures of a round whose errors are told apart


def status(path: str) -> str:
    """The text that `beam-synth status` prints: condition, progress, and what was spent.

    Reads the run's files only. Raises Refused for what is no run.
    """
    job = folder.load_frozen(path)
    condition = _condition(path)
    watch = Watch(path, job.prices)
    # Of a run that is not at work, what was generated says more than its last stage.
    generated = None if condition == _RUNNING else watch.generating()
    state = (
        watch.state() if generated is None else dataclasses.replace(generated, doing="generated")
    )
    manifest = folder.manifest_of(path)
    if manifest is None:
        lines = [f"{path}: {condition}", recently(state)]
    else:  # what its files are at says nothing more
        done = () if generated is None else (recently(state),)
        lines = [f"{path}: {condition}", _made(manifest), *done]
    at_service = batches_line(RunFolder(path))
    if at_service and at_service not in lines[-1]:
        lines.append(at_service)
    if state.spent is not None and state.spent.calls:
        lines.append(_spent(state.spent, state.cost))
    lines += _warnings(path)
    judged = [] if manifest is None else judged_lines(path)
    return "\n".join([*lines, *_failed(path, manifest), *_rejected(manifest), *judged])


def _warnings(path: str) -> list[str]:
    """What endpoints were not sent because they refuse it, a line a model."""
    return [f"warning: {line}" for line in endpoint_warnings(RunFolder(path))]


def _condition(path: str) -> str:
    manifest = folder.manifest_of(path)
    if manifest is not None:
        empty = "" if record_count(manifest) else " without a record"
        return f"finished{empty}, identity {manifest['identity']}"
    remote = is_url(path)  # no lock tells who works there
    if not remote and folder.is_locked(path):
        return _RUNNING
    stopped = folder.read_status(path)
    if stopped is not None:
        return f"stopped: {folder.why_stopped(path, stopped)}; beam-synth resume {path} goes on"
    if remote:
        return "not finished"
    return f"not running and not finished; beam-synth resume {path} goes on"


def _spent(spent: Spent, cost: float | None) -> str:
    line = (
        f"spent: {spent.calls.total():,} calls, {spent.prompt_tokens.total():,} tokens in, "
        f"{spent.completion_tokens.total():,} out"
    )
    return line if cost is None else f"{line}, cost {cost:,.2f}"


def _failed(path: str, manifest: dict[str, Any] | None) -> list[str]:
    """A line on why tasks of a finished run failed, the commonest errors first; none where none
    did."""
    stages = [] if manifest is None else manifest["stages"]
    names = [s["name"] for s in stages if s["name"].startswith(STAGE) and s.get("failed_by")]
    causes = Causes()
    for name in names:
        with RunFolder(path).open(layout.reject_path("failed", name)) as handle:
            for line in itertools.islice(handle, _LOOKED_AT):
                record = orjson.loads(line)
                causes.add(f"{record['reason']}, {record['detail']}")
    files = " and ".join(layout.reject_path("failed", name) for name in names)
    return [f"tasks that failed, each in {files}: {causes.told()}"] if names else []


def account(path: str, manifest: dict[str, Any], seconds: float) -> str:
    """A short account: records, rejects by reason, files and where to look.

    `seconds` is how long the run took. Of a run behind a URL one line is all.

    >>> account("gs://bucket/run", {}, 61.7)
    'done in 62 s; the dataset is in gs://bucket/run'
    """
    if is_url(path):
        return f"done in {seconds:.0f} s; the dataset is in {path}"
    lines = [f"done in {seconds:.0f} s: {path}"]
    for stage in manifest["stages"]:
        dropped = {**stage["rejected"], **stage.get("failed_by", {})}
        reasons = ", ".join(f"{n:,} {reason}" for reason, n in sorted(dropped.items()))
        lines.append(f"  {stage['name']:20} {stage['in']:>9,} in {stage['out']:>9,} out  {reasons}")
    lines += _unresolved(path, manifest)
    lines += _failed(path, manifest)
    lines += _rejected(manifest)
    lines += judged_lines(path)
    lines.append(f"{_made(manifest)}; report: {path}/{layout.REPORT}")
    held_out = [item for item in manifest["files"] if item["config"] == layout.HOLDOUT]
    if held_out:
        passages = sum(item["records"] for item in held_out)
        lines.append(f"{passages:,} held-out passages in {path}/{layout.HOLDOUT}")
    lines += _warnings(path)
    return "\n".join(lines)


def _made(manifest: Mapping[str, Any]) -> str:
    """The records of a finished run by kind, and its shards."""
    others = {*layout.REJECT_FOLDER.values(), layout.HOLDOUT}
    data = [item for item in manifest["files"] if item["config"] not in others]
    kinds = Counter({item["config"]: 0 for item in data})
    for item in data:
        if item["format"] == data[0]["format"]:
            kinds[item["config"]] += item["records"]
    made = ", ".join(f"{n:,} {config}" for config, n in sorted(kinds.items()))
    shards = " and ".join(f"{n} {kind}" for kind, n in Counter(i["format"] for i in data).items())
    return f"{made} in {shards} shards"


def _rejected(manifest: Mapping[str, Any] | None) -> list[str]:
    """The commonest reasons of a finished run's rejected tasks, in words."""
    if manifest is None:
        return []
    reasons: Counter[str] = Counter()
    for stage in manifest["stages"]:
        if stage["name"].startswith(STAGE):
            reasons.update(stage["rejected"])
    if not reasons:
        return []
    meanings: Mapping[str, str] = REASONS
    with contextlib.suppress(Refused):  # a method whose module is not on the path
        meanings = reasons_of(manifest["job"]["mixture"])
    common = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:_REASONS_SHOWN]
    told = (f"  {n:>9,} {reason}: {meanings.get(reason, '')}" for reason, n in common)
    return ["tasks were rejected most often because:", *told]


def _unresolved(path: str, manifest: dict[str, Any]) -> list[str]:
    """What to say of entries of the core's list that no article answers to."""
    stages = [stage for stage in manifest["stages"] if stage["name"] == RESOLVE and stage["failed"]]
    return [
        f"core.list: {stage['failed']:,} of its {stage['in']:,} entries found no article; each is "
        f"in {path}/{layout.reject_path('failed', RESOLVE)}"
        for stage in stages
    ]


def first_sample(path: str) -> dict[str, Any] | None:
    """The first sample of a local run (a row of SAMPLE_SCHEMA), or None when it made none.

    Raises FileNotFoundError where the run has no Parquet shards.
    """
    import pyarrow.dataset as ds

    table = ds.dataset(str(Path(path) / layout.SHARD_FOLDER["parquet"]), format="parquet").head(1)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows[0] if rows else None
