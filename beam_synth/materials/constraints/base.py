"""What a constraint is: a frozen object with its parameters that decides about a text."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from beam_synth.materials.constraints.wording import UNIT_FIELDS, unit_stems, wordings


@dataclasses.dataclass(frozen=True)
class Violation:
    """One place where a text breaks a constraint; the whole text where it is no single place."""

    start: int  # in characters of the text
    end: int
    message: str  # what is wrong there, in English


@dataclasses.dataclass(frozen=True)
class Constraint:
    """Base of all constraints. Fields are parameters: str, int, bool, None or tuples of them.

    A subclass is a frozen dataclass with a `name`, and refuses wrong parameters by ValueError when
    it is made.
    """

    name: ClassVar[str]
    letter_sets: ClassVar[tuple[str, ...]] = ()  # str fields that are sets of single letters

    def check(self, text: str, language: str) -> list[Violation]:
        """The violations, in the order of the text; none means that the text keeps the constraint.

        `language` is one of `records.LANGUAGES`; a text with nothing to decide about is a
        violation.
        """
        raise NotImplementedError

    def banned(self) -> frozenset[str]:
        """Folded letters of a–z that the constraint keeps out of the whole text."""
        return frozenset()

    def wording(self) -> str:
        """Key of its instruction in `wording`: the name, or that of a variant."""
        return self.name

    def notes(self) -> tuple[str, ...]:
        """Keys of instructions to add, one for each flag that is not as usual."""
        flags = []
        for flag, usual in (("fold_diacritics", True), ("y_vowel", False)):
            if getattr(self, flag, usual) is not usual:
                flags.append(flag)
        return tuple(flags)

    def describe(self, language: str) -> str:
        """The instruction, with all parameters, in the language (one of `records.LANGUAGES`).

        Raises KeyError where the language's table lacks the constraint's key.
        """
        table = wordings(language)
        slots = self.slots(language)
        return " ".join(table[key].format(**slots) for key in (self.wording(), *self.notes()))

    def slots(self, language: str) -> dict[str, str]:
        """Parameter -> what stands for it in the instruction; none for a parameter of None."""
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
        parameters: list[tuple[str, ...]] = []
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or value is None:
                continue
            if field.name in UNIT_FIELDS:
                parameters.append(unit_stems(language, value))
            elif field.name in self.letter_sets or isinstance(value, tuple):
                parameters.extend((str(item),) for item in value)
            else:
                parameters.append((str(value),))
        return parameters

    def to_json(self) -> dict[str, Any]:
        """`{"name": ..., <parameter>: ...}`, with lists for tuples; for `from_json`."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        jsonable = {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
        return {"name": self.name, **jsonable}


def refuse(condition: bool, message: str) -> None:
    """Raise ValueError with the message where a parameter is wrong.

    >>> refuse(False, "not said")
    """
    if condition:
        raise ValueError(message)
