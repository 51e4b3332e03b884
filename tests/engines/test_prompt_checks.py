"""A template that cannot be rendered is refused: its file, its line, the nearest name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from beam_synth.engines.prompt_checks import check_prompts
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Refused
from beam_synth.methods import load_method

STEP = "memorization/query"
EXAMPLES = load_method("memorization").prompts[STEP]


def refused(
    folder: Path,
    asked: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> str:
    """What is said of the folder's templates; "" where they can be rendered."""
    try:
        check_prompts(Prompts(folder), {STEP: EXAMPLES} if asked is None else asked)
    except Refused as error:
        return str(error)
    return ""


def override(folder: Path, text: str, name: str = f"{STEP}.jinja") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("Write.\n{% if %}", 2, "Expected an expression"),
        ("Write.\n{% for a in neighbors %}{{ a }}", 2, "Unexpected end of template"),
        ("Write.\n\n{{ pasage.text }}", 3, "'pasage' is undefined (did you mean 'passage'?)"),
        ("{{ passage.txt }}", 1, "'passage' has no 'txt' (did you mean 'text'?)"),
        ("{{ axes['styl'] }}", 1, "'axes' has no 'styl' (did you mean 'style'?)"),
        ("{{ passage.text | uper }}", 1, "No filter named 'uper' (did you mean 'upper'?)"),
        ("a\n{{ passage.text + 1 }}", 2, "TypeError: "),
        ("a\n{{ axes.style[7].x }}", 2, "has no element 7"),
        ("{% for key in ['styl'] %}\n{{ axes[key] }}\n{% endfor %}", 2, "did you mean 'style'"),
        ("{# nothing #}\n", 1, "the message of the user comes out empty"),
        ("{% block usr %}{{ passage.text }}{% endblock %}", 1, "'usr' is never sent (did you mean"),
        ("{% block system %}You write.{% endblock %}", 1, "there is no block 'user'"),
        ("{% block user %}a{% endblock %}\n\nBe brief.", 3, "outside of the blocks is never sent"),
        ("{% block user %}a{% endblock %}\n{{ passage.text }}", 2, "outside of the blocks"),
        ("{% include 'memorization/hous.jinja' %}", 1, "there is no memorization/hous.jinja"),
    ],
)
def test_a_fault_is_told_with_file_line_and_nearest_name(
    text: str, line: int, what: str, tmp_path: Path
) -> None:
    path = override(tmp_path, text)
    said = refused(tmp_path)
    assert said.startswith(f"prompts: {path}:{line}: "), said
    assert what in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "text",
    [
        "{% if language == 'eo' %}{{ pasage.text }}{% endif %}a",
        "{% if language == 'eo' %}{{ passage.txt }}{% endif %}a",
        "{% block user %}a{% if axes.query_result == 'ambiguous' %}{{ axes.styl }}{% endif %}"
        "{% endblock %}",
    ],
)
def test_a_fault_on_a_way_that_is_seldom_taken_is_found(text: str, tmp_path: Path) -> None:
    override(tmp_path, text)
    assert "did you mean" in refused(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "{{ passage.title }}: {{ passage.text }}",
        "{% block system %}s{% endblock %}\n{# a comment #}\n{% block user %}u{% endblock %}",
        "{% set passage = {'mine': 1} %}{{ passage.mine }}",
        "{% for axes in [1, 2] %}{{ axes }}{% endfor %}",
        "{% if later is defined %}{{ later }}{% endif %}{{ passage.later | default('none') }}",
        "{{ axes.items() | list | length }} {{ passage.sentence_texts() | first }}",
        "{% macro shown(p) %}{{ p.text }}{% endmacro %}{{ shown(passage) }}",
        "{% include 'memorization/house.jinja' %}",
        "{% extends 'memorization/house.jinja' %}",
    ],
)
def test_what_can_be_rendered_is_let_through(text: str, tmp_path: Path) -> None:
    override(tmp_path, text)
    if "house" in text:
        override(tmp_path, "House style for {{ passage.title }}.", "memorization/house.jinja")
    assert refused(tmp_path) == ""


def test_a_fault_in_what_is_included_is_told_where_it_stands(tmp_path: Path) -> None:
    override(tmp_path, "{% include 'memorization/house.jinja' %}")
    house = override(tmp_path, "a\n{{ passage.titel }}", "memorization/house.jinja")
    assert refused(tmp_path).startswith(f"prompts: {house}:2: 'passage' has no 'titel'")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("memorization/qery.jinja", f"{STEP}.jinja"),
        ("memorisation/query.jinja", f"{STEP}.jinja"),
        ("memorization/query.jinja2", f"{STEP}.jinja"),
        ("memorization/query.txt", f"{STEP}.jinja"),
        ("query.jinja", "query.jinja"),
    ],
)
def test_a_file_that_overrides_nothing_is_refused(name: str, nearest: str, tmp_path: Path) -> None:
    path = override(tmp_path, "Write.", name)
    said = refused(tmp_path)
    assert said.startswith(f"prompts: {path}: it takes the place of no template")
    assert re.search(rf"did you mean '[a-z_/]*{re.escape(nearest)}'", said)


def test_files_that_are_no_templates_of_this_mixture_but_shipped_ones_stay(tmp_path: Path) -> None:
    for name in ("rag/query.jinja", "README.md", ".gitignore", f"{STEP}.jinja~"):
        override(tmp_path, "Write.", name)
    assert refused(tmp_path) == ""


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    first = override(tmp_path, "{{ pasage }}")
    second = override(tmp_path, "{% if %}", "memorization/answer.jinja")
    third = override(tmp_path, "", "memorization/other.jinja")
    said = refused(tmp_path, load_method("memorization").prompts)
    for path, line in zip((second, first), sorted(said.split("\n")), strict=True):
        assert str(path) in line
    override(tmp_path, "Write.", "memorization/answer.jinja")
    assert str(third) in refused(tmp_path, load_method("memorization").prompts)


def test_without_examples_a_template_is_parsed_and_not_tried(tmp_path: Path) -> None:
    override(tmp_path, "{{ whatever }}", "mine/step.jinja")
    assert refused(tmp_path, {"mine/step": ()}) == ""
    override(tmp_path, "{{ whatever", "mine/step.jinja")
    assert "mine/step.jinja:1: " in refused(tmp_path, {"mine/step": ()})


def test_the_hash_follows_what_is_included(tmp_path: Path) -> None:
    override(tmp_path, "{% include 'memorization/house.jinja' %}")
    house = override(tmp_path, "Be brief.", "memorization/house.jinja")
    before = Prompts(tmp_path).sha256(STEP)
    house.write_text("Be long.", encoding="utf-8")
    assert Prompts(tmp_path).sha256(STEP) != before
