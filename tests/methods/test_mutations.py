"""Written rows that were altered afterwards, on every surface at once: `verify` finds each."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from beam_synth.commands.recheck import recheck
from beam_synth.drawing import Draw
from beam_synth.records import Passage
from tests.doubles import scripts
from tests.doubles.written import changed, rendered

Row = dict[str, Any]
MUTATIONS = 200  # of each kind


@functools.cache
def texts_by_hash() -> dict[str, Passage]:
    found = scripts.passages("en", 80)
    return {hashlib.sha256(p.text.encode()).hexdigest(): p for p in found}


@functools.cache
def rows_of(method: str) -> list[Row]:
    recorder = scripts.Recorder()
    if method == "multi_turn":
        parents = [row for m in ("memorization", "rag", "mcq", "arithmetic") for row in rows_of(m)]
        seeds = scripts.following(parents[::3])
    else:
        seeds = scripts.seeds(method, list(texts_by_hash().values()))
    return [dict(row) for item in recorder.run(seeds) for row in item.outcome.records]


def faults(row: Row) -> list[tuple[str, str]]:
    return list(recheck(row, texts_by_hash().__getitem__).faults)


METHODS = (
    "memorization",
    "rag",
    "mcq",
    "arithmetic",
    "math_mcq",
    "editing",
    "creative_writing",
    "constrained_writing",
    "multi_turn",
)


@pytest.mark.parametrize("method", METHODS)
def test_rows_as_they_were_written_have_no_fault(method: str) -> None:
    rows = rows_of(method)
    assert len(rows) > 30
    assert [(row["synth_id"], found) for row in rows if (found := faults(row))] == []


# ---------------------------------------------------------------- mutations


def answered(row: Row, answer: str) -> Row:
    return rendered(row, row["synthetic_reasoning"], answer)


def taboo_words(row: Row) -> list[str]:
    """The words that the row's liponym forbids; none where it has no liponym."""
    for constraint in json.loads(row["constraints"])["constraints"]:
        if constraint["name"] == "liponym":
            return list(constraint["words"])
    return []


def taboo_word(row: Row, draw: Draw) -> Row | None:
    """A forbidden word is put between two words of the text."""
    words = taboo_words(row)
    if not words:
        return None
    text = row["synthetic_answer"]
    at = draw.choice([m.start() for m in re.finditer(r"(?<=\w) (?=\w)", text)])
    return answered(row, f"{text[:at]} {draw.choice(words)}{text[at:]}")


def citation(row: Row, draw: Draw) -> Row | None:
    """A word of a quotation is another one."""
    spans = list(re.finditer(r"<ref name=\"source_\d+\">([^<]+)</ref>", row["synthetic_answer"]))
    if not spans:
        return None
    quoted = draw.choice(spans)
    words = quoted.group(1).split()
    words[draw.below(len(words))] = draw.choice(["nevertheless", "Zürich", "41,7"])
    start, end = quoted.span(1)
    answer = row["synthetic_answer"]
    return answered(row, answer[:start] + " ".join(words) + answer[end:])


def cited_source(row: Row, draw: Draw) -> Row | None:
    """A citation names a source that was not given."""
    answer = row["synthetic_answer"]
    if "<ref" not in answer:
        return None
    return answered(
        row, re.sub(r'name="source_\d+"', f'name="source_{draw.below(80) + 11}"', answer)
    )


def trace_number(row: Row, draw: Draw) -> Row | None:
    """A digit of a calculation is another one."""
    trace = row["synthetic_reasoning"]
    bare = re.sub(r"⟨[^⟩]*⟩|^\s*\d+\.", lambda m: "x" * len(m.group()), trace, flags=re.M)
    at = draw.choice([m.start() for m in re.finditer(r"\d", bare)])
    digit = str((int(trace[at]) + 1 + draw.below(9)) % 10)
    return rendered(row, trace[:at] + digit + trace[at + 1 :], row["synthetic_answer"])


def turn(row: Row, draw: Draw) -> Row | None:
    """A word of a turn is gone, doubled or another one."""
    copied = changed(row)
    message = draw.choice(copied["messages"])
    words = message["content"].split(" ")
    at = draw.below(len(words))
    words[at : at + 1] = draw.choice([[], [words[at]] * 2, [words[at] + "x"]])
    message["content"] = " ".join(words)
    return copied


def moved_key(row: Row, draw: Draw) -> Row | None:
    """Two options change places, the key's among them."""
    copied = changed(row)
    prompt = copied["messages"][0]
    lines = re.findall(r"^[A-D]\) (.*)$", prompt["content"], re.M)
    key = "ABCD".index(re.search(r"\b([A-D])\)", row["synthetic_answer"]).group(1))  # type: ignore[union-attr]
    other = draw.choice([i for i in range(4) if i != key])
    lines[key], lines[other] = lines[other], lines[key]
    options = iter(lines)
    prompt["content"] = re.sub(
        r"^([A-D]\)) .*$", lambda m: f"{m.group(1)} {next(options)}", prompt["content"], flags=re.M
    )
    if copied["query"].count(")") and copied["query"] == row["messages"][0]["content"]:
        copied["query"] = prompt["content"]
    return copied


def other_letter(row: Row, draw: Draw) -> Row | None:
    """The answer names another option's letter."""
    answer = row["synthetic_answer"]
    letters = list(re.finditer(r"\b[A-D](?=\))", answer))
    at = draw.choice(letters)
    letter = draw.choice([c for c in "ABCD" if c != at.group()])
    return answered(row, answer[: at.start()] + letter + answer[at.end() :])


KINDS: list[tuple[str, Callable[[Row, Draw], Row | None]]] = [
    ("constrained_writing", taboo_word),
    ("rag", citation),
    ("rag", cited_source),
    ("arithmetic", trace_number),
    ("math_mcq", trace_number),
    ("multi_turn", turn),
    ("mcq", moved_key),
    ("math_mcq", moved_key),
    ("mcq", other_letter),
    ("math_mcq", other_letter),
]


@pytest.mark.parametrize(("method", "mutate"), KINDS)
def test_every_mutation_is_found(method: str, mutate: Callable[[Row, Draw], Row | None]) -> None:
    rows = rows_of(method)
    found = 0
    for number in range(20 * MUTATIONS):
        row = rows[number % len(rows)]
        mutated = mutate(row, Draw(mutate.__name__, number))
        if mutated is None or mutated == row:
            continue
        assert faults(mutated), (row["synth_id"], mutated["messages"])
        found += 1
        if found == MUTATIONS:
            return
    raise AssertionError(f"only {found} mutations could be made")
