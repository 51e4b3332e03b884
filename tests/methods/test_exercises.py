"""Every exercise through a chat endpoint: what it says well passes, what it spoils is a reject with
the right reason."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from beam_synth.generation.outcomes import Finished
from beam_synth.methods import SHIPPED, RecordSeed, Seed, load_method
from tests.doubles import scripts
from tests.doubles.scripts import Recorder

FRENCH = (
    "Le château fut construit au bord de la rivière par les habitants de la ville voisine, qui "
    "voulaient protéger leurs récoltes pendant les longs hivers et les années de guerre."
)
BY_RULES = sorted(set(SHIPPED) - scripts.BY_MODELS_ALONE)
NOTHING = '{"reasoning": "asked: a text → nothing comes ?", "answer": "Nothing."}'
Data = dict[str, Any]


@functools.cache
def recorded(method: str, language: str = "en") -> tuple[Recorder, list[Seed], list[Finished]]:
    """The rules' tasks that gave a sample in one go, with what was asked and said."""
    recorder = Recorder()
    if load_method(method).starts_from.is_made:
        parents = [o for m in ("memorization", "mcq") for o in recorded(m, language)[2][:8]]
        seeds = scripts.following(row for item in parents for row in item.outcome.records)
    else:
        # Rules often have nothing of the type that is drawn first.
        seeds = scripts.seeds(method, scripts.passages(language, 60), 4.0)
    ended = recorder.run(seeds)
    good = [
        (seed, item)
        for seed, item in zip(seeds, ended, strict=True)
        if item.outcome.kind == "made" and seed.task.task_id not in recorder.cut
    ]
    assert len(good) >= 5, [e.outcome.detail for e in ended]
    return recorder, [seed for seed, _ in good], [item for _, item in good]


@pytest.mark.parametrize("language", ["en", "fr", "de"])
@pytest.mark.parametrize("method", BY_RULES)
def test_what_is_said_well_gives_the_same_rows(method: str, language: str) -> None:
    recorder, seeds, ended = recorded(method, language)
    found = scripts.ask(recorder.answering(), seeds[:12])
    own = ("model", "models")  # columns that name who wrote it
    for item, as_by_rules in zip(found, ended[:12], strict=True):
        assert item.outcome.kind == "made", item.outcome
        for row, other in zip(item.outcome.records, as_by_rules.outcome.records, strict=True):
            assert {k: v for k, v in row.items() if k not in own} == {
                k: v for k, v in other.items() if k not in own
            }
            assert row["model"] == "rule:fake-model"


def in_french(name: str) -> Any:
    return lambda data, variables: {**data, name: FRENCH}


def answer_number(data: Data, variables: Mapping[str, Any]) -> Data:
    """Every number of the answer is another one."""
    return {**data, "answer": re.sub(r"\d+", lambda m: str(int(m.group()) + 3), data["answer"])}


def query_number(data: Data, variables: Mapping[str, Any]) -> Data:
    return {**data, "query": re.sub(r"\d+", lambda m: str(int(m.group()) + 3), data["query"])}


def other_letter(data: Data, variables: Mapping[str, Any]) -> Data:
    """The answer names another option's letter."""
    shifted = re.sub(
        r"\b([A-D])\b", lambda m: "BCDA"["ABCD".index(m.group())], data["answer"], count=1
    )
    assert shifted != data["answer"]
    return {**data, "answer": shifted}


def nothing_corrected(data: Data, variables: Mapping[str, Any]) -> Data:
    return {**data, "answer": variables["text"]}


def not_offered(data: Data, variables: Mapping[str, Any]) -> Data:
    return {**data, "chosen_task": "compose"}


def quotation_altered(data: Data, variables: Mapping[str, Any]) -> Data:
    return {**data, "answer": re.sub(r"(<ref[^>]*>)(\w)", r"\1Zz\2", data["answer"])}


def one_word(data: Data, variables: Mapping[str, Any]) -> Data:
    return {**data, "answer": "Nothing."}


def first_query_again(data: Data, variables: Mapping[str, Any]) -> Data:
    return {**data, "query": variables["messages"][0]["content"]}


SPOILED = [
    ("memorization", "memorization/query", in_french("query"), {"query_language"}),
    ("memorization", "memorization/answer", in_french("answer"), {"answer_language"}),
    ("memorization", "memorization/answer", in_french("reasoning"), {"trace_grammar"}),
    ("rag", "rag/answer", quotation_altered, {"citation_not_quoted"}),
    ("rag", "rag/query", in_french("query"), {"query_language"}),
    ("mcq", "mcq/answer", other_letter, {"mcq_key"}),
    ("mcq", "mcq/query", in_french("question"), {"query_language"}),
    ("arithmetic", "arithmetic/query", query_number, {"query_changes_problem"}),
    ("arithmetic", "arithmetic/query", in_french("query"), {"query_changes_problem"}),
    ("arithmetic", "arithmetic/answer", answer_number, {"answer_wrong"}),
    ("math_mcq", "arithmetic/choose", other_letter, {"answer_wrong"}),
    ("editing", "editing/choose", not_offered, {"edit_not_offered", "malformed_answer"}),
    ("editing", "editing/perform", in_french("answer"), {"answer_language", "edit_not_done",
     "edit_incomplete", "edit_loses_facts", "extract_schema", "edit_elsewhere"}),
    ("creative_writing", "creative_writing/write", one_word, {"constraint_violated"}),
    ("creative_writing", "creative_writing/query", in_french("query"), {"query_language",
     "query_misses_constraint"}),
    ("constrained_writing", "constrained_writing/write", one_word, {"constraint_violated"}),
    ("multi_turn", "multi_turn/query", first_query_again, {"turn_repeats"}),
    ("multi_turn", "multi_turn/query", in_french("query"), {"query_language", "turn_unlinked"}),
    # A trace may count what the answer had.
    ("multi_turn", "multi_turn/answer", in_french("answer"),
     {"answer_language", "trace_unsupported"}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "template", "spoil", "reasons"), SPOILED)
def test_what_is_spoiled_is_a_reject_with_its_reason(
    method: str, template: str, spoil: Any, reasons: set[str]
) -> None:
    recorder, seeds, _ = recorded(method)
    assert template in {asked for asked, _, _ in recorder.said.values()}
    found = scripts.ask(recorder.answering(template, spoil, NOTHING), seeds[:8])
    # An answer that cites nothing has no quotation to alter.
    whole = [
        item
        for item in found
        if spoil is quotation_altered
        and all("<ref" not in row["synthetic_answer"] for row in item.outcome.records)
        and item.outcome.kind == "made"
    ]
    assert len(whole) < 4
    for item in found:
        if item not in whole:
            assert item.outcome.kind == "rejected", item.outcome.records
            assert item.outcome.reason in reasons, (item.outcome.reason, item.outcome.detail)


@pytest.mark.parametrize(
    ("method", "template"),
    sorted({(m, t) for m in BY_RULES for t in load_method(m).prompts if "/revise" not in t}),
)
def test_what_is_no_json_is_malformed(method: str, template: str) -> None:
    recorder, seeds, _ = recorded(method)
    behaviour = recorder.answering(template, lambda data, variables: "I would rather not.")
    for item in scripts.ask(behaviour, seeds[:4]):
        assert item.outcome.kind == "rejected"
        assert item.outcome.reason == "malformed_answer", item.outcome.detail
        assert item.outcome.raw == "I would rather not."


def test_an_edit_that_corrects_nothing_is_incomplete() -> None:
    recorder, seeds, ended = recorded("editing")
    chosen = [
        seed
        for seed, item in zip(seeds, ended, strict=True)
        if '"chosen_task":"correct"' in item.outcome.records[0]["constraints"]
    ]
    assert chosen
    for item in scripts.ask(recorder.answering("editing/perform", nothing_corrected), chosen[:4]):
        assert item.outcome.reason == "edit_incomplete", item.outcome.detail


def test_a_draft_that_breaks_a_constraint_is_revised() -> None:
    """Three times at most; a revision that keeps them is taken."""
    recorder, seeds, _ = recorded("constrained_writing")
    drafts = {prompt: said for prompt, said in recorder.said.items() if "/write" in said[0]}
    good = {said[2]["query"]: said[1] for said in drafts.values()}
    asked: list[str] = []

    def says(prompt: str) -> str | None:
        if prompt in recorder.said and prompt not in drafts:
            return recorder.answering().says(prompt)
        asked.append(prompt)
        if prompt in drafts:
            return NOTHING
        query = next(query for query in good if query in prompt)
        return orjson.dumps(good[query]).decode()

    behaviour = recorder.answering()
    behaviour.says = says
    found = scripts.ask(behaviour, seeds[:5])
    assert all(item.outcome.kind == "made" for item in found), [i.outcome.detail for i in found]
    assert len(asked) == 10
    assert all(len(item.outcome.steps) == 3 for item in found)


def test_a_language_without_rules_is_a_reject() -> None:
    """Only its rules: a model may know the language."""
    recorder, seeds, _ = recorded("memorization")
    swahili = [
        dataclasses.replace(seed, task=dataclasses.replace(seed.task, language="sw"))
        for seed in seeds[:3]
    ]
    for item in recorder.run(swahili):
        assert (item.outcome.kind, item.outcome.reason) == ("rejected", "unsupported_language")


def test_a_conversation_that_does_not_fit_is_told_briefly() -> None:
    """Without the sources and traces of earlier turns; the row keeps them."""
    recorder, seeds, _ = recorded("multi_turn")
    (longest, *_) = sorted(
        (seed for seed in seeds if isinstance(seed, RecordSeed)),
        key=lambda seed: -len(seed.record["messages"][1]["content"]),
    )
    asked: list[str] = []

    def says(prompt: str) -> str:
        asked.append(prompt)
        return "not JSON"

    behaviour = recorder.answering()
    behaviour.says = says
    scripts.ask(behaviour, [longest])
    words = len(asked[0].split())
    behaviour.context = words - 1
    asked.clear()
    (item,) = scripts.ask(behaviour, [longest])
    assert item.outcome.reason == "malformed_answer"  # and not context_too_long
    assert len(asked) == 3
    assert "<think>\n" not in asked[0].rpartition("The conversation so far")[2]
