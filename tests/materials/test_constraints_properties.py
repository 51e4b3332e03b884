"""Folding, syllables, chance, mutations, compatibility and sampling of the constraints."""

from __future__ import annotations

import itertools
import unicodedata
from typing import Any

import pytest

from beam_synth.drawing import Draw
from beam_synth.materials.constraints import CONSTRAINTS, Constraint
from beam_synth.materials.constraints.compatibility import CLAIMS, compatible, unsatisfied
from beam_synth.materials.constraints.counts import Counts
from beam_synth.materials.constraints.letterforms import (
    ALPHABET,
    fold_letters,
    letter_words,
    letters,
    lines,
    stanzas,
)
from beam_synth.materials.constraints.letters import (
    BeauPresent,
    Bivocalism,
    Lipogram,
    Prisoner,
    Univocalism,
)
from beam_synth.materials.constraints.line_patterns import Acrostic
from beam_synth.materials.constraints.makers import CONSTRAINED, NOT_DRAWN
from beam_synth.materials.constraints.nontrivial import (
    LIMIT,
    chance,
    frequencies,
    letters_needed,
    share,
)
from beam_synth.materials.constraints.nouns import nouns
from beam_synth.materials.constraints.sampling import (
    brief_of,
    draw_constrained,
    draw_creative,
)
from beam_synth.materials.constraints.syllables import possible, syllables_in_words
from beam_synth.materials.constraints.verse import Haiku
from beam_synth.materials.constraints.vocables import Liponym, RequiredWords
from beam_synth.materials.constraints.vocabulary import vocabulary
from beam_synth.materials.constraints.word_patterns import Snowball, Tautogram
from beam_synth.records import LANGUAGES
from tests.doubles.exchanges import TEXT
from tests.materials.test_constraints import CASES

FOLDED = [
    ("fr", "Cœur d’été, où ça naît", "coeurdeteoucanait"),
    ("de", "Größe und Übermaß, ÄRGER", "grosseundubermassarger"),
    ("es", "Niño, pingüino, corazón", "ninopinguinocorazon"),
    ("it", "Perché è così là giù", "percheecosilagiu"),
    ("pl", "Zażółć gęślą jaźń, Łódź", "zazolcgeslajaznlodz"),
    ("nl", "Geïnd, coöperatie, ĳs", "geindcooperatieijs"),
    ("la", "Cæsar pœna, ĭnsŭlā", "caesarpoenainsula"),
    ("en", "Naïve façade, Ørsted’s ﬁsh 42", "naivefacadeorstedsfish"),
]


@pytest.mark.parametrize(("language", "text", "expected"), FOLDED)
def test_folding(language: str, text: str, expected: str) -> None:
    for form in ("NFC", "NFD"):
        composed = unicodedata.normalize(form, text)
        found = letters(composed)
        assert found.text == expected
        assert len(found.at) == len(expected)
        assert list(found.at) == sorted(found.at)
    assert fold_letters(text.upper()) == expected


def test_diacritics_count_by_flag() -> None:
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, "été œuf ß")
        assert fold_letters(text, False) == "étéoeufss"
        assert letter_words(text, fold_diacritics=False)[0].letters == "été"


def test_words_lines_and_stanzas() -> None:
    assert [w.letters for w in letter_words("L'eau-de-vie d’Évian, 36 m²")] == [
        "l", "eau", "de", "vie", "d", "evian", "m",
    ]  # fmt: skip
    assert [w.letters for w in letter_words("L'eau-de-vie", split_hyphens=False)] == [
        "l",
        "eaudevie",
    ]
    assert [w.letters for w in letter_words("L'eau-de", split_apostrophes=False)] == ["leau", "de"]
    text = "  one \n\n two\t\nthree\n \n\nfour"
    assert [line.text for line in lines(text)] == ["one", "two", "three", "four"]
    assert all(text[line.start : line.end] == line.text for line in lines(text))
    assert [len(group) for group in stanzas(text)] == [1, 2, 1]


SYLLABLES = [
    ("en", "beautiful", 3), ("en", "table", 2), ("en", "wanted", 2), ("en", "walked", 1),
    ("en", "area", 3), ("en", "people", 2), ("fr", "rivière", 3), ("fr", "rivière", 2 + 2),
    ("fr", "maison", 2), ("fr", "eau", 1), ("de", "Häuser", 2), ("de", "Museum", 3),
    ("es", "ciudad", 2), ("es", "país", 2), ("es", "guerra", 2), ("it", "città", 2),
    ("it", "aiuola", 4), ("pl", "wiosna", 2), ("pl", "nauka", 3), ("nl", "huizen", 2),
    ("nl", "mooie", 2), ("la", "aqua", 2), ("la", "Caesar", 2), ("la", "poeta", 3),
]  # fmt: skip


@pytest.mark.parametrize(("language", "word", "n"), SYLLABLES)
def test_syllables(language: str, word: str, n: int) -> None:
    assert possible(word, language, n), syllables_in_words(word, language)
    assert not possible(word, language, n + 3)


def test_figures_have_no_syllables() -> None:
    assert not any(possible("in 1912", "en", n) for n in range(20))
    assert "figures" in Haiku().check("in 1912\na\nb", "en")[0].message


def _mutants(draw: Draw, text: str, letter: str) -> str:
    at = draw.below(len(text) + 1)
    shape = draw.choice((letter, letter.upper()))
    return text[:at] + shape + text[at:]


@pytest.mark.parametrize(
    "constraint",
    [Lipogram("aeo"), Univocalism("e"), Bivocalism("io"), Prisoner(), BeauPresent("Marienstadt")],
    ids=lambda c: str(c.name),
)
def test_one_banned_letter_is_found(constraint: Constraint) -> None:
    draw = Draw("mutations", constraint.name)
    allowed = sorted(set(ALPHABET) - constraint.banned())
    for _ in range(200):
        count = 5 + draw.below(80)
        text = "".join(draw.choice([*allowed, " ", "\n"]) for _ in range(count)) + allowed[0]
        assert constraint.check(text, "en") == []
        letter = draw.choice(sorted(constraint.banned()))
        broken = _mutants(draw, text, letter)
        (violation,) = constraint.check(broken, "en")
        assert broken[violation.start : violation.end].casefold() == letter


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case[0].name))
def test_case_and_white_space_do_not_count(case: tuple[Constraint, str, str]) -> None:
    constraint, kept, broken = case
    for text in (kept, broken):
        verdict = bool(constraint.check(text, "en"))
        for same in (text.upper(), text.lower(), text.replace(" ", "  "), f" {text} \n"):
            if constraint.name in ("larding", "equal_sentences", "counts") and same == text.lower():
                continue  # sentences are told apart by capitals
            assert bool(constraint.check(same, "en")) is verdict, same


def test_frequencies_and_chance() -> None:
    for language in LANGUAGES:
        table = frequencies(language)
        assert list(table) == list(ALPHABET)
        assert sum(table.values()) == pytest.approx(1)
        assert max(table, key=lambda c: table[c]) in "eai"
        needed = letters_needed(frozenset("e"), language)
        assert needed is not None
        just = chance(Lipogram("e"), "a" * needed, language)
        short = chance(Lipogram("e"), "a" * (needed - 1), language)
        assert just is not None and short is not None and just < LIMIT <= short
    assert share(frozenset("q"), "pl") < 0.001
    assert chance(Haiku(), "abc", "en") is None
    assert letters_needed(frozenset(), "en") is None


def test_the_matrix_is_symmetric_and_irreflexive() -> None:
    kinds: dict[str, Constraint] = {c.name: c for c, _, _ in CASES}
    assert set(CLAIMS) == set(kinds) == set(CONSTRAINTS)
    for a, b in itertools.product(kinds.values(), repeat=2):
        assert compatible(a, b, "en") is compatible(b, a, "en"), (a, b)
    for constraint in kinds.values():
        assert not compatible(constraint, constraint, "en"), constraint


def test_what_does_not_go_together() -> None:
    for a, b in [
        (Haiku(), Snowball(1, 5)),
        (Lipogram("s"), RequiredWords(("boats",))),
        (Tautogram("e"), Lipogram("ae")),
        (Acrostic("sun"), Lipogram("u")),
        (Liponym(("boat",)), RequiredWords(("Boat",))),
        (Tautogram("s"), RequiredWords(("boat",))),
    ]:
        assert not compatible(a, b, "en")
    for a, b in [
        (Acrostic("sun"), Lipogram("e")),
        (Tautogram("s"), Liponym(("boat",))),
        (Lipogram("e"), RequiredWords(("boats",))),
        (Lipogram("e"), Counts("letter", 100)),
    ]:
        assert compatible(a, b, "en")


def test_the_probe_says_what_is_missing() -> None:
    vocab = vocabulary("Lindau Bridge", TEXT, "en")
    assert unsatisfied([Acrostic("brat")], vocab) == ""
    assert "no word for z" in unsatisfied([Acrostic("buzz")], vocab)
    assert "no word for 9 letters" in unsatisfied([Snowball(1, 11)], vocab)
    assert "letters of words fit" in unsatisfied([Lipogram("e"), Counts("letter", 999)], vocab)
    assert unsatisfied([Lipogram("aeiou")], vocab).startswith("fewer than two")


def test_nouns_are_in_order() -> None:
    for language in LANGUAGES:
        listed = nouns(language)
        assert 40 <= len(listed) == len({noun.casefold() for noun in listed})
        polish = "aąbcćdeęfghijklłmnńoóprsśtuwyzźż"  # letters with places of their own
        keys = [
            [polish.index(c) for c in n] if language == "pl" else fold_letters(n) for n in listed
        ]
        assert keys == sorted(keys)


def _briefs(creative: bool, n: int = 150) -> list[Any]:
    vocab = vocabulary("Lindau Bridge", TEXT, "en")
    make: Any = draw_creative if creative else draw_constrained
    return [make(vocab, Draw("brief", i)) for i in range(n)]


@pytest.mark.parametrize("creative", [True, False])
def test_drawn_briefs(creative: bool) -> None:
    briefs = _briefs(creative)
    assert briefs == _briefs(creative)
    vocab = vocabulary("Lindau Bridge", TEXT, "en")
    sizes = set()
    for brief in briefs:
        assert bool(brief.genre) is creative and bool(brief.tone) is creative
        assert brief_of(brief.to_json()) == brief
        assert unsatisfied(brief.constraints, vocab) == "" or creative
        for a, b in itertools.combinations(brief.constraints, 2):
            assert compatible(a, b, "en")
        banning = [c for c in brief.constraints if c.banned()]
        for constraint in banning:
            needed = letters_needed(constraint.banned(), "en")
            assert Counts("letter", needed) in brief.constraints
        sizes.add(len(brief.constraints) - len(banning))
    assert sizes == {1, 2, 3}
    kinds = {c.name for brief in briefs for c in brief.constraints}
    assert len(kinds) >= (4 if creative else 15)


def test_everything_is_drawn_or_said_not_to_be() -> None:
    assert set(CONSTRAINED) | set(NOT_DRAWN) == set(CONSTRAINTS)
    assert not set(CONSTRAINED) & set(NOT_DRAWN)


def test_a_brief_that_is_none() -> None:
    for data in (
        {"genre": "opera", "tone": "", "constraints": []},
        {"genre": "", "tone": "", "constraints": [{"name": "x"}]},
    ):
        with pytest.raises(ValueError):
            brief_of(data)


def test_sources_are_such_as_their_constraint_can_take() -> None:
    """A word without a vowel has none to repeat, and what stands before "d'eau" would change."""
    make = {name: maker for name, (_, maker) in CONSTRAINED.items()}
    draws = [Draw("source", i) for i in range(20)]
    mute = vocabulary("SNCF", "SNCF BRB TGV. Друг.", "fr")
    assert [make["isovocalism"](mute, draw) for draw in draws] == [None] * 20
    voiced = vocabulary("SNCF", "SNCF BRB gare.", "fr")
    assert all(make["isovocalism"](voiced, draw) for draw in draws)
    elided = vocabulary(
        "Azolla", "Cette algue d'eau douce a sa place ici. Le roi voit l’eau.", "fr"
    )
    assert [make["n_plus_k"](elided, draw) for draw in draws] == [None] * 20
    free = vocabulary("Azolla", "Cette algue couvre une place de la ville.", "fr")
    assert all(make["n_plus_k"](free, draw) for draw in draws)


def test_a_seed_without_words_suits_no_constraint() -> None:
    assert draw_constrained(vocabulary("12", "1912: 36.", "en"), Draw("x")) is None
