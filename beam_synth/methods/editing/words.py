"""Wordings of the editing exercise in eight languages."""

from __future__ import annotations

from beam_synth.methods.editing.wordings import Instructions, de, en, es, fr, it, la, nl, pl

INSTRUCTIONS: dict[str, Instructions] = {
    "en": en.INSTRUCTIONS,
    "fr": fr.INSTRUCTIONS,
    "de": de.INSTRUCTIONS,
    "es": es.INSTRUCTIONS,
    "it": it.INSTRUCTIONS,
    "pl": pl.INSTRUCTIONS,
    "nl": nl.INSTRUCTIONS,
    "la": la.INSTRUCTIONS,
}
