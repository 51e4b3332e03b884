"""The trace notation: what parses, to what, and what does not."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.checks.notation import TraceError
from beam_synth.checks.trace import MARK, inconsistency, parse_trace
from beam_synth.checks.trace_length import MEANING, prose_tokens, tokens
from tests.doubles.exchanges import TRACE

GOOD = "size → large ●\nage → old\n∴ large and old ●"


def test_claims_have_spans_connectives_and_marks() -> None:
    trace = parse_trace(TRACE)
    for claim in trace.claims:
        piece = TRACE[claim.start : claim.end]
        assert piece.startswith(claim.connective)
        assert all(TRACE[m.start : m.end].strip("⟨H≈⟩") == m.value.strip("≈") for m in claim.marks)
    assert trace.conclusion is not None
    assert trace.conclusion.text == "Clara Vogt designed it"
    assert trace.conclusion.has("●◐○") == "●"
    assert [step.branch for step in trace.steps] == ["", "├", "└", "", "", "", ""]
    assert {m.value for m in trace.marks if m.family == "entropy"} == {"0.6"}


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Dates:\n1. first → second\n2. third ◐\n∴ second ○",
        "● early date ◐ late date\n→ between them\n∴ between",
        "a ?maybe? b ⚠\nb ≈ 5 → c\n∴ c ⟨H≈1.8⟩",
        "├─ one\n│  ├─ inner\n│  └─ inner too\n└─ two\n∴ both",
        "“quoted → text ∴” → read ◐\nso far ?\n∴ read\n⟨H≈0.1⟩",
        "x ↺ y ※ z; w\n∴ w ✓",
        # ※ and ↺ may stand on what they mark, as ! does
        "a → b ※\nc → d ↺\n∴ c ●",
        "a → ※ b\nc → ↺ d ※ → e\n∴ c",
        "a ※ ⟨H≈0.4⟩\nb → c ※ ●\n∴ c ※",
    ],
)
def test_parses(text: str) -> None:
    parse_trace(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a → b\nc", "no conclusion"),
        ("a → b\n∴ c\nd → e", "step follows"),
        ("a → b\n∴ c → d", "step follows"),
        ("a →\nb\n∴ c", "nothing follows '→'"),
        ("a → b\n∴", "nothing follows '∴'"),
        ("a ≈\nb → c\n∴ c", "nothing follows '≈'"),
        ("●\na → b\n∴ c", "stands on no claim"),
        ("※\na → b\n∴ c", "stands on no claim"),
        ("a → ↺\nb → c\n∴ c", "nothing follows '→'"),
        ("a → b\n∴ ※", "nothing follows '∴'"),
        ("a → b\n∴ c ↺", "step follows"),
        ("a ●◐ → b\n∴ c", "two confidence marks"),
        ("a ☐ ✓ → b\n∴ c", "two verification marks"),
        ("a ⟨H≈0.0⟩ → b\n∴ c", "not in 0.1"),
        ("a ⟨H≈1.9⟩ → b\n∴ c", "not in 0.1"),
        ("a ⟨H≈1⟩ → b\n∴ c", "no mark of the notation"),
        ("a ⇒ b → c\n∴ c", "no mark of the notation"),
        ("├─ a\nb → c\n∴ c", "does not end with └─"),
        ("├─ a\n├─ b\n∴ c", "does not end with └─"),
        ("a → b\nEmpty:\nMore:\n∴ c", "header without a step"),
        ("∴ c", "fewer than two steps"),
        ("a " * 41 + "→ b\n∴ c", "is prose"),
        ("a → b </think>\n∴ c", "no mark of the notation"),
    ],
)
def test_does_not_parse(text: str, message: str) -> None:
    with pytest.raises(TraceError, match=message):
        parse_trace(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("length found ☐ → more\n∴ long ●", True),
        ("length found ☐ → more\n∴ long ✓", True),
        ("length found ☐ → more\n∴ long ◐", False),
        ("length found ☐ → length again ✓\n∴ long ●", False),
        ("length found ☐ ↺ length was wrong\n∴ long ●", False),
        ("length found ☐ → width ✓\n∴ long ●", True),
        ("length ✓ → width ✓\n∴ long ○", True),
        ("length ✓ → width ⚠\n∴ long ○", False),
    ],
)
def test_confidence_follows_verification(text: str, problem: bool) -> None:
    assert bool(inconsistency(parse_trace(text))) is problem


WORDS = st.sampled_from(["size", "old bridge", "1912", "near Thun", "“a → b”"])
FRAGMENT = st.tuples(WORDS, st.sampled_from(["", " ●", " ◐", " ?", " ✓", " ?maybe?", " ⟨H≈0.4⟩"]))
LINE = st.lists(FRAGMENT, min_size=1, max_size=4).map(
    lambda parts: " → ".join(text + mark for text, mark in parts)
)


@given(st.lists(LINE, min_size=2, max_size=6), WORDS)
@settings(max_examples=200)
def test_what_is_composed_by_the_grammar_parses(lines: list[str], end: str) -> None:
    text = "\n".join([*lines, f"∴ {end}"])
    trace = parse_trace(text)
    assert sum(claim.connective == "→" for claim in trace.claims) == sum(
        line.count(" → ") - line.count("“a → b”") for line in lines
    )
    spans = [(claim.start, claim.end) for claim in trace.claims]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


@given(st.text(alphabet='ab →∴●◐☐✓?!≈├─└│⟨⟩H0.;:\n"#1', max_size=60))
@settings(max_examples=400)
def test_any_text_parses_or_says_why(text: str) -> None:
    try:
        assert parse_trace(text).conclusion is not None
    except TraceError as error:
        assert 0 <= error.position <= len(text)


def test_prose_equivalent_says_marks_in_words_and_nothing_twice() -> None:
    assert tokens(GOOD) == 7 + 5
    assert prose_tokens("a → b") == 2 + len(MEANING["→"].split())
    assert prose_tokens("old bridge\nold bridge") == 2
    assert prose_tokens("okay so let me think old bridge") == 2
    assert all(MARK.fullmatch(mark) or "─" in mark for mark in MEANING)
