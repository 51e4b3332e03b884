"""Arithmetic steps of a trace hold."""

from __future__ import annotations

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.text.equations import equations


def check_arithmetic(exchange: Exchange) -> Check:
    """`trace_arithmetic` of the exchange."""
    return trace_arithmetic(exchange.reasoning)


def trace_arithmetic(trace: str) -> Check:
    """Every arithmetic step of the trace evaluates true."""
    found = equations(trace)
    wrong = [text for text, holds, _ in found if not holds]
    return outcome("trace_arithmetic", "trace_arithmetic", wrong, f"{len(found)} steps")
