"""Rows that call French topics by their English names: kept where the dump tells these."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beam_synth.commands.verify import verify_run
from beam_synth.drawing import Draw
from tests.doubles.endpoints import call, data_hashes, write_job
from tests.runs.test_endings import PROCESSES
from tests.servers.fake_openai import Behaviour, FakeOpenAI

ENGLISH, LINKED = "Fairbarrow Abbey", "Ambleford"
SECTIONS = {
    "Histoire": "Les moines bâtirent une première église de bois à l'est de Vieuxgué, puis une "
    "seconde de pierre que l'on voit encore. Un incendie en détruisit la tour en 1641, et le "
    "village la releva en onze ans avec l'argent du sel.",
    "Jardins": "Le jardin clos compte quatre carrés de simples et un verger de poiriers que les "
    "moines y greffaient. Un canal amène l'eau de Vieuxgué jusqu'au vivier, où l'on élevait "
    "des carpes pour les jours maigres de l'hiver.",
    "Visites": "La maison reçoit chaque été les élèves des écoles de Vieuxgué, qui y apprennent à "
    "tailler la pierre et à relier les livres. Une salle montre les outils trouvés sous le "
    "pavement du cloître pendant les travaux de 1987.",
}


def inputs(folder: Path, labels: dict[str, str]) -> dict[str, Any]:
    """Keys of a job over an invented abbey, whose item has these labels; with an English one, the
    town that it links to has one, too."""
    town = {"text": "Vieuxgué", "url": "https://fr.wikipedia.org/wiki/Vieuxgu%C3%A9_(ville)"}
    article = {
        "name": "Abbaye de Clairtertre",
        "identifier": 12,
        "url": "https://fr.wiki.example/wiki/Clairtertre",
        "main_entity": {"identifier": "Q900"},
        "is_part_of": {"identifier": "frwiki"},
        "in_language": {"identifier": "fr"},
        "license": [{"identifier": "CC-BY-SA-4.0"}],
        "version": {"identifier": 77},
        "sections": [
            {
                "name": name,
                "type": "section",
                "has_parts": [{"type": "paragraph", "value": text, "links": [town]}],
            }
            for name, text in SECTIONS.items()
        ],
    }
    item = {
        "id": "Q900",
        "labels": {code: {"language": code, "value": text} for code, text in labels.items()},
        "claims": {},
        "sitelinks": {"frwiki": {"site": "frwiki", "title": article["name"]}},
    }
    (folder / "articles.jsonl").write_text(json.dumps(article))
    linked = {
        "id": "Q901",
        "labels": {"en": {"language": "en", "value": LINKED}} if "en" in labels else {},
        "claims": {},
        "sitelinks": {"frwiki": {"site": "frwiki", "title": "Vieuxgué (ville)"}},
    }
    (folder / "dump.json").write_text(f"[\n{json.dumps(item)},\n{json.dumps(linked)}\n]\n")
    return {
        "articles": [str(folder / "articles.jsonl")],
        "expand": {"wikidata": str(folder / "dump.json")},
        "languages": ["fr"],
        "tasks": {"per_passage": 12},
        "dedup": {"minhash": False},
        "neighbors": {"k": 0},
        "write": {"shards": 1},
    }


def naming(document: dict[str, Any], draw: Draw) -> bytes:
    """Of the traces half begin with the English names of their topic and of a town nearby."""
    if draw.below(2):
        return json.dumps(document).encode()
    (choice,) = document["choices"]
    said = choice["message"]["content"]
    opening = "what is asked → which statement"
    content = said.replace(opening, f"topic: the old {ENGLISH} near {LINKED} → which statement")
    choice["message"]["content"] = content
    return json.dumps(document).encode()


def made(folder: Path, labels: dict[str, str], *flags: str) -> Path:
    """The run of a job whose model names the abbey in English."""
    folder.mkdir()
    with FakeOpenAI(Behaviour(sends=naming)) as server:
        job = write_job(folder, server.url, **inputs(folder, labels))
        flags = flags or ("--runner", "FnApiRunner")
        code, _, errors = call("run", job, "--output", folder / "run", "--quiet", *flags)
        assert code == 0, errors[-2000:]
    return folder / "run"


def passages(run: Path) -> list[dict[str, Any]]:
    tables = [pq.read_table(path) for path in sorted(run.glob("_passages/*.parquet"))]
    rows: list[dict[str, Any]] = pa.concat_tables(tables).to_pylist()
    return rows


def reasons(run: Path) -> dict[str, str]:
    """Why each task was rejected, by its id."""
    lines = "".join(p.read_text() for p in sorted(run.glob("rejects/*"))).splitlines()
    found = map(json.loads, lines)
    return {r["record_id"]: r["reason"] for r in found if r["stage"] == "Generate"}


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("named") / "job"
    return made(folder, {"fr": "Abbaye de Clairtertre", "en": ENGLISH})


def test_a_label_backs_up_what_the_trace_calls_the_topic(named: Path, tmp_path: Path) -> None:
    bare = made(tmp_path / "bare", {"fr": "Abbaye de Clairtertre"})
    kept, refused = passages(named), passages(bare)
    assert [row["names"] for row in kept] == [[LINKED, ENGLISH]] * len(SECTIONS)
    assert [row["names"] for row in refused] == [[]] * len(SECTIONS)
    assert [{**row, "names": []} for row in kept] == refused
    rows = pq.read_table(next((named / "data" / "samples").glob("*.parquet"))).to_pylist()
    naming_it = [row for row in rows if ENGLISH in row["synthetic_reasoning"]]
    assert 2 < len(naming_it) < len(rows)
    assert {row["language"] for row in rows} == {"fr"}
    assert not any(name in row["query_seed_text"] for row in rows for name in (ENGLISH, LINKED))
    assert "trace_unsupported" not in reasons(named).values()
    lost = {task for task, reason in reasons(bare).items() if reason == "trace_unsupported"}
    assert {row["synth_id"][:32] for row in naming_it} <= lost


def test_verify_finds_the_names_again(named: Path) -> None:
    found = verify_run(str(named))
    assert 2 < found.rows == found.checks["trace_supported"]
    assert not found.disagreements


def test_two_workers_join_the_names_to_the_same_bytes(named: Path, tmp_path: Path) -> None:
    labels = {"fr": "Abbaye de Clairtertre", "en": ENGLISH}
    again = made(tmp_path / "again", labels, *PROCESSES)
    assert passages(again) == passages(named)
    assert data_hashes(again) == data_hashes(named)
