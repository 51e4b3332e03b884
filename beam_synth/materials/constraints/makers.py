"""How each constraint gets its parameters for a seed: one small function each.

A maker gives None where the seed has nothing for its constraint. What it makes may still clash with
other constraints, or ask for words that the seed lacks: `sampling` draws again then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from beam_synth.drawing import Draw
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.counts import Counts, EqualSentences
from beam_synth.materials.constraints.letter_patterns import Isogram, Pangram
from beam_synth.materials.constraints.letterforms import ALPHABET, fold_letters, vowels
from beam_synth.materials.constraints.letters import (
    REDUCED,
    BeauPresent,
    BelleAbsente,
    Bivocalism,
    Lipogram,
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
from beam_synth.materials.constraints.nontrivial import frequencies
from beam_synth.materials.constraints.nouns import nouns
from beam_synth.materials.constraints.sources import Isovocalism, Larding, NPlusK
from beam_synth.materials.constraints.verse import Alexandrine, Haiku, IrrationalSonnet, Quenine
from beam_synth.materials.constraints.vocables import AllDifferent, Liponym, RequiredWords
from beam_synth.materials.constraints.vocabulary import Vocabulary, key_words
from beam_synth.materials.constraints.word_patterns import (
    Abecedarian,
    MeltingSnowball,
    Pilish,
    Rhopalic,
    Snowball,
    Tautogram,
    WordPalindrome,
)

LISTED = 20  # nouns of an N+k list beside those of its source

Make = Callable[[Vocabulary, Draw], Constraint | None]  # a maker


def _counts_y(vocab: Vocabulary) -> bool:
    """Whether y is one of the language's usual vowels."""
    return vocab.language == "pl"


def _lipogram(vocab: Vocabulary, draw: Draw) -> Constraint:
    table = frequencies(vocab.language)
    wanted = 0.06 + draw.uniform() * 0.08
    banned = ""
    for letter in draw.shuffled(ALPHABET):
        if table[letter] > 0.004 and sum(table[chosen] for chosen in banned) < wanted:
            banned += letter
    return Lipogram("".join(sorted(banned)))


def _univocalism(vocab: Vocabulary, draw: Draw) -> Constraint:
    return Univocalism(draw.choice(sorted(vowels(_counts_y(vocab)))), _counts_y(vocab))


def _bivocalism(vocab: Vocabulary, draw: Draw) -> Constraint:
    pair = "".join(sorted(draw.sample(sorted(vowels(_counts_y(vocab))), 2)))
    return Bivocalism(pair, _counts_y(vocab))


def _beau_present(vocab: Vocabulary, draw: Draw) -> Constraint | None:
    names = [term.surface for term in key_words(vocab, 8, 20)]
    if 8 <= len(fold_letters(vocab.title)) <= 40:
        names.append(vocab.title)
    return BeauPresent(draw.choice(names)) if names else None


def _belle_absente(vocab: Vocabulary, draw: Draw) -> Constraint | None:
    keys = [term for term in key_words(vocab, 4, 6) if set(term.letters) <= set(REDUCED)]
    return BelleAbsente(draw.choice(keys).surface) if keys else None


def _tautogram(vocab: Vocabulary, draw: Draw) -> Constraint:
    letter = draw.choice(vocab.content).letters[0] if vocab.content else "a"
    return Tautogram(letter if letter in ALPHABET else "a", bool(draw.below(2)))


def _snowball(vocab: Vocabulary, draw: Draw) -> Constraint:
    return Snowball(1 + draw.below(3), 5 + draw.below(5))


def _line_snowball(vocab: Vocabulary, draw: Draw) -> Constraint:
    unit = draw.choice(("word", "letter", "syllable"))
    if unit == "letter":
        return LineSnowball("letter", 4 + draw.below(5), 4 + draw.below(6))
    if unit == "word":
        return LineSnowball("word", 1 + draw.below(2), 4 + draw.below(3))
    return LineSnowball("syllable", 1 + draw.below(3), 4 + draw.below(6))


def _abecedarian(vocab: Vocabulary, draw: Draw) -> Constraint:
    unit: Literal["word", "line"] = "line" if draw.below(2) else "word"
    return Abecedarian(unit, 4 + draw.below(9), draw.below(8) == 0)


def spelled(kind: Callable[[str], Constraint]) -> Make:
    """A maker of what lines spell: a content word of the seed of 4 to 9 letters.

    `kind` makes the constraint from the folded word.
    """

    def make(vocab: Vocabulary, draw: Draw) -> Constraint | None:
        keys = key_words(vocab, 4, 9)
        return kind(draw.choice(keys).letters) if keys else None

    return make


def _fibonacci(vocab: Vocabulary, draw: Draw) -> Constraint:
    return Fibonacci(draw.choice(("word", "syllable", "letter")), 5 + draw.below(2))


def _layout(vocab: Vocabulary, draw: Draw) -> Constraint:
    widest = 18 + 2 * draw.below(8)
    ramp = tuple(range(8, widest + 1, 4))
    shapes = (ramp, ramp[::-1], (*ramp, *ramp[-2::-1]), (widest,) * 4)
    return LayoutPoem(draw.choice(shapes), 1 + draw.below(2))


def _larding(vocab: Vocabulary, draw: Draw) -> Constraint | None:
    short = [sentence for sentence in dict.fromkeys(vocab.sentences) if len(sentence) <= 240]
    if len(short) < 4 or len(short) < len(vocab.sentences):
        return None
    insert = 1 + draw.below(2)
    first = draw.below(max(1, len(short) - insert - 1))
    last = min(len(short) - 1, first + insert + 1)
    try:
        return Larding((short[first], short[last]), insert)
    except ValueError:
        return None


def _n_plus_k(vocab: Vocabulary, draw: Draw) -> Constraint | None:
    entries = nouns(vocab.language)
    known = {entry.casefold() for entry in entries}
    candidates = []
    for sentence in vocab.sentences:
        tokens = list(re.finditer(r"[^\W_]+", sentence))
        found = [(i, t) for i, t in enumerate(tokens) if t.group().casefold() in known]
        # What stands before "d'eau" would have to change with it.
        joined = any(sentence[t.start() - 1 : t.start()] in ("'", "’") for _, t in found)
        if found and not joined and len(sentence) <= 400:
            candidates.append((sentence, tuple(i for i, _ in found)))
    if not candidates:
        return None
    sentence, positions = draw.choice(candidates)
    used = {token.casefold() for token in re.findall(r"[^\W_]+", sentence)}
    others = draw.sample([entry for entry in entries if entry.casefold() not in used], LISTED)
    listed = tuple(entry for entry in entries if entry.casefold() in used or entry in others)
    return NPlusK(sentence, listed, positions, 7 if draw.below(3) else 2 + draw.below(9))


def _isovocalism(vocab: Vocabulary, draw: Draw) -> Constraint | None:
    spans = [span for span in vocab.spans if span.content and 1 <= len(span.terms) <= 3]
    y_vowel = _counts_y(vocab)
    held = vowels(y_vowel)
    voiced = [span.text for span in spans if not held.isdisjoint(fold_letters(span.text))]
    return Isovocalism(draw.choice(voiced), y_vowel) if voiced else None


def required(vocab: Vocabulary, draw: Draw) -> Constraint | None:
    """One to three content words of the seed that the text has to use."""
    terms = draw.sample(key_words(vocab, 5, 14), 1 + draw.below(3))
    return RequiredWords(tuple(term.surface for term in terms)) if terms else None


def liponym(vocab: Vocabulary, draw: Draw) -> Constraint | None:
    """One to three content words of the seed that the text has to do without."""
    terms = draw.sample(key_words(vocab, 4, 14), 1 + draw.below(3))
    words = tuple(term.surface for term in terms)
    return Liponym(words, draw.below(3) == 0) if words else None


def _counts(vocab: Vocabulary, draw: Draw) -> Constraint:
    unit = draw.choice(("word", "line", "sentence"))
    if unit == "word":
        least = 10 + draw.below(15)
        return Counts("word", least, least + draw.choice((0, 5, 20)))
    count = 3 + draw.below(5)
    return Counts("line" if unit == "line" else "sentence", count, count)


def _mesostic(draw: Draw) -> Callable[[str], Constraint]:
    strict = bool(draw.below(2))
    return lambda word: Mesostic(word, strict)


# name -> (weight in the draw, maker)
CONSTRAINED: dict[str, tuple[float, Make]] = {
    "lipogram": (3, _lipogram),
    "pangrammatic_lipogram": (
        0.5,
        lambda vocab, draw: PangrammaticLipogram(draw.choice(ALPHABET)),
    ),
    "univocalism": (1, _univocalism),
    "bivocalism": (1, _bivocalism),
    "beau_present": (1, _beau_present),
    "belle_absente": (0.5, _belle_absente),
    "prisoner": (1, lambda vocab, draw: Prisoner(bool(draw.below(4)))),
    "pangram": (0.5, lambda vocab, draw: Pangram()),
    "isogram": (1, lambda vocab, draw: Isogram(draw.choice(("word", "word", "line")))),
    "tautogram": (1.5, _tautogram),
    "snowball": (1, _snowball),
    "melting_snowball": (1, lambda vocab, draw: MeltingSnowball(4 + draw.below(6))),
    "rhopalic": (1, lambda vocab, draw: Rhopalic(1, 3 + draw.below(3))),
    "line_snowball": (1, _line_snowball),
    "abecedarian": (1, _abecedarian),
    "word_palindrome": (1, lambda vocab, draw: WordPalindrome(5 + 2 * draw.below(3))),
    "pilish": (1, lambda vocab, draw: Pilish(5 + draw.below(8))),
    "acrostic": (2, spelled(Acrostic)),
    "telestich": (1, spelled(Telestich)),
    "mesostic": (1, lambda vocab, draw: spelled(_mesostic(draw))(vocab, draw)),
    "fibonacci": (1, _fibonacci),
    "haiku": (1, lambda vocab, draw: Haiku()),
    "alexandrine": (1, lambda vocab, draw: Alexandrine(2 + 2 * draw.below(2))),
    "irrational_sonnet": (1, lambda vocab, draw: IrrationalSonnet()),
    "quenine": (0.5, lambda vocab, draw: Quenine(draw.choice((2, 3, 3, 5, 6)))),
    "layout_poem": (1, _layout),
    "larding": (1, _larding),
    "n_plus_k": (1, _n_plus_k),
    "isovocalism": (0.5, _isovocalism),
    "equal_sentences": (1, lambda vocab, draw: EqualSentences(3 + draw.below(5))),
    "liponym": (0.5, liponym),
    "required_words": (1, required),
    "all_different": (0.5, lambda vocab, draw: AllDifferent(bool(draw.below(2)))),
    "counts": (1, _counts),
}
# Checked but never drawn: a text that keeps one of these can hardly take anything up from a seed.
NOT_DRAWN = (
    "monoconsonantism", "letter_palindrome", "anagram", "heterogrammatic_verse", "isoconsonantism",
    "word_ladder",
)  # fmt: skip
