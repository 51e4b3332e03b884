"""Whether a text reads as one, without a language model: by function words and repeats.

These are figures of plain strings; what is too much or too little is for a check to say.
"""

from __future__ import annotations

from collections import Counter

from beam_synth.text.folding import WORD
from beam_synth.text.overlap import plain_words
from beam_synth.text.wordlists import FUNCTION

_REORDERED = 6  # words of a sentence that is the same in another order


def function_word_share(text: str, language: str) -> float:
    """Share of a text's words that are function words of the language, in [0, 1].

    Running prose of the eight languages has 0.25 and more; lists of words have hardly any. 1 for a
    text without words, and for a language without a list: of these nothing can be said.

    >>> function_word_share("The mill stood on the bank of the river.", "en")
    0.56
    >>> function_word_share("mill river bank wheel flour miller stone", "en")
    0.0
    """
    known = FUNCTION.get(language)
    words = [word.casefold() for word in WORD.findall(text)]
    if not known or not words:
        return 1.0
    return round(sum(word in known for word in words) / len(words), 2)


def repeated_ngram_share(text: str, n: int = 3) -> float:
    """Share of a text's runs of `n` words that stood in it before, in [0, 1].

    >>> repeated_ngram_share("the wheel turns and the wheel turns and the wheel turns", 3)
    0.56
    >>> repeated_ngram_share("the wheel turns until the stone rests", 3)
    0.0
    """
    words = plain_words(text)
    runs = [words[i : i + n] for i in range(len(words) - n + 1)]
    return round(1 - len(set(runs)) / len(runs), 2) if runs else 0.0


def repeated_lines(text: str, least: int = 2) -> list[str]:
    """The lines of at least `least` words that stand in the text more than once, as first written.

    Case, accents and marks do not count.

    >>> repeated_lines("The wheel turns.\\nThe stone rests.\\nthe wheel turns")
    ['The wheel turns.']
    """
    lines = [line.strip() for line in text.splitlines()]
    return _repeated([line for line in lines if len(plain_words(line)) >= least])


def repeated_sentences(parts: list[str], least: int = 3) -> list[str]:
    """Those of some sentences of at least `least` words that are said more than once; of six words
    and more also in another order.

    >>> repeated_sentences(["In 1307 both became one town.", "Both became one town in 1307."])
    ['In 1307 both became one town.']
    """
    return _repeated([part for part in parts if len(plain_words(part)) >= least], _REORDERED)


def _repeated(parts: list[str], reordered: int = 0) -> list[str]:
    """Parts that are there twice, from `reordered` words on (0: never) whatever their order."""
    forms = [plain_words(part) for part in parts]
    if reordered:
        forms = [tuple(sorted(form)) if len(form) >= reordered else form for form in forms]
    counts = Counter(forms)
    return [parts[forms.index(form)] for form, count in counts.items() if count > 1]
