"""Checks of a multiple-choice question: its four options, its key, and the answer that names it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.checks.backward import check_leaks, check_unsupported
from beam_synth.checks.citations import position_fit, same
from beam_synth.checks.entailment import sources_support
from beam_synth.checks.language import check_answer_language, check_query_language
from beam_synth.checks.query import check_names_source
from beam_synth.checks.suites import trace_checks
from beam_synth.methods.mcq.choice import LETTERS, NEAR, Choice, kind_of
from beam_synth.methods.mcq.other_answers import (
    COPIED,
    also_named,
    asks_for_any,
    belongs_to_other,
    copied_question,
)
from beam_synth.methods.mcq.weighing import decided_for, options_weighed
from beam_synth.records import Passage
from beam_synth.text.claims import claims, content_words, unsupported
from beam_synth.text.facts import numbers
from beam_synth.text.folding import fold
from beam_synth.text.sentences import count_words, occurrences
from beam_synth.text.spans import is_span
from beam_synth.text.support import support

LEAST_ENTAILED = 0.8  # of a key's words that the focus holds
LEAST_SAID = 3  # words behind the key
LEAST_WEIGHED = 2  # wrong options that a trace in their language looks at
_ARTICLE = re.compile(
    r"^(?:an?|the|der|die|das|den|eine?|les?|la|une?|el|los|las|una?|il|lo|gli|uno|de|het|een) "
    r"(?=\S{4})"
)
SAME_CLAIM = 0.8  # of the question's words in a sentence that makes a distractor true
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_STOP = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-z])|\n+")
_LABEL = re.compile(r"(?<![\w(])\(?([A-D])\)")


def query_checks(choice: Choice) -> Iterator[Check]:
    """The checks of question and options alone, each made when it is asked for."""
    yield check_names_source(choice.exchange)
    yield check_query_language(choice.exchange)
    yield check_not_copied(choice)
    yield check_options(choice)
    yield check_key(choice)


def checks_of(choice: Choice) -> Iterator[Check]:
    """All checks, in order, each made when it is asked for."""
    yield from query_checks(choice)
    yield from trace_checks(choice.exchange.reasoning, choice.exchange.trace_words)
    yield check_leaks(choice.exchange)
    yield check_unsupported(choice.asked)
    yield check_conclusion(choice)
    yield check_answer_language(choice.exchange)
    yield check_answer(choice)
    yield check_entailment(choice)


# ---------------------------------------------------------------- options and key


def check_not_copied(choice: Choice) -> Check:
    """The question is no sentence of the passage with a gap: at most three quarters of its words
    stand there in runs."""
    share = copied_question(choice.exchange)
    problems = [f"{share:.0%} of its words stand so in the focus"] if share > COPIED else []
    return outcome("query_own_words", "query_copies_focus", problems, f"{share:.0%}")


def check_options(choice: Choice) -> Check:
    """Four options of one kind and like length, none within another or in the question.

    Like length: the longest has at most twice the shortest's characters, and six more.
    """
    options, language = choice.options, choice.exchange.language
    problems = [] if len(options) == len(LETTERS) else [f"{len(options)} options"]
    folded = [fold(same(option)) for option in options]
    if not all(folded):
        problems.append("an option is empty")
    problems += [
        f"{options[i]!r} is within {options[j]!r}"
        for i, a in enumerate(folded)
        for j, b in enumerate(folded)
        if i != j and a in b
    ]
    kinds = [kind_of(option, language) for option in options]
    # German writes every noun with a capital: there, names are not told from phrases.
    alike = {"name", "phrase"} if language == "de" else set()
    if len({"words" if kind in alike else kind for kind in kinds}) > 1:
        problems.append(f"kinds: {', '.join(kinds)}")
    sizes = sorted(map(len, options))
    if sizes and sizes[-1] > NEAR[0] * sizes[0] + NEAR[1]:
        problems.append(f"{sizes[0]} to {sizes[-1]} characters")
    asked = fold(same(choice.exchange.query))
    pairs = zip(options, folded, strict=True)
    problems += [
        f"{option!r} is in the question"
        for option, f in pairs
        if _holds(asked, f) or _holds(asked, _ARTICLE.sub("", f))
    ]
    detail = " | ".join([", ".join(sorted(set(kinds))), *options])
    return outcome("mcq_options", "mcq_options", problems, detail)


def check_key(choice: Choice) -> Check:
    """The focus holds the key; no distractor is in the focus's sentence, or in one that says of
    it what is asked."""
    exchange = choice.exchange
    if not 0 <= choice.key < len(choice.options):
        return outcome("mcq_key", "mcq_key", [f"there is no option {choice.key}"])
    key, language = choice.options[choice.key], exchange.passage.language
    problems = []
    if not _entailed(key, exchange.focus, language):
        problems.append(f"the focus does not say {key!r}")
    if not is_span(exchange.focus, exchange.passage.text):
        problems.append("the focus is no span of the passage")
    problems += also_true(choice.wrong, exchange)
    opened = asks_for_any(exchange.query)
    fit = also_named(choice.wrong, exchange) if opened else []
    if fit:
        problems.append(f"{opened!r} asks for any one, and {fit[0]!r} stands in the article, too")
    other = belongs_to_other(exchange)
    if other:
        problems.append(f"the focus says it of {other}, from whom the question parts its subject")
    return outcome("mcq_key", "mcq_key", problems, f"{LETTERS[choice.key]} of {LETTERS}")


def _entailed(key: str, focus: str, language: str) -> bool:
    """Whether the focus holds the key: its words as they stand, or all its facts and most words."""
    if next(occurrences(same(focus), same(key)), None) is not None:
        return True
    backing = support(focus, language)
    words, stated = content_words(key, language), claims(key, language)
    held = sum(backing.has_token(w) or backing.has_number(w) for w in words)
    enough = held >= LEAST_ENTAILED * len(words) and all(map(backing.has, stated))
    return enough and bool(words or stated)


def also_true(options: Sequence[str], exchange: Exchange) -> list[str]:
    """Why distractors may be right, too; empty where nothing speaks for any.

    A distractor may be when it stands in the focus's sentence (a number: when its value does),
    or in a sentence of any passage that holds 80% of what question and focus share.
    """
    language = exchange.passage.language
    focus, backing = fold(same(exchange.focus)), support(exchange.focus, language)
    asked = content_words(exchange.query, language) & content_words(exchange.focus, language)
    problems = []
    for option in options:
        wanted = fold(same(option))
        figures = numbers(option, language)
        plain = figures and kind_of(option, language) in ("number", "year")
        if _holds(focus, wanted) or (plain and all(map(backing.has, figures))):
            problems.append(f"{option!r} is in the focus")
            continue
        for passage in exchange.privileged:
            for part in _sentences(passage, wanted):
                if passage is exchange.passage and (focus in part or part in focus):
                    problems.append(f"{option!r} is in the sentence that answers")
                elif asked and len(asked & set(_TOKEN.findall(part))) >= SAME_CLAIM * len(asked):
                    problems.append(f"{option!r} answers by {part[:80]!r}")
    return problems


def _holds(text: str, phrase: str) -> bool:
    """Whether a folded text holds a folded phrase as whole words."""
    return next(occurrences(text, phrase), None) is not None


def _sentences(passage: Passage, wanted: str) -> list[str]:
    """Sentences of a passage, folded, that hold a folded phrase as whole words."""
    return [part for part in _folded(passage.text) if wanted in part and _holds(part, wanted)]


@functools.lru_cache(maxsize=1024)  # the options of a question, and the tasks of a passage
def _folded(text: str) -> tuple[str, ...]:
    return tuple(fold(same(part)) for part in _STOP.split(text))


# ---------------------------------------------------------------- trace and answer


def check_conclusion(choice: Choice) -> Check:
    """After the last ∴ stand letter and text of the key, and no other letter; wrong options were
    looked at before, by letter or by a word of theirs: two, or one where the trace has to put them
    into another language."""
    end = choice.exchange.reasoning.rpartition("∴")[2]
    problems = _names_other(choice, end)
    if same(choice.right) not in same(end):
        problems.append(f"{choice.right!r} is not in {end.strip()[:80]!r}")
    problems += decided_for(choice.exchange.reasoning, LETTERS[choice.key])
    weighed = options_weighed(choice)
    least = LEAST_WEIGHED if choice.exchange.language == "en" else 1
    if weighed < least:
        problems.append(f"it looks at {weighed} of the wrong options")
    return outcome("trace_reaches_answer", "trace_misses_answer", problems, choice.right)


def check_answer(choice: Choice) -> Check:
    """The answer opens with letter and text of the key, says something of it, and names no other
    letter."""
    answer = choice.exchange.answer
    problems = _names_other(choice, answer)
    opening = answer[: len(choice.right)]
    if opening != choice.right or answer[len(opening) : len(opening) + 1].isalnum():
        problems.append(f"opens with {answer[:40]!r}, not with {choice.right!r}")
    elif count_words(answer.removeprefix(choice.right)) < LEAST_SAID:
        problems.append("it says no more than the key, where a sentence says why")
    return outcome("answer_names_key", "mcq_key", problems, choice.right)


def _names_other(choice: Choice, text: str) -> list[str]:
    letters = {m[1] for m in _LABEL.finditer(text)} - {LETTERS[choice.key]}
    return [f"names {letter})" for letter in sorted(letters)]


def check_entailment(choice: Choice) -> Check:
    """Names, numbers and dates of the answer are in the key, the question or the passages; no
    distractor is stated."""
    exchange = choice.exchange
    rest = exchange.answer.removeprefix(choice.right)
    backing = sources_support(choice.asked)
    missing = unsupported(rest, exchange.language, backing)
    total = len(claims(rest, exchange.language))
    problems = [f"in no source: {text}" for text in missing]
    held = fold(same(rest))
    problems += [f"states {o!r}" for o in choice.wrong if _holds(held, fold(same(o)))]
    score = 1.0 if not total else round(1 - len(missing) / total, 3)
    detail = f"{total} names, numbers and dates"
    return outcome("answer_entailed", "answer_not_entailed", problems, detail, score)


def key_fit(keys: Sequence[int]) -> float:
    """p-value of a chi-square test that key positions (0 to 3) are uniform; for a whole run.

    >>> key_fit([0, 1, 2, 3] * 5)
    1.0
    """
    return position_fit([(key, len(LETTERS)) for key in keys])
