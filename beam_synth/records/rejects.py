"""Rejects and errors: records that went no further, each with its reason."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Literal

from beam_synth.records.reasons import REASONS

RAW_LIMIT = 64 * 1024  # bytes of the raw input that a reject or error keeps


@dataclasses.dataclass(frozen=True)
class Reject:
    """A record that went no further. `kind` decides the folder: rejects/ or errors/."""

    kind: Literal["rejected", "failed"]
    stage: str
    reason: str
    detail: str = ""
    file: str = ""
    line: int | None = None
    record_id: str = ""
    raw: str = ""
    raw_sha256: str = ""
    raw_bytes: int = 0


def reject(
    kind: Literal["rejected", "failed"],
    stage: str,
    reason: str,
    detail: str = "",
    *,
    file: str = "",
    line: int | None = None,
    record_id: str = "",
    raw: bytes | str = b"",
) -> Reject:
    """Make a Reject: `raw` is cut at RAW_LIMIT bytes, hashed and measured whole."""
    if reason not in REASONS:
        raise ValueError(f"unknown reason {reason!r}")
    data = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    return Reject(
        kind=kind,
        stage=stage,
        reason=reason,
        detail=detail,
        file=file,
        line=line,
        record_id=record_id,
        raw=data[:RAW_LIMIT].decode("utf-8", "replace"),
        raw_sha256=hashlib.sha256(data).hexdigest() if data else "",
        raw_bytes=len(data),
    )
