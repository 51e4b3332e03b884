"""How far a run is, from the files that its stages leave behind, whatever the runner.

What is on disk is counted, so `status` and the live line of `run` say the same of any run, at work
or not. A stage leaves a note when it has treated its first records (`_tmp/reached/`); where a stage
is known to be done by its files, the one that follows is at work.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from beam_synth.errors import Refused
from beam_synth.generation import budget
from beam_synth.generation.budget import Spent
from beam_synth.job.schema import Job, Price
from beam_synth.methods.loading import wants_neighbors
from beam_synth.runs.batches import batches_line
from beam_synth.runs.folder import load_frozen
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

RECENT = 120.0  # seconds of files that tell the speed of a run that was not watched
_QUIET = 10.0  # seconds without an outcome after which it is said what is waited for
_MERGED = "merged-"  # outcome files of former attempts, put together when this one began
# What a stage does, by how its name begins; of another one its name says it.
_DOING = {
    "OpenFiles": "reading articles",
    "ReadArticles": "reading articles",
    "OpenDocuments": "reading documents",
    "ReadDocuments": "reading documents",
    "OpenInstructions": "reading instructions",
    "ReadInstructions": "reading instructions",
    "ReadWikidata": "reading Wikidata",
    "Select": "choosing the core",
    "LimitArticles": "choosing articles",
    "Expand": "choosing articles",
    "Split": "splitting passages",
    "HoldOut": "holding out sections",
    "Embed": "embedding passages",
    "Join": "joining neighbours",
    "Plan": "planning tasks",
    "Limit": "planning tasks",
    "Budget": "planning tasks",
    "Generate": "generating",
    "Settle": "settling records",
    "KeepWritten": "choosing what is written",
    "DeduplicateExact": "dropping equal records",
    "DeduplicateMinHash": "dropping near duplicates",
    "Write": "writing shards",
}
_SOURCES = ("articles", "documents", "instructions")  # keys of the job
# Files that a reading stage leaves, which are its progress.
_PARTS = {
    "reading articles": layout.ARTICLE_PARTS,
    "reading documents": layout.ARTICLE_PARTS,  # a document becomes an article
    "reading instructions": layout.INSTRUCTION_PARTS,
}
# Stages before the tasks, of which one may have left its note last while calls are under way.
_BEFORE = ("Open", "Read", "Select", "Limit", "Expand", "Split", "HoldOut", "Embed", "Join")
_IN_ROUNDS = ("Plan", "LimitTasks", "Budget", "Generate")


@dataclasses.dataclass(frozen=True)
class State:
    """How far a run is: what it does, and how much of it is done."""

    doing: str  # "embedding passages"
    done: int = 0  # in units
    total: int | None = None  # None where it is not known
    unit: str = ""  # "passages", "tasks", "parts", "shards"; "" where nothing can be counted
    recent: int = 0  # of what is done, in the last `RECENT` seconds
    ended: Mapping[str, int] = dataclasses.field(default_factory=dict)  # tasks by kind of outcome
    spent: Spent | None = None  # of all attempts; in flight: of the last one
    cost: float | None = None  # None where the job has no prices
    waiting: str = ""  # for what, and since when, where nothing has come for a while


def doing(stage: str) -> str:
    """What a stage does, in words.

    >>> doing("GenerateFollowUps"), doing("ScoreQuality")
    ('generating', 'score quality')
    """
    known = next((words for name, words in _DOING.items() if stage.startswith(name)), None)
    return known or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", stage).lower()


def _rounds(stages: Iterable[str]) -> int:
    """The number of the last round that tasks are planned for, by the names of stages.

    >>> _rounds(["PlanTasks", "PlanUnits", "Generate", "PlanTasks2", "LimitTasks2"])
    2
    """
    numbers = [re.sub(r"\D", "", name) for name in stages if name.startswith("Plan")]
    return max((int(number or 1) for number in numbers), default=1)


class Watch:
    """Reads a run's folder again and again; each file is opened once.

    `run` is its path or URL; with `prices` (by model) the cost of what was generated is told too.
    """

    def __init__(self, run: str, prices: Mapping[str, Price] | None = None) -> None:
        self._run = RunFolder(run)
        self._path = run
        self._prices = prices or {}
        self._rows: dict[str, Counter[str]] = {}
        self._frozen: Job | None = None

    def state(self) -> State:
        """The stage that is at work, and how much of it is there. Lists some folders."""
        reached = self._run.match(layout.REACHED_FILES)
        names = [name.rpartition("/")[2] for name, _ in sorted(reached, key=lambda item: item[1])]
        latest = names[-1] if names else ""
        shards = self._shards()
        if shards is not None:
            return shards
        if latest.startswith(_IN_ROUNDS) or (latest.startswith(_BEFORE) and self._calls()):
            state = self._in_rounds(_rounds(names))
            if state is not None:
                return state
        if latest.startswith(("Split", "HoldOut", "Embed", "Join")) or not latest:
            state = self._of_passages(latest)
            if state is not None:
                return state
        reading = doing(latest) if latest else self._first_source()
        if reading in _PARTS:
            return State(reading, len(self._run.match(_PARTS[reading])), None, "parts")
        return State(reading)

    def _calls(self) -> bool:
        """Whether this attempt has sent calls: a stage leaves its note with the first batch that is
        done, and calls of that batch may take minutes."""
        attempt = str(self._json(layout.IDENTITY).get("attempt", ""))
        return bool(attempt) and any(
            worker.startswith(f"{attempt}-") for worker in budget.spenders(self._run)
        )

    def _first_source(self) -> str:
        """What comes first, before any stage has treated a record."""
        job = self._job
        if job is None:
            return f"reading {_SOURCES[0]}"
        keys = [key for key in _SOURCES if getattr(job, key)]
        return f"reading {keys[0]}" if keys else "planning tasks"  # of problems

    # -------------------------------------------------------- articles and passages

    def _of_passages(self, latest: str) -> State | None:
        """Splitting, holding out, embedding or joining: the first of them that is not done.

        Passages and neighbours are written anew by each attempt, vectors are taken as they are.
        """
        passages = self._fresh(layout.PASSAGE_FILES)
        making = doing(latest if latest.startswith("HoldOut") else "Split")
        if not passages:
            return State(making) if latest else None
        total = self._sum(name for name, _ in passages)
        if len(passages) < self._json(layout.IDENTITY).get("passage_buckets", 0):
            return State(making, total, None, "passages")
        if not self._embeds():
            return State("planning tasks")
        buckets = {layout.bucket_digits(name): name for name, _ in passages}
        later = ((layout.VECTOR_FILES, "Embed"), (layout.NEIGHBOR_FILES, "Join"))
        for pattern, stage in later[latest.startswith("Join") :]:
            files = self._run.match(pattern) if stage == "Embed" else self._fresh(pattern)
            done = {layout.bucket_digits(name): at for name, at in files}
            rows = {b: self._sum([name]) for b, name in buckets.items() if b in done}
            if len(rows) < len(buckets):
                late = time.time() - RECENT
                recent = sum(n for bucket, n in rows.items() if done[bucket] > late)
                return State(doing(stage), sum(rows.values()), total, "passages", recent)
        return State("planning tasks")

    def _embeds(self) -> bool:
        """Whether a method of the mixture wants neighbours, as far as it can be told from here."""
        with contextlib.suppress(Refused):  # a method whose module is not on the path
            return self._job is None or wants_neighbors(self._job)
        return True

    def _started(self) -> float:
        """When this attempt began, by the files' clock; 0 where that is not known."""
        return next((at for _, at in self._run.match(layout.IDENTITY)), 0.0)

    def _fresh(self, pattern: str) -> list[tuple[str, float]]:
        """The files of this attempt that match."""
        started = self._started()
        return [(name, at) for name, at in self._run.match(pattern) if at >= started]

    # -------------------------------------------------------- rounds of tasks

    def generating(self) -> State | None:
        """How far generation is, in tasks with an outcome; None where no outcome is on disk and no
        call is known of."""
        outcomes = self._run.match(layout.OUTCOME_FILES)
        if not outcomes and not budget.spenders(self._run):
            return None
        late = time.time() - RECENT
        ended: Counter[str] = Counter()
        recent = 0
        for name, at in outcomes:
            kinds = self._read(name, "kind")
            ended += kinds
            recent += kinds.total() if at > late else 0
        spent = self._spent()
        cost = spent.cost(self._prices) if self._prices else None
        done = ended.total()
        return State("generating", done, self._planned(), "tasks", recent, ended, spent, cost)

    def _in_rounds(self, number: int) -> State | None:
        """What is generated, and what is waited for; `number` is that of the last planned round."""
        planned = self._fresh(layout.PLANNED)
        if not planned and not self._calls():
            return None
        state = self.generating() or State("generating", 0, self._planned(), "tasks")
        round_ = f", round {number}" if number > 1 else ""
        over = state.total is not None and state.done >= state.total
        began = planned[0][1] if planned else self._started()
        waiting = "" if over else self._waiting(began)
        return dataclasses.replace(state, doing=f"generating{round_}", waiting=waiting)

    def _waiting(self, planned: float) -> str:
        """What has not come for a while, in words; "" where outcomes come."""
        files = [
            at
            for name, at in self._fresh(layout.OUTCOME_FILES)
            if not name.rpartition("/")[2].startswith(_MERGED)
        ]
        quiet = time.time() - max([planned, *files])
        if quiet < _QUIET:
            return ""
        what = ("an outcome" if files else "the first answer") + self._endpoint()
        return f"waiting for {batches_line(self._run) or what} since {quiet:.0f} s"

    def _endpoint(self) -> str:
        """The addresses of the job's models, or their engines, as the end of a phrase."""
        job = self._job
        if job is None:
            return ""
        roles = [role for role in job.models if role != "embedder"] or ["generator"]
        models = [model for role in roles for model in job.pool(role)]
        of_each = ([m.base_url] if isinstance(m.base_url, str) else m.base_url for m in models)
        urls = list(dict.fromkeys(url for urls in of_each for url in urls if url))
        engines = list(dict.fromkeys(f"{m.engine} {m.model}".rstrip() for m in models))
        return f" of {', '.join(urls or engines)}"

    def _spent(self) -> Spent:
        workers = budget.spenders(self._run)
        total = budget.read_spent(self._run, workers)
        attempt = str(self._json(layout.IDENTITY).get("attempt", ""))
        mine = [worker for worker in workers if attempt and worker.startswith(f"{attempt}-")]
        total.in_flight = budget.read_spent(self._run, mine).in_flight
        return total

    def _planned(self) -> int | None:
        tasks = self._json(layout.PLANNED).get("tasks")
        return None if tasks is None else int(tasks)

    # -------------------------------------------------------- shards

    def _shards(self) -> State | None:
        """Shards of all formats and configs; None before the first one."""
        counts: Counter[str] = Counter()
        for folder in layout.SHARD_FOLDER.values():
            for name, _ in self._run.match(f"{folder}/*/*"):
                counts[name.rpartition("/")[0]] += 1
        if not counts:
            return None
        write = self._job.write if self._job else None
        configs = len({folder.rpartition("/")[2] for folder in counts})
        total = write.shards * len(write.formats) * configs if write else None
        if counts.total() == total:
            return State("checking the accounts, writing card, report and manifest")
        return State("writing shards", counts.total(), total, "shards")

    # -------------------------------------------------------- files

    @property
    def _job(self) -> Job | None:
        """The run's job, once it is there."""
        if self._frozen is None:
            with contextlib.suppress(Refused):  # not written yet
                self._frozen = load_frozen(self._path)
        return self._frozen

    def _json(self, name: str) -> dict[str, Any]:
        try:
            value: dict[str, Any] = orjson.loads(self._run.read(name))
            return value
        except (OSError, orjson.JSONDecodeError):
            return {}

    def _sum(self, names: Iterable[str]) -> int:
        return sum(self._read(name).total() for name in names)

    def _read(self, name: str, column: str = "") -> Counter[str]:
        """The file's rows, by the values of a column where one is named."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if name not in self._rows:
            try:
                with self._run.open(name) as handle:
                    if column:
                        values = pq.read_table(handle, columns=[column])[column].to_pylist()
                        self._rows[name] = Counter(values)
                    else:
                        self._rows[name] = Counter({"": pq.read_metadata(handle).num_rows})
            except (OSError, ValueError, pa.ArrowException):  # torn, or gone; counted as none
                self._rows[name] = Counter()
        return self._rows[name]
