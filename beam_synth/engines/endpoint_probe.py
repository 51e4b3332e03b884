"""Whether an endpoint serves a job as it stands, and how it has to be asked: by one short answer.

What is certain refuses the job; what may pass (load, money, a fault of the service) is a doubt,
with which a run begins and `check` does not.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson

from beam_synth.engines import endpoint_places
from beam_synth.engines.base import Completion, Request
from beam_synth.engines.chat_payloads import FORMS, LIMITS, Findings, Json, payload
from beam_synth.engines.complaints import complaint
from beam_synth.engines.endpoint_places import Listed
from beam_synth.engines.endpoint_trials import TriedEngine
from beam_synth.engines.findings import left_off
from beam_synth.engines.messages import SAY_YES, YES_OR_NO
from beam_synth.errors import EngineError, Permanent, Refused, TooLong, Transient, nearest

_LIMIT = 256  # tokens of the answer, where the job sets none
_SECONDS = 120.0  # for an answer; a model may have to be loaded first
_WAITS = (0.5, 1.5)  # seconds before the second try and the third
_LONGEST_WAIT = 5.0  # seconds, whatever the endpoint asks for
_SHOWN = 300  # characters of what an endpoint said


class Probed(NamedTuple):
    """What came of it."""

    line: str  # to show
    doubt: str | None = None  # why the endpoint gave no answer now; None where it gave one


async def probed(engine: TriedEngine, asks: bool = True) -> Probed:
    """Look for the model at every address and, where `asks`, have it answer once, from which the
    engine learns how to ask. Raises Refused for what another try would meet again."""
    lists = [await endpoint_places.models_at(engine.client, url) for url in engine.client.urls]
    seen = min(lists, key=lambda listed: listed.has(engine.name) is not False)
    doubt = await _doubt(engine, seen) if asks else None
    if doubt is not None:
        return Probed(f"a plain call fails now: {doubt}", doubt)
    if engine.asking.dialect == "llamacpp" and seen.has(engine.name) is False:
        names = seen.names or ()
        raise Refused(
            f"the server {engine.client.urls[0]} has no model {engine.name!r}"
            f"{nearest(engine.name, names)}; it has {', '.join(names)}, and would answer as that"
        )
    return Probed(_line(engine.name, seen))


def _line(name: str, seen: Listed) -> str:
    has = seen.has(name)
    if has is None:
        return "answers, lists no models"
    if has:
        return "answers, has the model"
    close = nearest(name, seen.names or ())
    return f"answers as {name!r}, which it does not list{close}: warning, it may be an alias"


async def _doubt(engine: TriedEngine, seen: Listed) -> str | None:
    """Why the endpoint gives no answer now; None where it does."""
    try:
        try:
            await _answer(engine)
        except Permanent as error:
            await _refuse_certain(engine, seen, error)
            if type(error) is not Permanent:
                raise
            await _find_culprits(engine, error)
            await _answer(engine)
    except EngineError as error:
        await _refuse_certain(engine, seen, error)
        return str(error)[:_SHOWN]
    return None


# ---------------------------------------------------------------- an answer


async def _answer(engine: TriedEngine) -> None:
    """Have the endpoint answer as the job will ask, and find the form that keeps a schema."""
    first = await _tried(engine, 1)
    if not engine.structured or engine.findings.form == "words" or _keeps(first):
        return
    try:
        if _keeps(await _tried(engine, 2)):
            return
    except EngineError:
        return  # the first answer has shown that it serves; nothing is known of the form
    why = {**engine.findings.tried, "schema": "accepted, but not kept"}
    for form in FORMS[FORMS.index(engine.findings.form) + 1 :]:
        weaker = dataclasses.replace(engine.findings, form=form, tried=why)
        try:
            (completion, *_) = await engine.asked(_request(engine, 3), SAY_YES, weaker)
        except EngineError:
            continue
        if _keeps(completion):
            engine.learn(weaker)
            return
    engine.learn(dataclasses.replace(engine.findings, tried=why))  # no form does better


async def _tried(engine: TriedEngine, seed: int) -> Completion:
    """An answer, tried up to three times where a later try can succeed."""
    for wait in (*_WAITS, None):
        try:
            async with asyncio.timeout(_SECONDS):
                (completion, *_) = await engine.asked(_request(engine, seed), SAY_YES)
            return completion
        except TimeoutError:
            raise Transient(f"no answer within {_SECONDS:g} s", overload=True) from None
        except Transient as error:
            timed_out = error.overload and error.told is None
            if wait is None or timed_out or error.told is None:
                raise
            await asyncio.sleep(min(error.retry_after or wait, _LONGEST_WAIT))
    raise AssertionError("the last try returns or raises")


def _request(engine: TriedEngine, seed: int) -> Request:
    given = {*engine.asking.extra, *engine.sampling}
    own = {} if given & set(LIMITS) else {LIMITS[0]: _LIMIT}
    schema = YES_OR_NO if engine.structured else None
    return Request("", {}, schema, {**own, **engine.sampling}, seed=seed)


def _keeps(completion: Completion) -> bool:
    """Whether an answer keeps the schema; of one that was cut off nobody knows."""
    if completion.finish_reason == "length":
        return True
    try:
        return orjson.loads(completion.text)["answer"] in ("yes", "no")
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return False


# ---------------------------------------------------------------- what is certain


async def _refuse_certain(engine: TriedEngine, seen: Listed, error: EngineError) -> None:
    """Raise Refused where the error says what is wrong with the job."""
    url, status = engine.client.urls[0], error.told.status if error.told is not None else None
    _refuse_value(engine, error)
    if seen.names is None and endpoint_places.is_elsewhere(error):
        raise Refused(await endpoint_places.where_else(engine.client, engine.asking, error))
    if status in (401, 403) and seen.status in (401, 403):
        raise Refused(
            f"the endpoint {url} refuses the key ({error}); set api_key to env:NAME or file:PATH"
        )
    if seen.has(engine.name) is False and _says_no_model(error):
        names = seen.names or []
        raise Refused(
            f"the endpoint {url} has no model {engine.name!r}{nearest(engine.name, names)}; it "
            f"has {', '.join(names[:5])} ({error})"
        )


def _says_no_model(error: EngineError) -> bool:
    if not isinstance(error, Permanent) or error.told is None:
        return False
    status, said = error.told.status, f"{error.told.code} {error.told.message}".lower()
    return status == 404 or (status in (400, 422) and "model" in said)


def _refuse_value(engine: TriedEngine, error: EngineError) -> None:
    """Raise Refused for a value of the job that the endpoint does not take."""
    sent = _sent(engine)
    field = next((limit for limit in LIMITS if limit in sent), "")
    if not isinstance(error, TooLong):
        found = complaint(error.told, sent) if error.told is not None else None
        field = found.field if found is not None and found.kind == "range" else ""
    if key := _key(engine, field):
        raise Refused(f"{key}: the endpoint does not take its value; change it ({error})")


def _sent(engine: TriedEngine, findings: Findings | None = None) -> Json:
    return payload(_request(engine, 1), engine.asking, SAY_YES, findings or engine.findings)


def _key(engine: TriedEngine, field: str) -> str:
    """The key of the job that sets a field; "" for one that is our own."""
    own = next((key for key, name in engine.findings.renamed.items() if name == field), field)
    places = {"sampling": engine.sampling, "options.extra_body": engine.asking.extra}
    return next((f"{place}.{own}" for place, given in places.items() if own in given), "")


# ---------------------------------------------------------------- without a word


async def _find_culprits(engine: TriedEngine, error: Permanent) -> None:
    """Find by trying which field an endpoint refuses that does not say so.

    Raises Refused for one that the job sets, `error` where none alone is to blame, and what a call
    without all of them meets.
    """
    fields = _sent(engine).keys() - {"model", "messages", "prompt"}
    await engine.asked(_request(engine, 1), SAY_YES, _without(engine, fields))
    culprits: dict[str, str] = {}
    for field in sorted(fields):
        try:
            await engine.asked(_request(engine, 1), SAY_YES, _without(engine, fields - {field}))
        except Permanent as refused:
            culprits[field] = str(refused)
    for field, why in culprits.items():
        if key := _key(engine, field):
            raise Refused(
                f"{key}: with it a call is refused, without it one is answered; change it or leave "
                f"it out ({why})"
            )
        if field == "response_format":
            tried: dict[str, Any] = {**engine.findings.tried, "schema": why[:_SHOWN]}
            engine.learn(dataclasses.replace(engine.findings, form="words", tried=tried))
        else:
            engine.learn(left_off(engine.findings, field, why))
    if not culprits:
        raise error


def _without(engine: TriedEngine, fields: Iterable[str]) -> Findings:
    """The findings with which these fields are not sent."""
    fields = set(fields)
    form = "words" if "response_format" in fields else engine.findings.form
    names = {own for own, name in engine.findings.renamed.items() if name in fields}
    left = dict.fromkeys((fields | names) - {"response_format"}, "")
    return dataclasses.replace(
        engine.findings, form=form, left_off={**engine.findings.left_off, **left}
    )
