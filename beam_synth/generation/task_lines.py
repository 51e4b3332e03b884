"""Tasks as they travel: compressed JSON lines."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import orjson

from beam_synth.records import Task

_BEFORE_ID = b'{"task_id":"'


def pack_tasks(tasks: Iterable[Task]) -> bytes:
    """Tasks as compressed JSON lines: a fifth of their size."""
    return pack_lines(task_line(task) for task in tasks)


def unpack_tasks(data: bytes) -> Iterator[Task]:
    """The tasks that `pack_tasks` packed."""
    return map(task_of, unpack_lines(data))


def pack_lines(lines: Iterable[bytes]) -> bytes:
    """Lines of tasks, compressed."""
    return zlib.compress(b"".join(lines), 1)


def unpack_lines(data: bytes) -> list[bytes]:
    """The lines of packed tasks, each with its end."""
    return zlib.decompress(data).splitlines(keepends=True)


def task_line(task: Task) -> bytes:
    """A task as a JSON line."""
    return orjson.dumps(task) + b"\n"


def task_of(line: bytes) -> Task:
    """The task of a line."""
    fields = orjson.loads(line)
    return Task(**{**fields, "neighbors": tuple(fields["neighbors"])})


def line_id(line: bytes) -> bytes:
    """The task id of one line, without parsing it: it is the first field."""
    return line[len(_BEFORE_ID) : len(_BEFORE_ID) + 32]


def in_order(group: tuple[int, Iterable[bytes]]) -> Iterator[bytes]:
    """The lines of a bucket's packed tasks, by id."""
    lines = [line for data in group[1] for line in unpack_lines(data)]
    return iter(sorted(lines, key=line_id))
