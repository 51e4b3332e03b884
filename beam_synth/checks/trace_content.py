"""A trace gets somewhere: its lines say something new, and it does not begin with its end."""

from __future__ import annotations

import functools
import re

from beam_synth.checks import Check, Exchange, is_lookup, outcome
from beam_synth.text.claims import content_words
from beam_synth.text.overlap import plain_words
from beam_synth.text.quotes import quotations

MOST_IDLE = 0.5  # of the lines between the first and the conclusion may say nothing new
MOST_AT_ONCE = 0.5  # of what the conclusion adds to the query may stand on the first line
_STEM = 5  # letters by which words are the same

# What a line can say of any task: it is no content.
_PROCESS = (
    "asked wanted needed recall consider think thinking thought check checked checking again "
    "answer question carefully look looking find finding found know known then also clear "
    "clearly obvious obviously simply indeed certainly final finally conclude conclusion step "
    "next review verify verified confirm confirmed understand problem query topic thing fact "
    "facts point matter right correct good done same here this that now still just really "
    "maybe perhaps okay well work working going forward proceed continue start begin goal "
    "task info information detail details important key main overall basically therefore "
    "should would could might must about quite very premise wrong mean meant reading readings "
    "stands holds settled settles follows source"
)
_ANYWHERE = frozenset(word[:_STEM] for word in _PROCESS.split())
_STATES_TASK = re.compile(
    r"\W*(?:asked|wanted|needed|query|question|sought|goal|task|topic|doubt|request)\b|[^→∴]*\?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"⟨H≈[^⟩]*⟩|^\s*\d+[.)]\s|\bsource_\d+\b")


@functools.lru_cache(maxsize=64)  # several checks ask it of the same trace
def _lines(trace: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The lines that hold something, each with the stems of its content words."""
    return tuple((line, _stems(line)) for line in trace.splitlines() if any(map(str.isalnum, line)))


def _stems(text: str, language: str = "en") -> frozenset[str]:
    words = content_words(_ASIDE.sub(" ", text), language)
    shown = (word for quoted in quotations(text) for word in plain_words(quoted))
    return frozenset(word[:_STEM] for word in words) - _ANYWHERE | frozenset(shown)


def check_progress(exchange: Exchange) -> Check:
    """`trace_progress` of the exchange's trace."""
    return trace_progress(exchange.reasoning)


def trace_progress(trace: str) -> Check:
    r"""At most half of the lines between the first and the conclusion say nothing new.

    New is a content word, or any word in quotation marks, that no earlier line has; words that go
    with any task ("check again") are none.

    >>> trace_progress("a mill by the river\nthe mill again\nthink of the mill\n∴ mill").detail
    "2 of 2 lines say nothing new: 'the mill again'"
    """
    seen: set[str] = set()
    idle, inner = [], 0
    for n, (line, words) in enumerate(_lines(trace)):
        if n and "∴" not in line:
            inner += 1
            if not words - seen and not any(map(str.isdigit, line)):
                idle.append(line.strip())
        seen |= words
    detail = f"{len(idle)} of {inner} lines say nothing new"
    empty = len(idle) > 1 and len(idle) >= MOST_IDLE * inner
    problems = [f"{detail}: {idle[0][:60]!r}"] if empty else []
    return outcome("trace_progress", "trace_filler", problems, detail)


def check_first_line(exchange: Exchange) -> Check:
    """The first line does not say what the last one concludes, in whatever words: of what the
    conclusion adds to the query at most half stands there. Not asked of look-ups, nor of a line
    that says what is asked in another language than the query's."""
    name, reason = "trace_opens_openly", "trace_early_answer"
    lines = _lines(exchange.reasoning)
    restates = exchange.language != "en" and bool(lines) and _STATES_TASK.match(lines[0][0])
    if is_lookup(exchange.axes) or len(lines) < 2 or restates:
        return outcome(name, reason, [], "not asked for")
    end = exchange.reasoning.rpartition("∴")[2]
    asked = _stems(exchange.query, exchange.language)
    added = _stems(end) - asked
    first, words = lines[0]
    known = added & words
    detail = f"{len(known)} of {len(added)} words"
    early = bool(added) and len(known) > MOST_AT_ONCE * len(added)
    problems = [f"{detail} of the conclusion: {first.strip()[:80]!r}"] if early else []
    return outcome(name, reason, problems, detail)
