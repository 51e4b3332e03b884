"""Whether a trace weighs lettered options, and leads to the one that it concludes with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from beam_synth.methods.mcq.choice import LETTERS, Choice
from beam_synth.text.overlap import plain_words

_STEM = 5  # letters in which two forms of a word agree
_NAMED = re.compile(r"(?<![\w(])([A-D])(?=[),:.]|\s[→:=–-]| and | or |$)", re.MULTILINE)
_LINE = re.compile(r"^[\W_]*([A-D])\)\s")
_FOR = re.compile(
    r"(?<![\w(])([A-D])\)?(?: [\w%.,°²³/-]+){0,6}? (?:(?:is|must be|has to be) (?:the )?"
    r"(?:right|correct|only (?:one|option)|answer)|fits (?:exactly|best|perfectly)|settled)\b"
)
_SPEAKS_FOR = re.compile(
    r"\b(?:everything|all) (?:speaks|points) (?:for|to)\b"
    r"|(?:[,:→]|\band) (?:very |most |quite )?(?:likely|surely|certainly|the right one|this is it|"
    r"settled|fits(?: well| best| exactly| perfectly)?)\W*$",
    re.IGNORECASE,
)
# Right behind the option, so that it is said of this one.
_AGAINST = re.compile(
    r"^[\W_]*[A-D]\)[^→:]*[→:]\s*(?:is |was |it )?(?:far |much )?(?:"
    r"too (?:early|late|small|large|big|old|young|high|low|few|many|short|long)|wrong|excluded|"
    r"falls? out|drops? out|ruled out|contradict\w*|unlikely|does not fit|did not exist|cannot be|"
    r"out of the question|impossible|never existed|not possible)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:no|not|never|nothing|only|out|wrong|too|unlike|but|without|other|another|later|earlier|"
    r"different|elsewhere|belongs?|separate|unrelated|mere|mixed|confus\w*|instead|rather|fails?|excluded|false|neither|nor|yet|cannot|falls?|just|tempting|trap)\b|[?⚠]",
    re.IGNORECASE,
)


def decided_for(trace: str, key: str) -> Iterator[str]:
    """In words, where the trace decides for another letter than the key, or against the key, and
    does not go back on it.

    >>> list(decided_for("A) 12 is right\\nsum: 8\\n∴ C) 8", "C"))
    ["it decides for A: 'A) 12 is right'"]
    >>> list(decided_for("A) 12 is right\\n↺ that is the sum\\n∴ C) 8", "C"))
    []
    """
    lines = [line.strip() for line in trace.split("\n") if line.strip()]
    for i, line in enumerate(lines):
        if any(mark in later for later in lines[i:] for mark in ("↺", "⚠")) or "∴" in line:
            continue
        led = _LINE.match(line)
        named = {found[1] for found in _FOR.finditer(line)} - {key}
        if led and led[1] != key and (_SPEAKS_FOR.search(line) or "※" in line or "●" in line):
            named.add(led[1])
        if named and not _NO.search(line):
            yield f"it decides for {min(named)}: {line[:60]!r}"
        if led and led[1] == key and _AGAINST.search(line):
            yield f"it speaks against the key: {line[:60]!r}"


def options_weighed(choice: Choice) -> int:
    """How many of the wrong options the trace speaks of before it concludes, by their letters or by
    words that neither question nor key has."""
    trace = choice.exchange.reasoning.rpartition("∴")[0]
    said, letters = _stems(trace), {found[1] for found in _NAMED.finditer(trace)}
    asked = _stems(f"{choice.exchange.query} {choice.right}")
    return sum(
        letter in letters or not said.isdisjoint(_stems(option, least=2) - asked)
        for letter, option in zip(LETTERS, choice.options, strict=False)
        if option in choice.wrong
    )


def _stems(text: str, least: int = 1) -> set[str]:
    """Beginnings of the words of at least `least` letters."""
    return {word[:_STEM] for word in plain_words(text) if len(word) >= least}
