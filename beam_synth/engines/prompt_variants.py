"""Which files word a step: the shipped ones, or what a job's own folder puts in their place.

Of a step of ours, the own folder may hold
- `<method>/<step>.jinja`: one wording, in place of all variants;
- `<method>/<step>/<variant>.jinja` under names of ours: each in place of the one of its name;
- `<method>/<step>/<variant>.jinja` under other names alone: these, in place of all of ours.
Anything else leaves open what is meant, and is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

SHARED = "shared"  # the folder of what wordings include; no method has that name


def steps_in(folder: Path) -> set[str]:
    """The steps that a folder words ("rag/answer"), by one file or by several."""
    single = (path.with_suffix("") for path in folder.glob("*/*.jinja"))
    several = (path.parent for path in folder.glob("*/*/*.jinja"))
    found = {path.relative_to(folder) for path in (*single, *several)}
    return {path.as_posix() for path in found if path.parts[0] != SHARED}


def variants_of(step: str, folders: Sequence[Path]) -> tuple[str, ...]:
    """The names of a step's variants, sorted; () where one file words it, or none.

    Args:
        folders: the job's own before the shipped one; or the shipped one alone.

    Raises ValueError, in words, where the own folder leaves open which files count.
    """
    *own, shipped = folders
    ours = _names(shipped / step)
    for folder in own:
        theirs = _names(folder / step)
        if (folder / f"{step}.jinja").is_file():
            if theirs:
                raise ValueError(
                    f"it takes the place of all variants, but the folder {step}/ beside it holds "
                    f"{_listed(theirs)}; keep one of the two"
                )
            return ()
        if theirs & ours and theirs - ours:
            raise ValueError(
                f"in the folder {step}/, {_listed(theirs & ours)} would take the place of single "
                f"variants, and {_listed(theirs - ours)} that of all; keep names of ours alone "
                f"({_listed(ours)}), or other names alone"
            )
        if theirs - ours:
            return tuple(sorted(theirs))
    return tuple(sorted(ours))


def _names(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.jinja") if not path.name.startswith(".")}


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))
