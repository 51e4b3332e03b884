"""What services say of a field that they refuse, in the shapes of their public documentation."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from beam_synth.engines.chat_payloads import Findings
from beam_synth.engines.complaints import Complaint, complaint
from beam_synth.engines.findings import (
    adapted,
    decode_findings,
    encode_findings,
    joined,
    warning_of,
)
from beam_synth.engines.refusals import refusal
from beam_synth.errors import EngineError, Transient

SENT = [
    *("model", "messages", "seed", "n", "response_format", "max_tokens", "temperature", "top_p"),
    *("stop", "logprobs", "top_k", "chat_template_kwargs", "frequency_penalty", "reasoning_effort"),
]


def openai(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def forbidden(field: str) -> dict[str, Any]:
    msg = "Extra inputs are not permitted"
    return {"detail": [{"type": "extra_forbidden", "loc": ["body", field], "msg": msg, "input": 7}]}


REFUSED: list[tuple[str, int, Any, str]] = [
    ("openai", 400, openai("Unrecognized request argument supplied: seed"), "seed"),
    ("openai", 400, openai("Unknown parameter: 'top_k'.", "unknown_parameter", "top_k"), "top_k"),
    (
        "openai",
        400,
        openai(
            "Unsupported value: 'temperature' does not support 0.2 with this model. Only the "
            "default (1) value is supported.",
            "unsupported_value",
            "temperature",
        ),
        "temperature",
    ),
    (
        "openai",
        400,
        openai(
            "Unsupported parameter: 'stop' is not supported with this model.",
            "unsupported_parameter",
            "stop",
        ),
        "stop",
    ),
    ("azure", 400, openai("Unrecognized request argument supplied: logprobs"), "logprobs"),
    (
        "gemini",
        400,
        [
            {
                "error": {
                    "code": 400,
                    "message": 'Invalid JSON payload received. Unknown name "seed": Cannot find '
                    "field.",
                    "status": "INVALID_ARGUMENT",
                }
            }
        ],
        "seed",
    ),
    ("fastapi", 422, forbidden("seed"), "seed"),
    ("mistral", 422, {"object": "error", "message": forbidden("seed"), "type": "x"}, "seed"),
    (
        "vllm",
        400,
        {
            "object": "error",
            "message": "[{'type': 'extra_forbidden', 'loc': ('body', 'top_k'), 'msg': 'Extra inputs"
            " are not permitted', 'input': 5}]",
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        },
        "top_k",
    ),
    (
        "tgi",
        422,
        {
            "error": "Failed to deserialize the JSON body into the target type: unknown field "
            "`seed`, expected one of `model`, `messages`, `temperature`, `top_p`, `stop`",
            "error_type": "validation",
        },
        "seed",
    ),
    ("groq", 400, openai("property 'logprobs' is unsupported"), "logprobs"),
    (
        "together",
        400,
        openai("The seed parameter is not supported for this model", "invalid", "seed"),
        "seed",
    ),
    (
        "xai",
        400,
        {
            "code": "Client specified an invalid argument",
            "error": "Model grok-4 does not support parameter frequencyPenalty.",
        },
        "frequency_penalty",
    ),
    ("fireworks", 400, openai("Extra inputs are not permitted, field: 'seed', value: 7"), "seed"),
    (
        "bedrock",
        400,
        {"message": "Malformed input request: #: extraneous key [seed] is not permitted"},
        "seed",
    ),
    (
        "bedrock",
        400,
        {"message": "`temperature` and `top_p` cannot both be specified for this model."},
        "top_p",
    ),
    ("anthropic", 400, openai("top_k: Extra inputs are not permitted"), "top_k"),
    ("ollama", 400, openai('json: unknown field "chat_template_kwargs"'), "chat_template_kwargs"),
    ("lm studio", 400, {"error": "'seed' is not supported"}, "seed"),
    (
        "moonshot",
        400,
        openai("invalid temperature: only 1 is allowed for this model"),
        "temperature",
    ),
    (
        "anthropic",
        400,
        openai("`temperature` may only be set to 1 when thinking is enabled."),
        "temperature",
    ),
    ("python", 500, openai("create() got an unexpected keyword argument 'seed'"), "seed"),
]


@pytest.mark.parametrize(("status", "body", "field"), [case[1:] for case in REFUSED])
def test_a_field_that_a_service_does_not_take_is_left_off(
    status: int, body: Any, field: str
) -> None:
    error = refusal(status, None, body)
    sent = dict.fromkeys(SENT, 1)
    assert complaint(error.told, sent) == Complaint(field, "refused")
    found = adapted(Findings(), error, sent)
    assert found is not None and found.left_off.keys() == {field}
    del sent[field]  # nothing more is found in the same words
    again = complaint(error.told, sent)
    assert again is None or again.field != field


RANGE: list[tuple[Any, str]] = [
    (openai("temperature must be at most 1", "invalid_value", "temperature"), "temperature"),
    (
        openai(
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3.",
            "decimal_above_max_value",
            "temperature",
        ),
        "temperature",
    ),
    (
        openai(
            "max_tokens is too large: 100000. This model supports at most 16384 completion tokens, "
            "whereas you provided 100000.",
            "invalid_value",
            "max_tokens",
        ),
        "max_tokens",
    ),
    (openai("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]"), "max_tokens"),
    (openai("temperature: range: 0..1"), "temperature"),
    (
        {
            "detail": [
                {
                    "type": "less_than_equal",
                    "loc": ["body", "temperature"],
                    "msg": "Input should be less than or equal to 1.5",
                }
            ]
        },
        "temperature",
    ),
    (
        {"error": "Input validation error: `top_p` must be > 0.0 and < 1.0", "error_type": "x"},
        "top_p",
    ),
    (
        openai(
            "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. "
            "Supported values are: 'low', 'medium', and 'high'.",
            "unsupported_value",
            "reasoning_effort",
        ),
        "reasoning_effort",
    ),
]


@pytest.mark.parametrize(("body", "field"), RANGE)
def test_a_value_out_of_range_is_no_unknown_field(body: Any, field: str) -> None:
    error = refusal(400, None, body)
    sent = dict.fromkeys(SENT, 1)
    assert complaint(error.told, sent) == Complaint(field, "range")
    assert adapted(Findings(), error, sent) is None


def test_the_limit_of_tokens_has_two_names() -> None:
    body = openai(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
        "'max_completion_tokens' instead.",
        "unsupported_parameter",
        "max_tokens",
    )
    error = refusal(400, None, body)
    sent = dict.fromkeys(SENT, 1)
    assert complaint(error.told, sent) == Complaint(
        "max_tokens", "renamed", "max_completion_tokens"
    )
    both = {**sent, "max_completion_tokens": 1}
    said = openai("Setting 'max_tokens' and 'max_completion_tokens' at once is not supported.")
    error = refusal(400, None, said)
    assert complaint(error.told, both) == Complaint("max_tokens", "refused")


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("This model does not support response format `json_schema`. See the list.", "json_object"),
        ("This response_format type is unavailable now", "json_object"),
        ("'response_format.type' must be 'json_object' or 'text'", "json_object"),
        ("unknown field response_format", "words"),
        ("response_format: Extra inputs are not permitted", "words"),
        ("failed to parse grammar", "words"),
        ("Invalid schema for response_format 'answer': 'minItems' is not permitted.", "words"),
    ],
)
def test_the_form_of_structured_output(said: str, form: str) -> None:
    error = refusal(400, None, openai(said))
    found = adapted(Findings(), error, dict.fromkeys(SENT, 1))
    assert found is not None and found.form == form and found.tried["schema"]


@pytest.mark.parametrize(
    "said",
    [
        "Only one completion choice is allowed",
        "'n' : number must be at most 1 with this model",
        "Multiple candidates is not enabled for this model",
    ],
)
def test_one_answer_a_call(said: str) -> None:
    found = adapted(Findings(), refusal(400, None, openai(said)), dict.fromkeys(SENT, 1))
    assert found is not None and not found.many and not found.left_off


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (429, "Rate limit: seed is not supported right now"),
        (401, "invalid key: seed not allowed"),
        (402, "temperature is not supported without credit"),
        (503, "unsupported: seed"),
        (400, "The server had an error while processing your request"),
        (400, "I stop here: the request is not supported"),
        (400, "messages: at least one message is required"),
    ],
)
def test_what_is_about_no_field(status: int, said: str) -> None:
    error = refusal(status, None, openai(said))
    assert adapted(Findings(), error, dict.fromkeys(SENT, 1)) is None


def test_what_was_told_goes_between_processes() -> None:
    for status in (400, 503):
        error = refusal(status, "2", openai("Unknown parameter: 'seed'.", "unknown", "seed"))
        other: EngineError = pickle.loads(pickle.dumps(error))
        assert (type(other), str(other), other.told) == (type(error), str(error), error.told)
        assert other.told.param == "seed" and other.told.status == status
        assert not isinstance(other, Transient) or other.retry_after == 2.0
    assert pickle.loads(pickle.dumps(Transient("a", 1.0))).retry_after == 1.0


def test_findings_are_kept_and_joined() -> None:
    one = Findings(left_off={"seed": "no"}, renamed={"max_tokens": "max_completion_tokens"})
    assert decode_findings(encode_findings("a", one)) == ("a", one)
    for damaged in (
        b"",
        b"{}",
        b"[1]",
        b'{"model": "a", "form": "verse"}',
        b'{"model": 1, "b": 2}',
    ):
        assert decode_findings(damaged) is None
    both = joined(one, Findings(form="words", many=False, tried={"schema": "no", "n": "no"}))
    assert (both.form, both.many, both.left_off) == ("words", False, {"seed": "no"})
    assert both == joined(both, one) == joined(one, both)
    assert "no seed" in warning_of("a", both) and "by schema" in warning_of("a", both)
    assert warning_of("a", Findings(renamed={"max_tokens": "b"}, many=False)) == ""
