"""Whether a question has one answer, and whether the focus gives it to whom the question is about.

These are read off the words of the question: an open request ("Name a field …"), a contrast
("… unlike Plato"), the passage's own sentence turned round.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from beam_synth.checks import Exchange
from beam_synth.text.claims import content_words
from beam_synth.text.folding import fold
from beam_synth.text.overlap import plain_words
from beam_synth.text.proper_names import names
from beam_synth.text.quotes import mask_quotes
from beam_synth.text.sentences import occurrences

COPIED = 0.75  # of a question's words that stand in the focus in runs
RUN = 4  # words of such a run
LONG = 9  # words of a question that can be told to be copied
_OPEN = re.compile(
    r"(?:^|[.!?:] |, )(?:"
    r"(?:please )?(?:name|give|state|mention|cite|list|identify) (?:me )?(?:an?|one|some|any)"
    r"|(?:bitte )?(?:nenne[n]?|nennt|gib|geben)(?: sie)?(?: mir)? (?:bitte )?"
    r"(?:irgend)?ein(?:e[nrsm]?)?"
    r"|(?:nommez|nomme|citez|cite|donnez|donne|indiquez|mentionnez)(?:-moi)? une?"
    r"|(?:nombra|nombre|cita|cite|di|diga|indica|indique|menciona|mencione|da)(?:me)? una?"
    r"|(?:nomina|nomini|cita|citi|indica|indichi|di|dica|dimmi|menziona) un[oa']?"
    r"|(?:wymien|podaj|wskaz)(?: prosze)? (?:jak\w+|jed\w+)"
    r"|(?:noem|geef|vermeld)(?: mij)? (?:een|enige)"
    r"|(?:nomina|dic|indica)(?: mihi)? (?:unu[ms]|unam|aliqu\w+)"
    r"|what is one|which is one|who is one|what was one|what would be an?|what is an example"
    r") (?!of the only)"
)
_CONTRAST = (
    "unlike|apart from|in contrast to|in contrast with|as opposed to|contrary to|different from|"
    "differently from|other than|"
    "anders als|im gegensatz zu|im unterschied zu|"
    "contrairement a|a la difference de|a l'inverse de|a l'oppose de|"
    "a diferencia de|al contrario que|en contraste con|"
    "a differenza di|al contrario di|diversamente da|contrariamente a|"
    "w odroznieniu od|w przeciwienstwie do|inaczej niz|"
    "in tegenstelling tot|anders dan|"
    "dissimiliter|aliter atque|aliter ac"
)
_SET_APART = re.compile(rf"\b(?:{_CONTRAST}) (?:the |his |her |its )?$")


def asks_for_any(question: str) -> str:
    """The words with which a question asks for any one of several, or "".

    >>> asks_for_any("Name a field in which she worked.")
    'name a'
    >>> asks_for_any("Name the field that she founded.")
    ''
    """
    found = _OPEN.search(fold(question))
    return found.group().strip(" .!?:,") if found else ""


def also_named(options: list[str], exchange: Exchange) -> list[str]:
    """Those distractors that the passages of the same article speak of; none where the question has
    a word of the focus, beside those of the title, that tells the key from them."""
    language = exchange.passage.language
    shared = content_words(exchange.query, language) & content_words(exchange.focus, language)
    if shared - content_words(exchange.passage.title, language):
        return []
    texts = [fold(p.text) for p in exchange.privileged if p.title == exchange.passage.title]
    return [
        option
        for option in options
        if any(next(occurrences(text, fold(option)), None) is not None for text in texts)
    ]


def belongs_to_other(exchange: Exchange) -> str:
    """Whom the focus speaks of where the question sets just him apart from its subject, or "".

    The focus names one that the question sets apart ("unlike Plato"), and none other of the
    question's names.
    """
    question, focus = exchange.query, fold(exchange.focus)
    apart: list[str] = []
    others: list[str] = []
    for fact in names(question, exchange.language):
        before = fold(question[: fact.start])
        (apart if _SET_APART.search(before) else others).append(fact.text)
    for name in apart:
        if _stands(focus, name) and others and not any(_stands(focus, o) for o in others):
            return name
    return ""


def _stands(folded: str, name: str) -> bool:
    return any(word in folded for word in plain_words(name) if len(word) > 2)


def copied_question(exchange: Exchange) -> float:
    """Share of the words of the question's last sentence that stand in the focus, in runs of four
    and more; 0 for a short question. What it quotes openly (a sentence with a gap) is no copy."""
    last = re.split(r"(?<=[.!?…])\s+", mask_quotes(exchange.query).strip())[-1]
    ours, focus = plain_words(last), plain_words(exchange.focus)
    if len(ours) < LONG:
        return 0.0
    blocks = SequenceMatcher(None, ours, focus, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= RUN) / len(ours)
