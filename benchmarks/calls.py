"""One worker's calls for the generation benchmark: `ours` (Generate on the local runner) or `bare`.

python -m benchmarks.calls ours|bare ROWS WINDOW URL
"""

from __future__ import annotations

import asyncio
import itertools
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from beam_synth.drawing import bucket_of
from beam_synth.ending import in_one_line
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.mixture import PlanConfig, Share
from beam_synth.generation.planning import plan_passage
from beam_synth.generation.task_lines import pack_lines, task_line
from beam_synth.job.schema import GenerateSettings, Model
from beam_synth.methods import DrawFor, Models, PassageSeed, method
from beam_synth.methods.shared.samples import turns
from beam_synth.records import Sample, seed_record
from tests.doubles import programs

BUCKETS = 8
TASKS_A_PASSAGE = 200
_TEXT = "Say something about topic"


@method(exercise="memorization", calls=1)
async def one_call(seed: PassageSeed, models: Models, draw: DrawFor) -> Sample:
    """One call a row, and no checks."""
    asked = {"text": f"{_TEXT} {seed.task.task_id}"}
    answer = await models.generator.ask("benchmark/ask", asked)
    return Sample(
        language=seed.language,
        exercise="memorization",
        query=asked["text"],
        reasoning="",
        answer=answer.text,
        seeds=(seed_record(seed.passage, "primary"),),
        checks=(),
        messages=turns(asked["text"], "", answer.text),
    )


Measured = Callable[[], AbstractContextManager[None]]


def ours(rows: int, window: int, url: str, measured: Measured) -> int:
    """Rows through Beam's RunInference, with outcomes on disk; returns how many passed."""
    import apache_beam as beam

    from beam_synth.runs.flags import LOCAL_RUNNER
    from transforms.generate import Generate as GenerateStage

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_run(folder, rows)
        with measured(), beam.Pipeline(LOCAL_RUNNER) as root:
            made = (
                root
                | beam.Create(range(BUCKETS))
                | beam.Map(_read_tasks, folder)
                | GenerateStage(_config(folder, window, url))
            )
            _ = made.counts | beam.CombinePerKey(sum) | beam.Map(_check, rows)
        for stopped in folder.glob("_stop/*"):
            raise SystemExit(f"{stopped.name}: {stopped.read_text().strip()}")
        return sum(
            pq.read_metadata(path).num_rows for path in folder.glob("_completed/*/*.parquet")
        )


def _read_tasks(bucket: int, folder: Path) -> tuple[int, bytes]:
    return bucket, pack_lines([_tasks_of(folder, bucket).read_bytes()])


def _check(item: tuple[tuple[str, str, str], int], rows: int) -> None:
    (_, kind, reason), n = item
    if kind == "passed" and n != rows:
        raise ValueError(f"{n} of {rows} rows passed")
    if reason:
        raise ValueError(f"{n} rows ended with {reason}")


def _config(folder: Path, window: int, url: str) -> GenerateConfig:
    return GenerateConfig(
        run=str(folder),
        seed=1,
        models={
            "generator": Model(engine="openai", model="fake-model", base_url=url),
            "judge": Model(),
        },
        generate=GenerateSettings(window=window, timeout=600),
        prompts=str(folder / "prompts"),
        passage_buckets=programs.PASSAGE_BUCKETS,
        task_buckets=BUCKETS,
    )


def _write_run(folder: Path, rows: int) -> None:
    """Passages, a prompt and tasks by outcome bucket, on disk: not a part of what is measured."""
    prompt = folder / "prompts" / "benchmark" / "ask.jinja"
    prompt.parent.mkdir(parents=True)
    prompt.write_text("{{ text }}")
    found = programs.passages(-(-rows // TASKS_A_PASSAGE))
    programs.write_run(folder, found)
    share = Share("benchmarks.calls:one_call", 1.0, 1, 0)
    plan = PlanConfig(1, (share,), TASKS_A_PASSAGE, None, BUCKETS)
    tasks = (t for p in found for t in plan_passage(p.passage_id, "en", (), plan))
    with ExitStack() as stack:
        files = [stack.enter_context(_tasks_of(folder, i).open("wb")) for i in range(BUCKETS)]
        for task in itertools.islice(tasks, rows):
            files[bucket_of(task.task_id, BUCKETS)].write(task_line(task))


def _tasks_of(folder: Path, bucket: int) -> Path:
    return folder / f"{bucket}.tasks"


async def bare(rows: int, window: int, url: str) -> int:
    """The same calls in a loop over aiohttp; returns how many were answered."""
    import aiohttp
    import orjson

    answered = 0
    numbers = iter(range(rows))
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        connector=connector, headers={"Content-Type": "application/json"}
    ) as session:

        async def lane() -> None:
            nonlocal answered
            for number in numbers:
                message = {"role": "user", "content": f"{_TEXT} {number:032d}"}
                body = {"model": "fake-model", "n": 1, "seed": number, "messages": [message]}
                async with session.post(
                    f"{url}/chat/completions", data=orjson.dumps(body)
                ) as response:
                    found = orjson.loads(await response.read())
                    answered += bool(found["choices"][0]["message"]["content"])

        await asyncio.gather(*(lane() for _ in range(window)))
    return answered


def main() -> None:
    """Print {"rows", "wall", "cpu"} as JSON: seconds of this process and its children, from when
    the tasks are planned."""
    kind, rows, window, url = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    found: dict[str, float] = {}

    @contextmanager
    def measured() -> Iterator[None]:
        wall, cpu = time.monotonic(), _cpu()
        yield
        found.update(wall=time.monotonic() - wall, cpu=_cpu() - cpu)

    if kind == "ours":
        made = ours(rows, window, url, measured)
    else:
        with measured():
            made = asyncio.run(bare(rows, window, url))
    print(json.dumps({"rows": made, **found}))


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    sys.exit(in_one_line(main))
