"""One row's formal checks made again, as `verify` does for every row of a run.

A method that declares `verify` makes all checks of a row from the row and the texts of its seeds.
What a judge said is not asked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from beam_synth.checks import Check
from beam_synth.checks.neutral_rows import NOTE_KIND, held_tokens, tokens_note
from beam_synth.errors import Refused
from beam_synth.methods.loading import load_method
from beam_synth.records import FindPassage, Row

_SCORE = 1e-9  # scores that are further apart differ


class RowFault(NamedTuple):
    """Something in a row that is not as it was recorded."""

    name: str  # of the check, or of what differs: "script", "checks", "order", "outcome"
    detail: str


class Rechecked(NamedTuple):
    """What came of making a row's checks again."""

    checks: tuple[str, ...]  # names of those that were made, in order
    unchecked: tuple[str, ...]  # the row's method where it declares no `verify`; else empty
    faults: tuple[RowFault, ...]  # those that do not come out as recorded


def recheck(row: Row, texts: FindPassage) -> Rechecked:
    """Make the formal checks of a row again and compare them with its `checks`.

    A method that cannot be loaded is a fault of the row. `texts` gives a seed's passage by the
    SHA-256 of its text; its KeyError for one that is not there passes through.
    """
    name = row["script"].partition("@")[0]
    try:
        method = load_method(name)
    except Refused as error:
        return Rechecked((), (), (RowFault("script", str(error)),))
    marked = _token_faults(row, {column: row[column] for column in method.makes.own_columns})
    if method.verify is None:
        return Rechecked((), (name,), marked)
    again = method.verify(row, texts)
    failed = [RowFault(check.name, f"fails: {check.detail}") for check in again if not check.passed]
    recorded = [check for check in row["checks"] if check["kind"] == "formal"]
    faults = (*marked, *failed, *_differences(recorded, again))
    return Rechecked(tuple(check.name for check in again), (), faults)


def _token_faults(row: Row, own: Mapping[str, Any]) -> tuple[RowFault, ...]:
    """Control tokens in the row's own columns, and a note of neutral ones that does not fit."""
    held = held_tokens(own)
    if held:
        return (RowFault("control_tokens", f"stand in {', '.join(held)}"),)
    note = tokens_note(own)
    recorded = [check for check in row["checks"] if check["kind"] == NOTE_KIND]
    if recorded != ([note.record()] if note else []):
        return (RowFault("control_tokens", "the note of neutral ones does not fit the row"),)
    return ()


def _differences(recorded: Sequence[Mapping[str, Any]], again: Sequence[Check]) -> list[RowFault]:
    """Recorded checks whose like is missing or gives another result now.

    Those that newly fail are faults already; here they are left out unless they were recorded.
    """
    names = [check["name"] for check in recorded]
    remade = [check for check in again if check.passed or check.name in names]
    if names != [check.name for check in remade]:
        detail = f"{len(recorded)} are recorded, {len(again)} were made: {_odd(names, again)}"
        return [RowFault("checks", detail)]
    return [
        RowFault(check.name, "its recorded result is another one than it gives now")
        for record, check in zip(recorded, remade, strict=True)
        if check.passed and not _same(record, check)
    ]


def _odd(recorded: Sequence[str], again: Sequence[Check]) -> str:
    names = {*recorded} ^ {check.name for check in again}
    return ", ".join(sorted(names)) or "in another order"


def _same(recorded: Mapping[str, Any], again: Check) -> bool:
    return (
        bool(recorded["passed"])
        and abs(recorded["score"] - again.score) <= _SCORE
        and recorded["detail"] == again.detail
    )
