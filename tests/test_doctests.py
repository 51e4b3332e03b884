"""The examples in docstrings are right: every module of the packages is searched for them."""

from __future__ import annotations

import doctest
import importlib

import pytest

from scripts.rooms import module_of, sources

# Only what shows an example is imported: the other modules, with Beam and torch, stay unloaded.
WITH_EXAMPLES = [
    module_of(path)
    for path in sources("beam_synth", "transforms", "scripts")
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples(name: str) -> None:
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    tried = 0
    for examples in doctest.DocTestFinder(exclude_empty=True).find(module):
        tried += len(examples.examples)
        runner.run(examples, out=said.append)
    assert not runner.failures, "".join(said)
    assert tried, f"{name} holds >>> outside of docstrings that doctest finds"
