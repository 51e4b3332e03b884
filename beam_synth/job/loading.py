"""From what the user typed to a Job: shipped names, overrides and paths.

Everything that a user can get wrong here is Refused before anything is started.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from beam_synth.errors import Refused, nearest
from beam_synth.job.parsing import load_yaml, parse_job
from beam_synth.job.schema import Job
from beam_synth.storage.dataset_folders import is_hub_name
from beam_synth.storage.remote import is_url
from beam_synth.storage.shipped import shipped_folder
from beam_synth.storage.yaml_reading import read_yaml


def shipped_jobs() -> dict[str, Path]:
    """The files of the jobs that ship with the package, by name.

    >>> "quickstart" in shipped_jobs()
    True
    """
    return {path.stem: path for path in sorted(shipped_folder("jobs").glob("*.yaml"))}


def find_job(name: str) -> Path:
    """The file of a job given as a path or as a shipped job's name.

    What ends in .yaml or .yml or has a slash is a path. Raises Refused, with the nearest name,
    where there is no such job.

    >>> find_job("quickstart").name
    'quickstart.yaml'
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or "/" in name:
        if not path.is_file():
            raise Refused(f"{name}: there is no such job file")
        return path
    jobs = shipped_jobs()
    if name not in jobs:
        raise Refused(
            f"{name}: neither a job file nor a shipped job{nearest(name, jobs)}; "
            f"shipped are {', '.join(jobs)}"
        )
    return jobs[name]


def load_job(
    name: str,
    *,
    articles: Sequence[str] = (),
    seed: int | None = None,
    overrides: Sequence[str] = (),
) -> Job:
    """Read, override and validate a job; its paths are absolute then.

    Args:
        name: path of a job file, or the name of a shipped job.
        articles: replaces the job's articles and drops the lists that belong to them (core.list
            and expand.wikidata) unless an override sets these.
        seed: replaces the job's.
        overrides: `key.path=value` each, the value in YAML; later ones win.

    Paths in the file are taken relative to it, paths given as arguments relative to the working
    folder. Raises Refused for a job that there is not or that is not valid, and for an override
    that is none.

    >>> load_job("quickstart", seed=7, overrides=["tasks.per_passage=0.5"]).tasks.per_passage
    0.5
    """
    path = find_job(name)
    data = load_yaml(path)
    parse_job(data, str(path))  # a fault in the file itself is reported under its name
    data = _absolute(data, path.resolve().parent)
    _replace_articles(data, articles)
    for override in overrides:
        _apply_override(data, override)
    if seed is not None:
        data["seed"] = seed
    return parse_job(data, f"{path} with its overrides" if overrides or articles else str(path))


def with_changes(job: Job, *, seed: int | None, articles: Sequence[str]) -> Job:
    """A copy of a frozen job for `rerun`: with another seed (None: the job's own), or other
    articles (none: the job's own), which drop the core and the expansion as in `load_job`."""
    data = job.model_dump(mode="json", exclude_unset=True)
    _replace_articles(data, articles)
    data["seed"] = job.seed if seed is None else seed
    return parse_job(data, "rerun")


def _replace_articles(data: dict[str, Any], articles: Sequence[str]) -> None:
    """Put other articles, if any, into a job, without the lists that belong to its own."""
    if articles:
        data["articles"] = [_resolve(item, Path.cwd()) for item in articles]
        for key in ("core", "expand"):
            data.pop(key, None)


def with_overrides(job: Job, overrides: Sequence[str]) -> Job:
    """A copy of a frozen job for `resume`, with overrides as in `load_job`.

    Raises Refused for a key or value that is wrong; which keys a resume may change is decided
    where the run is taken up.
    """
    data = job.model_dump(mode="json", exclude_unset=True)
    for override in overrides:
        _apply_override(data, override)
    return parse_job(data, "the run's job with its overrides")


# The keys whose values are paths, or lists of them.
PATHS: tuple[tuple[str, ...], ...] = (
    ("articles",),
    ("core", "list"),
    ("expand", "wikidata"),
    ("prompts",),
    ("problems",),
    ("cache",),
)
_ROWS = ("documents", "instructions")  # lists of mappings, each with a path


def _absolute(data: dict[str, Any], base: Path) -> dict[str, Any]:
    """Resolve the job's paths against its own folder."""
    for keys in PATHS:
        parent: Any = data
        for key in keys[:-1]:
            parent = parent.get(key) if isinstance(parent, dict) else None
        if not isinstance(parent, dict) or parent.get(keys[-1]) is None:
            continue
        value = parent[keys[-1]]
        parent[keys[-1]] = (
            [_resolve(item, base) for item in value]
            if isinstance(value, list)
            else _resolve(value, base)
        )
    for key in _ROWS:
        _resolve_rows(data.get(key), base)
    return data


def _resolve_rows(entries: Any, base: Path) -> None:
    """Resolve the paths of `documents` or `instructions`; what can only be a dataset's name on the
    hub stays as it is. An entry of another shape is left to the schema."""
    for entry in entries if isinstance(entries, list) else []:
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, str) and not (is_hub_name(path) and not (base / path).exists()):
            entry["path"] = _resolve(path, base)


def _resolve(path: str, base: Path) -> str:
    return path if is_url(path) else str((base / Path(path).expanduser()).absolute())


def _apply_override(data: dict[str, Any], override: str) -> None:
    """Apply one `key.path=value`; the value is YAML."""
    key, separator, text = override.partition("=")
    if not separator or not key:
        raise Refused(f"--set {override}: write it as key.path=value")
    try:
        value = read_yaml(text)
    except yaml.YAMLError as error:
        raise Refused(f"--set {override}: the value is not valid YAML: {error}") from error
    parts = key.split(".")
    parent: Any = data
    for part in parts[:-1]:
        parent = parent.setdefault(part, {})
        if not isinstance(parent, dict):
            raise Refused(f"--set {override}: {part} is no mapping")
    if tuple(parts) in PATHS and value is not None:
        listed = value if isinstance(value, list) else [value]
        resolved = [_resolve(str(item), Path.cwd()) for item in listed]
        value = resolved if parts == ["articles"] else resolved[0]
    if key in _ROWS:
        _resolve_rows(value, Path.cwd())
    parent[parts[-1]] = value


def summary(path: Path) -> str:
    """The first comment line of a job file, which says what the job is for; "" without one."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            return line.lstrip("# ")
    return ""
