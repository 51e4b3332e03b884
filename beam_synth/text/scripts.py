"""Scripts that are written without spaces between words: what stands for a word there.

Of Han, kana, Thai, Khmer and their kin it is a letter with all that hangs on it (vowel signs, tone
marks, subscripts, a silenced last consonant: about a syllable); Tibetan marks its syllables itself.
The classes are of plain characters, so that Python's and RE2's expressions can both hold them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

# Blocks that hold letters alone, or nearly so: Han and its extensions, Yi.
_LETTERS_ALONE = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA48C), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
# Blocks of which every character is looked at.
_BLOCKS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0xAA80, 0xAADF),  # Tai Le, Tai Lue, Tai Tham, Tai Viet
    (0x1B00, 0x1B7F), (0xA980, 0xA9DF),  # Balinese, Javanese
    (0x3005, 0x3007), (0x3031, 0x3035), (0x303B, 0x303C),  # iteration marks, zero
    (0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F),  # kana
    (0x3100, 0x312F), (0x31A0, 0x31BF),  # Bopomofo
)  # fmt: skip
_TIBETAN = ((0x0F00, 0x0FFF),)
_LEADING = "เแโใไເແໂໃໄ"  # vowels that stand before their consonant
_TRAILING = "ะาำๅະາຳ"  # vowels that follow it, as letters
_STACKING = "\u1039\u17d2\u1a60\u1b44\ua9c0"  # the next consonant stands below
_SILENCED = "[\u1000-\u1021]\u1037?\u103a"  # Burmese: the end of a syllable
_JOINS = frozenset(_LEADING + _STACKING + "\u200d")


def _class_of(points: Iterable[int]) -> str:
    """The body of a character class, as ranges."""
    ranges: list[list[int]] = []
    for point in sorted(set(points)):
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in ranges)


def _points(blocks: Iterable[tuple[int, int]]) -> Iterator[int]:
    for first, last in blocks:
        yield from range(first, last + 1)


def _of_kinds(blocks: Iterable[tuple[int, int]], *kinds: str) -> str:
    """The characters of some blocks whose category begins so, as a class."""
    return _class_of(p for p in _points(blocks) if unicodedata.category(chr(p)).startswith(kinds))


_LETTERS = _of_kinds(_BLOCKS, "Lo", "Lm", "Nl") + "".join(
    f"{chr(first)}-{chr(last)}" for first, last in _LETTERS_ALONE
)
_SYLLABIC = _of_kinds(_TIBETAN, "L", "M")

# Bodies of character classes: every letter of a script without spaces; the marks of these scripts.
LETTERS = _LETTERS + _of_kinds(_TIBETAN, "L")
MARKS = _of_kinds((*_BLOCKS, *_TIBETAN), "M")

# A letter with its marks; and what stands for a word. In the syntax of Python and of RE2.
CHARACTER = f"[{LETTERS}][{MARKS}]*"
UNIT = (
    f"(?:[{_LEADING}]*[{_LETTERS}](?:[{_STACKING}][{_LETTERS}]|{_SILENCED}|[{MARKS}{_TRAILING}])*"
    f"|[{_SYLLABIC}]+)"
)

# Bytes of UTF-8 that no such letter begins with: most texts are looked at no further.
_OTHERS = bytes(range(0xE0)) + b"\xe2"
_LETTER = re.compile(f"[{LETTERS}]")
_UNIT = re.compile(UNIT)


def is_unspaced(text: str) -> bool:
    """Whether a letter of a script without spaces stands in the text.

    >>> is_unspaced("Tōkyō"), is_unspaced("Tōkyō (東京)")
    (False, True)
    """
    if text.isascii() or not text.encode("utf-8", "surrogatepass").translate(None, _OTHERS):
        return False
    return _LETTER.search(text) is not None


def units_apart(text: str) -> str:
    """The text with blanks around what stands for a word in scripts without spaces.

    >>> units_apart("ไทย 東京 tower").split()
    ['ไท', 'ย', '東', '京', 'tower']
    """
    return _UNIT.sub(r" \g<0> ", text) if is_unspaced(text) else text


def count_runs(text: str) -> int:
    """Runs of non-space characters; in scripts without spaces, what stands for a word is one.

    >>> count_runs("a stone  harbour"), count_runs("東京タワー is a tower.")
    (3, 8)
    """
    return len(units_apart(text).split())


def next_boundary(text: str, at: int) -> int:
    """The first place from `at` on where the text can be cut without parting a letter and what
    hangs on it; the end where there is none.

    >>> next_boundary("สัญลักษณ์", 1), next_boundary("plain", 2)
    (2, 2)
    """
    while 0 < at < len(text) and _hangs(text, at):
        at += 1
    return at


def _hangs(text: str, at: int) -> bool:
    character = text[at]
    return (
        unicodedata.category(character)[0] == "M"
        or character in _TRAILING
        or character in "\u200c\u200d"
        or text[at - 1] in _JOINS
        or re.match(_SILENCED, text[at : at + 3]) is not None
    )
