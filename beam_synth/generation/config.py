"""What generation is told, what a batch of tasks comes to, and the engines of a process."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any

import pyarrow as pa

from beam_synth.engines.base import Engine
from beam_synth.engines.prompts import Prompts
from beam_synth.generation.calls import Endpoint, Meter, Policy, Sleep, Stop
from beam_synth.generation.engines import endpoint_key, make_engine
from beam_synth.generation.orphans import Launcher
from beam_synth.generation.outcomes import Finished, rows_of, summarise
from beam_synth.generation.program import Context, Role, Unfinished, run_program
from beam_synth.generation.rows import sample_refs
from beam_synth.generation.window import Window
from beam_synth.job.schema import Budget, Generate, Job, Model, Price
from beam_synth.knowledge.passage_store import PassageStore
from beam_synth.methods.declaration import Method, Seed
from beam_synth.methods.loading import load_method
from beam_synth.methods.shared.samples import passage_of
from beam_synth.records import SAMPLE_REF_SCHEMA, Count, Passage, Reject, Task, count, pack, reject

STAGE = "Generate"
SECOND_STAGE = "GenerateFollowUps"
_WINDOWS_A_BATCH = 100  # the drain at a batch's end then costs 4% under jitter, 12% at 20
_WAITING = 4  # one program ready to call for each so many calls in flight
_REFS_AT_ONCE = 2_000  # outcomes; fingerprints of a few texts cost 7 ms whatever their number
_PACKED_ROWS = 4096  # references in one element
_MAX_BATCH = 25_600  # tasks; 16 MB of them


@dataclasses.dataclass(frozen=True)
class GenerateConfig:
    """All that a worker needs to know to generate."""

    run: str  # run directory, may be a URL
    seed: int
    models: Mapping[str, Model]  # by role
    generate: Generate
    prompts: str | None
    passage_buckets: int
    task_buckets: int
    problems: str | None = None  # folder of problem templates
    judged: bool = False
    keep_numbers_for: tuple[str, ...] = ()
    budget: Budget = dataclasses.field(default_factory=Budget)
    prices: Mapping[str, Price] = dataclasses.field(default_factory=dict)  # by model
    attempt: str = "0"  # part of the names of outcome files
    processes: int = 1  # worker processes that share the window
    launcher: Launcher | None = None  # where it runs on this machine

    @classmethod
    def of_job(cls, job: Job, **where: Any) -> GenerateConfig:
        """From a job; `where` gives run, passage_buckets, task_buckets and the optional fields."""
        return cls(
            seed=job.seed,
            models={role: job.model(role) for role in ("generator", "judge")},
            generate=job.generate,
            prompts=job.prompts,
            problems=job.problems,
            judged="judge" in job.models,
            keep_numbers_for=job.dedup.keep_numbers_for,
            budget=job.budget,
            prices=job.prices,
            **where,
        )

    @property
    def window(self) -> int:
        """Calls that this process keeps in flight."""
        return -(-self.generate.window // self.processes)

    @property
    def programs(self) -> int:
        """Method programs that this process keeps under way: some more than calls, so that an
        answer's checks leave no gap in the window."""
        return self.window + -(-self.window // _WAITING)

    @property
    def batch_size(self) -> int:
        """Tasks of a batch."""
        return min(_MAX_BATCH, _WINDOWS_A_BATCH * self.window)


# ---------------------------------------------------------------- results


class BatchResult:
    """What a batch comes to; filled flush by flush, after each one's files are in place."""

    def __init__(self, config: GenerateConfig, stage: str = STAGE) -> None:
        self._config = config
        self._stage = stage
        self._unread: list[tuple[str, Finished]] = []  # (file, outcome), not yet in the references
        self._refs: list[pa.Table] = []  # of SAMPLE_REF_SCHEMA
        self.rejects: list[Reject] = []
        self.metrics: Counter[str] = Counter()
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def add(self, file: str, items: Sequence[Finished]) -> None:
        """Take the outcomes that lie in a file."""
        self._unread += [(file, item) for item in items]
        if len(self._unread) >= _REFS_AT_ONCE:
            self._refer()
        self.metrics.update(summarise((item.outcome for item in items), self._config.prices))
        for outcome in (item.outcome for item in items):
            if outcome.kind == "sample":
                self._count("passed")
                continue
            self._count(outcome.kind, reason=outcome.reason)
            self.rejects.append(
                reject(
                    outcome.kind,
                    self._stage,
                    outcome.reason,
                    outcome.detail,
                    record_id=outcome.task_id,
                    raw=outcome.raw,
                )
            )

    def _refer(self) -> None:
        items, self._unread = self._unread, []
        config = self._config
        self._refs.append(sample_refs(items, config.task_buckets, config.keep_numbers_for))
        self._count("out", len(self._refs[-1]))

    def _count(self, kind: str, n: int = 1, reason: str = "") -> None:
        self._counts[self._stage, kind, reason] += n

    def end(self, entered: int, unfinished: int) -> None:
        """The batch is over."""
        self._refer()
        self._count("in", entered)
        self._count("unfinished", unfinished)

    @property
    def counts(self) -> list[Count]:
        return [count(*key[:2], n, key[2]) for key, n in self._counts.items() if n]

    def table(self) -> pa.Table:
        """All references."""
        return pa.concat_tables([SAMPLE_REF_SCHEMA.empty_table(), *self._refs])

    def packed_refs(self) -> Iterator[bytes]:
        """All references (SAMPLE_REF_SCHEMA), packed in elements of about 1 MB."""
        table = self.table()
        for start in range(0, len(table), _PACKED_ROWS):
            yield pack(table.slice(start, _PACKED_ROWS))


# ---------------------------------------------------------------- engines of a process


class Roles:
    """Endpoints by role, made when first asked for; all of one address share one window.

    Belongs to one event loop.
    """

    def __init__(
        self,
        config: GenerateConfig,
        stop: Stop,
        policy: Policy,
        sleep: Sleep = asyncio.sleep,
        meter: Meter | None = None,
    ) -> None:
        self._config = config
        self._stop = stop
        self._policy = policy
        self._sleep = sleep
        self._meter = meter
        self._windows: dict[str, Window] = {}
        self._engines: list[Engine] = []
        self._roles: dict[str, Role] = {}
        self.prompts = Prompts(config.prompts)

    def __call__(self, name: str) -> Role:
        if name not in self._roles:
            model = self._config.models[name]
            engine = make_engine(model, self._config.generate, self.prompts)
            self._engines.append(engine)
            window = self._windows.setdefault(
                endpoint_key(model), Window(self._config.window, ended=self._stopped)
            )
            endpoint = Endpoint(engine, window, self._policy, self._stop, self._sleep, self._meter)
            self._roles[name] = Role(endpoint, model.sampling)
        return self._roles[name]

    def _stopped(self) -> bool:
        return self._stop.reason is not None

    async def close(self) -> None:
        """Close the engines."""
        for engine in self._engines:
            await engine.close()


def context_of(config: GenerateConfig, roles: Roles) -> Context:
    return Context(
        seed=config.seed,
        role=roles,
        method=_method,
        prompt_sha256=functools.lru_cache(maxsize=None)(roles.prompts.sha256),
        judged=config.judged,
    )


@functools.cache
def _method(name: str) -> Method:
    return load_method(name)


def attach(
    tasks: Sequence[Task],
    store: PassageStore,
    open_file: Callable[[str], IO[bytes]],
    problems: str | None = None,
) -> list[Seed]:
    """The tasks with their texts. Raises Fault when a passage or a sample is not in the run."""
    ids = {task.passage_id for task in tasks if task.passage_id}
    ids.update(neighbor for task in tasks for neighbor in task.neighbors)
    found = store.get_many(ids)
    parents: dict[str, set[str]] = {}
    for task in tasks:
        if task.parent:
            parents.setdefault(task.file, set()).add(task.parent)
    rows = rows_of({file: sorted(names) for file, names in parents.items()}, open_file)
    return [seed_of(task, found, rows.get(task.parent), problems) for task in tasks]


def seed_of(
    task: Task,
    passages: Mapping[str, Passage],
    parent: Mapping[str, Any] | None = None,
    problems: str | None = None,
) -> Seed:
    """A task with its texts, from passages by id and its parent's row."""
    passage = passages[task.passage_id] if parent is None else passage_of(parent)
    near = tuple(passages[n] for n in task.neighbors)
    return Seed(task, passage, near, parent, problems)


async def preview(seeds: Sequence[Seed], config: GenerateConfig) -> list[Finished | Unfinished]:
    """The outcomes of a few tasks, from the job's real engines; writes nothing."""
    stop = Stop(lambda: None, lambda reason, message: None)
    roles = Roles(config, stop, policy_of(config))
    context = context_of(config, roles)
    try:
        return list(await asyncio.gather(*(run_program(seed, context) for seed in seeds)))
    finally:
        await roles.close()


def policy_of(config: GenerateConfig) -> Policy:
    generate = config.generate
    return Policy(
        generate.max_attempts, breaker=min(10, max(3, config.window)), slow=generate.timeout / 2
    )
