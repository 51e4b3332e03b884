"""From what the user typed to a Job: shipped names, overrides and paths.

Everything that a user can get wrong here is Refused before anything is started.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

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
    _resolve_all(data, path.resolve().parent)
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


# The keys whose values are paths, or lists of them, or lists of mappings with a `path`.
PATHS: tuple[tuple[str, ...], ...] = (
    ("articles",),
    ("documents",),
    ("instructions",),
    ("core", "list"),
    ("expand", "wikidata"),
    ("prompts",),
    ("problems",),
    ("cache",),
)
_ROWS = (("documents",), ("instructions",))  # whose paths may be names of datasets on the hub


class NamedPath(NamedTuple):
    """A path in a job's mapping, `holder[place]`."""

    key: str  # "expand.wikidata", "documents"
    holder: Any  # a mapping or a list
    place: Any  # key or index

    @property
    def path(self) -> str:
        """What stands there."""
        return str(self.holder[self.place])

    def names_a_dataset(self, base: Path) -> bool:
        """Whether it can only be a dataset's name on the hub: nothing of the name is in `base`,
        which the job's paths are relative to."""
        rows = (self.key,) in _ROWS
        return rows and is_hub_name(self.path) and not (base / self.path).exists()


def paths_in(data: Any) -> Iterator[NamedPath]:
    """Every path in a job's mapping. What has another shape is left to the schema.

    >>> job = {"articles": ["a", "b"], "documents": [{"path": "c"}], "cache": None}
    >>> [(found.key, found.path) for found in paths_in(job)]
    [('articles', 'a'), ('articles', 'b'), ('documents', 'c')]
    """
    for keys in PATHS:
        holder = data
        for key in keys[:-1]:
            holder = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            yield from _paths_at(keys, holder)


def _paths_at(keys: tuple[str, ...], holder: Any) -> Iterator[NamedPath]:
    name, value = ".".join(keys), holder.get(keys[-1])
    found: list[tuple[Any, Any, Any]] = [(holder, keys[-1], value)]
    if keys in _ROWS:
        rows = [each for each in _list(value) if isinstance(each, dict)]
        found = [(row, "path", row.get("path")) for row in rows]
    elif isinstance(value, list):
        found = [(value, place, each) for place, each in enumerate(value)]
    for inner, place, each in found:
        if isinstance(each, str):
            yield NamedPath(name, inner, place)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _resolve_all(data: Any, base: Path) -> None:
    """Make the job's paths absolute: relative ones are meant from `base`."""
    for found in paths_in(data):
        if not found.names_a_dataset(base):
            found.holder[found.place] = _resolve(found.path, base)


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
    parent[parts[-1]] = _from_working_folder(parts, value)


def _from_working_folder(parts: Sequence[str], value: Any) -> Any:
    """The value of an override with its paths absolute; one path may stand for `articles`."""
    if tuple(parts) == ("articles",) and isinstance(value, str):
        value = [value]
    holder = {parts[-1]: value}
    alone = functools.reduce(lambda inner, part: {part: inner}, reversed(parts[:-1]), holder)
    _resolve_all(alone, Path.cwd())
    return holder[parts[-1]]


def summary(path: Path) -> str:
    """The first comment line of a job file, which says what the job is for; "" without one."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            return line.lstrip("# ")
    return ""
