"""Imports go downwards only, and `--help` pays for no heavy module."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

# These touch runners or filesystems; everything else in beam_synth is plain functions.
MAY_IMPORT_BEAM = {"cli", "flags", "flink", "pipeline", "runs", "launch", "inputs", "files"}
HEAVY = {
    "torch", "tensorflow", "tensorflow_text", "transformers", "sentence_transformers", "faiss",
    "lingua", "sentencex", "datasets", "scipy", "tokenizers", "vllm",
}  # fmt: skip
FOUNDATION = {"records", "drawing", "errors", "job"}


def _imports(path: Path, *, top_level_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _uses(names: set[str], package: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for name in names)


def test_beam_stays_in_the_modules_that_run_pipelines() -> None:
    for path in _modules("beam_synth"):
        if path.parent.name == "beam_synth" and path.stem in MAY_IMPORT_BEAM:
            continue
        assert not _uses(_imports(path), "apache_beam"), path


def test_foundation_imports_only_foundation() -> None:
    for name in FOUNDATION:
        ours = {n for n in _imports(ROOT / f"beam_synth/{name}.py") if n.startswith("beam_synth.")}
        modules = {n.split(".")[1] for n in ours}
        assert modules <= FOUNDATION, (name, modules)


def test_plain_modules_import_no_transforms() -> None:
    for path in _modules("beam_synth"):
        if path.stem != "pipeline":
            assert not _uses(_imports(path), "transforms"), path


def test_stages_do_not_import_each_other() -> None:
    shared = {"transforms.accounting"}
    for path in _modules("transforms"):
        ours = {n for n in _imports(path) if n.startswith("transforms.")}
        assert all(any(n == s or n.startswith(f"{s}.") for s in shared) for n in ours), (path, ours)


def test_heavy_modules_are_imported_lazily() -> None:
    for path in [*_modules("beam_synth"), *_modules("transforms")]:
        names = {name.split(".")[0] for name in _imports(path, top_level_only=True)}
        assert not names & HEAVY, (path, names & HEAVY)


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
