"""Variables as methods give them to their prompts: what a job's templates are tried with.

They are no data: they only have the form of it. Together, the examples of a template take every way
through it (a value of each axis, a list with and without entries, what may be none).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from beam_synth.methods.shared.axes import (
    COMPLEXITIES,
    QUERY_RESULTS,
    QUERY_TYPES,
    STYLES,
    USER_PROFILES,
)
from beam_synth.records import LANGUAGES, Passage

Example = dict[str, Any]

_TEXT = "The bridge was designed by Clara Vogt. It opened on 3 May 1912 and is 214 metres long."


def example_passage(title: str = "Lindau Bridge", text: str = _TEXT) -> Passage:
    """A passage with a value in every field.

    >>> example_passage().title
    'Lindau Bridge'
    """
    return Passage(
        passage_id="0" * 32,
        article_id="enwiki:1",
        title=title,
        language="en",
        url="https://en.wikipedia.org/wiki/Lindau_Bridge",
        revision=7,
        license="CC-BY-SA-4.0",
        qid="Q1",
        path="[]",
        section="History > Construction",
        kind="prose",
        index=0,
        text=text,
        sentences=(0,),
        words=len(text.split()),
        tokens=24,
    )


PASSAGE = example_passage()
NEIGHBOR = example_passage("Aare", "The Aare rises in the Bernese Alps and is 288 km long.")
FOCUS = "designed by Clara Vogt"
TRACE_WORDS = (90, 240, 620)  # of a simple, a moderate and a complex query
QUERY = "Who designed the bridge that crosses the Aare near Thun?"
# The axes of a query, each with all its values.
AXES: Mapping[str, Iterable[str]] = {
    "query_type": QUERY_TYPES,
    "complexity": COMPLEXITIES,
    "user_profile": USER_PROFILES,
    "query_result": QUERY_RESULTS,
    "style": STYLES,
}


def each_value(values: Mapping[str, Iterable[Any]]) -> list[Example]:
    """As many dictionaries as the longest of the lists, in which each value stands in one.

    >>> each_value({"style": ["direct", "polite"], "language": ["en"]})
    [{'style': 'direct', 'language': 'en'}, {'style': 'polite', 'language': 'en'}]
    """
    lists = {name: list(of) for name, of in values.items()}
    most = max(map(len, lists.values()))
    return [{name: of[n % len(of)] for name, of in lists.items()} for n in range(most)]


def with_axes(**values: Iterable[Any]) -> tuple[Example, ...]:
    """Examples in which each value of each axis stands, and each language, and each of `values`."""
    return tuple(each_value({"axes": each_value(AXES), "language": LANGUAGES, **values}))


def answered(examples: Iterable[Example], **more: Any) -> Iterator[Example]:
    """The same examples as a later step sees them: with `more` that is known by then."""
    return ({**example, **more} for example in examples)
