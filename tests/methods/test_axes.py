"""What a row states of its query is so; what was merely asked for stands apart."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import orjson
import pytest

from beam_synth.commands.recheck import recheck
from beam_synth.drawing import draw
from beam_synth.errors import Rejected
from beam_synth.methods.shared.axes import QUERY_TYPES, draw_axes, until_askable
from beam_synth.methods.shared.bare_query import bare_query
from beam_synth.rule_engine.languages import language
from beam_synth.text.questions import asks_for
from tests.doubles import exchanges, scripts, written
from tests.doubles.exchanges import NEAR, passage
from tests.doubles.ports import Script
from tests.methods.test_methods import SCRIPT

METHODS = ("memorization", "rag", "mcq")
CODES = ("en", "fr", "de")


@functools.cache
def rows(method: str, code: str) -> list[dict[str, Any]]:
    seeds = scripts.seeds(method, scripts.passages(code, 60))
    ended = scripts.Recorder().run(seeds)
    return [dict(row) for item in ended for row in item.outcome.records]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("method", METHODS)
def test_queries_of_the_rules_are_of_the_type_and_style_asked_for(method: str, code: str) -> None:
    words = language(code)
    assert words is not None
    types = set()
    for row in rows(method, code):
        stated = orjson.loads(row["constraints"])
        asked = stated["asked"]
        query = bare_query(row["query"], method)
        shown = asks_for(query, code, row["seeds"][0]["title"])
        assert shown in ("", asked["query_type"]), row["query"]
        assert stated.get("query_type", "") == shown
        assert query.endswith(words.endings[asked["style"]])
        assert not {"complexity", "user_profile", "style"} & stated.keys()
        types.add(asked["query_type"])
    # The rules ask a choice of years, dates, numbers and persons alone.
    assert len(types) > (1 if method == "mcq" else 2)


@pytest.mark.parametrize("method", METHODS)
def test_a_row_that_states_another_type_is_found(method: str) -> None:
    texts = written.Texts(scripts.passages("en", 60))
    for row in rows(method, "en")[:20]:
        stated = orjson.loads(row["constraints"])
        shown = stated.get("query_type")
        for other in {"time", "person", None} - {shown}:
            changed = {k: v for k, v in stated.items() if k != "query_type"}
            changed |= {"query_type": other} if other else {}
            listed = [orjson.dumps({"name": k, "value": v}).decode() for k, v in changed.items()]
            altered = {
                **row, "constraints": orjson.dumps(changed).decode(), "constraint_list": listed,
            }  # fmt: skip
            assert [name for name, _ in recheck(altered, texts).faults] != []


def test_what_a_model_asks_instead_is_what_the_row_states() -> None:
    """A model may take another type where the passage has nothing for the one asked for."""
    stated = set()
    for index in range(30):
        seed = exchanges.seed_of("memorization", passage(), index, (NEAR,))
        models = Script(SCRIPT, 99)
        constraints = written.run("memorization", seed, models).constraints
        assert constraints["query_type"] == "person"  # "Who designed …"
        assert models.asked[1][1]["axes"] == {**constraints["asked"], "query_type": "person"}
        stated.add(constraints["asked"]["query_type"])
    assert len(stated) > 5


def asked_for(able: set[str], reason: str = "nothing_to_ask") -> tuple[list[str], str]:
    """The types that were tried, and what came of an engine that can ask only `able`."""
    tried = []

    async def ask(axes: dict[str, str]) -> str:
        tried.append(axes["query_type"])
        if axes["query_type"] not in able:
            raise Rejected(reason, axes["query_type"])
        return axes["query_type"]

    try:
        return tried, asyncio.run(until_askable(draw(1, "task", "axes"), ask))
    except Rejected as error:
        return tried, str(error)


def test_types_that_cannot_be_asked_for_are_drawn_again() -> None:
    first = draw_axes(draw(1, "task", "axes"))["query_type"]
    assert asked_for(set(QUERY_TYPES)) == ([first], first)
    tried, made = asked_for({"relation"})
    assert (tried[0], tried[-1], made) == (first, "relation", "relation")
    tried, made = asked_for(set())
    assert (sorted(tried), made) == (sorted(QUERY_TYPES), f"nothing_to_ask: {tried[-1]}")
    assert asked_for(set(), "malformed_answer") == ([first], f"malformed_answer: {first}")
