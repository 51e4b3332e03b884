"""Whole runs against an endpoint whose answers are oddly written, cut, or damaged at random."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from beam_synth.drawing import Draw
from beam_synth.generation import roles
from beam_synth.generation.calls import Policy
from beam_synth.generation.worker import Runtime
from beam_synth.job.schema import Model
from tests.doubles import programs
from tests.doubles.endpoints import call, generation, stage, write_job
from tests.servers.fake_openai import Behaviour, FakeOpenAI

Document = dict[str, Any]
Dress = Callable[[str, Draw], dict[str, Any]]  # a good answer -> fields of its choice


def sending(dress: Dress) -> Callable[[Document, Draw], bytes]:
    """Answers whose choice is dressed; `content` of a dress is short for its message."""

    def send(document: Document, draw: Draw) -> bytes:
        (choice,) = document["choices"]
        fields = dress(choice["message"]["content"], draw)
        if "content" in fields:
            fields["message"] = {"role": "assistant", "content": fields.pop("content")}
        document["choices"] = [{**choice, **fields}]
        document["usage"]["completion_tokens"] = 40
        document["usage"]["total_tokens"] = document["usage"]["prompt_tokens"] + 40
        return json.dumps(document).encode()

    return send


def run_of(tmp_path: Path, dress: Dress, **keys: Any) -> tuple[dict[str, Any], dict[str, Any], int]:
    """(the account of generation, what metrics.json says of it, requests) of a small run."""
    with FakeOpenAI(Behaviour(sends=sending(dress))) as server:
        job = write_job(tmp_path, server.url, tasks={"limit": 30}, **keys)
        code, _, errors = call("run", job, "--output", tmp_path / "run", "--quiet")
        assert code == 0, errors[-2000:]
        figures = generation(tmp_path / "run")["total"]
        return stage(tmp_path / "run"), figures, server.stats["requests"]


# ---------------------------------------------------------------- well meant, oddly written


def thinking(text: str, draw: Draw) -> dict[str, Any]:
    notes = 'They want an object. A draft: {"query": "..."} is too short.\n'
    harmony = f"<|channel|>analysis<|message|>{notes}<|end|><|start|>assistant<|channel|>final"
    return draw.choice(
        [
            {"content": f"<think>\n{notes}</think>\n\n{text}"},
            {"content": f"{notes}</think>\n\n{text}"},
            {"content": f"[THINK]{notes}[/THINK]{text}"},
            {"content": f"{harmony}<|message|>{text}<|return|>"},
            {"content": [{"type": "thinking", "thinking": notes}, {"type": "text", "text": text}]},
            {"message": {"content": text, "reasoning_content": notes}},
        ]
    )


def almost_json(text: str, draw: Draw) -> dict[str, Any]:
    pretty = json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    said = [
        f"Sure! Here it is:\n\n```json\n{pretty}\n```\n\nLet me know.",
        f"Here you go: {text}\nHope it helps!",
        f"{text[:-1]},}}",
        text.replace("\\n", "\n"),
        f"\ufeff{text}",
        f"{text}<|im_end|>",
        str(json.loads(text)),
    ]
    return {"content": draw.choice(said)}


def test_what_is_thought_costs_no_row(tmp_path: Path) -> None:
    account, figures, requests = run_of(tmp_path, thinking)
    assert account["rejected"] == account["failed_by"] == {} and account["passed"] == 30
    assert requests == figures["calls"] == 60
    assert figures["sent_back"] == figures["repaired"] == figures["cut_off"] == 0
    assert 0 < figures["reasoning_tokens"] < figures["completion_tokens"]


def test_what_is_almost_json_is_sent_back_by_nobody(tmp_path: Path) -> None:
    account, figures, requests = run_of(tmp_path, almost_json)
    assert account["rejected"] == account["failed_by"] == {} and account["passed"] == 30
    assert requests == 60 and figures["sent_back"] == 0 < figures["repaired"]


@pytest.mark.parametrize("again", [True, False])
def test_cut_answers_are_told_apart(tmp_path: Path, again: bool) -> None:
    def cut(text: str, draw: Draw) -> dict[str, Any]:
        message: dict[str, Any] = {"content": None, "reasoning_content": "Hm. " * 400}
        ways: list[dict[str, Any]] = [
            {"message": message},
            {"content": text[: len(text) // 2]},
            {"content": text[:-1] + "\n" * 3000},  # whole, but for a brace that blanks took
        ]
        return {"finish_reason": "length", **ways[min(draw.below(9), 2)]}

    account, figures, requests = run_of(tmp_path, cut, generate={"retry_cut": again})
    assert set(account["rejected"]) == {"cut_off"} and account["failed_by"] == {}
    assert account["passed"] + account["rejected"]["cut_off"] == 30 and account["passed"] > 5
    assert requests == figures["calls"] and figures["sent_back"] == 0 < figures["cut_off"]
    details = [json.loads(line)["detail"] for line in
               (tmp_path / "run/rejects/generate.jsonl").read_text().splitlines()]  # fmt: skip
    needed = [re.search(r"more than ([\d,]+) are needed", detail) for detail in details]
    limits = {int(found[1].replace(",", "")) for found in needed if found}
    # What was drawn for the step, or twice as much.
    assert all(needed) and all(n % (512 if again else 256) == 0 for n in limits)
    assert any("what was thought took all of them" in detail for detail in details)


def test_an_upstream_fault_with_status_200_is_tried_again(tmp_path: Path) -> None:
    def faulty(document: Document, draw: Draw) -> bytes:
        errors = [
            {"error": {"message": "Provider returned error", "code": 502}},
            {"choices": [{"finish_reason": "error", "message": {"content": ""},
                          "error": {"code": 429, "message": "rate-limited upstream"}}]},
        ]  # fmt: skip
        at = draw.below(6)
        return json.dumps(errors[at] if at < len(errors) else document).encode()

    with FakeOpenAI(Behaviour(sends=faulty)) as server:
        job = write_job(tmp_path, server.url, tasks={"limit": 30})
        code, _, errors = call("run", job, "--output", tmp_path / "run", "--quiet")
    assert code == 0, errors[-2000:]
    assert stage(tmp_path / "run")["passed"] == 30
    assert generation(tmp_path / "run")["total"]["retries"] > 0


# ---------------------------------------------------------------- damaged at random

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 2**70, float("nan"), "", "x", "\ud800", "<think>", "length", "error",
    "content_filter", [], {}, [1], {"a": 1}, [None], {"type": "text", "text": "t"},
    [{"type": "refusal", "refusal": "no"}], {"message": "busy", "code": 503}, "9" * 5000,
)  # fmt: skip
FIELDS = ("error", "text", "delta", "reasoning", "refusal", "logprobs", "token_ids", "detail")
REASONS = {"malformed_answer", "cut_off", "content_refused", "context_too_long"}


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all parts of a document."""
    yield at
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts if isinstance(value, dict | list) else ():
        yield from places(part, (*at, key))


def mutated(document: Document, draw: Draw) -> bytes:
    """A body with one to three changes of its structure, or of its bytes."""
    document = copy.deepcopy(document)
    if draw.below(2):
        for _ in range(1 + draw.below(3)):
            *way, last = draw.choice([place for place in places(document) if place])
            holder: Any = document
            for key in way:
                holder = holder[key]
            change = draw.below(3)
            if change == 0:
                del holder[last]
            elif change == 1 and isinstance(holder, dict):
                holder[draw.choice(FIELDS)] = copy.copy(draw.choice(ODD))
            else:
                holder[last] = copy.copy(draw.choice(ODD))
        return json.dumps(document).encode()
    body = bytearray(json.dumps(document, ensure_ascii=bool(draw.below(2))).encode())
    for _ in range(1 + draw.below(4)):
        at = draw.below(len(body))
        change = draw.below(4)
        if change == 0:
            body[at] = draw.below(256)
        elif change == 1:
            del body[at]
        elif change == 2:
            body[at:at] = bytes([draw.below(256)])
        elif len(body) > 9:
            del body[max(9, at) :]
    return bytes(body)


def test_whatever_comes_each_task_ends_in_one_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: Counter[str] = Counter()

    def send(document: Document, draw: Draw) -> bytes:
        if draw.below(3) == 0:
            return json.dumps(document).encode()
        sent["mutated"] += 1
        return mutated(document, draw)

    monkeypatch.setattr(roles, "Prompts", programs.FakePrompts)
    found = programs.passages(450)
    programs.write_run(tmp_path, found)
    tasks = programs.tasks_of(found, "two_calls")
    with FakeOpenAI(Behaviour(sends=send)) as server:
        model = Model(engine="openai", model="fake-model", base_url=server.url)
        config = programs.config_of(
            model, run=str(tmp_path), passage_buckets=programs.PASSAGE_BUCKETS
        )
        runtime = Runtime(config, Policy(max_attempts=25, backoff=0.001, backoff_cap=0.001))
        result = runtime.process(tasks)
        runtime.close()
    assert sent["mutated"] >= 1000
    sums: Counter[str] = Counter()
    for (_, kind, reason), n in result.counts:
        sums[kind] += n
        assert kind != "rejected" or reason in REASONS, reason
        assert kind != "failed" or reason == "engine_error", reason
    assert sums["in"] == len(tasks) == sums["passed"] + sums["rejected"] + sums["failed"]
    assert sums["passed"] > len(tasks) // 2 and sums["unfinished"] == 0
    ids: Counter[str] = Counter()
    for path in tmp_path.glob("_completed/*/*.parquet"):
        ids.update(pq.read_table(path, columns=["task_id"])["task_id"].to_pylist())
    assert ids == Counter(task.task_id for task in tasks)
