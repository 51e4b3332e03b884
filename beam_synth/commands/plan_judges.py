"""What `plan` says of a job's judges: their calls and tokens, and what they take at worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from beam_synth.commands.plan_trial import Calls
from beam_synth.generation.calls import Policy
from beam_synth.generation.who_judges import judged_methods, judging_of
from beam_synth.job.schema import Job
from beam_synth.judges.verdicts import CALLS


def planned_judges(job: Job, planned: Mapping[str, float], calls: Calls) -> dict[str, list[float]]:
    """Calls, tokens in and out of the judge, and of the auditor, if every task comes before them;
    that each takes as long as those that were tried."""
    judging, tried = judging_of(job), calls.judged.total()
    if judging is None or not tried:
        return {}
    samples = sum(planned[name] for name in judged_methods(job))
    row = [CALLS * samples, 0.0, 0.0]
    for name in judged_methods(job):
        of = [name] if calls.judged[name] else list(calls.judged)  # none was tried: as the others
        n = sum(calls.judged[each] for each in of)
        tokens = (calls.judge_prompt_tokens, calls.judge_completion_tokens)
        for i, counted in enumerate(tokens, 1):
            row[i] += CALLS * planned[name] * sum(counted[each] for each in of) / n
    found = {"judge": row}
    if judging.audited:
        found["auditor"] = [judging.share * each for each in row]
    return found


def at_worst(job: Job, judges: Mapping[str, Sequence[float]]) -> list[str]:
    """How many calls judges take if every word of theirs goes back as often as one may; a word
    that cannot be read the first time is not asked for a second time."""
    usual = sum(row[0] for row in judges.values())
    if not usual:
        return []
    most = usual * (1 + Policy().malformed + job.generate.retry_cut)
    cut = " and cut off" if job.generate.retry_cut else ""
    return [
        f"  at most {most:,.0f} calls of judges if every word went back as unreadable, "
        f"{Policy().malformed} times{cut}"
    ]
