"""What is said around an editing task in each language: wordings only, no logic. One file a
language, named by its code."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

Words = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Instructions:
    """Wordings of one language, drawn by key.

    Slots: {task} a phrase of `tasks` or `forms`, {words} {percent} numbers, {keys} quoted keys,
    {target} a language with what leads to it ("into French").
    """

    leads: Words  # sentences that may stand in front of any request
    frames: Words  # around a phrase that asks for a single task
    menu: Words  # above a list of tasks, of which the fitting one is to be chosen
    open: Words  # asks for what a text with mistakes needs
    # Phrases that ask for a task, a list's items too: no full stop at the end.
    tasks: Mapping[str, Words]
    forms: Mapping[str, Words]
    # Whole sentences that ask for a task, or for a form, otherwise than by telling to do it.
    requests: Mapping[str, Words]
    targets: Mapping[str, str]
    keys: Mapping[str, str]  # kind of value -> key of the extracted object
    greeting: Words
    closing: Words
    ask: Words  # the rule engine's questions about a sentence: {topic}


def targets(text: str) -> dict[str, str]:
    """Code -> the language, from "en|fr|de|es|it|pl|nl|la" in words."""
    codes = ("en", "fr", "de", "es", "it", "pl", "nl", "la")
    return dict(zip(codes, text.split("|"), strict=True))
