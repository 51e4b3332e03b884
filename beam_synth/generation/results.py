"""What a batch of tasks comes to: references, rejects, counts and figures; no bodies.

It is what a worker hands to the pipeline: about 0.3 KB a record, whatever its texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa

from beam_synth.generation.call_figures import call_figures
from beam_synth.generation.config import STAGE, GenerateConfig
from beam_synth.generation.judging_figures import judging_figures
from beam_synth.generation.outcomes import Finished
from beam_synth.generation.rows import record_refs
from beam_synth.methods.loading import load_method
from beam_synth.records import RECORD_REF_SCHEMA, Count, Reject, count, packed_slices, reject

_REFS_AT_ONCE = 2_000  # outcomes; fingerprints of a few texts cost 7 ms whatever their number

_PACKED_ROWS = 4096  # references in one element


class BatchResult:
    """What a batch comes to; filled flush by flush, after each one's files are in place.

    Complete only after `end`. `rejects` holds one record for each task that gave no record,
    `metrics` the addends of
    `call_figures` and `judging_figures`; `stage` is the name its counts stand under.
    """

    def __init__(self, config: GenerateConfig, stage: str = STAGE) -> None:
        self._config = config
        self._stage = stage
        self._without_ref: list[tuple[str, Finished]] = []  # (file, outcome)
        self._refs: list[pa.Table] = []  # of RECORD_REF_SCHEMA
        self.rejects: list[Reject] = []
        self.metrics: Counter[str] = Counter()
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def add(self, file: str, items: Sequence[Finished]) -> None:
        """Take the outcomes that lie in a file (its name relative to the run)."""
        self._without_ref += [(file, item) for item in items]
        if len(self._without_ref) >= _REFS_AT_ONCE:
            self._make_refs()
        outcomes = [item.outcome for item in items]
        self.metrics.update(call_figures(outcomes, self._config.prices))
        self.metrics.update(judging_figures(outcomes))
        for outcome in outcomes:
            if outcome.kind == "made":
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
                    declared=load_method(outcome.method).reasons,
                )
            )

    def _make_refs(self) -> None:
        items, self._without_ref = self._without_ref, []
        config = self._config
        self._refs.append(record_refs(items, config.task_buckets, config.keep_numbers_for))
        self._count("out", len(self._refs[-1]))

    def _count(self, kind: str, n: int = 1, reason: str = "") -> None:
        self._counts[self._stage, kind, reason] += n

    def end(self, entered: int, unfinished: int) -> None:
        """The batch is over: `entered` tasks came, `unfinished` of them are left to a resume."""
        self._make_refs()
        self._count("in", entered)
        self._count("unfinished", unfinished)

    @property
    def counts(self) -> list[Count]:
        """The batch's addends of the accounts: in = passed + rejected + failed + unfinished; out
        are records."""
        return [count(*key[:2], n, key[2]) for key, n in self._counts.items() if n]

    def table(self) -> pa.Table:
        """All references, as one table of RECORD_REF_SCHEMA; those of a task are neighbours."""
        return pa.concat_tables([RECORD_REF_SCHEMA.empty_table(), *self._refs])

    def packed_refs(self) -> Iterator[bytes]:
        """All references (RECORD_REF_SCHEMA), packed in elements of 4,096 rows, about 1 MB each;
        none where the batch gave no record."""
        return packed_slices(self.table(), _PACKED_ROWS)
