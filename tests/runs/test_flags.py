"""A flag that nobody knows is refused; Beam's and the runners' pass."""

from __future__ import annotations

import pytest

from beam_synth.errors import Refused
from beam_synth.runs.flags import check_flags, pipeline_options


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--direct_num_worker", "2"], "did you mean '--direct_num_workers'"),
        (["--outptu=x"], "did you mean '--output'"),
        (["stray"], "unexpected argument"),
        (["--streaming", "--runner=FnApiRunner", "a", "b"], "b|a: unexpected argument"),
        (["--direct_num_workers", "two"], "direct_num_workers"),
    ],
)
def test_wrong_flags_are_refused(flags: list[str], message: str) -> None:
    with pytest.raises(Refused, match=message):
        check_flags(flags)


@pytest.mark.parametrize(
    "flags",
    [
        ["--runner", "FnApiRunner", "--direct_num_workers=2"],
        ["--runner=FlinkRunner", "--flink_master=[local]", "--parallelism", "2"],
        ["--runner=DataflowRunner", "--project=p", "--region=r", "--temp_location=gs://b/t"],
        ["--setup_file", "./setup.py", "--environment_type=LOOPBACK"],
    ],
)
def test_flags_of_beam_and_its_runners_pass(flags: list[str]) -> None:
    check_flags(flags)


@pytest.mark.parametrize(
    ("runner", "message"),
    [
        ("FlinkRuner", "there is no 'FlinkRuner' .did you mean 'FlinkRunner'"),
        ("no.such:Runner", "there is no|cannot be used"),
        ("beam_synth.errors.NoRunner", "cannot be used"),
    ],
)
def test_a_wrong_runner_is_refused_before_anything_is_written(runner: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        pipeline_options([f"--runner={runner}"])


def test_a_runner_without_what_it_needs_is_refused() -> None:
    with pytest.raises(Refused, match="DataflowRunner"):
        pipeline_options(["--runner=DataflowRunner"])


def test_embedded_flink_without_java_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match="Java"):
        pipeline_options(["--runner=FlinkRunner", "--flink_master=[local]"])


def test_the_local_runner_is_named_and_embedded_flink_uses_this_process() -> None:
    from apache_beam.options.pipeline_options import PortableOptions, StandardOptions

    for flags in ([], ["--runner=DirectRunner"], ["--runner=fnapirunner"]):
        assert pipeline_options(flags).view_as(StandardOptions).runner == "FnApiRunner"
    named = ["--flink_job_server_jar", "server.jar"]
    flink = pipeline_options(["--runner=FlinkRunner", "--flink_master=[local]", *named])
    assert flink.view_as(PortableOptions).environment_type == "LOOPBACK"
