"""Generate: Beam's RunInference over method programs.

Beam batches the tasks and keeps one Runtime a process; what a batch does is in
`generation.worker`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from beam_synth.generation.config import STAGE, GenerateConfig, of_round
from beam_synth.generation.judging_figures import PREFIX as JUDGING
from beam_synth.generation.results import BatchResult
from beam_synth.generation.task_lines import in_order, task_of
from beam_synth.generation.worker import Runtime, runtime
from transforms.accounting import METRICS, Accounted, Stage, rejected, tallied
from transforms.inference import ModelHandler, RunInference


@dataclasses.dataclass(eq=False)
class Generate(beam.PTransform):
    """Bring every task to its outcome, on disk under `_completed/`; outcomes there count as done.

    In: (task_bucket, packed Tasks). Out: packed RECORD_REF tables. Rejects: every reason that a
    method, a check or the judge gives; failed: `engine_error`, `internal_error`. A task that a
    stop left over is counted as unfinished. `extra["metrics"]` are addends of what the calls took:
    ("generation.calls", number).

    A group holds the tasks of one bucket, 0.6 KB each when unpacked: 256 MB are 400,000; more
    `shards` split a larger one.
    """

    config: GenerateConfig  # travels to each worker, with the seed and the models
    round: int = 0  # from 0 on; the name in the accounts tells it
    after: beam.PCollection[None] | None = None  # what has to be done before the first call

    def default_label(self) -> str:
        return of_round(STAGE, self.round)

    def expand(self, tasks: beam.PCollection[tuple[int, bytes]]) -> Stage:
        name = of_round(STAGE, self.round)
        if self.after is not None:
            tasks = tasks | "Once" >> beam.Map(_once, beam.pvalue.AsIter(self.after))
        stage: Stage = (
            tasks
            | "GroupByBucket" >> beam.GroupByKey()
            | "InOrder" >> beam.FlatMap(in_order)
            | "RunPrograms" >> RunInference(_Programs(self.config, name))
            | "Split" >> Accounted(name, _Split(), extra=[METRICS])
        )
        return stage


def _once(element: tuple[int, bytes], done: Iterable[None]) -> tuple[int, bytes]:
    """The element, when what it waits for is done."""
    return element


class _Programs(ModelHandler[bytes, BatchResult, Runtime]):
    """Runs a batch of tasks; the batch's result is one element, its texts are on disk by then."""

    def __init__(self, config: GenerateConfig, stage: str) -> None:
        super().__init__()
        self._config = config
        self._stage = stage

    def load_model(self) -> Runtime:
        return runtime(self._config)

    def batch_elements_kwargs(self) -> dict[str, Any]:
        # Left alone, Beam ramps up from 1 and settles far too low: each batch drains at its end.
        size = self._config.batch_size
        return {"min_batch_size": size, "max_batch_size": size}

    def get_num_bytes(self, batch: Sequence[bytes]) -> int:
        return sum(map(len, batch))

    def run_inference(
        self,
        batch: Sequence[bytes],
        model: Runtime,
        inference_args: dict[str, Any] | None = None,
    ) -> list[BatchResult]:
        return [model.process([task_of(line) for line in batch], self._stage)]


class _Split(beam.DoFn):
    """The parts of a batch's result, each to its output."""

    def process(self, result: BatchResult) -> Iterator[Any]:
        yield from result.packed_refs()
        yield from map(rejected, result.rejects)
        yield from map(tallied, result.counts)
        for key, n in result.metrics.items():
            if key.startswith(JUDGING):
                yield beam.pvalue.TaggedOutput(METRICS, (key, n))
                continue
            if ":" not in key:  # for watching; what counts is the output
                Metrics.counter("generation", key).inc(n)
            yield beam.pvalue.TaggedOutput(METRICS, (f"generation.{key}", n))
