"""What is found out about an endpoint: out of its errors, kept between starts, and told.

What was found stands in a run beside its job: it says how to ask, never what, and no secret.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import orjson

from beam_synth.engines.chat_payloads import FORMS, Findings
from beam_synth.engines.complaints import Complaint, complaint
from beam_synth.errors import EngineError

_SHOWN = 160  # characters of what an endpoint said
# Without these a request to go on from tokens has no use for its answer.
_NEEDED_BY_IDS = {"logprobs", "return_token_ids"}
_FOLLOWS = {  # field -> what follows where it is left off
    "seed": "a rerun with the same seed gives other texts",
    "stop": "answers may go on behind what should end them",
    "max_tokens": "nothing but the model's own limit bounds an answer",
    "max_completion_tokens": "nothing but the model's own limit bounds an answer",
    "logprobs": "methods that need log-probabilities are refused",
    "return_token_ids": "methods that go on from tokens are refused",
    "chat_template_kwargs": "the chat template has its own defaults",
}
_ABILITIES = {"schema": "the schema goes into the prompt, answers are checked"}
_SAMPLES = ("temperature", "top_p", "top_k", "min_p", "presence_penalty", "frequency_penalty")
FOLLOWS: Mapping[str, str] = {
    **dict.fromkeys(_SAMPLES, "the model samples by its own default"),
    **_FOLLOWS,
}


def adapted(findings: Findings, error: EngineError, sent: Mapping[str, Any]) -> Findings | None:
    """The findings with which a refused request can be sent again.

    `sent` is the body that was refused. None where the error says nothing of a field, or where only
    whoever wrote the job can mend it.
    """
    found = complaint(error.told, sent) if error.told is not None else None
    if found is None or (found.kind == "range" and found.field != "seed"):
        return None
    if found.field in _NEEDED_BY_IDS and isinstance(sent.get("prompt"), list):
        return None
    return _with(findings, found, str(error)[:_SHOWN])


def _with(findings: Findings, found: Complaint, why: str) -> Findings | None:
    tried, field = findings.tried, _own_name(findings, found.field)
    if found.kind == "form":
        weaker = FORMS[FORMS.index(found.instead or findings.form) + (not found.instead) :]
        if not weaker:
            return None
        known = {"schema": why, **tried} if tried.get("schema") else {**tried, "schema": why}
        return dataclasses.replace(findings, form=weaker[0], tried=known)
    if found.kind == "many":
        return dataclasses.replace(findings, many=False, tried={**tried, "n": why})
    if found.kind == "renamed" and field not in findings.renamed:
        renamed = {**findings.renamed, field: found.instead}
        return dataclasses.replace(findings, renamed=renamed)
    return left_off(findings, field, why)


def _own_name(findings: Findings, sent: str) -> str:
    """Our name of a field that was sent under the endpoint's."""
    return next((own for own, name in findings.renamed.items() if name == sent), sent)


def left_off(findings: Findings, field: str, why: str) -> Findings:
    """The findings, and a field that the endpoint refuses."""
    return dataclasses.replace(findings, left_off={**findings.left_off, field: why[:_SHOWN]})


def joined(one: Findings, other: Findings) -> Findings:
    """What both know, where several calls or workers found something: the more careful of each.

    >>> joined(Findings(form="words"), Findings(many=False))
    Findings(form='words', many=False, left_off={}, renamed={}, tried={})
    """
    tried = {**one.tried, **other.tried}
    tried |= {ability: why for ability, why in one.tried.items() if why}
    return Findings(
        form=max(one.form, other.form, key=FORMS.index),
        many=one.many and other.many,
        left_off={**one.left_off, **other.left_off},
        renamed={**one.renamed, **other.renamed},
        tried=tried,
    )


# ---------------------------------------------------------------- kept


def encode_findings(model: str, findings: Findings) -> bytes:
    """A file of what was found out about a model's endpoint."""
    data = {"model": model, **dataclasses.asdict(findings)}
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def decode_findings(data: bytes) -> tuple[str, Findings] | None:
    """The model's name and what was found; None for a file that holds something else, as another
    version may have written it: the endpoint is asked anew then."""
    try:
        fields = orjson.loads(data)
        name = fields.pop("model")
        found = Findings(**fields)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return None
    mappings = (found.left_off, found.renamed, found.tried)
    whole = found.form in FORMS and all(isinstance(item, dict) for item in mappings)
    return (str(name), found) if whole else None


# ---------------------------------------------------------------- told


def told_lines(findings: Findings) -> list[str]:
    """What is left off or sent under another name, and what follows; a line each.

    >>> told_lines(Findings(left_off={"seed": "unknown"}, renamed={"max_tokens": "max_new"}))
    ['seed: left off (unknown); a rerun with the same seed gives other texts', \
'max_tokens: sent as max_new']
    """
    lines = [
        f"{field}: left off ({why}); {follows(field)}" for field, why in findings.left_off.items()
    ]
    return [*lines, *(f"{own}: sent as {name}" for own, name in findings.renamed.items())]


def warning_of(model: str, findings: Findings) -> str:
    """One line about all that an endpoint was not sent because it refuses it; "" for nothing.

    >>> warning_of("a", Findings(left_off={"seed": "unknown"}))
    'the endpoint of a takes no seed, left off: a rerun with the same seed gives other texts'
    >>> warning_of("a", Findings())
    ''
    """
    parts = [f"no {field}, left off: {follows(field)}" for field in findings.left_off]
    if findings.tried.get("schema"):
        parts.append(
            f"no structured output by schema ({findings.tried['schema']}): {_ABILITIES['schema']}"
        )
    return f"the endpoint of {model} takes {'; '.join(parts)}" if parts else ""


def follows(field: str) -> str:
    """What follows where a field is left off."""
    return FOLLOWS.get(field, "the endpoint does without it")
