"""The multiple-choice exercise: options, key and its place, rows by rule, mutations caught."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from beam_synth.checks import Exchange, require
from beam_synth.checks.forms import FORM_REASONS
from beam_synth.drawing import Draw, digest
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Rejected
from beam_synth.methods import PassageSeed, load_method
from beam_synth.methods.mcq.checks import checks_of, key_fit, query_checks
from beam_synth.methods.mcq.choice import LETTERS, Choice, kind_of
from beam_synth.methods.shared.bare_query import bare_query
from beam_synth.records import LANGUAGES, REASONS, Passage
from tests.doubles import exchanges
from tests.doubles.exchanges import AXES, FAR_TEXT, NEAR, NEAR_TEXT, TEXT, passage
from tests.doubles.ports import Script
from tests.doubles.written import Row, Texts, changed, constrained, faults, rendered, run, written

MUTATIONS = 200
FOCUS = "The bridge is 214 metres long and carried trams until 1958."
QUESTION = "How many metres long is the tram bridge at Thun?"
OPTIONS = ("288", "214", "176", "305")
TRACE = (
    "wanted: one length ⟨H≈0.5⟩ → tram bridge at Thun\n"
    "├─ A “288” : length of the river → not the bridge ○\n"
    "├─ B “214” : length on record → fits ◐\n"
    "├─ C “176” : nothing speaks for it → out ○\n"
    "└─ D “305” : longer than recalled → out ○\n"
    "∴ B) 214 ●"
)
ANSWER = "B) 214. The bridge is 214 metres long."

SEEDS = {
    "en": (TEXT, NEAR_TEXT, FAR_TEXT),
    "fr": (
        "Le pont franchit l'Aare près de Thoune. Il fut dessiné par Claire Vogt et ouvert "
        "le 3 mai 1912. Le pont mesure 214 mètres et porta des tramways jusqu'en 1958.",
        "La rivière naît dans les Alpes et passe par Berne. Elle fut fixée par Jean Morel en 1870.",
    ),
    "de": (
        "Die Brücke führt bei Thun über die Aare. Sie wurde am 3. Mai 1912 eröffnet. Die Brücke "
        "ist 214 Meter lang und trug bis 1958 eine Straßenbahn.",
        "Der Fluss ist 288 Kilometer lang. Vor 1920 wurden 17 Brücken gebaut.",
    ),
    "es": (
        "El puente cruza el río Aare cerca de Thun. Fue trazado por Clara Vogt y abierto el 3 de "
        "mayo de 1912. El puente mide 214 metros y llevó tranvías hasta 1958.",
        "El río nace en los Alpes y pasa por Berna. Mide 288 kilómetros.",
    ),
    "it": (
        "Il ponte attraversa il fiume Aare vicino a Thun. Fu disegnato da Clara Vogt e aperto il 3 "
        "maggio 1912. Il ponte misura 214 metri e portò i tram fino al 1958.",
        "Il fiume nasce nelle Alpi e passa per Berna. Misura 288 chilometri.",
    ),
    "pl": (
        "Most przecina rzekę Aare w pobliżu miasta Thun. Został otwarty 3 maja 1912 roku. Most ma "
        "214 metrów długości i służył tramwajom do 1958 roku.",
        "Rzeka ma 288 kilometrów długości. Przed 1920 rokiem zbudowano 17 mostów.",
    ),
    "nl": (
        "De brug ligt bij Thun over de rivier de Aare. Zij werd op 3 mei 1912 geopend. De brug is "
        "214 meter lang en droeg tot 1958 een tram.",
        "De rivier is 288 kilometer lang. Voor 1920 werden er 17 bruggen gebouwd.",
    ),
    "la": (
        "Pons prope urbem Thunum ultra flumen ducit. Anno 1912 perfectus est et populo apertus. "
        "Pons 214 passus longus est et ad annum 1958 plaustra tulit.",
        "Flumen 288 milia passuum longum est. Ante annum 1920 pontes 17 facti sunt.",
    ),
}


def group_of(language: str) -> list[Passage]:
    return [
        exchanges.split(
            text,
            ("Lindau Bridge", "Aare", "Cable ferry")[i],
            language=language,
            passage_id=f"{LANGUAGES.index(language)}{i}".zfill(32),
            url=f"https://x/{language}/{i}",
        )
        for i, text in enumerate(SEEDS[language])
    ]


GROUPS = {language: group_of(language) for language in LANGUAGES}
KNOWN = Texts([p for group in GROUPS.values() for p in group])


def seed_of(language: str, index: int) -> PassageSeed:
    given, *others = GROUPS[language]
    return exchanges.seed_of("mcq", given, index, others)


@functools.cache
def row_of(language: str, index: int) -> Row | None:
    """A row by the rule engine; None where it is rejected."""
    try:
        return written("mcq", seed_of(language, index))
    except Rejected:
        return None


ROWS = functools.cache(lambda: [row for i in range(40) if (row := row_of("en", i))])


def choice(**changes: Any) -> Choice:
    """A choice that passes its checks; tests change one thing at a time."""
    options, key = changes.pop("options", OPTIONS), changes.pop("key", 1)
    values: dict[str, Any] = {
        "language": "en", "query": QUESTION, "reasoning": TRACE, "answer": ANSWER, "focus": FOCUS,
        "axes": dict(AXES), "passage": passage(), "neighbors": (NEAR,),
    }  # fmt: skip
    return Choice(Exchange(**{**values, **changes}), tuple(options), key)


def test_a_good_choice_passes() -> None:
    assert all(record["passed"] for record in require(checks_of(choice())))
    assert choice().prompt == f"{QUESTION}\n\nA) 288\nB) 214\nC) 176\nD) 305"


NAMES = ("Clara Vogt", "Anna Keller", "Emil Zimmer", "Berta Imhof")
WHO = {"query": "Who designed the tram bridge near Thun?", "key": 0, "options": NAMES,
       "focus": "It was designed by Clara Vogt"}  # fmt: skip
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"options": OPTIONS[:3]}, "mcq_options"),
    ({"options": ("214", "214", "176", "305"), "key": 0}, "mcq_options"),
    ({"options": ("2140", "214", "176", "305")}, "mcq_options"),
    ({"options": ("Bern", "214", "176", "305")}, "mcq_options"),
    ({"options": ("1914", "214", "176", "305")}, "mcq_options"),
    ({"options": ("", "214", "176", "305")}, "mcq_options"),
    ({"options": ("288", "214", "176", "305"), "query": QUESTION + " Is it 176?"}, "mcq_options"),
    ({**WHO, "options": (*NAMES[:3], "Maximilian Ferdinand Alexander von Hohenburg")},
     "mcq_options"),
    ({**WHO, "options": ("Clara Vogt", *NAMES[1:3], "CLARA VÓGT")}, "mcq_options"),
    ({**WHO, "options": (*NAMES[:3], "Vogt")}, "mcq_options"),
    ({"key": 0}, "mcq_key"),
    ({"key": 4}, "mcq_key"),
    ({"options": ("288", "214", "176", "1,958")}, "mcq_key"),
    ({"focus": "The bridge is 214 yards long"}, "mcq_key"),
    ({**WHO, "options": (*NAMES[:3], "Lindau Bridge"), "focus": TEXT[:104]}, "mcq_key"),
    ({**WHO, "options": ("Clara Vogt", "Anna Keller", "Thursday", "Berta Imhof")}, "mcq_options"),
    ({"query": "Name a number of metres that bridges have.",
      "options": ("1912", "214", "36", "17")}, "mcq_options"),
    ({**WHO, "query": "Name a person who worked on bridges near Thun.",
      "options": (*NAMES[:3], "Jean Morel"), "neighbors": (dataclasses.replace(
          NEAR, title="Lindau Bridge", text="Jean Morel repaired bridges."),)}, "mcq_key"),
    ({**WHO, "query": "Who designed it for Anna Keller, unlike Clara Vogt, near the town?",
      "key": 0, "options": ("the tram bridge", "the old ferry", "the toll house", "the town mill"),
      "focus": "It was designed by Clara Vogt"}, "mcq_key"),
    ({"query": "The bridge is 214 metres long and carried trams until when?", "key": 0,
      "options": ("1958", "1942", "1930", "1961")}, "query_copies_focus"),
    ({"query": "According to the text, how many metres long is it?"}, "query_names_source"),
    ({"query": "Combien de mètres mesure le pont du tramway près de la ville ?"}, "query_language"),
    ({"answer": "A) 288. The bridge is 214 metres long."}, "mcq_key"),
    ({"answer": "The bridge is 214 metres long."}, "mcq_key"),
    ({"answer": "B) 2145. The bridge is long."}, "mcq_key"),
    ({"answer": ANSWER + " It is not A) 288."}, "mcq_key"),
    ({"answer": ANSWER + " It is 305 metres high."}, "answer_not_entailed"),
    ({"answer": ANSWER + " Anton Keller built it."}, "answer_not_entailed"),
    ({"answer": "B) 214. Le pont mesure deux cent quatorze mètres dans toute sa longueur."},
     "answer_language"),
    ({"reasoning": TRACE.replace("∴ B) 214", "∴ A) 288")}, "trace_misses_answer"),
    ({"reasoning": TRACE.replace("∴ B) 214", "∴ B")}, "trace_misses_answer"),
    ({"reasoning": TRACE.replace("on record", "of 777")}, "trace_unsupported"),
    ({"reasoning": TRACE.replace("on record", "from the passage")}, "trace_leaks_source"),
    ({"reasoning": TRACE.replace("└─", "├─")}, "trace_grammar"),
    ({"reasoning": TRACE.replace("├─ A “288” : length of the river → not the bridge ○",
                                 "├─ A) 288 : everything speaks for it ●")}, "trace_misses_answer"),
    ({"reasoning": TRACE.replace("├─ B “214” : length on record → fits ◐",
                                 "├─ B) 214 : far too long ◐")}, "trace_misses_answer"),
    ({"answer": "B) 214."}, "mcq_key"),
    ({"reasoning": "∴ B) 214"}, "trace_length"),
    ({"reasoning": TRACE.replace("fits", "1958 − 1912 = 36")}, "trace_arithmetic"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "reason"), REFUSED)
def test_each_fault_has_its_reason(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        require(checks_of(choice(**fields)))
    assert caught.value.reason == reason
    assert reason in REASONS


def test_a_distractor_may_not_be_true_by_another_sentence() -> None:
    question = "Who designed the old bridge near Thun?"
    twin = passage(
        "Emil Zimmer designed the stones. The bridge near Thun was designed by Anna Keller.",
        "Twin", passage_id="7" * 32,
    )  # fmt: skip
    focus = "It was designed by Clara Vogt"
    with pytest.raises(Rejected) as caught:
        require(query_checks(choice(**{**WHO, "query": question, "neighbors": (twin,)})))
    assert caught.value.reason == "mcq_key"
    assert "'Anna Keller' answers" in caught.value.detail
    others = (NAMES[0], "Jakob Frey", *NAMES[2:3], NAMES[3])
    far = passage("Emil Zimmer lived in Bern.", "Far", passage_id="8" * 32)
    good = choice(**{**WHO, "options": others, "neighbors": (far,), "focus": focus})
    assert require(query_checks(good))


def test_near_misses_pass() -> None:
    near_misses: list[dict[str, Any]] = [
        {**WHO},
        {"options": ("288 metres", "214 metres", "176 metres", "305 metres"),
         "query": "How long is the tram bridge at Thun?"},
        {"options": ("1919", "1958", "1933", "1947"), "query": "Until when did it carry trams?"},
        {"options": ("a toll house", "a ferry", "a market", "a ford"), "key": 1,
         "query": "What served the crossing earlier on?",
         "focus": "Before 1912 a ferry served the crossing"},
    ]  # fmt: skip
    for fields in near_misses:
        assert require(query_checks(choice(**fields)))


@pytest.mark.parametrize(
    ("option", "language", "kind"),
    [
        ("1912", "en", "year"), ("3 May 1912", "en", "date"), ("214", "en", "number"),
        ("214 metres", "en", "number"), ("1,250", "en", "number"), ("Clara Vogt", "en", "name"),
        ("a ferry", "en", "phrase"), ("3 mai 1912", "fr", "date"), ("Rue de Bern", "fr", "name"),
        ("drei Brücken", "de", "phrase"), ("XIX", "en", "number"), ("3. Mai 1912", "de", "date"),
    ],
)  # fmt: skip
def test_kinds(option: str, language: str, kind: str) -> None:
    assert kind_of(option, language) == kind


def test_key_fit_sees_a_bias() -> None:
    fair = [i % 4 for i in range(400)]
    assert key_fit(fair) > 0.9
    assert key_fit([*fair, *([2] * 80)]) < 1e-6
    assert key_fit([]) == 1.0


# ---------------------------------------------------------------- the method

QUERY = {"question": QUESTION, "key": "214", "distractors": ["288", "176", "305"], "focus": FOCUS}


def _answer(variables: Mapping[str, Any]) -> dict[str, str]:
    key = variables["key"]
    trace = (
        "wanted: one length → tram bridge at Thun ◐\n288 → length of the river, 176 → no span ⚠\n"
        f"recall: length → one fits ☑\n∴ {key} ●"
    )
    assert key == f"{key[0]}) 214" and key in variables["prompt"]
    return {"reasoning": trace, "answer": f"{key}. The bridge is 214 metres long."}


SCRIPT = {"mcq/query": QUERY, "mcq/answer": _answer}


def test_the_key_stands_anywhere_alike() -> None:
    keys, firsts = [], set()
    for i in range(400):
        sample = run("mcq", seed_of("en", i), Script(SCRIPT))
        held = sample.constraints
        assert held["options"][held["key"]] == "214"
        assert sorted(held["options"]) == sorted(["214", *QUERY["distractors"]])
        assert bare_query(sample.query, "mcq") == QUESTION
        assert sample.messages[0]["content"].startswith(f"{QUESTION}\n\nA) ")
        assert sample.answer.startswith(f"{LETTERS[held['key']]}) 214")
        keys.append(held["key"])
        firsts.add(tuple(held["options"]))
    assert key_fit(keys) > 1e-3
    assert len(firsts) == 24


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"distractors": ["288", "176"]}, "mcq_options"),
        ({"distractors": ["288", "176", " "]}, "malformed_answer"),
        ({"focus": "The bridge is 300 metres long"}, "focus_not_span"),
        ({"question": "Is it </think> long?"}, "malformed_answer"),
        ({"key": "288", "distractors": ["214", "176", "305"]}, "mcq_key"),
        ({"question": "Wie viele Meter lang ist die Brücke der Straßenbahn?"}, "query_language"),
    ],
)
def test_a_bad_question_costs_no_answer(changes: dict[str, Any], reason: str) -> None:
    model = Script({**SCRIPT, "mcq/query": {**QUERY, **changes}})
    with pytest.raises(Rejected) as caught:
        run("mcq", seed_of("en", 0), model)
    assert caught.value.reason == reason
    tries = 2 if reason in FORM_REASONS else 1
    assert [template for template, _ in model.asked] == ["mcq/query"] * tries


def test_prompts() -> None:
    told = {"passage": passage(), "neighbors": [NEAR], "axes": AXES, "language": "fr"}
    more = {"question": QUESTION, "options": list(OPTIONS), "key": "B) 214",
            "prompt": choice().prompt, "focus": FOCUS, "trace_words": 90}  # fmt: skip
    assert list(load_method("mcq").prompts) == ["mcq/query", "mcq/answer"]
    for template, variables in [("mcq/query", told), ("mcq/answer", {**told, **more})]:
        system, user = Prompts().render(template, variables)
        for text in (system["content"], user["content"]):
            assert "French" in text and "None" not in text and "\n\n\n" not in text
            assert "{{" not in text and "{%" not in text and "as the word says" not in text
        assert passage().text in user["content"] and NEAR.text in user["content"]


# ---------------------------------------------------------------- rows by rule, and mutations


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_by_rule_give_their_checks_again(language: str) -> None:
    rows = [row for i in range(30) if (row := row_of(language, i))]
    assert len(rows) > 20
    for row in rows:
        assert faults("mcq", row, KNOWN) == []
        held = orjson.loads(row["constraints"])
        assert len(held["options"]) == 4
        assert held["focus"] in row["query_seed_text"]
    assert len({row["query"] for row in rows}) > 5


def test_rules_that_find_no_value_say_so() -> None:
    empty = passage("A bridge. It stands there and nobody ever uses it at all.", "Bridge")
    seed = seed_of("en", 1)
    with pytest.raises(Rejected) as caught:
        run("mcq", PassageSeed(seed.task, empty))
    assert caught.value.reason == "nothing_to_ask"


def trace_number(row: Row, draw: Draw) -> Row:
    """A number is put into the trace, on both surfaces."""
    trace = row["synthetic_reasoning"]
    at = draw.choice([m.end() for m in re.finditer("→", trace)])
    return rendered(
        row, f"{trace[:at]} {3000 + draw.below(6000)}{trace[at:]}", row["synthetic_answer"]
    )


def answer_number(row: Row, draw: Draw) -> Row:
    """A number is put into the answer, or the key in it is another, on both surfaces."""
    answer, number = row["synthetic_answer"], str(3000 + draw.below(6000))
    head = answer.index(". ")
    altered = f"{answer} {number}" if draw.below(2) else f"{answer[:3]}{number}{answer[head:]}"
    return rendered(row, row["synthetic_reasoning"], altered)


def option(row: Row, draw: Draw) -> Row:
    """An option is another one: in the constraints, in the prompt, or in both."""
    options = orjson.loads(row["constraints"])["options"]
    at, how = draw.below(4), draw.below(3)
    other = f"{options[at]}{'x' if options[at][-1].isalpha() else draw.below(10)}"
    prompt = row["messages"][0]["content"].replace(
        f"\n{LETTERS[at]}) {options[at]}", f"\n{LETTERS[at]}) {other}"
    )
    options[at] = other
    altered = constrained(row, options=options) if how != 1 else changed(row)
    if how != 0:
        altered["messages"][0]["content"] = prompt
    return altered


def key_moved(row: Row, draw: Draw) -> Row:
    """Another option is said to be the key: in the constraints, or on both surfaces."""
    held = orjson.loads(row["constraints"])
    key, options = held["key"], held["options"]
    other = (key + 1 + draw.below(3)) % 4
    if draw.below(2):
        return constrained(row, key=other)
    old, new = (f"{LETTERS[i]}) {options[i]}" for i in (key, other))
    return rendered(row, row["synthetic_reasoning"].replace(old, new),
                    row["synthetic_answer"].replace(old, new))  # fmt: skip


def options_swapped(row: Row, draw: Draw) -> Row:
    """Two options change places in the constraints."""
    options = orjson.loads(row["constraints"])["options"]
    a, b = draw.sample(range(4), 2)
    options[a], options[b] = options[b], options[a]
    return constrained(row, options=options)


def letter(row: Row, draw: Draw) -> Row:
    """A letter is put into a column, or into a message."""
    copied = changed(row)
    column: Any = draw.choice(
        ["synthetic_reasoning", "synthetic_answer", "query", "query_seed_text", 0, 1]
    )
    holder: Any = copied if isinstance(column, str) else copied["messages"][column]
    key = column if isinstance(column, str) else "content"
    at = draw.below(len(holder[key]))
    holder[key] = f"{holder[key][:at]}q{holder[key][at:]}"
    return copied


def seeds(row: Row, draw: Draw) -> Row:
    """A seed is another one, or has another role."""
    copied = changed(row)
    how = draw.below(3)
    if how == 0:
        copied["seeds"][1]["role"] = "distractor"
    elif how == 1:
        copied["seeds"].reverse()
    else:
        copied["seeds"][draw.below(2)]["text_sha256"] = digest("unknown", size=32)
    return copied


MUTATE = [trace_number, answer_number, option, key_moved, options_swapped, letter, seeds]


@pytest.mark.parametrize("mutate", MUTATE)
def test_every_mutation_is_caught(mutate: Any) -> None:
    rows = ROWS()
    assert len(rows) > 25
    for index in range(MUTATIONS):
        mutated = mutate(rows[index % len(rows)], Draw(mutate.__name__, index))
        assert faults("mcq", mutated, KNOWN), (mutate.__name__, index, mutated["messages"])
