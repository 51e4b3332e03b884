"""What `check` and `run` say of a job's judges, and `status` of what they said."""

from __future__ import annotations

import orjson

from beam_synth.dataset.judging_doubts import judging_doubts
from beam_synth.generation.who_judges import judged_methods, judging_of, who_judges_job
from beam_synth.job.schema import Job
from beam_synth.judges.rubrics import RUBRICS, rubric_of
from beam_synth.judges.verdicts import AUDITOR, CALLS, JUDGE
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder


def judge_lines(job: Job) -> list[str]:
    """Who looks at the samples, at how many, and what is asked; or why nobody does."""
    by = who_judges_job(job)
    judging = judging_of(job)
    if judging is None:
        return [f"judge: nobody; {_WHY_NOBODY[by]}"]
    model = job.model(judging.by)
    asked = ", ".join(f"{name} {len(RUBRICS[rubric_of(name)])}" for name in judged_methods(job))
    name = f"{model.engine} {model.model}".strip() + " (the generator)" * (by == "generator")
    lines = [
        f"judge: {name}: looks at every sample that passes the checks, {CALLS} calls each; "
        f"questions by method: {asked}"
    ]
    if judging.share:
        lines.append(
            f"judge: in {judging.share:.0%} of the tasks (audit) it is asked about samples that "
            "fail a check, too, so that the report tells how far both agree"
        )
    if judging.audited:
        auditor = job.model("auditor")
        lines.append(
            f"auditor: {auditor.engine} {auditor.model}: looks at {judging.share:.0%} of what the "
            f"judge looks at (audit), {CALLS} calls each"
        )
    return lines


_WHY_NOBODY = {
    "off": "the job says so (judge: off)",
    "nobody": "the job names no model for it; judge: on asks the generator, models.judge another",
    "rules": "rules write the samples, and judge none",
}


def judge_warnings(job: Job) -> list[str]:
    """A warning where a model judges what it wrote itself."""
    if who_judges_job(job) != "generator":
        return []
    return [
        "warning: judge: the generator judges what it wrote itself, and models find their own "
        "texts better than they are; name another one, --set models.judge='{engine: …, model: …}', "
        "or nobody, --set judge=off"
    ]


def judged_lines(path: str) -> list[str]:
    """What the judges of a finished run let pass, and what makes their word doubtful; nothing where
    nobody judged."""
    try:
        judging = orjson.loads(RunFolder(path).read(layout.METRICS)).get("judging", {})
    except FileNotFoundError:
        return []
    doubts = judging_doubts(judging)
    lines = [
        f"the {role} let {judging[role]['passes']:,} of {judging[role]['asked']:,} samples pass"
        for role in (JUDGE, AUDITOR)
        if role in judging
    ]
    lines = [line for line in lines if not any(doubt.startswith(line) for doubt in doubts)]
    return [*lines, *(f"warning: {line}" for line in doubts)]
