"""Queries: one form for each kind of fact, worded in the passage's language.

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
_TRIES = 12  # queries looked at before the passage is given up


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

    Raises Rejected("nothing_to_ask") where the passage has no statement that can be asked about.
    """
    draw = Draw("extractive", method, passage.passage_id, *(f"{k}={axes[k]}" for k in sorted(axes)))
    writer = _QueryWriter(passage, language, words, axes, draw)
    for candidate in writer.candidates():
        pointed = points_at_text(candidate.query, language)
        if not pointed and not quotes_title_and_section(candidate.query, passage):
            return candidate
    raise Rejected("nothing_to_ask", f"{passage.title}: no statement gives a query")


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
        self._forms: dict[str, Callable[[], Plan | None]] = {
            "definition": self._define,
            "fact": lambda: self._gap(("time", "quantity", "name")),
            "cause": self._cause,
            "comparison": self._relate,
            "enumeration": self._relate,
            "time": lambda: self._gap(("time",)),
            "place": lambda: self._gap(("name",)),
            "person": lambda: self._gap(("name",)),
            "quantity": lambda: self._gap(("quantity",)),
            "process": self._relate,
        }

    def candidates(self) -> Iterator[Plan]:
        """Queries in order of preference: the drawn type first, then whatever the passage gives."""
        result = self._axes["query_result"]
        special = {"negative": self._doubt, "absurd": self._absurd, "ambiguous": self._vague}
        if result in special:
            for _ in range(_TRIES):
                plan = special[result]()
                if plan:
                    yield plan
            return
        first = self._forms.get(self._axes["query_type"], self._relate)
        fallbacks = (self._field, first, self._field, self._forms["fact"], self._relate)
        for form in (
            fallbacks if self._passage.kind in ("infobox", "table") else (first, *fallbacks)
        ):
            for _ in range(_TRIES // 3):
                plan = form()
                if plan:
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

    def _gap(self, kinds: tuple[Kind, ...]) -> Plan | None:
        """A quoted statement with one of its values left out."""
        candidates = [
            (statement, gap)
            for statement in self._statements
            for gap in statement.gaps
            if gap.kind in kinds
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

    def _doubt(self) -> Plan | None:
        """Negative: a statement with another number in it; without a number, something unknown."""
        candidates = [
            (statement, gap)
            for statement in self._statements
            for gap in statement.gaps
            if gap.kind != "name" and gap.text.isdigit()
        ]
        if not candidates:
            return self._unknown()
        statement, gap = self._draw.choice(candidates)
        false = _other_number(gap.text, statement.text, self._draw)
        altered = statement.text[: gap.start] + false + statement.text[gap.end :]
        query = self._draw.choice(self._words.doubt).format(
            altered=self._quote(altered), title=self._title()
        )
        anchors = _anchors(statement, gap)
        return Plan(
            "doubt", self._ended(query), statement.text, gap.text, gap.kind, anchors, altered=false
        )

    def _unknown(self) -> Plan | None:
        """Negative: something about a term that no source can tell."""
        return self._odd("unknown", self._words.unknown)

    def _absurd(self) -> Plan | None:
        """Absurd: a property that such a thing cannot have."""
        return self._odd("absurd", self._words.absurd)

    def _odd(self, form: str, worded: tuple[tuple[str, str], ...]) -> Plan | None:
        """A worded oddity about a term, with the reason why there is no answer."""
        pointed = self._pointed()
        if pointed is None:
            return None
        statement, term = pointed
        query, reason = self._draw.choice(worded)
        query = query.format(title=self._title(), a=self._quote(term))
        return Plan(form, self._ended(query), statement.text, anchors=(term,), reason=reason)

    def _vague(self) -> Plan | None:
        """Ambiguous: a term without anything that says what is asked of it."""
        pointed = self._pointed()
        if pointed is None:
            return None
        statement, term = pointed
        query = self._draw.choice(self._words.vague).format(a=self._quote(term))
        return Plan("vague", query, statement.text, anchors=(term,))

    def _pointed(self) -> tuple[Statement, str] | None:
        """A statement and one of its terms, a name if any statement has one."""
        termed = [s for s in self._statements if s.terms[:1]]
        named = [s for s in termed if s.things[0][:1].isupper()]
        if not termed:
            return None
        statement = self._draw.choice(named or termed)
        return statement, self._draw.choice(statement.things)


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
