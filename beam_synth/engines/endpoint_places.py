"""Where an endpoint's API lies: what it lists there, and where it lies if not where it was said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from beam_synth.engines.chat_payloads import APIS, Asking, spoken
from beam_synth.engines.http_client import JsonClient
from beam_synth.engines.messages import SAY_YES
from beam_synth.errors import EngineError, Refused, Transient

_SECONDS = 20.0


class Listed(NamedTuple):
    """What an address says of its models."""

    names: list[str] | None  # None where it lists none
    status: int  # 0 where no answer came in time

    def has(self, name: str) -> bool | None:
        """Whether the model is among them; None where it lists none."""
        if self.names is None:
            return None
        return any(name in (known, known.removeprefix("models/")) for known in self.names)


async def models_at(client: JsonClient, base: str) -> Listed:
    """The models of an address. Lists are odd or absent at many: only nobody there is an error.

    Raises Refused where nobody answers.
    """
    try:
        status, data = await client.get(base, "models", _SECONDS)
    except Transient:
        return Listed(None, 0)
    return Listed(_names(data) if status == 200 else None, status)


def _names(data: bytes) -> list[str] | None:
    """The names in a list of models, by itself or under a key; None for anything else.

    >>> _names(b'{"data": [{"id": "a"}]}'), _names(b'[{"name": "b"}]'), _names(b"<html>")
    (['a'], ['b'], None)
    """
    try:
        found: Any = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if isinstance(found, dict):
        found = found.get("data", found.get("models"))
    if not isinstance(found, list):
        return None
    items = [item for item in found if isinstance(item, dict)]
    names = [item.get("id") or item.get("name") or item.get("model") for item in items]
    return [name for name in names if isinstance(name, str)] or None


# ---------------------------------------------------------------- another place


def is_elsewhere(error: EngineError) -> bool:
    """Whether an error says that there is no API at that place: no such path, or a page for people
    or something else than JSON where an answer should be."""
    told = error.told
    if told is None:
        return isinstance(error, Transient) and str(error).startswith("status 200 ")
    if told.html:
        return told.status in (400, 403, 404, 405) or told.status < 400
    return told.status in (404, 405) and "model" not in f"{told.code} {told.message}".lower()


async def where_else(client: JsonClient, asking: Asking, error: EngineError) -> str:
    """What to say of an address without the API: the one that has it, if that is near."""
    base = client.urls[0]
    path = APIS["chat" if asking.chats else "completions"]
    for other in _others(base):
        if await _serves(client, asking, other):
            return (
                f"base_url: the endpoint {base} has no {path} ({error}), but {other} has; set "
                f"base_url to {other}"
            )
    return (
        f"base_url: the endpoint {base} has no {path} ({error}); base_url is all that stands "
        f"before /{path}, at most services https://host/v1"
    )


async def _serves(client: JsonClient, asking: Asking, base: str) -> bool:
    try:
        if (await models_at(client, base)).names is not None:
            return True
        path = APIS["chat" if asking.chats else "completions"]
        payload = {"model": asking.model, **spoken(SAY_YES.render("", {}), asking)}
        return "choices" in await client.post_at(base, path, payload)
    except Refused:
        return False
    except EngineError as error:
        # An error of the service itself, of the key or the model, comes from the right place.
        return error.told is not None and bool(error.told.code) and not is_elsewhere(error)


def _others(base: str) -> Iterator[str]:
    """Addresses that may be meant by one, the likeliest first.

    >>> list(_others("http://a:8000"))
    ['http://a:8000/v1', 'http://a:8000/openai/v1', 'https://a:8000/v1']
    >>> next(_others("https://a/v1/chat/completions"))
    'https://a/v1'
    """
    parts = urlsplit(base)
    origin = f"{parts.scheme}://{parts.netloc}"
    found = []
    for path in (*APIS.values(), "models", "responses", "embeddings"):
        if base.endswith(f"/{path}"):
            found.append(base.removesuffix(f"/{path}"))
    found += [f"{base}/v1", f"{origin}/v1", f"{origin}/openai/v1"]
    if parts.path.endswith("/v1/v1"):
        found.insert(0, base.removesuffix("/v1"))
    if parts.path.rstrip("/").endswith("/api"):
        found.insert(1, f"{base.removesuffix('/api')}/v1")
    if parts.scheme == "http":
        found.append(f"https://{parts.netloc}{parts.path if parts.path else '/v1'}")
    yield from (other for other in dict.fromkeys(found) if other != base)
