"""How many syllables a word can have, by the spelling rules of its language.

Counts are sets, held as bits of an int (bit n is set where n syllables are possible), as readers
differ: mute e, hiatus or diphthong, -ed, elision between words. The rules are unsure where `SURE`
leaves a language out; no pronunciation dictionary is used, so that every machine decides alike.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from beam_synth.materials.constraints.letterforms import letter_words

SURE = frozenset({"es", "it", "pl", "la"})  # spelling decides, up to hiatus
# A run of vowels that is one syllable; longer alternatives first.
_NUCLEI = {
    "en": r"[aeiouy]+",
    "fr": r"(?:eau|oeu|aî|ai|ei|au|eu|oû|ou|oi|oî|[iu](?=[aeiouyàâéèêëîïôûù])|"
    r"[aeiouyàâéèêëîïôöûùüæœ])",
    "de": r"(?:aa|ee|oo|ai|au|ei|eu|ie|äu|ey|ay|[aeiouyäöü])",
    "es": r"[iuüy]?[aeoáéó][iuy]?(?![íú])|[iuü][iuüíú]|[aeiouáéíóúüy]",
    "it": r"[iu]?[aeoàèéìòù][iu]?|[iu][iuìù]|[aeiouàèéìòù]",
    "pl": r"i?[aąeęoóuy]|i",
    "nl": r"(?:aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|oe|ie|eu|ui|ij|ei|au|ou|[aeiouyàáèéëïöüó])",
    "la": r"(?:ae|oe|au|[aeiouy])",
}
_COMPILED = {language: re.compile(pattern) for language, pattern in _NUCLEI.items()}
_VOWEL = re.compile(r"[aeiouyàáâäæèéêëìíîïòóôöœùúûüąęó]")
_EN_HIATUS = re.compile(
    r"i[ao]|eo|ua|uou|ea(?=[lnt]|$)|yi|ie(?=[tnr])|oi(?=ng)|oe(?=[mt])|ei(?=ng)"
)
_EN_SILENT = re.compile(r"[^aeiouyl]e$|[aeiou]le$|[^aeiouy]es$|[^aeiouytd]ed$")
# Vowels that some readers keep apart.
_HIATUS = {
    "fr": re.compile(r"[iuy](?=[aeoâéèêô])(?!e(?:s|nt)?$)"),
    "de": re.compile(r"ie[nrs]?$|ie[nr]|eum|i[ao]"),
    "es": re.compile(r"[iuü][aeoáéó]|[aeo][iu]"),
    "it": re.compile(r"[iu][aeoàèéò]|[aeo][iu]"),
    "la": re.compile(r"[ao]e|eu"),
}
_FR_MUTE = re.compile(r"(?:[^aeiouyàâéèêëîïôûù]|[iuéy])(?:e|es|ent)$|(?:gu|qu)(?:e|es|ent)$")
_LA_GLIDE = re.compile(r"(?<![^\W_])[iju](?=[aeiou])|[qg]u(?=[aeiou])|(?<=[aeiou])[jiu](?=[aeiou])")
_ELIDES = frozenset({"es", "it", "la", "fr"})


def _count_range(least: int, most: int) -> int:
    return sum(1 << n for n in range(max(1, least), max(1, most) + 1))


@functools.lru_cache(maxsize=16384)
def word_counts(word: str, language: str) -> int:
    """Possible syllable counts of one word as bits.

    A single consonant may be elided or a preposition (none or one); a longer word without a vowel
    is an abbreviation, read as one syllable or letter by letter.

    >>> bin(word_counts("river", "en")), bin(word_counts("every", "en"))
    ('0b100', '0b1000')
    """
    word = unicodedata.normalize("NFC", word).lower().replace("œ", "oe").replace("æ", "ae")
    if not _VOWEL.search(word):
        return 0b11 if len(word) == 1 else 0b10 | 1 << len(word)
    rule = {"en": _english, "fr": _french, "la": _latin}.get(language, _by_nuclei)
    return rule(word, language)


def _by_nuclei(word: str, language: str) -> int:
    if language in ("es", "it", "fr", "la"):
        word = re.sub(r"qu(?=[aeiouàèéìòùáíóú])|gu(?=[eéií])", "q", word)
    nuclei = len(_COMPILED.get(language, _COMPILED["de"]).findall(word))
    vowels = len(_VOWEL.findall(word))
    hiatus = bool(_HIATUS[language].search(word)) if language in _HIATUS else 0
    if language == "pl" and re.search(r"[ae]u", word):
        return _count_range(nuclei - 1, nuclei)
    return _count_range(nuclei, min(vowels, nuclei + hiatus))


def _english(word: str, language: str) -> int:
    nuclei = len(_COMPILED["en"].findall(word))
    fewest = nuclei - 1 if nuclei > 1 and _EN_SILENT.search(word) else nuclei
    silent_inside = re.search(r"[^aeiouy]e(?:ly|ful|ment|less|ness|s?ville|land)", word)
    greatest = (
        nuclei + len(_EN_HIATUS.findall(word)) + bool(re.search(r"[^aeiouy]sms?$|thm$", word))
    )
    if re.search(r"[^aeiouyl]e$", word) and nuclei > 1:
        greatest -= not _EN_HIATUS.search(word)
    return _count_range(fewest - bool(silent_inside), greatest)


def _french(word: str, language: str) -> int:
    bits = _by_nuclei(word, "fr")
    if _FR_MUTE.search(word) and bits.bit_length() > 2:
        bits |= bits >> 1 & ~1
    return bits


def _latin(word: str, language: str) -> int:
    word = _LA_GLIDE.sub("v", word)
    nuclei = len(_COMPILED["la"].findall(word))
    return _count_range(nuclei, nuclei + bool(re.search(r"ae|oe", word)))


@functools.lru_cache(maxsize=4096)
def text_counts(text: str, language: str) -> int | None:
    """Possible syllable counts of a text as bits, with elision between words where the language has
    it; None where figures stand in it.
    """
    if any(character.isdigit() for character in text):
        return None
    total, ends_in_vowel = 1, False
    for word in letter_words(text):
        counts = word_counts(text[word.start : word.end], language)
        combined = 0
        for count in range(counts.bit_length()):
            if counts >> count & 1:
                combined |= total << count
        if ends_in_vowel and language in _ELIDES and word.letters[0] in "aeiouyh":
            combined |= combined >> 1 & ~1
        total, ends_in_vowel = combined, word.letters[-1] in "aeiouym"
    return total


def possible(text: str, language: str, n: int) -> bool:
    """Whether the text can have n syllables; never where figures stand in it.

    >>> possible("An old silent pond", "en", 5), possible("In 1689", "en", 5)
    (True, False)
    """
    counts = text_counts(text, language)
    return counts is not None and bool(counts >> n & 1)


def syllables_in_words(text: str, language: str) -> str:
    """The possible counts in words, "11 or 12".

    >>> syllables_in_words("the weary traveller", "en")
    '6'
    """
    counts = text_counts(text, language)
    if counts is None:
        return "figures, which cannot be counted"
    return " or ".join(str(n) for n in range(counts.bit_length()) if counts >> n & 1)
