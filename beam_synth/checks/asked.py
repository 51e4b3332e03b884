"""A query is put in its own words, is clear by itself, and can be answered as it was drawn."""

from __future__ import annotations

import functools
import re

from beam_synth.checks import ABSURD, AMBIGUOUS, NEGATIVE, POSITIVE, Check, Exchange, outcome
from beam_synth.checks.entailment import focus_facts, told_by
from beam_synth.records import Passage
from beam_synth.text.claims import claims, content_words
from beam_synth.text.facts import numerals
from beam_synth.text.folding import fold
from beam_synth.text.overlap import has_shared_run, plain_words, shared_run
from beam_synth.text.query_forms import asks_how, asks_how_many, is_closed, unclear
from beam_synth.text.questions import asks_for
from beam_synth.text.quotes import mask_quotes
from beam_synth.text.support import Support, support
from beam_synth.text.wordlists import ASKING

MOST_COPIED = 8  # words in a row that a query takes over from its passage, names apart
LEAST_READINGS = 8  # words of a span that shows two readings
MOST_STATED = 0.7  # of a negative query's words may stand in what corrects it


# What joins several things in one span.
_JOINS = {
    "en": "and|or", "fr": "et|ou", "de": "und|oder|sowie", "es": "y|e|o|u", "it": "e|ed|o",
    "pl": "i|oraz|lub|albo|a", "nl": "en|of", "la": "et|ac|atque|aut|vel",
}  # fmt: skip
_BREAKS = re.compile(r"[,;:/()]")


def _joined(exchange: Exchange) -> bool:
    """Whether the focus joins several things by a word."""
    joins = _JOINS.get(exchange.passage.language)
    return bool(joins) and re.search(rf"\b(?:{joins})\b", exchange.focus) is not None


def check_own_words(exchange: Exchange) -> Check:
    """The query takes no more than eight words in a row from its passage, names and quotations
    apart."""
    name, reason = "query_own_words", "query_copies_seed"
    query, text = mask_quotes(exchange.query), exchange.passage.text
    run = shared_run(query, text) if has_shared_run(query, text, MOST_COPIED + 1) else ()
    if not run:
        return outcome(name, reason, [], f"at most {MOST_COPIED} words in a row")
    named = {fold(token) for fact in claims(query, exchange.language) for token in fact.tokens}
    named |= set(plain_words(exchange.passage.title))
    own = [word for word in run if word not in named]
    problems = [f"takes over {' '.join(run)!r}"] if len(own) > MOST_COPIED else []
    return outcome(name, reason, problems, f"{len(run)} words in a row")


def check_clear(exchange: Exchange) -> Check:
    """The query is a sentence, and names its topic: it points at nothing that was not said, and
    some word of it stands in the passage, its title or its headings."""
    query, language, passage = exchange.query, exchange.language, exchange.passage
    problem = unclear(query, language)
    if not problem and passage.text and language == passage.language:
        told = told_by((passage,))
        words = content_words(query, language) | set(re.findall(r"[A-Z]{2,}", query))
        named = any(_says(told, word) for word in words) or any(
            map(told.has, claims(query, language))
        )
        problem = "" if named else "names nothing that it is about"
    return outcome("query_clear", "query_unclear", [problem] if problem else [])


def check_as_drawn(exchange: Exchange) -> Check:
    """The query can be answered, or cannot, as it was drawn.

    A positive one does not hold its own answer (a question for yes or no that offers no choice),
    and where it asks how many, its focus tells more than a year. The focus of an ambiguous one
    shows more than one reading. A negative one claims what its focus does not say, and an absurd
    one speaks of what the passage has nothing of.
    """
    same = exchange.language == exchange.passage.language  # else their words cannot be compared
    find = _FAULTS.get(exchange.result) if exchange.focus and same else None
    problem = find(exchange) if find else ""
    return outcome("query_as_drawn", "query_not_as_drawn", [problem] if problem else [])


def _positive(exchange: Exchange) -> str:
    query, language = exchange.query, exchange.language
    if is_closed(query, language):
        return "holds its own answer: it asks for yes or no"
    if not asks_how_many(query, language):
        return ""
    focus = exchange.focus
    numbered = any(not _YEAR.fullmatch(word) for word in _FIGURES.findall(focus))
    if numbered or numerals(focus, exchange.passage.language) or _joined(exchange):
        return ""
    year = _YEAR.search(focus)
    if year and not _YEAR_ALONE.search(focus):
        return ""  # it stands before what it counts
    return f"asks how many, and what settles it tells no number: {focus[:80]!r}" if year else ""


_FIGURES = re.compile(r"\d[\d.,]*\d|\d")
_YEAR = re.compile(r"\b1\d{3}|20\d\d\b")
_YEAR_ALONE = re.compile(r"\b(?:1\d{3}|20\d\d)\b(?!\s+[^\W\d_]{3,})")


def _ambiguous(exchange: Exchange) -> str:
    words = len(plain_words(exchange.focus))
    kind = asks_for(exchange.query, exchange.language, exchange.passage.title)
    one = kind in ("quantity", "time") and len(_values(exchange)) == 1
    short = words < LEAST_READINGS and not (_joined(exchange) or _BREAKS.search(exchange.focus))
    if short or (one and words < 2 * LEAST_READINGS):
        return f"has one reading: {exchange.focus[:80]!r}"
    return ""


def _values(exchange: Exchange) -> list[str]:
    return [fact.text for fact in focus_facts(exchange) if fact.kind in ("number", "date")]


def _negative(exchange: Exchange) -> str:
    stated = support(sentence_of(exchange), exchange.passage.language)
    passage = exchange.passage
    title = support("\n".join((passage.title, *passage.names)), passage.language)
    facts = claims(exchange.query, exchange.language)
    if any(not (stated.has(fact) or title.has(fact)) for fact in facts):
        return ""
    if asks_how(exchange.query, exchange.language):
        return ""  # a relation may be wrong whose words are all right
    words = own_words(exchange.query, exchange.passage, exchange.language)
    said = [word for word in words if _says(stated, word)]
    if words and len(said) > MOST_STATED * len(words):
        return "its premise is right: all that it claims stands in what was to correct it"
    return ""


def _absurd(exchange: Exchange) -> str:
    told = support(exchange.passage.text, exchange.passage.language)
    words = own_words(exchange.query, exchange.passage, exchange.language)
    if words and all(_says(told, word) for word in words):
        return "makes sense: all that it speaks of stands in the passage"
    return ""


_FAULTS = {POSITIVE: _positive, AMBIGUOUS: _ambiguous, NEGATIVE: _negative, ABSURD: _absurd}


def own_words(query: str, passage: Passage, language: str) -> list[str]:
    """The content words of a query that are neither words of its topic nor of asking, sorted."""
    topic = set(plain_words(passage.title))
    words = content_words(query, language) - topic
    return sorted(word for word in words if not word.startswith(_asking(language)))


@functools.cache
def _asking(language: str) -> tuple[str, ...]:
    return tuple(sorted(ASKING.get(language, frozenset())))


def _says(backing: Support, word: str) -> bool:
    return backing.has_number(word) or backing.has_token(word)


def sentence_of(exchange: Exchange) -> str:
    """The sentences of the passage that the focus stands in, else the focus."""
    text, focus = exchange.passage.text, exchange.focus
    at = text.find(focus)
    if at < 0:
        return focus
    starts = [start for start in exchange.passage.sentences if start <= at]
    ends = [start for start in exchange.passage.sentences if start >= at + len(focus)]
    return text[starts[-1] if starts else 0 : ends[0] if ends else len(text)]
