"""The checks of each method, in order; the first that fails rejects the exchange."""

from __future__ import annotations

from typing import Any

from beam_synth.checks import Check, CheckFunction, Exchange, require
from beam_synth.checks.arithmetic import check_arithmetic
from beam_synth.checks.backward import (
    check_conclusion,
    check_early_answer,
    check_leaks,
    check_length,
    check_prose,
    check_unsupported,
)
from beam_synth.checks.citations import (
    check_abstention,
    check_citation_distractor,
    check_citation_missing,
    check_citation_quoted,
    check_citation_unknown,
)
from beam_synth.checks.entailment import check_coverage, check_declines, check_entailment
from beam_synth.checks.language import (
    check_answer_language,
    check_query_language,
    check_trace_language,
)
from beam_synth.checks.query import check_names_source
from beam_synth.checks.trace import check_grammar

QUERY_CHECKS: tuple[CheckFunction, ...] = (check_names_source, check_query_language)
TRACE_CHECKS: tuple[CheckFunction, ...] = (
    check_length,
    check_grammar,
    check_trace_language,
    check_prose,
    check_leaks,
    check_unsupported,
    check_arithmetic,
    check_early_answer,
    check_conclusion,
)
ANSWER_CHECKS: tuple[CheckFunction, ...] = (
    check_answer_language,
    check_declines,
    check_entailment,
    check_coverage,
)
CITATION_CHECKS: tuple[CheckFunction, ...] = (
    check_citation_unknown,
    check_citation_quoted,
    check_abstention,
    check_citation_missing,
    check_citation_distractor,
)


def run_checks_memorization(exchange: Exchange) -> tuple[dict[str, Any], ...]:
    """Records of all checks; raises Rejected at the first that fails."""
    return require(exchange, (*QUERY_CHECKS, *TRACE_CHECKS, *ANSWER_CHECKS))


def run_checks_rag(exchange: Exchange) -> tuple[dict[str, Any], ...]:
    """Records of all checks; raises Rejected at the first that fails."""
    return require(exchange, (*QUERY_CHECKS, *CITATION_CHECKS, *TRACE_CHECKS, *ANSWER_CHECKS))


def run_checks_query(exchange: Exchange) -> tuple[dict[str, Any], ...]:
    """Records of the checks that need the query alone (its trace and answer may be empty)."""
    return require(exchange, QUERY_CHECKS)


__all__ = [
    "Check",
    "Exchange",
    "run_checks_memorization",
    "run_checks_query",
    "run_checks_rag",
]
