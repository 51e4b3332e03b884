"""A flag that nobody knows is refused; Beam's and the runners' pass."""

from __future__ import annotations

import pytest

from beam_synth.errors import Refused
from beam_synth.flags import check_flags, pipeline_options


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--direct_num_worker", "2"], "did you mean 'direct_num_workers'"),
        (["--outptu=x"], "did you mean 'output'"),
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


def test_the_local_runner_is_named_and_embedded_flink_uses_this_process() -> None:
    from apache_beam.options.pipeline_options import PortableOptions, StandardOptions

    assert pipeline_options([]).view_as(StandardOptions).runner == "FnApiRunner"
    flink = pipeline_options(["--runner=FlinkRunner", "--flink_master=[local]"])
    assert flink.view_as(PortableOptions).environment_type == "LOOPBACK"
