"""Language of queries, answers and traces, by a vote of function words with lingua.

Names are left out before the text is classified: they say where a thing is, not which language
speaks of it. A text is refused only when another language is clearly more likely, by lingua and by
the vote, so that short texts pass. A text that the vote alone clears never gets to lingua, which
costs forty times as much. Measured on 1,000 real sentences a language: 0.0 to 0.4% are refused by
mistake, and about 3% of sentences in another language pass; `tests/text/test_languages.py` holds
both. Other languages are looked for among all that lingua knows; of one that it does not know
nothing is refused (`text.languages`).
"""

from __future__ import annotations

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.checks.drift import drifts
from beam_synth.text.languages import mask_refs, other_language


def language_check(name: str, reason: str, text: str, language: str) -> Check:
    """A text is in a language (its code); the score is the confidence in it, in [0, 1].

    Args:
        name: of the check; reason: what a failure rejects with.
    """
    other, own = other_language(text, language)
    problems = [f"looks like {other}, not {language}"] if other else []
    return outcome(name, reason, problems, score=own)


def check_query_language(exchange: Exchange) -> Check:
    """The query is in the exchange's language."""
    return language_check("query_language", "query_language", exchange.query, exchange.language)


def check_answer_language(exchange: Exchange) -> Check:
    """The answer, without its quotations, is in the exchange's language."""
    return answer_language(exchange.answer, exchange.language)


def answer_language(text: str, language: str) -> Check:
    """An answer, without its quotations, is in a language, and each of its sentences is."""
    whole = language_check("answer_language", "answer_language", text, language)
    drifted = drifts(mask_refs(text), language) if whole.passed else ""
    if not drifted:
        return whole
    return outcome(
        "answer_language", "answer_language", [f"a sentence is in {drifted}"], score=whole.score
    )


def check_trace_language(exchange: Exchange) -> Check:
    """`trace_language` of the exchange."""
    return trace_language(exchange.reasoning)


def trace_language(trace: str) -> Check:
    """The trace, without its quotations, is in English, whatever language the exchange is in."""
    return language_check("trace_language", "trace_language", mask_refs(trace), "en")
