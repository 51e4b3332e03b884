"""Variables as the method `editing` gives them to its prompts."""

from __future__ import annotations

from beam_synth.materials.corruption import Error
from beam_synth.methods.editing.forms import FORMS
from beam_synth.methods.editing.offers import KINDS, MODES, Offer
from beam_synth.methods.shared.examples import PASSAGE, TRACE_WORDS, each_value
from beam_synth.records import LANGUAGES

# One offer of each task, with all that it may ask for.
_OFFERS: list[Offer] = [
    {"task": "correct"},
    {"task": "extract", "keys": {kind: kind for kind in KINDS}},
    {"task": "summarise", "percent": 30, "words": 40},
    {"task": "simplify", "words": 15},
    *({"task": "restyle", "form": form} for form in FORMS),
    *({"task": "translate", "target": language} for language in LANGUAGES),
]
_ERRORS = [(), (Error("spelling", 4, 10, "brigde", "bridge"),)]
_SHOWN = {"text": [PASSAGE.text], "language": LANGUAGES, "offered": [_OFFERS], "errors": _ERRORS}

PROMPTS = {
    "editing/choose": tuple(each_value(_SHOWN)),
    "editing/perform": tuple(
        each_value(
            {
                **_SHOWN,
                "chosen": [_OFFERS[0], *_OFFERS],  # a correction without errors, and one with them
                "mode": MODES,
                "instruction": ["Please help with this text."],
                "reason": ["The text holds a slip."],
                "trace_words": TRACE_WORDS,
            }
        )
    ),
}
