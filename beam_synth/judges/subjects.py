"""What a judge is shown of a sample, by its method's rubric: the sample and what it was made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from beam_synth.judges.rubrics import GENERAL, RUBRICS, Subject, rubric_of
from beam_synth.materials.problems import Instance, problem_of
from beam_synth.materials.problems.sampling import question_of, solution_of
from beam_synth.records import Passage, Sample

_Shown = dict[str, Any]
_FAULTS = (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError)


def subject_of(sample: Sample, method: str, passages: Sequence[Passage] = ()) -> Subject:
    """What a judge is shown of a sample.

    Args:
        sample: as its method made it.
        method: by its name in the job.
        passages: those that its task had; the ones that are among the sample's seeds are shown, in
            that order, with what the sample itself holds of its seed.

    A sample whose constraints are not those of its method's (a method of yours may have any) gets
    the general rubric.
    """
    rubric = rubric_of(method)
    variables = _common(sample)
    material = _material(sample, passages)
    try:
        variables |= _OWN[rubric](sample)
    except _FAULTS:
        rubric = GENERAL
    if rubric == GENERAL:
        variables |= _general(sample)
    questions = tuple(name for name in RUBRICS[rubric] if _applies(name, variables))
    variables["material"] = material
    return Subject(rubric, questions, variables, {"material": material[::-1]})


def _common(sample: Sample) -> _Shown:
    return {
        "language": sample.language,
        "turns": [dict(turn) for turn in sample.messages[:-1]],
        "reasoning": sample.reasoning,
        "answer": sample.answer,
    }


def _material(sample: Sample, passages: Sequence[Passage]) -> list[dict[str, str]]:
    """Title and text of what the sample rests on and its turns do not show, each text once."""
    shown = "\n".join(turn["content"] for turn in sample.messages[:-1])
    texts = {text: title for title, text in _texts(sample, passages) if text not in shown}
    return [{"title": title, "text": text} for text, title in texts.items()]


def _texts(sample: Sample, passages: Sequence[Passage]) -> Iterator[tuple[str, str]]:
    """(title, text) of the sample's seed, then of those of the passages that are its seeds."""
    if sample.query_seed_text:
        yield str(sample.seeds[0].get("title") or ""), sample.query_seed_text
    hashes = {seed.get("text_sha256") for seed in sample.seeds}
    for passage in passages:
        if hashlib.sha256(passage.text.encode("utf-8", "replace")).hexdigest() in hashes:
            yield passage.title, passage.text


def _applies(question: str, variables: Mapping[str, Any]) -> bool:
    """Whether a sample has what a question is about: a trace, a genre, a tone."""
    if question.startswith("trace_"):
        return bool(variables["reasoning"])
    needs = {"genre_kept": "genre", "tone_kept": "tone"}.get(question)
    return needs is None or bool(variables[needs])


# ---------------------------------------------------------------- by rubric


def _asked(sample: Sample) -> _Shown:
    drawn = sample.constraints
    return {"result": str(drawn["query_result"]), "focus": str(drawn["focus"])}


def _cited(sample: Sample) -> _Shown:
    prompt = sample.messages[0]["content"]
    return {**_asked(sample), "withheld": sample.query_seed_text not in prompt}


def _choice(sample: Sample) -> _Shown:
    drawn = sample.constraints
    right = str(list(drawn["options"])[drawn["key"]])
    return {"focus": str(drawn["focus"]), "right": right}


def _problem(sample: Sample) -> _Shown:
    drawn = sample.constraints
    values = {name: _value(text) for name, text in drawn["values"].items()}
    instance = Instance(problem_of(drawn["problem"]), sample.language, values)
    return {"problem": question_of(instance), "solution": solution_of(instance)}


def _value(text: str) -> Any:
    """A value as it stands in a row: numbers as "12" or "3/4", names as they are."""
    return Fraction(text) if text[:1].isdigit() or text[:1] == "-" else text


def _edit(sample: Sample) -> _Shown:
    drawn = sample.constraints
    return {
        "chosen": str(drawn["chosen_task"]),
        "why_chosen": str(drawn["reason"]),
        "offered": [str(offer["task"]) for offer in drawn["offered"]],
        "errors": len(drawn["errors"]),
    }


def _creative(sample: Sample) -> _Shown:
    drawn = sample.constraints
    return {"genre": str(drawn["genre"]), "tone": str(drawn["tone"]), **_constrained(sample)}


def _constrained(sample: Sample) -> _Shown:
    return {"constraints": [dict(each) for each in sample.constraints["constraints"]]}


def _conversation(sample: Sample) -> _Shown:
    kinds = [str(kind) for kind in sample.constraints["kinds"]]
    return {"kinds": kinds, "earlier": len(sample.messages) - 2 * len(kinds)}


def _general(sample: Sample) -> _Shown:
    return {
        "exercise": sample.exercise,
        "constraints": [dict(item) for item in sample.constraint_list],
    }


_OWN: dict[str, Callable[[Sample], _Shown]] = {
    "memorization": _asked,
    "rag": _cited,
    "mcq": _choice,
    "arithmetic": _problem,
    "editing": _edit,
    "creative_writing": _creative,
    "constrained_writing": _constrained,
    "multi_turn": _conversation,
    GENERAL: _general,
}
