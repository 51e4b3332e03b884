"""An answer keeps to what its trace concludes and to what its sources give to each thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from beam_synth.checks import ABSURD, AMBIGUOUS, NEGATIVE, POSITIVE, Check, Exchange, outcome
from beam_synth.checks.asked import own_words, sentence_of
from beam_synth.checks.entailment import focus_facts, sources_support, told_by
from beam_synth.checks.notation import TraceError
from beam_synth.checks.trace import parse_trace
from beam_synth.text.claims import claims, content_words, without_refs
from beam_synth.text.clauses import (
    INTENSIFIERS,
    after_but,
    clauses,
    comparatives,
    guesses,
    states,
)
from beam_synth.text.counting import counted_things
from beam_synth.text.equations import equations
from beam_synth.text.facts import Fact, numbers, numerals
from beam_synth.text.folding import fold
from beam_synth.text.phrases import declines
from beam_synth.text.quotes import mask_quotes
from beam_synth.text.sentences import sentences
from beam_synth.text.support import Support, support, support_of
from beam_synth.text.swaps import swapped_labels, swapped_names

LEAST_PREMISE = 3  # words of a negative query that a clause restates
BESIDE = 3  # words between what is right and what is wrong, in a clause that mixes them
LEAST_COUNTED = 4  # fewer may be a part of what is counted
LEAST_KEPT = 0.5  # of what the conclusion says of the focus stands in the answer


def check_as_concluded(exchange: Exchange) -> Check:
    """The answer says what the trace concludes: at least half of the names, numbers and dates that
    stand behind ∴ and in the focus and are not the query's, each for what ∴ says it of; and none
    in place of which it has another that is neither concluded nor in the focus."""
    name, reason = "answer_as_concluded", "answer_contradicts_trace"
    end = _conclusion(exchange)
    held, asked = _focus(exchange), support(exchange.query, exchange.language)
    facts = [fact for fact in claims(end, "en", 1) if held.has(fact) and not asked.has(fact)]
    facts += [f for f in _small(end) if f not in facts and held.has(f) and not asked.has(f)]
    answer = without_refs(exchange.answer)
    said = support(exchange.answer, exchange.language)  # a quotation says it, too
    kept = [fact.text for fact in facts if said.has(fact)]
    problems = []
    if len(kept) < LEAST_KEPT * len(facts):
        lost = next(fact.text for fact in facts if fact.text not in kept)
        problems.append(f"leaves out {lost!r} of {end.strip()[:80]!r}")
    problems += _put_otherwise(exchange, end, facts)
    problems += swapped_labels(mask_quotes(end), answer, exchange.language)
    return outcome(name, reason, problems, f"{len(kept)} of {len(facts)} of the conclusion")


def _put_otherwise(exchange: Exchange, end: str, facts: Sequence[Fact]) -> list[str]:
    """In words, a fact of the conclusion in place of which the answer has another of its kind, and
    keeps none of that kind."""
    if exchange.result != POSITIVE or exchange.withheld:
        return []  # what denies or asks back tells of other things, too
    language, words = exchange.language, without_refs(exchange.answer)
    own = support(words, language)
    lost = [fact for fact in facts if not own.has(fact)]
    if not lost:
        return []
    kept = {fact.kind for fact in facts if fact not in lost}  # it says some of that kind
    known = support(end, "en") | support(end, language) | support(exchange.query, language)
    known = known | _focus(exchange)
    other = {fact.kind: fact.text for fact in claims(words, language) if not known.has(fact)}
    return [
        f"has {other[fact.kind]!r} where {end.strip()[:80]!r} has {fact.text!r}"
        for fact in lost
        if fact.kind in other and fact.kind not in kept
    ][:1]


def _conclusion(exchange: Exchange) -> str:
    try:
        found = parse_trace(exchange.reasoning).conclusion
    except TraceError:
        return ""
    if found is None:
        return ""
    return exchange.reasoning[found.start :].lstrip("∴ ")


def _small(text: str) -> list[Fact]:
    """Numerals from two on: what a conclusion counts counts in the answer, too."""
    return numerals(text, "en", least=2)


def _focus(exchange: Exchange) -> Support:
    return support(exchange.focus, exchange.passage.language)


def check_given_to(exchange: Exchange) -> Check:
    """The answer gives no thing a number, and no deed a doer, that its sources give to another.

    A number before a thing that the sources count otherwise, and two names in the order that turns
    what the focus says of them about ("Anna taught Bert" for "Bert taught Anna").
    """
    answer = without_refs(exchange.answer)
    problems = _miscounted(answer, exchange)
    problems += swapped_names(exchange.focus, answer, exchange.language)
    return outcome("answer_given_to", "answer_swaps", problems)


def _miscounted(answer: str, exchange: Exchange) -> list[str]:
    language = exchange.language
    stated = counted_things(answer, language, LEAST_COUNTED)
    if not stated:
        return []
    texts = [(exchange.query, language), *((p.text, p.language) for p in exchange.privileged)]
    told = {
        (count.value, thing)
        for text, code in texts
        if code == language
        for count in counted_things(text, code)
        for thing in count.things
    }
    things = {thing for _, thing in told}
    # What a calculation or the user brings in is no count of the sources.
    said = [exchange.query, *(equation.text for equation in equations(exchange.reasoning))]
    free = {value for text in said for fact in numbers(text, language) for value in fact.values}
    return [
        f"{count.text!r}, which the sources count otherwise"
        for count in stated
        if not things.isdisjoint(count.things) and count.value not in free
        if not any((count.value, thing) in told for thing in count.things)
        and not _denied(count.text, answer, language)
    ]


def _denied(words: str, answer: str, language: str) -> bool:
    return any(words in clause and not states(clause, language) for clause in clauses(answer))


def check_premise(exchange: Exchange) -> Check:
    """What cannot be answered as asked is not answered after all.

    A negative query's wrong name or number is not given to what the focus tells, nor is the degree
    that it claims ("larger") stated; an absurd one's predicate is stated of nothing; and no "but"
    turns what was said to be ambiguous, or not to stand in the sources, into an answer.
    """
    name, reason = "premise_refused", "answered_as_positive"
    answer = without_refs(exchange.answer)
    if exchange.withheld:
        problem, reason = _answers_withheld(exchange, answer), "no_abstention"
    else:
        find = {NEGATIVE: _states_premise, ABSURD: _states_absurd, AMBIGUOUS: _settles}
        problem = find[exchange.result](exchange, answer) if exchange.result != POSITIVE else ""
    return outcome(name, reason, [problem] if problem else [])


def _states_premise(exchange: Exchange, answer: str) -> str:
    language = exchange.language
    known = told_by((exchange.passage,))  # what stands elsewhere in it may well be said
    wrong = [fact for fact in claims(exchange.query, language) if not known.has(fact)]
    right = focus_facts(exchange)
    asked = set(own_words(exchange.query, exchange.passage, language))
    asked |= {fold(token) for fact in wrong for token in fact.tokens}
    for clause in clauses(answer) if len(asked) >= LEAST_PREMISE else ():
        said = support(clause, language)
        if all(map(said.has_token, asked)) and states(clause, language):
            return f"states the premise after all: {clause[:80]!r}"
    told = sentence_of(exchange)
    degrees = comparatives(exchange.query, language) - comparatives(told, language)
    for clause in clauses(answer) if degrees else ():
        same = degrees & comparatives(clause, language)
        bare = content_words(clause, language) - same - INTENSIFIERS
        if same and not bare and states(clause, language):
            return f"says {min(same)!r} after all: {clause[:80]!r}"
    for clause in clauses(answer) if wrong and right else ():
        held = next((fact.text for fact in wrong if _beside(clause, fact, right, language)), "")
        if held and states(clause, language):
            return f"gives {held!r} after all: {clause[:80]!r}"
    return ""


def _beside(clause: str, wrong: Fact, right: Sequence[Fact], language: str) -> bool:
    """Whether what the query has wrong stands within three words of what is right in its place."""
    words = clause.split()
    places = [i for i, word in enumerate(words) if support(word, language).has(_head(wrong))]
    known = [
        i
        for i, word in enumerate(words)
        for fact in right
        if support(word, language).has(_head(fact))
    ]
    return any(abs(i - j) <= BESIDE for i in places for j in known)


def _head(fact: Fact) -> Fact:
    """The fact by its last word alone."""
    return fact._replace(tokens=fact.tokens[-1:]) if fact.kind == "name" else fact


def _states_absurd(exchange: Exchange, answer: str) -> str:
    language = exchange.language
    told = support_of((p.text, p.language) for p in exchange.privileged)
    words = own_words(exchange.query, exchange.passage, language)
    absurd = [word for word in words if not told.has_token(word)]
    sane = [word for word in words if told.has_token(word)]
    taken = ""
    for clause in clauses(answer) if len(absurd) > 1 else ():
        said = support(clause, language)
        spoken = [word for word in absurd if said.has_token(word)]
        if spoken and not states(clause, language):
            return ""  # it denies what makes no sense
        if len(spoken) > 1 and any(map(said.has_token, sane)):
            taken = taken or clause
    return f"takes the query as if it made sense: {taken[:80]!r}" if taken else ""


def _settles(exchange: Exchange, answer: str) -> str:
    """A "but" after which one reading is stated as the answer."""
    turned = _turned(answer, exchange.language, "ambiguous")
    if not turned:
        return ""
    said = support(turned, exchange.language)
    if any(map(said.has, focus_facts(exchange))) and states(turned, exchange.language):
        return f"settles on one reading after all: {turned[:80]!r}"
    return ""


def _answers_withheld(exchange: Exchange, answer: str) -> str:
    language = exchange.language
    turned = _turned(answer, language, "withheld")
    if not turned:
        return ""
    if guesses(turned, language):
        return f"guesses after all: {turned[:80]!r}"
    told = support_of((p.text, p.language) for p in exchange.privileged)
    said = support(turned, language)
    unknown = [f for f in claims(exchange.query, language) if f.kind == "name" and not told.has(f)]
    spoken = next((fact.text for fact in unknown if said.has(fact)), "")
    if spoken and states(turned, language):
        return f"answers after all, of {spoken!r}: {turned[:80]!r}"
    return ""


def _turned(answer: str, language: str, kind: str) -> str:
    """What follows a "but" in the sentence that declines."""
    for start, end in sentences(answer, language):
        parts = after_but(answer[start:end], language)
        if parts and declines(parts[0], language, kind):
            return parts[1].strip()
    return ""


LEAST_NEW, MOST_NEW = 4, 0.55  # words of a sentence that stand in no source, and their share


def check_sourced(exchange: Exchange) -> Check:
    """No sentence is made of what stands in no source: at most three of its content words, or 55%.

    Not asked of sentences that cite, deny, suppose or ask, nor of queries that make no sense or can
    mean several things, whose answers speak of the query.
    """
    name, reason = "answer_sourced", "answer_not_entailed"
    if exchange.withheld or exchange.result in (ABSURD, AMBIGUOUS):
        return outcome(name, reason, [], "not asked for")
    backing, language = sources_support(exchange), exchange.language
    answer = exchange.answer
    problems = []
    for start, end in sentences(answer, language):
        sentence = answer[start:end]
        if "<ref" in sentence:
            continue
        words = {word for word in content_words(sentence, language) if word.isalpha()}
        new = sorted(word for word in words if not backing.has_token(word))
        enough = len(new) >= LEAST_NEW and len(new) > MOST_NEW * len(words)
        if enough and states(sentence, language):
            problems.append(f"nothing tells of {', '.join(new[:5])}")
    return outcome(name, reason, problems)


_BARE = re.compile(r"^[\W\d_]*\w+[\W_]*$")


def check_sentence(exchange: Exchange) -> Check:
    """The answer is more than one word."""
    bare = _BARE.match(without_refs(exchange.answer)) is not None
    problems = [f"one word: {exchange.answer.strip()!r}"] if bare else []
    return outcome("answer_sentence", "answer_too_short", problems)
