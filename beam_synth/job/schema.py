"""The job file: strict, typed, frozen keys. It says what to make; flags say where to run it.

Each class is one mapping of the file, its fields are the keys. An unknown key is refused with the
nearest known one. docs/job.md has a line for each key, which a test holds to these classes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from beam_synth.job.row_keys import DocumentRows, InstructionRows
from beam_synth.job.secrets import REFERENCE, secret_faults
from beam_synth.job.strict import Strict

SECRET = "secret"  # the type of a fault whose value no message shows


class Core(Strict):
    """Which articles the dataset starts from: all of the input, or those that a list names."""

    by: Literal["all", "level", "titles", "qids"] = "all"
    list: str | None = None  # a file: vital list (level), or one title or QID a line
    max_level: int = Field(default=4, ge=1, le=5)  # by level: levels 1 to this one

    @model_validator(mode="after")
    def _needs_list(self) -> Core:
        if self.by != "all" and not self.list:
            raise ValueError(f"core.by is {self.by!r}, which needs core.list (a file)")
        return self


class Property(Strict):
    """One Wikidata property to walk."""

    weight: float = Field(default=1.0, gt=0)  # factor of the score of what it reaches
    direction: Literal["out", "in", "both"] = "out"  # from subject to value, back, or both
    up: int | None = Field(default=None, ge=0)  # P279: how many steps up; None has no bound


class Expand(Strict):
    """Walk Wikidata from the core; nothing is walked when `wikidata` is not set.

    What the walk reaches is ranked by score, and taken until the budget is spent.
    """

    wikidata: str | None = None  # a JSON dump (file or glob; plain, .gz or .bz2)
    properties: dict[str, Property] | None = None  # None: the shipped list (methods.md 2)
    depth: int = Field(default=2, ge=0, le=3)  # steps from the core at most
    budget: int = Field(default=1000, ge=0)  # articles added at most
    decay: float = Field(default=0.5, gt=0, le=1)  # factor of the score for each step
    hub_cap: int = Field(default=1000, ge=1)  # items of higher in-degree are not walked through
    min_words: int = Field(default=40, ge=0)  # of an article that is added


class Passages(Strict):
    """The length band of passages."""

    min_words: int = Field(default=20, ge=1)  # a shorter piece is left out
    max_tokens: int = Field(default=256, ge=16, le=8192)  # of the embedder


class Holdout(Strict):
    """What no sample is made from, so that models can be evaluated on it."""

    sections: float = Field(default=0.0, ge=0, lt=1)  # share of all sections of articles


class Neighbors(Strict):
    """Which passages stand beside a passage: the nearest by cosine of their vectors."""

    k: int = Field(default=8, ge=0, le=100)  # of each passage
    language: Literal["any", "same", "other"] = "same"  # as the passage's own


class Tasks(Strict):
    """How many tasks there are; what each is follows from the mixture."""

    per_passage: float = Field(default=2.0, gt=0)  # tasks a passage, over all methods
    limit: int | None = Field(default=None, ge=1)  # the first N tasks by id hash
    keep_left_out: bool = False  # a reject for each task beyond the limit and passage without one
    # method -> tokens that its tasks may write, of methods that list the tasks of each seed
    budget: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)


class Model(Strict):
    """One role's model: an engine by name, what it loads or calls, and how it samples."""

    engine: str = "extractive"  # rules, or one that `generation.engine_registry` makes
    model: str = ""  # name at the endpoint, or path
    base_url: str | list[str] = ""  # of an OpenAI-compatible endpoint, or of several
    api_key: str | None = None  # env:NAME or file:PATH, resolved on the worker
    sampling: dict[str, Any] = Field(default_factory=dict)  # goes before what a method asks for
    options: dict[str, Any] = Field(default_factory=dict)  # engine's own (vllm flags, extra body)

    @model_validator(mode="after")
    def _secret(self) -> Model:
        faults = list(secret_faults(self.base_url, self.options))
        if self.api_key is not None and not REFERENCE.fullmatch(self.api_key):
            faults.insert(0, "api_key: it must be env:NAME or file:PATH, never the key itself")
        if faults:  # of a type of its own: what was found is not to be shown
            raise PydanticCustomError(SECRET, "{faults}", {"faults": "\n".join(faults)})
        return self


class ModelPool(Strict):
    """Several models of one role; a method draws from them by key."""

    pool: list[Model] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> ModelPool:
        for i, model in enumerate(self.pool):
            if model in self.pool[:i]:
                raise ValueError(f"the same model stands twice in the pool ({model.model!r})")
        return self


# Names of the forms of a role's value, which are left out of messages.
ONE, SEVERAL = "<model>", "<pool>"


def _form(value: Any) -> str:
    pool = isinstance(value, ModelPool) or (isinstance(value, dict) and "pool" in value)
    return SEVERAL if pool else ONE


RoleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
RoleModels = Annotated[
    Annotated[Model, Tag(ONE)] | Annotated[ModelPool, Tag(SEVERAL)], Discriminator(_form)
]


class GenerateSettings(Strict):
    """Where and how to generate; not part of a run's identity."""

    window: int = Field(default=50, ge=1, le=10_000)  # calls in flight, over all workers
    flush_rows: int = Field(default=200, ge=1)  # outcomes written at once
    flush_seconds: float = Field(default=1.0, gt=0)  # longest that an outcome waits for that
    max_attempts: int = Field(default=5, ge=1)  # tries of one call
    timeout: float = Field(default=300.0, gt=0)  # seconds of one try
    given_up_in_a_row: int = Field(default=10, ge=1)  # calls after whose last try the run stops
    refused_in_a_row: int = Field(default=10, ge=1)  # calls refused as wrong (400) that stop it
    error_rate: float = Field(default=0.5, gt=0, le=1)  # of the last calls; above it the run stops
    error_window: int = Field(default=100, ge=2)  # the last calls of which that share is taken
    starts: int = Field(default=2, ge=1)  # in which a task's calls fail before it fails for good
    retry_cut: bool = True  # whether a cut answer is asked for once more, with twice the tokens
    none_kept: int = Field(default=50, ge=0)  # first tasks of a method, none kept: the run stops
    second_try: bool = True  # whether an answer with a fault of form goes back once


class Dedup(Strict):
    """Which duplicates are dropped; of each class the best sample stays."""

    exact: bool = True  # equal normalised texts
    minhash: bool = True  # near ones, found by MinHash and verified
    threshold: float = Field(default=0.7, gt=0, le=1)  # true Jaccard of word 5-grams
    keep_numbers_for: tuple[str, ...] = ()  # exercises whose numbers count, whatever the method


class Write(Strict):
    """How the dataset is written."""

    shards: int = Field(default=8, ge=1, le=100_000)
    formats: tuple[Literal["parquet", "tfrecord", "jsonl"], ...] = ("parquet", "tfrecord")
    steps: tuple[str, ...] = ()  # kinds of records that are only steps, to be written nevertheless


class Budget(Strict):
    """What a run may spend, all attempts together; the run stops at the first bound it meets."""

    calls: int | None = Field(default=None, ge=1)  # of models, tries included
    tokens: int | None = Field(default=None, ge=1)  # prompt and completion
    cost: float | None = Field(default=None, gt=0)  # in the currency of `prices`


class Price(Strict):
    """What a model's tokens cost, in any one currency."""

    prompt: float = Field(default=0.0, ge=0)  # per 10**6 tokens
    completion: float = Field(default=0.0, ge=0)  # per 10**6 tokens


Weight = Annotated[float, Field(gt=0)]


class Job(Strict):
    """A whole job. Paths are relative to the job file until `load_job` resolves them.

    >>> job = Job(name="a", articles=["a.jsonl"], mixture={"memorization": 1.0})
    >>> job.tasks.per_passage, job.model("embedder").engine
    (2.0, 'universal-sentence-encoder')
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")  # of its folder of runs, too
    seed: int = Field(default=1, ge=0, lt=2**63)  # of every draw
    articles: list[str] = Field(default_factory=list)  # paths or globs
    documents: list[DocumentRows] = Field(default_factory=list)  # texts that become passages, too
    instructions: list[InstructionRows] = Field(default_factory=list)  # prompts to start from
    # Of a line, or an object of a JSON array, in any input; a longer one is an error record.
    max_line_bytes: int = Field(default=16_000_000, ge=1000, le=2_000_000_000)
    articles_limit: int | None = Field(default=None, ge=1)  # the first N of the core by id hash
    core: Core = Core()
    expand: Expand = Expand()
    passages: Passages = Passages()
    holdout: Holdout = Holdout()
    neighbors: Neighbors = Neighbors()
    mixture: dict[str, Weight] = Field(min_length=1)  # method -> weight; their sum is any
    problems: str | None = None  # folder of problem templates
    # synth: English 80% of the tasks; all: as the passages fall; codes; or language -> share,
    # "*" for every other one
    languages: Literal["synth", "all"] | list[str] | dict[str, Weight] = "synth"
    tasks: Tasks = Tasks()
    prompts: str | None = None  # folder that overrides shipped prompts by name
    # By role: generator, embedder, judge, auditor, and what the mixture's methods declare.
    models: dict[RoleName, RoleModels] = Field(default_factory=dict)
    # Whether a judge looks at each sample: models.judge, or the generator where none is named; off:
    # nobody does; not set: models.judge does where it is named.
    judge: bool | None = None
    # Share of the samples that models.auditor looks at, too, and of the tasks in which the judge is
    # also asked about what formal checks turn down.
    audit: float = Field(default=0.05, ge=0, le=1)
    generate: GenerateSettings = GenerateSettings()
    dedup: Dedup = Dedup()
    decontaminate: dict[str, Any] | None = None
    diversity: dict[str, Any] | None = None
    write: Write = Write()
    budget: Budget = Budget()
    prices: dict[str, Price] = Field(default_factory=dict)  # by model; without one it is free
    cache: str | None = None  # folder or URL that keeps vectors for other runs; None: none are kept

    @field_validator("decontaminate", "diversity")
    @classmethod
    def _no_stage_reads_it(cls, value: Any) -> Any:
        if value is not None:
            raise ValueError("nothing in this version acts on this key; leave it out")
        return value

    @field_validator("models")
    @classmethod
    def _one_embedder(cls, value: dict[str, Model | ModelPool]) -> dict[str, Model | ModelPool]:
        for role in ("embedder", "judge", "auditor"):
            if isinstance(value.get(role), ModelPool):
                raise ValueError(f"the role {role!r} takes one model, not a pool")
        return value

    @model_validator(mode="after")
    def _has_a_source(self) -> Job:
        if not (self.articles or self.documents or self.instructions or self.problems):
            raise ValueError("it names no source: articles, documents, instructions or problems")
        return self

    def pool(self, role: str) -> tuple[Model, ...]:
        """The role's models: one, or those of its pool; where the job names none, rules, and a
        small embedder.

        >>> pool = {"pool": [{"model": "a"}, {"model": "b"}]}
        >>> job = Job(name="a", articles=["a"], mixture={"rag": 1}, models={"completer": pool})
        >>> [model.model for model in job.pool("completer")], len(job.pool("generator"))
        (['a', 'b'], 1)
        """
        found = self.models.get(role)
        if found is None:
            embedder = Model(engine="universal-sentence-encoder")
            return (embedder if role == "embedder" else Model(),)
        return tuple(found.pool) if isinstance(found, ModelPool) else (found,)

    def model(self, role: str) -> Model:
        """The role's model, the first one of a pool; defaults as in `pool`."""
        return self.pool(role)[0]
