"""One recorded answer and what the checks of today make of it.

The exchange is rebuilt from the texts that stand in the recorded messages, not from a run: prompts
may change, what a passage, a query and an answer are does not.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import orjson

ACCEPTED, REJECTED, SENT_BACK, NOT_REACHED = "accepted", "rejected", "sent back", "not reached"


@dataclass(frozen=True)
class RecordedAnswer:
    """A line of the file."""

    set: str  # good, bad or probe
    method: str
    step: str
    key: str
    system: str  # what the messages of this role say, joined by blank lines
    user: str
    answer: str  # as it came
    verdict: str  # in words, by who wrote it; of the outcome at that time

    @property
    def counted(self) -> bool:
        """Whether it enters the rates: not what its writer calls a mistake or never reached."""
        mistaken = self.verdict.startswith(("right: my mistake", "not reached"))
        return self.set in ("good", "bad") and not mistaken


class Judged(NamedTuple):
    """What today's checks make of an answer."""

    outcome: str  # ACCEPTED, REJECTED, SENT_BACK or NOT_REACHED
    reason: str = ""  # of the check that fails
    detail: str = ""


Judge = Callable[[RecordedAnswer], Judged]


def recorded_answers(path: Path) -> Iterator[RecordedAnswer]:
    """The answers of a .jsonl or .jsonl.gz file.

    Raises ValueError with file and line where a line is no such answer.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as handle:
        for number, line in enumerate(handle, 1):
            if line.strip():
                try:
                    yield _answer(orjson.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    raise ValueError(f"{path}:{number}: no recorded answer: {error!r}") from error


def _answer(found: dict[str, object]) -> RecordedAnswer:
    messages = found["messages"]
    if not isinstance(messages, list):
        raise ValueError("messages is no list")
    said = {
        role: "\n\n".join(one["content"] for one in messages if one["role"] == role)
        for role in ("system", "user")
    }
    answer = found["answer"]
    text = answer if isinstance(answer, str) else orjson.dumps(answer).decode()
    kind, method, step, key = (str(found[name]) for name in ("set", "method", "step", "key"))
    verdict = str(found["verdict"])
    return RecordedAnswer(kind, method, step, key, said["system"], said["user"], text, verdict)


def line_of(text: str, label: str) -> str:
    """What follows `label:` on the first line that begins with it; "" where none does.

    >>> line_of("Article: Apollo\\nSection: Arts", "Section")
    'Arts'
    """
    found = re.search(rf"^{re.escape(label)}:[ \t]*(.*)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


class Block(NamedTuple):
    """A text that stands between tags, with their attributes."""

    attributes: dict[str, str]
    text: str


def blocks_of(text: str, tag: str) -> list[Block]:
    """The blocks between `<tag …>` and `</tag>`, in order.

    >>> blocks_of('<near title="Pan">\\nA god.\\n</near>', "near")
    [Block(attributes={'title': 'Pan'}, text='A god.')]
    """
    pattern = rf"<{re.escape(tag)}((?:\s+\w+=\"[^\"\n]*\")*)\s*>\n?(.*?)\n?</{re.escape(tag)}>"
    return [
        Block(dict(re.findall(r"(\w+)=\"([^\"]*)\"", found[1])), found[2])
        for found in re.finditer(pattern, text, re.DOTALL)
    ]
