"""(method, step) -> what makes today's checks of a recorded answer."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.answers import conversation, sourced
from benchmarks.answers.recorded import Judge

JUDGES: Mapping[tuple[str, str], Judge] = {
    ("memorization", "query"): sourced.judge_query,
    ("memorization", "answer"): sourced.judge_closed_book,
    ("rag", "query"): sourced.judge_query,
    ("rag", "answer"): sourced.judge_with_sources,
    ("multi_turn", "query"): conversation.judge_query,
    ("multi_turn", "answer"): conversation.judge_answer,
}
