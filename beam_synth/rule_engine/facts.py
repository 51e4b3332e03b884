"""What can be asked of a passage: its statements, and in them the values a query may leave out."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from beam_synth.records import Passage
from beam_synth.rule_engine.languages import Language
from beam_synth.rule_engine.wholes import (
    is_count,
    is_sentence,
    is_whole_name,
    is_year,
    may_open,
)
from beam_synth.text.claims import claims, content_words
from beam_synth.text.facts import Fact, dates, numbers
from beam_synth.text.folding import fold
from beam_synth.text.proper_names import names
from beam_synth.text.sentences import occurrences
from beam_synth.text.wordlists import FUNCTION

Kind = Literal["time", "quantity", "name"]
LEAST_WORDS = 5
MOST_WORDS = 38  # of a statement that is quoted whole
LEADS = ("", "Abstract")  # headings of what stands before the first section
LONGEST_NAME = 4  # words of a name that a query leaves out
_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_FIELD = re.compile(r"^([^:;]{2,60}): (.{1,160})$")
_CELL = re.compile(r"([^:;]{1,60}): ([^;]{1,120})(?:;|$)")
_ORDINAL = re.compile(r"\b\d{1,3}\.$")
_QUOTE = re.compile(r"[\"“”«»„]")
_EDGES = " \t\n.,;:–—-"


@dataclasses.dataclass(frozen=True)
class Gap:
    """A value that a query may leave out; places are in characters of the statement."""

    kind: Kind
    text: str  # verbatim
    start: int
    end: int


@dataclasses.dataclass(frozen=True)
class Statement:
    """A sentence of a passage, verbatim, with what a query about it may use."""

    text: str
    gaps: tuple[Gap, ...]
    names: tuple[str, ...]  # whole ones that the title does not hold, in the order of the text
    terms: tuple[str, ...]  # these and rare words, in the order of the text


@dataclasses.dataclass(frozen=True)
class Pair:
    """A field of an infobox or a cell of a table."""

    field: str
    value: str
    row: str
    focus: str  # the line, verbatim


@functools.lru_cache(maxsize=512)
def statements(passage: Passage, language: str) -> tuple[Statement, ...]:
    """The passage's sentences that can be quoted whole, of 5 to 38 words.

    Lines of lists and sentences that are cut off are none. Those of the last 512 passages are
    kept.
    """
    kept = [
        text
        for text in unbroken([sentence.strip() for sentence in passage.sentence_texts()])
        if LEAST_WORDS <= _words(text) <= MOST_WORDS and is_sentence(text, language)
    ]
    return tuple(_statement(text, passage.title, language) for text in dict.fromkeys(kept))


def unbroken(texts: Sequence[str]) -> list[str]:
    """The sentences in a row that no number with a full stop may have cut: "In der 79." and
    "Auflage des Buches …" may be one.

    >>> unbroken(["Er fiel.", "In der 79.", "Auflage steht er.", "Sie kam."])
    ['Er fiel.', 'Sie kam.']
    """
    return [
        text
        for before, text in zip(["", *texts], texts, strict=False)
        if not _ORDINAL.search(before) and not _ORDINAL.search(text)
    ]


def _words(text: str) -> int:
    return len(_WORD.findall(text))


def _statement(text: str, title: str, language: str) -> Statement:
    named = [n for n in names(text, language) if is_whole_name(text, n.start, n.end, language)]
    titled = frozenset(map(fold, _WORD.findall(title)))
    gaps = [
        gap
        for gap in _gaps(text, language, named)
        if _alone(gap.text, text)
        and not _in_title(gap.text, titled)
        and not (gap.kind == "name" and _beside_title(gap, text, titled))
    ]
    whole = (name.text for name in named if len(name.text) > 2 and not _QUOTE.search(name.text))
    once = tuple(dict.fromkeys(name for name in whole if not _in_title(name, titled)))
    return Statement(text, tuple(gaps), once, tuple(_terms(text, titled, language, named)))


def _gaps(text: str, language: str, named: Sequence[Fact]) -> list[Gap]:
    """Dates with a month and a day or year, years, counts, and names that open no sentence."""
    gaps: list[Gap] = []
    for date in dates(text, language):
        in_words = any(c.isalpha() for c in date.text)
        if in_words and (date.date[2] or date.date[0]) and not _glued(text, date):
            gaps.append(_gap("time", date, text))
    taken = [*gaps]
    for number in numbers(text, language):
        if any(gap.start < number.end and number.start < gap.end for gap in taken):
            continue
        if is_year(text, number.start, number.end):
            gaps.append(_gap("time", number, text))
        elif is_count(text, number.start, number.end, language):
            gaps.append(_gap("quantity", number, text))
    for name in named:
        short = len(name.text) > 2 and len(name.text.split()) <= LONGEST_NAME
        if short and not may_open(text[: name.start]):
            gaps.append(_gap("name", name, text))
    return [gap for gap in gaps if gap.text]


def _gap(kind: Kind, fact: Fact, text: str) -> Gap:
    raw = text[fact.start : fact.end]
    clean = raw.strip(_EDGES)
    start = fact.start + raw.find(clean)
    return Gap(kind, clean, start, start + len(clean))


def _glued(text: str, fact: Fact) -> bool:
    """Whether the date is a part of more: of a span of time, a formula or a reference."""
    before, after = text[: fact.start], text[fact.end :]
    span = re.search(r"[–—−-] ?$|\d\.? ?$|[\w/]$", before)
    return bool(span or re.match(r" ?[–—−-] ?\w|[\w/]", after))


def _alone(value: str, text: str) -> bool:
    """Whether the value stands in the text once, so that the rest does not give it away."""
    return sum(1 for _ in occurrences(text, value)) == 1


def _in_title(value: str, titled: frozenset[str]) -> bool:
    return any(fold(word) in titled for word in _WORD.findall(value))


def _beside_title(gap: Gap, text: str, titled: frozenset[str]) -> bool:
    """Whether a name goes on what the title names: "Valencia ____" of the Valencia Street
    Circuit."""
    before = re.search(r"(\w+) $", text[: gap.start])
    after = re.match(r" (\w+)", text[gap.end :])
    beside = [word[1] for word in (before, after) if word and word[1][0].isupper()]
    return any(fold(word) in titled for word in beside)


def _terms(text: str, titled: frozenset[str], language: str, named: Sequence[Fact]) -> list[str]:
    """Names, then long content words, that the title does not hold; each once."""
    candidates = [(fact.start, fact.text.strip(_EDGES)) for fact in named if len(fact.text) > 2]
    wanted = content_words(text, language)
    taken = {fold(word) for _, name in candidates for word in _WORD.findall(name)}
    for match in _WORD.finditer(text):
        if (
            match.start()
            and len(match.group()) >= 6
            and (match.group()[0].islower() or language == "de")
            and fold(match.group()) in wanted
            and fold(match.group()) not in taken
        ):
            candidates.append((match.start(), match.group()))
            taken.add(fold(match.group()))
    unique: dict[str, str] = {}
    for _, term in sorted(candidates):
        if not _in_title(term, titled) and not _QUOTE.search(term):
            unique.setdefault(fold(term), term)
    return list(unique.values())


@functools.lru_cache(maxsize=512)
def pairs(passage: Passage) -> tuple[Pair, ...]:
    """Fields of an infobox, cells of a table; none of a passage in prose."""
    values: list[Pair] = []
    for line in passage.sentence_texts():
        line = line.strip()
        if passage.kind == "infobox":
            match = _FIELD.match(line)
            if match:
                values.append(Pair(match[1].strip(), match[2].strip(), "", line))
        elif passage.kind == "table" and len(line) <= 400:
            cells = [(k.strip(), v.strip()) for k, v in _CELL.findall(line)]
            if len(cells) >= 2 and cells[0][1]:
                values += [Pair(k, v, cells[0][1], line) for k, v in cells[1:] if k and v]
    return tuple(p for p in values if p.value != p.row and not _QUOTE.search(p.field))


def definition(passage: Passage, words: Language) -> Statement | None:
    """The first statement of a prose article when it says what the title is, else None.

    Where a language has articles, one has to follow the copula: "is a", not "is served by".
    """
    if passage.index or passage.kind != "prose" or passage.section not in LEADS:
        return None
    for statement in statements(passage, passage.language)[:1]:
        head = passage.title.split("(")[0].strip()
        copulas = "|".join(map(re.escape, words.copulas))
        form = rf"\W*(?:\w+\W+){{0,2}}{re.escape(head)}\b.{{0,120}}?\b(?:{copulas}) (\w+)"
        opens = re.match(form, statement.text, re.IGNORECASE)
        articles = FUNCTION.get(passage.language, frozenset())
        bare = passage.language in ("pl", "la")
        if opens and (bare or opens[1].casefold() in articles):
            return statement
    return None


class Explanation(NamedTuple):
    """A statement cut in two where its cause begins; both parts are verbatim."""

    clause: str  # what is explained
    reason: str  # "because the river rose"


def cause(statement: Statement, words: Language) -> Explanation | None:
    """The statement's explanation, where a cause follows the main clause; else None."""
    for opener in words.because:
        # "Da" and "car" mean other things, too: short ones need the comma.
        comma = "[,;]" if len(opener) < 5 else "[,;]?"
        match = re.search(rf"{comma} {re.escape(opener)}(?=[ \w])", statement.text)
        if match is None:
            continue
        clause = statement.text[: match.start()].strip(_EDGES)
        reason = statement.text[match.start() :].strip(_EDGES)
        if len(_WORD.findall(clause)) >= LEAST_WORDS and len(_WORD.findall(reason)) >= 4:
            return Explanation(clause, reason)
    return None


def unasked_facts(text: str, query: str, language: str) -> list[str]:
    """Names, numbers and dates of the text that the query does not hold, longest first.

    >>> unasked_facts("The bridge was built in 1912 by Clara Vogt.", "When was it built?", "en")
    ['Clara Vogt', '1912']
    """
    asked = {fold(word) for word in _WORD.findall(query)}
    stated = [f.text for f in claims(text, language)]
    fresh = [t for t in stated if not all(fold(w) in asked for w in _WORD.findall(t))]
    return sorted(dict.fromkeys(fresh), key=lambda t: (-len(t), text.find(t)))


def window(text: str, around: str, size: int) -> str:
    """At most `size` words of the text, verbatim, with `around` in their middle.

    A text that does not hold `around` gives its first words, a short one itself.

    >>> window("It was built in 1912 and rebuilt after the war.", "1912", 3)
    'in 1912 and'
    """
    words = list(_WORD.finditer(text))
    if len(words) <= size:
        return text
    at = text.find(around)
    first = next((i for i, m in enumerate(words) if m.end() > at), 0) if at >= 0 else 0
    inside = len(_WORD.findall(around)) if at >= 0 else 0
    start = max(0, min(first - max(0, size - inside) // 2, len(words) - size))
    return text[words[start].start() : words[min(start + size, len(words)) - 1].end()]
