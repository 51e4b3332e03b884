"""Backward reasoning (SYNTH): the trace is written by someone who knows the answer, as if they did
not. So it may speak of nothing that its reader does not see, and take nothing from elsewhere."""

from __future__ import annotations

import functools
from decimal import Decimal

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.checks.entailment import sources_support
from beam_synth.checks.leaks import leaks
from beam_synth.checks.notation import TraceError
from beam_synth.checks.trace import parse_trace
from beam_synth.text.claims import unsupported_facts
from beam_synth.text.counting import counts_a_list, counts_rightly
from beam_synth.text.equations import derived
from beam_synth.text.facts import numbers
from beam_synth.text.phrases import points_at_text
from beam_synth.text.quotes import mask_quotes
from beam_synth.text.support import Support, support


def check_leaks(exchange: Exchange) -> Check:
    """The trace speaks of nothing that its reader does not see; nor does a closed-book answer.

    Quotations of the trace are not read. The sources of a rag exchange are seen.
    """
    rag = bool(exchange.sources)
    trace = mask_quotes(exchange.reasoning)
    mentions = leaks(trace, rag=rag, title=exchange.passage.title, query=exchange.query)
    if not rag:
        pointed = points_at_text(exchange.answer, exchange.language)
        mentions += [f"the answer: {pointed}"] if pointed else []
    return outcome(
        "trace_no_leak", "trace_leaks_source", [f"mentions {mention!r}" for mention in mentions]
    )


def check_unsupported(exchange: Exchange) -> Check:
    """Names and numbers of the trace are in the sources, the query, or come out of its sums.

    Fragments often open with a capital, so a single word that opens one counts as a name only
    when it is all that follows → or ∴, and no verdict ("∴ Yes"). The numbers 0 to 3 may count
    things, and a number up to twelve the items of a list that the answer or a source has. A trace
    that does not parse is left to the grammar check.
    """
    name, reason = "trace_supported", "trace_unsupported"
    try:
        claimed = parse_trace(exchange.reasoning).claims
    except TraceError as error:
        return outcome(name, reason, [], f"does not parse: {error}")
    backing = sources_support(exchange) | _known()
    calculated = {
        Decimal(value.numerator) / Decimal(value.denominator)
        for value in derived(exchange.reasoning)
    }
    calculated |= {Decimal(n) for n in range(4)}  # counting in words or figures: "2 candidates"
    listed = [exchange.answer, *(passage.text for passage in exchange.privileged)]
    unbacked: list[str] = []
    for short in (0, 1):
        follows = [c.text for c in claimed if (c.connective in ("→", "∴")) is bool(short)]
        text = "\n".join(follows)
        for fact in unsupported_facts(text, "en", backing, short):
            values = fact.values or {v for f in numbers(fact.text, "en") for v in f.values}
            if values & calculated or counts_rightly(fact, text, [exchange.answer]):
                continue
            if not counts_a_list(fact, listed):
                unbacked.append(fact.text)
    unbacked = list(dict.fromkeys(unbacked))
    problems = [f"in no source: {', '.join(unbacked[:5])}"] if unbacked else []
    return outcome(name, reason, problems)


# What a trace may say of itself: languages, and verdicts that are whole fragments.
_KNOWN = (
    "English French German Spanish Italian Polish Dutch Latin yes no none unknown unclear unsure "
    "ambiguous absurd impossible nonsense false true wrong right correct incorrect mistaken "
    "confirmed unconfirmed verified plausible implausible possible likely unlikely consistent "
    "inconsistent unanswerable abstain answer conclusion done settled open rejected excluded same "
    "different both neither either unsupported supported contradiction match mismatch agreed"
)


@functools.cache
def _known() -> Support:
    return support(_KNOWN, "en")
