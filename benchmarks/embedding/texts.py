"""The texts that embedders are measured on."""

from __future__ import annotations

import dataclasses
import gzip
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

import templates
from beam_synth.drawing import digest
from beam_synth.engines.embedders import DEFAULT, OPTIONS, make_tokenizer
from beam_synth.errors import Rejected
from beam_synth.ingestion.wikipedia import decode_json, parse_article
from beam_synth.job.schema import Model, Passages
from beam_synth.knowledge.passages import Limits, split_articles
from beam_synth.records import ARTICLE_SCHEMA

MINILM = Model(engine="sentence-transformers", model="minilm")


class Text(NamedTuple):
    """A passage, as far as it is looked at."""

    text: str
    language: str
    article: str


def spec(name: str) -> Model:
    """The embedder of a name: an engine that needs no model, or a sentence-transformers model."""
    return Model(engine=name) if name in OPTIONS and name != MINILM.engine else Model(model=name)


def data() -> Path | None:
    """The folder of real data, where one is named."""
    named = os.environ.get("BEAM_SYNTH_TEST_DATA")
    return Path(named) if named else None


def article_files() -> list[Path]:
    """The files of the articles: real ones, or the shipped sample."""
    real = data()
    folder = real / "structured" if real else Path(str(templates.__file__)).parent / "sample"
    return sorted(folder.glob("*.jsonl*"))


def articles(size: int = 0) -> pa.Table:
    """`size` of the articles, drawn by key; 0: all. ARTICLE_SCHEMA."""
    table = pa.concat_tables(_tables())
    if not size or size >= table.num_rows:
        return table
    ids = table.column("article_id").to_pylist()
    rows = sorted(range(len(ids)), key=lambda row: digest("benchmark", ids[row]))
    return table.take(sorted(rows[:size]))


def passages(table: pa.Table, model: Model | None = None) -> list[Text]:
    """The passages of articles, as the tokens of an embedder make them (the default one's)."""
    limits = Limits(Passages().min_words, Passages().max_tokens)
    tokenizer = make_tokenizer(model or Model(engine=DEFAULT))
    found, _ = split_articles(table, ["[]"] * table.num_rows, tokenizer, limits)
    columns = (found.column(name).to_pylist() for name in ("text", "language", "article_id"))
    return [Text(*row) for row in zip(*columns, strict=True)]


def texts_of(some: Sequence[Text]) -> list[str]:
    """Their texts alone."""
    return [each.text for each in some]


def _tables() -> Iterator[pa.Table]:
    for path in article_files():
        data_bytes = path.read_bytes()
        lines = gzip.decompress(data_bytes) if path.suffix == ".gz" else data_bytes
        rows = []
        for line in lines.splitlines():
            try:
                rows.append(dataclasses.asdict(parse_article(decode_json(line))))
            except Rejected as error:
                print(f"{path.name}: {error}", file=sys.stderr)
        yield pa.Table.from_pylist(rows, schema=ARTICLE_SCHEMA)
