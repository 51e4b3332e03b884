"""What judges said, as addends that batches send and `dataset.judging_report` sums up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from beam_synth.records import Outcome

PREFIX = "judging."  # of the keys, apart from those of calls


def judging_figures(outcomes: Iterable[Outcome]) -> Counter[str]:
    """Addends of verdicts; names within a key are parted by "|".

    - `judging.said|role|method|said`: of samples that passed all checks
    - `judging.failed|role|question`: questions that were answered with no, of the same
    - `judging.orders|role|answer answer`: questions by what was answered in each order, of the same
    - `judging.words|role|alike` and `...|differ`: of samples, whether every question was answered
      alike in both orders; `...|one_reason`: words with one reason for all of their questions
    - `judging.both|said|said`: what judge and auditor said of one sample
    - `judging.formal|passed|said` and `judging.formal|failed|said`: what the judge said, of the
      tasks whose failed checks were noted, by whether all checks passed
    """
    sums: Counter[str] = Counter()
    for outcome in outcomes:
        before = None
        for verdict in outcome.verdicts:
            role, said = verdict["role"], verdict["said"]
            if verdict["formal"]:
                sums[f"{PREFIX}said|{role}|{outcome.method}|{said}"] += 1
                sums.update(f"{PREFIX}failed|{role}|{name}" for name in verdict["failed"])
                sums.update(_order_figures(verdict))
            if role == "auditor":
                sums[f"{PREFIX}both|{before}|{said}"] += 1
            elif verdict["noted"]:
                formal = "passed" if verdict["formal"] else "failed"
                sums[f"{PREFIX}formal|{formal}|{said}"] += 1
            before = said
    return sums


def _order_figures(verdict: Mapping[str, Any]) -> Counter[str]:
    """Addends of what one verdict says in each order; none where it had no two words."""
    role, orders = verdict["role"], verdict.get("orders", {})
    sums = Counter({f"{PREFIX}orders|{role}|{answers}": n for answers, n in orders.items()})
    if orders:
        alike = all(len(set(answers.split())) == 1 for answers in orders)
        sums[f"{PREFIX}words|{role}|{'alike' if alike else 'differ'}"] += 1
        sums[f"{PREFIX}words|{role}|one_reason"] += verdict["one_reason"]
    return +sums
