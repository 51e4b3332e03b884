"""Text as the stages see it: normal form, words, sentences.

Offsets are in characters of the text as it is given.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from beam_synth.text.abbreviations import RULES, Rules
from beam_synth.text.scripts import LETTERS, UNIT, is_unspaced

_SPACED_WORD = re.compile(r"[^\W_]+(?:['’.,\-][^\W_]+)*")
_RUN = f"[^\\W_{LETTERS}]+"
_WORD = re.compile(rf"{_RUN}(?:['’.,\-]{_RUN})*|{UNIT}")
_BREAK = re.compile(r"\s*\n\s*")
# Languages of which sentencex does not know the mark that ends a sentence.
_OWN_STOPS = {tag: re.compile(r"[។៕]\s*") for tag in ("km",)} | {
    tag: re.compile(r"[།༎༑]+\s*") for tag in ("bo", "dz")
}
# Languages that write ordinals with a full stop.
_DOTTED = frozenset(
    [
        *("cs", "da", "de", "et", "fi", "hr", "hu", "lv"),
        *("nb", "no", "pl", "sk", "sl", "sr", "tr"),
    ]
)
_DOTTED_NUMBER = re.compile(r"(?<![\w.,:;/–-])\d{1,3}\.\s*$")
_LOOK_BACK = 24  # characters before a boundary in which an abbreviation can begin
_LOOK_AHEAD = 16


def normalise(text: str) -> str:
    r"""The form in which texts are compared: NFKC, case folded, white space squeezed.

    >>> normalise(" The  ﬁrst\nSTRASSE ")
    'the first strasse'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def words(text: str) -> list[str]:
    """The words in order: "2.500", "l'été" and "well-known" give one each; Han, kana, Thai and
    their kin one a letter, with what hangs on it (`scripts`).

    >>> words("O'Neil has 2.500 well-known 东京 maps.")
    ["O'Neil", 'has', '2.500', 'well-known', '东', '京', 'maps']
    """
    return (_WORD if is_unspaced(text) else _SPACED_WORD).findall(text)


def count_words(text: str) -> int:
    """How many words `words` finds.

    >>> count_words("It's well-known.")
    2
    """
    return len(words(text))


def occurrences(text: str, phrase: str) -> Iterator[int]:
    r"""Where the phrase stands in the text as whole words, in characters, without overlap.

    The same as a search for the escaped phrase between `(?<!\w)` and `(?!\w)`, without a pattern
    to compile for each phrase.

    >>> list(occurrences("art, party, art", "art"))
    [0, 12]
    """
    start = text.find(phrase) if phrase else -1
    while start >= 0:
        end = start + len(phrase)
        is_whole = not _in_word(text[start - 1 : start]) and not _in_word(text[end : end + 1])
        if is_whole:
            yield start
        start = text.find(phrase, end if is_whole else start + 1)


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Spans (start, end) of the sentences, in characters, without their outer white space.

    The spans are in order and leave out white space only. A line break always ends a sentence.
    `language` is a BCP-47 tag; one without rules of its own is cut by sentencex alone.
    Sentences come from sentencex; its cuts after abbreviations, initials and ordinals are undone
    by the lists of `abbreviations`.

    >>> text = "It rained. Dr. Lind left, e. g. by ship."
    >>> [text[start:end] for start, end in sentences(text, "en")]
    ['It rained.', 'Dr. Lind left, e. g. by ship.']
    """
    spans: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        spans.extend(_paragraph_sentences(text, start, end, language))
    return spans


def ends_in_ordinal(text: str, language: str) -> bool:
    """Whether the full stop at the end may make an ordinal of a number, so that what follows
    belongs to the same sentence.

    >>> ends_in_ordinal("Sie schlug die 6.", "de"), ends_in_ordinal("He came on the 6.", "en")
    (True, False)
    """
    return language in _DOTTED and _DOTTED_NUMBER.search(text) is not None


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BREAK.finditer(text):
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if start < len(text):
        yield start, len(text)


def _paragraph_sentences(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    tag = language.partition("-")[0].lower()
    body = text[start:end]
    join = _joiner(tag)
    cuts = [cut for cut in _sentencex_cuts(tag, body) if not join(body, cut)]
    if tag in _OWN_STOPS:
        stops = (stop.end() for stop in _OWN_STOPS[tag].finditer(body))
        cuts = sorted({*cuts, *(stop for stop in stops if stop < len(body))})
    spans = []
    for begin, stop in zip([0, *cuts], [*cuts, len(body)], strict=True):
        piece = body[begin:stop]
        left = begin + len(piece) - len(piece.lstrip())
        right = begin + len(piece.rstrip())
        if left < right:
            spans.append((start + left, start + right))
    return spans


def _sentencex_cuts(tag: str, text: str) -> list[int]:
    """Where sentencex begins a new sentence, in characters of `body`."""
    import sentencex

    cuts: list[int] = []
    searched = 0
    try:
        pieces = sentencex.segment(tag or "en", text)
    except BaseException as error:  # a panic of its Rust code derives from nothing narrower
        if type(error).__name__ != "PanicException":
            raise
        return cuts  # one sentence; the splitter cuts it by clauses if it is too long
    for piece in pieces:
        cut = text.find(piece, searched)  # it may drop white space between sentences
        if cut < 0:
            return cuts  # the rest stays one sentence
        if cut > 0 and piece:
            cuts.append(cut)
        searched = cut + len(piece)
    return cuts


class _Joiner:
    """Says which cuts of sentencex are none, in one language."""

    def __init__(self, rules: Rules) -> None:
        self._never_last = _pattern(rules.never_last, r"\s*")
        self._inside = _pattern(rules.inside, "")
        self._before_number = _pattern(rules.before_number, r"\s*(?=[\d(]*\d|[IVXLCDM]+\b)")
        months = _alternatives(rules.months)
        ordinal = rf"(?<![\w.,])\d{{1,4}}\.\s+(?=(?:{months})(?!\w))"
        self._ordinal = re.compile(ordinal, re.IGNORECASE)
        openers = "|".join(
            re.escape(word) + ("" if word[-1] in "'’" else r"(?![\w.])")
            for word in rules.openers.split("|")
            if word
        )
        self._opener = re.compile(openers or r"(?!)")
        entries = f"{rules.never_last}|{rules.inside}|{rules.before_number}"
        self._parts = frozenset(part.lower() for part in re.split(r"[ |]", entries) if part)

    def __call__(self, body: str, cut: int) -> bool:
        """Whether the sentence goes on at `cut`."""
        following = body[cut]
        if following.islower() or following in "-–,;:)]»%":
            return True
        begin = max(0, cut - _LOOK_BACK)
        if not self._could_be_short(body[begin:cut]):
            return False
        if _INITIAL.search(body, begin, cut) and not self._opener.match(body, cut):
            return following.isupper()
        window, boundary = body[begin : cut + _LOOK_AHEAD], cut - begin
        return (
            _covers(self._never_last, window, boundary, last=True)
            or _covers(self._inside, window, boundary, last=False)
            or _covers(self._before_number, window, boundary, last=True)
            or _covers(self._ordinal, window, boundary, last=True)
        )

    def _could_be_short(self, before: str) -> bool:
        """A quick look at the last word: most are no abbreviation, initial or ordinal."""
        before = before.rstrip()
        if not before.endswith("."):
            return False
        word = _OUTSIDE.split(before)[-1].lower()
        return len(word) <= 2 or word in self._parts or "." in word[:-1] or word[-2].isdigit()


_OUTSIDE = re.compile(r"[\s(\[{\"'“„«‘’*)\-–]")
# A name's initial: "John F. ", "J. R. ", "(A. "; not "vitamin C. " or "World War I. ".
_INITIAL = re.compile(
    r"(?:^|[\s(\[\"“„«'’\-])(?:[^\W\d_]\.[\s\-]?)*(?:(?![\dIVX])[^\W\d_a-zà-ÿ])\.\s*$"
)


def _covers(pattern: re.Pattern[str], window: str, cut: int, *, last: bool) -> bool:
    return any(
        match.start() < cut and (match.end() >= cut if last else match.end() > cut)
        for match in pattern.finditer(window)
    )


def _alternatives(entries: str) -> str:
    """A pattern for any of the entries; a space stands for any or no white space."""
    words = sorted({word for word in entries.split("|") if word}, key=lambda w: (-len(w), w))
    both = dict.fromkeys(form for word in words for form in (word, word[0].upper() + word[1:]))
    return "|".join(re.escape(form).replace(r"\ ", r"\s*") for form in both) or r"(?!)"


def _pattern(entries: str, tail: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{_alternatives(entries)}){tail}")


@functools.cache
def _joiner(tag: str) -> _Joiner:
    return _Joiner(RULES.get(tag, Rules()))
