"""Thinking models: what they write before their answer is not part of it.

Marks as in the public documentation of the models and of servers' parsers of reasoning (vLLM,
SGLang, llama.cpp): DeepSeek, Qwen, GLM, MiniMax and many others (`<think>`), Magistral, Kimi-VL,
Seed-OSS, LongCat, Command A, EXAONE Deep and Gemini (`<thought>`), OpenThinker, Apertus, MedGemma,
Gemma 4, gpt-oss (harmony), Granite 3.2 (a sentence).
"""

from __future__ import annotations

import re
from typing import NamedTuple

import orjson


class Parted(NamedTuple):
    """A text, parted into what was thought and what is answered."""

    reasoning: str
    answer: str
    cut: bool = False  # whether the reasoning never ended, so that there is no answer


# (start, end) of what is thought. What the prompt itself may have started has its end alone.
_PAIRS = (
    ("<think>", "</think>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<seed:think>", "</seed:think>"),
    ("<longcat_think>", "</longcat_think>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|inner_prefix|>", "<|inner_suffix|>"),
    ("<|channel>thought", "<channel|>"),
)
# These count where a text begins with them, and nowhere else: most are ordinary words too.
_FIRST_PAIRS = (
    ("<unused94>thought", "<unused95>"),
    *((f"<{word}>", f"</{word}>") for word in ("thinking", "thought", "thoughts", "reasoning")),
)
# What an answer may be wrapped in after what was thought.
_WRAPS = (
    ("<answer>", "</answer>"),
    ("<response>", "</response>"),
    ("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
    ("<|begin_of_solution|>", "<|end_of_solution|>"),
    ("<|begin_of_box|>", "<|end_of_box|>"),
)
# harmony; servers that leave special tokens out leave the words of its marks.
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>")
_CHANNEL_END = re.compile(r"<\|(?:end|return|call|start)\|>|<\|channel\|>")
_BARE = re.compile(r"(?s)(analysis.*?)?(?:assistant)?(?:commentary.*?)?assistantfinal(.*)")
_GRANITE = re.compile(
    r"(?s)(?:Here's|Here is) my thought process:(.*?)(?:(?:Here's|Here is) my response:(.*)|\Z)"
)
_STARTS = (
    *(start for start, _ in (*_PAIRS, *_FIRST_PAIRS)),
    *(start for start, _ in _WRAPS if start.startswith("<|")),
    *("<|channel|>", "<|start|>", "<|message|>", "analysis", "assistantfinal", "Here's my thought"),
    "Here is my thought",
)
_FIRST = {start[0] for start in _STARTS}


def split_reasoning(text: str) -> Parted:
    """What a model thought and what it answers, of a text that may hold both.

    The prompt itself may have opened the block, so that only its end is there; a block that never
    ends was cut, and there is no answer. JSON is one answer, whatever its strings hold.

    >>> split_reasoning("<think>\\nTwo and two.\\n</think>\\n\\n4")
    Parted(reasoning='Two and two.', answer='4', cut=False)
    >>> split_reasoning("Two and two.[/THINK]4").answer, split_reasoning("<think>Two and")
    ('4', Parted(reasoning='Two and', answer='', cut=True))
    >>> split_reasoning("4 <think> and so on").answer
    '4 <think> and so on'
    """
    if not may_hold_reasoning(text) or (not _begins(text) and _is_json(text)):
        return Parted("", text)
    return _parted(text.lstrip(), text)


def may_hold_reasoning(text: str) -> bool:
    """Whether a text has to be parted at all; quick, since it is asked of every answer."""
    if _begins(text):
        return True
    # A single character is found ten times as fast as a longer mark.
    return (
        ("<" in text and "think>" in text)
        or ("|" in text and "|>" in text)
        or ("[" in text and "[/THINK]" in text)
        or "\u25b7" in text
    )


def _begins(text: str) -> bool:
    begun = text if text[:1] > " " else text.lstrip()
    return begun[:1] in _FIRST and begun.startswith(_STARTS)


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _parted(begun: str, text: str) -> Parted:
    if "<|channel|>" in begun or begun.startswith(("<|start|>", "<|message|>")):
        return _by_channels(begun)
    if begun.startswith(("analysis", "assistantfinal")):
        return _by_bare_channels(begun, text)
    if granite := _GRANITE.match(begun):
        answer = granite[2]
        return Parted(granite[1].strip(), (answer or "").lstrip(), cut=answer is None)
    return _by_pairs(begun, text)


def _by_pairs(begun: str, text: str) -> Parted:
    thoughts: list[str] = []
    rest = begun
    while pair := _pair_at(rest):
        inner = rest.removeprefix(pair[0])
        thought, end, after = inner.partition(pair[1])
        thoughts.append(thought.strip())
        if not end:
            return Parted(_joined(thoughts), "", cut=True)
        rest = after.lstrip()
    if may_hold_reasoning(rest) and not _is_json(rest):
        more, rest = _without_ends(rest)
        thoughts += more
    rest = _unwrapped(rest, bool(thoughts))
    return Parted(_joined(thoughts), text if rest == begun else rest)


def _pair_at(text: str) -> tuple[str, str] | None:
    return next((pair for pair in (*_PAIRS, *_FIRST_PAIRS) if text.startswith(pair[0])), None)


def _without_ends(text: str) -> tuple[list[str], str]:
    """What stands before the last end that has no start, and whole blocks within a text."""
    thoughts: list[str] = []
    for start, end in _PAIRS:
        if end not in text:
            continue
        before, _, after = text.rpartition(end)
        if start not in before:
            thoughts.append(before.replace(end, "").strip())
            text = after.lstrip()
        elif not text.startswith("{"):
            block = re.compile(f"(?s){re.escape(start)}(.*?){re.escape(end)}")
            thoughts += [thought.strip() for thought in block.findall(text)]
            text = block.sub("", text).strip()
    return thoughts, text


def _unwrapped(text: str, thought: bool) -> str:
    """The answer without what wraps it; words in angle brackets do only after a thought."""
    for start, end in _WRAPS:
        if text.startswith(start) and (thought or start.startswith("<|")):
            return text.removeprefix(start).rstrip().removesuffix(end).strip()
    return text


def _by_channels(text: str) -> Parted:
    """Harmony: the channel `final` is the answer, the others are not."""
    said: dict[bool, list[str]] = {True: [], False: []}
    marks = list(_CHANNEL.finditer(text))
    opened = text[: marks[0].start()] if marks else text.removeprefix("<|start|>assistant")
    opened = _CHANNEL_END.split(opened.removeprefix("<|message|>"))[0]
    if marks and opened.strip():  # the prompt had opened the first channel
        said[False].append(opened.strip())
    for mark in marks:
        body = _CHANNEL_END.split(text[mark.end() :], maxsplit=1)[0]
        said[mark[1] == "final"].append(body.strip())
    if not marks:  # no channel is named
        return Parted("", opened.strip())
    return Parted(_joined(said[False]), "\n".join(said[True]), cut=not said[True])


def _by_bare_channels(begun: str, text: str) -> Parted:
    """Harmony whose marks were left out, `analysisTwo and two.assistantfinal4`."""
    if bare := _BARE.match(begun):
        return Parted((bare[1] or "").removeprefix("analysis").strip(), bare[2].lstrip())
    if re.match("analysis[A-Z]", begun):
        return Parted(begun.removeprefix("analysis"), "", cut=True)
    return Parted("", text)


def _joined(thoughts: list[str]) -> str:
    return "\n\n".join(thought for thought in thoughts if thought)
