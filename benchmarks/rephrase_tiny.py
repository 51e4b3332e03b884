"""The job `rephrase-tiny` with its real model: what survives of each format, in which time.

    python -m benchmarks.rephrase_tiny [--tasks 200] [--output DIR]

The server is started first, so that its counters can be read before and after the run, which then
uses the same one. Before its work a run asks the engine for one short answer; what such an answer
takes is measured after it. Goals: every task ends, and the run's tokens are those that the server
has counted.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq

from beam_synth.ending import in_one_line
from beam_synth.engines.llamacpp import LlamaCpp
from beam_synth.engines.prompts import Prompts
from beam_synth.job.loading import load_job
from beam_synth.methods.rephrase.formats import FORMATS
from tests.doubles.endpoints import command, generation

_FORMAT = re.compile(rf"(?:rephrase/)?({'|'.join(FORMATS)})\b")
JOB = "rephrase-tiny"
SHOWN = 3  # texts that were kept, and as many that were not
COUNTERS = ("prompt_tokens_total", "prompt_tokens_cached_total", "tokens_predicted_total")


def counters(port: int) -> Counter[str]:
    """Tokens of prompts and of answers that the server has counted since its start."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
        lines = response.read().decode().splitlines()
    found = dict(line.removeprefix("llamacpp:").split() for line in lines if line[0] != "#")
    prompt, cached, answer = (int(float(found[name])) for name in COUNTERS)
    return Counter(prompt=prompt + cached, answer=answer)


def run(arguments: list[str]) -> None:
    """A run of the job to its end."""
    if subprocess.run(command("run", JOB, "--quiet", *arguments)).returncode:
        raise SystemExit("the run failed")


def outcomes(output: Path) -> Iterator[dict[str, Any]]:
    """What became of each task."""
    for path in sorted(output.glob("_completed/*/*.parquet")):
        for data in pq.read_table(path, columns=["outcome"])["outcome"].to_pylist():
            yield orjson.loads(data)


def format_of(outcome: dict[str, Any]) -> str:
    """The format of a task: of its record, or as its reject's detail begins."""
    if outcome["records"]:
        constraints: dict[str, str] = orjson.loads(outcome["records"][0]["constraints"])
        return constraints["format"]
    found = _FORMAT.match(outcome["detail"])
    return found[1] if found else "?"


def survival(every: list[dict[str, Any]]) -> Iterator[str]:
    """A line a format: how many tasks, how many were kept, why the others were not."""
    for form in FORMATS:
        own = [each for each in every if format_of(each) == form]
        kept = sum(each["kind"] == "made" for each in own)
        reasons = Counter(each["reason"] for each in own if each["kind"] != "made")
        why = ", ".join(f"{reason} {n}" for reason, n in reasons.most_common())
        yield f"{form:<9} {len(own):>4} tasks {kept:>4} kept ({kept / (len(own) or 1):.0%})  {why}"
    kept = sum(each["kind"] == "made" for each in every)
    yield f"{'all':<9} {len(every):>4} tasks {kept:>4} kept ({kept / (len(every) or 1):.0%})"


def shown(every: list[dict[str, Any]]) -> Iterator[str]:
    """Some texts that were kept and some that were not, of several formats and reasons."""
    for kind in ("made", "rejected"):
        seen: set[str] = set()
        for each in every:
            what = format_of(each) if kind == "made" else each["reason"]
            if each["kind"] != kind or what in seen or len(seen) == SHOWN:
                continue
            seen.add(what)
            text = each["records"][0]["text"] if kind == "made" else each["raw"]
            why = f"{each['reason']} {each['detail'][:120]}"
            yield f"\n---- {kind}: {format_of(each)} {why}\n{text}"


async def measured(output: Path, tasks: int) -> None:
    """The run between two readings of the server's counters, and what came of it."""
    job = load_job(JOB)
    (model,) = job.pool("generator")
    engine = LlamaCpp(model, Prompts(), job.generate.timeout)
    assert engine._server is not None
    port = await engine._server.ready()
    before, started = counters(port), time.monotonic()
    run(["--output", str(output), "--set", f"tasks.limit={tasks}"])
    seconds, seen = time.monotonic() - started, counters(port) - before
    before = counters(port)
    await engine.probe()
    probe = counters(port) - before
    await engine.close()
    every = list(outcomes(output))
    print("\n".join(survival(every)))
    total = generation(output)["total"]
    ours = Counter(prompt=total["prompt_tokens"], answer=total["completion_tokens"])
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{seconds:.0f} s in all; CPU without the server {cpu.ru_utime + cpu.ru_stime:.0f} s")
    print(f"{total['calls']} calls, {ours['answer'] / seconds:.0f} tokens of answers a second")
    for name in ("prompt", "answer"):
        agrees = "agree" if seen[name] - probe[name] == ours[name] else "DIFFER"
        print(
            f"tokens of {name}s: the run counts {ours[name]:,}, the server {seen[name]:,} with "
            f"{probe[name]} of the probe: they {agrees}"
        )
    print("\n".join(shown(every)))


def main() -> None:
    """Run the job, in a folder that goes with the process unless one is named, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        output = arguments.output or Path(folder) / "run"
        asyncio.run(measured(output, arguments.tasks))


if __name__ == "__main__":
    sys.exit(in_one_line(main))
