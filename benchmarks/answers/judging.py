"""(method, step) -> what makes today's checks of a recorded answer."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.answers import conversation, edited, options, problems, sourced, written
from benchmarks.answers.recorded import Judge

JUDGES: Mapping[tuple[str, str], Judge] = {
    ("memorization", "query"): sourced.judge_query,
    ("memorization", "answer"): sourced.judge_closed_book,
    ("rag", "query"): sourced.judge_query,
    ("rag_ends", "query"): sourced.judge_query,
    ("rag_ends", "answer"): sourced.judge_with_sources,
    ("rag", "answer"): sourced.judge_with_sources,
    ("multi_turn", "query"): conversation.judge_query,
    ("multi_turn", "answer"): conversation.judge_answer,
    ("mcq", "query"): options.query_judged,
    ("mcq", "answer"): options.answer_judged,
    ("arithmetic/math_mcq", "query"): problems.query_judged,
    ("arithmetic", "query"): problems.query_judged,
    ("math_mcq", "query"): problems.query_judged,
    ("arithmetic", "answer"): problems.answer_judged,
    ("math_mcq", "answer"): problems.answer_judged,
    ("editing", "choose"): edited.choice_judged,
    ("editing", "perform"): edited.edit_judged,
    ("creative_writing", "query"): written.query_judged,
    ("creative_writing", "write"): written.text_judged,
    ("creative_writing", "revise"): written.text_judged,
    ("constrained_writing", "query"): written.query_judged,
    ("constrained_writing", "write"): written.text_judged,
    ("constrained_writing", "revise"): written.text_judged,
}
