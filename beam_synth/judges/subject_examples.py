"""Examples of what each rubric's template is given, to try it with before a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beam_synth.judges.rubrics import RUBRICS, Subject

_MATERIAL = [
    {"title": "Mill of Rethem", "text": "Anna Harms ran the mill of 1847 after her father."},
    {"title": "Aller", "text": "The Aller flows through Rethem."},
]
_SAMPLE: dict[str, Any] = {
    "language": "en",
    "turns": [{"role": "user", "content": "Who ran the mill of Rethem after its owner?"}],
    "reasoning": "asked: who ran the mill next\nfather → daughter ※\n∴ Anna Harms ●",
    "answer": "His daughter, Anna Harms, ran it.",
    "material": _MATERIAL,
}
_BARE = {**_SAMPLE, "reasoning": "", "material": []}
_ASKED = {"result": "positive", "focus": "Anna Harms ran the mill of 1847"}
_CONSTRAINTS = [{"name": "lipogram", "letters": ["e"]}, {"name": "tautogram", "letter": "m"}]
_OWN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "memorization": (_ASKED, {**_ASKED, "result": "ambiguous"}),
    "rag": ({**_ASKED, "withheld": False}, {**_ASKED, "withheld": True}),
    "mcq": ({"focus": _ASKED["focus"], "right": "Anna Harms"},) * 2,
    "arithmetic": ({"problem": "What are 3 and 4?", "solution": ["sum: 3 + 4 = 7"]},) * 2,
    "editing": (
        {"chosen": "correct", "why_chosen": "a wrong verb", "offered": ["correct"], "errors": 1},
        {"chosen": "extract", "why_chosen": "three years", "offered": ["extract"], "errors": 0},
    ),
    "creative_writing": (
        {"genre": "letter", "tone": "solemn", "constraints": _CONSTRAINTS},
        {"genre": "poem", "tone": "", "constraints": []},
    ),
    "constrained_writing": ({"constraints": _CONSTRAINTS}, {"constraints": _CONSTRAINTS[:1]}),
    "multi_turn": ({"kinds": ["challenge"], "earlier": 2},) * 2,
    "general": (
        {"exercise": "riddle", "constraints": [{"name": "style", "value": "direct"}]},
        {"exercise": "riddle", "constraints": []},
    ),
}


def _examples(rubric: str) -> tuple[Mapping[str, Any], ...]:
    first, second = (
        Subject(rubric, RUBRICS[rubric], {**shown, **own})
        for shown, own in zip((_SAMPLE, _BARE), _OWN[rubric], strict=True)
    )
    return first.asked(0), second.asked(1)


EXAMPLES = {rubric: _examples(rubric) for rubric in RUBRICS}
