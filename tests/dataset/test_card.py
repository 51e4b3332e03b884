from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest
import yaml

from beam_synth.dataset import licenses, row_facts
from beam_synth.dataset.accounts import Account
from beam_synth.dataset.card import card
from beam_synth.records import SAMPLE_SCHEMA

CONTEXT = {
    "job": {"name": "toy"},
    "seed": 3,
    "identity": "abc",
    "version": "0.1.0",
    "parents": [],
    "embedder": {"engine": "hashing", "model": "", "weights": "1.1"},
}


def row(licenses: list[str], text: str = "text", host: str = "fr.wikipedia.org") -> dict[str, Any]:
    seeds = [
        {"url": f"https://{host}/wiki/X", "license": name, "role": "primary"} for name in licenses
    ]
    models = [{"name": "rule:extractive", "step": step} for step in ("query", "answer")]
    return {
        "synth_id": "0" * 34,
        "language": "fr",
        "exercise": "rag",
        "query_seed_text": text,
        "words": 7,
        "seeds": seeds,
        "models": models,
    }


def facts_of(*rows: dict[str, Any]) -> dict[str, Any]:
    table = pa.Table.from_pylist(list(rows), schema=SAMPLE_SCHEMA)
    facts, others = row_facts.gather(list(counted(table).items()))
    assert others == {} and list(facts) == ["samples"]
    return row_facts.overall(facts)


def counted(table: pa.Table) -> Counter[str]:
    return row_facts.facts_of("samples", ["rag"] * len(table), table)


def front(facts: dict[str, Any]) -> dict[str, Any]:
    text = card(CONTEXT, facts, [], {"samples": "data/samples/train-*.parquet"})
    parsed: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return parsed


@pytest.mark.parametrize(
    ("names", "joined"),
    [
        ([], licenses.OWN),
        (["CC0-1.0"], "CC0-1.0"),
        (["CC-BY-SA-3.0", "CC-BY-SA-4.0"], "CC-BY-SA-4.0"),
        (["CC-BY-4.0", licenses.OWN], "CC-BY-4.0"),
        (["CC-BY-SA-4.0", ""], licenses.UNKNOWN),
        (["CC-BY-NC-4.0"], licenses.UNKNOWN),
    ],
)
def test_the_most_restrictive_licence_wins(names: list[str], joined: str) -> None:
    for order in itertools.permutations(names):
        assert licenses.join(order) == joined


def test_join_is_a_semilattice() -> None:
    names = [*licenses._LATTICE, licenses.UNKNOWN]
    for a, b, c in itertools.product(names, repeat=3):
        once = licenses.join([a, licenses.join([b, c])])
        assert once == licenses.join([licenses.join([a, b]), c]) == licenses.join([a, b, c])
        assert licenses.join([a, a]) == a


def test_a_row_is_under_its_seeds_licence_where_it_holds_their_text() -> None:
    assert licenses.record_license(row(["CC-BY-SA-4.0"])) == "CC-BY-SA-4.0"
    assert licenses.record_license(row(["CC-BY-SA-4.0"], text="")) == licenses.OWN


def test_facts_add_up_over_any_cut() -> None:
    rows = [row(["CC-BY-SA-4.0"]), row(["CC0-1.0", ""], host="en.wikipedia.org"), row([], "")]
    whole = counted(pa.Table.from_pylist(rows, schema=SAMPLE_SCHEMA))
    parts = Counter[str]()
    for one in rows:
        parts.update(counted(pa.Table.from_pylist([one], schema=SAMPLE_SCHEMA)))
    assert whole == parts
    facts = facts_of(*rows)
    assert facts["license"] == {"CC-BY-SA-4.0": 1, licenses.OWN: 1, licenses.UNKNOWN: 1}
    assert facts["source"] == {"en.wikipedia.org": 1, "fr.wikipedia.org": 1}
    assert facts["words"] == {"": 21}
    assert row_facts.models_of(facts) == [
        {"name": "rule:extractive", "revision": "", "license": "", "records": 3}
    ]


def test_the_card_declares_the_join_of_its_rows() -> None:
    found = front(facts_of(row(["CC-BY-SA-4.0"]), row(["CC-BY-4.0"]), row([], "")))
    assert (found["license"], found["license_name"]) == ("cc-by-sa-4.0", "cc-by-sa-4.0")
    found = front(facts_of(row(["CC-BY-SA-4.0"]), row([""])))
    assert (found["license"], found["license_name"]) == ("other", "unknown")


def test_the_required_fields_of_the_card_are_there() -> None:
    facts = facts_of(row(["CC-BY-SA-4.0"]))
    required = {"license", "license_name", "pretty_name", "source_datasets", "configs"}
    assert all(front(facts)[key] for key in required)
    account = Account("Generate", ("PlanTasks",), 3, 1, {"no_passage": 2}, {}, 1)
    text = card(CONTEXT, facts, [account], {"samples": "data/*"})
    sections = dict(part.split("\n\n", 1) for part in text.split("\n## ")[1:])
    assert len(sections) >= 15 and all(body.strip() for body in sections.values())
    assert "| Generate | 3 | 1 | 2 | 0 | 1 |" in text
    assert "`rule:extractive`: 1 records" in text
    assert "embedded by" not in text


def test_the_card_says_what_embedded_where_something_was() -> None:
    embedded = Account("EmbedPassages", ("HoldOutSections",), 3, 3, {}, {}, 3)
    text = card(CONTEXT, facts_of(row([])), [embedded], {"samples": "data/*"})
    told = "Passages were embedded by `hashing` (weights `1.1`), to find their neighbours."
    assert told in text.split("## Models")[1].split("\n## ")[0]


def test_the_identifier_follows_the_identity() -> None:
    cards = {
        card(CONTEXT | {"identity": i}, {}, [], {}).split("identifier: ")[1][:38]
        for i in ("a", "b", "b")
    }
    assert len(cards) == 2


@pytest.mark.parametrize(("n", "size"), [(0, "n<1K"), (1000, "1K<n<10K"), (10**6, "n>1M")])
def test_size_categories(n: int, size: str) -> None:
    assert front({"language": {"en": n}})["size_categories"] == [size]


def test_generation_measures_are_grouped() -> None:
    facts, others = row_facts.gather([("calls.rag", 2), ("tokens.gpt-4.1", 5), ("tries", 1)])
    assert (facts, others) == ({}, {"calls": {"rag": 2}, "tokens": {"gpt-4.1": 5}, "tries": 1})
