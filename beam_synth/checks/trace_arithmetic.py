"""Arithmetic steps of a trace hold (`beam_synth.text.equations` reads and evaluates them)."""

from __future__ import annotations

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.text.equations import equations


def check_arithmetic(exchange: Exchange) -> Check:
    """`trace_arithmetic` of the exchange's trace."""
    return trace_arithmetic(exchange.reasoning)


def trace_arithmetic(trace: str) -> Check:
    """Every arithmetic step of the trace evaluates true; a rounded result may be off by half a unit
    of its last place.

    >>> trace_arithmetic("12 × 3 = 36 → 36 + 5 = 42").detail
    '36 + 5 = 42'
    """
    steps = equations(trace)
    wrong = [text for text, holds, _ in steps if not holds]
    return outcome("trace_arithmetic", "trace_arithmetic", wrong, f"{len(steps)} steps")
