"""What an error says of one field of a request: unknown, renamed, or of a value out of range.

Shapes are those of the public documentation and error texts of OpenAI, Azure, Gemini, Mistral,
others on FastAPI, vLLM, TGI, Groq, xAI, DeepSeek, Moonshot, Together, Fireworks, Bedrock, LM
Studio.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from beam_synth.engines.chat_payloads import LIMITS
from beam_synth.engines.refusals import Told

Kind = Literal["refused", "renamed", "range", "form", "many"]
_NEVER = {"model", "messages", "prompt"}  # without these there is no request
# Statuses that say nothing of a field: key, money, place, haste, load.
_OF_OTHERS = {401, 402, 403, 407, 408, 409, 410, 429, 502, 503, 504, 529}
_FAR = 100  # characters between a field and what is said of it

_REFUSED = re.compile(
    r"unsupported|not[ _](currently |yet )?(been )?(be )?(supported|permitted|allowed|available"
    r"|implemented|recogni[sz]ed|enabled|expected|known|accepted"
    r"|a valid (parameter|argument|field))"
    r"|(does|do|did)(n't| not) (support|accept|allow|recogni[sz]e|have|take)"
    r"|can(not|'t|not both| not) (find field|(both )?be (set|used|specified|changed|provided))"
    r"|unknown|unrecogni[sz]ed|unexpected|extra(_forbidden|neous| inputs?| fields?| keys?)"
    r"|forbidden|no such|additional propert(y|ies)|unavailable|deprecated"
    r"|enabled only|incompatible|invalid (parameter|argument|field|key)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"must be|should be|has to be|(less|greater|larger|smaller|lower|higher|more|fewer) than"
    r"|(less|greater)_than|at (most|least)|maximum|minimum|exceed|range|between|invalid value"
    r"|too (large|high|small|low|big|many)|one of|supported values|allowed values|expected an?\b"
    r"|\binvalid\b|above|below|[<>]=?",
    re.IGNORECASE,
)
# A model that takes no other value than its own takes none at all.
_DEFAULT_ALONE = re.compile(
    r"only (be )?(set to )?(the )?(default|\d[\d.]*)\b|fixed (at|to)"
    r"|(must|has to) be (set to )?(the default|exactly|unset|1\b(?!\.))",
    re.IGNORECASE,
)
_LISTS_VALUES = re.compile(r"(supported|allowed|valid) values|one of", re.IGNORECASE)
_SAMPLES = {"temperature", "top_p", "top_k", "presence_penalty", "frequency_penalty", "min_p"}
_UNSUPPORTED_CODES = ("unsupported_parameter", "unknown_parameter", "extra_forbidden")
_INSTEAD = re.compile(r"\b(max_(?:completion_|output_|new_)?tokens)\b")
_MANY = re.compile(
    r"one completion choice|multiple (completions|choices|candidates|responses)|best_of"
    r"|(candidates?|choices|completions) per (request|call)|candidate_?count",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"response[ _]?format|json[ _-]?(schema|object|mode)|structured[ _]outputs?"
    r"|guided[ _](json|decoding)|\bgrammar\b",
    re.IGNORECASE,
)
_TYPE = re.compile(r"json[ _-]?(schema|object|mode)|\btypes?\b|\btext\b", re.IGNORECASE)
# Other words for a field.
_WORDS = {
    "logprobs": r"log[ _-]?prob(s|abilit(y|ies))?",
    "stop": r"stop[ _](sequences?|words|strings?)",
    "seed": r"seed(ed|ing)?",
    **dict.fromkeys(LIMITS, r"max(imum)?[ _](output|completion|new)[ _]tokens|maxOutputTokens"),
}
_ONLY_QUOTED = {"n", "stop", "user", "echo", "suffix", "tools"}  # words of any sentence, too


class Complaint(NamedTuple):
    """What is wrong with one field of a request."""

    field: str
    kind: Kind
    instead: str = ""  # the name that the endpoint has for it, or the form that it may take


def complaint(told: Told, sent: Mapping[str, Any]) -> Complaint | None:
    """What an error says of a field that was sent; None where it says nothing of any.

    >>> told = Told('Invalid JSON payload. Unknown name "seed": Cannot find field.')
    >>> complaint(told, {"model": "a", "seed": 1, "temperature": 0.5})
    Complaint(field='seed', kind='refused', instead='')
    >>> told = Told("temperature must be at most 1", "invalid_value", 400, "temperature")
    >>> complaint(told, {"model": "a", "seed": 1, "temperature": 1.5}).kind
    'range'
    >>> complaint(Told("overloaded"), {"seed": 1}) is None
    True
    """
    if told.status in _OF_OTHERS:
        return None
    said = f"{told.code}: {told.message}"
    fields = [field for field in sent if field not in _NEVER]
    named = _named(told.param, fields)
    if "response_format" in fields and (
        named == "response_format" or (not named and _FORM.search(said))
    ):
        # Who knows another type of it may know the next one.
        return Complaint("response_format", "form", "" if _TYPE.search(said) else "words")
    if "n" in fields and (named == "n" or _MANY.search(said) or _near("n", said, _ANY)):
        return Complaint("n", "many")
    if named:
        return _about(named, said, sent)
    found = [(gap, field) for field in fields if (gap := _nearest(field, said)) is not None]
    return _about(min(found)[1], said, sent) if found else None


def _named(param: str, fields: Iterable[str]) -> str:
    """The field that an error's `param` or `loc` is about; "" for none of these."""
    words = re.findall(r"\w+", _snake(param))
    return next((word for word in words if word in fields), "")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _about(field: str, said: str, sent: Mapping[str, Any]) -> Complaint:
    if field in LIMITS:
        both = [name for name in LIMITS if name in sent and _near(name, said, _REFUSED)]
        if len(both) == 2:  # one of them is enough
            return Complaint(LIMITS[0], "refused")
        other = next((name for name in _INSTEAD.findall(said) if name not in sent), "")
        if other and _REFUSED.search(said):
            return Complaint(field, "renamed", other)
    if field in _SAMPLES and _DEFAULT_ALONE.search(said):
        return Complaint(field, "refused")
    if any(code in said for code in _UNSUPPORTED_CODES):
        return Complaint(field, "refused")
    if _LISTS_VALUES.search(said) and not re.search(r"unknown (field|name)", said, re.IGNORECASE):
        return Complaint(field, "range")
    refused, out = _near(field, said, _REFUSED), _near(field, said, _RANGE)
    if refused is None and out is None:  # named apart from the words
        return Complaint(field, "refused" if _REFUSED.search(said) else "range")
    close = refused is not None and (out is None or refused <= out)
    return Complaint(field, "refused" if close else "range")


# ---------------------------------------------------------------- in words

_ANY = re.compile(
    "|".join((_REFUSED.pattern, _RANGE.pattern, _DEFAULT_ALONE.pattern)), re.IGNORECASE
)


def _nearest(field: str, said: str) -> int | None:
    return _near(field, said, _ANY)


def _near(field: str, said: str, what: re.Pattern[str]) -> int | None:
    """How far the nearest mention of a field is from words of that kind; None where too far."""
    mentions = [match.span() for match in _mention(field).finditer(said)]
    words = [match.span() for match in what.finditer(said)]
    gaps = [
        max(start - end, begin - stop, 0)
        for begin, end in mentions
        for start, stop in words
        if not (begin <= start and stop <= end)
    ]
    return min((gap for gap in gaps if gap <= _FAR), default=None)


def _mention(field: str) -> re.Pattern[str]:
    """Where a text names a field: as it is, in camel case, in quotes or in other words."""
    camel = re.sub(r"_(\w)", lambda match: match[1].upper(), field)
    names = "|".join(dict.fromkeys((re.escape(field), re.escape(camel))))
    quoted = rf"[\"'`\[“‘]({names})[\"'`\]”’.\[]"
    if field in _ONLY_QUOTED:
        introduced = rf"\b(parameter|argument|field|name|model|property|key)s?:? ({names})\b"
        forms = [quoted, introduced]
    else:
        forms = [rf"\b({names})\b"]
    if field in _WORDS:
        forms.append(rf"\b({_WORDS[field]})\b")
    return re.compile("|".join(forms), re.IGNORECASE)
