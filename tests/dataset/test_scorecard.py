"""The scorecard's rules: one bad row of each kind is found, and a good one is not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from beam_synth.generation.outcomes import encode_outcome, write_outcomes
from beam_synth.records import Outcome
from benchmarks import rows
from benchmarks.scorecard.cells import Cell, Yield, cell_table, yields_of
from benchmarks.scorecard.reading import Read, quotations

SEED = (
    "The Old Mill was built by Clara Vogt in 1912 and sold in 1934. It ground 337 tons of rye, "
    "as the town says, for the people of the valley. The Pont de Grand Moulin is near it."
)
FOCUS = "The Old Mill was built by Clara Vogt in 1912 and sold in 1934."
TRACE = (
    "wanted: a date → topic “Old Mill” ●\nclue: “Clara Vogt” ☑\n"
    "“It ground 337 tons of rye” → another matter ○\n∴ “1912” ●"
)


def row(
    exercise: str = "memorization",
    query: str = "Old Mill: “The Old Mill was built by Clara Vogt in ____ and sold in 1934.” When?",
    trace: str = TRACE,
    answer: str = f"It is 1912: {FOCUS}",
    prompt: str = "",
    more: tuple[tuple[str, str, str], ...] = (),
    language: str = "en",
    seed: str = SEED,
    title: str = "Old Mill",
    **said: Any,
) -> Read:
    turns = ((prompt or query, trace, answer), *more)
    messages = []
    for asked, thought, reply in turns:
        messages.append({"role": "user", "content": asked})
        messages.append({"role": "assistant", "content": f"<think>\n{thought}\n</think>\n{reply}"})
    return Read(
        {
            "synth_id": "1", "exercise": exercise, "language": language, "query": query,
            "query_seed_text": seed, "seeds": [{"title": title}], "messages": messages,
            "constraints": orjson.dumps(
                {"focus": FOCUS, "query_result": "positive", "query_type": "time", **said}
            ),
        }
    )  # fmt: skip


def letter(text: str, **said: Any) -> Read:
    return row("creative writing", "Write a letter about Old Mill.", answer=text,
               **{"genre": "letter", **said})  # fmt: skip


GOOD_LETTER = "Dear friend, you asked me about it.\nI read this: “It ground 337 tons.”\nYours ever."
MCQ: dict[str, Any] = {"options": ["1912", "1903", "1921", "1930"], "key": 0}
SUM = "3 × 4 = 12\n12 + 2 = 14\n∴ 14 ●"
ASKED = "Anna has 3 bags of 4 apples and 2 more. How many are there?"


def sums(trace: str = SUM, **changes: Any) -> Read:
    kept: dict[str, Any] = {"query": ASKED, "answer": "The answer is 14.", "values": {"a": "3"}}
    return row("math exercise", trace=trace, **{**kept, **changes})


def talk(query: str, answer: str, kind: str = "deepening", trace: str = TRACE) -> Read:
    return row("multi-turn", more=((query, trace, answer),), kinds=[kind])


def cited(claim: str, source: str = SEED) -> Read:
    quote = f'<ref name="source_1">{FOCUS}</ref>'
    prompt = f"When?\n<source_1>\n{source}\n</source_1>"
    return row("rag", prompt=prompt, answer=f"{claim} {quote}")


BAD: list[tuple[str, Read]] = [
    ("another language", row(answer=(
        "Die Mühle wurde von der Stadt und von den Leuten im Tal mit dem Geld der Kirche "
        "gebaut und ist auch nicht mehr das, was sie einst war."))),
    ("says it twice", row(answer="It was sold by the whole town. It was sold by the whole town.")),
    ("filler trace", row(trace="recall → one fits ●\nso it goes ☑\nready → say it ✓\n∴ “1912” ●")),
    ("one word for a sentence", row(answer="1912.")),
    ("topic not named", row(query="“It was built by Clara Vogt in ____ and sold in 1934.” When?")),
    ("a name or number cut in two", row(
        query="Old Mill: “The Old Mill was built by Clara Vogt in pre-____ times.”")),
    ("a fragment as a statement", row(focus="At least 10 mills of the valley")),
    ("random pair", row(query="Old Mill: how are “valley” and “people” connected?")),
    ("odd, yet answerable", row(query="“Vogt” – when exactly was it?", query_result="ambiguous")),
    ("odd, yet answerable", row(query_result="negative", query=f"Old Mill: “{FOCUS}” Is that so?")),
    ("a year as a count, or none as a time", row(query_type="quantity")),
    ("conclusion ends inside a clause", row(
        trace="wanted ●\n∴ “The Old Mill was built by Clara” ●")),
    ("conclusion is not the answer's", row(trace="wanted ●\n∴ “1934 or so” ●")),
    ("answer on the first line", row(trace="wanted: 1912 ?\n∴ “1912” ●")),
    ("citation without support", cited("Built in 1913.")),
    ("citation without support", cited("Built by the Grand Duke of Ostland.")),
    ("answers after abstaining", row("rag", withheld=True, answer="Nothing is told, but 1913.")),
    ("options of mixed kinds", row("mcq", **{**MCQ, "options": ["1912", "Herat", "06", "3.4"]})),
    ("options of mixed kinds", row("mcq", **{**MCQ, "options": ["1912", "1515", "1921", "1930"]})),
    ("a distractor is right", row("mcq", **{**MCQ, "options": ["1912", "1934", "1921", "1930"]})),
    ("word salad", letter("Dear\nOf cities in\nUnder the\nYours")),
    ("copy of the seed", letter(f"Dear friend, you asked.\n{SEED}\nYours ever.")),
    ("form of the genre missing", letter("It ground rye.", genre="dialogue")),
    ("form of the genre missing", letter("It ground rye for the valley.", genre="letter")),
    ("query does not fit the problem", sums(values={"a": "31"})),
    ("conclusion is not the last step's", sums("3 × 4 = 12\n12 + 2 = 14\n∴ 12 ●")),
    ("answer on the first line", sums("14 it will be ?\n3 × 4 = 12\n12 + 2 = 14\n∴ 14 ●")),
    ("follow-up about nothing", talk("And what about “people”?", "They lived there, all of them.")),
    ("contradicts what was said", talk(
        "Please give that as a list.", "- Clara Vogt\n- the mill", "reformatting")),
    ("contradicts what was said", talk(
        "Is it not rather 1915?", "Yes, you are right, it is 1915.", "challenge")),
    ("layout of broken pieces", talk(
        "Please give that as a list.", "- built by the\n- town of it", "reformatting")),
    ("quotes what nobody said", talk(
        "And what of “Clara Vogt”?", f"In short: {FOCUS}",
        trace="more wanted ●\nearlier turn: “what was said” → read ◐\n∴ “1912” ●")),
    ("polite and familiar", row(
        query=f"Old Mill: „{FOCUS}“ Können Sie das bestätigen? Hast du eine Idee?",
        language="de")),
    ("a sentence cut at a number", letter(
        "Lieber Freund.\nIch las: „Hier lag die 6.“\nIch las: „Armee stand vor der Mühle.“\nDein.",
        language="de", seed="Hier lag die 6. Armee stand vor der Mühle.")),
    ("a sentence cut at a number", row(
        "editing", "Verbessern Sie das.\n\nArmee stand vor der alten Mühle.", language="de",
        seed="Hier lag die 6. Armee stand vor der alten Mühle.")),
    ("asks about a bare number", row(
        "editing", "Make questions of this.\n\nIt ground 337 tons.",
        answer="What is known of “337”?\nIt ground 337 tons.")),
    ("quotation breaks off", talk("And what of “Clara Vogt”?", "It is this: “The Old Mill was”.")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "read"), BAD, ids=[kind for kind, _ in BAD])
def test_a_bad_row_is_found(kind: str, read: Read) -> None:
    assert [wrong for _, wrong in rows.bad_rows(read.exercise, [read])[kind]]


GOOD = [
    row(),
    row("mcq", **MCQ),
    sums(),
    letter(GOOD_LETTER),
    cited("Built by Clara Vogt in 1912."),
    talk("And what about “Clara Vogt”?", f"In short: {FOCUS}"),
    row(query="What is Mercury?", query_result="ambiguous", focus="x is told here."),
]


SOURCED = (
    "Old Mill: “The Old Mill was built by Clara Vogt in ____ and sold in 1934.” When?"
    f"\n\n<source_1>\nOld Mill\n{SEED} One says “ten miles”, “mills” and “by the way”.\n</source_1>"
)
# Sane rows that rules once took for bad ones.
SANE: list[tuple[str, Read]] = [
    ("random pair", row("rag", query=SOURCED)),
    ("topic not named", row(query="When was it built in Mexiko?", title="Mexiko-Stadt")),
    ("topic not named", row(query="When was U-3 built?", title="U-3")),
    ("filler trace", row(
        "editing", "Correct this.\n\nsie schlief, als es kam.", language="de",
        answer="Sie schlief, Als es kam.", seed="Sie schlief, Als es kam.",
        trace="wanted: a clean copy ●\n├─ “sie” → “Sie” ✓\n└─ “als” → “Als” ✓\n∴ put right ●")),
    ("a sentence cut at a number", letter(
        "Lieber Freund.\nIch las: „Hier lag das Schiff U 6.“\nDein.", language="de",
        seed="Hier lag das Schiff U 6.")),
    ("polite and familiar", row(
        query="Old Mill: „du und ich“ – können Sie das bestätigen?", language="de")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "read"), SANE, ids=[kind for kind, _ in SANE])
def test_a_sane_row_is_not_taken_for_a_bad_one(kind: str, read: Read) -> None:
    assert rows.bad_rows(read.exercise, [read])[kind] == []


@pytest.mark.parametrize("read", GOOD[:6])
def test_a_good_row_is_not(read: Read) -> None:
    found = rows.bad_rows(read.exercise, [read])
    assert {kind: bad for kind, bad in found.items() if bad} == {}


def test_every_kind_has_a_bad_row() -> None:
    kinds = {kind for rules in rows.KINDS.values() for kind in rules}
    assert kinds == {kind for kind, _ in BAD}


def test_openers_and_traces_are_counted_from_the_fourth_on() -> None:
    assert rows.repeated(["a"] * 5 + ["b"]) == ["a", "a"]
    assert rows.repeated(map(str, range(300))) == []
    found = rows.bad_rows("memorization", [row()] * 5)
    assert len(found[rows.OPENER]) == len(found[rows.SKELETON]) == 2


def test_the_table_says_rate_and_goal() -> None:
    shown = rows.table({"memorization": [row(answer="1912."), row()]}, 1)
    assert " 50.0%  goal 2%  MISSED  one word for a sentence" in shown
    assert "en Old Mill: 1912." in shown and shown.endswith("kinds above 2%")


def test_quotation_marks_of_all_languages() -> None:
    assert quotations('“a” „b” „c“ «d» « e » "f"') == ["a", "b", "c", "d", "e", "f"]


def test_yields_are_counted_by_method_and_language(tmp_path: Path) -> None:
    folder = tmp_path / "_completed" / "00000"
    folder.mkdir(parents=True)
    ends = [("mcq", "la", "nothing_to_ask"), ("mcq", "la", "nothing_to_ask"), ("mcq", "la", ""),
            ("rag", "en", "")]  # fmt: skip
    outcomes = [
        encode_outcome(Outcome(f"{n:032x}", "rejected" if reason else "made", method, code, reason))
        for n, (method, code, reason) in enumerate(ends)
    ]
    with (folder / "a-b-0.parquet").open("wb") as handle:
        write_outcomes(outcomes, handle)
    found = yields_of(tmp_path)
    assert found == {
        Cell("mcq", "la"): Yield(3, 1, Counter({"nothing_to_ask": 2})),
        Cell("rag", "en"): Yield(1, 1),
    }
    table = cell_table(found, {Cell("rag", "en"): {"random pair": 1}}).splitlines()
    assert "1 of     3  33.3% LOW 2 nothing_to_ask" in table[1]
    assert table[2].endswith("bad: 1 random pair") and "LOW" not in table[2]
    assert table[3] == "1 cells keep fewer than 50% of their tasks"
