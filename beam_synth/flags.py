"""Beam and runner flags: what the command line passes through, checked before any work."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from beam_synth.errors import Refused, nearest

LOCAL_RUNNER = "FnApiRunner"

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
    """Every flag that Beam, its runners or Flink's job server know, without dashes."""
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


def check_flags(flags: Sequence[str]) -> None:
    """Refuse a flag that neither Beam nor a runner knows, and a value without a flag."""
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
                    f"{nearest(name, known | OWN)}"
                )
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
    """Beam's PipelineOptions with our defaults: the local runner by name, loopback workers."""
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
    portable = options.view_as(PortableOptions)
    embedded = options.view_as(FlinkRunnerOptions).flink_master in ("[local]", "[auto]")
    if standard.runner == "FlinkRunner" and embedded and portable.environment_type is None:
        portable.environment_type = "LOOPBACK"
    return options
