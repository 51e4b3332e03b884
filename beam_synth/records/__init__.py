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
from beam_synth.records.configs import (
    ENTITIES,
    INSTRUCTIONS,
    PERSONAS,
    PREFERENCES,
    SAMPLES,
    SCORES,
    SHIPPED_CONFIGS,
    TEXTS,
    TOKEN_PREFERENCES,
    TOPICS,
    TRIPLETS,
    DatasetConfig,
    Numbers,
    record_schema,
)
from beam_synth.records.counts import Count, Tally, count
from beam_synth.records.embedder import Embedder
from beam_synth.records.instructions import INSTRUCTION_SCHEMA, Instruction
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
from beam_synth.records.provenance import (
    CHECK,
    MESSAGE,
    MODEL,
    PROVENANCE,
    RULE,
    SEED,
    Made,
    Record,
    Row,
    seed_record,
)
from beam_synth.records.reasons import REASONS
from beam_synth.records.references import RECORD_REF_SCHEMA, split_config
from beam_synth.records.rejects import RAW_LIMIT, Reject, reject
from beam_synth.records.samples import SAMPLE_SCHEMA, Sample, sample_text
from beam_synth.records.tasks import Task

__all__ = [
    "ARTICLE_REF_SCHEMA",
    "ARTICLE_SCHEMA",
    "CHECK",
    "ENTITIES",
    "INSTRUCTIONS",
    "INSTRUCTION_SCHEMA",
    "LANGUAGES",
    "MESSAGE",
    "MODEL",
    "NEIGHBOR_SCHEMA",
    "PASSAGE_SCHEMA",
    "PERSONAS",
    "PREFERENCES",
    "PROVENANCE",
    "RAW_LIMIT",
    "REASONS",
    "RECORD_REF_SCHEMA",
    "RULE",
    "SAMPLES",
    "SAMPLE_SCHEMA",
    "SCORES",
    "SEED",
    "SHIPPED_CONFIGS",
    "TEXTS",
    "TOKEN_PREFERENCES",
    "TOPICS",
    "TRIPLETS",
    "Article",
    "Count",
    "DatasetConfig",
    "EmbeddedFile",
    "Embedder",
    "FindPassage",
    "Index",
    "Instruction",
    "JoinedFile",
    "Keys",
    "Link",
    "Made",
    "Numbers",
    "Outcome",
    "Passage",
    "PassageFile",
    "Record",
    "Reject",
    "Row",
    "Sample",
    "Section",
    "Tally",
    "Task",
    "count",
    "pack",
    "packed_slices",
    "record_schema",
    "reject",
    "runs_of_equal",
    "sample_text",
    "seed_record",
    "split_config",
    "split_table",
    "unpack",
]
