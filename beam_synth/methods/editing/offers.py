"""What a user asks an editor for, in the task's language: wordings of `INSTRUCTIONS`, drawn.

An instruction is a pure function of the exchange and the number of its wording, so that a
written row gives it again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from beam_synth.drawing import Draw
from beam_synth.methods.editing.wordings import Instructions
from beam_synth.methods.editing.words import INSTRUCTIONS

TASKS = ("correct", "extract", "restyle", "simplify", "summarise", "translate")
FORMS = ("bullets", "numbered", "questions", "letter")
KINDS = ("names", "dates", "years", "numbers")  # that can be extracted
MODES = {"specific": 0.5, "menu": 0.3, "open": 0.2}
LED = 0.5  # share of the requests that a sentence leads into
TOLD = 0.5  # share of the specific ones that tell to do it; the others ask or wish
Offer = Mapping[str, Any]  # {"task": ..., and what it asks for}


@dataclasses.dataclass(frozen=True)
class Wording:
    """How the request is put: its mode, and the number that its words are drawn by."""

    mode: str  # specific: the chosen task alone; menu: all that are offered; open: none by name
    number: int


def schema_of(offer: Offer) -> dict[str, Any]:
    """JSON schema of what an extraction gives: for each key of the offer a list of different
    strings.

    >>> schema_of({"task": "extract", "keys": {"years": "years"}})["required"]
    ['years']
    """
    values = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}
    return {
        "type": "object",
        "properties": dict.fromkeys(offer["keys"], values),
        "required": list(offer["keys"]),
        "additionalProperties": False,
    }


def keys_of(kinds: Sequence[str], language: str) -> dict[str, str]:
    """Key of the extracted object -> kind, in the language's own words. Raises KeyError for a
    language without wordings.

    >>> keys_of(["dates"], "de")
    {'Daten': 'dates'}
    """
    return {INSTRUCTIONS[language].keys[kind]: kind for kind in kinds}


def instruction(language: str, wording: Wording, offered: Sequence[Offer], chosen: Offer) -> str:
    """What the user says in front of the text.

    Args:
        offered: the tasks that a menu lists, in order.
        chosen: the one that is asked for by name in the mode "specific".

    Raises KeyError for a language without wordings, or an offer that lacks what its task needs.

    >>> instruction("en", Wording("specific", 4), [], {"task": "translate", "target": "fr"})
    'Another text is lying on my desk. Translate this text into French.'
    """
    words, draw = INSTRUCTIONS[language], Draw("instruction", wording.number)
    lead = [draw.choice(words.leads)] if draw.uniform() < LED else []
    return " ".join([*lead, _request(wording.mode, words, offered, chosen, draw)])


def _request(
    mode: str, words: Instructions, offered: Sequence[Offer], chosen: Offer, draw: Draw
) -> str:
    if mode == "open":
        return draw.choice(words.open)
    if mode == "menu":
        lines = [f"- {_phrase(offer, words, draw)}" for offer in offered]
        return "\n".join([draw.choice(words.menu), *lines])
    if draw.uniform() < TOLD:
        return draw.choice(words.frames).format(task=_phrase(chosen, words, draw))
    request = draw.choice(words.requests[chosen.get("form", chosen["task"])])
    return request.format(**_slots(chosen, words))


def _phrase(offer: Offer, words: Instructions, draw: Draw) -> str:
    phrases = words.forms[offer["form"]] if "form" in offer else words.tasks[offer["task"]]
    return draw.choice(phrases).format(**_slots(offer, words))


def _slots(offer: Offer, words: Instructions) -> dict[str, Any]:
    slots = {name: offer[name] for name in ("words", "percent") if name in offer}
    if "keys" in offer:
        slots["keys"] = ", ".join(f'"{key}"' for key in offer["keys"])
    if "target" in offer:
        slots["target"] = words.targets[offer["target"]]
    return slots


def prompt_of(instructed: str, shown: Sequence[Offer], text: str) -> str:
    r"""The user's turn: the instruction, the schemas that it speaks of, the text, with a blank line
    between them.

    >>> prompt_of("Correct this.", [{"task": "correct"}], "Helo.")
    'Correct this.\n\nHelo.'
    """
    schemas = [
        orjson.dumps(schema_of(offer)).decode() for offer in shown if offer["task"] == "extract"
    ]
    return "\n\n".join([instructed, *schemas, text])


def offers_named(wording: Wording, chosen: Offer) -> Sequence[Offer]:
    """The offers that the user's turn asks for by themselves, so that it shows what schema they
    have: what merely stands on a menu shows none.

    >>> offers_named(Wording("open", 0), {"task": "correct"})
    []
    """
    return [chosen] if wording.mode == "specific" else []
