"""A run's directory: whose it is, its lock, what freezes at a start and what lies there at the end.

out/<job>/<seed>/   job.yaml (frozen), data/, tfrecord/, rejects/, errors/, metrics.json,
                    README.md, report.html, manifest.json (last), _passages/, _completed/ ...
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import yaml

from beam_synth.errors import Fault, Refused
from beam_synth.generation.put_off import put_off_causes
from beam_synth.job.parsing import parse_job
from beam_synth.job.schema import Job
from beam_synth.runs.identity import Run
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder


def is_finished(run: Run) -> bool:
    """Whether the run's directory holds it finished; writes nothing.

    Raises Refused when the directory is another run's, holds other files or cannot be written.
    """
    known = _read_json(run.path, layout.IDENTITY)
    local = run.folder.local()
    if local is not None:
        _check_folder(local, known is not None)
    if known is not None and known.get("identity") != run.identity:
        raise Refused(
            f"{run.path}: holds another run (identity {known.get('identity')}, this job's is "
            f"{run.identity}); its job, seed, inputs or version differ. Choose another --output"
        )
    return known is not None and manifest_of(run.path) is not None


def _check_folder(path: Path, holds_run: bool) -> None:
    if not path.exists():
        return
    try:
        entries = {item.name for item in path.iterdir()}
    except OSError as error:
        raise Refused(f"{path}: the output folder cannot be used: {error.strerror}") from error
    if not holds_run and entries - {layout.LOCK, layout.WRITING}:
        raise Refused(
            f"{path}: the folder is not empty and holds no run; choose another --output or empty it"
        )
    if layout.MANIFEST not in entries and not os.access(path, os.W_OK):
        raise Refused(f"{path}: the output folder is not writable")


def freeze(run: Run, attempt: str) -> None:
    """Write job.yaml (with absolute paths) and the identity; drop what a stopped attempt left.

    `attempt` names this start of the run; its workers' files begin with it. Outcomes and whatever
    else a later attempt can use stay.
    """
    # The identity comes first: a folder that holds anything else without it is nobody's run.
    known = {
        "identity": run.identity,
        "parents": list(run.parents),
        "attempt": attempt,
        "passage_buckets": run.passage_buckets,  # by which progress knows that all are there
    }
    run.folder.write(layout.IDENTITY, json.dumps(known).encode() + b"\n")
    data = run.job.model_dump(mode="json", exclude_unset=True)
    frozen = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    run.folder.write(layout.JOB, frozen.encode())
    results = (layout.HOLDOUT, *layout.SHARD_FOLDER.values())
    left = (layout.TEMPORARY, layout.WRITING, layout.STOP, *results)
    for folder in left:
        run.folder.remove_folder(folder)
    run.folder.remove(layout.STATUS)


@contextlib.contextmanager
def locked(path: str) -> Iterator[None]:
    """Hold the run's lock; the kernel lets go of it when this process ends, however it ends.

    The folder is made where there is none. A run behind a URL has no lock. Raises Refused when
    another process holds it, or the folder cannot be written.
    """
    folder = RunFolder(path).local()
    if folder is None:
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / layout.LOCK).open("a+")
    except OSError as error:
        raise Refused(f"{path}: the output folder cannot be written: {error.strerror}") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(
                f"{path}: another process is working on this run; wait or stop it"
            ) from None
        yield


def is_locked(path: str) -> bool:
    """Whether a process of this machine (or filesystem) works on the run.

    >>> is_locked("no/such/run")
    False
    """
    try:
        with (Path(path) / layout.LOCK).open("a+") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def manifest_of(path: str) -> dict[str, Any] | None:
    """The manifest of a finished run, or None.

    Raises Refused for one that cannot be read or is no JSON object.

    >>> manifest_of("no/such/run") is None
    True
    """
    return _read_json(path, layout.MANIFEST)


def read_status(path: str) -> dict[str, Any] | None:
    """What a stopped run left in place of a manifest (state, reasons, unfinished, ...), or None.

    Raises Refused for one that cannot be read or is no JSON object.
    """
    return _read_json(path, layout.STATUS)


def why_stopped(path: str, status: dict[str, Any]) -> str:
    """What was left in `_stop/` by whoever stopped the run, and how much was left over.

    `status` is what `read_status` gave.

    >>> why_stopped("no/such/run", {"reasons": [], "unfinished": 1200})
    '1,200 tasks are left'
    """
    run, messages = RunFolder(path), []
    for reason in status.get("reasons", ()):
        for name, _ in run.match(layout.stop_path(f"{reason}*")):
            messages.append(run.read(name).decode("utf-8", "replace").strip())
    left = f"{status.get('unfinished', 0):,} tasks are left"
    causes = put_off_causes(run, str((_read_json(path, layout.IDENTITY) or {}).get("attempt", "")))
    failed = f"calls of theirs that failed: {causes.told()}" if causes else ""
    return "; ".join(text for text in (*messages, left, failed) if text)


def _read_json(run: str, name: str) -> dict[str, Any] | None:
    try:
        data = orjson.loads(RunFolder(run).read(name))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Refused(f"{run}/{name}: cannot be read: {error.strerror or error}") from error
    except orjson.JSONDecodeError as error:
        raise Refused(f"{run}/{name}: not valid JSON: {error}") from error
    if not isinstance(data, dict):
        raise Refused(f"{run}/{name}: expected a JSON object")
    return data


def load_frozen(path: str) -> Job:
    """The job of an existing run, as it was frozen at its start.

    Raises Refused where there is no run, or its job cannot be read.
    """
    try:
        data = yaml.safe_load(RunFolder(path).read(layout.JOB))
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(f"{path}: not a run (it holds no {layout.JOB})") from None
    except (OSError, yaml.YAMLError) as error:
        raise Refused(f"{path}/{layout.JOB}: cannot be read: {error}") from error
    return parse_job(data, f"{path}/{layout.JOB}")


def verify_outcome(path: str) -> dict[str, Any]:
    """The manifest of a run whose pipeline has ended. Raises Fault when there is none."""
    manifest = manifest_of(path)
    if manifest is None:
        raise Fault(f"{path}: the pipeline ended without a manifest; run the same command again")
    return manifest


def ancestry(path: str) -> tuple[str, ...]:
    """The parents to record for a rerun of this run: its own, then itself; oldest first.

    Raises Refused where there is no run.
    """
    known = _read_json(path, layout.IDENTITY)
    if known is None:
        raise Refused(f"{path}: not a run (it holds no {layout.IDENTITY})")
    return (*known.get("parents", ()), str(known["identity"]))


def parents_of(path: str) -> tuple[str, ...]:
    """The identities of the runs that this one is a rerun of, oldest first; none where there is
    no run.

    >>> parents_of("no/such/run")
    ()
    """
    return tuple((_read_json(path, layout.IDENTITY) or {}).get("parents", ()))


def sibling(path: Path, old: Job, new: Job) -> Path:
    """Where a rerun goes by default: beside the run, named by its seed.

    `old` is the run's job, `new` the changed one. Raises Refused when nothing is changed, or when
    the place is the run's own.
    """
    if new == old:
        raise Refused(
            f"{path}: the same job and seed give the same bytes; set --seed or --articles"
        )
    target = path.resolve().parent / str(new.seed)
    if target == path.resolve():
        raise Refused(f"{path}: a rerun with the same seed needs its own --output")
    return target
