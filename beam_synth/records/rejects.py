"""Rejects: records that went no further, by stage and reason; they go to rejects/ and errors/."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection
from typing import Literal

from beam_synth.records.reasons import REASONS

RAW_LIMIT = 64 * 1024  # bytes of the raw input that a reject or error keeps


@dataclasses.dataclass(frozen=True)
class Reject:
    """A record that went no further. `kind` decides the folder: rejects/ or errors/."""

    kind: Literal["rejected", "failed"]
    stage: str  # label of the stage
    reason: str  # of REASONS, or declared by the method
    detail: str = ""  # what in this record it was
    file: str = ""  # input file (and archive member) it came from
    line: int | None = None  # 1-based line (or row) in it
    record_id: str = ""  # article, passage, task or sample
    raw: str = ""  # the input, at most RAW_LIMIT bytes of it
    raw_sha256: str = ""  # hex, of all of its bytes; "" without any
    raw_bytes: int = 0  # all of them


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
    declared: Collection[str] = (),
) -> Reject:
    """Make a Reject: `raw` is cut at RAW_LIMIT bytes, hashed and measured whole.

    Raises ValueError for a reason that is neither in REASONS nor in `declared`, the reasons of the
    record's own method.

    >>> reject("rejected", "SplitPassages", "no_passage", raw="text").raw_bytes
    4
    """
    if reason not in REASONS and reason not in declared:
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
