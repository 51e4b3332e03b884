"""What an engine's class says of the languages that it can serve, and what of it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from beam_synth.engines.by_path import outside_languages
from beam_synth.engines.served_languages import ServedLanguages
from beam_synth.errors import Refused


class Broad:
    """Serves two languages, and in some steps one."""

    languages = ("fr", "ja")
    fewer_languages = {"mcq": ["ja", "fr"], "mcq/answer": ("fr", "en"), "rag/query": ()}  # noqa: RUF012


def broad(model: Any, prompts: Any, timeout: float) -> Any:
    """A function that makes an engine says it by attributes of its own."""


broad.__dict__["fewer_languages"] = {"rag": ("fr",)}


def test_a_step_is_served_where_it_and_its_folder_are() -> None:
    found = outside_languages("tests.engines.test_served_languages:Broad")
    assert found.every == ("fr", "ja")
    assert found.in_steps(["mcq/query"]) == ("ja", "fr")
    assert found.in_steps(["mcq/query", "mcq/answer"]) == ("fr",)
    assert found.in_steps(["rag/query", "rag/answer"]) == ()
    assert found.in_steps(["rag/answer", "mcq2/query"]) is None
    assert found.in_steps([]) is None


def test_a_function_and_a_class_that_say_nothing() -> None:
    found = outside_languages("tests.engines.test_served_languages:broad")
    assert (found.every, found.in_steps(["rag/query"])) == (None, ("fr",))
    assert outside_languages("tests.engines.test_served_languages:Any") == ServedLanguages()
    assert outside_languages("no_such_package:Engine") == ServedLanguages()  # told when it is made


@pytest.mark.parametrize(
    ("says", "named"),
    [
        ({"languages": "en"}, "languages: 'en' is no list of codes"),
        ({"languages": property(len)}, "languages: "),
        ({"fewer_languages": {"mcq": "en"}}, r"fewer_languages\['mcq'\]: 'en' is no list"),
        ({"fewer_languages": {"mcq": [1]}}, r"fewer_languages\['mcq'\]: \[1\] is no list"),
        ({"fewer_languages": ["mcq"]}, "is no mapping from a step"),
    ],
)
def test_codes_that_are_no_list_are_refused(says: dict[str, Any], named: str) -> None:
    with pytest.raises(Refused, match=f"models: the engine 'mine'.*{named}"):
        ServedLanguages.of_class("the engine 'mine'", type("Mine", (), says))
