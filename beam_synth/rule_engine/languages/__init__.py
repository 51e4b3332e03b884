"""What the rule engine knows of each language: wordings only, no logic. One file a language, named
by its code."""

from __future__ import annotations

import dataclasses
import functools
import importlib

from beam_synth.records import LANGUAGES


@dataclasses.dataclass(frozen=True)
class Language:
    """Wordings of one language, drawn by key.

    Every query has the {title}. Slots: {gapped} a quoted sentence with ____ in it, {title}, {a} {b}
    quoted terms, {field} {row} {clause} {altered} quoted, {value}, {sentence}, {topic}.
    """

    quotes: tuple[str, str]
    gap: dict[str, tuple[str, ...]]  # time | quantity | name -> queries
    # None where names take the case of their sentence ("Kanta", "Germaniae"): a question cannot
    # take over the form that it stands in.
    relate: tuple[str, ...]
    define: tuple[str, ...]
    copulas: tuple[str, ...]  # words between a title and its definition
    field: tuple[str, ...]
    row: tuple[str, ...]
    because: tuple[str, ...]  # words that open a cause
    cause: tuple[str, ...]
    endings: dict[str, tuple[str, ...]]  # style -> what follows the question and makes it so
    doubt: tuple[str, ...]  # queries that state something false: {altered}
    correct: tuple[str, ...]  # answers to them: {sentence}
    absurd: tuple[tuple[str, str], ...]  # (query, why it makes no sense): weight, speed
    # Answers to a query about a name that several things have: {a}, {title}, {sentence}.
    ask_back: tuple[str, ...]
    value_answers: tuple[str, ...]  # {value}, {sentence}
    known: tuple[str, ...]  # leads into a known sentence: {sentence}
    abstain: tuple[str, ...]  # the sources do not say: {topic}


@functools.cache
def language(code: str) -> Language | None:
    """The wordings of a language by its code; None where there are no rules for it.

    >>> language("en").quotes
    ('“', '”')
    >>> language("xx") is None
    True
    """
    if code not in LANGUAGES:
        return None
    module = importlib.import_module(f"beam_synth.rule_engine.languages.{code}")
    wordings: Language = module.LANGUAGE
    return wordings
