"""(method, step) -> what makes today's checks of a recorded answer."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.answers.recorded import Judge

JUDGES: Mapping[tuple[str, str], Judge] = {}
