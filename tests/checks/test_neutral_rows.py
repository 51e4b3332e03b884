"""No text of a row holds a control token, and the row tells of those that stand there neutral."""

from __future__ import annotations

from typing import Any

from beam_synth.checks.neutral_rows import held_tokens, neutral_columns, tokens_note

SAID = "<think>\na → b\n</think>\nIt is b."


def own(**changes: Any) -> dict[str, Any]:
    turns = [{"role": "user", "content": "What?"}, {"role": "assistant", "content": SAID}]
    return {"query": "What?", "answer": "It is b.", "words": 3, "messages": turns, **changes}


def test_a_row_without_control_tokens_stays_itself() -> None:
    row = own(query="Is a<b, <div> or array[3] right?")
    assert neutral_columns(row) is row
    assert tokens_note(row) is None
    assert held_tokens(row) == []


def test_control_tokens_of_a_row_become_neutral_wherever_they_stand() -> None:
    turns = [{"role": "assistant", "content": f"{SAID}<|im_end|>"}]
    row = own(answer="[INST] b</s>", messages=turns)
    assert held_tokens(row) == ["answer", "messages"]
    changed = neutral_columns(row)
    assert changed["answer"] == "⟦INST⟧ b‹/s›"
    assert changed["messages"][0]["content"] == f"{SAID}‹|im_end|›"
    assert held_tokens(changed) == []
    note = tokens_note(changed)
    assert note is not None
    assert note.record() == {
        "name": "control_tokens",
        "kind": "source",
        "passed": True,
        "score": 1.0,
        "detail": "neutral: ‹/s› (1), ‹|im_end|› (1), ⟦INST⟧ (1)",
    }
