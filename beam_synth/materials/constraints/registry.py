"""All constraints by name, and their way to JSON and back.

>>> constraint = from_json({"name": "lipogram", "banned_letters": "e"})
>>> constraint.to_json()
{'name': 'lipogram', 'banned_letters': 'e', 'fold_diacritics': True}
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from beam_synth.errors import nearest
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.counts import Counts, EqualSentences
from beam_synth.materials.constraints.letter_patterns import Isogram, LetterPalindrome, Pangram
from beam_synth.materials.constraints.letters import (
    BeauPresent,
    BelleAbsente,
    Bivocalism,
    Lipogram,
    Monoconsonantism,
    PangrammaticLipogram,
    Prisoner,
    Univocalism,
)
from beam_synth.materials.constraints.line_patterns import (
    Acrostic,
    Fibonacci,
    LayoutPoem,
    LineSnowball,
    Mesostic,
    Telestich,
)
from beam_synth.materials.constraints.sources import (
    Anagram,
    HeterogrammaticVerse,
    Isoconsonantism,
    Isovocalism,
    Larding,
    NPlusK,
)
from beam_synth.materials.constraints.verse import Alexandrine, Haiku, IrrationalSonnet, Quenine
from beam_synth.materials.constraints.vocables import (
    AllDifferent,
    Liponym,
    RequiredWords,
    WordLadder,
)
from beam_synth.materials.constraints.word_patterns import (
    Abecedarian,
    MeltingSnowball,
    Pilish,
    Rhopalic,
    Snowball,
    Tautogram,
    WordPalindrome,
)

_ALL: tuple[type[Constraint], ...] = (
    Lipogram, PangrammaticLipogram, Univocalism, Bivocalism, Monoconsonantism, Tautogram,
    Snowball, MeltingSnowball, Rhopalic, LineSnowball, Abecedarian, Pangram, Isogram,
    LetterPalindrome, WordPalindrome, BeauPresent, BelleAbsente, Prisoner, Acrostic, Telestich,
    Mesostic, Anagram, HeterogrammaticVerse, NPlusK, Isovocalism, Isoconsonantism, Pilish,
    Fibonacci, Haiku, Alexandrine, IrrationalSonnet, Quenine, Liponym, RequiredWords, Larding,
    WordLadder, AllDifferent, Counts, EqualSentences, LayoutPoem,
)  # fmt: skip
CONSTRAINTS: dict[str, type[Constraint]] = {kind.name: kind for kind in _ALL}


def _is_of_type(value: Any, annotation: str) -> bool:
    if annotation.startswith("tuple["):
        item_type = int if "int" in annotation else str
        return isinstance(value, tuple) and all(type(item) is item_type for item in value)
    if value is None:
        return "None" in annotation
    wanted = {"int": int, "int | None": int, "bool": bool}.get(annotation, str)
    return type(value) is wanted


def from_json(data: Mapping[str, Any]) -> Constraint:
    """The constraint that `to_json` told; lists stand for tuples, what is left out is as usual.

    Raises ValueError for an unknown name or parameter, a missing one, one of another type and one
    that the constraint refuses.
    """
    parameters = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    name = parameters.pop("name", None)
    kind = CONSTRAINTS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"there is no constraint {name!r}{nearest(str(name), CONSTRAINTS)}")
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for key, value in parameters.items():
        if key not in fields:
            raise ValueError(f"{name}: unknown parameter {key!r}{nearest(key, fields)}")
        if not _is_of_type(value, str(fields[key].type)):
            raise ValueError(f"{name}.{key}: {value!r} is not {fields[key].type}")
    try:
        return kind(**parameters)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error
