"""Exact and MinHash fingerprints of texts, in batches (MinHash: Broder 1997; bands: Indyk and
Motwani 1998; 14 bands of 8 over word 5-grams: FineWeb, arXiv 2406.17557).

Normalisation and word 5-grams run in pyarrow and numpy kernels over a whole batch; a text's
result depends on that text alone. In scripts without spaces a letter with its marks is a word, so
that the 5-grams are of letters there, and the exact verification reads the same ones. 14 bands of 8
hashes: a pair of Jaccard similarity s shares a band with probability 1 - (1 - s**8)**14 (0.05 at
0.5, 0.56 at 0.7, 0.92 at 0.8).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from beam_synth.drawing import Draw
from beam_synth.text.scripts import CHARACTER, LETTERS, MARKS

BANDS = 14
ROWS = 8  # hashes a band
PERMUTATIONS = BANDS * ROWS
WORDS = 5  # words a shingle
_BLOCK = 1 << 15  # shingles worked on at once: stays in the cache

Hashes = npt.NDArray[np.uint64]  # uint64[n]

# Where numbers carry the meaning (mathematics), the signs between them do too: kept are symbols
# and the marks below; points and commas stay between digits only.
_NUMBER = r"\p{N}+(?:[.,]\p{N}+)*"
_NOT_WORD = r"[^\p{L}\p{M}\p{N}]+"
_NOT_FORMULA = r"[^\p{L}\p{M}\p{N}\p{S}\-*/%^.,]+"
_LOOSE_POINT = r"[.,]+(\P{N}|$)|(^|\P{N})[.,]+"
# In scripts without spaces marks are vowels and tones, which tell words apart.
_OTHER_MARKS = rf"[^\P{{M}}{MARKS}]+"


def _ascii_table(kept: str) -> bytes:
    """What `bytes.translate` needs to keep letters, digits and these; all else becomes a space."""
    letters = (chr(code) if code < 128 else "\0" for code in range(256))
    return bytes(ord(c) if c.isalnum() or c in kept else ord(" ") for c in letters)


_ASCII_NUMBER = re.compile(rb"[0-9]+(?:[.,][0-9]+)*")
_ASCII_WORDS = _ascii_table("")
_ASCII_FORMULAS = _ascii_table("$+<=>^`|~-*/%.,")
_ASCII_LOOSE_POINT = re.compile(rb"[.,]+([^0-9]|\Z)|(\A|[^0-9])[.,]+")


def dedup_keys(texts: Sequence[str], fold_numbers: Sequence[bool]) -> list[str]:
    """Lower-case, numbers to 0 (where asked), punctuation to space, no diacritics.

    Words of the result are separated by one space, and so are the letters of scripts without
    spaces, which keep their marks. Where numbers are kept, so are symbols and the marks of
    formulas. Raises ValueError for another number of flags than of texts.

    >>> dedup_keys(["Été 1912: 3.5 km!", "1 + 1 = 2."], [True, False])
    ['ete 0 0 km', '1 + 1 = 2']
    >>> dedup_keys(["東京タワー（1958年）"], [True])
    ['東 京 タ ワ ー 0 年']
    """
    if len(texts) != len(fold_numbers):
        raise ValueError(f"{len(texts)} texts but {len(fold_numbers)} values of fold_numbers")
    return _normalised(texts, fold_numbers).to_pylist()  # type: ignore[no-any-return]


def _normalised(texts: Sequence[str], fold_numbers: Sequence[bool]) -> pa.Array:
    others = [i for i, text in enumerate(texts) if not text.isascii()]
    if len(others) == len(texts):
        return _normalised_unicode(texts, fold_numbers)
    keys = [
        _normalised_ascii(text, fold) if text.isascii() else ""
        for text, fold in zip(texts, fold_numbers, strict=True)
    ]
    if others:
        rest = [texts[i] for i in others], [fold_numbers[i] for i in others]
        for i, text in zip(others, _normalised_unicode(*rest).to_pylist(), strict=True):
            keys[i] = text
    return pa.array(keys, pa.large_string())


def _normalised_unicode(texts: Sequence[str], fold_numbers: Sequence[bool]) -> pa.Array:
    fold = pa.array(fold_numbers, pa.bool_())
    lower = pc.utf8_lower(pc.utf8_normalize(pa.array(texts, pa.large_string()), form="NFKD"))
    folded = formulas = lower
    if any(fold_numbers):
        folded = pc.replace_substring_regex(lower, _NUMBER, "0")
        folded = pc.replace_substring_regex(folded, _NOT_WORD, " ")
    if not all(fold_numbers):
        formulas = pc.replace_substring_regex(lower, _NOT_FORMULA, " ")
        formulas = pc.replace_substring_regex(formulas, _LOOSE_POINT, r"\2 \1")
    kept = pc.if_else(fold, folded, formulas)
    words = pc.replace_substring_regex(kept, r"\p{M}+", "")
    rows = _unspaced_rows(kept)
    if len(rows):
        apart = pc.replace_substring_regex(kept.take(rows), CHARACTER, r" \0 ")
        apart = pc.replace_substring_regex(apart, _OTHER_MARKS, "")
        mask = np.zeros(len(kept), bool)
        mask[rows] = True
        words = pc.replace_with_mask(words, pa.array(mask), apart)
    return pc.ascii_trim_whitespace(pc.replace_substring_regex(words, "  +", " "))


def _unspaced_rows(texts: pa.Array) -> npt.NDArray[np.int64]:
    """Which texts hold a letter of a script without spaces.

    Such letters begin with a byte from 0xE0 on, decomposed European ones do not: most texts are
    looked at no further.
    """
    _, offsets, data = texts.buffers()
    raw = np.frombuffer(data or b"", np.uint8)
    high = np.flatnonzero(raw >= 0xE0)
    places = high[raw[high] != 0xE2]
    if not len(places):
        return np.empty(0, np.int64)
    ends = np.frombuffer(offsets, np.int64)[1 : len(texts) + 1]
    rows: npt.NDArray[np.int64] = np.unique(np.searchsorted(ends, places, side="right"))
    found = pc.match_substring_regex(texts.take(rows), f"[{LETTERS}]")
    holding: npt.NDArray[np.int64] = rows[found.to_numpy(zero_copy_only=False)]
    return holding


def _normalised_ascii(text: str, fold: bool) -> str:
    """The same for plain ASCII: without tables of Unicode's classes."""
    lower = text.lower().encode()
    if fold:
        spaced = _ASCII_NUMBER.sub(b"0", lower).translate(_ASCII_WORDS)
    else:
        spaced = _ASCII_LOOSE_POINT.sub(rb"\2 \1", lower.translate(_ASCII_FORMULAS))
    return b" ".join(spaced.split()).decode()


def text_hashes(texts: Sequence[str], fold_numbers: Sequence[bool]) -> list[bytes]:
    """16 bytes (BLAKE2b) for each text: equal where the normalised texts are equal.

    A text of which normalisation leaves nothing is hashed as it is, so that such texts do not
    become one class of duplicates. Raises ValueError as `dedup_keys`.

    >>> first, second = text_hashes(["A cat.", "a  CAT"], [True, True])
    >>> first == second, len(first)
    (True, 16)
    """
    return _text_hashes(texts, dedup_keys(texts, fold_numbers))


def band_hashes(texts: Sequence[str], fold_numbers: Sequence[bool]) -> list[bytes]:
    """For each text, BANDS little-endian uint64 band hashes (112 bytes); b"" when under WORDS
    words.

    >>> [len(bands) for bands in band_hashes(["a b c d e f", "a b c d"], [True, True])]
    [112, 0]
    """
    return _band_hashes(_normalised(texts, fold_numbers))


def fingerprints(
    texts: Sequence[str], fold_numbers: Sequence[bool], salts: Sequence[int] | None = None
) -> tuple[list[bytes], list[bytes]]:
    """`text_hashes` and `band_hashes` at the price of one.

    Texts with different salts (uint64, see `salt`) have nothing in common, whatever they say; a
    salt of 0 changes nothing.
    """
    normalised = _normalised(texts, fold_numbers)
    hashes, bands = _text_hashes(texts, normalised.to_pylist()), _band_hashes(normalised)
    if salts is None or not any(salts):
        return hashes, bands
    return _salted(hashes, salts), _salted(bands, salts)


def salt(name: str) -> int:
    """A salt of `fingerprints` for a group of texts: a uint64 hash of its name."""
    return xxhash.xxh3_64_intdigest(name.encode())


def _salted(parts: Sequence[bytes], salts: Sequence[int]) -> list[bytes]:
    """Each part's little-endian uint64 values with its salt in them."""
    ends = list(accumulate(map(len, parts), initial=0))
    repeated = np.repeat(np.array(salts, "<u8"), np.diff(ends) // 8)
    data = (np.frombuffer(b"".join(parts), "<u8") ^ repeated).tobytes()
    return [data[start:end] for start, end in pairwise(ends)]


def _text_hashes(texts: Sequence[str], keys: list[str]) -> list[bytes]:
    return [
        hashlib.blake2b(key.encode() if key else b"\0" + text.encode(), digest_size=16).digest()
        for key, text in zip(keys, texts, strict=True)
    ]


def _band_hashes(normalised: pa.Array) -> list[bytes]:
    values, offsets = _shingle_hashes(normalised)
    packed = [b""] * len(normalised)
    filled = np.flatnonzero(np.diff(offsets))
    bands = _bands(_signatures(values, np.append(offsets[filled], offsets[-1])))
    for row, index in enumerate(filled):
        packed[index] = bands[row].astype("<u8").tobytes()
    return packed


def shingles(text: str, fold_numbers: bool) -> Hashes:
    """uint64[n]: sorted distinct hashes of the text's word 5-grams; empty when under WORDS words.

    >>> shingles("a b c d e f", fold_numbers=True).shape
    (2,)
    """
    return shingle_sets([text], [fold_numbers])[0]


def shingle_sets(texts: Sequence[str], fold_numbers: Sequence[bool]) -> list[Hashes]:
    """`shingles` of a batch, one array a text."""
    values, offsets = _shingle_hashes(_normalised(texts, fold_numbers))
    return [np.unique(values[a:b]) for a, b in pairwise(offsets)]


def jaccard(a: Hashes, b: Hashes) -> float:
    """Jaccard similarity of two sorted sets, 0 to 1; 0 when both are empty.

    >>> jaccard(np.array([1, 2, 3], np.uint64), np.array([2, 3, 4], np.uint64))
    0.5
    """
    shared = len(np.intersect1d(a, b, assume_unique=True))
    union = len(a) + len(b) - shared
    return shared / union if union else 0.0


def candidate_probability(similarity: float) -> float:
    """The probability that a pair of this Jaccard similarity shares at least one band.

    >>> round(candidate_probability(0.8), 2)
    0.92
    """
    return float(1.0 - (1.0 - similarity**ROWS) ** BANDS)


# ---------------------------------------------------------------- kernels


def _mixed(x: Hashes) -> Hashes:
    """MurmurHash3's 64-bit finaliser: every input bit reaches every output bit."""
    x = (x ^ (x >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    x = (x ^ (x >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))


def _shingle_hashes(normalised: pa.Array) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Hashes of all 5-grams of the batch, and where each text's begin (int64[n + 1])."""
    words = pc.split_pattern(normalised, " ")
    starts = words.offsets.to_numpy().astype(np.int64)
    unique = words.flatten().dictionary_encode()
    table = np.fromiter(
        map(xxhash.xxh3_64_intdigest, unique.dictionary.cast(pa.large_binary()).to_pylist()),
        np.uint64,
        len(unique.dictionary),
    )
    hashes = table[unique.indices.to_numpy()]
    counts = np.maximum(np.diff(starts) - (WORDS - 1), 0)
    offsets = np.concatenate(([0], np.cumsum(counts)))
    # Position of each 5-gram's first word: consecutive within a text.
    first = np.arange(offsets[-1]) + np.repeat(starts[:-1] - offsets[:-1], counts)
    values = np.zeros(len(first), np.uint64)
    for i in range(WORDS):
        values = _mixed(values * np.uint64(0x9E3779B97F4A7C15) + hashes[first + i])
    return values, offsets


@lru_cache(maxsize=1)
def _permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Multiplier (odd) and addend of x -> a * x + b mod 2**32, a bijection that wraps."""
    source = Draw("minhash", PERMUTATIONS)
    drawn = np.array([source.bits() for _ in range(PERMUTATIONS)], np.uint64)
    return (drawn >> np.uint64(32)).astype(np.uint32) | np.uint32(1), drawn.astype(np.uint32)


def _signatures(values: Hashes, offsets: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """uint32[n, PERMUTATIONS]: each permutation's minimum over each (non-empty) text."""
    minima = np.empty((len(offsets) - 1, PERMUTATIONS), np.uint32)
    multipliers, addends = _permutations()
    narrow = values.astype(np.uint32)
    start = 0
    while start < len(minima):
        end = int(np.searchsorted(offsets, offsets[start] + _BLOCK, side="right")) - 1
        end = min(max(end, start + 1), len(minima))
        block = narrow[offsets[start] : offsets[end]]
        bounds = offsets[start:end] - offsets[start]
        for i in range(PERMUTATIONS):
            minima[start:end, i] = np.minimum.reduceat(block * multipliers[i] + addends[i], bounds)
        start = end
    return minima


def _bands(signatures: npt.NDArray[np.uint32]) -> Hashes:
    """uint64[n, BANDS]: the 8 minima of a band and its number, hashed."""
    rows = signatures.reshape(-1, BANDS, ROWS).astype(np.uint64)
    hashes = np.broadcast_to(np.arange(BANDS, dtype=np.uint64), rows.shape[:2])
    for i in range(ROWS):
        hashes = _mixed(hashes * np.uint64(0x9E3779B97F4A7C15) + rows[:, :, i])
    return hashes
