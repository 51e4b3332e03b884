"""Instructions of the constraints in each language: wordings only, no logic.

A key is the name of a constraint or of its variant; slots are its parameters. `unit_…` is the unit
as it follows "the number of", `stems_…` what an inflected unit holds, `genre_…` and `tone_…` names.
"""

from __future__ import annotations

import functools
import importlib

from beam_synth.records import LANGUAGES

UNIT_FIELDS = frozenset({"unit"})


@functools.cache
def wordings(language: str) -> dict[str, str]:
    """The table of a language, key -> text with slots; English where there is none.

    >>> wordings("en")["univocalism"]
    'Use no vowel but {vowel}.'
    """
    code = language if language in LANGUAGES else "en"
    module = importlib.import_module(f"beam_synth.materials.constraints.wording.{code}")
    table: dict[str, str] = module.WORDINGS
    return table


def unit_stems(language: str, unit: str) -> tuple[str, ...]:
    """Stems ("word*") of which an instruction holds one where it names the unit.

    >>> unit_stems("en", "word")
    ('word*',)
    """
    return tuple(f"{stem}*" for stem in wordings(language)[f"stems_{unit}"].split("|"))
