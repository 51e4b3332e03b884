"""The notation of reasoning traces: a parser with spans.

    trace  := line+
    line   := tree? header? claim (connective claim)*
    tree   := "│"* ("├─" | "└─")            siblings under one parent; the last one is └─
    header := "#" text | text ":" at the end of the line | "1." before a step
    claim  := text with marks; at most one confidence and one verification mark

Logic marks join claims: → leads to, ↺ goes back, ※ or ! insight, ? open question, ≈ about,
∴ conclusion. ※ and ↺ open a claim, or stand on one: at the end of a line, behind → and before
another mark that joins. ● ◐ ○ give confidence, ⚠ names a risk, ?maybe? speculates; ☐ ☑ ✓ say how
far a sub-result is verified; ⟨H≈0.1⟩ … ⟨H≈1.8⟩ annotate how much is explored. Text inside quotation
marks is opaque. (SYNTH's trace notation; which sequences count as well-formed is our rule.)
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from beam_synth.checks import Check, Exchange, outcome
from beam_synth.checks.notation import Claim, Mark, Trace, TraceError, TraceLine
from beam_synth.text.quotes import mask_quotes

CONFIDENCE = "●◐○"
VERIFICATION = "☐☑✓"
ENTROPY_TENTHS = range(1, 19)
MAX_CLAIM_WORDS = 40  # a longer fragment is prose
MAX_HEADER_WORDS = 12

_MARKS = (r"\?maybe\?", r"⟨H≈\d\.\d⟩", r"\?", *"→↺※!≈∴●◐○⚠☐☑✓")
MARK = re.compile("|".join(_MARKS))  # alternatives that begin with a letter each scan fastest
_FOREIGN = re.compile("|".join([r"</?think>", r"<\|", *"⟨⟩⇒⟶➔➜➡⇨✔✅✗✘❌☒⬤◯◑◒◓∵⊢⟹"]))
_TREE = re.compile(r"(?P<indent>[ \t│]*)(?P<branch>├─+|└─+)\s*")
_NUMBERED = re.compile(r"\s*(?:#{1,4}\s+|\(?\d{1,2}[.)]\s+|[-*•]\s+)")
_SPLIT = "→↺※∴;"
_EITHER = "※↺"  # open a claim where words follow, else stand on one
_JOINS = re.compile(f"[{_SPLIT}]")
_CUT = re.compile(rf"{MARK.pattern}|;")
_ENTROPY = re.compile(r"⟨H≈(\d+\.\d)⟩")
_RUN = re.compile(r"\w+")
_FAMILY = {
    **dict.fromkeys("→↺※!?≈∴", "logic"),
    **dict.fromkeys([*CONFIDENCE, "⚠", "?maybe?"], "confidence"),
    **dict.fromkeys(VERIFICATION, "verification"),
}


@functools.lru_cache(maxsize=64)  # several checks ask it of the same trace
def parse_trace(text: str) -> Trace:
    r"""Parse a trace.

    Time is linear in its length; the last 64 traces are kept, since several checks read each.

    Raises TraceError where it is not well-formed: an unknown mark, entropy out of range, a
    fragment of more than 40 words, two confidence marks on one claim, a tree without └─, a
    header without a step, no conclusion, or fewer than two steps before it.

    >>> trace = parse_trace("wanted: a year ?\nrecall → opened 1912 ☑\n∴ 1912 ●")
    >>> [claim.text for claim in trace.claims]
    ['wanted: a year', 'recall', 'opened 1912', '1912']
    >>> trace.conclusion.has("●◐○")
    '●'
    """
    masked = mask_quotes(text)
    for entropy in _ENTROPY.finditer(masked):
        if round(float(entropy.group(1)) * 10) not in ENTROPY_TENTHS:
            raise TraceError(f"entropy {entropy.group(1)} is not in 0.1 … 1.8", entropy.start())
    foreign = _FOREIGN.search(_ENTROPY.sub(lambda m: " " * len(m.group()), masked))
    if foreign:
        raise TraceError(f"{foreign.group()!r} is no mark of the notation", foreign.start())
    steps: list[TraceLine] = []
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip(" \t│\r\n"):
            body = line.rstrip("\r\n")
            steps.append(_step(body, masked[at : at + len(body)], at))
        at += len(line)
    _check_trees(steps)
    _check_headers(steps)
    _check_conclusion(steps, len(text))
    return Trace(tuple(steps))


def _step(line: str, masked: str, at: int) -> TraceLine:
    depth, branch, offset = 0, "", 0
    tree = _TREE.match(masked)
    if tree:
        depth = 1 + len(tree["indent"].replace("\t", "  ")) // 2
        branch, offset = tree["branch"][0], tree.end()
    elif "├" in masked or "└" in masked:
        raise TraceError("a branch does not open its line", at)
    numbered = _NUMBERED.match(masked, offset)
    if numbered:
        offset = numbered.end()
    start, end = at + offset, at + len(line.rstrip())
    body = masked[offset:].rstrip()
    heading = masked.lstrip().startswith("#") or (body.endswith(":") and not MARK.search(body))
    if heading:
        words = len(_RUN.findall(body))
        if not 1 <= words <= MAX_HEADER_WORDS:
            raise TraceError(f"a header of {words} words", start)
        return TraceLine(at, end, depth, branch, line[offset:].strip(" :"), ())
    claims = _claims(line[offset:].rstrip(), body, start)
    return TraceLine(at, end, depth, branch, "", claims)


def _claims(line: str, masked: str, at: int) -> tuple[Claim, ...]:
    """Cut a line at its connectives, and where a second confidence mark begins a new claim."""
    cuts: list[tuple[int, str]] = [(0, "")]
    marks: list[list[re.Match[str]]] = [[]]
    seen = ""
    for match in _CUT.finditer(masked):
        mark = match.group()
        if mark in _SPLIT and not (mark in _EITHER and _marks_only(masked, match, cuts[-1])):
            cuts.append((match.start(), mark))
            marks.append([])
            seen = ""
            continue
        if mark in CONFIDENCE:
            since = masked[cuts[-1][0] : match.start()]
            if seen and _RUN.search(since.rpartition(seen)[2]):
                cuts.append((match.start(), ""))
                marks.append([])
            elif seen:
                raise TraceError(
                    f"{seen}{mark}: two confidence marks on one claim", at + match.start()
                )
            seen = mark
        marks[-1].append(match)
    ends = [start for start, _ in cuts[1:]] + [len(masked)]
    claims = [
        _claim(line, masked, a, b, connective, at, within)
        for (a, connective), b, within in zip(cuts, ends, marks, strict=True)
    ]
    return tuple([claim for claim in claims if claim is not None])


def _marks_only(masked: str, match: re.Match[str], cut: tuple[int, str]) -> bool:
    """Whether a ※ or ↺ opens no claim, but stands on one, as ! does: no words follow it before the
    next mark that joins, or none stand between it and the connective before it ("→ ※ so")."""
    rest = _JOINS.split(masked[match.end() :], maxsplit=1)[0]
    since, connective = cut
    return not _RUN.search(MARK.sub(" ", rest)) or bool(
        connective and not _RUN.search(masked, since + len(connective), match.start())
    )


def _claim(
    line: str,
    masked: str,
    start: int,
    end: int,
    connective: str,
    at: int,
    matches: Sequence[re.Match[str]],
) -> Claim | None:
    begin = start + len(connective)
    text = _between(masked, begin, end, matches) if matches else masked[begin:end]
    if len(text) > 2 * MAX_CLAIM_WORDS:
        words = len(_RUN.findall(text))
        if words > MAX_CLAIM_WORDS:
            raise TraceError(f"a fragment of {words} words is prose", at + start)
    bare = not _RUN.search(text)
    if bare and connective:
        raise TraceError(f"nothing follows {connective!r}", at + start)
    if not matches:
        clean = " ".join(line[begin:end].split())
        return None if bare else Claim(clean, at + start, at + end, connective, ())
    marks = tuple([_mark(mark, at) for mark in matches])
    _check_marks(marks, bare, at + start)
    if marks[-1].value == "≈" and not masked[matches[-1].end() : end].strip():
        raise TraceError("nothing follows '≈'", marks[-1].start)
    whole = text if line == masked else _between(line, begin, end, matches)  # without quotations
    clean = " ".join(whole.split())
    return Claim(clean, at + start, at + end, connective, marks)


def _check_marks(marks: Sequence[Mark], bare: bool, at: int) -> None:
    """The marks stand on a claim, `bare` if on none, and only one of them verifies it."""
    if bare and any(mark.family != "entropy" and mark.value not in "!?" for mark in marks):
        raise TraceError(f"{marks[0].value!r} stands on no claim", at)
    if len(marks) > 1 and len({m.value for m in marks if m.family == "verification"}) > 1:
        raise TraceError("two verification marks on one claim", at)


def _between(text: str, begin: int, end: int, marks: Sequence[re.Match[str]]) -> str:
    """The text from `begin` to `end` with a blank for each mark (those in quotations stay)."""
    pieces = []
    for mark in marks:
        pieces.append(text[begin : mark.start()])
        begin = mark.end()
    return " ".join([*pieces, text[begin:end]])


def _mark(match: re.Match[str], at: int) -> Mark:
    value = match.group()
    start, end = match.span()
    family = _FAMILY.get(value)
    if family is None:
        return Mark("entropy", value[3:-1], at + start, at + end)
    return Mark(family, value, at + start, at + end)


def _check_trees(steps: list[TraceLine]) -> None:
    """Each group of siblings ends with └─, and nothing follows its └─ but deeper branches."""
    open_: dict[int, int] = {}  # depth -> start of a ├ that waits for its last sibling
    for step in [*steps, None]:
        depth = step.depth if step else 0
        for deeper in [d for d in open_ if d > depth] if open_ else ():
            raise TraceError("a tree does not end with └─", open_[deeper])
        if step and step.branch == "├":
            open_[depth] = step.start
        elif step and step.branch == "└":
            open_.pop(depth, None)


def _check_headers(steps: list[TraceLine]) -> None:
    for i, step in enumerate(steps):
        following = steps[i + 1] if i + 1 < len(steps) else None
        if step.header and (following is None or (following.header and not following.branch)):
            raise TraceError("a header without a step", step.start)


def _check_conclusion(steps: list[TraceLine], length: int) -> None:
    worked = [step for step in steps if step.claims]
    concluding = [i for i, s in enumerate(worked) if "∴" in [c.connective for c in s.claims]]
    if not concluding:
        raise TraceError("no conclusion (∴)", length)
    after = [s for s in worked[concluding[-1] + 1 :] if any(c.text for c in s.claims)]
    if after:
        raise TraceError("a step follows the conclusion", after[0].start)
    last = [c.connective for c in worked[concluding[-1]].claims]
    tail = last[len(last) - last[::-1].index("∴") :]
    revised = worked[concluding[-1]].claims[-1].has("↺")
    if revised or any(connective in "→↺" and connective for connective in tail):
        raise TraceError("a step follows the conclusion", worked[concluding[-1]].start)
    if sum(len(step.claims) for step in worked) < 3:
        raise TraceError("fewer than two steps before the conclusion", 0)


def inconsistency(trace: Trace) -> str:
    r"""Why the conclusion's confidence does not fit the verification marks, or "".

    A sub-result marked ☐ stays open until a later claim about the same thing (a shared word of
    four letters or more) bears ☑ or ✓, or a later ↺ revises it. An open one forbids ● and ✓ on
    the conclusion; ○ on it needs a doubt somewhere (☐ ☑ ◐ ○ ⚠ ?maybe? or ?).

    >>> inconsistency(parse_trace("a year ☐\nrecall → it fits\n∴ 1912 ●"))
    "a sure conclusion rests on what is unverified: 'a year'"
    """
    conclusion = trace.conclusion
    if conclusion is None:
        return "no conclusion"
    claims = [claim for claim in trace.claims if claim is not conclusion]
    if conclusion.has("●✓"):
        for i, claim in enumerate(claims):
            if claim.has("☐") and not any(_settles(later, claim) for later in claims[i + 1 :]):
                return f"a sure conclusion rests on what is unverified: {claim.text[:60]!r}"
        if conclusion.has("☐"):
            return "the conclusion is sure and unverified"
    doubts = {"☐", "☑", "◐", "○", "⚠", "?maybe?", "?"}
    if conclusion.has("○") and not any(m.value in doubts for c in claims for m in c.marks):
        return "a low confidence in the conclusion without any doubt before it"
    return ""


def _settles(later: Claim, open_: Claim) -> bool:
    shared = _long_words(later.text) & _long_words(open_.text)
    return bool(shared) and (bool(later.has("☑✓")) or later.connective == "↺")


def _long_words(text: str) -> set[str]:
    return {w.casefold() for w in re.findall(r"\w{4,}|\d+", text)}


def check_grammar(exchange: Exchange) -> Check:
    """`trace_grammar` of the exchange's trace."""
    return trace_grammar(exchange.reasoning)


def trace_grammar(trace: str) -> Check:
    """The trace parses, and its conclusion is as sure as what it rests on.

    >>> trace_grammar("recall → opened 1912").detail
    'no conclusion (∴) (at character 20)'
    """
    try:
        problem = inconsistency(parse_trace(trace))
    except TraceError as error:
        problem = str(error)
    return outcome("trace_grammar", "trace_grammar", [problem] if problem else [])
