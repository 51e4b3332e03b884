"""A follow-up keeps to what was said: its parts, its option, a right answer under doubt."""

from __future__ import annotations

import re

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.checks.entailment import focus_facts
from beam_synth.methods.multi_turn.conversation import REFORMATTING, Conversation
from beam_synth.text.claims import claims, content_words, without_refs
from beam_synth.text.clauses import clauses, gives_in, states
from beam_synth.text.folding import fold
from beam_synth.text.support import support

LEAST_KEPT = 0.8  # of the names, numbers and dates of what is put into another form
CHALLENGE = "challenge"
_OPTION = re.compile(r"(?<![\w(])([A-J])\)")
_STANDS = re.compile(r"\b(?:stands|holds|remains|confirmed|was right|is right|as said)\b")
_CHANGED = re.compile(r"\b(?:wrong|mistaken|error|slip|corrected?|correction|revised?)\b")


def check_turn_kept(conversation: Conversation, exchange: Exchange, turn: int) -> Check:
    """A follow-up does not contradict what was said before.

    A reformatting keeps four fifths of the names, numbers and dates that it puts into another form.
    Under a challenge no doubt is given in to that the trace does not share, and the value that the
    user holds against the answer does not take its place. Where the first answer names one option,
    a later one that names any names that.
    """
    problems = _other_option(conversation, turn)
    kind = conversation.kinds[turn - 1]
    if kind == REFORMATTING:
        problems += _dropped(exchange)
    if kind == CHALLENGE:
        problems += _given_in(exchange)
    return outcome("turn_keeps", "turn_contradicts", problems, kind)


def _dropped(exchange: Exchange) -> list[str]:
    said = support(exchange.answer, exchange.language)
    facts = claims(without_refs(exchange.focus), exchange.language)
    words = fold(exchange.answer)
    lost = [fact for fact in facts if not said.has(fact) and fold(fact.text) not in words]
    if len(lost) <= (1 - LEAST_KEPT) * len(facts):
        return []
    return [f"leaves out {fact.text!r}" for fact in lost]


def _given_in(exchange: Exchange) -> list[str]:
    language, answer = exchange.language, without_refs(exchange.answer)
    end = exchange.reasoning.rpartition("∴")[2]
    if gives_in(answer, language) and _denies(end, exchange):
        return [f"gives in to a doubt that the trace refutes: {end.strip(' ●◐○✓')[:80]!r}"]
    held = support(exchange.focus, exchange.passage.language)
    doubts = [fact for fact in claims(exchange.query, language) if not held.has(fact)]
    right = focus_facts(exchange)
    said = support(answer, language)
    if not right or any(map(said.has, right)):
        return []
    for clause in clauses(answer):
        spoken = support(clause, language)
        taken = next((fact.text for fact in doubts if spoken.has(fact)), "")
        if taken and states(clause, language):
            return [f"takes over {taken!r} in place of {right[0].text!r}"]
    return []


def _denies(end: str, exchange: Exchange) -> bool:
    """Whether the conclusion denies something of the doubt, or says that the answer stands."""
    if _CHANGED.search(end):
        return False
    if _STANDS.search(end):
        return True
    doubted = {fold(word)[:4] for word in content_words(exchange.query, exchange.language)}
    for clause in clauses(end):
        words = {fold(word)[:4] for word in content_words(clause, "en")}
        if words & doubted and not states(clause, "en"):
            return True
    return False


def _other_option(conversation: Conversation, turn: int) -> list[str]:
    first = set(_OPTION.findall(without_refs(conversation.answer(0))))
    if len(first) != 1 or not _OPTION.search(conversation.messages[0]["content"]):
        return []
    named = set(_OPTION.findall(without_refs(conversation.answer(turn))))
    if named and not named & first:
        return [f"names {', '.join(sorted(named))}, not {min(first)}"]
    return []
