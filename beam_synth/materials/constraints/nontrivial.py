"""How likely ordinary text keeps a letter constraint by chance: (1 − f)^n.

f is the share of ordinary text's letters that are banned, n the number of letters. A ban that such
text keeps with a probability over LIMIT is no evidence of skill.
"""

from __future__ import annotations

import functools
import math

from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.letterforms import ALPHABET, fold_letters

LIMIT = 1e-6  # a kept constraint that is likelier than this by chance is no evidence

# Percent of the letters a … z after folding, of 8 thousand (la) to 1.2 million letters of articles.
_PERCENT = {
    "en": "8.82 1.51 3.57 3.80 11.91 2.18 1.91 4.61 7.82 .17 .57 4.32 2.67 7.51 7.31 2.15 .10 6.54 "
    "6.72 8.84 2.72 1.04 1.39 .22 1.50 .12",
    "fr": "8.43 .97 3.45 4.19 17.39 1.03 1.18 .92 7.35 .29 .18 6.07 2.78 7.41 5.39 2.88 .85 6.91 "
    "7.76 6.89 5.45 1.26 .07 .42 .35 .12",
    "de": "6.30 2.07 2.76 5.13 16.27 1.67 2.97 4.13 7.93 .27 1.43 3.77 2.56 9.77 3.09 1.03 .03 "
    "7.55 6.70 6.27 4.49 .96 1.43 .07 .16 1.19",
    "es": "11.77 1.82 4.46 5.49 14.04 1.01 1.15 .70 7.35 .21 .17 6.58 2.80 7.53 8.02 2.32 .43 6.68 "
    "6.71 4.55 4.03 .80 .10 .18 .80 .30",
    "it": "10.99 .92 4.42 3.97 11.74 1.08 1.73 .86 11.59 .03 .11 6.79 2.66 7.32 8.92 2.76 .35 6.30 "
    "4.95 6.81 3.07 1.45 .06 .05 .07 1.00",
    "pl": "9.87 1.33 4.16 3.13 8.41 .49 1.52 1.31 7.99 2.29 3.53 4.20 2.64 5.98 8.71 3.02 .02 5.36 "
    "4.95 3.97 2.64 .11 4.78 .07 3.74 5.79",
    "nl": "6.62 2.17 1.40 6.43 18.58 .81 2.84 2.54 7.10 1.47 1.84 4.34 1.80 10.23 5.66 1.17 .01 "
    "6.51 4.94 6.38 1.91 2.40 1.63 .05 .05 1.09",
    "la": "9.59 2.55 3.61 2.53 11.23 .86 1.17 1.02 11.09 .01 .04 4.10 5.32 7.52 5.70 2.53 .87 7.36 "
    "6.71 7.04 7.28 1.45 .02 .33 .07 .01",
}


@functools.cache
def frequencies(language: str) -> dict[str, float]:
    """Share of each letter of a–z in ordinary text of the language; they sum to 1.

    Raises KeyError for a language without figures.

    >>> max(frequencies("en"), key=frequencies("en").get), round(frequencies("en")["e"], 2)
    ('e', 0.12)
    """
    values = [float(value) for value in _PERCENT[language].split()]
    total = sum(values)
    return {letter: value / total for letter, value in zip(ALPHABET, values, strict=True)}


def share(banned: frozenset[str], language: str) -> float:
    """f: the share of ordinary text's letters that are among these, 0 to 1.

    >>> round(share(frozenset("aeiou"), "en"), 2)
    0.39
    """
    table = frequencies(language)
    return sum(table[letter] for letter in sorted(banned))


def chance(constraint: Constraint, text: str, language: str) -> float | None:
    """Probability that ordinary text as long as this has none of the banned letters; None where the
    constraint bans no letter.
    """
    banned = constraint.banned()
    if not banned:
        return None
    return float((1 - share(banned, language)) ** len(fold_letters(text)))


def letters_needed(banned: frozenset[str], language: str) -> int | None:
    """The least number of letters at which keeping the ban is no chance; None if it always is.

    >>> letters_needed(frozenset("e"), "en"), letters_needed(frozenset(), "en")
    (109, None)
    """
    banned_share = share(banned, language)
    if not 0 < banned_share < 1:
        return None
    return math.floor(math.log(LIMIT) / math.log(1 - banned_share)) + 1
