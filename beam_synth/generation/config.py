"""What generation is told: the part of a job that workers need, and the sizes that follow."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from beam_synth.engines.chat_payloads import Findings
from beam_synth.generation.engine_registry import is_batched
from beam_synth.generation.orphans import Launcher
from beam_synth.generation.who_judges import Judging, judging_of
from beam_synth.job.schema import Budget, GenerateSettings, Job, Model, ModelPool, Price

STAGE = "Generate"
_WINDOWS_A_BATCH = 100  # the drain at a batch's end then costs 4% under jitter, 12% at 20
_WAITING = 4  # one program ready to call for each so many calls in flight
MAX_BATCH = 25_600  # tasks; 16 MB of them


def of_round(name: str, number: int) -> str:
    """The name of a round's stage; rounds are numbered from 0, and the first adds nothing.

    >>> of_round(STAGE, 0), of_round(STAGE, 1)
    ('Generate', 'Generate2')
    """
    return f"{name}{number + 1}" if number else name


def _as_judge(job: Job) -> dict[str, Model | ModelPool]:
    """The generator as the judge too, where it judges what it wrote."""
    judging = judging_of(job)
    own = judging is not None and judging.by == "generator"
    return {"judge": job.models["generator"]} if own else {}


@dataclasses.dataclass(frozen=True)
class GenerateConfig:
    """All that a worker needs to know to generate; small, and pickled into each worker.

    >>> settings = GenerateSettings(window=50)
    >>> config = GenerateConfig("out/a/1", 1, {}, settings, None, 32, 64)
    >>> config.window, config.programs, config.batch_size
    (50, 63, 5000)
    >>> dataclasses.replace(config, processes=4).window
    13
    """

    run: str  # run directory, may be a URL
    seed: int  # the run's
    models: Mapping[str, Model | ModelPool]  # by role: generator, judge, what methods declare
    generate: GenerateSettings
    prompts: str | None  # folder of the job's own prompts
    passage_buckets: int  # files that the run's passages lie in
    task_buckets: int  # ranges of task ids, each with a folder of outcome files
    problems: str | None = None  # folder of problem templates
    judging: Judging | None = None  # how samples are judged; None: nobody is asked
    keep_numbers_for: tuple[str, ...] = ()  # exercises whose numbers tell samples apart
    budget: Budget = dataclasses.field(default_factory=Budget)
    prices: Mapping[str, Price] = dataclasses.field(default_factory=dict)  # by model
    attempt: str = "0"  # part of the names of outcome files
    processes: int = 1  # worker processes that share the window
    launcher: Launcher | None = None  # where it runs on this machine
    # by `findings_key`: what was found out about the endpoints before the run
    findings: Mapping[str, Findings] = dataclasses.field(default_factory=dict)

    @classmethod
    def of_job(
        cls,
        job: Job,
        *,
        run: str,
        passage_buckets: int,
        task_buckets: int,
        attempt: str = "0",
        processes: int = 1,
        launcher: Launcher | None = None,
        findings: Mapping[str, Findings] | None = None,
    ) -> GenerateConfig:
        """What a job says, and where it runs: the arguments are the fields of these names."""
        return cls(
            run=run,
            passage_buckets=passage_buckets,
            task_buckets=task_buckets,
            attempt=attempt,
            processes=processes,
            launcher=launcher,
            findings=findings or {},
            seed=job.seed,
            models={
                "generator": Model(),
                "judge": Model(),
                **_as_judge(job),
                **{role: model for role, model in job.models.items() if role != "embedder"},
            },
            generate=job.generate,
            prompts=job.prompts,
            problems=job.problems,
            judging=judging_of(job),
            keep_numbers_for=job.dedup.keep_numbers_for,
            budget=job.budget,
            prices=job.prices,
        )

    def pool(self, role: str) -> tuple[Model, ...]:
        """The role's models, one or those of its pool. Raises KeyError for no role of the job."""
        found = self.models[role]
        return tuple(found.pool) if isinstance(found, ModelPool) else (found,)

    @property
    def window(self) -> int:
        """Calls that this process keeps in flight: its part of the job's, rounded up."""
        return -(-self.generate.window // self.processes)

    @property
    def batched(self) -> bool:
        """Whether a role's requests go to a batch service."""
        return any(is_batched(model) for role in self.models for model in self.pool(role))

    @property
    def programs(self) -> int:
        """Method programs that this process keeps under way: some more than calls, so that an
        answer's checks leave no gap in the window; all of a batch of tasks where their requests
        go to a batch service, which is to get many at once."""
        if self.batched:
            return self.batch_size
        return self.window + -(-self.window // _WAITING)

    @property
    def batch_size(self) -> int:
        """Tasks of a batch: a hundred windows, at most 25,600; for a batch service as many, over
        all workers."""
        if self.batched:
            return -(-MAX_BATCH // self.processes)
        return min(MAX_BATCH, _WINDOWS_A_BATCH * self.window)
