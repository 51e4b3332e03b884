"""What a run knows of its batches: notes, written before and after each step at the service.

`_batches/<key>.json` is the note, `<key>.ids` the ids of the requests, `<key>.jsonl` what came. The
key is a hash of the ids; where the same are sent once more, of how often that was so, too.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import orjson

from beam_synth.drawing import digest
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

LOG = logging.getLogger(__name__)
# begun: about to be sent, it may be at the service or not. sent: it has an id there. ended: what
# came lies in the run.
Phase = Literal["begun", "sent", "ended"]


class Result(NamedTuple):
    """What came of one request: a status of HTTP, 200 for an answer, and the body."""

    status: int
    body: Any


@dataclasses.dataclass(frozen=True)
class Note:
    """One batch.

    `number` counts the batches of a run from 1; processes that begin one at the same time may
    take the same. `passed_over` are ids of batches at the service that turned out to be others'.
    """

    key: str
    number: int
    owner: str  # whose requests these are: kind of service, and model
    attempt: str  # in which it was begun
    started: float  # seconds since 1970
    requests: int
    phase: Phase = "begun"
    id: str = ""  # at the service
    done: int = 0  # requests that the service has answered, as far as it tells
    passed_over: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """The bytes of its file."""
        return orjson.dumps(self, option=orjson.OPT_SORT_KEYS) + b"\n"


def decode_note(data: bytes) -> Note:
    """What `Note.encode` wrote. Raises ValueError for anything else.

    >>> note = Note("d41d", 1, "openai m", "a", 0.0, 2)
    >>> decode_note(note.encode()) == note
    True
    """
    try:
        fields = orjson.loads(data)
        return Note(**{**fields, "passed_over": tuple(fields["passed_over"])})
    except (KeyError, TypeError, orjson.JSONDecodeError) as error:
        raise ValueError(f"not a note of a batch: {error!r}") from None


def read_notes(run: RunFolder) -> list[Note]:
    """The notes of a run's batches, oldest first; a damaged one is logged and passed over."""
    notes = []
    for name, _ in run.match(layout.BATCH_NOTES):
        try:
            notes.append(decode_note(run.read(name)))
        except (OSError, ValueError) as error:
            LOG.warning("%s is passed over: %s", name, error)
    return sorted(notes, key=lambda note: (note.started, note.key))


class BatchNotes:
    """The notes of one owner in a run. Every method reads or writes files, and may wait for them.

    Args:
        run: folder of the run.
        owner: whose requests these are.
        attempt: the name of this start of the run.
    """

    def __init__(self, run: RunFolder, owner: str, attempt: str) -> None:
        self._run = run
        self._owner = owner
        self.attempt = attempt

    def run_id(self) -> str:
        """What tells this run's batches from others' at the service: the run's identity."""
        try:
            known = orjson.loads(self._run.read(layout.IDENTITY))
            return str(known["identity"])[:32]
        except (OSError, KeyError, TypeError, orjson.JSONDecodeError):
            return digest(self._run.path)

    def load(self) -> list[Note]:
        """The owner's notes, oldest first."""
        return [note for note in read_notes(self._run) if note.owner == self._owner]

    def begin(self, ids: Sequence[str]) -> Note:
        """Note that these requests are about to be sent, in this order."""
        number = len(self._run.match(layout.BATCH_NOTES)) + 1
        key, before = digest(self._owner, *sorted(ids)), 0
        while self._run.exists(layout.batch_note_path(key)):  # the same things asked once more
            before += 1
            key = digest(self._owner, *sorted(ids), before)
        note = Note(key, number, self._owner, self.attempt, time.time(), len(ids))
        self._run.write(layout.batch_ids_path(key), "\n".join(ids).encode())
        self.write(note)
        return note

    def write(self, note: Note) -> None:
        """Put a note in the place of the one of its key."""
        self._run.write(layout.batch_note_path(note.key), note.encode())

    def drop(self, note: Note) -> None:
        """Forget a batch that is not at the service."""
        self._run.remove(layout.batch_note_path(note.key))
        self._run.remove(layout.batch_ids_path(note.key))

    def ids(self, note: Note) -> list[str]:
        """The ids of its requests, in their order."""
        return self._run.read(layout.batch_ids_path(note.key)).decode().split("\n")

    def write_results(self, note: Note, results: Iterable[tuple[str, Result]]) -> None:
        """Keep what came of a batch."""
        with self._run.create(layout.batch_results_path(note.key)) as handle:
            for custom_id, result in results:
                handle.write(orjson.dumps([custom_id, *result]) + b"\n")

    def results(self, note: Note) -> dict[str, Result]:
        """What came of a batch, by the ids of its requests."""
        found = {}
        for line in self._run.read(layout.batch_results_path(note.key)).splitlines():
            custom_id, status, body = orjson.loads(line)
            found[custom_id] = Result(status, body)
        return found
