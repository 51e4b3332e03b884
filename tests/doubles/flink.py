"""A Flink job server for tests."""

from __future__ import annotations

import os
import shutil

import pytest

from beam_synth.errors import Refused
from beam_synth.runs import flink


def job_server_jar() -> str:
    """The jar's path. Skips the test where there is no Java, or no jar can be had.

    BEAM_SYNTH_REQUIRE=java makes the want of Java a failure.
    """
    from apache_beam.options.pipeline_options import PipelineOptions

    if shutil.which("java") is None:
        if "java" in os.environ.get("BEAM_SYNTH_REQUIRE", ""):
            pytest.fail("BEAM_SYNTH_REQUIRE names java, and there is none on the PATH")
        pytest.skip("no Java")
    try:
        return flink.job_server_jar(PipelineOptions([]))
    except Refused as error:
        pytest.skip(str(error))
