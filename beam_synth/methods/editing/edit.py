"""One edit: what a user asks for, and what became of the text."""

from __future__ import annotations

import dataclasses
import functools

from beam_synth.materials.corruption import Error, restore
from beam_synth.methods.editing.correction import Comparison, compare
from beam_synth.methods.editing.offers import (
    Offer,
    Wording,
    instruction,
    offers_named,
    prompt_of,
)


@dataclasses.dataclass(frozen=True)
class Edit:
    """Everything the checks look at: what was asked for, and what became of the text."""

    language: str  # of text and request
    text: str  # as the user gives it, with its errors
    errors: tuple[Error, ...]  # that were put into the text, in the order of their places
    offered: tuple[Offer, ...]  # the tasks to choose from
    chosen_task: str  # one of `offers.TASKS`
    why: str  # the reason of the choice, in English
    wording: Wording
    reasoning: str = ""  # the trace, in English
    answer: str = ""  # the text that the editor made
    trace_words: int = 0  # that the trace is checked against; 0: any usual number

    @property
    def chosen(self) -> Offer:
        """The offer of the chosen task; an empty one where it was not offered."""
        return next((o for o in self.offered if o["task"] == self.chosen_task), {"task": ""})

    @functools.cached_property
    def instruction(self) -> str:
        """What the user says in front of the text."""
        return instruction(self.language, self.wording, self.offered, self.chosen)

    @property
    def prompt(self) -> str:
        """The user's turn: instruction, schemas, text."""
        named = offers_named(self.wording, self.chosen)
        return prompt_of(self.instruction, named, self.text)

    @property
    def original(self) -> str:
        """The text without its errors."""
        return restore(self.text, self.errors)

    @property
    def result_language(self) -> str:
        """The language that the result has to be in."""
        return str(self.chosen.get("target", self.language))

    @functools.cached_property
    def comparison(self) -> Comparison:
        """The answer against the text without its errors."""
        return compare(self.original, self.errors, self.answer)
