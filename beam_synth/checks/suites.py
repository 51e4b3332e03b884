"""The checks of each method, in order; the first that fails rejects the exchange.

Those of the query come first: they can be made before trace and answer are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from beam_synth.checks import Check, CheckFunction, Exchange, require
from beam_synth.checks.answer_position import check_conclusion, check_early_answer
from beam_synth.checks.answered import (
    check_as_concluded,
    check_given_to,
    check_premise,
    check_sentence,
    check_sourced,
)
from beam_synth.checks.asked import check_as_drawn, check_clear, check_own_words
from beam_synth.checks.backward import check_leaks, check_unsupported
from beam_synth.checks.citations import (
    check_abstention,
    check_citation_distractor,
    check_citation_missing,
    check_citation_quoted,
    check_citation_supports,
    check_citation_unknown,
)
from beam_synth.checks.entailment import check_coverage, check_declines, check_entailment
from beam_synth.checks.fluent import check_fluent
from beam_synth.checks.language import (
    check_answer_language,
    check_query_language,
    check_trace_language,
    trace_language,
)
from beam_synth.checks.query import check_names_source
from beam_synth.checks.trace import check_grammar, trace_grammar
from beam_synth.checks.trace_arithmetic import check_arithmetic, trace_arithmetic
from beam_synth.checks.trace_content import check_first_line, check_progress, trace_progress
from beam_synth.checks.trace_length import (
    check_length,
    check_prose,
    trace_length,
    trace_shorter,
)

QUERY_CHECKS: tuple[CheckFunction, ...] = (
    check_names_source,
    check_query_language,
    check_clear,
    check_own_words,
    check_as_drawn,
)
TRACE_CHECKS: tuple[CheckFunction, ...] = (
    check_length,
    check_grammar,
    check_trace_language,
    check_prose,
    check_leaks,
    check_unsupported,
    check_arithmetic,
    check_early_answer,
    check_first_line,
    check_conclusion,
    check_progress,
)
ANSWER_CHECKS: tuple[CheckFunction, ...] = (
    check_answer_language,
    check_declines,
    check_premise,
    check_sentence,
    check_fluent,
    check_entailment,
    check_coverage,
    check_sourced,
    check_as_concluded,
    check_given_to,
)
CITATION_CHECKS: tuple[CheckFunction, ...] = (
    check_citation_unknown,
    check_citation_quoted,
    check_abstention,
    check_citation_missing,
    check_citation_distractor,
    check_citation_supports,
)


MEMORIZATION = (*QUERY_CHECKS, *TRACE_CHECKS, *ANSWER_CHECKS)
RAG = (*QUERY_CHECKS, *CITATION_CHECKS, *TRACE_CHECKS, *ANSWER_CHECKS)


def make_checks(exchange: Exchange, functions: Iterable[CheckFunction]) -> Iterator[Check]:
    """The checks of an exchange, each made when it is asked for: a caller that stops at a failure
    pays for no later one."""
    return (function(exchange) for function in functions)


def trace_checks(trace: str, asked: int = 0) -> Iterator[Check]:
    """What every trace has to be, whatever exercise it belongs to: checks of the trace alone.

    Args:
        asked: the words and marks that it was asked to have; 0 where none were.

    >>> [check.name for check in trace_checks("∴ 12 ●") if not check.passed]
    ['trace_length', 'trace_grammar']
    """
    yield trace_length(trace, asked)
    for check in (
        trace_grammar,
        trace_language,
        trace_shorter,
        trace_arithmetic,
        trace_progress,
    ):
        yield check(trace)


def run_checks_memorization(exchange: Exchange) -> tuple[dict[str, Any], ...]:
    """Records of all checks of a closed-book exchange; raises Rejected at the first that fails."""
    return require(make_checks(exchange, MEMORIZATION))


def run_checks_rag(exchange: Exchange) -> tuple[dict[str, Any], ...]:
    """Records of all checks of a rag exchange; raises Rejected at the first that fails."""
    return require(make_checks(exchange, RAG))


def run_checks_query(exchange: Exchange) -> tuple[dict[str, Any], ...]:
    """Records of the checks that need the query alone (its trace and answer may be empty).

    Raises Rejected at the first that fails, so that no trace is asked for in vain.
    """
    return require(make_checks(exchange, QUERY_CHECKS))


__all__ = [
    "Check",
    "Exchange",
    "run_checks_memorization",
    "run_checks_query",
    "run_checks_rag",
    "trace_checks",
]
