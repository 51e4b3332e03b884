"""What methods start from: passages, problems, instructions, and records that others made."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any, Literal

import orjson

from beam_synth.records import DatasetConfig, Passage, Row, Task, seed_record

Unit = Literal["passage", "section", "article"]


@dataclasses.dataclass(frozen=True)
class Start:
    """The kind of seed that a method starts from.

    `PASSAGE`, `SECTION`, `ARTICLE`, `PROBLEM`, `INSTRUCTION` and `records_of(...)` are those
    there are; `dataclasses.replace(ARTICLE, max_tokens=1024)` makes a smaller bound.
    """

    kind: Literal["passage", "problem", "instruction", "record"]
    unit: Unit = "passage"  # of kind passage: how much text one task gets
    max_tokens: int = 0  # of the embedder, of a section or an article; the rest is a further seed
    config: str = ""  # of kind record: name of its DatasetConfig
    exercises: tuple[str, ...] = ()  # of kind record: which ones; () for all but the method's like

    @property
    def is_made(self) -> bool:
        """Whether methods make what it names."""
        return self.kind in ("record", "instruction")

    def __str__(self) -> str:
        if self.kind == "passage":
            return f"{self.unit}s"
        if self.kind != "record":
            return f"{self.kind}s"
        of = f" of {' or '.join(self.exercises)}" if self.exercises else ""
        return f"records of {self.config!r}{of}"


PASSAGE = Start("passage")
SECTION = Start("passage", "section", 2048)
ARTICLE = Start("passage", "article", 4096)
PROBLEM = Start("problem")
INSTRUCTION = Start("instruction", config="instructions")


def records_of(config: DatasetConfig, *exercises: str) -> Start:
    """Records of that kind which other methods made, of these exercises.

    Without exercises: all that are not made from records of the same kind themselves, so that
    a method never starts from its own.

    >>> from beam_synth.records import SAMPLES
    >>> str(records_of(SAMPLES, "rag", "memorization"))
    "records of 'samples' of rag or memorization"
    """
    return Start("record", config=config.name, exercises=exercises)


@dataclasses.dataclass(frozen=True)
class _Seed:
    """What all seeds have."""

    task: Task

    @property
    def language(self) -> str:
        """The code of the language that the record is to be in."""
        return self.task.language

    @property
    def params(self) -> dict[str, Any]:
        """What the method's `tasks` gave for this task; {} where it declares none."""
        return dict(orjson.loads(self.task.params)) if self.task.params else {}


@dataclasses.dataclass(frozen=True)
class PassageSeed(_Seed):
    """A passage, or the passages of a section or an article as one text."""

    passage: Passage  # of a section or article: all its text, bounded in tokens
    neighbors: tuple[Passage, ...] = ()  # nearest first
    parts: tuple[Passage, ...] = ()  # the passages of a section or article, in reading order

    def records(self, role: str = "primary") -> tuple[dict[str, Any], ...]:
        """Entries of a record's seeds (fields of SEED), one a passage of the run."""
        return tuple(seed_record(passage, role) for passage in self.parts or (self.passage,))


@dataclasses.dataclass(frozen=True)
class ProblemSeed(_Seed):
    """A number of a problem; which template it takes the method draws."""

    problems: str | None = None  # the job's own folder of problem templates


@dataclasses.dataclass(frozen=True)
class InstructionSeed(_Seed):
    """A row of the user's instructions, or an `instructions` record of an earlier round."""

    prompt: str
    system: str = ""
    reference: str = ""  # an answer that is known to be good
    sources: tuple[dict[str, Any], ...] = ()  # entries of SEED: where it comes from
    record: Row | None = None  # of the config instructions, where a method made it

    def records(self) -> tuple[dict[str, Any], ...]:
        """Entries of a record's seeds (fields of SEED)."""
        return self.sources


@dataclasses.dataclass(frozen=True)
class RecordSeed(_Seed):
    """A record that another method made."""

    record: Row  # of its config's schema

    def records(self) -> tuple[dict[str, Any], ...]:
        """The record's own seeds: what is made of it goes back to the same texts."""
        return tuple(self.record["seeds"])


Seed = PassageSeed | ProblemSeed | InstructionSeed | RecordSeed


def merged_passages(parts: tuple[Passage, ...]) -> Passage:
    """Passages of one article as one text, blank lines between; facts are those of the first.

    Its section is that of all parts, or "" where they differ. Raises ValueError for none.
    """
    if not parts:
        raise ValueError("no passage to merge")
    if len(parts) == 1:
        return parts[0]
    text, starts = "", []
    for part in parts:
        text += "\n\n" if text else ""
        starts += [len(text) + start for start in part.sentences]
        text += part.text
    sections = {part.section for part in parts}
    return dataclasses.replace(
        parts[0],
        passage_id=hashlib.sha256(text.encode("utf-8")).hexdigest()[:32],
        section=parts[0].section if len(sections) == 1 else "",
        kind="prose" if any(part.kind == "prose" for part in parts) else parts[0].kind,
        text=text,
        sentences=tuple(starts),
        words=sum(part.words for part in parts),
        tokens=sum(part.tokens for part in parts),
        links=(),
        names=tuple(sorted({name for part in parts for name in part.names})),
    )
