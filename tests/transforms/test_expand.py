"""Core selection and the walk over Wikidata, against a walk written another way."""

from __future__ import annotations

import bz2
import gzip
import itertools
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.errors import Refused, Rejected
from beam_synth.job.schema import Core, Expand, Property
from beam_synth.knowledge import expansion, wikidata
from beam_synth.knowledge.expansion import Graph, walk
from beam_synth.knowledge.selection import CoreList, in_core, read_list, title_key
from beam_synth.records import ARTICLE_REF_SCHEMA, pack, unpack
from tests.paths import SAMPLE
from transforms.accounting import OTHERS
from transforms.expand import ExpandWithWikidata, SelectCore
from transforms.testing import run_transform

Claims = dict[str, list[int]]


def ref(number: int, qid: str = "", words: int = 100, title: str = "") -> dict[str, Any]:
    return {
        "article_id": f"enwiki:{number}", "wiki": "enwiki", "language": "en",
        "title": title or f"T{number}", "qid": qid, "revision": 1, "date_modified": "",
        "words": words, "part": "p", "row": number, "file": "a.jsonl", "line": number, "path": "",
    }  # fmt: skip


def refs(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=ARTICLE_REF_SCHEMA)


def entity(number: int, claims: Claims, links: int = 3, **more: Any) -> dict[str, Any]:
    return {
        "type": "item",
        "id": f"Q{number}",
        "claims": {
            name: [
                {
                    "rank": "normal",
                    "mainsnak": {
                        "snaktype": "value",
                        "datavalue": {"value": {"entity-type": "item", "id": f"Q{target}"}},
                    },
                }
                for target in targets
            ]
            for name, targets in claims.items()
        },
        "sitelinks": {f"w{n}": {} for n in range(links)},
        **more,
    }


# ---------------------------------------------------------------- selection


def listed(tmp_path: Path, name: str, data: bytes, core: Core) -> CoreList:
    path = tmp_path / name
    path.write_bytes(data)
    with path.open("rb") as handle:
        return read_list(handle, name, core)


def test_levels_come_from_json_gz_or_lines(tmp_path: Path) -> None:
    core = Core(by="level", list="x", max_level=3)
    levels = {"Earth": 1, "iron_age": 3, "Tin": 4}
    expected = {"Earth", "Iron age"}
    text = json.dumps(levels).encode()
    lines = "\n".join(f"{title}\t{level}" for title, level in levels.items()).encode()
    assert set(listed(tmp_path, "a.json", text, core).numbers) == expected
    assert set(listed(tmp_path, "a.json.gz", gzip.compress(text), core).numbers) == expected
    assert set(listed(tmp_path, "a.tsv", lines, core).numbers) == expected


def test_titles_and_items_choose_articles(tmp_path: Path) -> None:
    table = refs(ref(1, "Q5", title="Iron age"), ref(2, "Q6", title="Tin"))
    for by, data in (("titles", b"iron_age\n\n"), ("qids", b"Q5\n")):
        core = Core(by=by, list="x")  # type: ignore[arg-type]
        entries = listed(tmp_path, "list", data, core)
        assert in_core(table, core, entries).to_pylist() == [True, False]
    assert in_core(table, Core(), None).to_pylist() == [True, True]
    assert title_key(" the_ Moon ") == "The Moon"


@pytest.mark.parametrize(
    ("by", "data", "message"),
    [
        ("qids", b"Q1\nP31\n", "line 2: 'P31' is no Wikidata item"),
        ("level", b"Earth\t1\nTin\n", "line 2: expected title<TAB>level"),
        (
            "level",
            b'{"Earth": "one"}',
            r"entry 1: expected title<TAB>level, found \['Earth', 'one'\]",
        ),
        ("level", b"{", "not valid JSON"),
        ("titles", b"\xff", "not UTF-8"),
    ],
)
def test_a_wrong_list_is_refused(by: str, data: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=message):
        listed(tmp_path, "list", data, Core(by=by, list="x"))  # type: ignore[arg-type]


# ---------------------------------------------------------------- entities


def test_slim_keeps_walked_claims_of_items() -> None:
    item = entity(7, {"P279": [3, 3], "P31": [4167410], "P40": [9]}, lastrevid=12)
    item["claims"]["P279"].append({"rank": "deprecated", "mainsnak": {}})
    item["claims"]["P361"] = [{"rank": "normal", "mainsnak": {"snaktype": "somevalue"}}]
    row = wikidata.slim(item, ["P279", "P361"])
    assert row is not None
    assert (row["properties"], row["targets"]) == ([279], [3])
    assert (row["excluded"], row["sitelinks"], row["revision"]) == (True, 3, 12)
    assert wikidata.slim({"id": "P31", "claims": {}}, ["P279"]) is None


def test_entity_documents_and_other_values() -> None:
    document = {"entities": {"Q1": {"id": "Q1"}, "Q2": {"id": "Q2"}}}
    assert [e["id"] for e in wikidata.entities(document)] == ["Q1", "Q2"]
    not_entities: list[Any] = [[], {"name": "x"}, 3, {"id": 5}, {"entities": {}}]
    for wrong in not_entities:
        (entity_found,) = wikidata.entities(wrong)
        with pytest.raises(Rejected, match="missing_field"):
            wikidata.slim(entity_found, [])
    assert wikidata.slim({"id": "Q1", "claims": []}, []) is not None  # how a dump writes "none"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("lastrevid", "12x", "lastrevid: expected a whole number, found '12x'"),
        ("lastrevid", 2**64, "lastrevid"),
        ("lastrevid", True, "lastrevid"),
        ("sitelinks", 5, "sitelinks: expected an object, found int"),
        ("sitelinks", "abc", "sitelinks"),
        ("id", "Q99999999999999999999", "id: expected an item"),
        ("id", "Q0", "id: expected an item"),
        ("claims", 3, "claims: expected an object"),
        ("claims", {"P279": {}}, "claims.P279: expected a list"),
    ],
)
def test_an_entity_of_another_shape_is_refused(field: str, value: Any, told: str) -> None:
    with pytest.raises(Rejected) as caught:
        wikidata.slim({**entity(7, {}), field: value}, ["P279"])
    assert caught.value.reason == "wrong_type"
    assert caught.value.detail.startswith(told)


def test_what_can_be_converted_is_and_an_odd_claim_costs_itself_alone() -> None:
    item = entity(7, {"P279": [3], "P31": [4167410]}, lastrevid="12.0")
    odd = [3, {}, {"rank": 1, "mainsnak": 3}, {"mainsnak": {"snaktype": "value"}}]
    values: list[Any] = [
        {"error": "bad"}, "Q4", 4, None, {"id": 5}, {"id": "Q99999999999999999999"},
        {"entity-type": "property", "numeric-id": 4}, {"numeric-id": "x"},
        {"entity-type": "item", "numeric-id": 5.0}, {"numeric-id": "6"},
    ]  # fmt: skip
    odd += [{"mainsnak": {"snaktype": "value", "datavalue": {"value": v}}} for v in values]
    item["claims"]["P279"] += odd
    item["claims"]["P31"] += odd
    row = wikidata.slim(item, ["P279"])
    assert row is not None
    assert (row["properties"], row["targets"]) == ([279, 279, 279], [3, 5, 6])
    assert (row["revision"], row["excluded"]) == (12, True)


# ---------------------------------------------------------------- the walk


def brute_force(
    core: set[int],
    entities: Mapping[int, Mapping[str, Any]],
    articles: Mapping[int, int],
    expand: Expand,
) -> dict[int, tuple[tuple[int, int, int], ...]]:
    """The rule of expansion.py read literally: all open paths in a list, the best taken first."""
    properties = expansion.walked(expand)
    claims = [
        (item, name, int(c["mainsnak"]["datavalue"]["value"]["id"][1:]))
        for item, found in sorted(entities.items())
        for name in properties
        for c in found["claims"].get(name, [])
    ]
    claims = sorted(set(claims))

    def degree(item: int) -> int:
        return sum(target == item for _, _, target in claims)

    def links(item: int) -> int:
        return len(entities[item]["sitelinks"]) if item in entities else 0

    def excluded(item: int) -> bool:
        of = entities.get(item, {"claims": {}})["claims"].get("P31", [])
        return any(
            c["mainsnak"]["datavalue"]["value"]["id"] in wikidata.EXCLUDED_CLASSES for c in of
        )

    open_paths: list[tuple[float, int, int, tuple[tuple[int, int, int], ...]]] = [
        (-math.inf, item, 0, ()) for item in core
    ]
    taken: list[int] = []
    added: dict[int, tuple[tuple[int, int, int], ...]] = {}
    while open_paths:
        best = min(open_paths)
        open_paths.remove(best)
        _, item, depth, path = best
        if item in taken:
            continue
        taken.append(item)
        wanted = item in articles and item not in core and not excluded(item)
        if wanted and articles[item] >= expand.min_words and len(added) < expand.budget:
            added[item] = path
        if depth == expand.depth or excluded(item) or degree(item) > expand.hub_cap:
            continue
        ups = sum(p == 279 and (a, "P279", b) in claims for a, p, b in path)
        for name, prop in properties.items():
            onward = [(b, True) for a, n, b in claims if (a, n) == (item, name)]
            back = [(a, False) for a, n, b in claims if (b, n) == (item, name)]
            steps = (onward if prop.direction != "in" else []) + (
                back if prop.direction != "out" else []
            )
            for other, up in steps:
                if name == "P279" and up and prop.up is not None and ups >= prop.up:
                    continue
                score = expand.decay ** (depth + 1) * prop.weight * math.log1p(links(other))
                step = (item, int(name[1:]), other)
                open_paths.append((-score, other, depth + 1, (*path, step)))
    return added


def graph_of(entities: Mapping[int, Mapping[str, Any]], expand: Expand) -> Graph:
    properties = expansion.walked(expand)
    rows = [wikidata.slim(dict(found), list(properties)) for found in entities.values()]
    return Graph([pa.Table.from_pylist(rows, schema=wikidata.ITEM_SCHEMA)], properties)


SMALL = {
    "P279": Property(direction="both", up=1),
    "P31": Property(weight=0.5, direction="in"),
    "P361": Property(weight=0.8, direction="both"),
    "P366": Property(weight=0.5, direction="out"),
}
claims_of = st.dictionaries(
    st.sampled_from(sorted(SMALL)), st.lists(st.integers(1, 12), max_size=3), max_size=3
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[int, dict[str, Any]], set[int], dict[int, int], Expand]:
    entities = {}
    for number in draw(st.sets(st.integers(1, 12), max_size=12)):
        claims = draw(claims_of)
        if draw(st.integers(0, 9)) == 0:
            claims["P31"] = [4167410]
        entities[number] = entity(number, claims, draw(st.integers(0, 9)))
    core = draw(st.sets(st.integers(1, 12), max_size=3))
    articles = draw(st.dictionaries(st.integers(1, 12), st.sampled_from([10, 100])))
    expand = Expand(
        properties=SMALL,
        depth=draw(st.integers(0, 3)),
        budget=draw(st.integers(0, 8)),
        hub_cap=draw(st.integers(1, 5)),
    )
    return entities, core, articles, expand


@given(worlds())
def test_the_walk_equals_brute_force(
    world: tuple[dict[int, dict[str, Any]], set[int], dict[int, int], Expand],
) -> None:
    entities, core, articles, expand = world
    added, reasons = walk(core, graph_of(entities, expand), articles, expand)
    expected = brute_force(core, entities, articles, expand)
    assert added == expected
    assert list(added) == list(expected)
    assert not set(added) & set(reasons)
    for item, path in added.items():
        assert path[0][0] in core
        assert path[-1][2] == item
        assert len(path) <= expand.depth
        assert all(a[2] == b[0] for a, b in itertools.pairwise(path))


def test_different_from_is_refused() -> None:
    with pytest.raises(Refused, match="P1889"):
        expansion.walked(Expand(properties={"P1889": Property()}))
    with pytest.raises(Refused, match="'Q5' is no Wikidata property"):
        expansion.walked(Expand(properties={"Q5": Property()}))
    for name in ("P²", "P0", "P99999999999"):
        with pytest.raises(Refused, match="is no Wikidata property"):
            expansion.walked(Expand(properties={name: Property()}))


# ---------------------------------------------------------------- transforms


def run(
    table: pa.Table, core: Core, expand: Expand | None, files: tuple[str, ...] = ()
) -> tuple[dict[str, str], dict[str, str], list[tuple[str, str]]]:
    """(path of each article that is chosen, reason of each other, faults of the dump)."""
    packed = [
        pack(half) for half in (table.slice(0, len(table) // 2), table.slice(len(table) // 2))
    ]
    selected = run_transform(SelectCore(core, expanded=expand is not None), packed)
    found = selected
    if expand is not None:
        others = selected.extra[OTHERS]
        found = run_transform(
            lambda core: (
                core
                | ExpandWithWikidata(expand, files, core.pipeline | "Others" >> beam.Create(others))
            ),
            selected.out,
        )
        name = "SelectCore", "out", ""
        articles = sum(map(len, map(unpack, [*selected.out, *others])))
        assert selected.counts[name] == articles == found.counts["ExpandWithWikidata", "in", ""]
    rows = [row for data in found.out for row in unpack(data).to_pylist()]
    return (
        {row["article_id"]: row["path"] for row in rows},
        {r.record_id: r.reason for r in found.rejects if r.stage != "ReadWikidata"},
        [(r.reason, r.file) for r in found.rejects if r.stage == "ReadWikidata"],
    )


def test_without_expansion_the_others_are_rejects(tmp_path: Path) -> None:
    table = refs(ref(1, "Q1"), ref(2, "Q2"))
    chosen, reasons, _ = run(table, Core(), None)
    assert chosen == {"enwiki:1": "[]", "enwiki:2": "[]"}
    assert not reasons
    (tmp_path / "list.txt").write_text("Q1\n")
    chosen, reasons, _ = run(table, Core(by="qids", list=str(tmp_path / "list.txt")), None)
    assert chosen == {"enwiki:1": "[]"}
    assert reasons == {"enwiki:2": "not_selected"}


def test_why_a_reached_article_is_not_added(tmp_path: Path) -> None:
    dump = tmp_path / "dump.jsonl"
    items = [
        entity(1, {"P527": [2, 3, 4]}),
        entity(2, {}, links=90),
        entity(3, {}, links=9),
        entity(4, {"P31": [4167410]}, links=900),
    ]
    dump.write_text("\n".join(json.dumps(item) for item in items))
    table = refs(*(ref(i, f"Q{i}") for i in range(1, 6)))
    expand = Expand(wikidata="x", budget=1)
    chosen, reasons, _ = run_with_core(table, [1], expand, (str(dump),))
    assert set(chosen) == {"enwiki:1", "enwiki:2"}
    assert reasons == {
        "enwiki:3": "over_budget",
        "enwiki:4": "excluded_class",
        "enwiki:5": "not_reached",
    }


def sample_articles() -> pa.Table:
    rows: list[dict[str, Any]] = []
    for path in sorted(SAMPLE.glob("articles-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            data = json.loads(line)
            row = ref(len(rows), data["main_entity"]["identifier"], 500, data["name"])
            rows.append({**row, "article_id": f"{path.stem}:{data['identifier']}"})
    return refs(*rows)


def test_the_sample_expansion_equals_brute_force() -> None:
    table = sample_articles()
    core = Core(by="level", list=str(SAMPLE / "vital.json"), max_level=3)
    expand = Expand(wikidata="x", depth=2, budget=30)
    chosen, reasons, faults = run(table, core, expand, (str(SAMPLE / "wikidata.json"),))
    entities = {
        int(e["id"][1:]): e
        for e in json.loads((SAMPLE / "wikidata.json").read_text(encoding="utf-8"))
    }
    for found in entities.values():
        for name, claims in found["claims"].items():
            found["claims"][name] = [
                c for c in claims if c["rank"] != "deprecated" and "datavalue" in c["mainsnak"]
            ]
    starts = {row["qid"] for row in table.to_pylist() if chosen.get(row["article_id"]) == "[]"}
    articles = {int(row["qid"][1:]): 500 for row in table.to_pylist()}
    numbers = {int(qid[1:]) for qid in starts}
    expected = brute_force(numbers, entities, articles, expand)
    found_paths = {path for path in chosen.values() if path != "[]"}
    assert found_paths == {
        json.dumps(expansion.path_names(path), separators=(",", ":")) for path in expected.values()
    }
    assert len(expected) >= 10
    assert set(reasons.values()) == {"not_reached"}
    assert len(chosen) + len(reasons) == len(table)
    assert not faults


def real_entities(real_data: Path) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    with gzip.open(real_data / "wikidata" / "dump_filter_entities.json.gz") as handle:
        lines = handle.read().splitlines()
    with bz2.open(real_data / "wikidata" / "opentapioca_sample_items.json.bz2") as handle:
        lines += handle.read().splitlines()
    for line in lines:
        if line.strip(b" []") == b"":
            continue
        item = json.loads(line.rstrip(b","))
        if item["id"].startswith("Q"):
            number = int(item["id"][1:])
            revision = item.get("lastrevid") or 0
            if number not in found or revision > (found[number].get("lastrevid") or 0):
                found[number] = item
    for item in found.values():
        item["claims"] = {
            name: [
                c
                for c in claims
                if c["rank"] != "deprecated" and c["mainsnak"]["snaktype"] == "value"
            ]
            for name, claims in (item["claims"] or {}).items()
            if name in expansion.PROPERTIES
        }
    return found


def test_the_expansion_on_real_entities_equals_brute_force(real_data: Path) -> None:
    entities = real_entities(real_data)
    numbers = sorted(entities)
    core_items = numbers[::9]
    table = refs(*(ref(i, f"Q{i}") for i in numbers))
    expand = Expand(wikidata="x", depth=3, budget=40, hub_cap=30)
    names = ("dump_filter_entities.json.gz", "opentapioca_sample_items.json.bz2")
    files = tuple(str(real_data / "wikidata" / name) for name in names)
    added, _ = walk(core_items, graph_of(entities, expand), dict.fromkeys(numbers, 100), expand)
    expected = brute_force(set(core_items), entities, dict.fromkeys(numbers, 100), expand)
    assert added == expected
    assert added
    chosen, _, _ = run_with_core(table, core_items, expand, files)
    assert {a: p for a, p in chosen.items() if p != "[]"} == {
        f"enwiki:{item}": json.dumps(expansion.path_names(path), separators=(",", ":"))
        for item, path in expected.items()
    }


def run_with_core(
    table: pa.Table, items: list[int], expand: Expand, files: tuple[str, ...]
) -> tuple[dict[str, str], dict[str, str], list[tuple[str, str]]]:
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listing:
        listing.write("\n".join(f"Q{item}" for item in items))
        listing.flush()
        return run(table, Core(by="qids", list=listing.name), expand, files)


def test_faults_of_the_dump_are_records(tmp_path: Path) -> None:
    dump = tmp_path / "dump.jsonl"
    good = json.dumps(entity(1, {"P361": [2]}))
    dump.write_text("\n".join([good, "{", '{"id": "P31", "claims": {}}', '{"x": 1}']) + "\n")
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(good.encode() * 50)[:-12])
    empty = tmp_path / "empty.json"
    empty.write_bytes(b"")
    table = refs(ref(1, "Q1"), ref(2, "Q2"), ref(3, "Q3"), ref(4, "Q2", words=3), ref(5))
    files = tuple(map(str, (dump, cut, empty)))
    chosen, reasons, faults = run_with_core(table, [1], Expand(wikidata="x"), files)
    assert chosen == {"enwiki:1": "[]", "enwiki:2": '[["Q1","P361","Q2"]]'}
    assert reasons == {
        "enwiki:3": "not_reached",
        "enwiki:4": "stub",
        "enwiki:5": "not_reached",
    }
    assert sorted((reason, Path(file).name) for reason, file in faults) == [
        ("empty_file", "empty.json"),
        ("malformed_json", "dump.jsonl"),
        ("missing_field", "dump.jsonl"),
        ("not_an_item", "dump.jsonl"),
        ("truncated_file", "cut.json.gz"),
    ]


def test_each_entity_of_a_document_counts_for_itself(tmp_path: Path) -> None:
    entities = {
        "Q1": entity(1, {"P361": [2]}),
        "Q3": {"id": "Q3", "lastrevid": "x"},
        "P5": {"id": "P5"},
    }
    (tmp_path / "dump.json").write_text(json.dumps({"entities": entities}))
    table = refs(ref(1, "Q1"), ref(2, "Q2"))
    chosen, _, faults = run_with_core(
        table, [1], Expand(wikidata="x"), (str(tmp_path / "dump.json"),)
    )
    assert set(chosen) == {"enwiki:1", "enwiki:2"}
    assert sorted(reason for reason, _ in faults) == ["not_an_item", "wrong_type"]


@pytest.mark.parametrize(
    "table", [refs(), refs(ref(1, "Q1"))], ids=["no article", "the core alone"]
)
def test_an_expansion_to_which_no_article_comes(tmp_path: Path, table: pa.Table) -> None:
    dump = tmp_path / "dump.jsonl"
    dump.write_text(
        json.dumps(entity(1, {"P361": [2]})) + "\n" + '{"id": "Q2", "lastrevid": "x"}\n'
    )
    (tmp_path / "core.txt").write_text("Q1\n")
    selected = run_transform(
        SelectCore(Core(by="qids", list=str(tmp_path / "core.txt")), expanded=True),
        [pack(table)] if len(table) else [],
    )
    found = run_transform(
        lambda core: (
            core
            | ExpandWithWikidata(
                Expand(wikidata="x"), (str(dump),), core.pipeline | "Others" >> beam.Create([])
            )
        ),
        selected.out,
    )
    assert sum(len(unpack(data)) for data in found.out) == len(table)
    assert [(r.stage, r.reason, r.file, r.line) for r in found.rejects] == [
        ("ReadWikidata", "wrong_type", str(dump), 2)
    ]
