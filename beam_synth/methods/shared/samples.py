"""What the shipped methods share: the query step, and the training row made of what was written."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from beam_synth.checks import Exchange
from beam_synth.checks.suites import run_checks_query
from beam_synth.engines.ports import Answer, Models
from beam_synth.errors import Rejected
from beam_synth.methods.declaration import DrawFor
from beam_synth.methods.seeds import PassageSeed
from beam_synth.methods.shared.answer_lengths import QUERY_WORDS, most_tokens
from beam_synth.methods.shared.axes import realised, until_askable
from beam_synth.methods.shared.second_try import ask_in_form
from beam_synth.records import Passage, Row, Sample, seed_record
from beam_synth.text.askable import askable_types
from beam_synth.text.questions import asks_for
from beam_synth.text.sentences import count_words, sentences
from beam_synth.text.spans import is_span, nearest_span


def _texts(*names: str) -> dict[str, Any]:
    """JSON schema of an object of strings (in the subset that strict endpoints know)."""
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "required": list(names),
        "additionalProperties": False,
    }


QUERY_SCHEMA = _texts("query", "focus")
ANSWER_SCHEMA = _texts("reasoning", "answer")
DRAWINGS = 32  # an engine of models takes the first
_SHOWN = 300  # characters of a focus that a reject names
# What the chat format is made of may not stand in a text.
_CONTROL = re.compile(r"</?think>|<\|[a-z_]+\|>", re.IGNORECASE)
# The checks whose score is graded; their mean is the sample's quality.
_GRADED = (
    "query_language",
    "trace_language",
    "answer_language",
    "answer_entailed",
    "answer_covers_focus",
)


def stripped_fields(data: dict[str, Any], *names: str) -> list[str]:
    """The named texts of an answer, stripped, in the order of the names.

    Raises Rejected("malformed_answer") for an empty one, and for marks of the chat format.

    >>> stripped_fields({"query": " When? "}, "query")
    ['When?']
    >>> stripped_fields({"query": "<think>"}, "query")
    Traceback (most recent call last):
    beam_synth.errors.Rejected: malformed_answer: query holds '<think>'
    """
    texts = [str(data[name]).strip() for name in names]
    for name, text in zip(names, texts, strict=True):
        control = _CONTROL.search(text)
        if not text or control:
            problem = f"holds {control.group()!r}" if control else "is empty"
            raise Rejected("malformed_answer", f"{name} {problem}")
    return texts


async def until_supported(write: Callable[[DrawFor], Awaitable[Sample]], draw: DrawFor) -> Sample:
    """What `write` makes of the first of 32 drawings that the engine can do.

    A rule engine cannot do everything that may be drawn, and says so before it has cost
    anything. Raises Rejected as `write` does.
    """
    for number in range(DRAWINGS - 1):
        try:
            return await write(_drawing(draw, number))
        except Rejected as error:
            if error.reason != "unsupported_request":
                raise
    return await write(_drawing(draw, DRAWINGS - 1))


def _drawing(draw: DrawFor, number: int) -> DrawFor:
    """The `number`-th of independent drawings; 0 is the task's own."""
    return (lambda purpose: draw(f"{purpose} again {number}")) if number else draw


class Asked(NamedTuple):
    """A checked query about a seed."""

    query: str
    focus: str  # span of the seed's text that answers it
    wished: dict[str, str]  # the axes as they were asked for
    axes: dict[str, str]  # as the query shows them


async def ask_query(seed: PassageSeed, models: Models, template: str, draw: DrawFor) -> Asked:
    """A query about the seed, checked.

    One call of the generator, two where the first answer has a fault of form (more where rules have
    none of a type, see `until_askable`). Raises Rejected with the reason of the first check of a
    query that fails, and as `require_span`.
    """

    async def ask(wished: dict[str, str]) -> Asked:
        def read(answer: Answer) -> Asked:
            query, focus = stripped_fields(answer.data, "query", "focus")
            require_span(focus, seed.passage.text)
            axes = realised(wished, query, seed.language, seed.passage.title)
            run_checks_query(Exchange(seed.language, query, "", "", focus, axes, seed.passage))
            return Asked(query, focus, wished, axes)

        variables = {"passage": seed.passage, "language": seed.language, "axes": wished}
        return await ask_in_form(
            models.generator,
            template,
            variables,
            QUERY_SCHEMA,
            read,
            most_tokens=most_tokens(seed.language, QUERY_WORDS),
        )

    types = askable_types(seed.passage.text, seed.language, seed.passage.kind)
    return await until_askable(draw("axes"), ask, types=types)


def require_span(focus: str, text: str) -> None:
    """Raise Rejected("focus_not_span"), with the nearest span, where the focus is not copied from
    the text; case and blanks do not count.

    >>> require_span("opened in 1913", "It was opened in 1912.")
    Traceback (most recent call last):
    beam_synth.errors.Rejected: focus_not_span: the focus 'opened in 1913'; nearest: 'opened in'
    """
    if not is_span(focus, text):
        raise no_span(focus, text)


def no_span(focus: str, text: str) -> Rejected:
    """The reject of a focus that is copied from nowhere, with the text's nearest span."""
    near = nearest_span(focus, text)
    nearest = f"; nearest: {near[:_SHOWN]!r}" if near else ""
    return Rejected("focus_not_span", f"the focus {focus[:_SHOWN]!r}{nearest}")


def quality(checks: Sequence[dict[str, Any]]) -> float:
    """Mean of the graded checks' scores, in [0, 1]; 0 where none is among the records.

    >>> quality([{"name": "answer_entailed", "score": 0.5}, {"name": "says_so", "score": 1.0}])
    0.5
    """
    scores = [check["score"] for check in checks if check["name"] in _GRADED]
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def passage_of(row: Row) -> Passage:
    """A row's primary seed as a passage; what the row does not tell of it is empty."""
    seed = row["seeds"][0]
    text = row["query_seed_text"]
    starts = tuple(start for start, _ in sentences(text, row["language"]))
    return Passage(
        passage_id=seed["text_sha256"][:32],
        article_id="",
        title=seed["title"],
        language=row["language"],
        url=seed["url"],
        revision=seed["revision"],
        license=seed["license"],
        qid="",
        path=seed["path"],
        section=seed["section"],
        kind="prose",
        index=0,
        text=text,
        sentences=starts or (0,),
        words=count_words(text),
        tokens=0,
    )


def turns(prompt: str, reasoning: str, answer: str) -> tuple[dict[str, str], ...]:
    """What is trained on: the user's turn, and the assistant's with its trace, if there is one.

    >>> turns("When?", "", "In 1912.")[1]
    {'role': 'assistant', 'content': 'In 1912.'}
    """
    said = f"<think>\n{reasoning}\n</think>\n{answer}" if reasoning else answer
    return {"role": "user", "content": prompt}, {"role": "assistant", "content": said}


def build_sample(
    exchange: Exchange,
    checks: tuple[dict[str, Any], ...],
    *,
    exercise: str,
    prompt: str,
    others: Sequence[tuple[Passage, str]],
    drawn: dict[str, Any],
    asked: dict[str, str] | None = None,
) -> Sample:
    """The row of a checked exchange.

    Where axes were asked for, its constraints state of the query what is sure: the result, which
    the answer's checks hold it to, and the type where the query's own words show one.

    Args:
        checks: records, as `require` gives them.
        prompt: what the user says in full: the question and what stands below it.
        others: the passages beside the seed with their roles.
        drawn: what was drawn beside the axes; it stands in the row's constraints.
        asked: the axes of its query that were asked for, whatever came.
    """
    constraints = {"language": exchange.language, **drawn}
    if asked:
        shown = asks_for(exchange.query, exchange.language, exchange.passage.title)
        sure = {"query_type": shown} if shown else {}
        constraints |= {**sure, "query_result": exchange.result, "asked": asked}
    given = [(p, role) for p, role in others if p.passage_id != exchange.passage.passage_id]
    return Sample(
        language=exchange.language,
        exercise=exercise,
        query=prompt,
        reasoning=exchange.reasoning,
        answer=exchange.answer,
        # A withheld passage is a seed too: the query was written from it.
        seeds=(
            seed_record(exchange.passage, "primary"),
            *(seed_record(passage, role) for passage, role in given),
        ),
        checks=checks,
        query_seed_text=exchange.passage.text,
        query_seed_url=exchange.passage.url,
        additional_seed_url=given[0][0].url if given else "",
        constraints=constraints,
        constraint_list=tuple({"name": k, "value": v} for k, v in constraints.items()),
        messages=turns(prompt, exchange.reasoning, exchange.answer),
        quality=quality(checks),
    )
