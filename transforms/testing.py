"""Run one transform on lists and look at what it gives: for tests, ours and users'.

>>> from beam_synth.records import RECORD_REF_SCHEMA, pack
>>> from transforms.deduplicate import DeduplicateExact
>>> applied = run_transform(DeduplicateExact(), [pack(RECORD_REF_SCHEMA.empty_table())])
>>> applied.out, applied.rejects
([], [])
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import apache_beam as beam

from beam_synth.dataset import accounts
from beam_synth.records import Count, Reject
from transforms.accounting import Stage

# What pipelines of this process have collected, by the key of each list: the runner's worker is a
# thread of this process, but gets a copy of every DoFn.
_COLLECTED: dict[str, list[Any]] = {}


class Applied(NamedTuple):
    """What a transform gave, in no order that can be relied on."""

    out: list[Any]  # its elements
    rejects: list[Reject]  # rejected and failed
    counts: Counter[tuple[str, str, str]]  # by (stage, kind, reason), summed
    extra: dict[str, list[Any]]  # by the output's name, such as "metrics"

    def reasons(self) -> dict[str, int]:
        """How many records were turned down for each reason."""
        return dict(Counter(record.reason for record in self.rejects))


def run_transform(
    transform: beam.PTransform | Callable[[Any], Stage],
    elements: Iterable[Any] | None = None,
    *,
    balanced: bool = True,
) -> Applied:
    """Apply a transform that makes a Stage to a list of elements, on the local runner.

    `transform` may be a function of a PCollection, for a transform with further inputs. Without
    elements it goes to the pipeline itself, as a source is. Raises Fault where the stage's
    accounts do not hold (in = passed + rejected + failed, a record for each one turned down),
    unless `balanced` is False.
    """
    key = uuid.uuid4().hex
    with beam.Pipeline(
        "FnApiRunner", options=beam.options.pipeline_options.PipelineOptions([])
    ) as pipeline:
        source = (
            pipeline if elements is None else pipeline | "Elements" >> beam.Create(list(elements))
        )
        is_transform = isinstance(transform, beam.PTransform)
        stage: Stage = source | transform if is_transform else transform(source)
        rejects = stage.rejects | "EveryReject" >> beam.Flatten()
        outputs = {"out": stage.out, "rejects": rejects, "counts": stage.counts}
        for name, collection in {**outputs, **stage.extra}.items():
            collect(collection, f"{key}:{name}")
    elements_of = {name: collected(f"{key}:{name}") for name in (*outputs, *stage.extra)}
    applied = Applied(
        elements_of["out"],
        elements_of["rejects"],
        summed(elements_of["counts"]),
        {name: elements_of[name] for name in stage.extra},
    )
    if balanced:
        check_balance(stage, applied)
    return applied


def collect(elements: beam.PCollection[Any], key: str) -> None:
    """Have the elements kept under a key while the pipeline runs."""
    _COLLECTED[key] = []
    _ = elements | f"Collect {key}" >> beam.Map(_keep, key)


def collected(key: str) -> list[Any]:
    """The elements that were kept under a key, in no order; they are forgotten then."""
    return _COLLECTED.pop(key)


def _keep(element: Any, key: str) -> None:
    _COLLECTED[key].append(element)


def summed(counts: Iterable[Count]) -> Counter[tuple[str, str, str]]:
    """Addends of accounts, summed by stage, kind and reason.

    >>> dict(summed([(("Read", "in", ""), 2), (("Read", "in", ""), 3)]))
    {('Read', 'in', ''): 5}
    """
    total: Counter[tuple[str, str, str]] = Counter()
    for key, n in counts:
        total.update({key: n})
    return total


def check_balance(stage: Stage, applied: Applied) -> None:
    """Raise Fault where the stage's own accounts do not hold."""
    inner = {link.name for link in stage.links}
    links = [
        accounts.StageLink(link.name, tuple(name for name in link.reads if name in inner))
        for link in stage.links
    ]
    held = accounts.accounts(links, applied.counts.items())
    accounts.check(held)
    parts = Counter((record.stage, record.kind) for record in applied.rejects)
    accounts.check_rejects(held, ((*key, n) for key, n in parts.items()))
