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
from beam_synth.materials.constraints.letterforms import (
    ALPHABET,
    fold_letters,
    letter_words,
    vowels,
)
from beam_synth.materials.constraints.letters import (
    BelleAbsente,
    Isogram,
    Pangram,
    PangrammaticLipogram,
)
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
    """Whether a text can be asked to keep both; symmetric."""
    if isinstance(a, Counts) and isinstance(b, Counts):
        return False
    claimed = CLAIMS[a.name] & CLAIMS[b.name]
    return not claimed and not _clash(a, b, language) and not _clash(b, a, language)


def _clash(a: Constraint, b: Constraint, language: str) -> bool:
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
    """Whether a folded word may stand in a text that keeps the constraint."""
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
    """The seed's folded words that all constraints let stand."""
    return [
        term.letters
        for term in vocab.terms
        if all(word_fits(c, term.letters, vocab.language) for c in constraints)
    ]


def unsatisfied(constraints: Sequence[Constraint], vocab: Vocabulary) -> str:
    """Why the seed's words cannot be seen to keep the constraints; "" where they can."""
    found = fitting(constraints, vocab)
    content = [word for word in found if len(word) >= 4]
    if len(content) < 2:
        return "fewer than two of the seed's words fit"
    for constraint in constraints:
        why = _lacks(constraint, found, vocab)
        if why:
            return f"{constraint.name}: {why}"
    return ""


def _lacks(constraint: Constraint, found: list[str], vocab: Vocabulary) -> str:
    if isinstance(constraint, Counts) and constraint.unit == "letter":
        total = sum(len(word) for word in found)
        return "" if total >= (constraint.minimum or 0) else f"only {total} letters of words fit"
    if isinstance(constraint, RequiredWords):
        text = " ".join(found)
        return next((f"no {w!r}" for w in constraint.words if not phrase_places(text, w)), "")
    if isinstance(constraint, (Pangram, PangrammaticLipogram)):
        lacking = set(ALPHABET) - constraint.banned() - set("".join(found))
        return f"no word with {', '.join(sorted(lacking))}" if lacking else ""
    if isinstance(constraint, BelleAbsente):
        return _lacks_lines(constraint, found)
    if isinstance(constraint, Quenine):
        n = sum(len(clause.terms) > constraint.n for clause in vocab.clauses)
        return "" if n >= constraint.n else "too few long clauses"
    if isinstance(constraint, Isovocalism):
        return "" if same_vowels(constraint, vocab) else "no other words with these vowels"
    missing = [need for need, there in _needs(constraint, found, vocab.language) if not there]
    return f"no word for {missing[0]}" if missing else ""


def _lacks_lines(constraint: BelleAbsente, found: list[str]) -> str:
    for letter in fold_letters(constraint.source_name):
        have = set("".join(word for word in found if letter not in word))
        if not set(constraint.alphabet) - {letter} <= have:
            return f"no line without {letter}"
    return ""


def _needs(constraint: Constraint, found: list[str], language: str) -> list[tuple[str, bool]]:
    """(what a word is needed for, whether one fits)."""
    lengths = {len(word) for word in found}
    initials, finals = {word[0] for word in found}, {word[-1] for word in found}
    if isinstance(constraint, Tautogram):
        n = sum(len(w) >= 4 and w[0] == constraint.letter for w in found)
        return [(f"{constraint.letter} five times", n >= 5)]
    if isinstance(constraint, Snowball):
        wanted = range(constraint.start, constraint.start + constraint.count)
        return [(f"{n} letters", n in lengths) for n in wanted]
    if isinstance(constraint, MeltingSnowball):
        return [(f"{n} letters", n in lengths) for n in range(1, constraint.start + 1)]
    if isinstance(constraint, Pilish):
        return [(f"{n} letters", n in lengths) for n in constraint.lengths]
    if isinstance(constraint, Rhopalic):
        counts = [word_counts(word, language) for word in found]
        wanted = range(constraint.start, constraint.start + constraint.count)
        return [(f"{n} syllables", any(c >> n & 1 for c in counts)) for n in wanted]
    if isinstance(constraint, Abecedarian):
        return [(letter, letter in initials) for letter in constraint.key]
    if isinstance(constraint, Acrostic):
        return [(letter, letter in initials) for letter in fold_letters(constraint.word)]
    if isinstance(constraint, Telestich):
        return [(letter, letter in finals) for letter in fold_letters(constraint.word)]
    if isinstance(constraint, Mesostic):
        letters = set("".join(found))
        return [(letter, letter in letters) for letter in fold_letters(constraint.word)]
    return []


def same_vowels(constraint: Isovocalism, vocab: Vocabulary) -> list[str]:
    """Other content words of the seed that have, in this order, the vowels of the source; none
    where there are none. (Segmentation from left to right, the longest piece first.)"""
    among = vowels(constraint.y_vowel)
    target = "".join(c for c in fold_letters(constraint.source) if c in among)
    own = {word.letters for word in letter_words(constraint.source)}
    pieces: dict[str, str] = {}
    for term in vocab.content:
        sequence = "".join(c for c in term.letters if c in among)
        if sequence and term.letters not in own:
            pieces.setdefault(sequence, term.surface)
    longest_first = sorted(pieces, key=lambda sequence: (-len(sequence), sequence))
    found: list[list[str]] = [[] for _ in range(len(target) + 1)]
    for i in range(len(target)):
        if i and not found[i]:
            continue
        for sequence in longest_first:
            j = i + len(sequence)
            if target.startswith(sequence, i) and not found[j]:
                found[j] = [*found[i], pieces[sequence]]
    return found[-1]
