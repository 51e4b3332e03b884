"""Which language a text is in, by a vote of function words with lingua.

Names are left out before the text is classified: they say where a thing is, not which language
speaks of it. A text is refused only when another language is clearly more likely, by lingua and by
the vote, so that short texts pass. A text that the vote alone clears never gets to lingua, which
costs forty times as much. Measured on 1,000 real sentences a language: 0.0 to 0.4% are refused by
mistake, and about 3% of sentences in another language pass; `tests/text/test_languages.py` holds
both.

Our eight languages are told from each other and from close relatives by 15 of lingua's languages
(27 MB, 35 us a text); texts that should be in another one by all 75 (28 MB more, 78 us): with the
15 alone 75 to 90% of Turkish, Finnish, Hungarian and Vietnamese sentences were refused, with all
of them 0.0 to 0.6% are. All 75 for the eight would cost short texts 5 to 18% of their certainty. Of
a language that lingua does not know nothing is refused.
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

_TOLD_APART = frozenset((*LANGUAGES, *_OTHERS))

# Written so much alike that one is never refused for another.
_ALIKE = (frozenset(("bs", "hr", "sr")), frozenset(("id", "ms")), frozenset(("nb", "nn", "da")))

# Codes under which lingua knows a language -> those that Wikipedias have for it.
_ALIASES = {"no": "nb", "sh": "hr", "fil": "tl", "iw": "he"}

CLEARLY = 0.8  # least confidence in the other language

HARDLY = 0.1  # most confidence in the expected one

_ENOUGH = 24  # words at either end: the figures above are for sentences of fewer

_ENDS = 400  # characters at either end of a text whose language is to be told

_HALF = 0.5  # least confidence in a language that is told from the text

# Lead in the vote that no relative of a language gets: 39 Portuguese texts led by 7 for Spanish.
_SURELY = 10

_LEADING = 2  # from this lead on another language than ours is not thought of

_LATIN = re.compile("[A-Za-z]")

_NAME = re.compile(r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĹŁŃŇŐŒŘŚŞŠŤŪŮŰŹŻŽ](?<=[\w,;)»”’'\]-] .)[\w'’.-]*")

_QUOTED = re.compile(r"[„“”\"«»][^„“”\"«»\n]{1,300}[„“”\"«»]")

_REF = re.compile(r"<ref [^>]*>.*?</ref>", re.DOTALL)

_WORD = re.compile(r"[^\W\d_]+")

_MASKED = re.compile(r"\bx{3,}\b")


@functools.cache
def _detector(*, every: bool = False) -> Any:
    """lingua's detector over n-grams of up to 3 letters: of 15 languages 27 MB, against 390 MB for
    its full models, and twice as fast."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    if every:
        return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()
    codes = [getattr(IsoCode639_1, code.upper()) for code in (*LANGUAGES, *_OTHERS)]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()


def _confidences(rest: str, *, every: bool = False) -> tuple[str, dict[str, float]]:
    """(likeliest language, confidence in each) of a plain text."""
    values = _detector(every=every).compute_language_confidence_values(rest)
    # The last bits of lingua's sums differ from process to process.
    confidence = {v.language.iso_code_639_1.name.lower(): round(float(v.value), 3) for v in values}
    return max(confidence, key=lambda code: (confidence[code], code)), confidence


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
    rounded to three decimals; 1 where no word is left to classify, and where lingua does not know
    the expected language.

    >>> other_language("Where did the ship go, and who was on it?", "en")
    ('', 0.998)
    >>> other_language("Şehir, ülkenin en kalabalık ve en büyük kentidir.", "tr")[0]
    ''
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
    code = _known_code(language)
    if not code:
        return "", 1.0
    top, confidence = _confidences(rest, every=code not in _TOLD_APART)
    expected = confidence[code]
    alike = any({top, code} <= group for group in _ALIKE)
    if top == code or alike or confidence[top] < CLEARLY or expected > HARDLY:
        return "", expected
    counts = votes(rest)
    if counts.get(language, 0) > counts.get(top, 0):
        return "", expected
    return top, expected


@functools.lru_cache(maxsize=1024)
def _known_code(language: str) -> str:
    """lingua's code of a language by its BCP-47 tag; "" where it knows none."""
    main = language.partition("-")[0].casefold()
    code = _ALIASES.get(main, main)
    return code if code in _TOLD_APART or code in _codes().values() else ""


def can_tell(language: str) -> bool:
    """Whether a text in a language, given by its BCP-47 tag, can be told from others at all.

    >>> can_tell("tr"), can_tell("my")
    (True, False)
    """
    return bool(_known_code(language))


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
    """The code of the language that a text is in, of the 75 that lingua knows.

    By the vote where one language leads it clearly. Where none leads at all, another language than
    the 15 that are told apart here, if lingua is sure of it; else the likeliest of these. "" where
    lingua is more than half in doubt.

    >>> texts = ("Der Tee ist heiß, und die Tasse steht auf dem Tisch.", "Çay sıcak, masada.", "42")
    >>> [detect_language(text) for text in texts]
    ['de', 'tr', '']
    """
    ends = text if len(text) <= 2 * _ENDS else f"{text[:_ENDS]} {text[-_ENDS:]}"
    rest = plain(ends, "")
    if not rest:
        return ""
    (first, most), (_, next_most) = Counter(votes(rest)).most_common(2)
    if most - next_most >= _SURELY:
        return first
    latin = _LATIN.search(rest) is not None
    if most - next_most < _LEADING or not latin:
        top, confidence = _confidences(rest, every=True)
        if top not in _TOLD_APART and confidence[top] > CLEARLY:
            return top
    if not latin:
        return ""
    top, confidence = _confidences(rest)
    return top if confidence[top] > _HALF else ""


def mask_refs(text: str) -> str:
    """The trace without its quotations.

    >>> mask_refs('It says "non licet" there.')
    'It says   there.'
    """
    return _MASKED.sub(" ", mask_quotes(text))
