"""From a request to the JSON body of a call, as what was found out about the endpoint allows it.

Pure functions: calls one by one and files of batches have the same bodies.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from beam_synth.engines.base import Completion, Request
from beam_synth.engines.messages import Message, Renderer, as_text, messages_of

Json = dict[str, Any]
Form = Literal["json_schema", "json_object", "words"]
Dialect = Literal["", "vllm", "llamacpp"]  # of a server beyond what all endpoints share
FORMS: tuple[Form, ...] = ("json_schema", "json_object", "words")  # the strictest first
LIMITS = ("max_tokens", "max_completion_tokens")  # names of the bound on an answer's tokens
APIS = {"chat": "chat/completions", "completions": "completions"}


@dataclasses.dataclass(frozen=True)
class Asking:
    """How a job asks a model: what goes along with each of its requests."""

    model: str  # its name at the endpoint
    chats: bool = True  # whether the model is asked by messages, not by one text
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)  # vendor fields
    # vllm gives token ids where asked for them, which others may refuse; llamacpp counts one choice
    # of several, so that it is asked for all their tokens, remembers prompts, and answers to any
    # name of a model.
    dialect: Dialect = ""


@dataclasses.dataclass(frozen=True)
class Findings:
    """What was found out about an endpoint; the default is one that takes everything."""

    form: Form = "json_schema"  # in which a schema goes along
    many: bool = True  # whether it gives several answers a call
    # field of the request that it refuses -> what it said
    left_off: Mapping[str, str] = dataclasses.field(default_factory=dict)
    # field -> the name that it has for it
    renamed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    # ability that was tried -> why it lacks that; "" where it does not
    tried: Mapping[str, str] = dataclasses.field(default_factory=dict)


ALL = Findings()


def path_of(request: Request, asking: Asking) -> str:
    """Where a request goes, relative to the address: token ids always to the completions API."""
    chats = asking.chats and request.prompt_ids is None
    return APIS["chat" if chats else "completions"]


def payload(request: Request, asking: Asking, prompts: Renderer, findings: Findings = ALL) -> Json:
    """The body of a request.

    What the job says of sampling goes before extra fields, these before our own; null (None)
    removes a field, and so does what was found. `n` stands there only where several answers are
    wanted. Raises Refused as `Prompts.render`.
    """
    fields: Json = {"seed": request.seed}
    if request.n > 1 and findings.many:
        fields["n"] = request.n
    if request.prompt_ids is not None:
        # vLLM gives the ids of the answer when asked for them, llama.cpp with log-probabilities.
        fields |= {"return_token_ids": True, "logprobs": 1}
        if asking.dialect == "llamacpp":
            fields |= _llamacpp_fields(request, chats=False)
        return bare_payload(
            {"prompt": list(request.prompt_ids)}, asking, findings, fields, request.sampling
        )
    form = findings.form if request.schema is not None else "words"
    if request.schema is not None and form != "words":
        fields["response_format"] = response_format(request.schema, form)
    if request.logprobs:
        fields["logprobs"] = True if asking.chats else 1
        fields |= {"return_token_ids": True} if asking.dialect == "vllm" else {}
    if asking.dialect == "llamacpp":
        fields |= _llamacpp_fields(request, asking.chats)
    messages = messages_of(request, prompts, schema_in_words=form != "json_schema")
    return bare_payload(spoken(messages, asking), asking, findings, fields, request.sampling)


def _llamacpp_fields(request: Request, chats: bool) -> Json:
    """What llama.cpp needs beside what all endpoints do.

    A prompt that is read anew: with one that is partly remembered, the same seed gives other texts.
    Its usage counts one choice: of several it is asked for the tokens, which are counted then. One
    candidate a token is enough; twenty, which it gives by itself, are large.
    """
    fields: Json = {"cache_prompt": False}
    if request.logprobs or request.n > 1:
        fields |= {"logprobs": True, "top_logprobs": 1} if chats else {"logprobs": 1}
    return fields


def spoken(messages: Sequence[Message], asking: Asking) -> Json:
    """Messages as the field of the API that the model is asked by."""
    return {"messages": list(messages)} if asking.chats else {"prompt": as_text(messages)}


def bare_payload(
    prompt: Json,
    asking: Asking,
    findings: Findings,
    fields: Mapping[str, Any],
    sampling: Mapping[str, Any],
) -> Json:
    """A body of these parts, without what is null or was found to be refused.

    >>> found = Findings(left_off={"seed": "unknown"}, renamed={"max_tokens": "max_new"})
    >>> asking = Asking("a", extra={"top_k": None})
    >>> bare_payload({"prompt": "Yes?"}, asking, found, {"seed": 1, "top_k": 2}, {"max_tokens": 9})
    {'model': 'a', 'prompt': 'Yes?', 'max_new': 9}
    """
    merged = {"model": asking.model, **prompt, **fields, **asking.extra, **sampling}
    nulls = None in merged.values() or None in asking.extra.values()
    if not (nulls or findings.left_off or findings.renamed):
        return merged
    unwanted = {key for key, value in asking.extra.items() if value is None}
    return {
        findings.renamed.get(key, key): value
        for key, value in merged.items()
        if value is not None and key not in findings.left_off and key not in unwanted
    }


def sent_sampling(request: Request, sent: Mapping[str, Any], findings: Findings) -> Json | None:
    """The request's sampling as it was sent; None where that is as it was asked for.

    >>> request = Request("a", {}, sampling={"top_p": 0.9, "max_tokens": 9})
    >>> sent_sampling(request, {"top_p": 0.9}, Findings(left_off={"max_tokens": "unknown"}))
    {'top_p': 0.9}
    >>> sent_sampling(request, {"top_p": 0.9, "max_tokens": 9}, ALL) is None
    True
    """
    if not findings.left_off and not findings.renamed and request.sampling.keys() <= sent.keys():
        return None
    names = [(key, findings.renamed.get(key, key)) for key in request.sampling]
    if all(key == name and name in sent for key, name in names):
        return None
    return {name: sent[name] for _, name in names if name in sent}


def as_sent(
    completions: list[Completion], request: Request, sent: Mapping[str, Any], findings: Findings
) -> list[Completion]:
    """The completions with the sampling that was sent, where it is not what was asked for."""
    realised = sent_sampling(request, sent, findings)
    if realised is None:
        return completions
    return [dataclasses.replace(each, sampling=realised) for each in completions]


def response_format(schema: Mapping[str, Any], form: Form) -> Json:
    """The field that asks for an answer of that form."""
    if form == "json_object":
        return {"type": "json_object"}
    named = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}
