"""The report shows samples as they are trained on."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from beam_synth.dataset.report import render

CONTEXT = {"job": {"name": "a"}, "seed": 1, "version": "1", "identity": "0"}
ROW: dict[str, Any] = {
    "synth_id": "ab",
    "exercise": "mcq",
    "language": "en",
    "model": "m",
    "seeds": [{"title": "Mill <b>", "role": "primary"}],
    "query": "Which year?",
    "synthetic_reasoning": "a → b",
    "synthetic_answer": "B) 1912.",
    "messages": [
        {"role": "user", "content": "Which year?\n\nA) 1911\nB) 1912 <script>"},
        {"role": "assistant", "content": "<think>\na → b\n</think>\nB) 1912."},
        {"role": "user", "content": "And then?"},
        {"role": "assistant", "content": "x" * 4000},
    ],
}


def turns(row: dict[str, Any]) -> list[tuple[str, str]]:
    """(role, text) of the turns on the page."""
    page = render(CONTEXT, [], {}, {}, [row])
    assert "<script>" not in page and "<b>" not in page
    found = re.findall(r"<h4>(.*?)</h4><pre>(.*?)</pre>", page, re.S)
    return [(unescape(role), unescape(text)) for role, text in found]


def test_all_turns_are_shown_and_long_ones_are_cut() -> None:
    shown = turns(ROW)
    assert [role for role, _ in shown] == ["user", "assistant", "user", "assistant"]
    assert [text for _, text in shown[:3]] == [m["content"] for m in ROW["messages"][:3]]
    assert shown[3][1] == "x" * 3000 + " … (4,000 characters in all)"


def test_a_row_without_turns_shows_its_texts() -> None:
    row = {**ROW, "messages": [], "synthetic_reasoning": ""}
    assert turns(row) == [("query", "Which year?"), ("synthetic_answer", "B) 1912.")]
