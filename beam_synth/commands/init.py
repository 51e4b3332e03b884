"""`init`: a copy of a job that can be edited, moved and run elsewhere.

What ships with the package is copied beside the job and named by a relative path; so are the
core's list, the prompts and the problem templates of a job of one's own. Its articles, documents,
instructions and its Wikidata dump may be of any size, and its cache is shared: they stay where they
are, and relative paths are written so that they are found from the new folder. Comments are kept,
and the file's layout for the most part.
"""

from __future__ import annotations

import contextlib
import glob
import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused
from beam_synth.job.loading import NamedPath, find_job, load_job, paths_in
from beam_synth.storage.remote import is_url
from beam_synth.storage.shipped import shipped_folder

if TYPE_CHECKING:
    from ruamel.yaml import YAML

_FOLDERS = ("prompts", "problems")  # keys of folders, which are copied whole
# Keys of what may be large, or is shared.
_STAY = ("articles", "documents", "instructions", "expand.wikidata", "cache")
_INDENTED = re.compile(r"^( +)[^\s#-]", re.MULTILINE)
_SAMPLE = "sample"  # the folder for what ships with the package
_LISTS = "lists"  # the folder for what does not


def copy_job(name: str, folder: Path) -> list[str]:
    """Copy a job and what it needs into a new folder, ready to edit; returns the lines to show.

    The shipped prompts come with it, below the job's own where it has some.

    Raises Refused when the folder exists and is not empty, for a job that there is not or that is
    not valid, and for a file of it that there is not.
    """
    source = find_job(name)
    load_job(str(source))  # what is wrong is told under the name of the job's own file
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder}: already exists and is not empty")
    base = source.resolve().parent
    text = source.read_text(encoding="utf-8")
    yaml, data = _parsed(text, source)
    target = folder / f"{source.stem}.yaml"
    with _whole(folder):
        _copy_prompts(source, folder / "prompts")
        moved = [(named, _moved(named, base, folder)) for named in paths_in(data)]
        for named, path in moved:
            named.holder[named.place] = path
        data.setdefault("prompts", "prompts")
        written = io.StringIO()
        yaml.dump(data, written)
        target.write_text(written.getvalue(), encoding="utf-8")
        load_job(str(target))
    return [
        f"{target}: the job; edit it, then: beam-synth plan {target}",
        f"{folder / 'prompts'}: the prompts; they override the shipped ones by name",
        *_left_behind(data, base, folder),
    ]


def _copy_prompts(source: Path, folder: Path) -> None:
    """The prompts that count for a job: its own, and the shipped ones that none replaces."""
    for name, path in Prompts(load_job(str(source)).prompts).files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)


@contextlib.contextmanager
def _whole(folder: Path) -> Iterator[None]:
    """Make the folder, or use an empty one; it is as it was where the block raises."""
    there = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for made in folder.iterdir():
            shutil.rmtree(made) if made.is_dir() else made.unlink()
        if not there:
            folder.rmdir()
        raise


def _parsed(text: str, source: Path) -> tuple[YAML, Any]:
    """A reader and writer that keeps the file's layout, and what it read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.util import load_yaml_guess_indent

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 16  # no line is broken that was not
    step = min((len(found) for found in _INDENTED.findall(text)), default=2)
    try:
        _, indent, offset = load_yaml_guess_indent(text)
        if indent is not None:
            yaml.indent(mapping=step, sequence=indent, offset=offset)
        return yaml, yaml.load(text)
    except YAMLError as error:  # of another reader, stricter in places
        raise Refused(f"{source}: not valid YAML: {error}") from error


def _moved(named: NamedPath, base: Path, folder: Path) -> str:
    """What a path of the job reads in its copy; copies what it names where that goes along."""
    key, path = named.key, named.path
    if is_url(path) or named.names_a_dataset(base):
        return path
    found = (base / Path(path).expanduser()).resolve()
    ships = found.is_relative_to(shipped_folder("").resolve())
    if key in _FOLDERS and not found.is_dir():
        raise Refused(f"{key}: {found} is not a folder")
    if key in _FOLDERS:
        shutil.copytree(found, folder / key, dirs_exist_ok=True)
        return key
    if key in _STAY and not ships:
        return path if Path(path).is_absolute() or path.startswith("~") else _from(folder, found)
    into = folder / (_SAMPLE if ships else _LISTS)
    into.mkdir(exist_ok=True)
    files = sorted(glob.glob(str(found)))  # noqa: PTH207  (absolute, from a job's own pattern)
    if not files:
        raise Refused(f"{key}: no file matches {found}")
    for file in files:
        shutil.copy(file, into)
    if ships:
        shutil.copy(shipped_folder("sample") / "NOTICE.md", into)
    return f"{into.name}/{found.name}"


def _from(folder: Path, found: Path) -> str:
    """A path that leads from the new folder to a file that stays."""
    return Path(os.path.relpath(found, folder.resolve())).as_posix()


def _left_behind(data: Any, base: Path, folder: Path) -> list[str]:
    """What the copy needs that does not lie in its folder; `base` is that of the job's source."""
    lines = []
    for named in paths_in(data):
        key, path = named.key, named.path
        if is_url(path) or named.names_a_dataset(base):
            continue
        inside = (folder / Path(path).expanduser()).is_relative_to(folder)
        if (key in _STAY and not inside) or path.startswith("../"):
            lines.append(f"{key}: {path} stays where it is; take it along if you move the folder")
    modules = sorted({name.partition(":")[0] for name in _by_path(data)})
    if modules:
        lines.append(f"{', '.join(modules)}: to be on PYTHONPATH wherever the job runs")
    return lines


def _by_path(data: Any) -> Iterator[str]:
    """The methods and engines of one's own that a job names, `module:function`."""
    yield from (name for name in data["mixture"] if ":" in name)
    for role in data.get("models", {}).values():
        pool = role.get("pool", [role])
        yield from (model["engine"] for model in pool if ":" in model.get("engine", ""))
