"""Follow-ups of conversations: a query, its answer and what both rest on.

Candidates come in an order of preference; the first whose query and answer repeat nothing is taken.
Every statement of an answer stands in the seed or in an earlier turn, and equations are turned
round only where they hold.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from typing import NamedTuple

from beam_synth.drawing import Draw
from beam_synth.methods.multi_turn.checks import MOST_SHARED, similarity
from beam_synth.methods.multi_turn.conversation import REFORMATTING, shown_sources, split_trace
from beam_synth.records import Passage
from beam_synth.rule_engine.answers import quotation
from beam_synth.rule_engine.conversation_words import WORDINGS, TurnPhrases
from beam_synth.rule_engine.equations import TurnableEquation, turnable_equations
from beam_synth.rule_engine.facts import Statement, statements
from beam_synth.rule_engine.languages import language
from beam_synth.rule_engine.layouts import LAYOUTS, without_citations
from beam_synth.rule_engine.quoting import as_sentence, quoted
from beam_synth.rule_engine.wholes import clause_with
from beam_synth.text.phrases import points_at_text
from beam_synth.text.sentences import normalise, occurrences

_MOST_STATEMENTS = 24  # of a long passage that are looked at
_TRIES = 40  # candidates
_PART_WORDS = (5, 16)  # of a statement that is told again


class FollowUpRequest(NamedTuple):
    """What a follow-up is a pure function of."""

    kind: str  # one of multi_turn.conversation.KINDS
    exercise: str  # of the parent
    language: str  # its code
    contents: tuple[str, ...]  # of the messages so far, the user's and the assistant's in turn
    passage: Passage | None  # what it may draw on beside the conversation


@dataclasses.dataclass(frozen=True)
class FollowUp:
    """A query with its answer; `key` is what the trace concludes with."""

    query: str
    focus: str
    answer: str
    key: str
    form: str  # statement | clarified | corrected | confirmed | layout | steps | checked
    about: str = ""  # the term, the false value or the layout of the query
    equations: tuple[TurnableEquation, ...] = ()


class FollowUpWriter:
    """Candidates of one kind, in an order that is drawn from the conversation itself."""

    def __init__(self, request: FollowUpRequest) -> None:
        code, contents = request.language, request.contents
        words = language(code)
        assert words is not None, code
        self._words = words
        self._language = code
        self._wording: TurnPhrases = WORDINGS[code]
        self._kind = request.kind
        self._exercise = request.exercise
        self._passage = request.passage
        self._asked = contents[0::2]
        parts = [split_trace(content) for content in contents[1::2]]
        self._first_trace = parts[0][0]
        self._answers = [without_citations(said) for _, said in parts]
        # What the prompt shows of sources was not said yet.
        self._spoken = normalise("\n".join([*self._asked[1:], *self._answers]))
        self._spans = [normalise(text) for said in parts for text in said]
        self._draw = Draw("multi_turn", self._kind, *contents)

    def first(self) -> FollowUp | None:
        """The first of 40 candidates at most that repeats nothing; None without one."""
        candidates = {
            "deepening": lambda: self._statements(self._wording.deepen, named=False),
            "topic shift": lambda: self._statements(self._wording.shift, named=True),
            "clarification": self._clarifications,
            "challenge": self._challenges,
            REFORMATTING: self._layouts,
        }[self._kind]()
        for _, candidate in zip(range(_TRIES), candidates, strict=False):
            if self._is_new(candidate):
                return candidate
        return None

    def _is_new(self, follow_up: FollowUp) -> bool:
        if not follow_up.focus or any(
            similarity(follow_up.query, other) > MOST_SHARED for other in self._asked
        ):
            return False
        if self._kind == REFORMATTING:
            return follow_up.answer not in self._answers
        pointed = self._exercise in ("memorization", "mcq") and points_at_text(
            f"{follow_up.query}\n{follow_up.answer}", self._language
        )
        return not pointed and all(
            similarity(follow_up.answer, s) <= MOST_SHARED for s in self._answers
        )

    def told(self, query: str, focus: str) -> FollowUp:
        """The answer to any query: its focus."""
        text = as_sentence(focus)
        return FollowUp(query, focus, self._draw.choice(self._words.known).format(sentence=text),
                        focus, "statement")  # fmt: skip

    def _span(self, *texts: str) -> str:
        """The first that stands in an earlier turn as it was written; "" without one."""
        spans = (t for t in texts if any(normalise(t) in said for said in self._spans))
        return next(spans, "")

    def _quote(self, text: str) -> str:
        return quoted(text, self._words)

    def _ask(self, queries: tuple[str, ...], **slots: str) -> list[str]:
        """The queries with their slots filled, in random order."""
        return [query.format(**slots) for query in self._draw.shuffled(queries)]

    # -------------------------------------------------------- from the seed

    @functools.cached_property
    def _known(self) -> list[Statement]:
        """Statements of the seed in random order."""
        if self._passage is None:
            return []
        first = statements(self._passage, self._language)[:_MOST_STATEMENTS]
        return self._draw.shuffled(first)

    def _statements(self, queries: tuple[str, ...], *, named: bool) -> Iterator[FollowUp]:
        """What was not said yet of a name; `named` puts those first that were not named either."""
        fresh = [s for s in self._known if normalise(s.text) not in self._spoken and s.names]
        if named:
            fresh.sort(key=lambda s: not self._unspoken(s))
        for statement in fresh:
            things = self._unspoken(statement) if named else ()
            for term in self._draw.shuffled(things or statement.names)[:2]:
                known = self._draw.choice(self._words.known)
                answer = known.format(sentence=self._cited(statement.text, term))
                for query in self._ask(queries, a=self._quote(term)):
                    yield FollowUp(query, statement.text, answer, _part(statement.text, term),
                                   "statement", term)  # fmt: skip

    def _cited(self, text: str, term: str) -> str:
        """The statement, with a reference tag where a source of the prompt holds it."""
        rag = self._exercise == "rag"
        shown = shown_sources(self._asked[0], self._passage) if rag and self._passage else ()
        tag = next((s.tag for s in shown if text in s.passage.text), "")
        cited = f' <ref name="{tag}">{quotation(text, term)}</ref>' if tag else ""
        return as_sentence(text) + cited

    def _unspoken(self, statement: Statement) -> tuple[str, ...]:
        return tuple(t for t in statement.names if normalise(t) not in self._spoken)

    def _clarifications(self) -> Iterator[FollowUp]:
        """How a result was reached; or in what connection a name or value of the last answer
        stands."""
        yield from self._worked(self._wording.how, self._wording.steps, "steps")
        for part, value in self._given():
            answer = self._draw.choice(self._wording.clarified).format(quote=self._quote(part))
            for query in self._ask(self._wording.clarify, a=self._quote(value)):
                yield FollowUp(query, part, answer, part, "clarified", value)

    def _given(self) -> Iterator[tuple[str, str]]:
        """Names and values that the last answer gave, each after the clauses it stands in."""
        spoken = self._answers[-1]
        for statement in self._known:
            for value in dict.fromkeys([*statement.names, *(g.text for g in statement.gaps)]):
                if next(occurrences(spoken, value), None) is not None:
                    yield _part(statement.text, value), value

    # -------------------------------------------------------- challenges

    def _challenges(self) -> Iterator[FollowUp]:
        """Doubts that are refuted or confirmed; which of both comes first is drawn."""
        yield from self._worked(self._wording.check, self._wording.checked, "checked")
        doubts, doubted = list(self._doubts()), bool(self._draw.below(2))
        yield from doubts if doubted else ()
        yield from self._confirmations()
        yield from () if doubted else doubts

    def _confirmations(self) -> Iterator[FollowUp]:
        """A name or value that the last answer gave holds."""
        for part, value in self._given():
            answer = self._draw.choice(self._wording.confirmed).format(quote=self._quote(part))
            for query in self._ask(self._wording.sure, a=self._quote(value)):
                yield FollowUp(query, part, answer, part, "confirmed", value)

    def _doubts(self) -> Iterator[FollowUp]:
        """A wrong number in place of one that an answer gave."""
        text = self._passage.text if self._passage else ""
        for statement in self._known:
            for gap in statement.gaps:
                said = any(next(occurrences(s, gap.text), None) is not None for s in self._answers)
                if gap.kind == "name" or not gap.text.isdigit() or not said:
                    continue
                false = str(int(gap.text) + 1 + self._draw.below(9))
                if false in self._spoken or false in text:
                    continue
                part = _part(statement.text, gap.text)
                answer = self._draw.choice(self._wording.corrected).format(
                    false=false, quote=self._quote(part)
                )
                for query in self._ask(self._wording.doubt, false=false):
                    yield FollowUp(query, part, answer, part, "corrected", false)

    # -------------------------------------------------------- from the conversation alone

    def _worked(
        self, queries: tuple[str, ...], answers: tuple[str, ...], form: str
    ) -> Iterator[FollowUp]:
        """The steps of a calculation, or each of them turned round; none where one cannot be."""
        equations = list(dict.fromkeys(turnable_equations(self._first_trace)))
        if self._exercise not in ("math exercise", "math mcq") or not equations:
            return
        if len(equations) < self._first_trace.count("= "):
            return
        shown = equations if form == "steps" else [e.reverse() for e in reversed(equations)]
        steps = "; ".join(dict.fromkeys(e.text for e in shown))
        answer = self._draw.choice(answers).format(steps=steps)
        for query in self._ask(queries):
            yield FollowUp(query, equations[-1].source, answer, shown[-1].text, form, "",
                           tuple(shown[:6]))  # fmt: skip

    def _layouts(self) -> Iterator[FollowUp]:
        """Another layout of the last answer, or of an earlier one."""
        for said in reversed(self._answers):
            for name in self._draw.shuffled(tuple(LAYOUTS)):
                laid = LAYOUTS[name](said, self._language, self._quote)
                if laid is None:
                    continue
                focus = self._span(*laid.parts)
                for query in self._ask(self._wording.layouts[name]):
                    yield FollowUp(query, focus, laid.text, focus, "layout", name)


def _part(statement: str, term: str) -> str:
    """The clauses of a statement around a term; all of it where they are too short or too long."""
    return (clause_with(statement, term, *_PART_WORDS) or statement).strip(" .;:,–")
