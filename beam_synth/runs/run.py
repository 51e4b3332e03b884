"""Run directories: identity, lock, resume, rerun and how a run ends.

out/<job>/<seed>/   job.yaml (frozen), data/, tfrecord/, rejects/, errors/, metrics.json,
                    README.md, report.html, manifest.json (last), _passages/, _completed/ ...
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import yaml

import beam_synth
from beam_synth.drawing import digest
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Fault, Refused
from beam_synth.job.schema import Job, parse_job
from beam_synth.judges import pairwise as judging
from beam_synth.knowledge.expansion import walked
from beam_synth.knowledge.selection import read_list
from beam_synth.materials.problems.checking import check_problems
from beam_synth.methods.loading import load_method
from beam_synth.storage import inputs, layout
from beam_synth.storage.files import RunFolder, open_input
from beam_synth.storage.inputs import InputFile

BUCKETS_PER_SHARD = 8  # outcome buckets; a shard is written one bucket at a time
_PASSAGE_BUCKET_BYTES = 64 << 20  # input bytes for each bucket of passages
# Options of a model that say where and how it runs, not what it says.
_WHERE_OPTIONS = ("headers", "python", "env", "start_timeout", "linger", "device", "batch")


@dataclasses.dataclass(frozen=True)
class Run:
    """Everything the pipeline needs: what to make, from which files, and where."""

    path: str  # run directory, local or a URL
    job: Job
    articles: tuple[InputFile, ...]
    lists: tuple[InputFile, ...]  # the core's list
    wikidata: tuple[InputFile, ...]  # the dump
    identity: str
    parents: tuple[str, ...] = ()

    @property
    def folder(self) -> RunFolder:
        """Its files."""
        return RunFolder(self.path)

    @property
    def article_paths(self) -> tuple[str, ...]:
        """The input files."""
        return tuple(item.path for item in self.articles)

    @property
    def dump(self) -> tuple[str, ...]:
        """The files of the Wikidata dump; none where nothing is expanded."""
        return tuple(item.path for item in self.wikidata)

    @property
    def passage_buckets(self) -> int:
        total = sum(item.bytes for item in self.articles)
        return max(32, -(-total // _PASSAGE_BUCKET_BYTES))

    @property
    def task_buckets(self) -> int:
        return self.job.write.shards * BUCKETS_PER_SHARD

    def context(self) -> dict[str, Any]:
        """What the manifest says about the run; holds no path of the machine it ran on."""
        return {
            "job": described(self.job, self.articles, (*self.lists, *self.wikidata)),
            "seed": self.job.seed,
            "identity": self.identity,
            "version": beam_synth.__version__,
            "parents": list(self.parents),
            "environment": environment(),
        }


def plan_run(job: Job, path: str, parents: tuple[str, ...] = ()) -> Run:
    """Look at everything the job names and give the run its identity. Writes nothing.

    Raises Refused for a path, method, prompt or engine that is not there.
    """
    articles = tuple(inputs.expand(job.articles, "articles"))
    lists = tuple(_listed(job.core.list, "core.list"))
    if lists:
        with open_input(lists[0].path) as handle:
            read_list(handle, lists[0].path, job.core)
    dump = tuple(_listed(job.expand.wikidata, "expand.wikidata"))
    if dump:
        walked(job.expand)
    methods = [load_method(name) for name in job.mixture]
    if job.problems or any(method.starts_from == "problem" for method in methods):
        check_problems(job.problems)
    determining = _determining(job, articles, (*lists, *dump))
    identity = digest(json.dumps(determining, sort_keys=True))
    return Run(path, job, articles, lists, dump, identity, parents)


def _listed(pattern: str | None, key: str) -> list[InputFile]:
    return [] if pattern is None else inputs.expand([pattern], key)


def described(
    job: Job, articles: tuple[InputFile, ...], lists: tuple[InputFile, ...]
) -> dict[str, Any]:
    """The job as data: paths become names with size and checksum, and *where* keys are left out."""
    data = job.model_dump(
        mode="json", exclude={"generate", "budget", "prices", "prompts", "problems"}
    )
    data["articles"] = [_named(item) for item in articles]
    data["lists"] = [_named(item) for item in lists]
    data["core"].pop("list")
    data["expand"]["wikidata"] = job.expand.wikidata is not None
    for model in data["models"].values():
        for key in ("base_url", "api_key"):
            model.pop(key)
        for option in _WHERE_OPTIONS:
            model["options"].pop(option, None)
    return data


def _named(item: InputFile) -> dict[str, Any]:
    return {"name": item.name, "bytes": item.bytes, "checksum": item.checksum}


def _determining(
    job: Job, articles: tuple[InputFile, ...], lists: tuple[InputFile, ...]
) -> dict[str, Any]:
    """What determines the content, and nothing else; a change of it is another run."""
    prompts = Prompts(job.prompts)
    methods = {name: load_method(name) for name in sorted(job.mixture)}
    return {
        "job": described(job, articles, lists),
        "methods": {name: method.revision for name, method in methods.items()},
        "prompts": {
            template: prompts.sha256(template)
            for template in [t for method in methods.values() for t in method.prompts]
            + ([judging.TEMPLATE] if "judge" in job.models else [])
        },
        "problems": _folder(job.problems),
        "version": beam_synth.__version__,
    }


def _folder(path: str | None) -> dict[str, str]:
    """Checksums of a folder's files by name. Raises Refused when it is none."""
    if path is None:
        return {}
    try:
        names = sorted(item for item in Path(path).iterdir() if item.is_file())
        return {item.name: digest(item.read_bytes()) for item in names}
    except OSError as error:
        raise Refused(f"problems: {path}: cannot be read: {error.strerror}") from error


def environment() -> dict[str, str]:
    """Builds and CPU features on which equal bytes depend (embeddings are floating point)."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": ".".join(map(str, sys.version_info[:2])), "cpu": _cpu_features()}
    for name in ("apache-beam", "numpy", "pyarrow", "faiss-cpu", "torch", "sentence-transformers"):
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _cpu_features() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return os.uname().machine
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "").split()
    kept = [flag for flag in ("avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16") if flag in flags]
    return " ".join([os.uname().machine, *kept])


# ---------------------------------------------------------------- the directory


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
    return known is not None and finished(run.path) is not None


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
    """Write job.yaml (with absolute paths) and the identity; drop what a stopped attempt left."""
    # The identity comes first: a folder that holds anything else without it is nobody's run.
    known = {"identity": run.identity, "parents": list(run.parents), "attempt": attempt}
    run.folder.write(layout.IDENTITY, json.dumps(known).encode() + b"\n")
    data = run.job.model_dump(mode="json", exclude_unset=True)
    frozen = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    run.folder.write(layout.JOB, frozen.encode())
    left = (layout.TEMPORARY, layout.WRITING, layout.STOP, *layout.SHARD_FOLDER.values())
    for folder in left:
        run.folder.remove_folder(folder)
    run.folder.remove(layout.STATUS)


@contextlib.contextmanager
def locked(path: str) -> Iterator[None]:
    """Hold the run's lock; the kernel lets go of it when this process ends, however it ends."""
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
    """Whether a process of this machine (or filesystem) works on the run."""
    try:
        with (Path(path) / layout.LOCK).open("a+") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def finished(path: str) -> dict[str, Any] | None:
    """The manifest of a finished run, or None."""
    return _read_json(path, layout.MANIFEST)


def stopped(path: str) -> dict[str, Any] | None:
    """What a stopped run left in place of a manifest, or None."""
    return _read_json(path, layout.STATUS)


def why_stopped(path: str, found: dict[str, Any]) -> str:
    """What was left in `_stop/` by whoever stopped the run, and how much was left over."""
    run, told = RunFolder(path), []
    for reason in found.get("reasons", ()):
        for name, _ in run.match(layout.stop_path(f"{reason}*")):
            told.append(run.read(name).decode("utf-8", "replace").strip())
    left = f"{found.get('unfinished', 0):,} tasks are left"
    return "; ".join([*(text for text in told if text), left])


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
    """The job of an existing run."""
    try:
        data = yaml.safe_load(RunFolder(path).read(layout.JOB))
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(f"{path}: not a run (it holds no {layout.JOB})") from None
    except (OSError, yaml.YAMLError) as error:
        raise Refused(f"{path}/{layout.JOB}: cannot be read: {error}") from error
    return parse_job(data, f"{path}/{layout.JOB}")


def verify_outcome(path: str) -> dict[str, Any]:
    """The manifest of a run whose pipeline has ended. Raises Fault when there is none."""
    manifest = finished(path)
    if manifest is None:
        raise Fault(f"{path}: the pipeline ended without a manifest; run the same command again")
    return manifest


def ancestry(path: str) -> tuple[str, ...]:
    """The parents to record for a rerun of this run: its own, then itself. Raises Refused."""
    known = _read_json(path, layout.IDENTITY)
    if known is None:
        raise Refused(f"{path}: not a run (it holds no {layout.IDENTITY})")
    return (*known.get("parents", ()), str(known["identity"]))


def parents_of(path: str) -> tuple[str, ...]:
    """The parents that a run has recorded."""
    return tuple((_read_json(path, layout.IDENTITY) or {}).get("parents", ()))


def sibling(path: Path, old: Job, new: Job) -> Path:
    """Where a rerun goes by default: beside the run, named by its seed.

    Raises Refused when that is the run itself, since nothing would be made anew.
    """
    if new == old:
        raise Refused(
            f"{path}: the same job and seed give the same bytes; set --seed or --articles"
        )
    target = path.resolve().parent / str(new.seed)
    if target == path.resolve():
        raise Refused(f"{path}: a rerun with the same seed needs its own --output")
    return target
