"""Runs without a record: refused where that is sure beforehand, told as what they are afterwards.

Before a run its articles are read until one is found that the job can start from, 32 MiB of them
at most. What larger inputs hold, what passages and checks turn down, and what expansion reaches
is known at the end only; a run that ends without a record is no success then (exit code 1).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from beam_synth.commands.judges import judged_lines
from beam_synth.commands.unreadable_rows import refuse_unreadable_rows
from beam_synth.errors import Fault, Refused, Rejected
from beam_synth.generation.mixture import PlanConfig
from beam_synth.generation.serving import why_not
from beam_synth.ingestion.file_accounts import records_in
from beam_synth.ingestion.raw_records import FileFault, InputRecord
from beam_synth.ingestion.wikipedia import parse_article
from beam_synth.job.schema import Job
from beam_synth.knowledge.selection import CoreList, read_list, title_key
from beam_synth.methods.loading import load_methods
from beam_synth.records import Article
from beam_synth.runs import folder
from beam_synth.runs.identity import Run
from beam_synth.storage import layout
from beam_synth.storage.files import open_input

_READ_BYTES = 32 << 20  # of records, decompressed; what lies behind is left to the run
_TOLD = 3  # files or reasons in a message


# ---------------------------------------------------------------- before


def refuse_empty(run: Run) -> None:
    """Raise Refused where the job's articles cannot give a record.

    Where no file holds an article, the core's list names none of them, or none is in a language
    that is asked for; and where a list of languages holds one that no article is in. Of a job that
    has documents, too, nothing is looked at: what articles lack may be in these; without articles
    one of the documents, and of the instructions, has to be readable.
    """
    if not run.articles:
        refuse_unreadable_rows(run, run.job.max_line_bytes)
    if not run.articles or run.documents:
        return
    look = _Look(run.job, _core_entries(run.job))
    size = 0
    for item in run.articles:
        for record in records_in(item.path, run.job.max_line_bytes, None):
            look.at(record)
            size += len(record.raw) if isinstance(record, InputRecord) else 0
            if look.enough or size > _READ_BYTES:
                return
    raise Refused(look.missing())


def _core_entries(job: Job) -> CoreList | None:
    """What the core's list names; None where every article is in the core."""
    if job.core.list is None or job.core.by == "all":
        return None
    with open_input(job.core.list) as handle:
        entries = read_list(handle, job.core.list, job.core)
    if not entries:
        levels = f" of levels 1 to {job.core.max_level}" if job.core.by == "level" else ""
        raise Refused(f"core.list: {job.core.list} names no article{levels}")
    return entries


class _Look:
    """What was found in the articles so far, of what a run cannot do without."""

    def __init__(self, job: Job, entries: CoreList | None) -> None:
        self._job = job
        self._entries = entries
        self._config = PlanConfig.of_job(job, 1)
        self._asked = self._config.languages
        # Each language of a list is wanted; those of shares may be missing, but for one.
        self._wanted = set(job.languages) - {"*"} if isinstance(job.languages, list) else set()
        self._articles = 0
        self._core = 0
        self._usable = False
        self._languages: set[str] = set()  # of the articles that count
        self._faults: dict[str, str] = {}  # by file, the first one

    def at(self, record: InputRecord | FileFault) -> None:
        """Take a record into account."""
        fault, detail = record.reason, record.detail
        if isinstance(record, InputRecord) and not record.reason:
            try:
                self._take(parse_article(record.value))
                return
            except Rejected as error:
                fault, detail = error.reason, error.detail
        line = f" line {record.line}" if isinstance(record, InputRecord) else ""
        self._faults.setdefault(record.file, f"{record.file}{line}: {fault}: {detail[:300]}")

    def _take(self, article: Article) -> None:
        self._articles += 1
        inside = self._in_core(article)
        self._core += inside
        # From the core, expansion may reach any other article.
        if inside or self._job.expand.wikidata is not None:
            self._languages.add(article.language)
            self._usable = self._usable or self._can_use(article.language)

    def _in_core(self, article: Article) -> bool:
        if self._entries is None:
            return True
        key = article.qid if self._job.core.by == "qids" else title_key(article.title)
        return key in self._entries

    def _can_use(self, language: str) -> bool:
        return self._config.asks(language) and self._config.serves(language)

    @property
    def enough(self) -> bool:
        """Whether a record may come of it; then nothing more needs to be read."""
        return bool(self._core) and self._usable and self._wanted <= self._languages

    def missing(self) -> str:
        """What all of the articles together lack."""
        if not self._articles:
            first = "\n  ".join(list(self._faults.values())[:_TOLD])
            return f"articles: no file holds an article that can be read:\n  {first}"
        if not self._core:
            return (
                f"core.list: none of the {self._articles:,} articles is in {self._job.core.list} "
                f"(core.by is {self._job.core.by!r})"
            )
        found = ", ".join(sorted(self._languages))
        absent = sorted(self._wanted - self._languages)
        if absent:
            return f"languages: no article is in {', '.join(absent)}; the articles are in {found}"
        if self._asked is not None and not set(self._asked) & self._languages:
            asked = ", ".join(self._asked)
            return f"languages: no article is in any of {asked}; the articles are in {found}"
        asked_for = sorted(filter(self._config.asks, self._languages))
        if not asked_for:
            return f"languages: no article is in one of them; the articles are in {found}"
        why = why_not(self._job, load_methods(self._job.mixture).values(), asked_for[0])
        return f"languages: the articles asked for are in {', '.join(asked_for)}, but {why}"


# ---------------------------------------------------------------- afterwards


@dataclasses.dataclass(frozen=True)
class _Loss:
    """The stage that put nothing out although something came in."""

    name: str
    entered: int
    rejected: Mapping[str, int]
    failed: Mapping[str, int]
    unrecorded: Mapping[str, int]  # of the rejected


def record_count(manifest: Mapping[str, Any]) -> int:
    """How many records a finished run made."""
    return int(manifest["stages"][-1]["out"])


def check_made_some(path: str) -> None:
    """Raise Fault, saying at which stage all was lost, where a finished run holds no record.

    `path` is the run's. The run stays as it is: its accounts and rejects are what there is to
    look at, and the same job would make nothing again.
    """
    manifest = folder.manifest_of(path)
    if manifest is None or record_count(manifest):
        return
    stages = {stage["name"]: stage for stage in manifest["stages"]}
    loss = _loss(stages, manifest["stages"][-1]["name"])
    if loss is None:
        raise Fault(f"{path}: this run is finished and holds no record: nothing came in")
    reasons = sorted({**loss.rejected, **loss.failed}.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{n:,} {reason}" for reason, n in reasons[:_TOLD])
    recorded = sum(loss.rejected.values()) - sum(loss.unrecorded.values())
    kinds = [("rejected", recorded), ("failed", loss.failed)]
    files = " and ".join(f"{path}/{layout.reject_path(k, loss.name)}" for k, of in kinds if of)
    which = "all but what is only counted are" if loss.unrecorded else "each is"
    raise Fault(
        f"{path}: this run is finished and holds no record: of {loss.entered:,} that came to "
        f"{loss.name} none passed"
        + (f" ({told})" if told else "")
        + (f"; {which} in {files}" if files else "")
        + "".join(f"; {line.removeprefix('warning: ')}" for line in judged_lines(path))
    )


def _loss(stages: Mapping[str, Mapping[str, Any]], name: str) -> _Loss | None:
    """The stage nearest to `name`, against the flow, where all that came in was lost."""
    stage = stages[name]
    if stage["in"]:
        unrecorded = stage.get("unrecorded", {})
        return _Loss(name, stage["in"], stage["rejected"], stage["failed_by"], unrecorded)
    found = (_loss(stages, source) for source in stage["from"] if not stages[source]["out"])
    return next((loss for loss in found if loss is not None), None)
