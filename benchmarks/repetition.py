"""How much the rows of a run repeat each other: openers, shapes of traces, by method and variant.

    python -m benchmarks.extractive RUN

Of any run, of a model or of rules. For each exercise and language: the most frequent opener of the
queries and of the traces (four words), the most frequent shape of a trace (its marks, line by line,
without words), distinct shapes over rows, words of trace with answer (published: about 515), and
the same for the variants of the answering step, where rows name them.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from beam_synth.errors import Refused
from beam_synth.text.sentences import count_words

OPENER = 4  # words
LINES = 3  # of a trace's beginning that make its opening shape
_MARKS = re.compile(r"\?maybe\?|⟨H≈|[→↺※?!∴●◐○⚠☐☑✓≈├└]")
_COLUMNS = ("exercise", "language", "query", "synthetic_reasoning", "synthetic_answer", "models")


def rows_of(run: Path) -> list[dict[str, Any]]:
    """What the figures need of the rows of a finished run.

    Raises Refused where the folder holds no samples.
    """
    files = sorted(run.glob("data/samples/*.parquet"))
    if not files:
        raise Refused(f"{run}: no data/samples/*.parquet; give the folder of a run")
    return [
        row for file in files for row in pq.read_table(file, columns=list(_COLUMNS)).to_pylist()
    ]


def shape(trace: str, lines: int | None = None) -> str:
    """The marks of a trace, line by line; a heading is #, a line without marks a dot.

    >>> shape("Wanted:\\na year ?\\nrecall → 1912 ☑\\n∴ 1912 ●")
    '#|?|→☑|∴●'
    """
    found = [line.strip() for line in trace.splitlines() if line.strip()][:lines]
    marked = ("".join(_MARKS.findall(line)) or ("#" if line[-1] == ":" else ".") for line in found)
    return "|".join(marked)


def opener(text: str) -> str:
    """The first four words of a text.

    >>> opener("Who designed the bridge that crosses the Aare?")
    'Who designed the bridge'
    """
    return " ".join(text.split()[:OPENER])


def commonest(texts: Iterable[str]) -> str:
    """The commonest text with its share, and how many different ones there are.

    >>> commonest(["a", "a", "b", "c"])
    "'a' 50.0%, 3 different of 4"
    """
    counts = Counter(texts)
    if not counts:
        return "none"
    (text, n), total = counts.most_common(1)[0], counts.total()
    return f"{text[:40]!r} {n / total:.1%}, {len(counts)} different of {total}"


def figures(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The lines to print of rows of one kind."""
    traces = [row["synthetic_reasoning"] for row in rows if row["synthetic_reasoning"]]
    lengths = [count_words(r["synthetic_reasoning"] + " " + r["synthetic_answer"]) for r in rows]
    return [
        f"  query opener   {commonest(opener(row['query']) for row in rows)}",
        f"  trace opener   {commonest(map(opener, traces))}",
        f"  opening shape  {commonest(shape(trace, LINES) for trace in traces)}",
        f"  whole shape    {commonest(map(shape, traces))}",
        f"  words of trace and answer: mean {statistics.mean(lengths):.0f} (published: about 515)",
    ]


def variant_of(row: Mapping[str, Any]) -> str:
    """The last wording that was put for a row, which is the one of its trace; "" where none is
    named."""
    named = [f"{m['step']}/{m['variant']}" for m in row["models"] if m.get("variant")]
    return named[-1] if named else ""


def report(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """All lines: by exercise and language, and by the variant that traces were asked with."""
    kinds: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    variants: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        kinds[f"{row['exercise']}, {row['language']}"].append(row)
        variants[variant_of(row)].append(row)
    lines = [f"{len(rows):,} rows"]
    for kind, found in sorted(kinds.items()):
        lines += [f"{kind}: {len(found):,} rows", *figures(found)]
    lines.append("opening shapes by variant:")
    for variant, found in sorted(variants.items()):
        shapes = (shape(row["synthetic_reasoning"], LINES) for row in found)
        lines.append(f"  {variant or 'no variant':44} {commonest(shapes)}")
    return lines
