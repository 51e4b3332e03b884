"""Which constraints go together, and whether a seed's own words can keep them.

The matrix is told by claims: two constraints that claim the same aspect of a text are refused
(haiku and word snowball both fix its shape and size). Parameters can clash, too: a required word
that holds a banned letter. The probe then looks for a witness in bounded time: the seed's words
that fit, counted against what the constraints need.
"""

from __future__ import annotations

from collections.abc import Sequence

from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.counts import Counts
from beam_synth.materials.constraints.letter_patterns import Isogram, Pangram
from beam_synth.materials.constraints.letterforms import (
    ALPHABET,
    fold_letters,
    letter_words,
    vowels,
)
from beam_synth.materials.constraints.letters import BelleAbsente, PangrammaticLipogram
from beam_synth.materials.constraints.line_patterns import Acrostic, Mesostic, Telestich
from beam_synth.materials.constraints.sources import Isovocalism
from beam_synth.materials.constraints.syllables import word_counts
from beam_synth.materials.constraints.verse import Quenine
from beam_synth.materials.constraints.vocables import Liponym, RequiredWords, phrase_places
from beam_synth.materials.constraints.vocabulary import Vocabulary
from beam_synth.materials.constraints.word_patterns import (
    Abecedarian,
    MeltingSnowball,
    Pilish,
    Rhopalic,
    Snowball,
    Tautogram,
    function_words,
)

_LETTERS = "letters size"
_EXACT = "shape size length words repetition initials"  # each word is fixed by a number
_VERSE = "shape size length words"  # few short lines
_SOURCE = "shape size length words repetition initials letters taboo"
# name of a constraint -> aspects of a text that it takes for itself
CLAIMS: dict[str, frozenset[str]] = {
    name: frozenset(aspects.split())
    for name, aspects in {
        "lipogram": _LETTERS,
        "pangrammatic_lipogram": _LETTERS,
        "univocalism": _LETTERS,
        "bivocalism": _LETTERS,
        "monoconsonantism": _LETTERS,
        "beau_present": _LETTERS,
        "prisoner": _LETTERS,
        "pangram": _LETTERS,
        "belle_absente": f"{_LETTERS} {_VERSE} repetition",
        "isogram": "letters",
        "letter_palindrome": _SOURCE,
        "tautogram": "initials",
        "snowball": _EXACT,
        "melting_snowball": _EXACT,
        "rhopalic": _EXACT,
        "pilish": _EXACT,
        "abecedarian": _EXACT,
        "word_palindrome": "shape size repetition words length",
        "line_snowball": _VERSE,
        "fibonacci": _VERSE,
        "haiku": _VERSE,
        "alexandrine": _VERSE,
        "irrational_sonnet": "shape length",
        "quenine": "shape repetition length words",
        "acrostic": "shape initials length",
        "telestich": "shape length",
        "mesostic": "shape length",
        "layout_poem": "shape length words",
        "anagram": _SOURCE,
        "heterogrammatic_verse": _SOURCE,
        "n_plus_k": _SOURCE,
        "isovocalism": _SOURCE,
        "isoconsonantism": _SOURCE,
        "larding": _SOURCE,
        "word_ladder": _SOURCE,
        "liponym": "taboo",
        "required_words": "words",
        "all_different": "repetition",
        "counts": "length",
        "equal_sentences": "shape",
    }.items()
}


def compatible(a: Constraint, b: Constraint, language: str) -> bool:
    """Whether a text can be asked to keep both; symmetric.

    True says that their claims differ and no parameter of one is kept out by the other, not that
    such a text exists.

    >>> compatible(Tautogram("s"), Acrostic("sea"), "en")
    False
    """
    if isinstance(a, Counts) and isinstance(b, Counts):
        return False
    claimed = CLAIMS[a.name] & CLAIMS[b.name]
    return (
        not claimed
        and not _needs_what_is_banned(a, b, language)
        and not _needs_what_is_banned(b, a, language)
    )


def _needs_what_is_banned(a: Constraint, b: Constraint, language: str) -> bool:
    """Whether what `a` needs in the text is what `b` keeps out."""
    if isinstance(a, RequiredWords):
        if isinstance(b, Liponym):
            return bool(b.check(". ".join(a.words), language))
        return not all(word_fits(b, fold_letters(word), language) for word in a.words)
    if isinstance(a, (Acrostic, Telestich, Mesostic, BelleAbsente)):
        key = a.source_name if isinstance(a, BelleAbsente) else a.word
        return bool(set(fold_letters(key)) & b.banned())
    if isinstance(a, Tautogram):
        return a.letter in b.banned()
    return False


def word_fits(constraint: Constraint, letters: str, language: str) -> bool:
    """Whether a folded word may stand in a text that keeps the constraint.

    Looked at are letters that are banned or repeat, initials and taboo words; other constraints let
    every word stand.

    >>> word_fits(Isogram(), "world", "en"), word_fits(Isogram(), "book", "en")
    (True, False)
    """
    if constraint.banned() & set(letters):
        return False
    if isinstance(constraint, Tautogram):
        exempt = constraint.exempt_function_words and letters in function_words(language)
        return exempt or letters.startswith(constraint.letter)
    if isinstance(constraint, Isogram):
        return len(set(letters)) == len(letters)
    if isinstance(constraint, Liponym):
        return not constraint.check(letters, language)
    return True


def fitting(constraints: Sequence[Constraint], vocab: Vocabulary) -> list[str]:
    """The seed's folded words that all constraints let stand, in the order of the seed."""
    return [
        term.letters
        for term in vocab.terms
        if all(word_fits(constraint, term.letters, vocab.language) for constraint in constraints)
    ]


def unsatisfied(constraints: Sequence[Constraint], vocab: Vocabulary) -> str:
    """Why the seed's words cannot be seen to keep the constraints; "" where they can.

    Needed are two fitting words of four letters, and for each constraint the words that its
    parameters ask for: one of each length, initial or letter, or as many letters as it counts.
    """
    words = fitting(constraints, vocab)
    content_words = [word for word in words if len(word) >= 4]
    if len(content_words) < 2:
        return "fewer than two of the seed's words fit"
    for constraint in constraints:
        reason = _why_unsatisfied(constraint, words, vocab)
        if reason:
            return f"{constraint.name}: {reason}"
    return ""


def _why_unsatisfied(constraint: Constraint, words: list[str], vocab: Vocabulary) -> str:
    if isinstance(constraint, Counts) and constraint.unit == "letter":
        total = sum(len(word) for word in words)
        return "" if total >= (constraint.minimum or 0) else f"only {total} letters of words fit"
    if isinstance(constraint, RequiredWords):
        text = " ".join(words)
        return next((f"no {w!r}" for w in constraint.words if not phrase_places(text, w)), "")
    if isinstance(constraint, (Pangram, PangrammaticLipogram)):
        lacking = set(ALPHABET) - constraint.banned() - set("".join(words))
        return f"no word with {', '.join(sorted(lacking))}" if lacking else ""
    if isinstance(constraint, BelleAbsente):
        return _why_no_lines(constraint, words)
    if isinstance(constraint, Quenine):
        long_clauses = sum(len(clause.terms) > constraint.n for clause in vocab.clauses)
        return "" if long_clauses >= constraint.n else "too few long clauses"
    if isinstance(constraint, Isovocalism):
        return "" if same_vowels(constraint, vocab) else "no other words with these vowels"
    missing = [
        purpose for purpose, fits in _wanted_words(constraint, words, vocab.language) if not fits
    ]
    return f"no word for {missing[0]}" if missing else ""


def _why_no_lines(constraint: BelleAbsente, words: list[str]) -> str:
    for letter in fold_letters(constraint.source_name):
        letters = set("".join(word for word in words if letter not in word))
        if not set(constraint.alphabet) - {letter} <= letters:
            return f"no line without {letter}"
    return ""


def _wanted_words(
    constraint: Constraint, words: list[str], language: str
) -> list[tuple[str, bool]]:
    """(what a word is needed for, whether one fits)."""
    lengths = {len(word) for word in words}
    initials, finals = {word[0] for word in words}, {word[-1] for word in words}
    if isinstance(constraint, Tautogram):
        count = sum(len(w) >= 4 and w[0] == constraint.letter for w in words)
        return [(f"{constraint.letter} five times", count >= 5)]
    if isinstance(constraint, Snowball):
        wanted = range(constraint.start, constraint.start + constraint.count)
        return [(f"{length} letters", length in lengths) for length in wanted]
    if isinstance(constraint, MeltingSnowball):
        return [
            (f"{length} letters", length in lengths) for length in range(1, constraint.start + 1)
        ]
    if isinstance(constraint, Pilish):
        return [(f"{length} letters", length in lengths) for length in constraint.lengths]
    if isinstance(constraint, Rhopalic):
        counts = [word_counts(word, language) for word in words]
        wanted = range(constraint.start, constraint.start + constraint.count)
        return [(f"{count} syllables", any(c >> count & 1 for c in counts)) for count in wanted]
    if isinstance(constraint, Abecedarian):
        return [(letter, letter in initials) for letter in constraint.key]
    if isinstance(constraint, Acrostic):
        return [(letter, letter in initials) for letter in fold_letters(constraint.word)]
    if isinstance(constraint, Telestich):
        return [(letter, letter in finals) for letter in fold_letters(constraint.word)]
    if isinstance(constraint, Mesostic):
        letters = set("".join(words))
        return [(letter, letter in letters) for letter in fold_letters(constraint.word)]
    return []


def same_vowels(constraint: Isovocalism, vocab: Vocabulary) -> list[str]:
    """Other content words of the seed that have, in this order, the vowels of the source; none
    where there are none.

    Segmentation from left to right, the longest piece first; time and memory grow with the number
    of vowels times that of the pieces.
    """
    vowel_set = vowels(constraint.y_vowel)
    wanted = "".join(letter for letter in fold_letters(constraint.source) if letter in vowel_set)
    source_words = {word.letters for word in letter_words(constraint.source)}
    pieces: dict[str, str] = {}
    for term in vocab.content:
        sequence = "".join(letter for letter in term.letters if letter in vowel_set)
        if sequence and term.letters not in source_words:
            pieces.setdefault(sequence, term.surface)
    longest_first = sorted(pieces, key=lambda sequence: (-len(sequence), sequence))
    covers: list[list[str]] = [[] for _ in range(len(wanted) + 1)]
    for start in range(len(wanted)):
        if start and not covers[start]:
            continue
        for sequence in longest_first:
            end = start + len(sequence)
            if wanted.startswith(sequence, start) and not covers[end]:
                covers[end] = [*covers[start], pieces[sequence]]
    return covers[-1]
