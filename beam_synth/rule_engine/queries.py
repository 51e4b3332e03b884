"""Queries: one form for each kind of fact, worded in the passage's language.

A query is of the type that it was asked for, or there is none: the method then asks for another
type. Of names it is not known whether they are places or persons, so that nothing is asked as such.

A query carries words of the statement it asks about, so that retrieval can find the passage; the
words come first and the question after them, so that queries do not all open alike.
"""

from __future__ import annotations

import dataclasses
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
# What the wordings of a `Language` ask for, in their order: the same in every language.
_ABSURD_TYPES = ("quantity", "fact", "quantity")
_UNKNOWN_TYPES = ("quantity", "time")
_VAGUE_TYPES = ("time", "quantity", "person", "fact")


@dataclasses.dataclass(frozen=True)
class Plan:
    """A query with all that its answer needs; a pure function of passage, axes and method."""

    form: str  # gap | relate | define | field | cause | doubt | unknown | absurd | vague
    query: str
    focus: str  # verbatim span of the passage
    value: str = ""  # what the query asks for, where that is one value
    kind: str = ""  # time | quantity | name | field | cause
    anchors: tuple[str, ...] = ()  # terms of the query that say where to look
    altered: str = ""  # the false value
    reason: str = ""  # why the query makes no sense, or the whole answer where nothing is known


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
        """How two terms of a statement belong together."""
        candidates = [statement for statement in self._statements if len(statement.terms) >= 2]
        if not candidates:
            return None
        statement = self._draw.choice(candidates)
        pool = _telling(statement)
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
        """A statement with another number in it; without a number, something unknown."""
        doubted = [
            (statement, gap)
            for statement in self._statements
            for gap in statement.gaps
            if gap.kind != "name" and gap.text.isdigit()
        ]
        if not doubted:
            return self._odd("unknown", query_type, self._words.unknown, _UNKNOWN_TYPES)
        # "Is that so?" asks for a fact, whatever value is doubted.
        return self._doubt(*self._draw.choice(doubted)) if query_type == "fact" else None

    def _doubt(self, statement: Statement, gap: Gap) -> Plan:
        false = _other_number(gap.text, statement.text, self._draw)
        altered = statement.text[: gap.start] + false + statement.text[gap.end :]
        query = self._draw.choice(self._words.doubt).format(
            altered=self._quote(altered), title=self._title()
        )
        anchors = _anchors(statement, gap)
        return Plan(
            "doubt", self._ended(query), statement.text, gap.text, gap.kind, anchors, altered=false
        )

    def _absurd(self, query_type: str) -> Plan | None:
        """A property that such a thing cannot have."""
        return self._odd("absurd", query_type, self._words.absurd, _ABSURD_TYPES)

    def _odd(
        self,
        form: str,
        query_type: str,
        worded: tuple[tuple[str, str], ...],
        types: tuple[str, ...],
    ) -> Plan | None:
        """A worded oddity about a term, with the reason why there is no answer."""
        fitting = [pair for pair, kind in zip(worded, types, strict=True) if kind == query_type]
        pointed = self._pointed() if fitting else None
        if pointed is None:
            return None
        statement, term = pointed
        query, reason = self._draw.choice(fitting)
        query = query.format(title=self._title(), a=self._quote(term))
        return Plan(form, self._ended(query), statement.text, anchors=(term,), reason=reason)

    def _vague(self, query_type: str) -> Plan | None:
        """A term without anything that says what is asked of it."""
        vague = zip(self._words.vague, _VAGUE_TYPES, strict=True)
        fitting = [text for text, kind in vague if kind == query_type]
        pointed = self._pointed() if fitting else None
        if pointed is None:
            return None
        statement, term = pointed
        query = self._draw.choice(fitting).format(a=self._quote(term))
        return Plan("vague", self._ended(query), statement.text, anchors=(term,))

    def _pointed(self) -> tuple[Statement, str] | None:
        """A statement and one of its terms, a name if any statement has one."""
        termed = [s for s in self._statements if s.terms[:1]]
        named = [s for s in termed if s.things[0][:1].isupper()]
        if not termed:
            return None
        statement = self._draw.choice(named or termed)
        return statement, self._draw.choice(statement.things)


def _nothing() -> None:
    """Of a type that no rule asks for."""


def _telling(statement: Statement) -> tuple[str, ...]:
    """The terms that say most: names, else the longest words; in the order of the text."""
    named = {term for term in statement.terms if term[:1].isupper()}
    longest = sorted(set(statement.terms) - named, key=lambda term: (-len(term), term))
    kept = named | set(longest[: max(0, 3 - len(named))])
    return tuple(term for term in statement.terms if term in kept)


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


def _other_number(text: str, statement: str, draw: Draw) -> str:
    """Another number of the same size that the statement does not hold."""
    value = int(text)
    for _ in range(20):
        step = 1 + draw.below(max(3, min(40, value // 10 + 1)))
        other = str(value + step if draw.below(2) or value <= step else value - step)
        if other not in statement and other != text:
            return other
    return str(value + 41)
