"""Constraints of the Oulipo and its kin, each decidable by a program.

    lipogram = from_json({"name": "lipogram", "banned_letters": "e"})
    lipogram.check("No such mark at all", "en")   # [] : kept
    lipogram.describe("fr")                       # the instruction in French

One module for each family (letters, words, lines, forms, sources, counts); what may be combined
is in `compatibility`, what is drawn for a seed in `sampling`.
"""

from beam_synth.materials.constraints.base import Constraint, Violation
from beam_synth.materials.constraints.registry import CONSTRAINTS, from_json

__all__ = ["CONSTRAINTS", "Constraint", "Violation", "from_json"]
