"""Rephrased passages: each form is read as it is meant, and each reason has an input."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pytest

from beam_synth.checks import require
from beam_synth.drawing import draw
from beam_synth.engines.ports import Answer
from beam_synth.errors import Rejected
from beam_synth.methods import load_method
from beam_synth.methods.rephrase.checks import Rephrasing, check_copied, checks_of, copied_runs
from beam_synth.methods.rephrase.formats import (
    FORMATS,
    markdown_table,
    problems_of,
    question_answers,
    said,
    steps,
    whole_part,
)
from beam_synth.methods.rephrase.program import draw_format, formats_of, rephrase, verify
from beam_synth.methods.seeds import PassageSeed
from beam_synth.methods.shared.examples import example_passage
from beam_synth.records import Passage, Row, Task
from tests.paths import ROOT

PASSAGE = example_passage(
    "Hollen Dam",
    "The Hollen Dam holds back the river Ister above the town of Brenz. It was planned by the "
    "engineer Maria Kolb and built from 1931 to 1938 by 640 workers. The wall is 92 metres high "
    "and 410 metres long. Its power station has 4 turbines, which give 18 megawatts each. In "
    "1964 the crest was raised by 3 metres, since floods had run over it twice.",
)
GOOD = {
    "faq": """**Q1: Who planned the Hollen Dam?**
A: Its planner was the engineer Maria Kolb.

**Q2: How long did the work take?**
A: Workers were busy on it between 1931 and 1938.""",
    "maths": """Problem: The power station of the Hollen Dam has 4 turbines, each of which gives \
18 megawatts. How much do all of them give together?
Solution: 4 × 18 = 72 megawatts
Answer: 72 megawatts""",
    "table": """| Part | Measure |
|---|---|
| Height of the wall | 92 metres |
| Length of the wall | 410 metres |
| Turbines | 4 |

Q: How long is the wall of the Hollen Dam?
A: It measures 410 metres.""",
    "tutorial": """# Get To Know The Hollen Dam

1. Begin at Brenz, the town that lies below the dam on the Ister.
2. Walk along the crest, which gained 3 metres in 1964.
3. End at the power station and count its 4 turbines.""",
}


def made(form: str, text: str = "", passage: Passage = PASSAGE) -> Rephrasing:
    return Rephrasing(form, passage.language, text or GOOD[form], passage)


def reason_of(rephrasing: Rephrasing) -> str:
    try:
        require(checks_of(rephrasing))
    except Rejected as error:
        return error.reason
    return ""


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_well_passes(form: str) -> None:
    assert [check for check in checks_of(made(form)) if not check.passed] == []


COPIED = "\n".join(
    f"{n}. {sentence.rstrip('.')}." for n, sentence in enumerate(PASSAGE.text.split(". "), 1)
)
ANOTHER_SUM = GOOD["maths"].replace("has 4", "has 5").replace("4 ×", "5 ×").replace("72", "90")
REFUSED = [
    (
        "faq",
        "rephrase_form",
        GOOD["faq"].replace("Its planner was the engineer Maria Kolb.", "Kolb."),
    ),
    ("faq", "rephrase_form", GOOD["faq"].replace("Q1: ", "Q1: Question: ")),
    ("faq", "rephrase_form", "Q: Who planned the Hollen Dam?\nA: Maria Kolb did."),
    (
        "faq",
        "rephrase_form",
        GOOD["faq"].replace("A: Its planner was the engineer Maria Kolb.", ""),
    ),
    ("faq", "rephrase_form", f"{GOOD['faq']}\n\n{GOOD['faq']}"),
    ("maths", "rephrase_form", GOOD["maths"].replace("= 72", "= 74")),
    ("maths", "rephrase_form", GOOD["maths"].replace("4 × 18 = 72 megawatts", "They give a lot.")),
    ("maths", "rephrase_form", GOOD["maths"].replace("Answer: 72", "Answer: 22")),
    ("maths", "rephrase_form", GOOD["maths"].replace("How much do all of them give together?", "")),
    ("table", "rephrase_form", GOOD["table"].replace("|---|---|\n", "")),
    ("table", "rephrase_form", GOOD["table"].replace("| 4 |", "|")),
    ("table", "rephrase_form", GOOD["table"].partition("\n\nQ")[0]),
    (
        "table",
        "rephrase_form",
        GOOD["table"].replace("It measures 410 metres", "It took until 1938"),
    ),
    ("tutorial", "rephrase_form", GOOD["tutorial"].replace("3. End", "5. End")),
    ("tutorial", "rephrase_form", GOOD["tutorial"].rpartition("\n")[0]),
    ("tutorial", "rephrase_form", f"{GOOD['tutorial']}\n4. Done."),
    (
        "faq",
        "rephrase_language",
        "Q: Qui a fait les plans du barrage de la vallée ?\nA: C'est une femme qui les a faits.\n"
        "Q: Pourquoi a-t-on dû le rendre plus haut ?\nA: Parce que l'eau passait par-dessus.",
    ),
    ("faq", "rephrase_unsupported", GOOD["faq"].replace("Maria Kolb", "Anton Kolb")),
    ("faq", "rephrase_unsupported", GOOD["faq"].replace("1938", "1939")),
    ("maths", "rephrase_unsupported", ANOTHER_SUM),
    ("table", "rephrase_unsupported", GOOD["table"].replace("92 metres", "97 metres")),
    ("tutorial", "rephrase_unsupported", GOOD["tutorial"].replace("at Brenz", "at Ulm")),
    (
        "faq",
        "rephrase_off_topic",
        "Q: What does a dam do?\nA: It holds water back.\nQ: Why is that of use?\nA: It can give "
        "power to people.",
    ),
    ("tutorial", "rephrase_copied", COPIED),
    (
        "faq",
        "rephrase_names_source",
        GOOD["faq"].replace("Its planner", "According to the passage its planner"),
    ),
]


@pytest.mark.parametrize(("form", "reason", "text"), REFUSED)
def test_each_fault_has_its_reason(form: str, reason: str, text: str) -> None:
    assert text != GOOD[form]
    assert reason_of(made(form, text)) == reason


def test_every_reason_is_met_and_documented() -> None:
    declared = load_method("rephrase").reasons
    assert {reason for _, reason, _ in REFUSED} == set(declared)
    page = (ROOT / "docs" / "exercises.md").read_text()
    assert [reason for reason in declared if f"`{reason}`" not in page] == []


def test_forms_are_read_in_other_languages_and_marks() -> None:
    german = "1. Frage: Wer plante sie?\nAntwort: Maria Kolb.\n\n2. Frage: Wann? 1931."
    assert [pair.answer for pair in question_answers(german)] == ["Maria Kolb.", "1931."]
    assert steps("**Schritt 1:** Geh hin.\n\n**Schritt 2:** Sieh hin.") == ["Geh hin.", "Sieh hin."]
    assert steps("- Walk to it.\n* Look at it.") == ["Walk to it.", "Look at it."]
    found = markdown_table("Numbers:\n| a | b |\n| :-- | --: |\n| 1 | 2 |\nWhat is a?\n1")
    assert found is not None and found.rows[1] == ["1", "2"] and found.after == "What is a?\n1"
    assert problems_of("tutorial", "1. Go up to it.\n2. Go up to it.\n3. Leave it once again.") == [
        "a step twice: 'Go up to it.'"
    ]


def test_only_labels_are_taken_off_a_line() -> None:
    assert said("**A1:** Ulm: a town") == "Ulm: a town"
    assert said("A. Lind built it") == "A. Lind built it"


def test_what_runs_on_is_kept_up_to_its_last_whole_piece() -> None:
    faq = f"{GOOD['faq']}\n\n"
    for rest, cut in (("Q3: How high is the wall of the Ho", True), (GOOD["faq"], False)):
        begins = f"{faq}{rest}"
        if cut:
            begins += "llen Dam?\nA: It is 9"
        assert whole_part("faq", begins, cut=cut) == GOOD["faq"]
        assert not problems_of("faq", whole_part("faq", begins, cut=cut))
    steps_again = f"{GOOD['tutorial']}\n4. End at the power station and count its 4 turbines."
    assert whole_part("tutorial", steps_again, cut=False) == GOOD["tutorial"]
    assert whole_part("tutorial", f"{GOOD['tutorial']}\n4. Then", cut=True) == GOOD["tutorial"]
    assert whole_part("table", GOOD["table"], cut=True) == GOOD["table"]
    assert whole_part("faq", GOOD["faq"], cut=False) == GOOD["faq"]


def test_names_may_be_copied_and_sentences_not() -> None:
    source = " ".join(f"w{n}" for n in range(60))
    assert check_copied("it says w1 w2 w3 w4 w5 w6 w7 and no more", source).passed
    assert not check_copied(source, source).passed
    assert "in a row" in check_copied(f"{source} {'x ' * 300}", source).detail
    words = list("abcdefgh")
    assert copied_runs([*words, "x", *words], words, 3) == [8, 8]


def test_a_format_is_drawn_that_the_passage_has_enough_for() -> None:
    bare = dataclasses.replace(PASSAGE, text="A dam holds water back. Its wall has to be strong.")
    assert formats_of(bare) == ("faq", "tutorial")
    drawn = {draw_format(PASSAGE, draw(1, str(n), "format")) for n in range(40)}
    assert drawn == set(FORMATS)


class Says:
    """A generator that says one thing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[str] = []

    @property
    def generator(self) -> Any:
        return self

    async def ask(
        self, template: str, variables: Mapping[str, Any], *, cut: bool = False
    ) -> Answer:
        self.asked.append(template)
        return Answer(self.text, {})


def row_of(form: str) -> tuple[Row, Passage]:
    """A row as it is written, of a task that drew that format."""
    number = next(n for n in range(99) if draw_format(PASSAGE, draw(1, str(n), "format")) == form)
    task = Task("t", "rephrase", "en", PASSAGE.passage_id, (), 0)
    models: Any = Says(f"\n{GOOD[form]}\n")
    record = asyncio.run(
        rephrase(PassageSeed(task, PASSAGE), models, lambda purpose: draw(1, str(number), purpose))
    )
    assert models.asked == [f"rephrase/{form}"]
    columns = {"constraints": orjson.dumps(record.constraints).decode(), "language": "en"}
    return {**record.columns(), **columns, "seeds": list(record.seeds)}, PASSAGE


@pytest.mark.parametrize("form", FORMATS)
def test_verify_makes_the_checks_again(form: str) -> None:
    row, passage = row_of(form)

    def again(**changed: Any) -> Sequence[str]:
        return [c.name for c in verify({**row, **changed}, lambda _: passage) if not c.passed]

    assert again() == []
    assert "text_supported" in again(text=re.sub("Brenz|Hollen", "Grotten", row["text"]))
    assert again(constraints='{"format": "poem", "language": "en"}') == ["row_consistent"]
    assert "row_consistent" in again(constraints=f'{{"format": "{form}", "language": "de"}}')
