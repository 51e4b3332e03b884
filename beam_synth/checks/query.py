"""A query must stand on its own: its reader sees no text."""

from __future__ import annotations

import re

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.records import Passage
from beam_synth.text.phrases import points_at_text
from beam_synth.text.sentences import normalise, occurrences


def _says(text: str, phrase: str) -> bool:
    """Whether the text holds the phrase as whole words; both normalised."""
    return next(occurrences(text, phrase), None) is not None


def quotes_title_and_section(query: str, passage: Passage) -> bool:
    """Whether the query holds the article's title and its section's heading, both verbatim.

    The title alone names the topic, which a closed-book query needs. A heading that is part of
    the title (or the other way round) adds nothing and does not count; nor does a heading of one
    word (Motion, Stage) that the passage itself uses, or that the query writes as a common word:
    the topic cannot be spoken of without it; nor one that is part of a longer name. A
    whole path of headings ("History > Middle Ages") counts without the title.
    """
    text, title = normalise(query), normalise(passage.title)
    last = passage.section.rpartition(" > ")[2]
    heading = normalise(last)
    if " > " in passage.section and _says(text, normalise(passage.section)):
        return True
    if _says(title, heading) or _says(heading, title):
        return False
    if " " not in heading and (last not in query or _says(normalise(passage.text), heading)):
        return False
    return _says(text, title) and _says(text, heading) and not _only_in_a_name(query, last)


def _only_in_a_name(query: str, heading: str) -> bool:
    """Whether a heading stands in the query only as part of a longer name ("Central Atlantic" in
    "Central Atlantic Magmatic Province")."""
    places = list(re.finditer(rf"(?<!\w){re.escape(heading)}(?!\w)", query))
    return bool(places) and all(
        re.match(r" [^\W\d_a-z]\w", query[place.end() :])
        or re.search(r"\w [^\W\d_a-z]\w+ $", query[: place.start()])
        for place in places
    )


def check_names_source(exchange: Exchange) -> Check:
    """The query neither speaks of a text in view nor quotes title and section together."""
    problems = []
    pointed = points_at_text(exchange.query, exchange.language)
    if pointed:
        problems.append(f"speaks of a text: {pointed!r}")
    if quotes_title_and_section(exchange.query, exchange.passage):
        problems.append(f"quotes {exchange.passage.title!r} and {exchange.passage.section!r}")
    return outcome("query_names_source", "query_names_source", problems)
