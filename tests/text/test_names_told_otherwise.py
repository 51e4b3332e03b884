"""Names that a source has in another spelling, in full, or in another language."""

from __future__ import annotations

import pytest

from beam_synth.text.facts import Fact
from beam_synth.text.support import support


def name(*tokens: str) -> Fact:
    return Fact("name", " ".join(tokens), 0, 0, tokens=tokens)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fr", "Il fuit au Soudan après la Seconde Guerre mondiale.", ("Sudan",)),
        ("fr", "Il fuit au Soudan après la Seconde Guerre mondiale.", ("Second", "World", "War")),
        ("fr", "Elle siège au Parlement depuis mai.", ("Parliament",)),
        ("pl", "Okręt z czasów I wojny światowej wpłynął do Zary.", ("First", "World", "War")),
        ("pl", "Okręt stał w Zarze i w Boki.", ("Zara",)),
        ("pl", "Statek płynął wzdłuż Krymu.", ("Crimea",)),
        ("es", "El país entró en la Unión Europea en mayo.", ("EU",)),
        ("es", "Allí se practica el cristianismo ortodoxo.", ("Orthodox", "Christianity")),
        ("en", "They joined the National Hockey League at last.", ("NHL",)),
    ],
)
def test_a_name_in_other_letters_is_backed(language: str, text: str, said: tuple[str, ...]) -> None:
    assert support(text, language).has(name(*said))


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fr", "Il fuit au Soudan après la guerre.", ("Somalia",)),
        ("fr", "Il fuit au Soudan après la Première Guerre mondiale.", ("Second",)),
        ("pl", "Okręt stał w Zarze.", ("Zagreb",)),
        ("en", "They joined the National Hockey League at last.", ("NBA",)),
        ("en", "He travelled through Sudan.", ("Sedan",)),
    ],
)
def test_another_name_is_not(language: str, text: str, said: tuple[str, ...]) -> None:
    assert not support(text, language).has(name(*said))
