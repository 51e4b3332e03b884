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
    "ReadWikidata": "reading Wikidata",
    "Select": "choosing the core",
    "Expand": "choosing articles",
    "Split": "splitting passages",
    "Embed": "embedding passages",
    "Join": "joining neighbours",
    "Plan": "planning tasks",
    "Limit": "planning tasks",
    "Generate": "generating",
    "DeduplicateExact": "dropping equal records",
    "DeduplicateMinHash": "dropping near duplicates",
    "Write": "writing shards",
}


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
        if latest.startswith(("Plan", "Limit", "Generate")):
            state = self._in_rounds(sum(name.startswith("Plan") for name in names))
            if state is not None:
                return state
        if latest.startswith(("Split", "Embed", "Join")) or not latest:
            state = self._of_passages(latest)
            if state is not None:
                return state
        if not latest or doing(latest) == "reading articles":
            parts = self._run.match(layout.ARTICLE_PARTS)
            return State("reading articles", len(parts), None, "parts")
        return State(doing(latest))

    # -------------------------------------------------------- articles and passages

    def _of_passages(self, latest: str) -> State | None:
        """Splitting, embedding or joining: the first of them that is not done.

        Passages and neighbours are written anew by each attempt, vectors are taken as they are.
        """
        passages = self._fresh(layout.PASSAGE_FILES)
        if not passages:
            return State("splitting passages") if latest else None
        total = self._sum(name for name, _ in passages)
        if len(passages) < self._json(layout.IDENTITY).get("passage_buckets", 0):
            return State("splitting passages", total, None, "passages")
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

    def _started(self) -> float:
        """When this attempt began, by the files' clock; 0 where that is not known."""
        return next((at for _, at in self._run.match(layout.IDENTITY)), 0.0)

    def _fresh(self, pattern: str) -> list[tuple[str, float]]:
        """The files of this attempt that match."""
        started = self._started()
        return [(name, at) for name, at in self._run.match(pattern) if at >= started]

    # -------------------------------------------------------- rounds of tasks

    def generating(self) -> State | None:
        """How far generation is, in tasks with an outcome; None where no outcome is on disk."""
        outcomes = self._run.match(layout.OUTCOME_FILES)
        if not outcomes:
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

    def _in_rounds(self, plans: int) -> State | None:
        """What is generated, and what is waited for; `plans` is the number of planned rounds."""
        planned = self._fresh(layout.PLANNED)
        if not planned:
            return None
        state = self.generating() or State("generating", 0, self._planned(), "tasks")
        round_ = f", round {plans}" if plans > 1 else ""
        over = state.total is not None and state.done >= state.total
        waiting = "" if over else self._waiting(planned[0][1])
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
        what = "an outcome" if files else "the first answer"
        return f"waiting for {what}{self._endpoint()} since {quiet:.0f} s"

    def _endpoint(self) -> str:
        job = self._job
        if job is None:
            return ""
        model = job.model("generator")
        urls = [model.base_url] if isinstance(model.base_url, str) else model.base_url
        named = ", ".join(url for url in urls if url)
        return f" of {named or f'{model.engine} {model.model}'.rstrip()}"

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
