"""Who judges the samples of a job: a model of its own, the generator itself, or nobody, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal, NamedTuple

from beam_synth.generation.engine_registry import RULES
from beam_synth.job.schema import Job
from beam_synth.judges.rubrics import rubric_of, template_of
from beam_synth.judges.subject_examples import EXAMPLES
from beam_synth.methods.loading import load_method
from beam_synth.records import SAMPLES

# judge: the model of that role. generator: the model that writes. Nobody: off, as the job says;
# nobody, since the job names none; rules, which write the samples and of which nothing is asked.
Judges = Literal["judge", "generator", "off", "nobody", "rules"]


class Judging(NamedTuple):
    """That the samples of a run are judged, and how."""

    by: Literal["judge", "generator"]
    audited: bool = False  # whether a second model, the role `auditor`, looks at a share of them
    share: float = 0.0  # of the samples for the auditor; of the tasks whose failed checks are noted


def who_judges(judge: bool | None, roles: Collection[str], engines: Collection[str]) -> Judges:
    """Who judges the samples of a job.

    Args:
        judge: the job's key.
        roles: that the job names a model for.
        engines: of the generator, or of its pool.

    >>> who_judges(True, ["generator"], ["openai"]), who_judges(True, [], ["extractive"])
    ('generator', 'rules')
    >>> who_judges(None, ["judge"], ["extractive"]), who_judges(False, ["judge"], ["openai"])
    ('judge', 'off')
    """
    if judge is False:
        return "off"
    if "judge" in roles:
        return "judge"
    if all(engine in RULES for engine in engines):
        return "rules"
    return "generator" if judge else "nobody"


def who_judges_job(job: Job) -> Judges:
    """Who judges the samples of this job."""
    return who_judges(job.judge, job.models, [model.engine for model in job.pool("generator")])


def who_judged(job: Mapping[str, Any]) -> Judges:
    """Who judged the samples of a job as a manifest describes it."""
    models = job.get("models", {})
    generator = models.get("generator", {"engine": "extractive"})
    engines = [model["engine"] for model in generator.get("pool", [generator])]
    return who_judges(job.get("judge"), models, engines)


def judging_of(job: Job) -> Judging | None:
    """How the samples of a job are judged; None where nobody is asked."""
    by = who_judges_job(job)
    if by not in ("judge", "generator"):
        return None
    return Judging(by, "auditor" in job.models, job.audit)


def judged_methods(job: Job) -> list[str]:
    """The methods of a job whose records a judge looks at: those that make samples."""
    if judging_of(job) is None:
        return []
    return [name for name in sorted(job.mixture) if load_method(name).makes.name == SAMPLES.name]


def judge_templates(job: Job) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """The templates that judges are asked with, each with examples of its variables."""
    rubrics = dict.fromkeys(rubric_of(name) for name in judged_methods(job))
    if rubrics:
        rubrics["general"] = None  # for samples that are not of their method's usual form
    return {template_of(rubric): EXAMPLES[rubric] for rubric in rubrics}
