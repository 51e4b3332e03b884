"""What an endpoint says when it does not answer, whichever way it says it: the kind of error.

What is said decides before the status does, since gateways wrap the error of one service in the
status of another. Shapes are those of the public documentation of OpenAI, Azure, Anthropic, Gemini,
OpenRouter, Together, Fireworks, Mistral, DeepSeek, vLLM, SGLang, llama.cpp, TGI, Ollama, LM Studio,
LiteLLM.
"""

from __future__ import annotations

import datetime
import email.utils
import html
import re
from typing import Any, NamedTuple

import orjson

from beam_synth.errors import ContentRefused, EngineError, Permanent, TooLong, Transient, Unusable

_SHOWN = 500  # characters of a message
_TRANSIENT = {408, 409, 424, 425, 429, 498, 499}  # and all of 5xx, but for these two
_NEVER = {501, 505}
_OVERLOAD = {408, 429, 503, 529}
_UNUSABLE = {401, 402, 403, 404, 410, 412}
# Of an error that comes without a status, as those in the results of a batch (Anthropic).
_STATUS_OF_TYPE = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


class Told(NamedTuple):
    """An error as its endpoint tells it; "" or None for what it leaves out."""

    message: str = ""
    code: str = ""  # the words of its code, type and status, separated by blanks
    status: int | None = None  # of its own, where it names one
    param: str = ""  # the field of the request that it is about
    html: bool = False  # a page for people, of a gateway


# ---------------------------------------------------------------- kinds, by words

_MONEY = re.compile(
    r"insufficient[ _]?(quota|balance|credits?|funds)|budget[ _](has been )?exceeded"
    r"|credit balance is too low|(run out of|not enough|no remaining|requires more) credits"
    r"|(exceeded|over) your (current|monthly) (quota|spend)"
    r"|billing[ _](hard[ _]limit|not[ _]active)"
    r"|payment[ _]required|(spending|usage|spend) limit|account[^.]{0,40}(arrears|overdue)"
    r"|\barrearage\b|(quota|credit[ _]balance)[ _]exhausted"
    r"|balance is (too low|insufficient|negative)|api usage limits",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"(invalid|incorrect|expired|revoked|missing|no)[ _](or[ _]\w+[ _])?(api|access|auth\w*)[ _-]?"
    r"(key|token)|api[ _]key (not valid|is invalid|expired)"
    r"|authentication[ _]?error|unauthenticated"
    r"|\bunauthorized\b|permission[ _]?(error|denied)|account[ _](is )?(de)?(activated|suspended"
    r"|disabled|locked)|organization has been (disabled|restricted)"
    r"|resource has been (temporarily )?blocked|location is not supported"
    r"|unsupported_country",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"model[ _]?not[ _]?(found|available|supported|exist)|deployment[ _]?not[ _]?found"
    r"|not a valid model|(unknown|invalid)[ _]model|model_decommissioned|(no|not) (such|a) model"
    r"|no models? (is )?loaded|failed to load (the )?model|model is unloaded"
    r"|no endpoints found"
    r"|model\b.{0,80}\b(does not exist|not found|is not found|not available|has been (deprecated"
    r"|decommissioned|removed|retired|shut)|no longer (available|supported)|is deprecated)"
    r"|unable to access model",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|context[ _](length|window|size)"
    r"|maximum (context|prompt|input)|max(imum)?[ _](model|seq\w*)[ _]len"
    r"|(prompt|input|inputs|messages?|request|sequence|conversation)[^.]{0,60}"
    r"(too (long|large|many tokens)|longer than"
    r"|exceeds?[^.]{0,30}(token|context|limit|length|input))"
    r"|too many (input |prompt )?tokens|`?inputs`? tokens \+ `?max_new_tokens"
    r"|must have less than \d+ tokens"
    r"|tokens?[^.]{0,40}exceeds?[^.]{0,30}(maximum|limit|allowed|configured)"
    r"|context the overflows|reduce (the length of|your prompt|the number of tokens)",
    re.IGNORECASE,
)
# Limits for each minute are no length, though tokens are counted there too.
_RATE = re.compile(r"rate[ _-]?limit|per[ _](minute|second|day)|\b[rt]p[md]\b", re.IGNORECASE)
# A limit for each minute that a single request is beyond.
_BEYOND_RATE = re.compile(r"request too large", re.IGNORECASE)
# What batches, or requests under way, leave free when they are done.
_IN_USE = re.compile(r"enqueued token|in[_ -]flight[_ ]budget|batch_expired", re.IGNORECASE)
# The limit on an answer is itself beyond what the model can give, whatever the request.
_LIMIT_TOO_LARGE = re.compile(r"max(_completion|_output|_new)?_tokens\b.{0,30}too large: (\d+)")
_MAXIMUM = re.compile(r"(?:at most|maximum context length is|maximum value for)\D{0,40}(\d+)")
_CONTENT = re.compile(
    r"content[ _]?(filter|policy|management policy|blocked|exists risk)|responsible_?ai"
    r"|data_inspection_failed|prohibited_content|\bmoderat(ion|ed)\b"
    r"|safety (system|settings|reasons)|inappropriate content"
    r"|(input|prompt|content|request) (was|were|is|has been) (flagged|blocked)"
    r"|\bsafety\b.{0,20}(blocked|violat)|usage polic(y|ies)|prompt_blocked|censored",
    re.IGNORECASE,
)
_BUSY = re.compile(
    r"overloaded|rate[ _-]?limit|too[ _]many[ _]requests|server[ _]?error"
    r"|internal[ _]?(server|error)"
    r"|unavailable|timeout|timed out|try again|temporar|capacity|resource_exhausted|throttl|busy",
    re.IGNORECASE,
)


def refusal(
    status: int, retry_after: str | None, body: bytes | str | Any, where: str = ""
) -> EngineError:
    """The exception for an error that an endpoint tells.

    Args:
        status: of HTTP; 200 where the error comes as if it were an answer.
        retry_after: the header.
        body: as it came, or as it was parsed.
        where: the address that was asked, for the message.

    >>> refusal(503, "2", "busy")
    Transient('status 503: busy')
    >>> refusal(400, None, "prompt is longer than the context")
    TooLong('status 400: prompt is longer than the context')
    >>> refusal(429, None, b'{"error": {"code": "insufficient_quota", "message": "Top up."}}')
    Unusable('status 429 (insufficient_quota): Top up.')
    """
    told = told_error(body)
    # What is told in an answer has the status that it names; a gateway's own says less.
    meant = told.status if status < 400 and told.status is not None else status
    message = _message(meant, told, where)
    kind = _kind(meant, told, retry_after is not None)
    error = kind(message)
    if kind is Transient:
        error = Transient(message, seconds(retry_after), overload=meant in _OVERLOAD)
    error.told = told._replace(status=meant)
    return error


def _message(status: int, told: Told, where: str) -> str:
    code = " ".join(word for word in told.code.split() if word != str(status))
    named = f" ({code})" if code else ""
    place = f" from {where}" if where else ""
    return f"status {status}{place}{named}: {told.message or 'no word about why'}"


def _kind(status: int, told: Told, asks_to_wait: bool) -> type[EngineError]:
    said = f"{told.code} {told.message}"
    if _IN_USE.search(said):
        return Transient
    waits = status == 429 and (asks_to_wait or _RATE.search(said) is not None)
    if _MONEY.search(said) and not waits:
        return Unusable
    if _too_long(status, said):
        return TooLong
    if status not in (401, 402) and _CONTENT.search(said) and not _KEY.search(said):
        return ContentRefused
    if status in _NEVER:
        return Permanent
    if status in _TRANSIENT or (status >= 500 and not _about_service(told)):
        return Transient
    if status == 403 and told.html:
        return Permanent  # a firewall before the service minds what this request says
    if status in _UNUSABLE or _about_service(told):
        return Unusable
    if status < 400:  # an error in an answer, without a status that says whose fault it is
        return Permanent if told.code and not _BUSY.search(said) else Transient
    return Permanent


def _about_service(told: Told) -> bool:
    """Whether an error says that key or model are wrong; codes may, and messages."""
    said = f"{told.code} {told.message}"
    return bool(_KEY.search(said) or _MODEL.search(said))


def _too_long(status: int, said: str) -> bool:
    limit, most = _LIMIT_TOO_LARGE.search(said), _MAXIMUM.search(said)
    if limit and most and int(limit[2]) >= int(most[1]):
        return False
    if status in (408, 504) or (status == 429 and _RATE.search(said)):
        return _BEYOND_RATE.search(said) is not None
    return status == 413 or _LONG.search(said) is not None


# ---------------------------------------------------------------- forms


def told_error(body: bytes | str | Any) -> Told:
    """What an error's body says, out of the forms that endpoints use.

    >>> told_error(b'[{"error": {"code": 400, "message": "No.", "status": "INVALID_ARGUMENT"}}]')
    Told(message='No.', code='400 INVALID_ARGUMENT', status=400, param='', html=False)
    >>> told_error('{"error": "model not loaded", "error_type": "overloaded"}').code
    'overloaded'
    >>> told_error(b"<html><title>502 Bad Gateway</title></html>")
    Told(message='an HTML page: 502 Bad Gateway', code='', status=None, param='', html=True)
    """
    if isinstance(body, bytes | str):
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
        try:
            body = orjson.loads(text.lstrip("\ufeff"))
        except orjson.JSONDecodeError:
            return _told_in_words(text)
    return _told_in_json(body)


def _told_in_words(text: str) -> Told:
    start = text.lstrip()[:200].lower()
    if not start.startswith(("<!doctype", "<html", "<head", "<?xml")):
        return Told(" ".join(text.split())[:_SHOWN])
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    shown = title[1] if title else re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", " ", text)
    words = " ".join(html.unescape(shown).split())
    return Told(f"an HTML page: {words[:_SHOWN]}", html=True)


def _told_in_json(body: Any) -> Told:
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, dict):
        return Told(_text(body))
    outer = body
    error = next((body[key] for key in ("error", "errors", "detail") if body.get(key)), body)
    if isinstance(error, list):
        error = error[0]
    if not isinstance(error, dict):
        error = {**outer, "message": _text(error)}
    message = next((error[key] for key in ("message", "msg", "detail") if error.get(key)), "")
    inner = _inner(error)
    words = [error.get(key) for key in ("code", "type", "status", "error_type")]
    code = " ".join(dict.fromkeys(str(word) for word in words if isinstance(word, int | str)))
    return Told(
        (_text(message) or _text(error))[:_SHOWN] + (f" ({inner[:_SHOWN]})" if inner else ""),
        code.strip(),
        _status_of(error),
        _text(error.get("param") or error.get("loc") or ""),
    )


def _status_of(error: dict[str, Any]) -> int | None:
    named = next((at for key in ("code", "status") if (at := _status(error.get(key)))), None)
    kind = error.get("type")
    return named or (_STATUS_OF_TYPE.get(kind) if isinstance(kind, str) else None)


def _inner(error: dict[str, Any]) -> str:
    """What a router adds of the provider's own words."""
    metadata = error.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    raw = metadata.get("raw") or metadata.get("reasons") or metadata.get("reason") or ""
    return _text(raw)


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return " ".join(text.split())


def _status(value: Any) -> int | None:
    """A status of HTTP that an error names as a number, or as its digits."""
    if isinstance(value, str) and value.isdecimal() and len(value) == 3:
        value = int(value)
    return value if isinstance(value, int) and 400 <= value < 600 else None


def seconds(retry_after: str | None) -> float | None:
    """Retry-After (RFC 9110, 10.2.3) in seconds; it comes as a number or as a date.

    None where there is none, or none that can be read.

    >>> seconds("1.5"), seconds("Wed, 21 Oct 2015 07:28:00 GMT"), seconds("soon")
    (1.5, 0.0, None)
    """
    if retry_after is None:
        return None
    try:
        wait = float(retry_after)
        return wait if 0 <= wait < float("inf") else 0.0
    except ValueError:
        pass
    try:
        date = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    now = datetime.datetime.now(date.tzinfo or datetime.UTC)
    return max(0.0, (date.replace(tzinfo=now.tzinfo) - now).total_seconds())
