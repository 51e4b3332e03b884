"""Whether a text reads as one: not the same again and again, no list of words, no letters alone.

Bounds stand well away from what people write; the figures behind them are in the tests. What a
constraint itself asks for (words of one letter, a source kept) is not held against a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from beam_synth.materials.constraints.base import Constraint
from beam_synth.text.fluency import repeated_lines, repeated_ngram_share
from beam_synth.text.folding import fold
from beam_synth.text.wordlists import FUNCTION

MOST_REPEATED = 0.2  # share of a text's runs of three words that stood in it before
MOST_LINES_AGAIN = 0.34  # share of its lines that are the same as an earlier one
MOST_VARIED = 0.75  # share of neighbouring lines' words that may be the same
# Share of function words in a text that may use them; Polish and Latin need fewer.
LEAST_FUNCTION = {"pl": 0.02, "la": 0.02}
_LEAST_FUNCTION = 0.06  # in the other languages
LEAST_A_LINE = 2.5  # words of a verse on average
FOREIGN = 0.3, 3.0  # share of another language's small words, so many times that of its own
MOST_COPIED = 0.75  # share of its runs of five words that stand in the seed
_SHORT = 12  # words of a text that is too short to be measured
_LONG_SENTENCE = 6  # words of a sentence that is not said twice by chance
# They ask for other words than a sentence has, or keep a text that was given.
_SPARSE = (
    "univocalism bivocalism monoconsonantism beau_present prisoner isogram snowball "
    "melting_snowball rhopalic abecedarian pilish letter_palindrome anagram word_ladder "
    "heterogrammatic_verse isovocalism isoconsonantism pangrammatic_lipogram belle_absente "
    "word_palindrome line_snowball fibonacci haiku layout_poem n_plus_k"
)
_NO_SENTENCES = frozenset(_SPARSE.split())
_KEEPS_SOURCE = frozenset(("n_plus_k", "larding", "word_palindrome"))
_VERSE = frozenset(("irrational_sonnet", "quenine", "alexandrine"))
_ROMAN = re.compile(r"[ivxlcdm]+")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
# A word of one letter three times and more, or with one four times in a row.
_ONE_LETTER = re.compile(r"\b(([^\W\d_])\2{2,}|\w*?([^\W\d_])\3{3}\w*)\b")
# No sentence ends with these.
_NEVER_LAST = {
    "en": "the a an and or",
    "fr": "et ou des du",
    "de": "und oder",
    "es": "y o el los",
    "it": "e o il gli",
    "pl": "i oraz albo lub",
    "nl": "en of",
    "la": "et aut vel atque",
}
_TWO_ARTICLES = re.compile(r"\b([Tt]he|an|An) (the|an?|and|or|of|is|are|was|were)\b|\b[Aa] the\b")


def faults(
    text: str, language: str, constraints: Iterable[Constraint], genre: str, seed: str
) -> list[str]:
    """Why a text does not read as one, in words."""
    names = frozenset(constraint.name for constraint in constraints)
    problems = [] if names & _KEEPS_SOURCE else list(_again(text, language, genre))
    problems += _no_words(text, seed)
    problems += _no_sentences(text, language, names, constraints)
    lines = [line for line in text.splitlines() if line.strip()]
    if names & _VERSE and len(_WORD.findall(text)) < LEAST_A_LINE * len(lines):
        problems.append("its lines are words, no verses")
    if genre and _copied(text, seed) > MOST_COPIED:
        problems.append("it stands word for word in what it starts from")
    return problems


def _again(text: str, language: str, genre: str) -> Iterator[str]:
    """What is said more than once. A refrain of a poem may be, as may a short cry."""
    lines = [" ".join(line.casefold().split()) for line in text.splitlines() if line.strip()]
    again = len(lines) - len(set(lines))
    if len(lines) > 2 and again > MOST_LINES_AGAIN * len(lines):
        yield f"{again} of {len(lines)} lines repeat an earlier one: {repeated_lines(text, 1)[:2]}"
    words = _WORD.findall(text.casefold())
    runs = list(zip(words, words[1:], words[2:], strict=False))
    share = 1 - len(set(runs)) / len(runs) if runs else 0.0
    # A word with its marks folded may be another one: the exact share decides.
    if share > MOST_REPEATED / 2 and (share := repeated_ngram_share(text, 3)) > MOST_REPEATED:
        yield f"{share:.0%} of its runs of three words stood in it before"
    varied = _variations(lines)
    if varied:
        yield f"lines say the same with small changes: {varied!r}"
    if genre != "poem":
        said = _SENTENCE_END.split(text)
        forms = [_WORD.findall(sentence.casefold()) for sentence in said]
        twice = [
            sentence
            for i, (sentence, form) in enumerate(zip(said, forms, strict=True))
            if len(form) >= _LONG_SENTENCE and form in forms[:i]
        ]
        if twice:
            yield f"a sentence is said more than once: {twice[0][:80]!r}"


def _variations(lines: list[str]) -> str:
    """A line of four words and more that two lines beside it hardly vary; "" where none is."""
    words = [line.split() for line in lines]
    for i in range(len(words) - 2):
        first = set(words[i])
        if len(first) >= 4 and all(
            len(first & set(other)) >= MOST_VARIED * max(len(first), len(set(other)))
            for other in words[i + 1 : i + 3]
        ):
            return lines[i + 1]
    return ""


def _copied(text: str, seed: str, n: int = 5) -> float:
    """Share of a text's runs of `n` words that stand in the seed just so, marks and all."""
    ours, theirs = (
        {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}
        for words in (text.split(), seed.split())
    )
    return len(ours & theirs) / len(ours) if ours else 0.0


def _no_words(text: str, seed: str) -> Iterator[str]:
    """Runs of one letter are no words ("oooo"), nor is what repeats it inside ("hooooouse")."""
    odd = {found[1] for found in _ONE_LETTER.finditer(text.casefold())}
    if odd:
        known = seed.casefold()
        for word in sorted(odd):
            if not _ROMAN.fullmatch(word) and word not in known:
                yield f"{word!r} is no word"


def _no_sentences(
    text: str, language: str, names: frozenset[str], constraints: Iterable[Constraint]
) -> Iterator[str]:
    words = [word.casefold() for word in _WORD.findall(text)]
    if language == "en":
        for found in _TWO_ARTICLES.finditer(text):
            yield f"{found.group()!r} is no English"
    last = re.sub(r"[^\w]+$", "", text)
    if words and words[-1] in _NEVER_LAST.get(language, "").split() and last.endswith(words[-1]):
        yield f"it breaks off with {words[-1]!r}"
    bare = any(
        constraint.name in ("tautogram", "all_different")
        and not getattr(constraint, "exempt_function_words", False)
        for constraint in constraints
    )
    if len(words) < _SHORT or names & _NO_SENTENCES or bare:
        return
    share = sum(map(FUNCTION[language].__contains__, words)) / len(words)
    if share >= LEAST_FUNCTION.get(language, _LEAST_FUNCTION):
        return
    banned = frozenset().union(*(constraint.banned() for constraint in constraints))
    usable = [word for word in FUNCTION[language] if not banned & set(fold(word))]
    if len(usable) >= len(FUNCTION[language]) / 5:
        yield f"{share:.0%} of its words are the small ones that make sentences: it is a list"


def foreign(text: str, language: str) -> str:
    """Code of the language whose small words the text is written with in place of its own, or "".

    >>> foreign("Er ging mit der Mutter und dem Bruder an den Fluss, und sie sahen ein Boot.", "en")
    'de'
    """
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) < _SHORT or language not in FUNCTION:
        return ""
    shares = {code: sum(map(known.__contains__, words)) for code, known in FUNCTION.items()}
    other = max(shares, key=shares.__getitem__)
    least, times = FOREIGN
    clearly = shares[other] >= least * len(words) and shares[other] > times * shares[language]
    return other if clearly else ""
