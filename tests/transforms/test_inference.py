"""A process that makes a dataset pays for no torch, and one that wants torch still gets it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest


def _in_a_process(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_the_pipeline_imports_no_torch() -> None:
    assert (
        _in_a_process("import sys, beam_synth.pipeline; print('torch' in sys.modules)") == "False"
    )


@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="torch is not installed")
@pytest.mark.parametrize("first", ["beam_synth.pipeline", "torch"])
def test_torch_can_be_imported_all_the_same(first: str) -> None:
    code = f"import {first}, beam_synth.pipeline, torch; print(torch.ones(2).sum().item())"
    assert _in_a_process(code) == "2.0"


def test_beam_can_still_tell_its_memory() -> None:
    code = (
        "import beam_synth.pipeline; from apache_beam.ml.inference import base; "
        "print(base._get_current_process_memory_in_bytes() > 0)"
    )
    assert _in_a_process(code) == "True"
