"""What `./run_local.sh` does after each install: run the quickstart and show what was made; then,
with torch, train on it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from beam_synth.cli import main as beam_synth
from beam_synth.commands.status import first_sample
from beam_synth.ending import in_one_line
from beam_synth.job.loading import load_job
from beam_synth.storage import layout
from beam_synth.storage.remote import is_url

TRAINING_STEPS = 30


def main() -> int:
    """Run the job, or train a tiny model on its shards, and say what lies where."""
    parser = argparse.ArgumentParser(prog="./run_local.sh", allow_abbrev=False)
    parser.add_argument("half", choices=("dataset", "model"), help=argparse.SUPPRESS)
    parser.add_argument("--articles", nargs="+", default=[], metavar="PATH")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--output", metavar="DIR")
    arguments = parser.parse_args()
    job = load_job("quickstart", seed=arguments.seed)
    own = arguments.output and _typed(arguments.output)
    path = own or str(_output(job.seed, bool(arguments.articles)))
    return _dataset(arguments, path) if arguments.half == "dataset" else _model(path)


def _dataset(arguments: argparse.Namespace, path: str) -> int:
    started = time.monotonic()
    command = ["run", "quickstart", "--runner", "FnApiRunner"]
    if arguments.articles:
        command += ["--articles", *map(_typed, arguments.articles)]
    if arguments.seed is not None:
        command += ["--seed", str(arguments.seed)]
    code = beam_synth([*command, "--output", path])
    if code:
        return code
    _show(path, time.monotonic() - started)
    return 0


def _model(path: str) -> int:
    started = time.monotonic()
    model = Path(path) / "model"
    if not (model / "config.json").exists():
        code = beam_synth(["train", path, "--preset", "tiny", "--steps", str(TRAINING_STEPS)])
        if code:
            return code
    print(f"\nTrained in {time.monotonic() - started:.0f} s:\n  model     {model}")
    return 0


def _typed(path: str) -> str:
    """A path as it was meant where run_local.sh was called, which then went to its own folder."""
    start = os.environ.get("BEAM_SYNTH_CALLED_FROM", os.curdir)
    return path if is_url(path) or Path(start).samefile(os.curdir) else str(Path(start) / path)


def _output(seed: int, own_articles: bool) -> Path:
    """The user's own articles get a folder of their own, so that both runs can stand."""
    return Path("out") / ("quickstart-articles" if own_articles else "quickstart") / str(seed)


def _show(path: str, seconds: float) -> None:
    sample = first_sample(path)
    if sample is not None:
        print("\nOne sample:")
        for key in ("exercise", "language", "query", "synthetic_reasoning", "synthetic_answer"):
            print(f"  {key}: {sample[key]}")
    print(f"\nMade in {seconds:.0f} s:")
    print(f"  dataset   {path}/data (Parquet), {path}/tfrecord, card {path}/{layout.CARD}")
    print(f"  report    {path}/{layout.REPORT}")
    print(f"  left out  {path}/rejects, {path}/errors: every record with its reason")
    print("Next: beam-synth jobs; beam-synth init DIR; beam-synth plan JOB (in .venv/bin)")


if __name__ == "__main__":
    sys.exit(in_one_line(main))
