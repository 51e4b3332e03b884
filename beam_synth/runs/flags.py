"""Beam and runner flags: what the command line passes through, checked before any work.

Flags say where and how a run runs; what it makes stands in the job file. Beam is imported when a
flag has to be looked up, which takes seconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from beam_synth.errors import Refused, nearest
from beam_synth.runs.flink import job_server_jar

LOCAL_RUNNER = "FnApiRunner"
EVERY_FLAG = ("",)
FILE_FLAGS = ("s3_", "gcs_", "gcp_", "project", "impersonate_", "azure_", "blob_", "hdfs_")
EPILOG = {  # what the help of a command says of the flags that it takes
    EVERY_FLAG: "Flags of Beam, its runners and its filesystems are passed on (--runner, "
    "--direct_num_workers, --s3_endpoint_url, ...).",
    FILE_FLAGS: "Flags of Beam's filesystems are passed on (--s3_endpoint_url, ...).",
}

# Flink's own options live in Java (FlinkPipelineOptions); its job server would tell them, but
# only after it was downloaded and started.
_FLINK = (
    "allow_non_restored_state",
    "auto_balance_write_files_sharding_enabled",
    "auto_watermark_interval",
    "checkpoint_timeout_millis",
    "checkpointing_interval",
    "checkpointing_mode",
    "disable_metrics",
    "environment_cache_millis",
    "execution_mode_for_batch",
    "execution_retry_delay",
    "externalized_checkpoints_enabled",
    "fail_on_checkpointing_errors",
    "faster_copy",
    "file_input_split_max_size_m_b",
    "finish_bundle_before_checkpointing",
    "flink_conf_dir",
    "force_slot_sharing_group",
    "jobCheckIntervalInSecs",
    "latency_tracking_interval",
    "max_bundle_size",
    "max_bundle_time_mills",
    "max_parallelism",
    "min_pause_between_checkpoints",
    "number_of_execution_retries",
    "object_reuse",
    "operator_chaining",
    "parallelism",
    "re_iterable_group_by_key_result",
    "retain_externalized_checkpoints_on_cancellation",
    "savepoint_path",
    "shutdown_sources_after_idle_ms",
    "state_backend",
    "state_backend_storage_path",
    "unaligned_checkpoint_enabled",
)


def known_flags() -> list[str]:
    """Every flag that Beam, its runners or Flink's job server know, sorted, without dashes."""
    parser = _beam_parser()
    names = [option for action in parser._actions for option in action.option_strings]
    return sorted({name.lstrip("-") for name in names} | set(_FLINK))


def _beam_parser() -> argparse.ArgumentParser:
    from apache_beam.options import pipeline_options

    parser: argparse.ArgumentParser = pipeline_options._BeamArgumentParser(allow_abbrev=False)
    for options in pipeline_options.PipelineOptions.__subclasses__():
        add = options.__dict__.get("_add_argparse_args")
        if add is not None and options.__module__ == pipeline_options.__name__:
            options._add_argparse_args(parser)
    return parser


def check_flags(flags: Sequence[str], allowed: tuple[str, ...] = EVERY_FLAG) -> None:
    """Check the flags that a command passes on.

    Args:
        flags: words of the command line, such as "--runner", "FlinkRunner", "--parallelism=4".
        allowed: beginnings of the names that the command can do something with.

    Raises:
        Refused: a flag that neither Beam nor a runner knows (with the nearest one), or that does
            nothing for the command; a value without a flag; a value that Beam refuses.

    >>> check_flags([])
    """
    if not flags:
        return
    known = set(known_flags())
    expects_value = False
    for flag in flags:
        if flag.startswith("--"):
            name = flag[2:].partition("=")[0]
            if name not in known:
                raise Refused(
                    f"--{name}: neither beam-synth nor Beam nor its runners know this flag"
                    f"{nearest(f'--{name}', {f'--{other}' for other in known | OWN})}"
                )
            if not name.startswith(allowed):
                raise Refused(f"--{name}: the command runs no pipeline, the flag would do nothing")
            expects_value = "=" not in flag
        elif expects_value:
            expects_value = False
        else:
            raise Refused(f"{flag}: unexpected argument (a flag starts with --)")
    _parse_values(flags)


OWN = frozenset({"articles", "seed", "output", "set", "quiet"})


def _parse_values(flags: Sequence[str]) -> None:
    """Let Beam's own parser refuse a wrong value of a flag that it knows."""
    parser = _beam_parser()

    def error(message: str) -> Any:
        raise Refused(message)

    parser.error = error  # type: ignore[method-assign]
    parser.parse_known_args(list(flags))


def pipeline_options(flags: Sequence[str]) -> Any:
    """Beam's PipelineOptions with our defaults: the local runner by name, loopback workers.

    An embedded Flink gets the job server's jar, which may be fetched or built here. Raises Refused
    for a runner that there is not, or that lacks what it needs.
    """
    from apache_beam.options.pipeline_options import (
        FlinkRunnerOptions,
        PipelineOptions,
        PortableOptions,
        StandardOptions,
    )

    options = PipelineOptions(list(flags))
    standard = options.view_as(StandardOptions)
    if standard.runner is None:
        standard.runner = LOCAL_RUNNER
    standard.runner = name = _runner_name(standard.runner)
    flink = options.view_as(FlinkRunnerOptions)
    if name == "FlinkRunner" and flink.flink_master in ("[local]", "[auto]"):
        portable = options.view_as(PortableOptions)
        if portable.environment_type is None:
            portable.environment_type = "LOOPBACK"
        if flink.flink_job_server_jar is None:
            flink.flink_job_server_jar = job_server_jar(options)
    _validate(options, name)
    return options


def _validate(options: Any, runner: str) -> None:
    """Let Beam refuse what the runner would refuse, such as a Dataflow job without a project."""
    from apache_beam.options.pipeline_options_validator import PipelineOptionsValidator
    from apache_beam.runners.runner import create_runner

    faults = PipelineOptionsValidator(options, create_runner(runner)).validate()
    if faults:
        raise Refused("\n  ".join([f"the flags of {runner} are not complete:", *faults]))


def _runner_name(wanted: str) -> str:
    """The runner's name as Beam spells it. Raises Refused where it cannot be made.

    DirectRunner is taken for the local runner: by itself it first looks for another to download.
    """
    from apache_beam.options.pipeline_options import StandardOptions
    from apache_beam.runners.runner import create_runner

    known = StandardOptions.KNOWN_RUNNER_NAMES
    try:
        name = type(create_runner(wanted)).__name__
        if name in ("DirectRunner", "SwitchingDirectRunner"):
            return LOCAL_RUNNER
        return name if name in known else wanted
    except ValueError:
        raise Refused(
            f"--runner: there is no {wanted!r}{nearest(wanted, known)}; known are "
            f"{', '.join(known)}, or a class by its full name"
        ) from None
    except (ImportError, AttributeError) as error:
        extra = ": pip install 'beam-synth[gcp]'" if "dataflow" in wanted.lower() else ""
        raise Refused(f"--runner: {wanted} cannot be used ({error}){extra}") from error
