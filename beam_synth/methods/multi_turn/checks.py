"""Conversations: follow-ups to one exchange that is kept word for word (SYNTH's multi-turn).

Each follow-up is checked like an exchange of its own, whose sources are the seed and all that was
said before; then the conversation as a whole: its roles, its first exchange, and that follow-ups
lean on earlier turns. A follow-up leans on them when it names one of their things, or when it
holds a pronoun or an ellipsis and does not name the topic in full (our rule; `anaphora` lists the
words by language).
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from collections.abc import Iterator, Sequence

from beam_synth.checks import POSITIVE, Check, Exchange, Source, outcome
from beam_synth.checks.answered import check_as_concluded, check_given_to
from beam_synth.checks.backward import check_unsupported
from beam_synth.checks.citations import check_citation_quoted, check_citation_unknown
from beam_synth.checks.entailment import check_coverage, check_entailment
from beam_synth.checks.fluent import check_fluent
from beam_synth.checks.language import check_answer_language, check_query_language
from beam_synth.checks.leaks import leaks
from beam_synth.checks.suites import trace_checks
from beam_synth.methods.multi_turn.conversation import (
    KINDS,
    REFORMATTING,
    Conversation,
    conversation_sha256,
    shown_sources,
    split_trace,
)
from beam_synth.methods.multi_turn.kept import check_turn_kept
from beam_synth.records import Passage
from beam_synth.text.anaphora import leans
from beam_synth.text.claims import claims
from beam_synth.text.phrases import points_at_text
from beam_synth.text.quotes import mask_quotes
from beam_synth.text.sentences import normalise, occurrences, words
from beam_synth.text.support import support_of

MOST_SHARED = 0.6  # Jaccard similarity of the 3-grams of two turns of one role
LINKED_SHARE = 0.5  # of the follow-ups must lean on earlier turns
# Exercises whose prompt shows a text, and those whose turns may speak of one.
SHOWS_TEXT = frozenset(["rag", "editing"])
SPEAKS_OF_TEXT = SHOWS_TEXT | {"creative writing", "constrained writing"}

_QUOTED = re.compile(r"[“„«\"]\s?([^“”„«»\"\n]{2,200}?)\s?[”“»\"]")
_AXES = {"query_result": POSITIVE, "complexity": "moderate", "query_type": "process"}
_NO_TITLE = "\0"


# ---------------------------------------------------------------- what backs a follow-up


def _as_passage(text: str, language: str) -> Passage:
    return Passage(
        "", "", "", language, "", None, "", "", "[]", "", "prose", 0, text, (0,), 0, 0
    )  # fmt: skip


def turn_exchange(conversation: Conversation, turn: int) -> Exchange:
    """A follow-up as an exchange of its own, whose sources are the seed and what was said before.

    A reformatting adds nothing from the seed.
    """
    backing = [_as_passage(text, language) for text, language in conversation.earlier(turn)]
    if conversation.passage and conversation.kinds[turn - 1] != REFORMATTING:
        backing.insert(0, conversation.passage)
    return Exchange(
        language=conversation.language,
        query=conversation.asked(turn),
        reasoning=conversation.trace(turn),
        answer=conversation.answer(turn),
        focus=conversation.focuses[turn - 1],
        axes=_AXES,
        passage=dataclasses.replace(backing[0], language=conversation.language),
        neighbors=tuple(backing[1:]),
        trace_words=conversation.trace_words[turn - 1] if conversation.trace_words else 0,
    )


# ---------------------------------------------------------------- one follow-up


def query_checks(conversation: Conversation, turn: int) -> Iterator[Check]:
    """Checks of a follow-up's query, each made when it is asked for; its answer may be missing."""
    query, language = conversation.asked(turn), conversation.language
    earlier = [conversation.messages[0]["content"], *map(conversation.asked, range(turn))]
    yield _check_new("query_new", query, earlier, MOST_SHARED)
    yield check_query_language(Exchange(language, query, "", "", "", {}, _as_passage("", language)))
    pointed = "" if conversation.exercise in SPEAKS_OF_TEXT else points_at_text(query, language)
    problems = [f"speaks of a text: {pointed!r}"] if pointed else []
    yield outcome("query_names_source", "query_names_source", problems)


def answer_checks(conversation: Conversation, turn: int) -> Iterator[Check]:
    """Checks of a follow-up's trace and answer, each made when it is asked for."""
    exchange = turn_exchange(conversation, turn)
    reformatted = conversation.kinds[turn - 1] == REFORMATTING
    earlier = [conversation.answer(i) for i in range(turn)]
    # Another layout of the same words is what a reformatting is.
    yield _check_new("answer_new", exchange.answer, earlier, 1.0 if reformatted else MOST_SHARED)
    yield from trace_checks(exchange.reasoning, exchange.trace_words)
    yield _check_leaks(conversation, exchange, turn)
    yield check_unsupported(exchange)
    cited = dataclasses.replace(exchange, sources=_sources(conversation))
    yield check_citation_unknown(cited)
    yield check_citation_quoted(cited)
    yield check_answer_language(exchange)
    yield check_fluent(exchange)
    yield check_entailment(exchange)
    yield check_coverage(exchange)
    yield check_as_concluded(exchange)
    yield check_given_to(exchange)
    yield check_turn_kept(conversation, exchange, turn)


def _sources(conversation: Conversation) -> tuple[Source, ...]:
    if conversation.exercise != "rag":
        return ()
    prompt = conversation.messages[0]["content"]
    return shown_sources(prompt, _as_passage("", conversation.language))


def _check_new(name: str, text: str, earlier: Sequence[str], most: float) -> Check:
    """A turn is not an earlier one of its role over again; the score is its distance from them."""
    shared = max((similarity(text, other) for other in earlier), default=0.0)
    repeated = shared > most or text.strip() in {other.strip() for other in earlier}
    problems = [f"{shared:.0%} of an earlier turn's 3-grams"] if repeated else []
    return outcome(name, "turn_repeats", problems, f"{shared:.0%}", round(1 - shared, 3))


def similarity(a: str, b: str) -> float:
    """Jaccard similarity of two texts' 3-grams of words, in [0, 1]; case does not count.

    >>> similarity("It was built in 1912", "it was built in 1912")
    1.0
    >>> similarity("It was built in 1912", "It was built by Vogt")
    0.2
    """
    left, right = _grams(a), _grams(b)
    either = len(left | right)
    return len(left & right) / either if either else 1.0


@functools.lru_cache(maxsize=64)  # each turn is compared with every later one
def _grams(text: str) -> frozenset[tuple[str, ...]]:
    said = words(text.casefold())
    return frozenset(tuple(said[i : i + 3]) for i in range(max(1, len(said) - 2)))


def _check_leaks(conversation: Conversation, exchange: Exchange, turn: int) -> Check:
    """Trace and answer speak of nothing that the reader does not see."""
    title = conversation.passage.title if conversation.passage else _NO_TITLE
    asked = " ".join(conversation.asked(i) for i in range(turn + 1))
    mentions = leaks(
        mask_quotes(exchange.reasoning),
        rag=conversation.exercise in SHOWS_TEXT,
        title=title or _NO_TITLE,
        query=asked,
    )
    if conversation.exercise not in SPEAKS_OF_TEXT:
        pointed = points_at_text(exchange.answer, exchange.language)
        mentions += [f"the answer: {pointed}"] if pointed else []
    return outcome("trace_no_leak", "trace_leaks_source", [f"mentions {f!r}" for f in mentions])


# ---------------------------------------------------------------- the conversation


def check_turn_roles(conversation: Conversation) -> Check:
    """User and assistant take turns, none is empty, and each follow-up has a kind of its own."""
    messages, problems = conversation.messages, []
    turns = len(messages) // 2 - 1
    if len(messages) % 2 or turns < 1:
        problems.append(f"{len(messages)} messages")
    for i, message in enumerate(messages):
        if message["role"] != ("user", "assistant")[i % 2]:
            problems.append(f"message {i} is the {message['role']}'s")
        if not split_trace(message["content"])[1].strip():
            problems.append(f"message {i} is empty")
    kinds = conversation.kinds
    if len(kinds) != turns or len(conversation.focuses) != turns or not set(kinds) <= set(KINDS):
        problems.append(f"{turns} follow-ups of the kinds {', '.join(kinds)}")
    if any(a == b for a, b in itertools.pairwise(kinds)):
        problems.append(f"two follow-ups of one kind in a row: {', '.join(kinds)}")
    return outcome("turn_roles", "turn_roles", problems, f"{turns} follow-ups")


def check_parent(conversation: Conversation) -> Check:
    """The first exchange is the parent's."""
    same = (
        conversation_sha256(conversation.query, conversation.messages[:2])
        == conversation.parent_sha256
    )
    problems = [] if same else ["the first exchange is another one than the parent's"]
    return outcome("parent_kept", "parent_changed", problems)


def linked(conversation: Conversation, turn: int) -> bool:
    """Whether a follow-up leans on an earlier turn (see the module's text)."""
    query, language = conversation.asked(turn), conversation.language
    if names_earlier(query, conversation.earlier(turn), language):
        return True
    title = conversation.passage.title.partition("(")[0] if conversation.passage else ""
    topic = normalise(title)
    restated = next(occurrences(normalise(query), topic), None) is not None
    return not restated and leans(query, language)


def names_earlier(query: str, earlier: Sequence[tuple[str, str]], language: str) -> bool:
    """Whether a query holds a name, number, date or quoted words of earlier (text, language).

    >>> names_earlier("And why not “the other bank”?", [("It led to the other bank.", "en")], "en")
    True
    """
    said = support_of(earlier)
    if any(said.has(fact) for fact in claims(query, language)):
        return True
    quoted = [normalise(text) for text in _QUOTED.findall(query)]
    return any(text in normalise(other) for text in quoted for other, _ in earlier)


def check_linked(conversation: Conversation) -> Check:
    """At least half of the follow-ups lean on earlier turns; the score is their share."""
    turns = range(1, len(conversation.messages) // 2)
    alone = [turn for turn in turns if not linked(conversation, turn)]
    share = 1 - len(alone) / len(turns)
    detail = f"{len(turns) - len(alone)} of {len(turns)} follow-ups lean on earlier turns"
    problems = [detail] if share < LINKED_SHARE else []
    return outcome("turns_linked", "turn_unlinked", problems, detail, round(share, 3))


def conversation_checks(conversation: Conversation) -> Iterator[Check]:
    """Checks of the whole, to be made after those of each follow-up."""
    yield check_turn_roles(conversation)
    yield check_parent(conversation)
    yield check_linked(conversation)


def numbered(checks: Iterator[Check], turn: int) -> Iterator[Check]:
    """The checks of one follow-up, which their details name."""
    for check in checks:
        detail = f"turn {turn}: {check.detail}".rstrip(": ")
        yield Check(check.name, check.passed, check.score, detail, check.reason, check.kind)


def checks_of(conversation: Conversation) -> Iterator[Check]:
    """All checks in the order in which they were made; without the right roles, these alone."""
    roles = check_turn_roles(conversation)
    if not roles.passed:
        yield roles
        return
    for turn in range(1, len(conversation.messages) // 2):
        yield from numbered(query_checks(conversation, turn), turn)
        yield from numbered(answer_checks(conversation, turn), turn)
    yield from conversation_checks(conversation)
