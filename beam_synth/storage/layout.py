"""Every name inside a run, relative to its folder: what lies where stands here and nowhere else.

Names that start with `_` are a run's own business; the others are its result.
"""

from __future__ import annotations

import re

MANIFEST = "manifest.json"  # written last: a folder that holds it is a finished run
STATUS = "status.json"  # in its place where the run was stopped
JOB = "job.yaml"  # frozen, with absolute paths
METRICS = "metrics.json"
CARD = "README.md"  # the dataset card
REPORT = "report.html"
HOLDOUT = "holdout"  # folder, and config in the manifest: passages that nothing was made from
MODEL = "model"  # folder: what `train` makes by default

IDENTITY = "_identity.json"  # {"identity", "parents", "attempt", "passage_buckets"}
LOCK = "_lock"  # held by the process that works on the run
PLANNED = "_planned.json"  # {"tasks": n}: how many tasks the run has
TRACEBACK = "_traceback.txt"
ENDPOINTS = "_endpoints"  # what was found out about each; how to ask, no part of what is asked

STOP = "_stop"  # a file there, named by its reason, asks all workers to stop
SPENT = "_spent"
INSTRUCTIONS = "_instructions"
PASSAGES = "_passages"
EMBEDDINGS = "_embeddings"
NEIGHBORS = "_neighbors"
COMPLETED = "_completed"
CALLS = "_calls"  # of tasks that have no outcome yet
BATCHES = "_batches"  # of requests at a batch service, and what came of them
PUT_OFF = "_put_off"  # of tasks whose calls failed, by start of the run
TEMPORARY = "_tmp"  # parts that a later stage reads; gone when the run has ended
WRITING = "_writing"  # files that are not whole yet

SHARD_FOLDER = {"parquet": "data", "tfrecord": "tfrecord", "jsonl": "jsonl"}  # by format
SHARD_SUFFIX = {"parquet": "parquet", "tfrecord": "tfrecord", "jsonl": "jsonl"}
REJECT_FOLDER = {"rejected": "rejects", "failed": "errors"}  # by kind

# Patterns for RunFolder.match. A `*` stands for characters within one name.
PARQUET_SHARDS = f"{SHARD_FOLDER['parquet']}/*/*.parquet"
PASSAGE_FILES = f"{PASSAGES}/passages-*.parquet"
VECTOR_FILES = f"{EMBEDDINGS}/*.npy"
NEIGHBOR_FILES = f"{NEIGHBORS}/neighbors-*.parquet"
OUTCOME_FILES = f"{COMPLETED}/*/*.parquet"
CALL_FILES = f"{CALLS}/*/*.parquet"
PUT_OFF_FILES = f"{PUT_OFF}/*/*.json"
SPENT_FILES = f"{SPENT}/*.json"
BATCH_NOTES = f"{BATCHES}/*.json"
ARTICLE_PARTS = f"{TEMPORARY}/articles/*.parquet"
INSTRUCTION_PARTS = f"{TEMPORARY}/instructions/*.arrow"
REACHED_FILES = f"{TEMPORARY}/reached/*"


# ---------------------------------------------------------------- results


def shard_path(format: str, config: str, shard: int, shards: int) -> str:
    """One shard of a config.

    >>> shard_path("parquet", "samples", 0, 8)
    'data/samples/train-00000-of-00008.parquet'
    """
    return (
        f"{SHARD_FOLDER[format]}/{config}/train-{shard:05d}-of-{shards:05d}.{SHARD_SUFFIX[format]}"
    )


def shards_glob(format: str, config: str) -> str:
    """All shards of a config, as the dataset card names them.

    >>> shards_glob("jsonl", "samples")
    'jsonl/samples/train-*.jsonl'
    """
    return f"{SHARD_FOLDER[format]}/{config}/train-*.{SHARD_SUFFIX[format]}"


def reject_path(kind: str, stage: str) -> str:
    """The records that a stage dropped (kind `rejected`) or could not treat (kind `failed`).

    >>> reject_path("failed", "ReadArticles")
    'errors/read_articles.jsonl'
    """
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", stage).lower()
    return f"{REJECT_FOLDER[kind]}/{snake}.jsonl"


def holdout_path(bucket: int) -> str:
    """The passages of a bucket that are held out.

    >>> holdout_path(3)
    'holdout/passages-00003.jsonl'
    """
    return f"{HOLDOUT}/passages-{bucket:05d}.jsonl"


# ---------------------------------------------------------------- a run's own files


def stop_path(reason: str) -> str:
    """The file that asks all workers to stop.

    >>> stop_path("budget")
    '_stop/budget'
    """
    return f"{STOP}/{reason}"


def spent_path(worker: str) -> str:
    """What one worker of one attempt has spent; `worker` is `<attempt>-<worker>`.

    >>> spent_path("4f0c-77ab")
    '_spent/4f0c-77ab.json'
    """
    return f"{SPENT}/{worker}.json"


def endpoint_path(key: str, worker: str = "") -> str:
    """What was found out about an endpoint before a run, or by a worker of it; `key` is a hash of
    all that says how it is asked.

    >>> endpoint_path("5a0e"), endpoint_path("5a0e", "4f0c-77ab")
    ('_endpoints/5a0e.json', '_endpoints/5a0e-4f0c-77ab.json')
    """
    return f"{ENDPOINTS}/{key}{'-' if worker else ''}{worker}.json"


def endpoint_files(key: str = "") -> str:
    """The pattern of all that was found out about an endpoint, or about all of them.

    >>> endpoint_files("5a0e")
    '_endpoints/5a0e*.json'
    """
    return f"{ENDPOINTS}/{key}*.json"


def passages_path(bucket: int) -> str:
    """A bucket's passages.

    >>> passages_path(3)
    '_passages/passages-00003.parquet'
    """
    return f"{PASSAGES}/passages-{bucket:05d}.parquet"


def instructions_path(bucket: int) -> str:
    """A bucket's instructions, those that the user brought.

    >>> instructions_path(3)
    '_instructions/instructions-00003.parquet'
    """
    return f"{INSTRUCTIONS}/instructions-{bucket:05d}.parquet"


def vectors_path(bucket: int, key: str) -> str:
    """A bucket's vectors; `key` is a hash of all that decides them.

    >>> vectors_path(3, "0ab1")
    '_embeddings/00003-0ab1.npy'
    """
    return f"{EMBEDDINGS}/{bucket:05d}-{key}.npy"


def cached_vectors_folder(model: str) -> str:
    """Where a cache keeps the vectors of a model, relative to the cache; `model` is a hash.

    >>> cached_vectors_folder("5a0e")
    'vectors/5a0e'
    """
    return f"vectors/{model}"


def cached_vectors_path(model: str, first: str, last: str, key: str) -> str:
    """Vectors in a cache, of passages with ids from `first` to `last`; `key` is the bytes' hash.

    >>> cached_vectors_path("5a0e", "00b1", "07ff", "d41d")
    'vectors/5a0e/00b1-07ff-d41d.arrow'
    """
    return f"{cached_vectors_folder(model)}/{first}-{last}-{key}.arrow"


def neighbors_path(bucket: int) -> str:
    """The neighbours of a bucket's passages.

    >>> neighbors_path(3)
    '_neighbors/neighbors-00003.parquet'
    """
    return f"{NEIGHBORS}/neighbors-{bucket:05d}.parquet"


def bucket_digits(name: str) -> str:
    """The bucket in the name of a file of passages, vectors or neighbours; "" where there is none.

    >>> bucket_digits(passages_path(3)), bucket_digits(vectors_path(3, "0ab1"))
    ('00003', '00003')
    """
    stem = name.rpartition("/")[2].partition(".")[0]
    return next((part for part in stem.split("-") if part.isdigit() and len(part) == 5), "")


def outcomes_folder(bucket: int) -> str:
    """Where the outcomes of a bucket's tasks lie.

    >>> outcomes_folder(17)
    '_completed/00017'
    """
    return f"{COMPLETED}/{bucket:05d}"


def outcomes_path(bucket: int, attempt: str, worker: str, number: int) -> str:
    """The file that a worker of an attempt writes as its `number`-th.

    >>> outcomes_path(17, "4f0c", "77ab", 2)
    '_completed/00017/4f0c-77ab-000002.parquet'
    """
    return f"{outcomes_folder(bucket)}/{attempt}-{worker}-{number:06d}.parquet"


def calls_folder(bucket: int) -> str:
    """Where the calls of a bucket's tasks lie that have no outcome.

    >>> calls_folder(17)
    '_calls/00017'
    """
    return f"{CALLS}/{bucket:05d}"


def calls_path(bucket: int, worker: str, number: int) -> str:
    """The file of calls that a worker writes as its `number`-th; `worker` is `<attempt>-<worker>`.

    >>> calls_path(17, "4f0c-77ab", 2)
    '_calls/00017/4f0c-77ab-000002.parquet'
    """
    return f"{calls_folder(bucket)}/{worker}-{number:06d}.parquet"


def batch_note_path(key: str) -> str:
    """What is known of a batch; `key` is a hash of what it asks.

    >>> batch_note_path("d41d")
    '_batches/d41d.json'
    """
    return f"{BATCHES}/{key}.json"


def batch_ids_path(key: str) -> str:
    """The ids of a batch's requests, a line each, in the order in which they were sent.

    >>> batch_ids_path("d41d")
    '_batches/d41d.ids'
    """
    return f"{BATCHES}/{key}.ids"


def batch_results_path(key: str) -> str:
    """What came of a batch's requests, a line each.

    >>> batch_results_path("d41d")
    '_batches/d41d.jsonl'
    """
    return f"{BATCHES}/{key}.jsonl"


def put_off_folder(bucket: int) -> str:
    """Where it stands which of a bucket's tasks were put off.

    >>> put_off_folder(17)
    '_put_off/00017'
    """
    return f"{PUT_OFF}/{bucket:05d}"


def put_off_path(bucket: int, attempt: str, key: str) -> str:
    """The tasks of a bucket that an attempt put off; `key` tells its files apart.

    >>> put_off_path(17, "4f0c", "d41d")
    '_put_off/00017/4f0c-d41d.json'
    """
    return f"{put_off_folder(bucket)}/{attempt}-{key}.json"


def merged_path(folder: str, key: str) -> str:
    """Outcomes of several files of a bucket's folder in one; `key` tells it from others.

    >>> merged_path(outcomes_folder(17), "d41d")
    '_completed/00017/merged-d41d.parquet'
    """
    return f"{folder}/merged-{key}.parquet"


def part_path(stage: str, name: str) -> str:
    """A part that a later stage reads, in the folder of the stage that writes it.

    >>> part_path("articles", "d41d.parquet")
    '_tmp/articles/d41d.parquet'
    """
    return f"{TEMPORARY}/{stage}/{name}"


def reached_path(stage: str) -> str:
    """The note that a stage of this attempt has treated its first records.

    >>> reached_path("Generate")
    '_tmp/reached/Generate'
    """
    return part_path("reached", stage)


def writing_path(key: str) -> str:
    """Where a file is written before it gets its name.

    >>> writing_path("d41d")
    '_writing/d41d'
    """
    return f"{WRITING}/{key}"
