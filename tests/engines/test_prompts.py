"""Prompts: rendering, overriding by name, hashes, and what is refused."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused
from beam_synth.judges.rubrics import RUBRICS, template_of
from beam_synth.methods import SHIPPED, load_method
from beam_synth.methods.shared.axes import (
    COMPLEXITIES,
    QUERY_RESULTS,
    QUERY_TYPES,
    STYLES,
    USER_PROFILES,
)
from beam_synth.records import LANGUAGES
from tests.doubles import scripts
from tests.doubles.exchanges import AXES, NEAR, SOURCES, passage
from tests.doubles.scripts import Recorder

PROMPTS = Prompts()


def variables(template: str, **axes: str) -> dict[str, Any]:
    common: dict[str, Any] = {"axes": {**AXES, **axes}, "language": "fr"}
    if "/query" in template:
        return {**common, "passage": passage()}
    given = {"query": "Who designed it?", "focus": "designed by Clara Vogt", "trace_words": 180}
    if template.startswith("memorization"):
        return {**common, **given, "passage": passage(), "neighbors": [NEAR]}
    sources = [{"tag": s.tag, "passage": s.passage} for s in SOURCES]
    return {**common, **given, "sources": sources, "primary": "source_2"}


def test_every_method_finds_its_prompts() -> None:
    prompts = Prompts()
    asked = {t for name in SHIPPED for t in load_method(name).prompts}
    asked |= {template_of(rubric) for rubric in RUBRICS}
    assert asked == set(prompts.names())
    for template in (each for each in asked if not each.startswith("judge/")):
        assert len(prompts.variants(template)) >= 10
        hashes = {prompts.sha256(wording) for wording in prompts.wordings(template)}
        assert len(hashes) == len(prompts.variants(template))
        assert prompts.sha256(template) == prompts.sha256(prompts.wordings(template)[0])
    source = prompts.source(template_of("general")).encode()  # includes nothing
    assert prompts.variants(template_of("general")) == ()
    assert prompts.sha256(template_of("general")) == hashlib.sha256(source).hexdigest()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "method", sorted(set(SHIPPED) - {"memorization", "rag"} - scripts.BY_MODELS_ALONE)
)
def test_rendered_as_the_method_asks(method: str, language: str) -> None:
    """With the variables of real tasks; a draft that was refused stands for a revision's."""
    recorder = Recorder()
    found = scripts.passages(language, 12)
    seeds = scripts.seeds("memorization" if method == "multi_turn" else method, found)
    ended = recorder.run(seeds)
    if method == "multi_turn":
        recorder.run(scripts.following(row for item in ended for row in item.outcome.records))
    asked = {said[0]: said[2] for said in recorder.said.values()}
    for template in load_method(method).prompts:
        if template.endswith("/revise"):
            written = asked[template.replace("revise", "write")]
            asked[template] = {**written, "draft": "Nothing.", "violations": ["too short"]}
        _check_rendered(template, asked[template], {"en": "English", "fr": "French"}[language])


def _check_rendered(template: str, given: Mapping[str, Any], language: str) -> None:
    for wording in PROMPTS.wordings(template):
        system, user = PROMPTS.render(wording, given)
        assert (system["role"], user["role"]) == ("system", "user")
        assert language in system["content"] + user["content"]
        for text in (system["content"], user["content"]):
            assert "{{" not in text and "{%" not in text and "{#" not in text
            assert "\n\n\n" not in text, wording


@pytest.mark.parametrize(
    "wording",
    [
        wording
        for name in ("memorization", "rag")
        for template in load_method(name).prompts
        for wording in PROMPTS.wordings(template)
    ],
)
def test_rendered(wording: str) -> None:
    system, user = PROMPTS.render(wording, variables(wording))
    assert (system["role"], user["role"]) == ("system", "user")
    assert "French" in system["content"] and "French" in user["content"]
    for text in (system["content"], user["content"]):
        assert "{{" not in text and "{%" not in text and "None" not in text
        assert "\n\n\n" not in text
    assert passage().text in user["content"]


def test_every_axis_value_is_explained() -> None:
    values = {
        "query_type": QUERY_TYPES,
        "complexity": COMPLEXITIES,
        "style": STYLES,
        "user_profile": USER_PROFILES,
        "query_result": tuple(QUERY_RESULTS),
    }
    wordings = PROMPTS.wordings("memorization/query") + PROMPTS.wordings("rag/query")
    for wording in wordings:
        for axis, options in values.items():
            for value in options:
                chosen = variables(wording, **{axis: value})
                text = PROMPTS.render(wording, chosen)[1]["content"]
                assert value in text
                assert "as the word says" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_name(language: str) -> None:
    chosen = {**variables("rag/answer"), "language": language}
    for wording in PROMPTS.wordings("rag/answer"):
        system = PROMPTS.render(wording, chosen)[0]["content"]
        assert f"The answer is in {language} " not in system
        assert "The answer is in " in system


def test_a_withheld_source_is_not_named() -> None:
    chosen = {**variables("rag/answer"), "primary": None}
    for wording in PROMPTS.wordings("rag/answer"):
        user = PROMPTS.render(wording, chosen)[1]["content"]
        assert "None of these sources settles the query" in user
        assert "designed by Clara Vogt\nHow" not in user


def test_the_answer_writer_of_a_negative_query_is_told() -> None:
    for template in ("memorization/answer", "rag/answer"):
        chosen = variables(template, query_result="negative")
        for wording in PROMPTS.wordings(template):
            assert "premise is wrong" in PROMPTS.render(wording, chosen)[1]["content"]


def test_a_folder_overrides_by_name(tmp_path: Path) -> None:
    (tmp_path / "memorization").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "memorization" / "query.jinja").write_text("Ask about {{ passage.title }}.\n")
    (tmp_path / "mine" / "step.jinja").write_text("{% block user %}Hi{% endblock %}")
    prompts = pickle.loads(pickle.dumps(Prompts(tmp_path)))
    rendered = prompts.render("memorization/query", variables("memorization/query"))
    assert rendered == [{"role": "user", "content": "Ask about Lindau Bridge."}]
    assert prompts.render("mine/step", {}) == [{"role": "user", "content": "Hi"}]
    assert prompts.sha256("memorization/query") != Prompts().sha256("memorization/query")
    assert prompts.sha256("rag/query") == Prompts().sha256("rag/query")
    assert "mine/step" in prompts.names()


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a folder"):
        Prompts(tmp_path / "none")
    with pytest.raises(Refused, match="did you mean 'memorization/query'"):
        Prompts().source("memorization/qery")
    (tmp_path / "rag").mkdir()
    (tmp_path / "rag" / "query.jinja").write_text("line\n{% if %}")
    (tmp_path / "rag" / "answer.jinja").write_text("{{ nothing }}")
    with pytest.raises(Refused, match=r"rag/query.jinja:2: "):
        Prompts(tmp_path).render("rag/query", {})
    with pytest.raises(Refused, match="'nothing' is undefined"):
        Prompts(tmp_path).render("rag/answer", {})
