"""Prints which room imports which, the floor of each, arrows that point up, and the longest file.

python -m scripts.rooms        exit code 1 where an arrow points up

A room is a module or package of `beam_synth`, or `transforms`. Every import counts, also one
inside a function or under TYPE_CHECKING. A floor is the longest way down to a room that imports
none.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from beam_synth.ending import in_one_line

ROOT = Path(__file__).resolve().parents[1]

# The order of imports, and the only place that says it: a room imports only rooms before it.
ROOMS = (
    "errors", "ending", "drawing", "records", "storage", "job", "text", "ingestion", "knowledge",
    "materials", "engines", "checks", "judges", "methods", "rule_engine", "generation", "corpus",
    "dataset", "training", "runs", "transforms", "pipeline", "commands", "cli", "__main__",
)  # fmt: skip


class Import(NamedTuple):
    """One imported name: `from a.b import c` gives `a.b.c`."""

    line: int
    name: str
    lazy: bool  # inside a function, or for type checkers only


class Arrow(NamedTuple):
    """An import from one room to another, or to a name that is no room."""

    room: str
    imported: str
    place: str  # path:line, the path relative to the root


def sources(*packages: str) -> list[Path]:
    """The Python files of these packages, sorted."""
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def place(path: Path, line: int) -> str:
    """`beam_synth/cli.py:12`, as tools print places."""
    return f"{path.relative_to(ROOT)}:{line}"


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str | None:
    """The room of a dotted name; None for what is no part of a room.

    >>> room_of("beam_synth.text.sentences.normalise"), room_of("transforms.read")
    ('text', 'transforms')
    >>> room_of("beam_synth"), room_of("pyarrow.compute")
    (None, None)
    """
    top, _, rest = module.partition(".")
    if top == "transforms":
        return top
    return rest.partition(".")[0] or None if top == "beam_synth" else None


@functools.cache
def imports(path: Path) -> tuple[Import, ...]:
    """Every import of a file, in the order of the syntax tree."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_once = {id(node) for node in _at_once(tree.body)}
    return tuple(
        Import(node.lineno, name, id(node) not in at_once)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in _names(node, path)
    )


def _at_once(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes that run when the module is imported."""
    for node in body:
        lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if lazy or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            continue
        yield node
        yield from _at_once(ast.iter_child_nodes(node))


def _names(node: ast.Import | ast.ImportFrom, path: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    package = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
    module = ".".join([*package, *([node.module] if node.module else [])])
    yield from (f"{module}.{alias.name}" for alias in node.names)


def arrows() -> list[Arrow]:
    """The imports that leave a room, one for each line and room."""
    found: dict[Arrow, None] = {}
    for path in sources("beam_synth", "transforms"):
        room = room_of(module_of(path))
        for each in imports(path):
            imported = room_of(each.name)
            # `from beam_synth import __version__` names the package, which imports no room.
            if imported in (None, room) or imported == "__version__":
                continue
            found[Arrow(room or "beam_synth", str(imported), place(path, each.line))] = None
    return list(found)


def pointing_up(of: Iterable[Arrow]) -> list[Arrow]:
    """The arrows to a room that does not come before, those from or to no room of the list too."""
    order = {room: number for number, room in enumerate(ROOMS)}
    return [arrow for arrow in of if not order.get(arrow.imported, 99) < order.get(arrow.room, -1)]


def floors(of: Iterable[Arrow]) -> dict[str, int]:
    """The floor of each room, from 0; arrows that point up count for nothing."""
    given = list(of)
    down = set(given) - set(pointing_up(given))
    found: dict[str, int] = {}
    for room in ROOMS:
        below = [found[arrow.imported] for arrow in down if arrow.room == room]
        found[room] = max(below, default=-1) + 1
    return found


def lines(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def main() -> int:
    """Print the graph; 1 where an arrow points up."""
    found = arrows()
    number = Counter((arrow.room, arrow.imported) for arrow in found)
    floor = floors(found)
    for room in ROOMS:
        below = ", ".join(f"{to} {number[room, to]}" for to in ROOMS if number[room, to])
        print(f"{floor[room]:>2} {room:12} -> {below or 'none'}")
    print(f"{len(ROOMS)} rooms on {max(floor.values()) + 1} floors, {len(number)} arrows")
    longest = max(sources("beam_synth", "transforms"), key=lines)
    print(f"longest file: {longest.relative_to(ROOT)}, {lines(longest)} lines")
    up = pointing_up(found)
    for arrow in up:
        print(f"points up: {arrow.room} -> {arrow.imported} at {arrow.place}")
    print(f"arrows up: {len(up) or 'none'}")
    return 1 if up else 0


if __name__ == "__main__":
    sys.exit(in_one_line(main))
