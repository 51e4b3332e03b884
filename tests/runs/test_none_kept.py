"""A model that can do nothing of what a method asks stops its run; it goes on where it is told."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.doubles.endpoints import call, write_job
from tests.servers.fake_openai import Behaviour, FakeOpenAI

NOWHERE = json.dumps({"query": "Who knows?", "focus": "words that stand in no text"})


def test_a_method_that_keeps_none_of_its_first_tasks_stops_the_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with FakeOpenAI(Behaviour(says=lambda prompt: NOWHERE)) as server:
        job = write_job(
            tmp_path,
            server.url,
            mixture={"memorization": 1.0, "rag": 0.0001},
            tasks={"limit": 60},
            generate={"none_kept": 12, "window": 2},
        )
        code, _, told = call("run", job, "--output", run)
        assert code == 3, told
        assert "memorization: none of its first 12 tasks was kept, 12 for focus_not_span" in told
        assert "--keep-going" in told and f"beam-synth resume {run}" in told
        first = len(server.heard)
        assert 24 <= first <= 40  # each answer went back once
        code, text, _ = call("status", run)
        assert code == 0 and "stopped: memorization: none" in text
        spent = int(re.search(r"spent: (\d+) calls", text).group(1))  # type: ignore[union-attr]
        assert 24 <= spent <= first  # the endpoint was asked a few things before the run, too
        code, _, told = call("resume", run, "--keep-going")
        assert code == 1 and "none_kept" not in told  # it ends, and holds no record
        assert len(server.heard) > 110
    code, text, _ = call("status", run)
    assert code == 0 and ": finished without a record" in text.splitlines()[0]
    assert "60 focus_not_span: what should be copied" in " ".join(text.split())
