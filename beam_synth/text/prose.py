"""Whether a text is prose, or a bibliography, a table of codes or a list of links.

Prose is told by its function words: no language writes sentences without them. A text with few of
them is left out only where it shows what it is instead, so that notes, headlines and lists of
things stay; in languages whose function words are not known here every text stays.
"""

from __future__ import annotations

import functools
import re

from beam_synth.text.wordlists import FUNCTION

BIBLIOGRAPHY = "a bibliography"
CODES = "a table of codes"
LINKS = "a list of links"
LEAST_WORDS = 12  # of a text that is looked at: a shorter one shows too little
FEW = 0.22  # share of function words below which a text may be no prose at all
VERY_FEW = 0.14  # the same, where its links or codes are all that speaks against it
REFERENCES = 1 / 3  # share of items that are references, in a bibliography
REFERENCE = 3  # points of an item that is a reference
_WORDS_A_REFERENCE = 14
_WORDS_A_LINK = 12
_LINE_WORDS = 3
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W\d_]+)?")
_YEAR = r"(?:1[5-9]|20)\d\d"
# What stands in references and hardly elsewhere: two points each.
_STRONG = re.compile(
    r"\bISBN\b|\bISSN\b|\bdoi\b|\bpp?\.\s?\d|\bS\.\s?\d+|\bs\.\s?\d+[-–]\d|\b[Vv]ol\.|\beds?\.|"
    r"\bHrsg\.|\bBd\.|\bAufl\.|\bt\.\s?[IVX\d]|\bcoll\.|\bUniversity Press\b|\bVerlag\b|\bPress\b,|"
    r"\bÉditions?\b|\bEditori?(?:al|e)\b|\bWydawnictwo\b|\bUitgeverij\b|"
    # an author before a title
    r"^\W*(?:[^\W\d_a-z][\w'’-]+,\s+(?:[^\W\d_a-z]\.\s?)+|(?:[^\W\d_a-z]\.\s?){1,3}[^\W\d_a-z]\w+,)",
    re.MULTILINE,
)
# What stands in other lists, too: one point each.
_WEAK = re.compile(
    rf"\({_YEAR}\)|,\s{_YEAR}\W*$|:\s[^:\n]{{3,40}},\s{_YEAR}|"
    r"^\W*[^\W\d_a-z][\w'’-]+,\s+[^\W\d_a-z]\w+\s?[,;:.(]",
    re.MULTILINE,
)
_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|org|net|edu|gov|int|eu|de|fr|it|es|pl|nl)\b")
_CODE = re.compile(r"(?=\w*\d)(?=\w*[^\W\d_])\w+")  # "108Cd", "v36"
_ACRONYM = re.compile(r"[A-ZÀ-Ý]{2,}")  # a code beside others, else a name
_LEAST_CODES = 0.05
_NUMBER = re.compile(rf"(?!{_YEAR}$)\d[\d.,]*")


@functools.lru_cache(maxsize=1024)  # the tasks of a passage
def no_prose(text: str, language: str) -> str:
    """What a text is that is no prose, in words; "" for prose and where it is not sure.

    >>> no_prose("Lind, A. (1998). The Tin Mill. Oslo: Fjord Press. ISBN 1-23. Holm, M. (2001). "
    ...          "Mills of Norway. Bergen: Havn Press. pp. 12-40.", "en")
    'a bibliography'
    >>> no_prose("The mill stood by the river, and in 1998 it burnt down to the ground.", "en")
    ''
    """
    words = _WORD.findall(text)
    known = FUNCTION.get(language)
    if known is None or len(words) < LEAST_WORDS:
        return ""
    function = sum(map(known.__contains__, map(str.lower, words))) / len(words)
    if function >= FEW:  # most texts, which cost no more than this
        return ""
    items = [line for line in text.splitlines() if len(_WORD.findall(line)) >= _LINE_WORDS]
    if sum(_points(item) >= _needed(item) for item in items) >= REFERENCES * max(1, len(items)):
        return BIBLIOGRAPHY
    if function >= VERY_FEW:
        return ""
    return LINKS if _links(text, items, len(words)) else CODES if _codes(words) else ""


def _links(text: str, items: list[str], words: int) -> bool:
    """Whether half of the items hold links, and these stand close together."""
    with_links = sum(_LINK.search(item) is not None for item in items)
    dense = len(_LINK.findall(text)) * _WORDS_A_LINK >= words
    return dense and with_links >= 0.5 * max(1, len(items))


def _codes(words: list[str]) -> bool:
    """Whether codes, or codes and numbers that are no years, are most of the words."""
    codes = sum(_CODE.fullmatch(word) is not None for word in words)
    if codes >= _LEAST_CODES * len(words):
        codes += sum(_ACRONYM.fullmatch(word) is not None for word in words)
    figures = codes + sum(_NUMBER.fullmatch(word) is not None for word in words)
    return codes >= 0.4 * len(words) or figures >= 0.7 * len(words)


def _points(item: str) -> int:
    """How much an item looks like references; 0 where it shows nothing that only these have."""
    strong = len(_STRONG.findall(item))
    return 2 * strong + len(_WEAK.findall(item)) if strong else 0


def _needed(item: str) -> int:
    """Points of an item that is nothing but references, by its length."""
    return REFERENCE * max(1, round(len(_WORD.findall(item)) / _WORDS_A_REFERENCE))
