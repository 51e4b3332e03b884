"""What the data is: frozen record types, their Arrow schemas and the closed list of reasons.

Between stages, PCollections carry either small Python tuples of ids, or *packed columns*: the
Arrow IPC bytes of a small table (`pack` / `unpack`). Bodies stay on disk.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any, Literal

import pyarrow as pa

# The languages of the SYNTH dataset; a rule engine may know fewer or more.
LANGUAGES = ("en", "fr", "de", "es", "it", "pl", "nl", "la")
RAW_LIMIT = 64 * 1024  # bytes of the raw input that a reject or error keeps

# ---------------------------------------------------------------- articles and passages


@dataclasses.dataclass(frozen=True)
class Link:
    offset: int  # in characters of the section's (or passage's) text
    text: str
    url: str


@dataclasses.dataclass(frozen=True)
class Section:
    """One heading's own text (not its children's), flattened."""

    path: tuple[str, ...]  # headings from the top, unique within the article (suffixed if not)
    kind: Literal["prose", "list", "table", "infobox"]
    text: str  # prose: paragraphs joined by a blank line; others: one item, row or field a line
    links: tuple[Link, ...] = ()


@dataclasses.dataclass(frozen=True)
class Article:
    article_id: str  # "<wiki>:<page id>", for example "enwiki:736"
    wiki: str  # "enwiki"
    page_id: int
    title: str
    language: str  # BCP-47; "simple" is "en"
    url: str
    revision: int | None
    date_modified: str  # RFC 3339 or ""
    license: str  # SPDX-like identifier, "CC-BY-SA-4.0"; "" when the record has none
    license_url: str
    qid: str  # Wikidata item or ""
    description: str
    sections: tuple[Section, ...]


_LINKS = pa.list_(pa.struct([("offset", pa.int32()), ("text", pa.string()), ("url", pa.string())]))

ARTICLE_SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("wiki", pa.string()),
        ("page_id", pa.int64()),
        ("title", pa.string()),
        ("language", pa.string()),
        ("url", pa.string()),
        ("revision", pa.int64()),
        ("date_modified", pa.string()),
        ("license", pa.string()),
        ("license_url", pa.string()),
        ("qid", pa.string()),
        ("description", pa.string()),
        (
            "sections",
            pa.list_(
                pa.struct(
                    [
                        ("path", pa.list_(pa.string())),
                        ("kind", pa.string()),
                        ("text", pa.string()),
                        ("links", _LINKS),
                    ]
                )
            ),
        ),
    ]
)

# One row an article: what selection needs, and where the body lies.
ARTICLE_REF_SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("wiki", pa.string()),
        ("language", pa.string()),
        ("title", pa.string()),
        ("qid", pa.string()),
        ("revision", pa.int64()),
        ("date_modified", pa.string()),
        ("words", pa.int32()),
        ("part", pa.string()),  # Parquet file of ARTICLE_SCHEMA, relative to the run
        ("row", pa.int32()),  # row in that file
        ("file", pa.string()),  # input file (and archive member), for messages
        ("line", pa.int64()),  # 1-based line (or row) in it
        ("path", pa.string()),  # JSON [[item, property, item], ...] from the core; "[]" for core
    ]
)

PASSAGE_SCHEMA = pa.schema(
    [
        ("passage_id", pa.string()),  # 32 hex digits
        ("article_id", pa.string()),
        ("title", pa.string()),
        ("language", pa.string()),
        ("url", pa.string()),
        ("revision", pa.int64()),
        ("license", pa.string()),
        ("qid", pa.string()),
        ("path", pa.string()),  # expansion path, as in ARTICLE_REF_SCHEMA
        ("section", pa.string()),  # headings joined by " > "
        ("kind", pa.string()),  # prose | list | table | infobox
        ("index", pa.int32()),  # position within the section
        ("text", pa.string()),
        ("sentences", pa.list_(pa.int32())),  # start offsets in characters; lines if not prose
        ("words", pa.int32()),
        ("tokens", pa.int32()),  # of the embedder, special tokens included
        ("links", _LINKS),
    ]
)

NEIGHBOR_SCHEMA = pa.schema(
    [
        ("passage_id", pa.string()),
        ("neighbors", pa.list_(pa.string())),  # passage ids, best first, never the passage itself
        ("scores", pa.list_(pa.float32())),  # cosine
    ]
)


@dataclasses.dataclass(frozen=True)
class Passage:
    passage_id: str
    article_id: str
    title: str
    language: str
    url: str
    revision: int | None
    license: str
    qid: str
    path: str
    section: str
    kind: str
    index: int
    text: str
    sentences: tuple[int, ...]
    words: int
    tokens: int
    links: tuple[Link, ...] = ()

    def sentence_texts(self) -> list[str]:
        """The passage's sentences (or lines), stripped."""
        ends = (*self.sentences[1:], len(self.text))
        return [self.text[a:b].strip() for a, b in zip(self.sentences, ends, strict=True)]

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Passage:
        links = tuple(Link(**link) for link in row["links"] or ())
        return cls(**{**row, "sentences": tuple(row["sentences"]), "links": links})


# ---------------------------------------------------------------- tasks and samples


@dataclasses.dataclass(frozen=True)
class Task:
    """One unit of generation; carries ids, never text."""

    task_id: str  # 32 hex digits
    method: str  # "memorization" or "package.module:function"
    language: str
    passage_id: str  # "" where the task starts from a sample
    neighbors: tuple[str, ...]  # passage ids, nearest first
    index: int  # ordinal among the tasks of this (passage or sample, method)
    parent: str = ""  # synth_id of the sample that it starts from
    file: str = ""  # outcome file that holds the parent, relative to the run


SEED = pa.struct(
    [
        ("url", pa.string()),
        ("title", pa.string()),
        ("revision", pa.int64()),
        ("section", pa.string()),
        ("license", pa.string()),
        ("text_sha256", pa.string()),
        ("role", pa.string()),  # primary | neighbour | distractor | template
        ("path", pa.string()),  # how expansion reached the article; "[]" for the core
    ]
)
MODEL = pa.struct(
    [
        ("name", pa.string()),  # "rule:extractive" for rules
        ("revision", pa.string()),
        ("license", pa.string()),
        ("step", pa.string()),  # prompt template, "memorization/query"
        ("prompt_sha256", pa.string()),
        ("sampling", pa.string()),  # JSON
    ]
)
CHECK = pa.struct(
    [
        ("name", pa.string()),
        ("kind", pa.string()),  # formal | judge
        ("passed", pa.bool_()),
        ("score", pa.float64()),
        ("detail", pa.string()),
    ]
)
MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])

# The 14 columns of the published SYNTH dataset, then ours.
SAMPLE_SCHEMA = pa.schema(
    [
        ("synth_id", pa.string()),
        ("language", pa.string()),
        ("exercise", pa.string()),
        ("model", pa.string()),
        ("query", pa.string()),
        ("query_seed_url", pa.string()),
        ("query_seed_text", pa.string()),
        ("additional_seed_url", pa.string()),
        ("seed_license", pa.string()),
        ("constraints", pa.string()),  # JSON: the drawn axes, or "" where none apply
        ("script", pa.string()),  # name and version of the code that made the row
        ("synthetic_reasoning", pa.string()),
        ("synthetic_answer", pa.string()),
        ("words", pa.int64()),  # of reasoning and answer
        ("seeds", pa.list_(SEED)),
        ("models", pa.list_(MODEL)),
        ("constraint_list", pa.list_(pa.string())),  # one JSON object a constraint
        ("checks", pa.list_(CHECK)),
        ("parents", pa.list_(pa.string())),
        ("synthetic_depth", pa.int32()),
        ("rng", pa.string()),  # JSON {"seed", "key"}: enough to replay the draws
        ("messages", pa.list_(MESSAGE)),
    ]
)


# One row a sample between Generate and WriteShards; the body stays in `file`.
SAMPLE_REF_SCHEMA = pa.schema(
    [
        ("synth_id", pa.string()),
        ("task_bucket", pa.int32()),
        ("file", pa.string()),  # outcome file, relative to the run
        ("method", pa.string()),
        ("language", pa.string()),
        ("exercise", pa.string()),
        ("quality", pa.float64()),
        ("text_hash", pa.binary(16)),  # of the normalised text
        ("bands", pa.binary()),  # little-endian uint64 hash of each MinHash band; b"" if too short
    ]
)


@dataclasses.dataclass(frozen=True)
class Sample:
    """A training row before it gets its id; field meanings as in SAMPLE_SCHEMA."""

    language: str
    exercise: str
    query: str
    reasoning: str
    answer: str
    seeds: tuple[dict[str, Any], ...]
    checks: tuple[dict[str, Any], ...]
    models: tuple[dict[str, Any], ...] = ()  # filled in by the scheduler from the calls made
    query_seed_text: str = ""
    query_seed_url: str = ""
    additional_seed_url: str = ""
    constraints: dict[str, Any] = dataclasses.field(default_factory=dict)
    constraint_list: tuple[dict[str, Any], ...] = ()
    messages: tuple[dict[str, str], ...] = ()  # the training surface
    parents: tuple[str, ...] = ()
    synthetic_depth: int = 1
    quality: float = 0.0  # higher is kept first among duplicates


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one task: samples, one reject, or one failure; and what it cost."""

    task_id: str
    kind: Literal["sample", "rejected", "failed"]
    method: str
    language: str
    reason: str = ""
    detail: str = ""
    samples: tuple[dict[str, Any], ...] = ()  # rows of SAMPLE_SCHEMA
    qualities: tuple[float, ...] = ()  # one a sample
    raw: str = ""  # the text that was refused
    usage: dict[str, int] = dataclasses.field(default_factory=dict)
    steps: tuple[dict[str, Any], ...] = ()  # for each call: step, model, tokens, tries


# ---------------------------------------------------------------- rejects and errors

# Closed list: reason -> what it means. "failed" ones go to errors/, the others to rejects/.
REASONS: dict[str, str] = {
    # failed: the input or a service is broken
    "malformed_json": "the line is not valid JSON",
    "wrong_type": "a field has another type than the schema's",
    "missing_field": "a required field (name, identifier, url) is missing or empty",
    "no_text": "the article has no text",
    "invalid_utf8": "the bytes are not UTF-8",
    "truncated_file": "the compressed file ends too early or is damaged",
    "line_too_long": "the line is longer than the limit",
    "empty_file": "the file holds no record",
    "unreadable_file": "the file cannot be opened or is of no known kind",
    "duplicate_article": "another record of the same page has a newer revision",
    "engine_error": "the model call failed and was not tried again",
    "internal_error": "the code that makes samples broke on this task",
    # rejected by selection
    "not_an_item": "a Wikidata property or lexeme",
    "not_selected": "the core selection does not name the article",
    "not_reached": "expansion did not reach the article",
    "over_budget": "expansion reached the article after its budget was spent",
    "excluded_class": "a disambiguation, list, category or template item",
    "stub": "fewer words than expansion asks for",
    # rejected by the splitter
    "no_passage": "no passage of the article lies in the length band",
    # rejected by planning
    "over_limit": "beyond tasks.limit",
    "language_not_asked": "the job's languages leave it out",
    "not_drawn": "fewer tasks than passages are asked for, and none fell on this one",
    # rejected by generation
    "unsupported_language": "the engine has no rules for the language",
    "unsupported_request": "the engine cannot do what the method asks",
    "nothing_to_ask": "the seed has nothing that the engine can ask about",
    "malformed_answer": "the model's answer does not parse",
    "context_too_long": "the request does not fit the model's context, nor does its shorter form",
    "query_names_source": "the query speaks of the text, or quotes its title and section",
    "query_language": "the query is not in the task's language",
    "answer_language": "the answer is not in the task's language",
    "answer_not_entailed": "names, numbers or dates of the answer are in no source",
    "answered_as_positive": "a negative, absurd or ambiguous query is answered as if positive",
    "trace_grammar": "the trace does not parse",
    "trace_language": "the trace is not in English",
    "trace_length": "the trace is empty or outside its length band",
    "trace_longer_than_prose": "the trace is no shorter than its prose equivalent",
    "trace_leaks_source": "the trace mentions inputs that the reader does not see",
    "trace_early_answer": "the answer stands in the trace before 40% of its length",
    "trace_misses_answer": "the trace's conclusion holds nothing of the answer's core",
    "trace_unsupported": "the trace states facts that are in no source and not in the query",
    "trace_arithmetic": "an arithmetic step of the trace is false",
    "citation_unknown": "a cited source was not given",
    "citation_not_quoted": "a quotation is not in the cited source",
    "citation_missing": "an answerable query is answered without a citation",
    "citation_distractor": "a distractor is cited for the key claim",
    "source_order": "the nearest sources do not stand at both ends",
    "no_abstention": "the source is withheld and the answer does not abstain",
    "mcq_options": "the options are not four of one kind and length, none within another",
    "mcq_key": "the key is not the answer, or another option answers, too",
    "no_instance": "no values of the problem's template meet its conditions within the tries",
    "query_changes_problem": "the worded problem does not hold the problem's own numbers",
    "answer_wrong": "the final answer is not the problem's value",
    "edit_not_offered": "the chosen task is none of those offered",
    "edit_incomplete": "an error that was put into the text is still there",
    "edit_elsewhere": "the text is changed where nothing was wrong",
    "edit_loses_facts": "names or numbers of the text are missing, or new ones stand in its place",
    "edit_not_done": "the result is not what the chosen task asks for",
    "extract_not_span": "an extracted value does not stand in the text",
    "extract_schema": "the extracted object does not fit its schema",
    "query_misses_constraint": "the query does not state what the text has to keep",
    "constraint_violated": "the text breaks a constraint that it was asked to keep",
    "constraint_trivial": "ordinary text of that length would keep the constraint by chance",
    "seed_unused": "the text takes nothing up from its seed",
    "turn_roles": "the turns do not alternate, or one is empty",
    "parent_changed": "the first exchange is not the parent's, word for word",
    "turn_repeats": "a turn repeats an earlier one",
    "turn_unlinked": "no later turn leans on what was said before",
    "row_altered": "the parts of a written row do not agree with each other",
    "judge_rejects": "the judge finds that the answer does not fit",
    "judge_disagrees": "the judge changes its mind with the order of what it compares",
    # rejected by later stages
    "exact_duplicate": "another sample has the same normalised text",
    "near_duplicate": "another sample of the cluster is kept",
}


@dataclasses.dataclass(frozen=True)
class Reject:
    """A record that went no further. `kind` decides the folder: rejects/ or errors/."""

    kind: Literal["rejected", "failed"]
    stage: str
    reason: str
    detail: str = ""
    file: str = ""
    line: int | None = None
    record_id: str = ""
    raw: str = ""
    raw_sha256: str = ""
    raw_bytes: int = 0


def reject(
    kind: Literal["rejected", "failed"],
    stage: str,
    reason: str,
    detail: str = "",
    *,
    file: str = "",
    line: int | None = None,
    record_id: str = "",
    raw: bytes | str = b"",
) -> Reject:
    """Make a Reject: `raw` is cut at RAW_LIMIT bytes, hashed and measured whole."""
    if reason not in REASONS:
        raise ValueError(f"unknown reason {reason!r}")
    data = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    return Reject(
        kind=kind,
        stage=stage,
        reason=reason,
        detail=detail,
        file=file,
        line=line,
        record_id=record_id,
        raw=data[:RAW_LIMIT].decode("utf-8", "replace"),
        raw_sha256=hashlib.sha256(data).hexdigest() if data else "",
        raw_bytes=len(data),
    )


# ((stage, kind, reason), n) with kind in: in, passed, rejected, failed, out. Summed in the graph.
Count = tuple[tuple[str, str, str], int]


def count(stage: str, kind: str, n: int, reason: str = "") -> Count:
    """One addend of the run's accounts."""
    return (stage, kind, reason), n


# ---------------------------------------------------------------- packed columns


def pack(table: pa.Table) -> bytes:
    """Arrow IPC bytes of a small table, compressed: what flows between stages in place of rows."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table.combine_chunks())
    data: bytes = sink.getvalue().to_pybytes()
    return data


def unpack(data: bytes) -> pa.Table:
    """The table that `pack` packed."""
    return pa.ipc.open_stream(pa.py_buffer(data)).read_all()
