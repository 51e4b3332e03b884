"""The job server of embedded Flink: Beam's jar from Maven Central, or one that Maven builds."""

from __future__ import annotations

import importlib.resources
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from beam_synth.errors import Refused


def _build_script() -> Path:
    return Path(str(importlib.resources.files("beam_synth.runs"))) / "flink_job_server" / "build.sh"


def job_server_jar(options: Any) -> str:
    """Path of a jar on this machine for the runner of these PipelineOptions.

    Fetched once and cached by Beam; where Maven Central cannot be reached, Maven builds one, which
    takes minutes. Raises Refused where there is no Java, or no jar can be had.
    """
    if shutil.which("java") is None:
        raise Refused("the Flink runner needs Java 11 or later, and there is no java on the PATH")
    jar = _from_maven_central(options)
    return jar if jar is not None else _built()


def _from_maven_central(options: Any) -> str | None:
    from apache_beam.runners.portability.flink_runner import FlinkJarJobServer
    from apache_beam.utils.subprocess_server import JavaJarServer

    try:
        return str(JavaJarServer.local_jar(FlinkJarJobServer(options).path_to_jar()))
    except (RuntimeError, OSError):  # not to be had from here
        return None


def _built() -> str:
    """The jar that flink_job_server/build.sh makes with Maven."""
    way_out = "name a jar that you have: --flink_job_server_jar PATH"
    if shutil.which("mvn") is None:
        raise Refused(
            "Beam's Flink job server cannot be downloaded from Maven Central, and there is no "
            f"Maven (mvn on the PATH) to build one with; {way_out}"
        )
    print("Beam's Flink job server cannot be downloaded; Maven builds one ...", file=sys.stderr)
    build = subprocess.run(["bash", str(_build_script())], stdout=subprocess.PIPE, text=True)
    if build.returncode:
        raise Refused(f"building Flink's job server with Maven failed, see above; {way_out}")
    return build.stdout.strip()
