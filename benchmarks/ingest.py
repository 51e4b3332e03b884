"""Ingestion (read, flatten, split, write Parquet) against a bare script, and its memory.

    BEAM_SYNTH_TEST_DATA=FOLDER python -m benchmarks.ingest [--times 10] [--repeat 1] [--rows-only]

The articles of FOLDER/structured are read once over and `times` times over under new ids. The
floor is one process without Beam: orjson, the same functions that flatten and split, and one
Parquet writer. Goals: CPU of the pipeline at most 1.25 times the floor's, `times` times over;
its peak memory at most 1.15 times that of once over. Then 100,000 documents in Parquet and 10,000
instructions in JSON lines are read; goal: the CPU of a MB of them at most that of the articles'.

CPU is user and system time of the process after its imports; memory is its peak resident set.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow.parquet as pq

from beam_synth.ending import in_one_line
from beam_synth.engines.embedders import make_tokenizer
from beam_synth.ingestion.article_files import article_table
from beam_synth.ingestion.wikipedia import parse_article
from beam_synth.job.schema import Model, Passages
from beam_synth.knowledge.passages import Limits, split_articles
from beam_synth.records import PASSAGE_SCHEMA, Article
from benchmarks.ingest_rows import measure, report

CPU_GOAL = 1.25
MEMORY_GOAL = 1.15
_NEW_IDS = 10**12  # added to the page ids of each further copy
_BATCH = 64
_BUCKETS = 64
_EMBEDDER = Model(engine="sentence-transformers", model="minilm")


def main() -> int:
    """Measure both in processes of their own and print the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=1, help="the least of so many is taken")
    parser.add_argument("--rows-only", action="store_true", help="only documents, instructions")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        return _child(*arguments.child)
    failed = 0 if arguments.rows_only else _articles(arguments)
    return failed or _rows(arguments.repeat)


def _data() -> Path:
    data = os.environ.get("BEAM_SYNTH_TEST_DATA")
    if not data:
        raise SystemExit("BEAM_SYNTH_TEST_DATA is not set: name the folder of real data")
    return Path(data) / "structured"


def _rows(repeat: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        articles = _copies(_data(), Path(name) / "once", 1)
        return int(not report(measure(str(articles), repeat)))


def _articles(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        once = _copies(_data(), folder / "once", 1)
        many = _copies(_data(), folder / "many", arguments.times)
        floor = _measure("floor", many, folder, arguments.repeat)
        small = _measure("pipeline", once, folder, arguments.repeat)
        large = _measure("pipeline", many, folder, arguments.repeat)
    cpu = large["cpu"] / floor["cpu"]
    memory = large["peak"] / small["peak"]
    _say("floor", arguments.times, floor)
    _say("pipeline", 1, small)
    _say("pipeline", arguments.times, large)
    print(f"CPU of the pipeline: {cpu:.2f} times the floor's (goal: at most {CPU_GOAL})")
    print(f"peak memory: {memory:.2f} times that of once over (goal: at most {MEMORY_GOAL})")
    return int(cpu > CPU_GOAL or memory > MEMORY_GOAL)


def _say(name: str, times: int, found: dict[str, float]) -> None:
    print(
        f"{name:>9}, articles {times:>3} times: {found['cpu']:7.1f} CPU s, "
        f"peak {found['peak'] / 2**20:6.0f} MiB, {found['passages']:,.0f} passages"
    )


def _copies(source: Path, target: Path, times: int) -> Path:
    """Each file with its records `times` times over."""
    target.mkdir()
    for path in sorted(source.glob("*.jsonl.gz")):
        with gzip.open(path) as handle:
            records = [orjson.loads(line) for line in handle]
        with gzip.open(target / path.name, "wb", compresslevel=6) as out:
            for _ in range(times):
                out.writelines(orjson.dumps(record) + b"\n" for record in records)
                for record in records:
                    record["identifier"] += _NEW_IDS
    return target


def _measure(kind: str, articles: Path, folder: Path, repeat: int) -> dict[str, float]:
    found = []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory(dir=folder) as out:
            command = [sys.executable, "-m", "benchmarks.ingest", "--child", kind]
            done = subprocess.run(
                [*command, str(articles), out], check=True, stdout=subprocess.PIPE, text=True
            )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return min(found, key=lambda one: one["cpu"])


def _child(kind: str, articles: str, out: str) -> int:
    started = time.process_time() if kind == "floor" else 0.0
    if kind == "floor":
        passages = _floor(Path(articles), Path(out))
    else:
        import apache_beam  # noqa: F401

        import transforms.passages
        import transforms.read  # noqa: F401

        started = time.process_time()
        passages = _pipeline(articles, out)
    cpu = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"cpu": cpu, "peak": peak, "passages": passages}))
    return 0


def _batches(folder: Path) -> Iterator[list[Article]]:
    batch = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path) as handle:
            for line in handle:
                batch.append(parse_article(orjson.loads(line)))
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
    if batch:
        yield batch


def _floor(articles: Path, out: Path) -> int:
    """What a careful script does: one pass, one file."""
    job = Passages()
    limits = Limits(job.min_words, job.max_tokens)
    tokenizer = make_tokenizer(_EMBEDDER)
    rows = 0
    with pq.ParquetWriter(out / "passages.parquet", PASSAGE_SCHEMA, compression="zstd") as writer:
        for batch in _batches(articles):
            table = article_table(batch)
            passages, _ = split_articles(table, ["[]"] * len(batch), tokenizer, limits)
            writer.write_table(passages)
            rows += passages.num_rows
    return rows


def _pipeline(articles: str, out: str) -> int:
    import apache_beam as beam
    from apache_beam.runners.portability.fn_api_runner import FnApiRunner

    from transforms.passages import SplitPassages
    from transforms.read import ReadArticles

    with beam.Pipeline(FnApiRunner()) as pipeline:
        read = pipeline | ReadArticles((f"{articles}/*.jsonl.gz",), out)
        _ = read.out | SplitPassages(Passages(), out, _EMBEDDER, _BUCKETS)
    files = Path(out).glob("_passages/*.parquet")
    return sum(pq.read_metadata(path).num_rows for path in files)


if __name__ == "__main__":
    sys.exit(in_one_line(main))
