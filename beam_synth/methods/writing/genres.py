"""Whether a text has the form of its genre: turns, lines, salutation and close, a day, a voice."""

from __future__ import annotations

import re
from collections.abc import Callable

from beam_synth.methods.writing.genre_words import first_person, greets, listeners, takes_leave
from beam_synth.text.facts import dates
from beam_synth.text.folding import fold, folded_words
from beam_synth.text.wordlists import WEEKDAYS

_TURN = re.compile(r"^\s*(?:[–—―-]\s?|[“„«»\"‘‚‹›]|[^\W\d_][\w .'’-]{0,30}: )", re.MULTILINE)
_QUOTATION = re.compile(r"[“„«\"][^“”„«»\"]{2,}[”“»\"]|\s[–—]\s")
_FULL = re.compile(r"[.!?…][”“»\"’)]*\s")
# Verbs in the first person, where no pronoun need stand.
_I_DID = {
    "es": re.compile(r"\b\w{3,}(?:é|í)\b"),
    "it": re.compile(r"\b\w{3,}(?:ai|ei|ii)\b"),
    "pl": re.compile(r"\b\w{3,}(?:łem|łam|liśmy|łyśmy)\b"),
    "la": re.compile(r"\b\w{2,}(?:vi|xi|bam|abo|ebo|vimus|imus|amus)\b"),
}
_LAST = 160  # characters at the end of a letter in which it takes its leave


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _dialogue(text: str, language: str) -> str:
    turns = max(len(_TURN.findall(text)), len(_QUOTATION.findall(text)))
    return "" if turns >= 2 else "a dialogue has turns, each marked by a dash, quotes or a name"


def _poem(text: str, language: str) -> str:
    lines = _lines(text)
    if len(lines) < 2:
        return "a poem has lines"
    if all(len(line.split()) == 1 for line in lines):
        return "a line of a poem has more than one word"
    return ""


def _letter(text: str, language: str) -> str:
    lines = _lines(text)
    opening = lines[0] if lines else ""
    # The greeting may follow a place and a date.
    begins = (
        greets(fold(text))
        or "salutem" in fold(opening)
        or any(greets(fold(line)) for line in lines[1:3])
    )
    apart = len(lines) > 2 and opening[-1:] in ",:!" and len(opening.split()) <= 8
    if not (begins or apart):
        return "a letter begins with a salutation"
    signed = len(lines) > 2 and len(lines[-1].split()) <= 8
    if not (signed or takes_leave(fold(text.rstrip()[-_LAST:]))):
        return "a letter ends with a closing"
    return ""


def _diary(text: str, language: str) -> str:
    words = folded_words(text)
    if words & first_person(language) or words & WEEKDAYS or dates(text, language):
        return ""
    if language in _I_DID and _I_DID[language].search(text):
        return ""
    return "a diary tells its day, or speaks in the first person"


def _speech(text: str, language: str) -> str:
    if folded_words(text) & (listeners(language) | first_person(language)) or "!" in text:
        return ""
    return "a speech addresses somebody"


def _story(text: str, language: str) -> str:
    sentences = len(_FULL.findall(f"{text} "))
    return "" if sentences >= 2 or len(_lines(text)) >= 2 else "a story has more than one sentence"


_FORMS: dict[str, Callable[[str, str], str]] = {
    "dialogue": _dialogue,
    "poem": _poem,
    "letter": _letter,
    "diary": _diary,
    "speech": _speech,
    "story": _story,
}


def misses_form(text: str, genre: str, language: str) -> str:
    """What a text lacks of the form of its genre, or "".

    >>> misses_form("The river rose. It fell again.", "dialogue", "en")
    'a dialogue has turns, each marked by a dash, quotes or a name'
    """
    form = _FORMS.get(genre)
    return form(text, language) if form else ""
