"""The question alone out of what a user says in full: without sources, options or a text below it.

A row's `query` is what its model is asked, word for word the first turn; checks of a question look
at the question.
"""

from __future__ import annotations

import re

_SOURCES = re.compile(r"\n\n<source_\d+>\n")
_OPTIONS = "\n\nA) "
_BELOW = "\n\n"


def bare_query(query: str, exercise: str) -> str:
    r"""What is asked, in the user's first lines; of other exercises the query as it is.

    Args:
        query: the user's turn in full.
        exercise: that it belongs to, as rows record it.

    >>> bare_query("When was it built?\n\nA) 1847\nB) 1912", "mcq")
    'When was it built?'
    >>> bare_query("Who built it?\n\n<source_1>\nOld Mill\nIt was ...\n</source_1>", "rag")
    'Who built it?'
    >>> bare_query("Correct this.\n\nHelo.", "editing"), bare_query("A\n\nB", "memorization")
    ('Correct this.', 'A\n\nB')
    """
    if exercise == "rag":
        return _SOURCES.split(query, 1)[0]
    if exercise in ("mcq", "math mcq"):
        return query.rpartition(_OPTIONS)[0] or query
    return query.partition(_BELOW)[0] if exercise == "editing" else query
