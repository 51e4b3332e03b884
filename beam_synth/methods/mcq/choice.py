"""A multiple-choice question: its options, which of them is the key, and their kind by form."""

from __future__ import annotations

import dataclasses
import re

from beam_synth.checks import Exchange
from beam_synth.text.facts import dates, numbers
from beam_synth.text.folding import fold
from beam_synth.text.sentences import count_words
from beam_synth.text.wordlists import LOWER_MONTHS, MONTHS

LETTERS = "ABCD"
NEAR = (2.0, 6)  # the longest option has at most twice the shortest's letters, and six more
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_ROMAN = re.compile(r"[IVXLCDM]{2,}")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_DAY_NAMES = (
    "monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi "
    "vendredi samedi dimanche montag dienstag mittwoch donnerstag freitag samstag sonnabend "
    "sonntag lunes martes miercoles jueves viernes sabado domingo lunedi martedi mercoledi "
    "giovedi venerdi sabato domenica poniedzialek wtorek sroda czwartek piatek sobota niedziela "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
)
_DAYS = frozenset(_DAY_NAMES.split())


@dataclasses.dataclass(frozen=True)
class Choice:
    """Everything the checks look at: a question with its options, and what was written about it."""

    exchange: Exchange  # its query is the question without options
    options: tuple[str, ...]  # in the order of the prompt
    key: int  # which of them is right, from 0

    @property
    def prompt(self) -> str:
        """The user's turn: the question, then an option a line."""
        lines = [labelled(i, option) for i, option in enumerate(self.options)]
        return "\n".join([f"{self.exchange.query}\n", *lines])

    @property
    def right(self) -> str:
        """Letter and text of the key, as the answer has to name it."""
        return labelled(self.key, self.options[self.key])

    @property
    def wrong(self) -> list[str]:
        """The distractors."""
        return [option for i, option in enumerate(self.options) if i != self.key]

    @property
    def asked(self) -> Exchange:
        """The exchange with the whole prompt as its query, so that the options back what the trace
        says."""
        return dataclasses.replace(self.exchange, query=self.prompt)


def labelled(position: int, option: str) -> str:
    """An option with its letter. Raises IndexError for a fifth one.

    >>> labelled(0, "1912")
    'A) 1912'
    """
    return f"{LETTERS[position]}) {option}"


def kind_of(option: str, language: str) -> str:
    """year, number, date, weekday, month, name or phrase: what an option is by its form.

    A name has capitals in most of its longer words.

    >>> kind_of("1912", "en"), kind_of("214 metres", "en"), kind_of("the Co-princes", "en")
    ('year', 'number', 'name')
    """
    text = option.strip(" .")
    if fold(text) in _DAYS:
        return "weekday"
    if text.casefold() in MONTHS.get(language, {}) and (
        text.islower() or language not in LOWER_MONTHS
    ):
        return "month"
    if _YEAR.fullmatch(text):
        return "year"
    if any(date.end - date.start >= 0.7 * len(text) for date in dates(text, language)):
        return "date"
    figures = numbers(text, language)
    if _ROMAN.fullmatch(text):
        return "number"
    if figures and figures[0].start <= 2 and count_words(text) <= 4:
        return "number"
    words = [w for w in _WORD.findall(text) if len(w) > 3] or _WORD.findall(text)
    capitals = sum(word[0].isupper() for word in words)
    return "name" if 2 * capitals > len(words) else "phrase"
