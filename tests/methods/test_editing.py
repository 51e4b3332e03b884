"""The editing exercise: what is drawn and asked, each check, rows by rule, mutations caught."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from beam_synth.checks import require
from beam_synth.drawing import Draw
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Rejected
from beam_synth.materials.corruption import corrupt
from beam_synth.methods import PassageSeed, load_method
from beam_synth.methods.editing.checks import checks_of
from beam_synth.methods.editing.edit import Edit
from beam_synth.methods.editing.forms import FORMS, complicated, misses
from beam_synth.methods.editing.offers import MODES, TASKS, Offer, Wording, instruction, keys_of
from beam_synth.methods.editing.program import draw_offers, draw_span
from beam_synth.methods.editing.result_checks import extractable_facts
from beam_synth.methods.editing.words import INSTRUCTIONS
from beam_synth.methods.shared import samples
from beam_synth.records import LANGUAGES, REASONS, Passage
from beam_synth.rule_engine.editing import Work, correct, restyle
from beam_synth.rule_engine.languages import language as words_of
from beam_synth.text.sentences import sentences
from tests.doubles import exchanges
from tests.doubles.exchanges import TEXT
from tests.doubles.ports import Script
from tests.doubles.written import Row, Texts, changed, constrained, faults, rendered, run, written
from tests.materials.test_corruption import TEXTS as BY_LANGUAGE

MUTATIONS = 200
LONG = TEXT + (
    " The toll (two francs a cart) was lifted in 1921; the keeper's house became an inn. In 1934 "
    "Hanna Keller painted its railings green, white and red."
)
GERMAN = (
    "Die Lindauer Brücke überquert die Aare bei Thun. Sie wurde von Clara Vogt entworfen und am "
    "3. Mai 1912 eröffnet. Die Brücke ist 214 Meter lang und trug bis 1958 eine Straßenbahn. Vor "
    "1912 bediente 36 Jahre lang eine Fähre den Übergang."
)
TRACE = (
    "⟨H≈0.4⟩ what is asked → look at each sentence ●\n"
    "├─ “The Lindau Bridge” → the matter at hand ✓\n"
    "└─ dates and lengths → have to stay ☑\n"
    "∴ done as asked, nothing lost ●"
)


def seed_text(text: str, language: str = "en", number: int = 0) -> Passage:
    return exchanges.split(text, passage_id=f"{number:032x}", language=language)


def seed_of(given: Passage, index: int) -> PassageSeed:
    return exchanges.seed_of("editing", given, index)


SEEDS = {code: seed_text(BY_LANGUAGE[code], code, i) for i, code in enumerate(LANGUAGES)}
SEEDS["en"] = seed_text(LONG)
KNOWN = Texts(SEEDS.values())


@functools.cache
def row_of(language: str, index: int) -> Row | None:
    """A row by the rule engine; None where it is rejected."""
    try:
        return written("editing", seed_of(SEEDS[language], index))
    except Rejected:
        return None


def rows_of(task: str, wanted: int) -> list[Row]:
    found = (row for i in range(400) if (row := row_of("en", i)) and task_of(row) == task)
    return [row for row, _ in zip(found, range(wanted), strict=False)]


def task_of(row: Row) -> str:
    return str(orjson.loads(row["constraints"])["chosen_task"])


# ---------------------------------------------------------------- each check

OFFERS: dict[str, Offer] = {
    "correct": {"task": "correct"},
    "extract": {"task": "extract", "keys": {"names": "names", "years": "years"}},
    "bullets": {"task": "restyle", "form": "bullets"},
    "letter": {"task": "restyle", "form": "letter"},
    "simplify": {"task": "simplify", "words": 16},
    "summarise": {"task": "summarise", "percent": 50, "words": 34},
    "translate": {"task": "translate", "target": "de"},
}
BROKEN, ERRORS = corrupt(TEXT, "en", Draw("broken", 4), 3)
CORRECTING = (
    "task: correct → word by word ●\n"
    + "\n".join(f"“{e.wrong}” → “{e.right}” ✓" for e in ERRORS)
    + "\nall else → as it was ☑\n∴ 3 put right ●"
)
VALUES = '{"names": ["Lindau Bridge", "Aare", "Thun", "Clara Vogt", "Hanna Keller"], "years": %s}'
YEARS = '["1912", "1958", "1921", "1934"]'
SIMPLE = LONG.replace(" (two francs a cart)", "").replace("; the", ". The")
ANSWERS = {
    "correct": TEXT,
    "extract": VALUES % YEARS,
    "bullets": "\n".join(f"- {LONG[a:b]}" for a, b in sentences(LONG, "en")),
    "letter": f"Dear Anna,\n\n{LONG}\n\nKind regards",
    "simplify": SIMPLE,
    "summarise": "The Lindau Bridge near Thun was designed by Clara Vogt and opened in May 1912.",
    "translate": GERMAN,
}


def edit(name: str, **fields: Any) -> Edit:
    """An edit that passes its checks; tests change one thing at a time."""
    text = {"correct": BROKEN, "translate": TEXT}.get(name, LONG)
    values: dict[str, Any] = {
        "language": "en",
        "text": text,
        "errors": ERRORS if name == "correct" else (),
        "offered": (OFFERS[name],),
        "chosen_task": OFFERS[name]["task"],
        "why": "It needs it.",
        "wording": Wording("specific", 3),
        "reasoning": CORRECTING if name == "correct" else TRACE,
        "answer": ANSWERS[name],
    }
    return Edit(**{**values, **fields})


@pytest.mark.parametrize("name", OFFERS)
def test_good_edits_pass(name: str) -> None:
    records = require(checks_of(edit(name)))
    assert all(record["passed"] for record in records)


def first_sentence_broken() -> str:
    first = ERRORS[0]
    return TEXT.replace(first.right, first.wrong, 1)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("correct", {"chosen_task": "translate"}, "edit_not_offered"),
    ("correct", {"errors": (), "text": TEXT}, "edit_not_done"),
    ("bullets", {"errors": ERRORS, "offered": (OFFERS["bullets"], OFFERS["correct"])},
     "edit_not_done"),
    ("extract", {"text": "It is a place near the water with a wall and a door, that is all there "
                         "is to say of it, and it has been so for a long time.",
                 "offered": ({"task": "extract", "keys": {"years": "years"}},)}, "edit_not_done"),
    ("bullets", {"why": "Any text can be put into points."}, "edit_reason"),
    ("translate", {"why": "It is written in clumsy Latin."}, "edit_reason"),
    ("simplify", {"why": "Its typos make it hard to read."}, "edit_reason"),
    ("bullets", {"why": "The life of Otto Brandt is told in points."}, "edit_reason"),
    ("correct", {"reasoning": CORRECTING.replace("all else", "“trams” is misspelled\nall else")},
     "trace_misses_answer"),
    ("bullets", {"answer": "- The Lindau Bridge crosses the Aare near Thun.\n- Clara Vogt.\n"
                           "- 3 May 1912.\n- 214, 1958, 1912, 36, 1921, 1934.\n- Hanna Keller."},
     "edit_loses_facts"),
    ("correct", {"answer": BROKEN}, "edit_incomplete"),
    ("correct", {"answer": first_sentence_broken()}, "edit_incomplete"),
    ("correct", {"answer": TEXT.replace("1958", "1959")}, "edit_elsewhere"),
    ("correct", {"answer": TEXT.replace("carried trams", "bore a tramway")}, "edit_elsewhere"),
    ("correct", {"reasoning": CORRECTING.replace("“", "(").replace("”", ")")},
     "trace_filler"),
    ("correct", {"reasoning": CORRECTING.replace("3 put", "47 put")}, "trace_unsupported"),
    ("correct", {"answer": GERMAN}, "answer_language"),
    ("bullets", {"reasoning": "che cosa si chiede → guardare ogni frase con molta attenzione\n"
                 "le date e le misure → devono restare come sono ●\n∴ fatto come è stato chiesto"},
     "trace_language"),
    ("bullets", {"reasoning": "okay so let me see what we need to do here → okay so let me see "
                 "what we need to do ; okay so let me see what we need to do here ∴ let me see"},
     "trace_longer_than_prose"),
    ("extract", {"answer": VALUES % '["1912", "1958", "1921", "1935"]'}, "extract_not_span"),
    ("extract", {"answer": VALUES % '["1912", "1958", "1921", "934"]'}, "extract_not_span"),
    ("extract", {"answer": VALUES % '["1912", "1912"]'}, "extract_schema"),
    ("extract", {"answer": '{"names": []}'}, "extract_schema"),
    ("extract", {"answer": "names: Thun"}, "extract_schema"),
    ("extract", {"answer": f"```json\n{VALUES % YEARS}\n```"}, "extract_schema"),
    ("extract", {"answer": VALUES % '["1912"]'}, "edit_not_done"),
    ("bullets", {"answer": LONG}, "edit_not_done"),
    ("bullets", {"answer": ANSWERS["bullets"].replace("214", "241")}, "edit_loses_facts"),
    ("bullets", {"answer": ANSWERS["bullets"].replace(" until 1958", "")}, "edit_loses_facts"),
    ("bullets", {"answer": ANSWERS["bullets"] + "\n- Anton Keller sold it."}, "edit_loses_facts"),
    ("letter", {"answer": LONG}, "edit_not_done"),
    ("simplify", {"answer": LONG}, "edit_not_done"),
    ("simplify", {"answer": SIMPLE.replace(" near Thun. It", " near Thun, and it")},
     "edit_not_done"),
    ("simplify", {"answer": SIMPLE.replace(" in 1921", "")}, "edit_loses_facts"),
    ("summarise", {"answer": LONG}, "edit_not_done"),
    ("summarise", {"answer": "A bridge."}, "edit_not_done"),
    ("summarise", {"answer": "The Lindau Bridge was opened by Anton Keller in Thun."},
     "edit_loses_facts"),
    ("summarise", {"text": LONG + " The old keeper Brandt knew Anna Rust.", "answer": "The old "
                   "keeper Rust knew the Lindau Bridge near Thun, which was designed by Vogt."},
     "edit_loses_facts"),
    ("summarise", {"answer": "Nobody remembers why people ever wanted that thing anyway."},
     "edit_loses_facts"),
    ("summarise", {"text": "The Lindau Bridge is long."}, "edit_not_done"),
    ("translate", {"answer": TEXT}, "answer_language"),
    ("translate", {"answer": GERMAN.replace("214", "241")}, "edit_loses_facts"),
    ("translate", {"answer": GERMAN.replace("214 Meter", "einige Meter")}, "edit_loses_facts"),
    ("translate", {"answer": GERMAN.replace("Clara Vogt", "ihr").replace("Thun", "Ort")
                   .replace("Aare", "Fluss")}, "edit_loses_facts"),
    ("translate", {"answer": "Die Brücke bei Thun."}, "edit_not_done"),
    ("bullets", {"reasoning": TRACE.replace("at hand", "of 1876")}, "trace_unsupported"),
    ("bullets", {"reasoning": TRACE.replace("at hand", "in the answer key")}, "trace_leaks_source"),
    ("bullets", {"reasoning": TRACE.replace("at hand", "in the list of errors")},
     "trace_leaks_source"),
    ("bullets", {"reasoning": "no conclusion → at all, however long it goes on and on and on"},
     "trace_grammar"),
    ("bullets", {"reasoning": "∴ done"}, "trace_length"),
    ("bullets", {"reasoning": TRACE.replace("have to stay", "20 + 20 = 50")}, "trace_arithmetic"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fields", "reason"), REFUSED)
def test_each_fault_has_its_reason(name: str, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        require(checks_of(edit(name, **fields)))
    assert caught.value.reason == reason
    assert reason in REASONS


def test_near_misses_pass() -> None:
    spelled = GERMAN.replace("36 Jahre", "sechsunddreißig Jahre")
    assert spelled != GERMAN
    for good in [
        edit("correct", answer=TEXT.replace("served", "kept") if "served" not in str(ERRORS)
             else TEXT.replace("ferry", "boat")),
        edit("correct", answer=TEXT.replace(". ", ".\n")),
        edit("bullets", why="It holds no dates beyond years, so points will do."),
        edit("translate", why="German readers want it in German."),
        edit("correct", reasoning=CORRECTING.replace("all else", "“trams” → no mistake\nall else")),
        edit("extract", answer=VALUES % '["1934", "1912", "1921", "1958"]'),
        edit("extract", answer=(VALUES % YEARS).replace('"Aare", ', "")),
        edit("translate", answer=GERMAN.replace("Lindauer Brücke", "Lindaubrücke")),
        edit("summarise", answer=ANSWERS["summarise"] + " It carried trams until 1958."),
    ]:  # fmt: skip
        assert require(checks_of(good))


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("bullets", "- One.\n- Two.", "- One.\nTwo."),
        ("bullets", "* One.\n\n• Two.", "- One."),
        ("numbered", "1. One.\n2. Two.", "1. One.\n3. Two."),
        ("numbered", "1) One.\n2) Two.", "One.\nTwo."),
        ("questions", "Who?\nAnna.\n\nWhere?\nHere.", "Who?\nAnna.\nWhere?"),
        ("questions", "Who?\nAnna.", "Anna.\nWho?"),
        ("letter", "Dear Anna,\nAll is well.\nYours", "Dear Anna\nAll is well.\nYours"),
        ("letter", "Hello!\nAll is well.\nBest wishes", "Hello!\nAll is well.\nBest wishes."),
    ],
)
def test_forms(form: str, good: str, bad: str) -> None:
    assert misses(good, form) == ""
    assert misses(bad, form)
    with pytest.raises(KeyError):
        misses(good, "sonnet")


def test_simple_sentences() -> None:
    assert complicated("One two three. Four five.", "en", 3) == ""
    assert "4 words" in complicated("One two three four. Five.", "en", 3)
    assert "(" in complicated("One (two).", "en", 3)
    assert complicated("It is the time of k. The other is that of m.", "en", 7) == ""
    assert complicated("Das gilt z. B. Mühlen.", "de", 3) != ""


def test_facts_by_kind() -> None:
    assert extractable_facts(LONG, "en", "dates") == ["3 May 1912"]
    assert extractable_facts(LONG, "en", "years") == ["1912", "1958", "1921", "1934"]
    assert extractable_facts(TEXT, "en", "numbers") == ["214", "1958", "1912", "36"]
    assert "Clara Vogt" in extractable_facts(LONG, "en", "names")


# ---------------------------------------------------------------- what is drawn and asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_instruction_is_worded(language: str) -> None:
    from beam_synth.checks.language import language_check

    kinds = ("names", "dates", "years", "numbers")
    extract = {"task": "extract", "keys": keys_of(kinds, language)}
    assert len(extract["keys"]) == 4
    offers: list[Offer] = [
        extract,
        *({"task": "restyle", "form": form} for form in FORMS),
        *(OFFERS[name] for name in ("correct", "simplify", "summarise")),
        *({"task": "translate", "target": code} for code in LANGUAGES),
    ]
    assert {offer["task"] for offer in offers} == set(TASKS)
    for offer in offers:
        for mode in MODES:
            said = {instruction(language, Wording(mode, n), offers, offer) for n in range(20)}
            assert len(said) > 1
            for text in said:
                assert "{" not in text
                found = language_check("query_language", "query_language", text, language)
                assert found.passed, (text, found.detail)
    words = INSTRUCTIONS[language]
    for greeting in words.greeting:
        for closing in words.closing:
            assert misses(f"{greeting}\nAll is well.\n{closing}", "letter") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_requests_do_not_open_alike(language: str) -> None:
    """No four words open more than one request in 20 of a language."""
    offers: dict[str, Offer] = {
        "correct": OFFERS["correct"],
        "summarise": OFFERS["summarise"],
        "letter": OFFERS["letter"],
        "extract": {"task": "extract", "keys": keys_of(("names",), language)},
    }
    for name, offer in offers.items():
        said = []
        for n in range(400):
            wording = Wording(Draw("mode", n).weighted(MODES), n)
            if wording.mode == "open" and name != "correct":
                wording = Wording("menu", n)
            said.append(instruction(language, wording, list(offers.values()), offer))
        openers = Counter(" ".join(text.split()[:4]) for text in said)
        (opener, often), *_ = openers.most_common(1)
        assert often <= 28, (opener, often)
        assert len(openers) >= 40
    assert len(set(said)) > 250  # the number of the wording draws all of it


def test_a_text_takes_in_what_an_ordinal_cut_off() -> None:
    parts = ["Sie lag vor der 6. ", "Armee lag sie lange am Fluss vor der Stadt und im Tal. "]
    text = "".join([*parts, "Sie mahlte Korn für alle Leute im Tal, auch im Winter und im Frost."])
    starts = (0, len(parts[0]), len("".join(parts)))
    given = dataclasses.replace(seed_text(text, "de"), sentences=starts)
    spans = {draw_span(given, Draw("span", i)) for i in range(60)}
    assert len(parts[0]) not in {start for start, _ in spans}
    assert len(parts[0].rstrip()) not in {end for _, end in spans}


def test_what_is_asked_of_a_sentence_is_a_name() -> None:
    words = words_of("en")
    assert words is not None
    offer = {"task": "restyle", "form": "questions"}
    named = "Clara Vogt built it with 12 men. Then Hugo Lind sold 337 tons there."
    for text, made in ((named, True), ("It had 12 men and a wall. It sold 337 tons.", False)):
        done = restyle(Work(text, "en", words, (), offer, Draw("ask")))
        assert (done is not None) is made
        if done:
            asked = [line for line in done.result.splitlines() if line.endswith("?")]
            assert ["Clara Vogt" in asked[0], "Hugo Lind" in asked[1]] == [True, True]


def test_a_mistake_is_traced_in_its_place() -> None:
    words = words_of("en")
    assert words is not None
    done = correct(Work(BROKEN, "en", words, ERRORS, OFFERS["correct"], Draw("trace")))
    assert done is not None
    for error, step in zip(ERRORS, done.steps, strict=False):
        shown = re.findall("“([^”]*)”", step)
        assert shown[1:] == [error.wrong, error.right]
        assert error.wrong in shown[0] and shown[0] in " ".join(BROKEN.split())


def test_what_is_offered() -> None:
    seed, tasks, sizes = seed_of(SEEDS["en"], 0), Counter[str](), Counter[int]()
    for i in range(400):
        wrong = bool(i % 2)
        offers = draw_offers(LONG, wrong, seed, Draw("offers", i))
        names = [offer["task"] for offer in offers]
        assert len(set(names)) == len(names)
        assert ("correct" in names) is wrong
        sizes[len(names)] += 1
        tasks.update(names)
    assert set(tasks) == set(TASKS)
    assert set(sizes) == {2, 3, 4}
    plain = dataclasses.replace(seed.passage, kind="infobox")
    listed = draw_offers(LONG, False, dataclasses.replace(seed, passage=plain), Draw(1))
    assert {offer["task"] for offer in listed} <= {"translate", "extract"}


def test_a_text_is_whole_sentences() -> None:
    given = SEEDS["en"]
    whole = {(a, b) for a, b in sentences(LONG, "en")}
    starts, ends = {a for a, _ in whole}, {b for _, b in whole}
    seen = {draw_span(given, Draw("span", i)) for i in range(100)}
    assert len(seen) > 3
    assert all(a in starts and b in ends for a, b in seen)
    with pytest.raises(Rejected) as caught:
        draw_span(seed_text("Too short."), Draw(1))
    assert caught.value.reason == "nothing_to_ask"


def _perform(variables: Mapping[str, Any]) -> dict[str, str]:
    from beam_synth.materials.corruption import restore

    assert variables["instruction"] and variables["chosen"]["task"] == "correct"
    trace = CORRECTING.splitlines()
    found = [f"“{e.wrong}” → “{e.right}” ✓" for e in variables["errors"]]
    reasoning = "\n".join([trace[0], *found, trace[-2], "∴ each put right ●"])
    return {"reasoning": reasoning, "answer": restore(variables["text"], variables["errors"])}


def _correct(variables: Mapping[str, Any]) -> dict[str, str]:
    task = "correct" if variables["errors"] else "translate"
    return {"chosen_task": task, "reason": "There are slips."}


SCRIPT = {"editing/choose": _correct, "editing/perform": _perform}


def test_the_model_chooses_then_performs() -> None:
    modes = Counter[str]()
    for i in range(60):
        model = Script(SCRIPT)
        seed = seed_of(SEEDS["en"], i)
        try:
            sample = run("editing", seed, model)
        except (Rejected, AssertionError):
            assert not model.asked[0][1]["errors"]  # not offered, or not what this script does
            continue
        assert [t for t, _ in model.asked] == list(load_method("editing").prompts)
        user, assistant = sample.messages
        assert sample.query and user["content"].startswith(sample.query)
        assert user["content"].endswith(model.asked[0][1]["text"])
        assert assistant["content"].endswith(f"</think>\n{sample.answer}")
        assert sample.answer in LONG
        assert sample.constraints["reason"] == "There are slips."
        modes[sample.constraints["mode"]] += 1
    assert set(modes) == set(MODES)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"chosen_task": "compose", "reason": "Why not."}, "edit_not_offered"),
        ({"chosen_task": "correct", "reason": " "}, "malformed_answer"),
        ({"chosen_task": "correct", "reason": "<think>"}, "malformed_answer"),
    ],
)
def test_a_bad_choice_goes_back_once_and_nothing_is_performed(
    reply: dict[str, str], reason: str
) -> None:
    model = Script({**SCRIPT, "editing/choose": reply})
    with pytest.raises(Rejected) as caught:
        run("editing", seed_of(SEEDS["en"], 0), model)
    assert caught.value.reason == reason
    assert [template for template, _ in model.asked] == ["editing/choose"] * 2


@pytest.mark.parametrize("name", OFFERS)
def test_prompts(name: str) -> None:
    given = edit(name)
    told = {"text": given.text, "language": "fr", "offered": given.offered, "errors": given.errors}
    more = {"chosen": given.chosen, "mode": "menu", "instruction": "Faites-le.",
            "reason": "Parce.", "trace_words": 90}  # fmt: skip
    asked: list[tuple[str, dict[str, Any]]] = [("choose", told), ("perform", {**told, **more})]
    for template, variables in asked:
        system, user = Prompts().render(f"editing/{template}", variables)
        for text in (system["content"], user["content"]):
            assert "{{" not in text and "{%" not in text and "None" not in text
            assert "\n\n\n" not in text
        assert given.text in user["content"] and given.chosen_task in user["content"]
        assert "French" in user["content"]


# ---------------------------------------------------------------- rows by rule, and mutations


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_by_rule_give_their_checks_again(language: str) -> None:
    rows = [row for i in range(60) if (row := row_of(language, i))]
    assert len(rows) > 40
    tasks = {task_of(row) for row in rows}
    assert "correct" in tasks and len(tasks) > 1
    for row in rows:
        assert faults("editing", row, KNOWN) == []
        assert row["language"] == language
        assert row["messages"][0]["content"] == row["query"]


def test_every_task_but_translation_is_done_by_rule() -> None:
    found = Counter(task_of(row) for i in range(120) if (row := row_of("en", i)))
    assert set(found) == set(TASKS) - {"translate"}


def test_translation_alone_is_no_work_for_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tasks are then offered; here none are."""
    monkeypatch.setattr(samples, "DRAWINGS", 1)
    reasons = Counter[str]()
    short = seed_text("a quiet place where nobody was seen and nothing at all was ever heard by "
                      "any of those who came there to rest for a while")  # fmt: skip
    for i in range(60):
        try:
            run("editing", seed_of(short, i))
        except Rejected as error:
            reasons[error.reason] += 1
    assert reasons["unsupported_request"] > 10


def trace_number(row: Row, draw: Draw) -> Row:
    """A number is put into the trace, on both surfaces."""
    trace = row["synthetic_reasoning"]
    at = draw.choice([m.end() for m in re.finditer("→", trace)])
    number = 3000 + draw.below(6000)
    return rendered(row, f"{trace[:at]} {number}{trace[at:]}", row["synthetic_answer"])


def answer_number(row: Row, draw: Draw) -> Row:
    """A figure of the result is another one, on both surfaces."""
    answer = row["synthetic_answer"]
    at = draw.choice([m.start() for m in re.finditer(r"\d", answer)])
    digit = str((int(answer[at]) + 1 + draw.below(9)) % 10)
    return rendered(row, row["synthetic_reasoning"], answer[:at] + digit + answer[at + 1 :])


def letter(row: Row, draw: Draw) -> Row:
    """A letter is put into a column, or into a message."""
    copied = changed(row)
    columns = ["synthetic_reasoning", "synthetic_answer", "query", "query_seed_text", 0, 1]
    column = draw.choice(columns)
    holder: Any = copied if isinstance(column, str) else copied["messages"][column]
    key = column if isinstance(column, str) else "content"
    at = draw.below(len(holder[key]))
    holder[key] = f"{holder[key][:at]}q{holder[key][at:]}"
    return copied


def constraint(row: Row, draw: Draw) -> Row:
    """One of the drawn values is another one."""
    held = orjson.loads(row["constraints"])
    name = draw.choice(["chosen_task", "offered", "mode", "span", "language"])
    others = {
        "chosen_task": draw.choice([t for t in TASKS if t != held["chosen_task"]]),
        "offered": [{"task": "translate", "target": "pl"}],
        "mode": draw.choice([m for m in MODES if m != held["mode"]]),
        "span": [held["span"][0] + 1, held["span"][1]],
        "language": "de",
    }
    return constrained(row, **{name: others[name]})


def broken_again(row: Row, draw: Draw) -> Row:
    """One error stands in the result again, on both surfaces."""
    errors, answer = orjson.loads(row["constraints"])["errors"], row["synthetic_answer"]
    chosen = draw.below(len(errors))
    shift = sum(len(e["right"]) - len(e["wrong"]) for e in errors[:chosen])
    error = errors[chosen]
    at = error["start"] + shift
    assert answer[at:].startswith(error["right"])
    altered = answer[:at] + error["wrong"] + answer[at + len(error["right"]) :]
    return rendered(row, row["synthetic_reasoning"], altered)


def error_list(row: Row, draw: Draw) -> Row:
    """The list of errors says something else."""
    errors = orjson.loads(row["constraints"])["errors"]
    chosen = errors[draw.below(len(errors))]
    name = draw.choice(["wrong", "right", "start", "drop"])
    if name == "drop":
        errors.remove(chosen)
    elif name == "start":
        chosen["start"] += 1
        chosen["end"] += 1
    else:
        chosen[name] += "x"
    return constrained(row, errors=errors)


def value(row: Row, draw: Draw) -> Row:
    """An extracted value is another one, or is left out, on both surfaces."""
    data = orjson.loads(row["synthetic_answer"])
    key = draw.choice([key for key, values in data.items() if values])
    at = draw.below(len(data[key]))
    how = draw.below(3)
    if how == 0:
        data[key][at] += "s"
    elif how == 1:
        data[key][at] = data[key][at][1:]
    else:
        del data[key][at]
    return rendered(row, row["synthetic_reasoning"], orjson.dumps(data).decode())


MUTATED = [
    *((task, mutate) for task in ("correct", "extract", "restyle", "summarise", "simplify")
      for mutate in (trace_number, answer_number, letter, constraint)),
    ("correct", broken_again), ("correct", error_list), ("extract", value),
]  # fmt: skip


@pytest.mark.parametrize(("task", "mutate"), MUTATED)
def test_every_mutation_is_caught(task: str, mutate: Any) -> None:
    rows = rows_of(task, 12)
    rows = [
        r for r in rows if mutate is not answer_number or re.search(r"\d", r["synthetic_answer"])
    ]
    assert len(rows) > 4
    for index in range(MUTATIONS):
        mutated = mutate(rows[index % len(rows)], Draw(mutate.__name__, task, index))
        assert faults("editing", mutated, KNOWN), (mutate.__name__, index, mutated["messages"])


def test_rows_that_cannot_be_read_fail() -> None:
    row = rows_of("correct", 1)[0]
    for broken in (changed(row, constraints="{}"), changed(row, seeds=[])):
        assert any("cannot be read" in fault for fault in faults("editing", broken, KNOWN))
