"""Secrets of a job: it names where they lie, and never holds them.

`env:NAME` is a variable of the worker's environment, `file:PATH` what a file there holds. Whatever
else looks like a secret is refused before anything is written.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from beam_synth.errors import Refused

REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+")
# In a header a reference may stand after the word that says how it is meant: "Bearer env:NAME".
_IN_HEADER = re.compile(rf"(?:(?P<scheme>[A-Za-z][\w.-]*) )?(?P<named>{REFERENCE.pattern})")

_SECRET_NAME = re.compile(
    r"(^|[-_])(api[-_]?key|apikey|(access|secret|private|subscription|account|signing)[-_]?key"
    r"|secret|passwords?|passwd|pwd|authori[sz]ation|credentials?|bearer"
    r"|(access|auth|api|session|security|id|refresh)[-_]?token)($|[-_])",
    re.IGNORECASE,
)
# Names that hold a secret in a header or a query, while a body has others of this form.
_SECRET_HEADER = re.compile(r"(^|[-_])(key|token|auth|cookie|sig|signature|jwt)$", re.IGNORECASE)
# How keys of well-known services look, wherever they stand.
_SECRET_VALUE = re.compile(
    r"^[Bb]earer +\S{6,}$"
    r"|\b(sk-|pk-|csk-|gsk_|xai-|nvapi-|pplx-|glpat-|github_pat_|hf_|gh[opusr]_|fw_|r8_|tgp_v1_"
    r"|dapi)(?=[\w-]*\d)[\w-]{12,}"
    r"|\bAIza[\w-]{30,}|\bAKIA[A-Z0-9]{16}\b|\beyJ[\w-]{10,}\.[\w-]{10,}"
)
_SCHEME_VALUE = re.compile(r"(basic|token|apikey|key|digest) +\S{6,}", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

_WRITE = "a job holds no secret, since it is written into the run: write"


def secret_faults(base_url: str | list[str], options: Mapping[str, Any]) -> Iterator[str]:
    """What in a model's settings looks like a secret, and what to write in its place; a line each,
    which begins with the key and never holds the value.

    >>> list(secret_faults("", {"headers": {"X-Team": "a", "api-key": "env:KEY"}}))
    []
    >>> next(secret_faults("", {"extra_body": {"auth": {"access_token": "abc"}}}))[:59]
    'options.extra_body.auth.access_token: a job holds no secret'
    """
    for url in [base_url] if isinstance(base_url, str) else base_url:
        yield from _url_faults(str(url))
    for part, in_header in (("headers", True), ("query", True), ("extra_body", False)):
        for key, value in _leaves(options.get(part), f"options.{part}"):
            pattern = _IN_HEADER if in_header else REFERENCE
            if not pattern.fullmatch(value) and _is_secret(key, value, in_header):
                word = value.split(" ")[0] if in_header and " " in value else ""
                yield f"{key}: {_WRITE} {_written(word)} (an environment variable) or file:PATH"
    for key, value in _leaves(options.get("env"), "options.env"):
        if _is_secret(key, value, True):
            yield (
                f"{key}: {_WRITE} nothing, and set the variable where the run is started: the "
                "server inherits it"
            )


def _written(word: str) -> str:
    return f'"{word} env:NAME"' if re.fullmatch(r"[A-Za-z][\w.-]*", word) else "env:NAME"


def _leaves(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """(key, text) of all texts in there."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, f"{key}.{name}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item, key)
    elif isinstance(value, str) and value.strip():
        yield key, value


def _is_secret(key: str, value: str, in_header: bool) -> bool:
    name = _CAMEL.sub("_", key.rpartition(".")[2])
    return bool(
        _SECRET_NAME.search(name)
        or _SECRET_VALUE.search(value)
        or name.lower() == "token"
        or (in_header and (_SECRET_HEADER.search(name) or _SCHEME_VALUE.fullmatch(value)))
    )


def _url_faults(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return  # no URL at all, which the engine tells
    if "@" in parts.netloc:
        yield (
            f"base_url: {_WRITE} the address without user and password, and "
            'options.headers: {Authorization: "Basic env:NAME"}, where NAME holds user:password'
        )
    for name, value in parse_qsl(parts.query):
        if _is_secret(name, value, True):
            yield (
                f"base_url: {_WRITE} the address without {name!r}, and options.query: "
                f"{{{name}: env:NAME}}"
            )
    if _SECRET_VALUE.search(parts.path):
        yield f"base_url: its path looks as if it held a key; {_WRITE} it as a header"


# ---------------------------------------------------------------- on the worker


def resolve_key(reference: str | None, key: str = "api_key") -> str | None:
    """The secret that env:NAME or file:PATH names; None for None. `key` of the job is for messages.

    Raises Refused, which names the reference and never the secret, where there is none.

    >>> resolve_key("env:BEAM_SYNTH_NO_KEY")
    Traceback (most recent call last):
    beam_synth.errors.Refused: api_key: env:BEAM_SYNTH_NO_KEY holds no key
    """
    if reference is None:
        return None
    kind, _, name = reference.partition(":")
    if kind == "env":
        found = os.environ.get(name, "").strip()
    else:
        try:
            found = Path(name).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise Refused(f"{key}: {name} cannot be read: {why}") from None
    if not found:
        raise Refused(f"{key}: {reference} holds no key")
    if set(found) & {"\r", "\n", "\0"}:
        raise Refused(f"{key}: {reference} holds more than one line; a key is one line")
    return found


class Resolved:
    """The secrets that parts of a model's options name, and what not to show of them."""

    def __init__(self) -> None:
        self.secrets: list[str] = []

    def header(self, value: Any, key: str) -> str:
        """A header's value or a query's, whose reference may stand after a scheme's word; "Basic"
        takes user:password, too. Raises as `resolve_key`."""
        found = _IN_HEADER.fullmatch(str(value))
        if found is None:
            return str(value)
        secret = resolve_key(found["named"], key) or ""
        self.secrets.append(secret)
        scheme = found["scheme"]
        if scheme and scheme.lower() == "basic" and ":" in secret:
            secret = base64.b64encode(secret.encode()).decode()
            self.secrets.append(secret)
        return f"{scheme} {secret}" if scheme else secret

    def body(self, value: Any, key: str) -> Any:
        """A value of the request's body, at any depth. Raises as `resolve_key`."""
        if isinstance(value, Mapping):
            return {name: self.body(item, f"{key}.{name}") for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.body(item, key) for item in value]
        if not isinstance(value, str) or not REFERENCE.fullmatch(value):
            return value
        secret = resolve_key(value, key) or ""
        self.secrets.append(secret)
        return secret


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret in it replaced, as it is and as URLs and JSON write it.

    >>> masked("no key a/b, nor a%2Fb", ["a/b"])
    'no key ***, nor ***'
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for form in dict.fromkeys((secret, quote(secret, safe=""), json.dumps(secret)[1:-1])):
            text = text.replace(form, "***")
    return text
