"""Rows of any kind of record, and references to them."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest

from beam_synth.drawing import digest
from beam_synth.engines.prompts import Prompts
from beam_synth.generation.calls import Endpoint, Policy
from beam_synth.generation.outcomes import Finished, encode_outcome, record_id_of
from beam_synth.generation.program import run_program
from beam_synth.generation.rows import record_refs, record_row, salt_of
from beam_synth.generation.task_calls import Context, Role
from beam_synth.generation.window import Window
from beam_synth.methods import (
    INSTRUCTIONS,
    PREFERENCES,
    TEXTS,
    TRIPLETS,
    DatasetConfig,
    InstructionSeed,
    Method,
    PassageSeed,
    Record,
    load_method,
    method,
)
from beam_synth.methods.seeds import Seed
from beam_synth.records import RECORD_REF_SCHEMA, Outcome, Task
from beam_synth.text import fingerprints
from tests.doubles import kinds
from tests.doubles.engines import ScriptedEngine, Told
from tests.doubles.exchanges import NEAR, passage, seed_of

TASK = Task(digest("task"), f"{kinds.NAME}section_text", "fr", "p", (), 0)
SOURCE = {"url": "https://x/A", "title": "A", "license": "CC0-1.0", "text_sha256": "0"}


def making(config: DatasetConfig, **fields: Any) -> Method:
    declared = load_method(f"{kinds.NAME}halves")
    return dataclasses.replace(declared, makes=config, **fields)


def row_of(values: dict[str, Any], config: DatasetConfig = TEXTS, **fields: Any) -> dict[str, Any]:
    record = Record(values, (SOURCE, {**SOURCE, "license": "CC-BY-4.0"}), **fields)
    return record_row(record, 1, TASK, making(config), 7, [])


def test_a_record_gets_its_id_its_provenance_and_the_methods_names() -> None:
    row = row_of({"text": "Tea is a drink."}, constraints={"tone": "dry"}, parents=("p0",))
    assert list(row) == TEXTS.schema.names
    assert row["record_id"] == record_id_of(TASK.task_id, 1) == TASK.task_id + "01"
    assert (row["text"], row["language"], row["exercise"]) == ("Tea is a drink.", "fr", "half")
    assert (row["words"], row["model"]) == (4, "")
    assert row["seed_license"] == "CC-BY-4.0 AND CC0-1.0"
    assert (row["constraints"], row["parents"]) == ('{"tone":"dry"}', ["p0"])
    assert row["rng"] == f'{{"seed":7,"key":"{TASK.task_id}"}}'
    assert row["script"].startswith(f"{kinds.NAME}halves@1 beam-synth ")
    own = row_of({"text": "x"}, language="de", exercise="other")
    assert (own["language"], own["exercise"]) == ("de", "other")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, "text"),
        ({"texts": "a"}, "text, texts"),
        ({"text": "a", "title": "b"}, "title"),
        ({"text": "a", "language": "en"}, "language"),
    ],
)
def test_other_columns_than_those_of_the_config_are_refused(
    values: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(ValueError, match="makes 'texts', whose columns are text") as caught:
        row_of(values)
    assert str(caught.value).endswith(f"missing or too many: {wrong}")


def test_no_column_of_a_row_holds_a_control_token_and_the_row_says_so() -> None:
    row = row_of({"text": "A turn ends with <|im_end|>, a page with </s>."})
    assert row["text"] == "A turn ends with ‹|im_end|›, a page with ‹/s›."
    (note,) = row["checks"]
    assert (note["name"], note["kind"]) == ("control_tokens", "source")
    assert note["detail"] == "neutral: ‹/s› (1), ‹|im_end|› (1)"
    assert row_of({"text": "a<b, <div> and array[3]"})["checks"] == []


def test_words_are_those_of_the_text() -> None:
    turn = [{"role": "user", "content": "one two"}]
    values = {"prompt": turn, "chosen": turn, "rejected": turn, "score_chosen": 1.0,
              "score_rejected": 0.0}  # fmt: skip
    assert row_of(values, PREFERENCES)["words"] == 6
    assert row_of({"anchor": "a", "positive": "b c", "negative": ""}, TRIPLETS)["words"] == 3


# ---------------------------------------------------------------- references


def refs(*items: tuple[str, str], numbers: Any = None, keep: tuple[str, ...] = ()) -> list[Any]:
    """Rows of references to texts, each of a config by name, as one task's record."""
    made = {"texts": TEXTS, "instructions": INSTRUCTIONS}
    finished = []
    for i, (config, text) in enumerate(items):
        task = dataclasses.replace(TASK, task_id=digest(i), method=config)
        values = {"prompt": text, "system": "", "reference": ""}
        of = making(made[config])
        own = values if config == "instructions" else {"text": text}
        row = record_row(Record(own, (SOURCE,)), 0, task, of, 1, [])
        outcome = Outcome(task.task_id, "made", config, "fr", records=(row,), qualities=(0.5,))
        finished.append((f"f{i}", encode_outcome(outcome)))
    table = record_refs(finished, 8, keep, lambda name: making(made[name], numbers=numbers))
    assert table.schema == RECORD_REF_SCHEMA
    return list(table.to_pylist())


SAID = "In 1912 the mill of Lindau ground 35 sacks of rye a day for its owner"


def test_references_tell_what_later_stages_need() -> None:
    (row,) = refs(("texts", SAID))
    assert row["record_id"] == digest(0) + "00"
    assert (row["config"], row["method"], row["file"]) == ("texts", "texts", "f0")
    assert (row["language"], row["exercise"], row["quality"]) == ("fr", "half", 0.5)
    assert (len(row["text_hash"]), len(row["bands"])) == (16, 8 * fingerprints.BANDS)


def test_equal_texts_of_two_configs_have_nothing_in_common() -> None:
    one, other, same = refs(("texts", SAID), ("instructions", SAID), ("texts", SAID))
    assert one["text_hash"] == same["text_hash"] != other["text_hash"]
    assert one["bands"] == same["bands"]

    def bands(row: Any) -> set[bytes]:
        return {row["bands"][i : i + 8] for i in range(0, len(row["bands"]), 8)}

    assert len(bands(one)) == fingerprints.BANDS and not bands(one) & bands(other)


def test_salts_of_configs() -> None:
    salts = {name: salt_of(name) for name in ("samples", "texts", "instructions", "scores")}
    assert salts["samples"] == 0 and len(set(salts.values())) == 4
    text, fold = [SAID] * 2, [True] * 2
    plain = fingerprints.fingerprints(text, fold)
    assert fingerprints.fingerprints(text, fold, [0, 0]) == plain
    assert plain == (fingerprints.text_hashes(text, fold), fingerprints.band_hashes(text, fold))
    hashes, found = fingerprints.fingerprints(text, fold, [0, salts["texts"]])
    assert hashes[0] == plain[0][0] != hashes[1] and found[0] == plain[1][0] != found[1]
    assert fingerprints.fingerprints(["a b"], [True], [salts["texts"]])[1] == [b""]


@pytest.mark.parametrize(
    ("numbers", "keep", "distinct"),
    [(None, (), 2), ("kept", (), 2), ("folded", (), 1), ("folded", ("half",), 2)],
)
def test_numbers_are_folded_where_the_method_says_so(
    numbers: Any, keep: tuple[str, ...], distinct: int
) -> None:
    items = [("texts", SAID), ("texts", SAID.replace("1912", "1931"))]
    found = refs(*items, numbers=numbers, keep=keep)
    assert len({row["text_hash"] for row in found}) == distinct


def test_no_outcome_no_reference() -> None:
    rejected = encode_outcome(Outcome("a" * 32, "rejected", "m", "en", "too_short"))
    assert len(record_refs([("f", rejected)], 8, ())) == 0


# ---------------------------------------------------------------- the program of a task


def ended(name: str, seed: Seed) -> Outcome:
    roles = [Role(Endpoint(ScriptedEngine(), Window(1), Policy(), Told().stop), {})]
    context = Context(1, lambda role: roles, load_method, Prompts().sha256)
    item = asyncio.run(run_program(seed, context))
    assert isinstance(item, Finished)
    return item.outcome


def test_a_reason_that_a_method_declares_is_a_reject() -> None:
    seed = seed_of(f"{kinds.NAME}ask_about", passage("Four words stand here."))
    outcome = ended("ask_about", seed)
    assert (outcome.kind, outcome.reason, outcome.detail) == ("rejected", "too_short", "4 words")


def test_a_reason_that_is_not_declared_is_the_methods_fault() -> None:
    outcome = ended("unknown_reason", seed_of("tests.doubles.programs:unknown_reason", passage()))
    assert (outcome.kind, outcome.reason) == ("failed", "internal_error")
    assert "the method does not declare its reason 'my own reason'" in outcome.detail


def test_a_record_of_another_kind_is_the_methods_fault() -> None:
    outcome = ended("wrong_columns", seed_of(f"{kinds.NAME}wrong_columns", passage()))
    assert (outcome.kind, outcome.reason) == ("failed", "internal_error")
    assert "missing or too many: text, texts" in outcome.detail


def test_what_was_drawn_and_listed_reaches_the_program() -> None:
    given = passage()
    task = dataclasses.replace(
        seed_of(f"{kinds.NAME}halves", given).task, params='{"half":1}', language="fr"
    )
    (row,) = ended("halves", PassageSeed(task, given, (), (given, NEAR))).records
    assert row["text"] == given.text[len(given.text) // 2 :]
    assert [seed["title"] for seed in row["seeds"]] == [given.title, NEAR.title]
    assert row["language"] == "fr"
    asked = InstructionSeed(dataclasses.replace(task, method=f"{kinds.NAME}tell"), "Why?",
                            sources=(SOURCE,))  # fmt: skip
    (row,) = ended("tell", asked).records
    assert (row["query"], row["seeds"]) == ("Why?", [SOURCE])


def test_a_declared_reason_needs_a_name_and_one_meaning() -> None:
    for reasons in ({"Too short": "x"}, {"too_short": ""}, {"": "x"}, {"_a": "x"}, {"a__b": "x"}):
        with pytest.raises(ValueError, match="needs a name like 'too_short' and a meaning"):
            method(exercise="x", calls=0, reasons=reasons)
    with pytest.raises(ValueError, match="'nothing_to_ask' means already"):
        method(exercise="x", calls=0, reasons={"nothing_to_ask": "something else"})
