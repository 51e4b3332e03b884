"""How long a trace is, in words and marks, and how long it would be in prose."""

from __future__ import annotations

import functools
import re

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.checks.trace import MARK

LENGTH_BAND = (12, 600)  # words and marks, where no length was asked for
LEAST_WORDS = 12  # of any trace
TOLERANCE = 2  # a trace has half to twice as many words and marks as it was asked to have

# What a mark says in plain words; entropy marks are annotations and count on neither side.
MEANING = {
    "→": "which leads to",
    "↺": "going back",
    "?": "it is open whether",
    "!": "the point is that",
    "※": "the point is that",
    "≈": "approximately",
    "∴": "we can conclude that",
    "●": "with high confidence",
    "◐": "with medium confidence",
    "○": "with low confidence",
    "⚠": "at the risk that",
    "?maybe?": "possibly",
    "☐": "which is unverified",
    "☑": "which is partly verified",
    "✓": "which is confirmed",
    "├─": "first",
    "└─": "then",
}
_SAID = {mark: len(meaning.split()) for mark, meaning in MEANING.items()}
# Talk that a prose account would leave out.
_TALK = (
    "okay", "ok", "alright", "hmm+", "so", "well", "now", "wait", "actually",
    "let me (?:think|see|check|start|recall)", "let['’]s (?:see|think|check|start)",
    "let us (?:see|think)",
    "i (?:think|need to|should|have to|will|want to|recall that|remember that|know that)",
    "we (?:need to|should|have to)", "first of all",
    "the user (?:is asking|asks|wants|would like)(?: to know)?(?: about| for)?", "in order to",
    "basically", "as (?:i|we) (?:said|noted|saw)",
    "it is (?:worth noting|important to note) that",
)  # fmt: skip
# Each begins with its letter, and looks back from there: that scans several times faster.
_FILLER = re.compile("|".join(rf"{talk[0]}(?<!\w.){talk[1:]}\b" for talk in _TALK))
_WORDS = re.compile(r"\w+(?:['’.,-]\w+)*")
_BRANCH = re.compile(r"├─|└─")
_ENTROPY = re.compile(r"⟨H≈[^⟩]*⟩")
_FRAGMENTS = re.compile(r"[→↺※∴;\n]")
_INNER = re.compile(r"\?maybe\?|\?|!|≈|●|◐|○|⚠|☐|☑|✓")  # the marks that end no fragment


def tokens(trace: str) -> int:
    """Words and marks of a trace; entropy annotations are left out.

    >>> tokens("⟨H≈0.4⟩ wanted: a year → 1912 ●")
    6
    """
    return sum(_counts(trace))


@functools.lru_cache(maxsize=64)  # two checks ask it of the same trace
def _counts(trace: str) -> tuple[int, int]:
    bare = _ENTROPY.sub(" ", trace)
    marks = len(MARK.findall(bare)) + len(_BRANCH.findall(bare))
    return len(_WORDS.findall(MARK.sub(" ", bare))), marks


def prose_tokens(trace: str) -> int:
    """Words of the trace's prose equivalent.

    Each fragment's words count once and without filler talk, each mark counts as the words that
    say it (`MEANING`). A fragment whose 3-grams of words were mostly (80%) said before counts
    nothing.

    >>> prose_tokens("wanted: a year → 1912 ●")
    10
    """
    bare = _ENTROPY.sub(" ", trace)
    total = sum(_SAID[mark] for mark in (*MARK.findall(bare), *_BRANCH.findall(bare)))
    plain = _FILLER.sub(" ", _INNER.sub(" ", bare).casefold())
    seen: set[tuple[str, ...]] = set()
    for fragment in _FRAGMENTS.split(plain):
        words = _WORDS.findall(fragment)
        grams = set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}
        if words and len(grams & seen) < 0.8 * len(grams):
            total += len(words)
        seen |= grams
    return total


def check_length(exchange: Exchange) -> Check:
    """`trace_length` of the exchange's trace."""
    return trace_length(exchange.reasoning, exchange.trace_words)


def length_band(asked: int) -> tuple[int, int]:
    """Least and most words and marks of a trace that was asked to have so many.

    Nobody counts while writing, so half to twice as many will do; where no number was asked for
    (0), 12 to 600.

    >>> length_band(180), length_band(0)
    ((90, 360), (12, 600))
    """
    if not asked:
        return LENGTH_BAND
    return max(LEAST_WORDS, asked // TOLERANCE), asked * TOLERANCE


def trace_length(trace: str, asked: int = 0) -> Check:
    """The trace is as long as it was asked to be, within `length_band`.

    >>> trace_length("wanted: a year → 1912 ●").detail
    '6 words and marks, outside 12 to 600'
    >>> trace_length("wanted: a year → 1912 ●", 180).detail
    '6 words and marks, outside 90 to 360; asked were 180'
    """
    length = tokens(trace)
    least, most = length_band(asked)
    told = f"{length} words and marks"
    wrong = f"{told}, outside {least} to {most}" + (f"; asked were {asked}" if asked else "")
    problems = [] if least <= length <= most else [wrong]
    return outcome("trace_length", "trace_length", problems, told)


def check_prose(exchange: Exchange) -> Check:
    """`trace_shorter` of the exchange's trace."""
    return trace_shorter(exchange.reasoning)


def trace_shorter(trace: str) -> Check:
    """The trace is shorter, in words and marks, than its prose equivalent.

    >>> trace_shorter("wanted: a year → 1912 ●").passed
    True
    """
    length, prose = tokens(trace), prose_tokens(trace)
    problems = [] if length < prose else [f"{length} words and marks, in prose {prose}"]
    return outcome("trace_shorter", "trace_longer_than_prose", problems, f"{length} < {prose}")
