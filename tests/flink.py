"""A Flink job server for tests: Beam's jar from Maven Central, or one built with Maven."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def job_server_jar() -> str:
    """The jar's path. Skips the test where there is no Java, or no jar can be had.

    BEAM_SYNTH_REQUIRE=java makes the want of Java a failure.
    """
    if shutil.which("java") is None:
        if "java" in os.environ.get("BEAM_SYNTH_REQUIRE", ""):
            pytest.fail("BEAM_SYNTH_REQUIRE names java, and there is none on the PATH")
        pytest.skip("no Java")
    named = os.environ.get("BEAM_SYNTH_FLINK_JAR")
    return named or _from_maven_central() or _built()


def _from_maven_central() -> str | None:
    from apache_beam.options.pipeline_options import PipelineOptions
    from apache_beam.runners.portability.flink_runner import FlinkJarJobServer
    from apache_beam.utils.subprocess_server import JavaJarServer

    try:
        server = FlinkJarJobServer(PipelineOptions())
        return str(JavaJarServer.local_jar(server.path_to_jar()))
    except (RuntimeError, OSError):  # not to be had from here
        return None


def _built() -> str:
    if shutil.which("mvn") is None:
        pytest.skip(
            "Beam's Flink job server cannot be downloaded, and there is no Maven to build it"
        )
    script = ROOT / "scripts" / "flink_job_server.sh"
    done = subprocess.run([str(script)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no Flink job server can be had: {done.stderr.strip()[-300:]}")
    return done.stdout.strip()
