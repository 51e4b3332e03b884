"""Where in a trace the answer first stands, and whether the trace ends in it.

A trace that names the answer at once derives nothing: but for lookups, the answer's core may
stand only after 40% of the trace's characters (our rule).
"""

from __future__ import annotations

import functools
import itertools
import re

from beam_synth.checks import POSITIVE, Check, Exchange, is_lookup, outcome
from beam_synth.text.claims import claims, without_refs
from beam_synth.text.facts import Fact, numbers
from beam_synth.text.folding import fold
from beam_synth.text.support import support
from beam_synth.text.wordlists import FUNCTION

EARLIEST = 0.4  # of the trace's characters
# Words by which a query sets things side by side.
_ALTERNATIVES = {
    language: re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for language, words in {
        "en": r"or\b|than\b|differ|compare|versus\b|which\b|between\b|both\b",
        "fr": r"ou\b|plus\b|moins\b|diffèr|différen|compar|lequel|laquelle|entre\b",
        "de": r"oder\b|als\b|unterscheid|unterschied|vergleich|welche|zwischen\b",
        "es": r"o\b|más\b|menos\b|difer|distin|compar|cuál|entre\b",
        "it": r"o\b|più\b|meno\b|differi|differen|confront|quale\b|tra\b|fra\b",
        "pl": r"czy\b|niż\b|lub\b|albo\b|różni|porówn|któr|między\b",
        "nl": r"of\b|dan\b|verschil|vergelijk|welke?\b|tussen\b",
        "la": r"an\b|quam\b|differ|uter\b|utr|compara|inter\b",
    }.items()
}
_READING = re.compile(r"\bsource_\d+\b(?!.*∴)")
_WORDS = re.compile(r"\w+(?:['’.,-]\w+)*")


def _core(exchange: Exchange) -> tuple[Fact, ...]:
    """Names, numbers and dates of the answer that the focus holds and the query does not."""
    focus = (exchange.focus, exchange.passage.language)
    return _stated(without_refs(exchange.answer), focus, exchange.query, exchange.language)


@functools.lru_cache(maxsize=64)  # two checks ask it of the same exchange
def _stated(answer: str, focus: tuple[str, str], query: str, language: str) -> tuple[Fact, ...]:
    held, asked = support(*focus), support(query, language)
    stated = claims(answer, language)
    return tuple([fact for fact in stated if held.has(fact) and not asked.has(fact)])


def key_value(exchange: Exchange) -> Fact | str | None:
    """The answer's core: what the rest of it hangs on.

    Its longest name, number or date that the focus holds and the query does not; else, as a
    string, its longest run of words that stands so in the focus; else None.
    """
    answer, language = without_refs(exchange.answer), exchange.language
    facts = _core(exchange)
    if facts:
        return max(facts, key=lambda fact: (len(fact.text), -fact.start))
    return _shared_run(answer, exchange.focus, exchange.query, language)


def _shared_run(answer: str, focus: str, query: str, language: str) -> str | None:
    """The longest run of words in both, two content words at least that the query lacks."""
    known = FUNCTION.get(language, frozenset())
    asked = set(map(fold, _WORDS.findall(query)))
    ours = [fold(word) for word in _WORDS.findall(answer)]
    theirs = f" {' '.join(fold(word) for word in _WORDS.findall(focus))} "
    best: list[str] = []
    for start in range(len(ours)):
        for end in range(start + len(best) + 1, len(ours) + 1):
            run = ours[start:end]
            if f" {' '.join(run)} " not in theirs:
                break
            new = [w for w in run if len(w) > 3 and w not in asked and w not in known]
            if len(new) >= 2:
                best = run
    return " ".join(best) or None


def first_position(trace: str, key: Fact | str) -> int | None:
    """Character at which the key first stands in the trace; None if it does not.

    A number is looked for by its value, everything else by its words without case and accents.

    >>> first_position("wanted: a year → the river Elbe ●", "river elbe")
    21
    """
    if isinstance(key, Fact) and key.kind == "number":
        starts = [f.start for f in numbers(trace, "en") if f.values & key.values]
        return starts[0] if starts else None
    words = _WORDS.findall(key.text if isinstance(key, Fact) else key)
    wanted = [fold(word) for word in words]
    said = [fold(word) for word in _WORDS.findall(trace)]
    for i in range(len(said) - len(wanted) + 1):
        if said[i : i + len(wanted)] == wanted:
            return next(itertools.islice(_WORDS.finditer(trace), i, None)).start()
    return None


def compares(exchange: Exchange) -> bool:
    """Whether the query sets things side by side: a comparison is asked for, or it names two things
    of which the focus speaks, and has a word for that ("or", "than")."""
    if exchange.axes.get("query_type") == "comparison":
        return True
    words = _ALTERNATIVES.get(exchange.language)
    return bool(words and words.search(exchange.query)) and len(_compared(exchange)) > 1


def _compared(exchange: Exchange) -> list[Fact]:
    """Names and numbers of the query of which the focus speaks."""
    held = support(exchange.focus, exchange.passage.language)
    return [fact for fact in claims(exchange.query, exchange.language) if held.has(fact)]


def _answerable(exchange: Exchange) -> bool:
    return exchange.result == POSITIVE and not exchange.withheld


def _without_readings(trace: str) -> str:
    """The trace with the lines blanked in which a source is read ("source_2 → opened in 1912")."""
    lines = trace.split("\n")
    return "\n".join(" " * len(line) if _READING.search(line) else line for line in lines)


def check_early_answer(exchange: Exchange) -> Check:
    """The answer's core first stands in the trace after 40% of its length.

    A comparison names its terms early: there it is the last of the core's names and numbers that
    counts. So does who reads the sources one by one: their lines are left out. Not asked of lookups
    (`is_lookup`), of queries that cannot be answered as asked, and of answers without a core.
    """
    name, reason = "trace_answer_late", "trace_early_answer"
    asked = _answerable(exchange) and not is_lookup(exchange.axes)
    key = key_value(exchange) if asked else None
    if key is None:
        return outcome(name, reason, [], "not asked for")
    trace = _without_readings(exchange.reasoning) if exchange.sources else exchange.reasoning
    position = first_position(trace, key)
    if isinstance(key, Fact) and compares(exchange):
        places = [(first_position(trace, fact) or 0, fact) for fact in _core(exchange)]
        position, key = max(places, key=lambda place: place[0]) if position else (position, key)
    share = 1.0 if position is None else position / len(trace)
    text = key.text if isinstance(key, Fact) else key
    problems = [] if share >= EARLIEST else [f"{text!r} stands at {share:.0%} of the trace"]
    return outcome(name, reason, problems, f"{text!r} at {share:.0%}")


def check_conclusion(exchange: Exchange) -> Check:
    """What the trace concludes is what the answer says.

    After the last ∴ stands one of the names, numbers and dates that the answer takes from the
    focus; of a comparison also one of the things that are compared ("the lexicon came later"), of a
    query that names what the focus joins two of these. Not
    asked of queries that cannot be answered as asked, and of answers without such a core.
    """
    name, reason = "trace_reaches_answer", "trace_misses_answer"
    core = _core(exchange) if _answerable(exchange) else ()
    if not core:
        return outcome(name, reason, [], "not asked for")
    end = exchange.reasoning.rpartition("∴")[2]
    said = support(end, "en") | support(end, exchange.language)
    reached = [fact.text for fact in core if said.has(fact)]
    if not reached:
        stated = support(without_refs(exchange.answer), exchange.language)
        joined = [f.text for f in _compared(exchange) if said.has(f) and stated.has(f)]
        reached = joined if len(set(joined)) > 1 or compares(exchange) else []
    problems = [] if reached else [f"{core[0].text!r} is not in {end.strip()[:80]!r}"]
    return outcome(name, reason, problems, ", ".join(reached[:5]))
