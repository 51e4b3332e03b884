"""Answers: the seed's own statement in a short frame, with a citation where sources were given."""

from __future__ import annotations

from collections.abc import Sequence

from beam_synth.drawing import Draw
from beam_synth.rule_engine.facts import unasked_facts
from beam_synth.rule_engine.languages import Language
from beam_synth.rule_engine.queries import Plan
from beam_synth.rule_engine.quoting import as_sentence, quoted
from beam_synth.rule_engine.wholes import clause_with

_SHORT = 3  # words of a value that is told beside its statement; a longer one would come twice
_QUOTE_WORDS = (4, 20)  # of a citation, where the statement has clauses of that length


def key_of(plan: Plan, language: str) -> str:
    """What the answer turns on: the asked value, else the longest fact of the statement that the
    query does not hold, else "".

    >>> plan = Plan("relate", "How was Thun reached?", "Clara Vogt built the bridge in 1912.")
    >>> key_of(plan, "en")
    'Clara Vogt'
    """
    if plan.value:
        return plan.value
    fresh = unasked_facts(plan.focus, plan.query, language)
    return fresh[0] if fresh else ""


def quotation(text: str, value: str) -> str:
    """What a citation quotes of a statement: its clauses around a value, or all of it.

    >>> quotation("It was old, they say, and it fell in 1912.", "1912")
    'and it fell in 1912.'
    """
    return clause_with(text, value, *_QUOTE_WORDS) or text


def compose_answer(plan: Plan, title: str, words: Language, draw: Draw, cite: str = "") -> str:
    """The answer to a planned query: a frame of the language around the plan's statement.

    Args:
        title: of the passage, which an answer that asks back offers as a reading.
        cite: tag of the source that holds the statement, which is quoted by whole clauses.
    """
    sentence = as_sentence(plan.focus)
    if cite:
        quote = quotation(plan.focus, plan.value)
        sentence = f'{sentence} <ref name="{cite}">{quote}</ref>'
    if plan.form == "doubt":
        return draw.choice(words.correct).format(sentence=sentence)
    if plan.form == "absurd":
        known = draw.choice(words.known[1:]).format(sentence=sentence)
        return f"{plan.reason} {known}"
    if plan.form == "vague":
        return draw.choice(words.ask_back).format(
            a=quoted(plan.anchors[0], words), title=title, sentence=sentence
        )
    if plan.value and plan.form != "cause" and len(plan.value.split()) <= _SHORT:
        value = plan.value.rstrip(".")
        return draw.choice(words.value_answers).format(value=value, sentence=sentence)
    return draw.choice(words.known).format(sentence=sentence)


def abstain(topic: Sequence[str], words: Language, draw: Draw) -> str:
    """What is said where the sources do not tell of these topics.

    >>> from beam_synth.rule_engine.languages import language
    >>> abstain(["Thun"], language("en"), Draw("an example"))
    'None of the sources answers this: nothing in them tells about “Thun”.'
    """
    named = ", ".join(quoted(term, words) for term in topic)
    return draw.choice(words.abstain).format(topic=named)
