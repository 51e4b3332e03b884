"""Written rows read back: what a method's `verify` needs to make its checks again."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from beam_synth.checks import Check, outcome
from beam_synth.methods.shared.bare_query import bare_query
from beam_synth.records import FindPassage, Passage, Row
from beam_synth.text.questions import asks_for
from beam_synth.text.sentences import count_words

AXES = ("query_type", "complexity", "user_profile", "query_result", "style")


def reread(
    row: Row, texts: FindPassage, check: Callable[[Row, FindPassage], Iterable[Check]]
) -> list[Check]:
    """The checks of a row, made by `check`; one alone that fails where the row cannot be read.

    Unknown texts, missing fields and fields of other types count as unreadable.
    """
    try:
        return list(check(row, texts))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        return [altered([f"the row cannot be read: {error!r}"])]


def altered(problems: Iterable[str]) -> Check:
    """The check that the parts of a row agree; it fails where there are problems."""
    return outcome("row_consistent", "row_altered", problems)


def constraints_of(row: Row) -> dict[str, Any]:
    """The row's constraints: what was drawn for it. Raises ValueError where they are no JSON
    object.

    >>> constraints_of({"constraints": '{"language": "en"}'})
    {'language': 'en'}
    """
    constraints = orjson.loads(row["constraints"])
    if not isinstance(constraints, dict):
        raise ValueError("the constraints are no object")
    return constraints


def axes_of(constraints: Mapping[str, Any]) -> dict[str, str]:
    """The query axes as asked for, but for those that the constraints state of the query itself.

    Raises KeyError where one is missing.
    """
    return {axis: constraints.get(axis) or constraints["asked"][axis] for axis in AXES}


def seeds_of(row: Row, texts: FindPassage) -> list[tuple[Passage, str]]:
    """The passages of the row's seeds with their roles, the primary first.

    Title, section and address are the row's own: the same text may stand in several articles.
    Raises KeyError where `texts` does not know one.
    """
    own = ("title", "section", "url", "revision", "license", "path")
    return [
        (
            dataclasses.replace(texts(seed["text_sha256"]), **{name: seed[name] for name in own}),
            seed["role"],
        )
        for seed in row["seeds"]
    ]


def disagreements(row: Row, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """In words, where the row is not what its parts are rendered to.

    Args:
        messages: the training surface, rendered anew from the row's parts.
    """
    if [dict(message) for message in row["messages"]] != [dict(message) for message in messages]:
        yield "the messages are not what query, sources, reasoning and answer render to"
    if row["query"] != messages[0]["content"]:
        yield "the query is not the user's first turn"
    seeds = row["seeds"]
    text = row["query_seed_text"]
    if text and hashlib.sha256(text.encode("utf-8")).hexdigest() != seeds[0]["text_sha256"]:
        yield "the seed text is not the first seed's"
    if text and (seeds[0]["role"] != "primary" or any(s["role"] == "primary" for s in seeds[1:])):
        yield "the first seed, and no other, is the primary one"
    if text and row["query_seed_url"] != seeds[0]["url"]:
        yield "the seed's address is not the first seed's"
    constraints = constraints_of(row)
    if constraints.get("language") != row["language"]:
        yield "the row is in another language than was asked for"
    question = bare_query(row["query"], row["exercise"])
    shown = asks_for(question, row["language"], seeds[0]["title"] if seeds else "")
    if "query_result" in constraints and constraints.get("query_type", "") != shown:
        yield f"the query asks for {shown or 'nothing sure'}, its record has another type"
    listed = [orjson.loads(item) for item in row["constraint_list"]]
    if listed != [{"name": name, "value": value} for name, value in constraints.items()]:
        yield "the list of constraints is another one than the constraints"
    words = count_words(row["synthetic_reasoning"]) + count_words(row["synthetic_answer"])
    if row["words"] != words:
        yield f"{words} words, not {row['words']}"
