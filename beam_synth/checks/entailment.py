"""The answer says nothing that its sources do not say, and answers what was asked."""

from __future__ import annotations

import functools
import re

from beam_synth.checks import AMBIGUOUS, POSITIVE, Check, Exchange, outcome
from beam_synth.text.facts import SHORT, Fact, dates, names, numbers, numerals
from beam_synth.text.folding import fold
from beam_synth.text.phrases import declines
from beam_synth.text.support import Support, support, support_of
from beam_synth.text.wordlists import FUNCTION

_REF = re.compile(r"<ref [^>]*>.*?</ref>", re.DOTALL)
_ITEM = re.compile(r"(?m)^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_SOURCE = re.compile(r"\bsource_\d+\b")
LEAST_SHARED = 0.25  # of the focus's words, for an answer without names and numbers


def without_refs(text: str) -> str:
    """The answer's own words: quotations in reference tags are checked by themselves."""
    return _REF.sub(" ", text)


def sources_support(exchange: Exchange) -> Support:
    """What the writer's sources (text, title, section) and the query back up."""
    texts = [(exchange.query, exchange.language)]
    for passage in exchange.privileged:
        texts.append((passage.text, passage.language))
        texts.append((f"{passage.title}\n{passage.section}", passage.language))
    return support_of(texts)


def claims(text: str, language: str, short: int = SHORT) -> tuple[Fact, ...]:
    """Names, dates and numbers that a text states; numbers in words count from four on."""
    return _claims(text, language, short)


@functools.lru_cache(maxsize=256)  # several checks ask it of the same texts
def _claims(text: str, language: str, short: int) -> tuple[Fact, ...]:
    plain = _SOURCE.sub(" ", text) if "source_" in text else text
    return (
        *names(plain, language, short),
        *dates(plain, language),
        *numbers(plain, language),
        *numerals(plain, language, least=4),
    )


def _counted(fact: Fact, text: str) -> bool:
    """A count of the answer's own list items ("there are five: - …")."""
    items = len(_ITEM.findall(text))
    return fact.kind == "number" and items > 1 and any(v == items for v in fact.values)


def unsupported(text: str, language: str, backing: Support, short: int = SHORT) -> list[str]:
    """The names, numbers and dates of the text that nothing backs up, as written."""
    found = [
        f for f in claims(text, language, short) if not backing.has(f) and not _counted(f, text)
    ]
    return list(dict.fromkeys(fact.text for fact in found))


def check_entailment(exchange: Exchange) -> Check:
    """Names, numbers and dates of the answer are in the sources or the query."""
    text = without_refs(exchange.answer)
    missing = unsupported(text, exchange.language, sources_support(exchange))
    total = len(claims(text, exchange.language))
    score = 1.0 if not total else round(1 - len(missing) / total, 3)
    problems = [f"in no source: {', '.join(missing[:5])}"] if missing else []
    detail = f"{total} names, numbers and dates"
    return outcome("answer_entailed", "answer_not_entailed", problems, detail, score)


def check_declines(exchange: Exchange) -> Check:
    """A negative, absurd or ambiguous query gets an answer that says so."""
    kind = exchange.result
    if kind == POSITIVE or exchange.withheld:
        return outcome("says_so", "answered_as_positive", [], "not asked for")
    text = without_refs(exchange.answer)
    said = declines(text, exchange.language, kind)
    if kind == AMBIGUOUS and text.strip().endswith("?"):
        said = True  # asks back
    problems = [] if said else [f"{kind} query, but the answer does not say so"]
    return outcome("says_so", "answered_as_positive", problems, kind)


def content_words(text: str, language: str) -> set[str]:
    """Folded words of four letters and more, and figures, without function words."""
    known = FUNCTION.get(language, frozenset())
    words = {fold(w) for w in _WORD.findall(text) if len(w) > 3 and w.casefold() not in known}
    return words | set(_DIGITS.findall(text))


def new_facts(exchange: Exchange) -> tuple[Fact, ...]:
    """Names, numbers and dates that the focus adds to the query."""
    focus = (exchange.focus, exchange.passage.language)
    return _added(focus, exchange.query, exchange.language)


@functools.lru_cache(maxsize=64)  # several checks ask it of the same exchange
def _added(focus: tuple[str, str], query: str, language: str) -> tuple[Fact, ...]:
    asked = support(query, language)
    return tuple([fact for fact in claims(*focus) if not asked.has(fact)])


def coverage(exchange: Exchange) -> float:
    """Share of what the focus adds to the query that the answer holds, in [0, 1]."""
    language = exchange.passage.language
    said = support(exchange.answer, exchange.language)
    new = new_facts(exchange)
    words = content_words(exchange.focus, language) - content_words(exchange.query, language)
    facts_said = sum(map(said.has, new))
    words_said = sum(said.has_number(word) or said.has_token(word) for word in words)
    total = len(new) + len(words)
    return (facts_said + words_said) / total if total else 1.0


def check_coverage(exchange: Exchange) -> Check:
    """A positive answer holds a name or number that the focus adds, or a quarter of its words."""
    if exchange.result != POSITIVE or exchange.withheld:
        return outcome("answer_covers_focus", "answer_not_entailed", [], "not asked for")
    share = coverage(exchange)
    said = support(exchange.answer, exchange.language)
    enough = share >= LEAST_SHARED or any(map(said.has, new_facts(exchange)))
    problems = [] if enough else [f"holds {share:.0%} of what the focus adds to the query"]
    detail = f"{share:.0%} of the focus"
    return outcome("answer_covers_focus", "answer_not_entailed", problems, detail, round(share, 3))
