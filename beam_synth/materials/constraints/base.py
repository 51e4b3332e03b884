"""What a constraint is: a frozen object with its parameters that decides about a text."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from beam_synth.materials.constraints.wording import UNIT_FIELDS, unit_stems, wordings


@dataclasses.dataclass(frozen=True)
class Violation:
    """One place where a text breaks a constraint; `start` and `end` are offsets in characters."""

    start: int
    end: int
    message: str


@dataclasses.dataclass(frozen=True)
class Constraint:
    """Base of all constraints. Fields are parameters: str, int, bool, None or tuples of them.

    `check` gives the violations in the order of the text; none means that the text keeps it.
    """

    name: ClassVar[str]
    letter_sets: ClassVar[tuple[str, ...]] = ()  # str fields that are sets of single letters

    def check(self, text: str, language: str) -> list[Violation]:
        raise NotImplementedError

    def banned(self) -> frozenset[str]:
        """Folded letters of a–z that the constraint keeps out of the whole text."""
        return frozenset()

    def wording(self) -> str:
        """Key of its instruction in `wording`."""
        return self.name

    def notes(self) -> tuple[str, ...]:
        """Keys of instructions to add, one for each flag that is not as usual."""
        found = []
        for flag, usual in (("fold_diacritics", True), ("y_vowel", False)):
            if getattr(self, flag, usual) is not usual:
                found.append(flag)
        return tuple(found)

    def describe(self, language: str) -> str:
        """The instruction, with all parameters, in the language (one of `records.LANGUAGES`)."""
        table = wordings(language)
        slots = self.slots(language)
        return " ".join(table[key].format(**slots) for key in (self.wording(), *self.notes()))

    def slots(self, language: str) -> dict[str, str]:
        """What stands for each parameter in the instruction."""
        return {
            field.name: self._slot(field.name, language)
            for field in dataclasses.fields(self)
            if getattr(self, field.name) is not None
        }

    def _slot(self, field: str, language: str) -> str:
        value = getattr(self, field)
        if field in UNIT_FIELDS:
            return wordings(language)[f"unit_{value}"]
        if field in self.letter_sets or isinstance(value, tuple):
            return ", ".join(str(item) for item in value)
        return str(value)

    def stated(self, language: str) -> list[tuple[str, ...]]:
        """What an instruction has to state: for each parameter the forms that will do.

        A unit may be inflected, so it is given by stems with a trailing "*".
        """
        found: list[tuple[str, ...]] = []
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or value is None:
                continue
            if field.name in UNIT_FIELDS:
                found.append(unit_stems(language, value))
            elif field.name in self.letter_sets or isinstance(value, tuple):
                found.extend((str(item),) for item in value)
            else:
                found.append((str(value),))
        return found

    def to_json(self) -> dict[str, Any]:
        """`{"name": ..., <parameter>: ...}`, with lists for tuples."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        plain = {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
        return {"name": self.name, **plain}


def refuse(condition: bool, message: str) -> None:
    """Raise ValueError with the message where a parameter is wrong."""
    if condition:
        raise ValueError(message)
