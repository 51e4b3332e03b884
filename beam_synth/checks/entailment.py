"""The answer says nothing that its sources do not say, and answers what was asked."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from decimal import Decimal

from beam_synth.checks import AMBIGUOUS, NEGATIVE, POSITIVE, Check, Exchange, outcome
from beam_synth.records import Passage
from beam_synth.text.claims import claims, content_words, unsupported_facts, without_refs
from beam_synth.text.clauses import limits
from beam_synth.text.counting import counts_rightly
from beam_synth.text.equations import derived
from beam_synth.text.facts import Fact
from beam_synth.text.phrases import declines
from beam_synth.text.support import Support, support, support_of

LEAST_ADDED = (
    2  # names, numbers and words that the focus adds to the query, to hold an answer to it
)
LEAST_SHARED = 0.2  # of the focus's words, for an answer without names and numbers


def sources_support(exchange: Exchange) -> Support:
    """What the writer's sources (see `told_by`) and the query back up, each in its own language."""
    return support(exchange.query, exchange.language) | told_by(exchange.privileged)


def told_by(passages: Iterable[Passage]) -> Support:
    """What passages (text, title, section, other names) back up, each read in its own language."""
    texts = []
    for passage in passages:
        texts.append((passage.text, passage.language))
        texts.append((f"{passage.title}\n{passage.section}", passage.language))
        if passage.names:
            texts.append(("\n".join(passage.names), passage.language))
    return support_of(texts)


def unbacked(text: str, language: str, backing: Support, exchange: Exchange) -> list[str]:
    """The names, numbers and dates of a text of the exchange that nothing backs up, each once.

    Beside the backing, what comes out of true sums of trace and text may stand there, and right
    counts of the words, lines and the like of a text that is spoken of.
    """
    found = unsupported_facts(text, language, backing)
    if not found:
        return []
    sums = {
        Decimal(value.numerator) / Decimal(value.denominator)
        for value in derived(exchange.reasoning) | derived(text)
    }
    spoken_of = [exchange.answer, *(passage.text for passage in exchange.privileged)]
    return list(
        dict.fromkeys(
            fact.text
            for fact in found
            if not fact.values & sums and not counts_rightly(fact, text, spoken_of)
        )
    )


def check_entailment(exchange: Exchange) -> Check:
    """Names, numbers and dates of the answer are in the sources or the query, or come out of sums
    and counts that are right (`unbacked`).

    The score is the share of them that are; citations are left out.
    """
    text = without_refs(exchange.answer)
    missing = unbacked(text, exchange.language, sources_support(exchange), exchange)
    total = len(claims(text, exchange.language))
    score = 1.0 if not total else round(1 - len(missing) / total, 3)
    problems = [f"in no source: {', '.join(missing[:5])}"] if missing else []
    detail = f"{total} names, numbers and dates"
    return outcome("answer_entailed", "answer_not_entailed", problems, detail, score)


def check_declines(exchange: Exchange) -> Check:
    """A negative, absurd or ambiguous query gets an answer that says so; an ambiguous one may also
    be answered by asking back, a negative one by less than it claims ("only four"). Not asked of a
    rag exchange without its primary source."""
    kind = exchange.result
    if kind == POSITIVE or exchange.withheld:
        return outcome("says_so", "answered_as_positive", [], "not asked for")
    text = without_refs(exchange.answer)
    said = declines(text, exchange.language, kind)
    if kind == AMBIGUOUS and text.strip().endswith("?"):
        said = True  # asks back
    if kind == NEGATIVE and not said and limits(text, exchange.language):
        answered = support(text, exchange.language)
        said = any(map(answered.has, focus_facts(exchange)))  # "only four", where seven are asked
    problems = [] if said else [f"{kind} query, but the answer does not say so"]
    return outcome("says_so", "answered_as_positive", problems, kind)


def focus_facts(exchange: Exchange) -> tuple[Fact, ...]:
    """Names, numbers and dates that the focus adds to the query, in the focus's order."""
    focus = (exchange.focus, exchange.passage.language)
    return _added(focus, exchange.query, exchange.language)


@functools.lru_cache(maxsize=64)  # several checks ask it of the same exchange
def _added(focus: tuple[str, str], query: str, language: str) -> tuple[Fact, ...]:
    asked = support(query, language)
    return tuple([fact for fact in claims(*focus) if not asked.has(fact)])


def coverage(exchange: Exchange) -> tuple[float, int]:
    """(share of what the focus adds to the query that the answer holds, how much it adds).

    Facts (names, numbers, dates) and content words count alike. The share is in [0, 1], and 1
    where the focus adds nothing.
    """
    language = exchange.passage.language
    said = support(exchange.answer, exchange.language)
    new = focus_facts(exchange)
    words = content_words(exchange.focus, language) - content_words(exchange.query, language)
    facts_said = sum(map(said.has, new))
    words_said = sum(said.has_number(word) or said.has_token(word) for word in words)
    total = len(new) + len(words)
    return (facts_said + words_said) / total if total else 1.0, total


def check_coverage(exchange: Exchange) -> Check:
    """A positive answer holds a name or number that the focus adds, or a fifth of its words.

    Not asked where the focus adds but one word: that may be said in another.
    """
    if exchange.result != POSITIVE or exchange.withheld:
        return outcome("answer_covers_focus", "answer_not_entailed", [], "not asked for")
    share, added = coverage(exchange)
    if added < LEAST_ADDED:
        return outcome(
            "answer_covers_focus", "answer_not_entailed", [], "the focus adds too little"
        )
    said = support(exchange.answer, exchange.language)
    enough = share >= LEAST_SHARED or any(map(said.has, focus_facts(exchange)))
    problems = [] if enough else [f"holds {share:.0%} of what the focus adds to the query"]
    detail = f"{share:.0%} of the focus"
    return outcome("answer_covers_focus", "answer_not_entailed", problems, detail, round(share, 3))
