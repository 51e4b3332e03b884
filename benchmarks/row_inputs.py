"""Texts made by key for benchmarks: documents in Parquet, instructions in JSON lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from beam_synth.drawing import draw

_SYLLABLES = (
    "ba",
    "ke",
    "lo",
    "mi",
    "nu",
    "ra",
    "se",
    "ti",
    "vo",
    "dan",
    "fel",
    "gor",
    "hin",
    "mar",
)
_LITTLE = ("the", "of", "and", "in", "was", "to", "is", "by", "on", "with")
_SENTENCES = 4000  # made once; texts are drawn from them
_ROWS = 10_000  # of a row group


def _sentences() -> list[str]:
    sentences = []
    for number in range(_SENTENCES):
        by = draw(1, str(number), "sentence")
        words = [
            by.choice(_LITTLE) if by.uniform() < 0.4 else "".join(by.sample(_SYLLABLES, 3))
            for _ in range(8 + int(by.uniform() * 14))
        ]
        sentences.append(" ".join(words).capitalize() + ".")
    return sentences


def _texts(rows: int, least: int, most: int, purpose: int) -> list[str]:
    """`rows` texts of `least` to `most` sentences each."""
    sentences = _sentences()
    by = np.random.Generator(np.random.Philox(key=purpose))
    sizes = by.integers(least, most, rows, endpoint=True)
    chosen = by.integers(0, _SENTENCES, int(sizes.sum()))
    ends = np.cumsum(sizes)
    return [
        " ".join(sentences[n] for n in chosen[end - size : end].tolist())
        for size, end in zip(sizes.tolist(), ends.tolist(), strict=True)
    ]


def write_documents(path: Path, rows: int) -> int:
    """Documents of 5 to 30 sentences in Parquet; the bytes of their values."""
    ids = [f"d{n:06d}" for n in range(rows)]
    columns = {
        "id": ids,
        "title": [f"Document {n}" for n in range(rows)],
        "url": [f"https://example.org/{name}" for name in ids],
        "language": ["en"] * rows,
        "body": _texts(rows, 5, 30, 1),
    }
    table = pa.table(columns)
    pq.write_table(table, path, compression="zstd", row_group_size=_ROWS)
    return sum(sum(map(len, values)) for values in columns.values())


def write_instructions(path: Path, rows: int) -> int:
    """Instructions of 1 to 4 sentences with answers of 2 to 8, as JSON lines; their bytes."""
    prompts, answers = _texts(rows, 1, 4, 2), _texts(rows, 2, 8, 3)
    lines = [
        orjson.dumps({"id": n, "prompt": prompt, "reference": answer, "language": "en"}) + b"\n"
        for n, (prompt, answer) in enumerate(zip(prompts, answers, strict=True))
    ]
    path.write_bytes(b"".join(lines))
    return sum(map(len, lines))
