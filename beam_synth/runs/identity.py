"""What a run is: the job, its inputs, and the hash of all that determines its content.

Two runs of one identity give the same bytes in the same environment, wherever and however often
they run; a resume goes on only with a run of its own identity.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Any

import beam_synth
from beam_synth.drawing import digest
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused
from beam_synth.generation.role_checks import check_abilities, check_asked_roles
from beam_synth.job.schema import Job
from beam_synth.judges import pairwise
from beam_synth.knowledge.expansion import walked
from beam_synth.knowledge.selection import read_list
from beam_synth.materials.problems.checking import check_problems
from beam_synth.methods.loading import load_method
from beam_synth.storage import inputs
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
    identity: str  # hex, of all that determines the content
    parents: tuple[str, ...] = ()  # identities of the runs it is a rerun of, oldest first

    @property
    def folder(self) -> RunFolder:
        """The run's files."""
        return RunFolder(self.path)

    @property
    def article_paths(self) -> tuple[str, ...]:
        """Paths or URLs of the articles' files."""
        return tuple(item.path for item in self.articles)

    @property
    def dump(self) -> tuple[str, ...]:
        """The files of the Wikidata dump; none where nothing is expanded."""
        return tuple(item.path for item in self.wikidata)

    @property
    def passage_buckets(self) -> int:
        """Number of files that passages are split into: one for 64 MiB of input, at least 32."""
        total = sum(item.bytes for item in self.articles)
        return max(32, -(-total // _PASSAGE_BUCKET_BYTES))

    @property
    def task_buckets(self) -> int:
        """Number of folders of outcomes: BUCKETS_PER_SHARD for each shard."""
        return self.job.write.shards * BUCKETS_PER_SHARD

    def context(self) -> dict[str, Any]:
        """What the manifest says about the run: job, seed, identity, version, parents, environment.

        Holds no path of the machine it ran on.
        """
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

    `path` is the run's folder, local or a URL. Local inputs are read through once for their
    checksums, and the core's list is parsed. Raises Refused for a path, method, prompt or list that
    is not there or not usable.
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
    check_asked_roles(job)
    check_abilities(job)
    determining = _determining(job, articles, (*lists, *dump))
    identity = digest(json.dumps(determining, sort_keys=True))
    return Run(path, job, articles, lists, dump, identity, parents)


def _listed(pattern: str | None, key: str) -> list[InputFile]:
    return [] if pattern is None else inputs.expand([pattern], key)


def described(
    job: Job, articles: tuple[InputFile, ...], lists: tuple[InputFile, ...]
) -> dict[str, Any]:
    """The job as data: paths become names with size and checksum, and *where* keys are left out.

    `lists` are the files of the core's list and of the Wikidata dump.
    """
    data = job.model_dump(
        mode="json", exclude={"generate", "budget", "prices", "prompts", "problems"}
    )
    data["articles"] = [_named(item) for item in articles]
    data["lists"] = [_named(item) for item in lists]
    data["core"].pop("list")
    data["expand"]["wikidata"] = job.expand.wikidata is not None
    for role in data["models"].values():
        for model in role.get("pool", [role]):
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
            + ([pairwise.TEMPLATE] if "judge" in job.models else [])
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
    """Builds and CPU features on which equal bytes depend (embeddings are floating point).

    Versions by package, of those that are installed, "python" (major.minor) and "cpu".
    """
    from importlib.metadata import PackageNotFoundError, version

    builds = {"python": ".".join(map(str, sys.version_info[:2])), "cpu": _cpu_features()}
    for name in ("apache-beam", "numpy", "pyarrow", "faiss-cpu", "torch", "sentence-transformers"):
        with contextlib.suppress(PackageNotFoundError):
            builds[name] = version(name)
    return builds


def _cpu_features() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return os.uname().machine
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "").split()
    kept = [flag for flag in ("avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16") if flag in flags]
    return " ".join([os.uname().machine, *kept])
