"""Folders and names of datasets, as the library `datasets` itself writes and loads them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pytest

from beam_synth.errors import Refused
from beam_synth.ingestion.file_accounts import records_in
from beam_synth.storage.dataset_folders import folder_files, hub_files, input_files
from beam_synth.storage.inputs import InputFile

ROWS = [{"text": f"text {n}"} for n in range(5)]


@pytest.fixture(autouse=True)
def _silent() -> None:
    datasets.disable_progress_bars()


def rows_of(files: list[InputFile]) -> list[Any]:
    records = [record for item in files for record in records_in(item.path, 1000, None)]
    return [getattr(record, "value", record) for record in records]


def test_a_saved_dataset_is_read_by_its_own_list_of_files(tmp_path: Path) -> None:
    data = datasets.Dataset.from_list(ROWS)
    data.save_to_disk(tmp_path / "saved", num_shards=2)
    (tmp_path / "saved" / "data-00009-of-00010.arrow").write_bytes(b"left over")
    assert rows_of(folder_files(str(tmp_path / "saved"), "train", "documents")) == ROWS


def test_a_saved_dataset_of_several_splits_needs_one_that_it_has(tmp_path: Path) -> None:
    both = {"train": datasets.Dataset.from_list(ROWS), "test": datasets.Dataset.from_list(ROWS[:1])}
    datasets.DatasetDict(both).save_to_disk(tmp_path / "saved")
    path = str(tmp_path / "saved")
    assert rows_of(folder_files(path, "train", "documents")) == ROWS
    assert rows_of(folder_files(path, "test", "documents")) == ROWS[:1]
    with pytest.raises(
        Refused, match=r"no split 'tran' \(did you mean 'train'\?\); it has train, "
    ):
        folder_files(path, "tran", "documents")


@pytest.mark.parametrize(
    ("names", "split", "chosen"),
    [
        (["a.parquet", "b/c.parquet"], "train", ["a.parquet", "b/c.parquet"]),
        (["data/train-0.parquet", "data/test-0.parquet"], "test", ["data/test-0.parquet"]),
        (["train/0.parquet", "valid/0.parquet"], "train", ["train/0.parquet"]),
        (["training.parquet"], "train", ["training.parquet"]),
    ],
)
def test_parquet_below_a_folder(
    tmp_path: Path, names: list[str], split: str, chosen: list[str]
) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        datasets.Dataset.from_list(ROWS).to_parquet(tmp_path / name)
    files = folder_files(str(tmp_path), split, "documents")
    assert [str(Path(item.path).relative_to(tmp_path)) for item in files] == chosen
    assert rows_of(files[:1]) == ROWS


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"documents: .*neither a dataset .* nor Parquet files"):
        folder_files(str(tmp_path), "train", "documents")
    (tmp_path / "test-0.parquet").touch()
    with pytest.raises(Refused, match="no split 'train'; it has test: name one with `split`"):
        folder_files(str(tmp_path), "train", "documents")
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(Refused, match=r"state\.json cannot be read"):
        folder_files(str(tmp_path), "train", "documents")


def test_a_folder_that_says_nothing_of_its_files_is_refused(tmp_path: Path) -> None:
    for text in ("{}", '{"_data_files": 3}', "[]"):
        (tmp_path / "state.json").write_text(text)
        with pytest.raises(Refused, match=r"articles: .*state\.json cannot be read"):
            input_files([str(tmp_path)], "articles")


def test_inputs_may_be_folders_and_files(tmp_path: Path) -> None:
    data = datasets.Dataset.from_list(ROWS)
    both = {"train": data, "test": datasets.Dataset.from_list(ROWS[:1])}
    datasets.DatasetDict(both).save_to_disk(tmp_path / "both")
    datasets.DatasetDict({"main": data}).save_to_disk(tmp_path / "one")
    (tmp_path / "tables" / ".cache").mkdir(parents=True)
    data.to_parquet(tmp_path / "tables" / "a.parquet")
    data.to_parquet(tmp_path / "tables" / ".cache" / "a.parquet")
    (tmp_path / "a.jsonl").write_text('{"text": "of a file"}\n')
    folders = [str(tmp_path / name) for name in ("both", "one", "tables", "*.jsonl")]
    files = input_files(folders, "articles")
    assert rows_of(files) == [{"text": "of a file"}, *ROWS, *ROWS, *ROWS]
    both = {"a": data, "b": data}
    datasets.DatasetDict(both).save_to_disk(tmp_path / "neither")
    with pytest.raises(Refused, match="no split 'train'; it has a, b: name its folder"):
        input_files([str(tmp_path / "neither")], "articles")
    assert rows_of(input_files([str(tmp_path / "neither" / "a")], "articles")) == ROWS


# ---------------------------------------------------------------- the hub


def loads(folder: Path, calls: list[Any]) -> Any:
    """`datasets.load_dataset` of a hub that has one dataset, out of a local file."""
    load = datasets.load_dataset
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))

    def of_hub(name: str, subset: str | None, **rest: Any) -> Any:
        calls.append((name, subset, rest))
        return load("json", data_files=str(path), split="train", cache_dir=str(folder / "cache"))

    return of_hub


def test_a_dataset_of_the_hub_is_read_from_its_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(datasets, "load_dataset", loads(tmp_path, calls))
    wanted = {"subset": "en", "split": "train", "revision": "main"}
    files = hub_files("owner/texts", **wanted, key="documents")
    assert calls == [("owner/texts", "en", {"split": "train", "revision": "main"})]
    assert rows_of(files) == ROWS
    assert files[0].checksum.startswith("fingerprint:")
    assert hub_files("owner/texts", **wanted, key="documents") == files


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ConnectionError("Couldn't reach 'owner/texts' on the Hub"), "Couldn't reach"),
        (
            datasets.exceptions.DatasetNotFoundError("Dataset doesn't exist\nor so"),
            "doesn't exist$",
        ),
        (ValueError('Unknown split "tran". Should be one of ["train"].'), "Should be one of"),
        (pa.ArrowInvalid(""), "ArrowInvalid"),
    ],
)
def test_a_dataset_that_cannot_be_had_is_refused_with_the_cause(
    monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(datasets, "load_dataset", fails)
    with pytest.raises(Refused, match=f"documents: owner/texts: .*cannot be loaded: .*{message}"):
        hub_files("owner/texts", subset=None, split="train", revision=None, key="documents")


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(Refused, match=r"pip install 'beam-synth\[hub\]'"):
        hub_files("owner/texts", subset=None, split="train", revision=None, key="documents")
