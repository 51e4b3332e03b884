"""What a batch of tasks comes to: references, rejects, counts and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa

from beam_synth.generation.config import STAGE, GenerateConfig
from beam_synth.generation.outcomes import Finished, call_figures
from beam_synth.generation.rows import sample_refs
from beam_synth.records import SAMPLE_REF_SCHEMA, Count, Reject, count, pack, reject

_REFS_AT_ONCE = 2_000  # outcomes; fingerprints of a few texts cost 7 ms whatever their number

_PACKED_ROWS = 4096  # references in one element


class BatchResult:
    """What a batch comes to; filled flush by flush, after each one's files are in place."""

    def __init__(self, config: GenerateConfig, stage: str = STAGE) -> None:
        self._config = config
        self._stage = stage
        self._unread: list[tuple[str, Finished]] = []  # (file, outcome), not yet in the references
        self._refs: list[pa.Table] = []  # of SAMPLE_REF_SCHEMA
        self.rejects: list[Reject] = []
        self.metrics: Counter[str] = Counter()
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def add(self, file: str, items: Sequence[Finished]) -> None:
        """Take the outcomes that lie in a file."""
        self._unread += [(file, item) for item in items]
        if len(self._unread) >= _REFS_AT_ONCE:
            self._refer()
        self.metrics.update(call_figures((item.outcome for item in items), self._config.prices))
        for outcome in (item.outcome for item in items):
            if outcome.kind == "sample":
                self._count("passed")
                continue
            self._count(outcome.kind, reason=outcome.reason)
            self.rejects.append(
                reject(
                    outcome.kind,
                    self._stage,
                    outcome.reason,
                    outcome.detail,
                    record_id=outcome.task_id,
                    raw=outcome.raw,
                )
            )

    def _refer(self) -> None:
        items, self._unread = self._unread, []
        config = self._config
        self._refs.append(sample_refs(items, config.task_buckets, config.keep_numbers_for))
        self._count("out", len(self._refs[-1]))

    def _count(self, kind: str, n: int = 1, reason: str = "") -> None:
        self._counts[self._stage, kind, reason] += n

    def end(self, entered: int, unfinished: int) -> None:
        """The batch is over."""
        self._refer()
        self._count("in", entered)
        self._count("unfinished", unfinished)

    @property
    def counts(self) -> list[Count]:
        return [count(*key[:2], n, key[2]) for key, n in self._counts.items() if n]

    def table(self) -> pa.Table:
        """All references."""
        return pa.concat_tables([SAMPLE_REF_SCHEMA.empty_table(), *self._refs])

    def packed_refs(self) -> Iterator[bytes]:
        """All references (SAMPLE_REF_SCHEMA), packed in elements of about 1 MB."""
        table = self.table()
        for start in range(0, len(table), _PACKED_ROWS):
            yield pack(table.slice(start, _PACKED_ROWS))
