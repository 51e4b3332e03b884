"""The end of a run: accounts checked, rejects merged, card and report written, manifest last.

A run that was stopped gets `status.json` in place of the manifest. Everything here can be done
again after a crash: the manifest appears whole, and it is what makes the run finished.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import orjson
import pyarrow as pa

from beam_synth.dataset import accounts, rejects, report, shards
from beam_synth.dataset.accounts import Account, StageLink
from beam_synth.dataset.card import card
from beam_synth.dataset.judging_report import what_judges_said
from beam_synth.dataset.row_facts import (
    Facts,
    altered_sources,
    gather,
    models_of,
    nested,
    overall,
    rows_in,
)
from beam_synth.errors import Fault
from beam_synth.records import Count, Row
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

_ROWS = 6  # shown in the report
_LOOKED_AT = 300  # rows of a file that may be looked at for them


@dataclasses.dataclass(frozen=True)
class Results:
    """What the graph has gathered when every other stage is done; each in any order."""

    # Fields of shards.FileInfo: one entry a shard and format, and one a file of held-out passages.
    files: Sequence[Mapping[str, Any]]
    counts: Sequence[Count]  # addends of the accounts
    rejects: Sequence[rejects.Part]  # sorted part files of rejects and errors
    metrics: Sequence[tuple[str, int | float]]  # (key, sum), as `gather` takes them


def finish(
    run: RunFolder,
    results: Results,
    stages: Sequence[StageLink],
    context: Mapping[str, Any],
    schemas: Mapping[str, pa.Schema],
) -> str:
    """Write what makes the run a result; returns the name of the last file written.

    Args:
        run: folder of the run.
        results: what all other stages gave.
        stages: every stage that counts records, in the order of the flow; the last one's `out` is
            the number of records.
        context: job, seed, identity, version, parents, embedder and environment.
        schemas: of each config that has shards, by its name.

    Returns:
        layout.MANIFEST, or layout.STATUS where a stop left tasks unfinished. A stopped run keeps
        no shards.

    Raises:
        Fault: the accounts are off, or shards or rejects hold another number of records.

    Can be called again after it was cut off anywhere.
    """
    if _is_finished(run, context["identity"]):
        _clean(run)  # this is a second try, and the first one came this far
        return layout.MANIFEST
    flow = accounts.accounts(stages, results.counts)
    reasons = sorted(PurePosixPath(name).stem for name in run.names(layout.STOP))
    if reasons or any(account.unfinished for account in flow):
        accounts.check(flow, stopped=True)
        for folder in (layout.HOLDOUT, *layout.SHARD_FOLDER.values()):
            run.remove_folder(folder)  # no reader shall take a part for the whole
        _write_json(run, layout.STATUS, _status(flow, reasons, context))
        run.remove_folder(layout.TEMPORARY)
        return layout.STATUS
    accounts.check(flow)
    accounts.check_rejects(flow, ((stage, kind, n) for stage, kind, _, n in results.rejects))
    files = sorted((shards.FileInfo(**info) for info in results.files), key=lambda i: i.path)
    data = [info for info in files if info.config != layout.HOLDOUT]
    held_out = [info for info in files if info.config == layout.HOLDOUT]
    _check_records(data, flow)
    _check_held_out(held_out, flow)
    merged = _merge_rejects(run, results.rejects)
    shown = list(_some_rows(run, data, schemas))
    _write_about(run, data, flow, results.metrics, context, shown)
    _write_json(run, layout.MANIFEST, _manifest([*data, *held_out, *merged], flow, context))
    _clean(run)
    return layout.MANIFEST


def _clean(run: RunFolder) -> None:
    run.remove_folder(layout.TEMPORARY)
    run.remove(layout.STATUS)


def _is_finished(run: RunFolder, identity: str) -> bool:
    try:
        return bool(orjson.loads(run.read(layout.MANIFEST))["identity"] == identity)
    except FileNotFoundError:
        return False


def _write_json(run: RunFolder, path: str, value: Any) -> None:
    run.write(path, orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")


def _status(
    flow: Sequence[Account], reasons: Sequence[str], context: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "state": "stopped",
        "reasons": list(reasons),
        "unfinished": sum(account.unfinished for account in flow),
        "identity": context["identity"],
        "stages": [account.as_json() for account in flow],
    }


_OF_THE_RUN = ("job", "seed", "identity", "version", "parents", "embedder", "environment")


def _manifest(
    files: Iterable[shards.FileInfo], flow: Iterable[Account], context: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "files": [dataclasses.asdict(info) for info in files],
        "stages": [account.as_json() for account in flow],
        **{key: context[key] for key in _OF_THE_RUN},
    }


def _check_records(data: Iterable[shards.FileInfo], flow: Sequence[Account]) -> None:
    """Every format holds every record that the last stage counted."""
    written: dict[str, int] = {}
    for info in data:
        written[info.format] = written.get(info.format, 0) + info.records
    expected = flow[-1].out
    for format, n in sorted(written.items()):
        if n != expected:
            raise Fault(f"{format} shards hold {n} records, {flow[-1].name} counted {expected}")


def _check_held_out(files: Iterable[shards.FileInfo], flow: Sequence[Account]) -> None:
    """The files hold every passage that was counted as held out."""
    written = sum(info.records for info in files)
    counted = sum(account.rejected.get("held_out", 0) for account in flow)
    if written != counted:
        raise Fault(f"{layout.HOLDOUT}/ holds {written} passages, {counted} were held out")


# ---------------------------------------------------------------- rejects


def _merge_rejects(run: RunFolder, parts: Iterable[rejects.Part]) -> list[shards.FileInfo]:
    by_file: dict[str, list[tuple[str, int]]] = {}
    for stage, kind, path, n in parts:
        by_file.setdefault(layout.reject_path(kind, stage), []).append((path, n))
    for folder in layout.REJECT_FOLDER.values():
        for name in run.names(folder):
            if f"{folder}/{name}" not in by_file:
                run.remove(f"{folder}/{name}")  # left by an attempt that ended otherwise
    return [
        _merge_file(run, target, sorted(of_file)) for target, of_file in sorted(by_file.items())
    ]


def _merge_file(run: RunFolder, target: str, parts: Sequence[tuple[str, int]]) -> shards.FileInfo:
    """Merge parts into one file, in several passes where there are many of them."""
    paths = [path for path, _ in parts]
    level = 0
    while len(paths) > rejects.MERGED_AT_ONCE:
        groups = range(0, len(paths), rejects.MERGED_AT_ONCE)
        merged = [layout.part_path("merged", f"{target}.{level}.{start}") for start in groups]
        for path, start in zip(merged, groups, strict=True):
            with run.create(path) as handle:
                _merge_into(run, paths[start : start + rejects.MERGED_AT_ONCE], handle)
        paths, level = merged, level + 1
    with run.create(target) as handle:
        hashing = shards.Hashing(handle)
        n = _merge_into(run, paths, hashing)
    if n != sum(count for _, count in parts):
        raise Fault(f"{target}: {n} records were read back of the {sum(c for _, c in parts)} sent")
    config = PurePosixPath(target).parent.name
    return shards.FileInfo(target, config, "jsonl", n, hashing.bytes, hashing.hexdigest())


def _merge_into(run: RunFolder, paths: Sequence[str], target: Any) -> int:
    n = 0
    with contextlib.ExitStack() as stack:
        handles = [stack.enter_context(run.open(path)) for path in paths]
        for data in rejects.merge(handles):
            target.write(data)
            n += 1
    return n


# ---------------------------------------------------------------- metrics, card, report


def _write_about(
    run: RunFolder,
    data: Sequence[shards.FileInfo],
    flow: Sequence[Account],
    metrics: Iterable[tuple[str, int | float]],
    context: Mapping[str, Any],
    shown: Sequence[Row],
) -> None:
    by_config, others = gather(metrics)
    facts = overall(by_config)
    generation = nested(others.get("generation", {}))
    embedding = others.get("embedding", {})
    sources = altered_sources(others.get("sources", {}))
    judging = what_judges_said(others.get("judging", {}))
    measures = {
        "generation": generation,
        "judging": judging,
        "embedding": embedding,
        "sources": sources,
    }
    _write_json(run, layout.METRICS, _metrics(flow, by_config, measures))
    run.write(layout.CARD, card(context, facts, flow, _globs(data), judging).encode())
    shown_page = report.render(context, flow, facts, generation, shown, judging)
    run.write(layout.REPORT, shown_page.encode())


def _metrics(
    flow: Iterable[Account],
    by_config: Facts,
    measures: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    return {
        "stages": {account.name: account.as_json() for account in flow},
        "records": {
            config: {
                "total": rows_in(facts),
                "words": facts.get("words", {}).get("", 0),
                "by_exercise": facts.get("exercise", {}),
                "by_language": facts.get("language", {}),
                "by_method": facts.get("method", {}),
                "by_license": facts.get("license", {}),
            }
            for config, facts in by_config.items()
        },
        "models": models_of(overall(by_config)),
        **{name: dict(values) for name, values in measures.items()},
    }


def _globs(data: Iterable[shards.FileInfo]) -> dict[str, str]:
    """Each config's glob, in the first format that `datasets` reads."""
    globs: dict[str, str] = {}
    for format in ("parquet", "jsonl"):
        for info in data:
            if info.format == format:
                globs.setdefault(info.config, layout.shards_glob(format, info.config))
    return globs


def _some_rows(
    run: RunFolder, data: Sequence[shards.FileInfo], schemas: Mapping[str, pa.Schema]
) -> Iterator[Row]:
    """Some rows that differ in kind, exercise and language, from the first shards."""
    first = data[0].format if data else ""
    seen: set[tuple[str, str, str]] = set()
    for info in data:
        if info.format != first or not info.records:
            continue
        with run.open(info.path) as handle:
            rows = shards.read_rows(handle, info.format, schemas[info.config])
            for i, row in enumerate(rows):
                if i == _LOOKED_AT or len(seen) == _ROWS:
                    break
                kind = info.config, row["exercise"], row["language"]
                if kind not in seen:
                    seen.add(kind)
                    yield row
        if len(seen) == _ROWS:
            return
