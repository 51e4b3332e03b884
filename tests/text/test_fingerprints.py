from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.drawing import draw
from beam_synth.text import fingerprints


def words(n: int, key: str) -> list[str]:
    source = draw(5, key, "words")
    return [f"w{source.bits() % 10**9:x}x" for _ in range(n)]


def planted(similarity: float, key: str, size: int = 120) -> tuple[str, str]:
    """Two texts whose 5-gram sets have about the given Jaccard similarity."""
    shared = round(2 * size * similarity / (1 + similarity))
    head = words(shared + 4, key + "head")
    tails = (words(size - shared, key + side) for side in "ab")
    a, b = (" ".join(head + tail) for tail in tails)
    return a, b


def true_jaccard(a: str, b: str) -> float:
    def grams(text: str) -> set[tuple[str, ...]]:
        tokens = fingerprints.dedup_keys([text], [True])[0].split(" ")
        return {tuple(tokens[i : i + 5]) for i in range(len(tokens) - 4)}

    x, y = grams(a), grams(b)
    return len(x & y) / len(x | y) if x | y else 0.0


@pytest.mark.parametrize(
    ("text", "fold", "expected"),
    [
        ("  The Café, IN\t1998!  ", True, "the cafe in 0"),
        ("3,5 + 4.25 = 7.75.", True, "0 0 0"),
        ("3,5 + 4.25 = 7.75.", False, "3,5 + 4.25 = 7.75"),
        ("So 3 - 4, not 3 + 4.", False, "so 3 - 4 not 3 + 4"),
        ("«Où?» – Łódź", True, "ou łodz"),
        ("", True, ""),
        ("…!?", True, ""),
    ],
)
def test_normalise(text: str, fold: bool, expected: str) -> None:
    assert fingerprints.dedup_keys([text], [fold]) == [expected]


PLAIN = st.text(st.characters(max_codepoint=127) | st.sampled_from("0123.,+- "))


@given(st.lists(st.tuples(PLAIN, st.booleans()), max_size=5))
@settings(max_examples=600)
def test_plain_texts_are_normalised_as_in_unicode(given_texts: list[tuple[str, bool]]) -> None:
    texts = [text for text, _ in given_texts]
    folds = [fold for _, fold in given_texts]
    wanted = fingerprints._normalised_unicode(texts, folds).to_pylist()
    assert fingerprints.dedup_keys([*texts, "É"], [*folds, True]) == [*wanted, "e"]


def test_numbers_fold_only_where_asked() -> None:
    texts = ["What is 12 times 7, said the boy?", "What is 13 times 8, said the boy?"]
    assert len(set(fingerprints.text_hashes(texts, [True, True]))) == 1
    assert len(set(fingerprints.text_hashes(texts, [False, False]))) == 2
    assert (
        fingerprints.band_hashes(texts, [True, True])[0]
        == fingerprints.band_hashes(texts, [True] * 2)[1]
    )
    assert not set(fingerprints.shingles(texts[0], False)) & set(
        fingerprints.shingles(texts[1], False)
    )


def test_operators_count_where_numbers_do() -> None:
    texts = ["What is 3 + 4?", "What is 3 - 4?", "What is 3 × 4?", "What is 3 / 4?"]
    assert len(set(fingerprints.text_hashes(texts, [False] * 4))) == 4


def test_a_length_mismatch_is_refused() -> None:
    with pytest.raises(ValueError, match="2 texts but 1"):
        fingerprints.text_hashes(["a", "b"], [True])


def test_texts_without_words_are_not_one_class() -> None:
    hashes = fingerprints.text_hashes(["!!!", "???", ""], [True] * 3)
    assert len(set(hashes)) == 3
    assert {len(h) for h in hashes} == {16}


def test_short_texts_have_no_bands() -> None:
    bands = fingerprints.band_hashes(
        ["one two three four", "one two three four five", ""], [True] * 3
    )
    assert [len(b) for b in bands] == [0, 8 * fingerprints.BANDS, 0]
    assert len(fingerprints.shingles("one two three four", True)) == 0
    assert (
        fingerprints.jaccard(fingerprints.shingles("", True), fingerprints.shingles("", True))
        == 0.0
    )


def test_signature_estimates_jaccard() -> None:
    """A modular hash whose product never wraps gave a root mean square error of 0.42."""
    errors = []
    for i in range(60):
        pair = planted((i % 10 + 0.5) / 10, f"pair{i}")
        values, offsets = fingerprints._shingle_hashes(fingerprints._normalised(pair, [True, True]))
        a, b = fingerprints._signatures(values, offsets)
        errors.append(float((a == b).mean()) - true_jaccard(*pair))
    rmse = float(np.sqrt(np.mean(np.square(errors))))
    assert rmse < 0.055  # theory: the mean of sqrt(s (1 - s) / 112) is 0.039


def test_candidates_follow_the_s_curve() -> None:
    for similarity in (0.3, 0.5, 0.7, 0.8, 0.9):
        pairs = [planted(similarity, f"s{similarity}-{i}") for i in range(250)]
        flat = [text for pair in pairs for text in pair]
        bands = np.array(
            [np.frombuffer(b, "<u8") for b in fingerprints.band_hashes(flat, [True] * len(flat))]
        )
        found = (bands[0::2] == bands[1::2]).any(axis=1).mean()
        expected = np.mean([fingerprints.candidate_probability(true_jaccard(*p)) for p in pairs])
        assert abs(found - expected) < 4 * np.sqrt(expected * (1 - expected) / 250) + 0.01


def test_bands_are_distinct_hashes() -> None:
    (bands,) = fingerprints.band_hashes([" ".join(words(50, "one"))], [True])
    assert len(set(np.frombuffer(bands, "<u8").tolist())) == fingerprints.BANDS


@settings(max_examples=60)
@given(
    st.lists(st.text(alphabet="abé ,.19+-\n\u0301", max_size=60), min_size=1, max_size=8),
    st.data(),
)
def test_a_text_depends_on_itself_alone(texts: list[str], data: st.DataObject) -> None:
    folds = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    together = fingerprints.band_hashes(texts, folds), fingerprints.text_hashes(texts, folds)
    alone = [
        [f([t], [fold])[0] for t, fold in zip(texts, folds, strict=True)]
        for f in (fingerprints.band_hashes, fingerprints.text_hashes)
    ]
    assert list(together) == alone
    assert fingerprints.fingerprints(texts, folds) == together[::-1]


@settings(max_examples=60)
@given(*[st.lists(st.sampled_from("abc"), max_size=20).map(" ".join)] * 2)
def test_jaccard_is_that_of_word_five_grams(a: str, b: str) -> None:
    sets = fingerprints.shingle_sets([a, b], [True, True])
    assert fingerprints.jaccard(*sets) == pytest.approx(true_jaccard(a, b) if a and b else 0.0)


def test_long_texts_cross_blocks() -> None:
    long = [" ".join(words(40_000, f"long{i}")) for i in range(2)]
    texts = [long[0], "a b c d e f", long[1], "", long[0]]
    together = fingerprints.band_hashes(texts, [True] * 5)
    assert together == [fingerprints.band_hashes([t], [True])[0] for t in texts]
    assert together[0] == together[4] != together[2]


def test_an_empty_batch() -> None:
    assert fingerprints.band_hashes([], []) == []
    assert fingerprints.text_hashes([], []) == []
