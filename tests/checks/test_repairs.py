"""Answers that are nearly JSON: what is mended, and above all what is not."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_synth.checks.instances import parse_instance, read_instance
from beam_synth.checks.repairs import without_turn_ends

SCHEMA = {
    "type": "object",
    "properties": {"query": {"type": "string"}, "focus": {"type": "string"}},
    "required": ["query", "focus"],
    "additionalProperties": False,
}
GOOD = {"query": "Who built it?", "focus": "The {x} of it: a, b."}
TEXT = json.dumps(GOOD)
PRETTY = json.dumps(GOOD, indent=1)
OTHER = json.dumps({"query": "Another?", "focus": "B."})
OPEN = TEXT[:-1]  # lacks its brace


def read(text: str, cut: bool = False) -> dict[str, Any] | None:
    try:
        return read_instance(text, SCHEMA, cut).data
    except ValueError:
        return None


def says(query: str, focus: str = "x") -> dict[str, str]:
    return {"query": query, "focus": focus}


# ---------------------------------------------------------------- what is mended


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        (TEXT, False),
        (f"\n```json\n{PRETTY}\n```\n", False),
        (f"```JSON\n{TEXT}\n```", False),
        (f"Sure! Here it is:\n\n```json\n{PRETTY}\n```\n\nLet me know.", True),
        (f"```javascript\n{TEXT}\n```", True),
        (f"Here you go: {TEXT}\nHope it helps!", True),
        (f"{OPEN},}}", True),
        (f"\ufeff{TEXT}", True),
        (f"{TEXT}<|im_end|>", True),
        (f"{TEXT}</s>\n<|eot_id|>\n", True),
        (f"```json\n{TEXT}\n```<|endoftext|>", True),
        (str(GOOD), True),
        (json.dumps(TEXT), True),  # a string that holds it
        (f"[{TEXT}]", True),
        (OPEN, True),  # its last brace is all that is missing
        (f"{TEXT}\n{TEXT}", True),
        # prose with braces, drafts and examples
        (f"The set {{1, 2}} and {{name}} are meant. {TEXT} I left {{3}} out.", True),
        (f'Not {{"query": "..."}}, that is too short.\n{TEXT}', True),
        (f"For example {OTHER} would do. Now the answer:\n{TEXT}", True),
        (f"An example:\n```json\n{OTHER}\n```\nThe answer:\n```json\n{TEXT}\n```", True),
        (f"```json\n{TEXT}\n```\nNote that {OTHER} would be worse.", True),
        (f'{TEXT}\n{{"note": "an object of another kind"}}', True),
    ],
)
def test_the_object_is_found(text: str, repaired: bool) -> None:
    assert read_instance(text, SCHEMA) == (GOOD, repaired)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"query": "a\nb\tc", "focus": "x"}', says("a\nb\tc")),
        ("{'query': 'it's a \"test\"', 'focus': 'x'}", says('it\'s a "test"')),
        ("{'query': 'it\\'s', 'focus': \"it's\"}", says("it's", "it's")),
        ('{query: "a", focus: "x"}', says("a")),
        ("{“query”: “a”, “focus”: “x”}", says("a")),
        ('{"query": "a" "focus": "x"}', says("a")),
        ('{"query": "Who said "no" first?", "focus": "x"}', says('Who said "no" first?')),
        ('{"query": "<ref name="s">q</ref>", "focus": "x"}', says('<ref name="s">q</ref>')),
        ('{"query": "\\ud83d\\ude00 \\u00e9 \\/", "focus": "x",}', says("\U0001f600 é /")),
        ('{"query": "\\ud83d alone", "focus": "x"}', says("\ufffd alone")),
        ('{"query": "a\\_b", "focus": "x",}', says("a\\_b")),
        ('{"query": "", "focus": "x",}', says("")),
    ],
)
def test_what_it_says_is_kept(text: str, data: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not valid JSON"):
        parse_instance(text, SCHEMA)
    assert read_instance(text, SCHEMA) == (data, True)


def test_words_of_python() -> None:
    properties = {"a": {"type": "null"}, "b": {"type": "boolean"}, "c": {"type": "array"}}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    data = {"a": None, "b": True, "c": [1, -2.5, False]}
    assert read_instance(str(data), schema) == (data, True)


def test_turns_end_with_marks_of_many_models() -> None:
    for mark in ("<|im_end|>", "</s>", "<|eot_id|>", "<end_of_turn>", "<|return|>", "<turn|>",
                 "<｜end▁of▁sentence｜>", "<|END_OF_TURN_TOKEN|>", " </s>\n"):  # fmt: skip
        assert without_turn_ends(f"In 1912.{mark}") == "In 1912."
    for text in ("a <b>", "see [1]", "x </s> y", "a\n"):
        assert without_turn_ends(text) == text


# ---------------------------------------------------------------- what is not


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot.",
        TEXT[:-2],  # cut in its last string
        TEXT[:-12],
        TEXT[: TEXT.index("focus")],
        f"{TEXT[:-12]}}}",  # cut, then closed
        '{"query": "q", "focus": "use {x}',
        '{"query": "q", "focus": "see {"a"}',
        '{"query": "q", "focus": "and so on...',
        '{"query": "q", "focus": }',
        '{"query": "q", "focus": "\\u00e"}',
        # unbalanced quotes: nobody can tell where a string ends
        '{"query": "abc, "focus": "x"}',
        '{"query": abc", "focus": "x"}',
        '{"query": "a 5" pipe", "focus": "x"}',
        '{"query": "a","}',
        "{'query': 'a', 'focus': 'b",
        # content that would be dropped or invented
        '{"query": "a", "query": "b", "focus": "x",}',
        '{"query": "a", // who?\n "focus": "x"}',
        '{"query": "a", "focus": "x" + "y"}',
        '{"query": "a", "focus": "x", ...}',
        '{"query": "a", "focus": ["x", ...]}',
        '{"query": "a", "focus": "x", "more": "y",}',
        '{"query": "a", "focus": "{\\"n\\": \\"1\\""} end of it. {x}",}',
        '{"query": a, "focus": x}',
        # several objects, and no telling which
        f"{TEXT}\n{OTHER}",
        f"{TEXT}{OTHER}",
        f"[{TEXT}, {OTHER}]",
        f"```json\n{TEXT}\n```\n```json\n{OTHER}\n```",
        f"{TEXT}\n{OTHER[:-8]}",
        f'{TEXT}\nOr rather: {{"query": "cut", "foc',
        f'{{"a": {TEXT}}}',
        f'{{"a": {TEXT}, "b": "cut',
        f'{{"draft": "x" y", "inner": {TEXT}, }}',
    ],
)
def test_nothing_is_made_up(text: str) -> None:
    assert read(text) is None


def test_where_strings_of_a_list_end_is_not_guessed() -> None:
    schema = {"type": "object", "properties": {"items": {"type": "array"}}, "required": ["items"]}
    with pytest.raises(ValueError, match="not valid JSON"):
        read_instance('{"items": [""a", "b" and "c""]}', schema)
    assert read_instance('{"items": ["a", "b",]}', schema).data == {"items": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (TEXT, True),
        (f"{TEXT}{' ' * 500}", True),
        (f"{TEXT}\nLet me kn", True),
        (f"```json\n{TEXT}", True),
        (OPEN + "\n" * 3000, True),  # the model wrote blanks up to the limit
        (f"```json\n{OPEN}  ", True),
        (OPEN, False),
        ('{"query": "q", "focus": "He said "', False),
        (f"{TEXT[:-2]}\n\n", False),
        (f"{OPEN},}}", False),  # what has to be guessed is not guessed of a cut answer
        (f'{TEXT}\n{{"query', False),
        ('{"query": "q"   ', False),
    ],
)
def test_an_answer_that_was_cut_off_may_be_whole(text: str, whole: bool) -> None:
    assert read(text, cut=True) == (GOOD if whole else None)


def test_a_number_that_may_go_on_is_not_whole() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    for text in ('{"n": 1', '{"n": 12'):
        with pytest.raises(ValueError, match="not valid JSON"):
            read_instance(text, schema)
    assert read_instance('{"n": 12\n', schema).data == {"n": 12}


@pytest.mark.parametrize(
    "text",
    ['{"a": ' * 15_000, "{" * 90_000, 'the {"a": 1, x} of ' * 5_000, "{'q': '" + "it's " * 9_000,
     '{"query": "' + '"' * 20_000 + '", "focus": "y"}', '{"query": ["' + '"a" ' * 9_000 + "]}",
     '{"query": "' + "\\" * 30_001 + '", "focus": "y"}', OPEN + "," * 50_000 + "}",
     "```json\n" + OPEN + "\n" * 90_000 + "x", "x" * 10**6],
)  # fmt: skip
def test_a_long_text_ends_soon(text: str) -> None:
    began = time.process_time()
    assert read(text) in (None, GOOD)
    assert time.process_time() - began < 5


# ---------------------------------------------------------------- any object, cut anywhere

PIECES = st.sampled_from(
    ["no", 'He said "yes"', "a, b", "{x}", "it's", "é", "“q”", "x: y", "[1]", "line\nbreak",
     "\\alpha", '"', "12", "true", "", '<ref name="s">q</ref>', "}", '{"query": "x"}',
     "```json", "…"]
)  # fmt: skip
TEXTS = st.lists(PIECES, min_size=1, max_size=5).map(" ".join)
OBJECTS = st.one_of(
    st.fixed_dictionaries({"a": TEXTS}),
    st.fixed_dictionaries({"query": TEXTS, "focus": TEXTS}),
    st.fixed_dictionaries({"items": st.lists(TEXTS, min_size=1, max_size=3), "b": st.booleans()}),
    st.fixed_dictionaries({"o": st.fixed_dictionaries({"p": TEXTS}), "n": st.integers(0, 99)}),
)
_WRITTEN = (
    json.dumps,
    lambda data: json.dumps(data, indent=1, ensure_ascii=False),
    lambda data: json.dumps(data)[:-1] + ",}",
    lambda data: f"Here it is:\n```json\n{json.dumps(data)}\n```",
)


def schema_of(data: Any) -> dict[str, Any]:
    kinds = {str: "string", bool: "boolean", int: "integer"}
    if isinstance(data, list):
        return {"type": "array", "items": schema_of(data[0])}
    if not isinstance(data, dict):
        return {"type": kinds[type(data)]}
    properties = {name: schema_of(value) for name, value in data.items()}
    return {"type": "object", "properties": properties, "required": list(properties),
            "additionalProperties": False}  # fmt: skip


@given(
    OBJECTS, st.sampled_from(_WRITTEN), st.floats(0, 1), st.booleans(), st.sampled_from(["", "}"])
)
def test_what_is_cut_is_whole_or_nothing(
    data: dict[str, Any], written: Any, share: float, cut: bool, closed: str
) -> None:
    text = written(data)
    text = text[: int(share * len(text))] + closed
    try:
        found = read_instance(text, schema_of(data), cut).data
    except ValueError:
        return
    # A closed text may be another whole document: a number that lost a digit.
    assert found == data or json.JSONDecoder().raw_decode(text, text.index("{"))[0] == found


@given(OBJECTS)
def test_lost_backslashes_change_nothing(data: dict[str, Any]) -> None:
    text = json.dumps(data).replace('\\"', '"')
    try:
        found = read_instance(text, schema_of(data)).data
    except ValueError:
        return
    assert found == data


@given(OBJECTS, st.sampled_from(_WRITTEN))
def test_what_is_whole_is_read(data: dict[str, Any], written: Any) -> None:
    text = written(data)
    try:
        assert read_instance(text, schema_of(data)).data == data
    except ValueError:  # of a fence within a string it is not sure that it is none
        assert "```" in json.dumps(data)
