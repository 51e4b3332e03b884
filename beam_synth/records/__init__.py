"""What the data is: frozen record types, their Arrow schemas and the closed list of reasons.

Between stages, PCollections carry either small tuples of ids, or *packed columns*: the Arrow IPC
bytes of a small table (`pack` / `unpack`). Bodies stay on disk.
"""

from __future__ import annotations

from beam_synth.records.articles import (
    ARTICLE_REF_SCHEMA,
    ARTICLE_SCHEMA,
    LANGUAGES,
    Article,
    Link,
    Section,
)
from beam_synth.records.columns import (
    Index,
    Keys,
    pack,
    packed_slices,
    runs_of_equal,
    split_table,
    unpack,
)
from beam_synth.records.counts import Count, Tally, count
from beam_synth.records.embedder import Embedder
from beam_synth.records.instructions import (
    INSTRUCTION_REF_SCHEMA,
    INSTRUCTION_SCHEMA,
    Instruction,
)
from beam_synth.records.outcomes import Outcome
from beam_synth.records.passages import (
    NEIGHBOR_SCHEMA,
    PASSAGE_SCHEMA,
    EmbeddedFile,
    FindPassage,
    JoinedFile,
    Passage,
    PassageFile,
)
from beam_synth.records.reasons import REASONS
from beam_synth.records.rejects import RAW_LIMIT, Reject, reject
from beam_synth.records.samples import (
    CHECK,
    MESSAGE,
    MODEL,
    SAMPLE_REF_SCHEMA,
    SAMPLE_SCHEMA,
    SEED,
    Row,
    Sample,
    sample_text,
)
from beam_synth.records.tasks import Task

__all__ = [
    "ARTICLE_REF_SCHEMA",
    "ARTICLE_SCHEMA",
    "CHECK",
    "INSTRUCTION_REF_SCHEMA",
    "INSTRUCTION_SCHEMA",
    "LANGUAGES",
    "MESSAGE",
    "MODEL",
    "NEIGHBOR_SCHEMA",
    "PASSAGE_SCHEMA",
    "RAW_LIMIT",
    "REASONS",
    "SAMPLE_REF_SCHEMA",
    "SAMPLE_SCHEMA",
    "SEED",
    "Article",
    "Count",
    "EmbeddedFile",
    "Embedder",
    "FindPassage",
    "Index",
    "Instruction",
    "JoinedFile",
    "Keys",
    "Link",
    "Outcome",
    "Passage",
    "PassageFile",
    "Reject",
    "Row",
    "Sample",
    "Section",
    "Tally",
    "Task",
    "count",
    "pack",
    "packed_slices",
    "reject",
    "runs_of_equal",
    "sample_text",
    "split_table",
    "unpack",
]
