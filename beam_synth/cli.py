"""The command line: `beam-synth COMMAND ...`; this module parses words, `commands` does the work.

    plan, check, preview       look at a job before it runs
    run, resume, rerun         make a dataset, go on with one, make one anew
    status, verify             look at a run
    train                      train a tiny model on a run's shards
    jobs, init                 list the shipped jobs, copy one to edit

Words that argparse does not know are flags of Beam, which go to the command as they are. Each
command imports what it needs, within its function: `--help` loads neither Beam nor torch, and what
an import meets (Ctrl-C, a missing package) is told in one line like everything else.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import beam_synth
from beam_synth.ending import DEBUG, in_one_line
from beam_synth.errors import Refused

if TYPE_CHECKING:
    from beam_synth.job.schema import Job
    from beam_synth.runs.identity import Run

# Loggers of Beam's that print the traceback of what breaks in a stage, which the run keeps.
_TELL_TRACEBACKS = (
    "apache_beam.runners.common",
    "apache_beam.runners.portability.local_job_service",
    "apache_beam.runners.worker.sdk_worker",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; `argv` are its words, those of the process where None.

    Returns the exit code: 0 done, 1 fault (or `verify` found disagreements), 2 refused, 3 stopped
    and resumable, 130 interrupted; see `errors.exit_code`. Messages go to standard error. Raises
    SystemExit where argparse ends the command itself (`--help`, a wrong option).
    """
    return in_one_line(lambda: _main(argv))


def _main(argv: Sequence[str] | None) -> int:
    from beam_synth.runs.flags import check_flags
    from beam_synth.storage.remote import use_flags

    _quieten()
    parser = _parser()
    arguments, rest = parser.parse_known_args(argv)
    if arguments.command is None:
        parser.print_help()
        return 2
    if arguments.flags is not None:
        check_flags(rest, arguments.flags)
        use_flags(rest)
    elif rest:
        raise Refused(f"{arguments.command}: unexpected argument {rest[0]}")
    command: Callable[[argparse.Namespace, list[str]], int] = arguments.function
    return command(arguments, rest)


def _quieten() -> None:
    """Have Beam not print what a run tells in one line: its loggers, and a traceback for each."""
    logging.getLogger().addFilter(_is_news)
    if not os.environ.get(DEBUG):
        for name in _TELL_TRACEBACKS:
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _is_news(record: logging.LogRecord) -> bool:
    """Without the extra for Google Cloud, Beam warns of it at each import; we need it nowhere."""
    return not str(record.msg).startswith("apitools not found")


def _parser() -> argparse.ArgumentParser:
    from beam_synth.runs.flags import EVERY_FLAG, FILE_FLAGS

    parser = argparse.ArgumentParser(
        prog="beam-synth",
        description="Turn an encyclopaedia into training data for small reasoning models.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=beam_synth.__version__)
    parser.set_defaults(flags=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_job_commands(commands)

    rerun = _add(commands, "rerun", _rerun, "make a finished run's dataset anew", EVERY_FLAG)
    rerun.add_argument("run", metavar="RUN", help="folder of a run")
    rerun.add_argument("--seed", type=_seed, help="another seed (default: the run's)")
    rerun.add_argument("--articles", nargs="+", default=[], metavar="PATH", help="other articles")
    _add_output(rerun)

    resume = _add(commands, "resume", _resume, "go on with a run that stopped", EVERY_FLAG)
    resume.add_argument("run", metavar="RUN", help="folder of a run")
    _add_overrides(resume)
    resume.add_argument("--quiet", action="store_true", help="no progress lines")
    status = _add(commands, "status", _status, "say what a run is at, from its files", FILE_FLAGS)
    status.add_argument("run", metavar="RUN", help="folder of a run")

    verify = _add(
        commands, "verify", _verify, "make every check of a finished run again", FILE_FLAGS
    )
    verify.add_argument("run", metavar="RUN", help="folder of a finished run")

    train = _add(commands, "train", _train, "train a tiny model on a run's shards")
    train.add_argument("run", metavar="RUN", help="folder of a finished run")
    train.add_argument("--preset", default="tiny", help="model shape (default: tiny)")
    train.add_argument("--steps", type=int, help="optimizer steps (default: the preset's)")
    train.add_argument("--output", metavar="DIR", help="model folder (default: RUN/model)")

    _add(commands, "jobs", _jobs, "list the shipped jobs")
    init = _add(commands, "init", _init, "copy a job and what it needs into a folder, to edit")
    init.add_argument("folder", metavar="DIR", help="folder to make")
    init.add_argument(
        "--job",
        default="quickstart",
        help="a job file or a shipped job's name (default: quickstart)",
    )
    return parser


def _add_job_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from beam_synth.runs.flags import EVERY_FLAG, FILE_FLAGS

    run = _add(commands, "run", _run, "run a job to a finished dataset", EVERY_FLAG)
    _add_job(run)
    _add_output(run)
    plan = _add(
        commands,
        "plan",
        _plan,
        "say what a job would make and need; loads no model",
        FILE_FLAGS,
    )
    _add_job(plan)
    plan.add_argument("--sample", type=int, default=200, help="articles to look at (default: 200)")
    preview = _add(
        commands, "preview", _preview, "make a few samples and write nothing", FILE_FLAGS
    )
    _add_job(preview)
    preview.add_argument("-n", type=int, default=5, help="samples (default: 5)")
    check = _add(commands, "check", _check, "validate a job and ask its endpoints", FILE_FLAGS)
    _add_job(check)


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    function: Callable[[argparse.Namespace, list[str]], int],
    text: str,
    flags: tuple[str, ...] | None = None,
) -> argparse.ArgumentParser:
    """Add a command that takes flags of Beam whose names start with one of `flags`."""
    from beam_synth.runs.flags import EPILOG

    parser = commands.add_parser(
        name,
        help=text,
        description=text,
        allow_abbrev=False,
        epilog=None if flags is None else EPILOG[flags],
    )
    parser.set_defaults(function=function, flags=flags)
    return parser


def _add_job(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="a job file or a shipped job's name")
    parser.add_argument("--articles", nargs="+", default=[], metavar="GLOB", help="your articles")
    parser.add_argument("--seed", type=_seed, help="seed of every draw (default: the job's)")
    _add_overrides(parser)


def _add_overrides(parser: argparse.ArgumentParser) -> None:
    what = "override a job key"
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=what)
    told = "go on where a method keeps none of its first tasks (--set generate.none_kept=0)"
    off = "generate.none_kept=0"
    parser.add_argument("--keep-going", dest="set", action="append_const", const=off, help=told)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="DIR", help="run folder (default: out/<job>/<seed>)")
    parser.add_argument("--quiet", action="store_true", help="no progress lines")


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**63:
        raise argparse.ArgumentTypeError(f"a seed lies in 0 .. 2**63 - 1, not {value}")
    return value


# ---------------------------------------------------------------- from words to commands


def _load(arguments: argparse.Namespace) -> Job:
    from beam_synth.job import loading

    return loading.load_job(
        arguments.job,
        articles=arguments.articles,
        seed=arguments.seed,
        overrides=arguments.set,
    )


def _plan_run(arguments: argparse.Namespace) -> Run:
    """The run of a command that writes none."""
    from beam_synth.runs.identity import plan_run

    return plan_run(_load(arguments), "")


def _run(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.commands.run import start

    print(start(_load(arguments), arguments.output, flags, quiet=arguments.quiet))
    return 0


def _rerun(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.commands.rerun import rerun

    print(
        rerun(
            arguments.run,
            flags,
            seed=arguments.seed,
            articles=arguments.articles,
            output=arguments.output,
            quiet=arguments.quiet,
        )
    )
    return 0


def _resume(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.commands.resume import resume

    print(resume(arguments.run, flags, arguments.set, quiet=arguments.quiet))
    return 0


def _status(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.commands.status import status

    print(status(arguments.run))
    return 0


def _verify(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.commands.verify import verify_run

    result = verify_run(arguments.run)
    print(result)
    return 1 if result.disagreements else 0


def _plan(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.commands.plan import plan

    if arguments.sample < 1:
        raise Refused(f"--sample must be at least 1, got {arguments.sample}")
    print(plan(_plan_run(arguments), arguments.sample))
    return 0


def _preview(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.commands.check import check_engines
    from beam_synth.commands.preview import show

    if arguments.n < 1:
        raise Refused(f"-n must be at least 1, got {arguments.n}")
    run = _plan_run(arguments)
    print(show(run, arguments.n, check_engines(run.job).findings))
    return 0


def _check(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.commands.check import report

    for line in report(_plan_run(arguments)):
        print(line)
    return 0


def _train(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.training import train

    train(arguments.run, preset=arguments.preset, steps=arguments.steps, output=arguments.output)
    return 0


def _jobs(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.job import loading

    for name, path in loading.shipped_jobs().items():
        print(f"{name:16} {loading.summary(path)}")
    return 0


def _init(arguments: argparse.Namespace, flags: list[str]) -> int:
    from beam_synth.commands.init import copy_job

    for line in copy_job(arguments.job, Path(arguments.folder)):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
