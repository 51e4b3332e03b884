"""What the reason of a choice says of the text, and what a trace calls a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator

from beam_synth.methods.editing.result_checks import extractable_facts
from beam_synth.text.claims import unsupported
from beam_synth.text.counting import counts_a_list
from beam_synth.text.facts import numerals
from beam_synth.text.folding import folded_words
from beam_synth.text.support import support

_STEM = 4  # letters in which "Swedish" and "Sweden" agree

_ANY = re.compile(
    r"\b(?:every|any|each|all|most) (?:other )?(?:texts?|passages?|writing|prose|sentences?) "
    r"(?:can|could|may|might|will|would|should|is|are|gains?|benefits?|needs?|has|have|deserves?)\b"
    r"|\bany (?:other )?text \w+s\b"
    r"|\b(?:as|like) (?:any|every|all) (?:other )?(?:texts?|passages?)\b|\bcan always\b"
    r"|\b(?:texts?|passages?) (?:in general|of any kind|like (?:all|any) others?)\b"
    r"|\bno matter (?:what|which) text\b|\bas (?:with )?any text\b",
    re.IGNORECASE,
)
_LANGUAGES = {
    "english": "en", "french": "fr", "german": "de", "spanish": "es", "italian": "it",
    "polish": "pl", "dutch": "nl", "latin": "la",
}  # fmt: skip
_WRITTEN_IN = re.compile(
    rf"\b(?:written in|is in|are in|its|(?:the|this) text's|bad|poor|broken|clumsy|faulty|wooden) "
    rf"(?:\w+ )?({'|'.join(_LANGUAGES)})\b",
    re.IGNORECASE,
)
_INTO = re.compile(r"\b(?:into|for|to|so that)\b[^.;]*$", re.IGNORECASE)
_KINDS = {
    "dates": re.compile(r"\b(?:dates|days and months)\b", re.IGNORECASE),
    "years": re.compile(r"\byears\b(?! (?:ago|later|old|of|since))", re.IGNORECASE),
    "numbers": re.compile(r"\b(?:numbers|numerals)\b", re.IGNORECASE),
}
_FAULTY = re.compile(r"\b(?:misspel\w+|typos?|spelling (?:mistakes|errors|slips))\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:no|not|nor|neither|without|hardly|lacks?|few|free of|rather than|instead of|hides?|"
    r"missing|any)\b[^.;:]*$",
    re.IGNORECASE,
)
_TASK_WORDS = (
    "Correct Extract Restyle Simplify Summarise Translate JSON Latin English French German Spanish "
    "Italian Polish Dutch"
)
_QUOTED = re.compile(r"[“\"]([^“”\"\n]+)[”\"]")
_MISTAKE = re.compile(
    r"\b(?:misspel\w+|spelled (?:wrong\w*|badly|incorrectly)|wrongly (?:spelled|written|used)|"
    r"(?:is|are) (?:wrong|a (?:mistake|slip|typo|misspelling|spelling error))|typo|"
    r"(?:a|one|another) (?:spelling )?(?:mistake|error)|incorrect)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:no|not|nor|never|neither|without|nothing|any|right|fine)\b", re.IGNORECASE
)


def untrue(reason: str, text: str, language: str, *, faultless: bool) -> Iterator[str]:
    """In words, what is wrong with a reason, which is in English.

    It may not fit any text; it may not say that the text is in another language than it is, or has
    dates, years or figures that it has not, or slips where it is faultless; of an English text it
    names nothing that is not there.

    >>> list(untrue("Every text can be translated.", "A mill burnt.", "en", faultless=True))
    ["'Every text can' fits any text"]
    """
    general = _ANY.search(reason)
    if general:
        yield f"{general.group()!r} fits any text"
    for found in _WRITTEN_IN.finditer(reason):
        if _LANGUAGES[found[1].casefold()] != language and not _INTO.search(
            reason[: found.start()]
        ):
            yield f"the text is not in {found[1]}"
    for kind, named in _KINDS.items():
        for found in named.finditer(reason):
            denied = _DENIED.search(reason[: found.start()])
            if not denied and not _of_kind(kind, text, language):
                yield f"the text has no {kind}"
    faulty = _FAULTY.search(reason)
    if faultless and faulty and not _DENIED.search(reason[: faulty.start()]):
        yield f"nothing in the text is wrong, and the reason speaks of {faulty.group()!r}"
    if language == "en":
        backing = support(text, language) | support(_TASK_WORDS, "en")
        known = {word[:_STEM] for word in folded_words(text)}
        for name in unsupported(reason, "en", backing):
            counted = any(counts_a_list(fact, [text]) for fact in numerals(name, "en"))
            if not counted and not {word[:_STEM] for word in folded_words(name)} & known:
                yield f"{name!r} is not in the text"


def _of_kind(kind: str, text: str, language: str) -> bool:
    """Whether a text has what one may call so: years are dates and numbers in a reader's eyes."""
    kinds = {"dates": ("dates", "years"), "years": ("years", "dates")}.get(
        kind, ("numbers", "years", "dates")
    )
    return any(extractable_facts(text, language, wanted) for wanted in kinds)


def alleged(trace: str) -> Iterator[str]:
    """What a trace quotes on a line that calls it a mistake.

    >>> list(alleged("“Thun” is misspelled → left\\n“Aare” → no mistake in it"))
    ['Thun']
    """
    for line in trace.split("\n"):
        found = _MISTAKE.search(line)
        if found and not _NONE.search(line[: found.end()]):
            yield from (quoted[1] for quoted in _QUOTED.finditer(line[: found.end()]))
