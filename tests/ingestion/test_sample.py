"""The sample encyclopaedia that ships: well formed, and built so that every stage has work."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from beam_synth.ingestion.wikipedia import parse_article, words_of
from tests.paths import SAMPLE

COUNTS = {"en": 30, "fr": 15, "de": 15}
KEYS = {
    "name", "identifier", "abstract", "description", "url", "date_modified", "version",
    "main_entity", "is_part_of", "in_language", "license", "infoboxes", "sections",
}  # fmt: skip
OPTIONAL = {"tables", "references"}
QID = re.compile(r"Q[1-9][0-9]*")

# Property -> directions in which expansion may follow it; P1889 (different from) is none of them.
OUT, IN = "out", "in"
WALKED = {
    "P279": (OUT, IN), "P31": (IN,), "P361": (OUT, IN), "P527": (OUT, IN), "P1269": (OUT, IN),
    "P2578": (OUT, IN), "P2579": (OUT, IN), "P366": (OUT,), "P1542": (OUT,), "P828": (OUT,),
}  # fmt: skip


def _articles(language: str) -> list[dict[str, Any]]:
    lines = (SAMPLE / f"articles-{language}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def articles() -> list[tuple[str, dict[str, Any]]]:
    return [(language, article) for language in COUNTS for article in _articles(language)]


@pytest.fixture(scope="module")
def entities() -> dict[str, dict[str, Any]]:
    first, *lines, last = (SAMPLE / "wikidata.json").read_text("utf-8").splitlines()
    assert (first, last) == ("[", "]")
    assert all(line.endswith(",") for line in lines[:-1])
    items = [json.loads(line.rstrip(",")) for line in lines]
    assert len({item["id"] for item in items}) == len(items)
    return {item["id"]: item for item in items}


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _parts(child)


def _sections(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        if part["type"] == "section":
            yield part
            yield from _sections(part["has_parts"])


def _statements(entities: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for qid, item in entities.items():
        for prop, statements in item["claims"].items():
            for statement in statements:
                snak = statement["mainsnak"]
                if snak["snaktype"] == "value" and statement["rank"] != "deprecated":
                    yield qid, prop, snak["datavalue"]["value"]["id"]


def _text(article: dict[str, Any]) -> str:
    return " ".join(part["value"] for part in _parts(article["sections"]) if "value" in part)


def test_counts_keys_and_identity(articles: list[tuple[str, dict[str, Any]]]) -> None:
    assert Counter(language for language, _ in articles) == COUNTS
    ids, revisions = set(), set()
    for language, article in articles:
        assert KEYS <= article.keys() <= KEYS | OPTIONAL, article["name"]
        assert article["in_language"]["identifier"] == language
        assert article["is_part_of"]["identifier"] == f"{language}wiki"
        assert article["license"][0]["identifier"] == "CC-BY-SA-4.0"
        assert article["abstract"] == article["sections"][0]["has_parts"][0]["value"]
        assert article["sections"][0]["name"] == "Abstract"
        ids.add((article["is_part_of"]["identifier"], article["identifier"]))
        revisions.add(article["version"]["identifier"])
    assert len(ids) == len(revisions) == len(articles)
    assert len({article["url"] for _, article in articles}) == len(articles)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLE.iterdir()))
def test_files_stay_small(name: str) -> None:
    assert (SAMPLE / name).stat().st_size < 300_000


def test_every_article_has_enough_text(articles: list[tuple[str, dict[str, Any]]]) -> None:
    for _, article in articles:
        own = [
            sum(len(part.get("value", "").split()) for part in section["has_parts"])
            for section in _sections(article["sections"])
        ]
        assert sum(words >= 40 for words in own) >= 4, article["name"]
        assert max(own) <= 150, article["name"]


def test_links_and_citations_resolve(articles: list[tuple[str, dict[str, Any]]]) -> None:
    links = citations = 0
    for language, article in articles:
        known = {reference["identifier"] for reference in article.get("references", [])}
        for part in _parts(article):
            for link in part.get("links", []):
                links += 1
                assert re.search(rf"(?<!\w){re.escape(link['text'])}", part["value"]), link
                assert link["url"].startswith(f"https://sample.beam-synth.example/{language}/")
            for citation in part.get("citations", []):
                citations += 1
                assert citation["identifier"] in known
    assert links > 400
    assert citations >= 3


def test_tables_are_rectangular_and_referenced(
    articles: list[tuple[str, dict[str, Any]]],
) -> None:
    seen = 0
    for _, article in articles:
        named = [
            reference["identifier"]
            for part in _parts(article["sections"])
            for reference in part.get("table_references", [])
        ]
        assert named == [table["identifier"] for table in article.get("tables", [])]
        for table in article.get("tables", []):
            seen += 1
            assert len({len(row) for row in table["headers"] + table["rows"]}) == 1
    assert seen >= 20


def test_each_kind_of_part_occurs_in_each_language(
    articles: list[tuple[str, dict[str, Any]]],
) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for language, article in articles:
        trees = [article["sections"], article["infoboxes"]]
        kinds[language] |= {part["type"] for part in _parts(trees) if "type" in part}
    expected = {"section", "paragraph", "list", "list_item", "table", "infobox", "field"}
    assert all(found == expected for found in kinds.values())


def test_two_paragraphs_occur_twice(articles: list[tuple[str, dict[str, Any]]]) -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for _, article in articles:
        for part in _parts(article["sections"]):
            if part.get("type") == "paragraph":
                homes[part["value"]].append(article["name"])
    repeated = sorted(names for names in homes.values() if len(names) > 1)
    assert repeated == [["Tin", "Bronze"], ["Violin", "Cello"]]


def test_no_markup_is_left(articles: list[tuple[str, dict[str, Any]]]) -> None:
    for _, article in articles:
        assert not re.search(r"\[\[|\]\]|\{\{|<[a-z/]|''|&[a-z]+;|\s\s", _text(article))


def test_the_reader_takes_every_article(articles: list[tuple[str, dict[str, Any]]]) -> None:
    for language, record in articles:
        article = parse_article(record)
        assert article.article_id == f"{language}wiki:{record['identifier']}"
        assert article.revision == record["version"]["identifier"]
        assert article.qid == record["main_entity"]["identifier"]
        assert words_of(article) > 250
        assert {"prose", "infobox"} <= {section.kind for section in article.sections}


def test_wikidata_excerpt(
    articles: list[tuple[str, dict[str, Any]]], entities: dict[str, dict[str, Any]]
) -> None:
    assert {article["main_entity"]["identifier"] for _, article in articles} <= entities.keys()
    for qid, item in entities.items():
        assert item["id"] == qid
        assert QID.fullmatch(qid)
        assert item["labels"]
        for prop, statements in item["claims"].items():
            for statement in statements:
                snak = statement["mainsnak"]
                assert snak["property"] == prop
                assert statement["rank"] in {"preferred", "normal", "deprecated"}
                if snak["snaktype"] == "value":
                    value = snak["datavalue"]["value"]
                    assert value["id"] == f"Q{value['numeric-id']}"
                    assert value["id"] in entities
    assert len({len(item["sitelinks"]) for item in entities.values()}) >= 4
    properties = {prop for item in entities.values() for prop in item["claims"]}
    assert properties >= {"P31", "P279", "P361", "P527", "P1889", "P366", "P1542", "P828"}
    degrees = Counter(target for _, _, target in _statements(entities))
    assert degrees.most_common(1)[0][1] >= 12  # a hub
    assert any((p, o) == ("P31", "Q4167410") for _, p, o in _statements(entities))


def test_titles_match_sitelinks_of_their_wiki(
    articles: list[tuple[str, dict[str, Any]]], entities: dict[str, dict[str, Any]]
) -> None:
    for language, article in articles:
        links = entities[article["main_entity"]["identifier"]]["sitelinks"]
        title = re.sub(r" \([^)]*\)", "", links[f"{language}wiki"]["title"])
        assert re.sub(r" \([^)]*\)", "", article["name"]) == title


def _walk(
    start: set[str], entities: dict[str, dict[str, Any]], depth: int, through: set[str] | None
) -> set[str]:
    """Items within `depth` statements of the start; `through` limits where a walk may go on."""
    near: dict[str, set[str]] = defaultdict(set)
    for subject, prop, target in _statements(entities):
        if OUT in WALKED.get(prop, ()):
            near[subject].add(target)
        if IN in WALKED.get(prop, ()):
            near[target].add(subject)
    reached, edge = set(start), set(start)
    for _ in range(depth):
        edge = {step for item in edge for step in near[item]} - reached
        reached |= edge
        edge = edge if through is None else edge & through
    return reached


def test_vital_list_and_expansion_have_something_to_do(
    articles: list[tuple[str, dict[str, Any]]], entities: dict[str, dict[str, Any]]
) -> None:
    vital = json.loads((SAMPLE / "vital.json").read_text("utf-8"))
    assert set(vital.values()) <= {1, 2, 3, 4, 5}
    assert vital.keys() <= {article["name"] for _, article in articles}
    core = [article for _, article in articles if vital.get(article["name"], 9) <= 3]
    assert {language for language, article in articles if article in core} == set(COUNTS)
    assert 22 <= len(core) <= 28
    items = {article["main_entity"]["identifier"] for article in core}
    # An item of the core is in the core in each of its languages.
    assert all(a in core for _, a in articles if a["main_entity"]["identifier"] in items)

    reached = _walk(items, entities, 2, None)
    added = {a["url"] for _, a in articles if a["main_entity"]["identifier"] in reached - items}
    assert 18 <= len(added) <= 30  # within the quickstart's budget
    assert 5 <= len(articles) - len(core) - len(added) <= 12
    with_article = {article["main_entity"]["identifier"] for _, article in articles}
    direct = _walk(items, entities, 2, with_article)
    assert len((reached - direct) & with_article) >= 3  # some lie behind items without an article
    assert len((_walk(items, entities, 1, None) - items) & with_article) >= 5
    assert "Q602" not in reached  # only P1889 leads there
