"""Each constraint: a text that keeps it, a near miss, JSON, instructions, parameters."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from beam_synth.materials.constraints import CONSTRAINTS, Constraint, from_json
from beam_synth.materials.constraints.counts import Counts, EqualSentences
from beam_synth.materials.constraints.letter_patterns import Isogram, LetterPalindrome, Pangram
from beam_synth.materials.constraints.letters import (
    BeauPresent,
    BelleAbsente,
    Bivocalism,
    Lipogram,
    Monoconsonantism,
    PangrammaticLipogram,
    Prisoner,
    Univocalism,
)
from beam_synth.materials.constraints.line_patterns import (
    Acrostic,
    Fibonacci,
    LayoutPoem,
    LineSnowball,
    Mesostic,
    Telestich,
)
from beam_synth.materials.constraints.sampling import GENRES, TONES, Brief
from beam_synth.materials.constraints.sources import (
    Anagram,
    HeterogrammaticVerse,
    Isoconsonantism,
    Isovocalism,
    Larding,
    NPlusK,
)
from beam_synth.materials.constraints.verse import (
    Alexandrine,
    Haiku,
    IrrationalSonnet,
    Quenine,
    spiral,
)
from beam_synth.materials.constraints.vocables import (
    AllDifferent,
    Liponym,
    RequiredWords,
    WordLadder,
)
from beam_synth.materials.constraints.word_patterns import (
    Abecedarian,
    MeltingSnowball,
    Pilish,
    Rhopalic,
    Snowball,
    Tautogram,
    WordPalindrome,
)
from beam_synth.materials.constraints.wording import wordings
from beam_synth.methods.writing.checks import query_checks
from beam_synth.methods.writing.written import About
from beam_synth.records import LANGUAGES

SONNET = "\n\n".join("\n".join(["one line"] * n) for n in (3, 1, 4, 1, 5))
TERCETS = "a one\nb two\nc three\n\nd three\ne one\nf two\n\ng two\nh three\ni one"
SIX = ("The ferry left at dawn.", "The bridge came later.")
PANGRAM = "The five boxing wizards jump quickly."
CASES: list[tuple[Constraint, str, str]] = [  # constraint, kept, near miss
    (Lipogram("e"), "A ship sails past a rocky coast", "A ship sails past the rocky coast"),
    (Lipogram("é", fold_diacritics=False), "le pre vert", "le pré vert"),
    (PangrammaticLipogram("s"), "The quick brown fox jumped over a lazy dog",
     "The brown fox jumped over a lazy dog"),
    (PangrammaticLipogram("z"), "The quick brown fox jumps over a dog, lay",
     "The quick brown fox jumps over a lazy dog"),
    (Univocalism("e"), "The tender trees bend; my eyes never rest", "The trees bent in"),
    (Univocalism("e", y_vowel=True), "The tender trees bend", "My tender trees bend"),
    (Bivocalism("ae"), "A tall tree sways, a maple, and a lane", "A tall tree sways in a lane"),
    (Monoconsonantism("n"), "Nana, une ânonna-i-on", "Nana, une ânonna-i-t-on"),
    (Pangram(), PANGRAM, PANGRAM.replace("five", "fie")),
    (Pangram(perfect=True), "Mr Jock, TV quiz PhD, bags few lynx",
     "Mr Jock, TV quiz PhD, bags few lynxs"),
    (Isogram("word"), "Lumberjacks work, dogs bark", "Lumberjacks work, dogs barked a bill"),
    (Isogram("line"), "a big\nold cart", "a big\nold cord"),
    (Isogram("text"), "big jocks", "big jogs"),
    (LetterPalindrome(9), "Madam, I'm Adam", "Madam, I am Adam"),
    (LetterPalindrome(12), "A man, a plan, a canal: Panama!", "Madam, I'm Adam"),
    (BeauPresent("Marienstadt"), "rain meets sand", "rain meets snow"),
    (BelleAbsente("ab", alphabet="abc"), "bc\nca", "bc\ncab"),
    (BelleAbsente("ab", alphabet="abc"), "bbc\nca", "bb\nca"),
    (Prisoner(), "An ocean mixes mice in coves", "An ocean mixes rice in coves by"),
    (Prisoner(dotted_i=False), "An ocean wave saves us", "An ocean mixes us"),
    (Tautogram("s"), "Seven silent sailors sang", "Seven silent old sailors sang"),
    (Tautogram("s", exempt_function_words=True), "The seven sailors of Sicily", "The old sailors"),
    (Snowball(1, 4), "I am the wind", "I am the winds"),
    (Snowball(1, 4), "I am the wind", "I am the wind today"),
    (MeltingSnowball(4), "wind the am I", "wind the am"),
    (Rhopalic(1, 3), "sun river elephant", "sun elephant river"),
    (LineSnowball("word", 1, 3), "wind\nold wind\nold cold wind", "wind\nold wind\nold wind"),
    (LineSnowball("letter", 3, 3), "sun\nrain\nstorm", "sun\nrain\nstorms"),
    (LineSnowball("syllable", 1, 3), "sun\nriver\nold river", "sun\nriver\nold sun"),
    (Abecedarian("word", 4), "A bear came down", "A bear came up"),
    (Abecedarian("line", 3), "A bear\nby the brook\ncried", "A bear\nby the brook\nwept"),
    (Abecedarian("word", 3, reverse=True), "Zebras yawn xylophones", "Zebras yawn words"),
    (WordPalindrome(5), "rivers meet, then meet rivers", "rivers meet, then meet seas"),
    (WordPalindrome(6), "all for one, one for all", "one for one"),
    (Pilish(7), "How I wish I could calculate pi", "How I wish I could calculate pie"),
    (Liponym(("bridge",)), "The bridges are old", "The bridge is old"),
    (Liponym(("bridge",), stems=True), "The ferry is old", "The bridges are old"),
    (Liponym(("old town",)), "The old new town", "In the Old Town"),
    (RequiredWords(("river", "tram")), "A tram by the river", "A tram by the rivers"),
    (RequiredWords(("tram",), 2), "A tram, another tram", "A tram, another"),
    (RequiredWords(("tram",), 1, 2), "tram tram", "tram tram tram"),
    (AllDifferent(), "The old man saw a boat", "The old man saw the boat"),
    (AllDifferent(exempt_function_words=True), "The man saw the boat", "The man saw a man"),
    (WordLadder("cold", "warm", ("cold", "cord", "word", "ward", "warm")),
     "cold cord word ward warm", "cold word ward warm"),
    (WordLadder("cold", "warm", ("cold", "cord", "word", "ward", "warm")),
     "Cold, cord, word, ward, warm", "cold cord card ward warm"),
    (Acrostic("sun"), "So it begins\nunder clouds\nnearby", "So it begins\nunder clouds\nhere"),
    (Acrostic("sun"), "So\nup\nno", "So\nup"),
    (Telestich("sun"), "yes\nyou\nrun", "yes\nyou\nrune"),
    (Mesostic("sun"), "lost\nblue\nland", "lost\nblue\nroad"),
    (Mesostic("sun", strict=True), "lost\ngulf\nland", "lost\nblue nun\nland"),
    (Anagram("a gentleman"), "Elegant man", "Elegant men"),
    (HeterogrammaticVerse("rose"), "Eros, sore: or se", "Eros, sore: or es o"),
    (NPlusK("The king saw a bridge.", ("art", "bridge", "king", "lake", "map"), (1, 4), 2),
     "The map saw a lake.", "The map saw a bridge."),
    (NPlusK("The ketch saw a bridge.", ("art", "bridge", "king", "lake"), (1, 4), 1, "next"),
     "The king saw a king", "The ketch saw a king"),
    (NPlusK("The ketch saw a bridge.", ("art", "bridge", "king", "lake"), (1, 4), 1),
     "The ketch saw a king", "The king saw a king"),
    (Isovocalism("river bank"), "Time's mast", "Times mist"),
    (Isoconsonantism("river"), "rêve ouïr", "raven"),
    (Fibonacci("word", 5), "a\nb\nc d\ne f g\nh i j k l", "a\nb\nc d\ne f g\nh i j k"),
    (Haiku(), "An old silent pond\na frog jumps into the pond\nsplash of the water",
     "An old silent pond\na frog jumps into the pond\nsplash of the waterfall"),
    (Alexandrine(1), "the river carries leaves and branches to the lake",
     "the river carries leaves to lakes"),
    (IrrationalSonnet(), SONNET, SONNET.replace("\n\none line\n\n", "\none line\n\n", 1)),
    (Quenine(3), TERCETS, TERCETS.replace("three\n\nd three\ne one", "three\n\nd one\ne three")),
    (Larding(SIX, 1), f"{SIX[0]} Gulls cried. {SIX[1]}", f"{SIX[0]} {SIX[1]}"),
    (Larding(SIX, 2), f"{SIX[0]} Gulls cried. Rain fell. {SIX[1]}",
     f"{SIX[0]} Gulls cried. {SIX[1]}"),
    (Counts("word", 3, 3), "one two three", "one two three four"),
    (Counts("letter", 5), "abc de", "abc d"),
    (Counts("sentence", None, 2), "It rains. It pours.", "It rains. It pours. It ends."),
    (Counts("line", 2, 3), "a\nb", "a"),
    (Counts("paragraph", 2, 2), "a\nb\n\nc", "a\nb\nc"),
    (EqualSentences(3), "The ferry left. No one came.", "The ferry left. Nobody came."),
    (LayoutPoem((4, 8), 0), "rain\nand wind", "rain\nand winds"),
    (LayoutPoem((4, 8), 1), "rain\nand winds", "rain\nand windss"),
]  # fmt: skip
IDS = [f"{constraint.name}-{i}" for i, (constraint, _, _) in enumerate(CASES)]
ABOUT = About("Old Mill", "", "The mill ground rye.")
KINDS = {constraint.name: constraint for constraint, _, _ in CASES}


def test_every_constraint_has_a_case() -> None:
    assert set(KINDS) == set(CONSTRAINTS)


@pytest.mark.parametrize(("constraint", "kept", "broken"), CASES, ids=IDS)
def test_kept_and_broken(constraint: Constraint, kept: str, broken: str) -> None:
    assert constraint.check(kept, "en") == []
    found = constraint.check(broken, "en")
    assert found
    for violation in found:
        assert 0 <= violation.start <= violation.end <= len(broken)
        assert violation.message


@pytest.mark.parametrize("constraint", [c for c, _, _ in CASES], ids=IDS)
def test_an_empty_text_keeps_nothing(constraint: Constraint) -> None:
    for text in ("", "  \n "):
        assert constraint.check(text, "en"), text
    if not isinstance(constraint, Counts):  # figures make sentences and lines
        assert constraint.check("1912 – 36!", "en")


@pytest.mark.parametrize("constraint", [c for c, _, _ in CASES], ids=IDS)
def test_json_and_back(constraint: Constraint) -> None:
    data = constraint.to_json()
    assert data["name"] == constraint.name
    assert from_json(data) == constraint


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("constraint", [c for c, _, _ in CASES], ids=IDS)
def test_an_instruction_states_every_parameter(constraint: Constraint, language: str) -> None:
    told = constraint.describe(language)
    assert "{" not in told and "None" not in told
    _, states, _ = query_checks(told, Brief("", "", (constraint,)), language, ABOUT)
    assert states.passed, states.detail


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_wordings(language: str) -> None:
    assert set(wordings(language)) == set(wordings("en"))
    names = [wordings(language)[f"genre_{genre}"] for genre in GENRES]
    names += [wordings(language)[f"tone_{tone}"] for tone in TONES]
    assert len(set(names)) == len(GENRES) + len(TONES)


def test_a_changed_parameter_is_missed_in_the_query() -> None:
    for constraint, changed in [
        (Lipogram("ae"), Lipogram("ao")),
        (Snowball(2, 5), Snowball(2, 6)),
        (RequiredWords(("tram",)), RequiredWords(("trams",))),
        (LineSnowball("word", 1, 4), LineSnowball("syllable", 1, 4)),
    ]:
        query = constraint.describe("en")
        _, states, _ = query_checks(query, Brief("", "", (changed,)), "en", ABOUT)
        assert not states.passed and states.reason == "query_misses_constraint"


BAD: list[tuple[str, dict[str, Any]]] = [
    ("no constraint 'lipogran' .did you mean 'lipogram'", {"name": "lipogran"}),
    ("there is no constraint None", {}),
    ("unknown parameter 'banned'", {"name": "lipogram", "banned": "e"}),
    ("missing", {"name": "lipogram"}),
    ("is not str", {"name": "lipogram", "banned_letters": 5}),
    ("is not int", {"name": "snowball", "start": True, "count": 4}),
    ("is not tuple", {"name": "liponym", "words": "bridge"}),
    ("is not tuple", {"name": "layout_poem", "widths": ["a"]}),
    ("banned_letters", {"name": "lipogram", "banned_letters": "ee"}),
    ("banned_letters", {"name": "lipogram", "banned_letters": "E"}),
    ("letter", {"name": "pangrammatic_lipogram", "letter": "é"}),
    ("vowel", {"name": "univocalism", "vowel": "y"}),
    ("pair", {"name": "bivocalism", "pair": "ab"}),
    ("consonant", {"name": "monoconsonantism", "consonant": "a"}),
    ("scope", {"name": "isogram", "scope": "stanza"}),
    ("minimum", {"name": "letter_palindrome", "minimum": 1}),
    ("source_name", {"name": "beau_present", "source_name": "1912"}),
    ("source_name", {"name": "belle_absente", "source_name": "Kyle"}),
    ("letter", {"name": "tautogram", "letter": "ab"}),
    ("start 0", {"name": "snowball", "start": 0, "count": 4}),
    ("start", {"name": "melting_snowball", "start": 1}),
    ("count 1", {"name": "rhopalic", "start": 1, "count": 1}),
    ("unit", {"name": "line_snowball", "unit": "page", "start": 1, "count": 4}),
    ("length", {"name": "abecedarian", "length": 27}),
    ("unit", {"name": "abecedarian", "unit": "page"}),
    ("minimum", {"name": "word_palindrome", "minimum": 1}),
    ("digits", {"name": "pilish", "digits": 90}),
    ("words", {"name": "liponym", "words": []}),
    ("minimum 3", {"name": "required_words", "words": ["a"], "minimum": 3, "maximum": 2}),
    ("not in the lexicon", {"name": "word_ladder", "start": "a", "end": "b", "lexicon": ["a"]}),
    ("equal length", {"name": "word_ladder", "start": "a", "end": "bc", "lexicon": ["a", "bc"]}),
    ("count", {"name": "fibonacci", "count": 2}),
    ("word", {"name": "acrostic", "word": "12"}),
    ("widths", {"name": "layout_poem", "widths": []}),
    ("tolerance", {"name": "layout_poem", "widths": [5], "tolerance": -1}),
    ("count", {"name": "alexandrine", "count": 0}),
    ("n: 4", {"name": "quenine", "n": 4}),
    ("key", {"name": "heterogrammatic_verse", "key": "roses"}),
    ("source", {"name": "anagram", "source": "!"}),
    ("no vowel", {"name": "isovocalism", "source": "brr"}),
    ("no consonant", {"name": "isoconsonantism", "source": "oui"}),
    ("repeats", {"name": "n_plus_k", "source": "a", "dictionary": ["a", "A"], "positions": [0]}),
    ("same noun", {"name": "n_plus_k", "source": "a", "dictionary": ["a", "b"], "positions": [0],
                   "k": 2}),
    ("positions", {"name": "n_plus_k", "source": "a", "dictionary": ["a", "b"], "positions": [4],
                   "k": 1}),
    ("absent", {"name": "n_plus_k", "source": "a", "dictionary": ["a", "b"], "positions": [0],
                "k": 1, "absent": "drop"}),
    ("two or more", {"name": "larding", "sources": ["One."], "insert": 1}),
    ("insert", {"name": "larding", "sources": ["One.", "Two."], "insert": 0}),
    ("no bound", {"name": "counts", "unit": "word"}),
    ("unit", {"name": "counts", "unit": "page", "minimum": 1}),
    ("minimum 5", {"name": "counts", "unit": "word", "minimum": 5, "maximum": 4}),
    ("k: 0", {"name": "equal_sentences", "k": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("message", "data"), BAD)
def test_wrong_parameters_are_refused(message: str, data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=message):
        from_json(data)


def test_constraints_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Lipogram("e").banned_letters = "a"  # type: ignore[misc]


def test_the_spiral_is_that_of_the_sestina() -> None:
    assert spiral(6) == (6, 1, 5, 2, 4, 3)
    assert spiral(3) == (3, 1, 2)


def test_offsets_point_at_the_letter() -> None:
    text = "A ship, the cœur"
    found = Lipogram("e").check(text, "fr")
    assert [text[v.start : v.end] for v in found] == ["e", "œ"]
