"""Documents and instructions against articles: CPU for each MB that is read, by Beam pipelines.

`benchmarks.ingest` runs it. All three are measured in turn in one process, so that the machine's
other load falls on all of them; of each the least is taken. A MB is 10**6 bytes of what the files
hold once they are decompressed. Languages are given in a column; to tell one from a text costs
0.1 to 0.6 ms more, which is not measured here.
"""

from __future__ import annotations

import dataclasses
import gzip
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from beam_synth.ingestion.row_sources import RowSource
from beam_synth.job.row_keys import DocumentColumns, InstructionColumns
from beam_synth.storage.inputs import InputFile
from benchmarks.row_inputs import write_documents, write_instructions

GOAL = 1.0  # times the articles' CPU a MB
DOCUMENTS = 100_000
INSTRUCTIONS = 10_000


@dataclasses.dataclass(frozen=True)
class Cost:
    """What reading an input cost."""

    megabytes: float
    seconds: float  # of CPU, the least of the repeats

    @property
    def a_megabyte(self) -> float:
        """Milliseconds of CPU for each MB."""
        return 1000 * self.seconds / self.megabytes


def measure(articles: str, repeat: int) -> dict[str, Cost]:
    """CPU of reading the articles (`*.jsonl.gz` in a folder), and of made documents and
    instructions, by name."""
    from transforms.read import ReadArticles, ReadDocuments, ReadInstructions

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows, lines = folder / "documents.parquet", folder / "instructions.jsonl"
        columns = {**DocumentColumns().model_dump(), "text": "body"}
        documents = _source("documents", rows, columns)
        instructions = _source("instructions", lines, InstructionColumns().model_dump())
        sizes = {
            "articles": sum(len(gzip.decompress(p.read_bytes())) for p in Path(articles).iterdir()),
            "documents": write_documents(rows, DOCUMENTS),
            "instructions": write_instructions(lines, INSTRUCTIONS),
        }
        stages: dict[str, Callable[[str], Any]] = {
            "articles": lambda run: ReadArticles((f"{articles}/*.jsonl.gz",), run),
            "documents": lambda run: ReadDocuments((documents,), run),
            "instructions": lambda run: ReadInstructions((instructions,), run, 8),
        }
        seconds: dict[str, list[float]] = {name: [] for name in stages}
        for _ in range(repeat):
            for name, stage in stages.items():
                seconds[name].append(_cpu_of(stage, folder))
    return {name: Cost(sizes[name] / 1e6, min(found)) for name, found in seconds.items()}


def _source(key: str, path: Path, columns: dict[str, str]) -> RowSource:
    file = InputFile(str(path), 0, "")
    return RowSource(key, key, (file,), columns, frozenset(), license="CC0-1.0")


def _cpu_of(stage: Callable[[str], Any], folder: Path) -> float:
    import apache_beam as beam
    from apache_beam.runners.portability.fn_api_runner import FnApiRunner

    with tempfile.TemporaryDirectory(dir=folder) as run:
        started = time.process_time()
        with beam.Pipeline(FnApiRunner()) as pipeline:
            _ = pipeline | stage(run)
        return time.process_time() - started


def report(costs: dict[str, Cost]) -> bool:
    """Print each cost and its ratio to the articles'; whether all hold the goal."""
    held = True
    for name, cost in costs.items():
        ratio = cost.a_megabyte / costs["articles"].a_megabyte
        goal = "" if name == "articles" else f", {ratio:.2f} times (goal: at most {GOAL})"
        print(f"{name:>12}: {cost.a_megabyte:6.1f} CPU ms a MB of {cost.megabytes:,.1f}{goal}")
        held = held and ratio <= GOAL
    return held
