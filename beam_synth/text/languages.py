"""Which language a text is in, by a vote of function words with lingua.

Names are left out before the text is classified: they say where a thing is, not which language
speaks of it. A text is refused only when another language is clearly more likely, by lingua and by
the vote, so that short texts pass. A text that the vote alone clears never gets to lingua, which
costs forty times as much. Measured on 1,000 real sentences a language: 0.0 to 0.4% are refused by
mistake, and about 3% of sentences in another language pass; `tests/text/test_languages.py` holds
both.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from typing import Any

from beam_synth.records import LANGUAGES
from beam_synth.text.quotes import mask_quotes
from beam_synth.text.wordlists import FUNCTION

# Close relatives, so that a text in one of them is not taken for ours.
_OTHERS = ("pt", "ca", "cs", "sk", "sv", "da", "ro")

CLEARLY = 0.8  # least confidence in the other language

HARDLY = 0.1  # most confidence in the expected one

_ENOUGH = 24  # words at either end: the figures above are for sentences of fewer

_ENDS = 400  # characters at either end of a text whose language is to be told

_HALF = 0.5  # least confidence in a language that is told from the text

# Lead in the vote that no relative of a language gets: 39 Portuguese texts led by 7 for Spanish.
_SURELY = 10

_LATIN = re.compile("[A-Za-z]")

_NAME = re.compile(r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĹŁŃŇŐŒŘŚŞŠŤŪŮŰŹŻŽ](?<=[\w,;)»”’'\]-] .)[\w'’.-]*")

_QUOTED = re.compile(r"[„“”\"«»][^„“”\"«»\n]{1,300}[„“”\"«»]")

_REF = re.compile(r"<ref [^>]*>.*?</ref>", re.DOTALL)

_WORD = re.compile(r"[^\W\d_]+")

_MASKED = re.compile(r"\bx{3,}\b")


@functools.lru_cache(maxsize=1)
def _detector() -> Any:
    """lingua's detector over n-grams of up to 3 letters: 27 MB, against 390 MB for its full
    models, and twice as fast."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, code.upper()) for code in (*LANGUAGES, *_OTHERS)]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()


def plain(text: str, language: str) -> str:
    """What is left to classify: no names (in German no noun can be told from one), quotations,
    citations, figures; of a long text its beginning and its end, 24 words each.

    >>> plain("In 1912 the ship of Anna Lind sailed.", "en")
    'In the ship of sailed'
    """
    text = _QUOTED.sub(" ", _REF.sub(" ", text))
    if language != "de":
        text = _NAME.sub(" ", text)
    words = _WORD.findall(text)
    if len(words) > 2 * _ENOUGH:
        words = words[:_ENOUGH] + words[-_ENOUGH:]
    return " ".join(words)


@functools.lru_cache(maxsize=1)
def _voters() -> dict[str, tuple[str, ...]]:
    """Function word -> the languages that have it."""
    languages: dict[str, tuple[str, ...]] = {}
    for language, words in FUNCTION.items():
        for word in words:
            languages[word] = (*languages.get(word, ()), language)
    return languages


def votes(text: str) -> dict[str, int]:
    """Language -> how many words of a plain text (`plain`) are function words of it.

    >>> counts = votes("the ship of the king")
    >>> counts["en"], counts["fr"]
    (3, 0)
    """
    voters = _voters()
    counts = dict.fromkeys(FUNCTION, 0)
    known = [voters[word] for word in text.casefold().split() if word in voters]
    for language in itertools.chain.from_iterable(known):
        counts[language] += 1
    return counts


def by_vote(lead: int) -> float:
    """Confidence in the language of a text whose vote leads any other's by so many words.

    The mean confidence that lingua has in such texts: 0.87, 0.95, 0.97 and 0.99 for leads of 1, 2,
    3 and more words, measured on 1,400 queries, answers and traces.

    >>> by_vote(1), by_vote(3)
    (0.875, 0.969)
    """
    return round(1 - 2.0 ** -(lead + 2), 3)


@functools.lru_cache(maxsize=2048)
def other_language(text: str, language: str) -> tuple[str, float]:
    """(the language that the text clearly is in instead or "", confidence in the expected one).

    The confidence, 0 to 1, is `by_vote` where the expected language leads the vote, else lingua's,
    rounded to three decimals; 1 where no word is left to classify.

    >>> other_language("Where did the ship go, and who was on it?", "en")
    ('', 0.998)
    """
    rest = plain(text, language)
    if not rest:
        return "", 1.0
    counts = votes(rest)
    lead = counts.pop(language, 0) - max(counts.values())
    if lead > 0:
        return "", by_vote(lead)  # whatever lingua says: it can refuse no leader of the vote
    return _by_lingua(rest, language)


def _by_lingua(rest: str, language: str) -> tuple[str, float]:
    # The last bits of lingua's sums differ from process to process.
    confidence = {
        value.language.iso_code_639_1.name.lower(): round(float(value.value), 3)
        for value in _detector().compute_language_confidence_values(rest)
    }
    expected = confidence.get(language, 0.0)
    top = max(confidence, key=lambda code: (confidence[code], code))
    if top == language or confidence[top] < CLEARLY or expected > HARDLY:
        return "", expected
    counts = votes(rest)
    if counts.get(language, 0) > counts.get(top, 0):
        return "", expected
    return top, expected


@functools.lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Names and three-letter codes of 75 languages, in lower case -> two-letter code."""
    from lingua import Language

    codes = {"simple": "en"}
    for language in Language.all():
        code = language.iso_code_639_1.name.lower()
        codes[language.name.lower()] = codes[language.iso_code_639_3.name.lower()] = code
    return codes


@functools.lru_cache(maxsize=1024)
def language_code(given: str) -> str:
    """The code of a language as data sets name it, without script and region; "" where it is none.

    >>> [language_code(name) for name in ("en", "pt_BR", "deu_Latn", "French", "grc", "und", "n/a")]
    ['en', 'pt', 'de', 'fr', 'grc', '', '']
    """
    main = re.split("[-_]", given.strip().casefold())[0]
    if not re.fullmatch("[a-z]{2,}", main) or main == "und":
        return ""
    if len(main) == 2:
        return main
    return _codes().get(main) or (main if len(main) == 3 else "")


def detect_language(text: str) -> str:
    """The code of the language that a text is in, of the 15 that are told apart here.

    By the vote where one language leads it clearly, else by lingua; "" where lingua is more than
    half in doubt, and where the text has no word in Latin letters.

    >>> texts = ("Der Tee ist heiß, und die Tasse steht auf dem Tisch.", "42")
    >>> [detect_language(text) for text in texts]
    ['de', '']
    """
    ends = text if len(text) <= 2 * _ENDS else f"{text[:_ENDS]} {text[-_ENDS:]}"
    rest = plain(ends, "")
    if not rest or not _LATIN.search(rest):
        return ""
    (first, most), (_, next_most) = Counter(votes(rest)).most_common(2)
    if most - next_most >= _SURELY:
        return first
    values = _detector().compute_language_confidence_values(rest)
    confidence = {v.language.iso_code_639_1.name.lower(): round(float(v.value), 3) for v in values}
    top = max(confidence, key=lambda code: (confidence[code], code))
    return top if confidence[top] > _HALF else ""


def mask_refs(text: str) -> str:
    """The trace without its quotations.

    >>> mask_refs('It says "non licet" there.')
    'It says   there.'
    """
    return _MASKED.sub(" ", mask_quotes(text))
