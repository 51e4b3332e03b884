"""What is new: against earlier records and better ones of the round, by brute force; the step in a
pipeline."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import apache_beam as beam
import orjson
import pyarrow as pa
import pytest

from beam_synth.corpus import novelty
from beam_synth.drawing import bucket_of, digest, draw
from beam_synth.generation.outcomes import encode_outcome, write_outcomes
from beam_synth.generation.rows import salt_of
from beam_synth.job.schema import Job
from beam_synth.records import (
    INSTRUCTIONS,
    RECORD_REF_SCHEMA,
    TEXTS,
    Outcome,
    Reject,
    pack,
    unpack,
)
from beam_synth.storage.files import RunFolder
from beam_synth.text import fingerprints
from tests.doubles.kinds import NAME
from transforms.accounting import Stage
from transforms.settle import Settle, SettleNovelty
from transforms.testing import run_transform

METHODS = {"instructions": f"{NAME}ask_about", "texts": f"{NAME}halves"}
COLUMNS = {"instructions": "prompt", "texts": "text"}
JOB = Job(name="x", articles=["a"], mixture={METHODS["instructions"]: 1.0})


class Said(NamedTuple):
    """One record: what it says, how good it is, whether it was made in an earlier round."""

    text: str
    quality: float = 0.0
    earlier: bool = False
    config: str = "instructions"


def write(run: Path, records: Sequence[Said]) -> pa.Table:
    """Outcome files with one record each task, and the references in the same order."""
    rows = []
    finished: dict[str, list[Any]] = {}
    for i, said in enumerate(records):
        task_id, method = digest("said", i), METHODS[said.config]
        row = {"record_id": task_id + "00", COLUMNS[said.config]: said.text}
        outcome = Outcome(task_id, "made", method, "en", records=(row,), qualities=(said.quality,))
        file = f"_completed/{i % 3}.parquet"
        finished.setdefault(file, []).append(encode_outcome(outcome))
        hashes, bands = fingerprints.fingerprints([said.text], [False], [salt_of(said.config)])
        rows.append(
            {
                "record_id": task_id + "00",
                "config": said.config,
                "task_bucket": bucket_of(task_id, 8),
                "file": file,
                "method": method,
                "language": "en",
                "exercise": "ask",
                "quality": said.quality,
                "text_hash": hashes[0],
                "bands": bands[0],
            }
        )
    for file, outcomes in finished.items():
        with RunFolder(str(run)).create(file) as handle:
            write_outcomes(outcomes, handle)
    return pa.Table.from_pylist(rows, schema=RECORD_REF_SCHEMA)


def packs(table: pa.Table, rows: Sequence[int], size: int = 100) -> list[bytes]:
    part = table.take(pa.array(rows, pa.int64()))
    return [pack(part.slice(i, size)) for i in range(0, len(part), size)]


def settle(run: Path, table: pa.Table, records: Sequence[Said], order: int = 0, size: int = 100,
           threshold: float = 0.7, number: int = 0) -> Any:  # fmt: skip
    """The step over all records that are not earlier, in some order and bundling."""
    rows = list(range(len(records)))
    rows = draw(order, "order", "test").shuffled(rows) if order else rows
    job = JOB.model_copy(update={"dedup": JOB.dedup.model_copy(update={"threshold": threshold})})
    known = packs(table, [i for i in rows if records[i].earlier], size)

    def step(refs: beam.PCollection[bytes]) -> Stage:
        before = refs.pipeline | "Known" >> beam.Create(known, reshuffle=False)
        nothing = refs.pipeline | "Nothing" >> beam.Create([])
        earlier = Stage("Before", before, (nothing,), nothing)
        stage: Stage = refs | Settle(SettleNovelty, INSTRUCTIONS, str(run), [earlier], job, number)
        return stage

    return run_transform(step, packs(table, [i for i in rows if not records[i].earlier], size))


def kept_of(found: Any) -> list[str]:
    return sorted(name for data in found.out for name in unpack(data)["record_id"].to_pylist())


def detail_of(record: Reject) -> dict[str, Any]:
    detail: dict[str, Any] = orjson.loads(record.detail)
    return detail


# ---------------------------------------------------------------- the oracle


def text(key: str, shared: int, total: int = 40) -> str:
    """`total` words, the first `shared` of them the same for one key's first letter."""
    head, tail = draw(1, key[0], "head"), draw(1, key, "tail")
    return " ".join(f"x{(head if i < shared else tail).bits() % 10**8:x}y" for i in range(total))


def families(seed: int) -> list[Said]:
    """Families of graded likeness, equal texts among them, some of them earlier, some too short."""
    source, records = draw(seed, "families", "test"), []
    for i in range(70):
        words = text(f"{source.choice('abcdefg')}{i}", source.choice([0, 20, 33, 37, 39, 40]))
        records.append(Said(words, float(source.below(3)), source.below(4) == 0))
    return [
        *records,
        Said("too short"),
        Said("too short", 1.0),
        Said("short too"),
        Said("TOO short!"),
    ]


def brute_force(records: Sequence[Said], table: pa.Table, threshold: float) -> dict[str, float]:
    """Id -> greatest similarity to a kept or earlier one, of each record that is not new.

    The best goes first; equal texts always count, similar ones where they share a band.
    """
    ids, bands = table["record_id"].to_pylist(), table["bands"].to_pylist()
    parts = [{b[i : i + 8] for i in range(0, len(b), 8)} for b in bands]
    sets = [fingerprints.shingles(said.text, False) for said in records]
    keys = fingerprints.dedup_keys([said.text for said in records], [False] * len(records))
    new = [i for i, said in enumerate(records) if not said.earlier]
    new.sort(key=lambda i: (-records[i].quality, ids[i]))
    known = [i for i, said in enumerate(records) if said.earlier]
    found = {}
    for i in new:
        scores = [
            1.0 if keys[i] == keys[j] else fingerprints.jaccard(sets[i], sets[j])
            for j in known
            if keys[i] == keys[j] or parts[i] & parts[j]
        ]
        if max(scores, default=0.0) >= threshold:
            found[ids[i]] = max(scores)
        else:
            known.append(i)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_novelty_equals_brute_force(tmp_path: Path, seed: int) -> None:
    records = families(seed)
    table = write(tmp_path, records)
    expected = brute_force(records, table, 0.7)
    assert 10 < len(expected) < 50
    found = settle(tmp_path, table, records)
    ids = table["record_id"].to_pylist()
    said = {i: r.text.casefold().strip("!") for i, r in zip(ids, records, strict=True)}
    new = {i for i, r in zip(ids, records, strict=True) if not r.earlier}
    assert {r.record_id for r in found.rejects} == set(expected)
    assert kept_of(found) == sorted(new - set(expected))
    for record in found.rejects:
        assert (record.kind, record.stage, record.reason) == (
            "rejected", "SettleInstructions", "not_novel",
        )  # fmt: skip
        detail = detail_of(record)
        if said[detail["keeper"]] == said[record.record_id]:  # which may be turned down in turn
            assert detail["similarity"] == 1.0
        else:
            assert detail["keeper"] not in expected
            assert detail["similarity"] == pytest.approx(expected[record.record_id], abs=1e-6)
    assert found.counts["SettleInstructions", "in", ""] == len(new)
    assert found.counts["SettleInstructions", "out", ""] == len(new) - len(expected)


def test_neither_order_nor_bundling_matters(tmp_path: Path) -> None:
    records = families(9)
    table = write(tmp_path, records)
    whole = settle(tmp_path, table, records)
    rejects = sorted((r.record_id, r.detail) for r in whole.rejects)
    for order, size in itertools.product((1, 2), (1, 9)):
        found = settle(tmp_path, table, records, order, size)
        assert kept_of(found) == kept_of(whole)
        assert sorted((r.record_id, r.detail) for r in found.rejects) == rejects


def test_a_chain_of_likeness_does_not_drop_its_far_end(tmp_path: Path) -> None:
    """Each is like the one before it; of a cluster more than one may be new."""
    words = [f"word{i}" for i in range(70)]
    links = [" ".join(words[at : at + 50]) for at in (0, 5, 10, 15)]
    records = [Said(link, quality=4.0 - i) for i, link in enumerate(links)]
    table = write(tmp_path, records)
    expected = brute_force(records, table, 0.7)
    found = settle(tmp_path, table, records)
    assert {r.record_id for r in found.rejects} == set(expected)
    ids = table["record_id"].to_pylist()
    assert ids[1] in expected and ids[2] not in expected


# ---------------------------------------------------------------- earlier records


def test_earlier_records_turn_down_and_are_neither_passed_on_nor_turned_down(
    tmp_path: Path,
) -> None:
    same = text("a1", 40)
    records = [
        Said(same, 0.0, earlier=True),
        Said(same, 9.0),  # better, but not new
        Said(same, 0.0, earlier=True),  # two earlier ones of one text
        Said(text("a2", 39), 9.0),
        Said(text("b1", 40), 0.0),
    ]
    table = write(tmp_path, records)
    ids = table["record_id"].to_pylist()
    found = settle(tmp_path, table, records)
    assert kept_of(found) == [ids[4]]
    assert {r.record_id for r in found.rejects} == {ids[1], ids[3]}
    assert {detail_of(r)["keeper"] for r in found.rejects} <= {ids[0], ids[2]}


def test_only_earlier_ones_and_none_at_all(tmp_path: Path) -> None:
    records = [Said(text("a1", 40), earlier=True)]
    table = write(tmp_path, records)
    found = settle(tmp_path, table, records)
    assert (kept_of(found), found.rejects) == ([], [])


def test_without_earlier_rounds(tmp_path: Path) -> None:
    table = write(tmp_path, [Said(text("a1", 40)), Said(text("a1", 40))])
    step = Settle(SettleNovelty, INSTRUCTIONS, str(tmp_path), [], JOB)
    found = run_transform(step, [pack(table)])
    assert kept_of(found) == [min(table["record_id"].to_pylist())]
    assert found.reasons() == {"not_novel": 1}


def test_short_texts_are_repeated_only_where_they_are_equal(tmp_path: Path) -> None:
    records = [Said("Why so?"), Said("why SO"), Said("Why not?"), Said("?"), Said("!")]
    table = write(tmp_path, records)
    ids = table["record_id"].to_pylist()
    found = settle(tmp_path, table, records)
    assert {r.record_id for r in found.rejects} == {max(ids[0], ids[1])}


def test_the_threshold_is_the_jobs(tmp_path: Path) -> None:
    records = [Said(text("a1", 40), 1.0), Said(text("a2", 37))]
    table = write(tmp_path, records)
    a, b = (fingerprints.shingles(said.text, False) for said in records)
    similarity = fingerprints.jaccard(a, b)
    assert 0.7 < similarity < 0.99
    assert len(settle(tmp_path, table, records, threshold=similarity).rejects) == 1
    assert len(settle(tmp_path, table, records, threshold=similarity + 0.01).rejects) == 0


def test_an_infinite_quality_marks_earlier_ones() -> None:
    table = pa.Table.from_pylist(
        [{"record_id": "a", "quality": 0.5}, {"record_id": "b", "quality": 1.0}],
        schema=RECORD_REF_SCHEMA,
    )
    marked = unpack(novelty.as_earlier(pack(table)))
    assert marked.schema == RECORD_REF_SCHEMA
    assert marked["record_id"].to_pylist() == ["a", "b"]
    assert len(novelty.only_new(marked)) == 0
    assert novelty.only_new(table) == table


# ---------------------------------------------------------------- other configs


def test_records_of_other_configs_pass_untouched(tmp_path: Path) -> None:
    same = text("a1", 40)
    records = [
        Said(same, config="texts"),
        Said(same, config="texts"),
        Said(same),
        Said(same, 1.0),
        Said(same, config="texts", earlier=True),
    ]
    table = write(tmp_path, records)
    ids = table["record_id"].to_pylist()
    found = settle(tmp_path, table, records, number=1)
    assert kept_of(found) == sorted([ids[0], ids[1], ids[3]])
    assert [r.record_id for r in found.rejects] == [ids[2]]
    rows = [row for data in found.out for row in unpack(data).to_pylist()]
    before = {row["record_id"]: row for row in table.to_pylist()}
    assert all(row == before[row["record_id"]] for row in rows)
    assert found.counts["SettleInstructions2", "in", ""] == 4
    assert found.counts["SettleInstructions2", "out", ""] == 3


def test_a_step_of_your_own_gets_the_records_of_its_config_alone(tmp_path: Path) -> None:
    table = write(tmp_path, [Said("one"), Said("two", config="texts"), Said("three")])
    step = Settle(OnePerRound, TEXTS, str(tmp_path), [], JOB, 2)
    found = run_transform(step, [pack(table)])
    assert len(kept_of(found)) == 3 and found.counts["SettleTexts3", "out", ""] == 3
    assert [n for (name, kind, _), n in found.counts.items() if kind == "in"] == [3]


class OnePerRound(SettleNovelty):
    """A settle step of its own name; does as its parent does."""

    def expand(self, refs: beam.PCollection[bytes]) -> Stage:
        assert (self.name, self.config, self.job) == ("SettleTexts3", TEXTS, JOB)
        stage: Stage = super().expand(refs)
        return stage
