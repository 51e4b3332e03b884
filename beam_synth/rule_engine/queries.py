"""Queries: one form for each kind of fact, worded in the passage's language.

A query is of the type that it was asked for, or there is none: the method then asks for another
type. Of names it is not known whether they are places or persons, so that nothing is asked as such.

A query names its topic and carries words of the statement it asks about, so that retrieval can find
the passage. Nothing is called ambiguous but a name that Wikipedia itself tells apart ("Mercury
(planet)"), and nothing unknown: that a passage is silent does not make it so.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping

from beam_synth.checks.query import quotes_title_and_section
from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.records import Passage
from beam_synth.rule_engine.facts import (
    Gap,
    Kind,
    Statement,
    cause,
    definition,
    pairs,
    statements,
)
from beam_synth.rule_engine.languages import Language
from beam_synth.rule_engine.quoting import quoted
from beam_synth.text.phrases import points_at_text

GAP = "____"
_TRIES = 12  # queries looked at before the type is given up
_RELATED = 26  # words of a sentence whose names are to be connected, at most
_LATEST = 2025  # year of a false date
_QUALIFIED = re.compile(r"(.+?) \((.+)\)")


@dataclasses.dataclass(frozen=True)
class Plan:
    """A query with all that its answer needs; a pure function of passage, axes and method."""

    form: str  # gap | relate | define | field | cause | doubt | absurd | vague
    query: str
    focus: str  # verbatim span of the passage
    value: str = ""  # what the query asks for, where that is one value
    kind: str = ""  # time | quantity | name | field | cause
    anchors: tuple[str, ...] = ()  # terms of the query that say where to look
    altered: str = ""  # the false value
    reason: str = ""  # why the query makes no sense


def plan_query(
    passage: Passage, language: str, words: Language, axes: Mapping[str, str], method: str
) -> Plan:
    """The query for a passage under the drawn axes.

    Args:
        words: wordings of `language`.
        method: enters the draws, so that two methods ask differently of one passage.

    Raises Rejected("nothing_to_ask") where the passage gives no query of the type and result that
    the axes name.
    """
    draw = Draw("extractive", method, passage.passage_id, *(f"{k}={axes[k]}" for k in sorted(axes)))
    writer = _QueryWriter(passage, language, words, axes, draw)
    for candidate in writer.candidates():
        pointed = points_at_text(candidate.query, language)
        if not pointed and not quotes_title_and_section(candidate.query, passage):
            return candidate
    wanted = f"{axes['query_result']} query of type {axes['query_type']}"
    raise Rejected("nothing_to_ask", f"{passage.title}: no statement gives a {wanted}")


class _QueryWriter:
    """Draws the queries of one passage under given axes."""

    def __init__(
        self,
        passage: Passage,
        language: str,
        words: Language,
        axes: Mapping[str, str],
        draw: Draw,
    ) -> None:
        self._passage = passage
        self._words = words
        self._axes = axes
        self._draw = draw
        self._statements = statements(passage, language)
        # What gives a query of a type, and so a true one; other types cannot be asked for.
        self._positive: dict[str, Callable[[], Plan | None]] = {
            "definition": self._define,
            "fact": lambda: self._field() or self._gap("name"),
            "cause": self._cause,
            "time": lambda: self._gap("time"),
            "quantity": lambda: self._gap("quantity"),
            "relation": self._relate,
        }

    def candidates(self) -> Iterator[Plan]:
        """Some queries of the type that is asked for; none where the passage gives none."""
        query_type = self._axes["query_type"]
        special = {"negative": self._negative, "absurd": self._absurd, "ambiguous": self._vague}
        odd = special.get(self._axes["query_result"])
        for _ in range(_TRIES):
            plan = odd(query_type) if odd else self._positive.get(query_type, _nothing)()
            if plan is None:
                return
            yield plan

    # -------------------------------------------------------- wording

    def _quote(self, text: str) -> str:
        return quoted(text, self._words)

    def _ended(self, query: str) -> str:
        """The query with what its style adds."""
        ending = self._draw.choice(self._words.endings[self._axes["style"]])
        return f"{query} {ending}".strip()

    def _title(self) -> str:
        return self._passage.title

    # -------------------------------------------------------- positive forms

    def _gap(self, kind: Kind) -> Plan | None:
        """A quoted statement with one of its values left out."""
        candidates = [
            (statement, gap)
            for statement in self._statements
            for gap in statement.gaps
            if gap.kind == kind
        ]
        if not candidates:
            return None
        statement, gap = self._draw.choice(candidates)
        gapped = statement.text[: gap.start] + GAP + statement.text[gap.end :]
        template = self._draw.choice(self._words.gap[gap.kind])
        query = template.format(gapped=self._quote(gapped), title=self._title())
        anchors = _anchors(statement, gap)
        return Plan("gap", self._ended(query), statement.text, gap.text, gap.kind, anchors)

    def _relate(self) -> Plan | None:
        """How two names of a short statement belong together."""
        candidates = [
            (statement, pool)
            for statement in self._statements
            if len(statement.text.split()) <= _RELATED
            and len(pool := _apart(statement.names, statement.text)) >= 2
        ]
        if not candidates or not self._words.relate:
            return None
        statement, pool = self._draw.choice(candidates)
        chosen = sorted(self._draw.sample(range(len(pool)), 2))
        first, second = (pool[i] for i in chosen)
        template = self._draw.choice(self._words.relate)
        query = template.format(title=self._title(), a=self._quote(first), b=self._quote(second))
        return Plan("relate", self._ended(query), statement.text, anchors=(first, second))

    def _define(self) -> Plan | None:
        """What the title is."""
        statement = definition(self._passage, self._words)
        if statement is None:
            return None
        query = self._draw.choice(self._words.define).format(title=self._title())
        return Plan("define", self._ended(query), statement.text, anchors=(self._title(),))

    def _field(self) -> Plan | None:
        """A field of an infobox, or a cell of a table."""
        candidates = pairs(self._passage)
        if not candidates:
            return None
        pair = self._draw.choice(candidates)
        templates = self._words.row if pair.row else self._words.field
        query = self._draw.choice(templates).format(
            title=self._title(), field=self._quote(pair.field), row=self._quote(pair.row)
        )
        anchors = (pair.field, *([pair.row] if pair.row else []))
        return Plan("field", self._ended(query), pair.focus, pair.value, "field", anchors)

    def _cause(self) -> Plan | None:
        """Why something is so."""
        candidates = [(s, c) for s in self._statements if (c := cause(s, self._words)) is not None]
        if not candidates:
            return None
        statement, (clause, reason) = self._draw.choice(candidates)
        query = self._draw.choice(self._words.cause).format(
            clause=self._quote(clause), title=self._title()
        )
        anchors = _anchors(statement)
        return Plan("cause", self._ended(query), statement.text, reason, "cause", anchors)

    # -------------------------------------------------------- what cannot be answered as asked

    def _negative(self, query_type: str) -> Plan | None:
        """A statement with another number in it: "is that so?" asks for a fact, whatever value is
        doubted."""
        doubted = [
            (statement, gap)
            for statement in self._statements
            for gap in statement.gaps
            if gap.kind != "name" and gap.text.isdigit()
        ]
        if not doubted or query_type != "fact":
            return None
        return self._doubt(*self._draw.choice(doubted))

    def _doubt(self, statement: Statement, gap: Gap) -> Plan:
        false = _other_number(gap, statement.text, self._draw)
        altered = statement.text[: gap.start] + false + statement.text[gap.end :]
        query = self._draw.choice(self._words.doubt).format(
            altered=self._quote(altered), title=self._title()
        )
        anchors = _anchors(statement, gap)
        return Plan(
            "doubt", self._ended(query), statement.text, gap.text, gap.kind, anchors, altered=false
        )

    def _absurd(self, query_type: str) -> Plan | None:
        """A quantity that such a thing cannot have."""
        if query_type != "quantity" or not self._statements:
            return None
        head = self._title().split(" (")[0]
        about = [s for s in self._statements if head in s.text]
        statement = (about or list(self._statements))[0]
        query, reason = self._draw.choice(self._words.absurd)
        query = query.format(title=self._title(), a=self._quote(self._title()))
        return Plan(
            "absurd", self._ended(query), statement.text, anchors=(self._title(),), reason=reason
        )

    def _vague(self, query_type: str) -> Plan | None:
        """What a name means that several things have, without what tells them apart."""
        qualified = _QUALIFIED.fullmatch(self._title())
        statement = definition(self._passage, self._words) if qualified else None
        if statement is None or qualified is None or query_type != "definition":
            return None
        query = self._draw.choice(self._words.define).format(title=qualified[1])
        return Plan("vague", self._ended(query), statement.text, anchors=(qualified[1],))


def _nothing() -> None:
    """Of a type that no rule asks for."""


def _apart(names: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The names without those that are a part of another, or that stand more than once."""
    return tuple(
        name
        for name in names
        if text.count(name) == 1 and not any(name in other for other in names if other != name)
    )


def _anchors(statement: Statement, gap: Gap | None = None) -> tuple[str, ...]:
    """Up to two terms of the statement outside the gap, the most telling ones: names, then length;
    in the order of the text."""
    others = [
        term
        for term in statement.terms
        if gap is None or (term not in gap.text and gap.text not in term)
    ]
    best = sorted(others, key=lambda term: (not term[:1].isupper(), -len(term), term))[:2]
    return tuple(term for term in others if term in best)


def _other_number(gap: Gap, statement: str, draw: Draw) -> str:
    """Another number of the same size that the statement does not hold; no year to come."""
    value = int(gap.text)
    most = max(_LATEST, value) if gap.kind == "time" else 10 ** (len(gap.text) + 1)
    for _ in range(20):
        step = 1 + draw.below(max(3, min(40, value // 10 + 1)))
        other = value + step if draw.below(2) or value <= step else value - step
        if str(other) not in statement and other <= most:
            return str(other)
    return str(max(1, value - 1))


def topic_of(query: str, words: Language) -> str:
    """The title that a query of ours names; "" of another writer's query.

    >>> from beam_synth.rule_engine.languages import language
    >>> topic_of("What is meant by Old Mill? Any idea?", language("en"))
    'Old Mill'
    """
    for pattern in _forms(words.define, *_query_sets(words), endings=words.endings):
        found = pattern.fullmatch(query)
        if found:
            return found["title"]
    return ""


def _query_sets(words: Language) -> list[tuple[str, ...]]:
    absurd = tuple(query for query, _ in words.absurd)
    return [*words.gap.values(), words.relate, words.field, words.row, words.cause, words.doubt,
            absurd]  # fmt: skip


def _forms(
    *sets: tuple[str, ...], endings: Mapping[str, tuple[str, ...]]
) -> Iterator[re.Pattern[str]]:
    """What the queries look like, those with most fixed words first."""
    ends = "|".join(re.escape(end) for group in endings.values() for end in group if end)
    for template in sorted((t for group in sets for t in group), key=len, reverse=True):
        parts = re.split(r"\{(\w+)\}", template)
        form = "".join(
            ("(?P<title>[^“”„«»]{1,200}?)" if part == "title" else ".+?")
            if i % 2
            else re.escape(part)
            for i, part in enumerate(parts)
        )
        yield re.compile(rf"{form}(?: (?:{ends}))?", re.DOTALL)
