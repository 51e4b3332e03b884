"""Other names of what a word names: Genoa and Gênes, Belgian and belge, Hedwig and Jadwiga."""

from __future__ import annotations

import functools

from beam_synth.text.exonym_table import PEOPLES, PERSONS, PLACES
from beam_synth.text.exonym_words import INSTITUTIONS
from beam_synth.text.folding import fold

_ENDING = 2  # letters that an inflection adds or changes


def other_names(word: str) -> frozenset[str]:
    """The forms, folded, of every name that a word may stand for in one of the eight languages.

    A form stands for its inflections, too: what differs from it in the last two letters, with four
    letters and more in common. Empty for a word that names nothing that the table knows.

    >>> "genes" in other_names("Genoa"), "belge" in other_names("Belgians")
    (True, True)
    >>> other_names("Lindau")
    frozenset()
    """
    return _forms(fold(word))


@functools.lru_cache(maxsize=1 << 12)
def _forms(word: str) -> frozenset[str]:
    exact, beginning = _table()
    groups = exact.get(word)
    if groups is None:
        groups = tuple(
            group for form, group in beginning.get(word[:4], ()) if _same_but_for_ending(word, form)
        )
    return frozenset().union(*groups)


def _same_but_for_ending(a: str, b: str) -> bool:
    shared = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    return shared >= 4 and max(len(a), len(b)) - shared <= _ENDING


@functools.cache
def _table() -> tuple[
    dict[str, tuple[frozenset[str], ...]], dict[str, list[tuple[str, frozenset[str]]]]
]:
    """Form -> its groups; first four letters -> the longer forms that begin so, each with one."""
    exact: dict[str, tuple[frozenset[str], ...]] = {}
    beginning: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for line in "".join((PLACES, PEOPLES, PERSONS, INSTITUTIONS)).split("\n"):
        group = frozenset(map(fold, line.split()))
        for form in sorted(group):
            exact[form] = (*exact.get(form, ()), group)
            if len(form) >= 4:
                beginning.setdefault(form[:4], []).append((form, group))
    return exact, beginning
