"""multi_turn: what is asked, checked and written, over a scripted model and the rule engine."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from beam_synth.checks.language import language_check
from beam_synth.drawing import Draw, digest, draw
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Rejected
from beam_synth.methods import RecordSeed
from beam_synth.methods.multi_turn.checks import (
    answer_checks,
    check_linked,
    check_parent,
    check_turn_roles,
    query_checks,
    similarity,
)
from beam_synth.methods.multi_turn.conversation import (
    KINDS,
    Conversation,
    conversation_sha256,
    split_trace,
)
from beam_synth.methods.multi_turn.opening import draw_kinds, material, offered, opened
from beam_synth.methods.multi_turn.program import conversation_of
from beam_synth.methods.shared.samples import turns
from beam_synth.records import LANGUAGES, Task
from beam_synth.rule_engine import Extractive
from beam_synth.rule_engine.conversation_words import WORDINGS, TurnPhrases
from beam_synth.rule_engine.equations import turnable_equations
from beam_synth.rule_engine.languages import language as words_of
from beam_synth.rule_engine.layouts import LAYOUTS
from beam_synth.rule_engine.quoting import quoted
from beam_synth.text.anaphora import leans
from beam_synth.text.equations import evaluate_arithmetic
from beam_synth.text.phrases import points_at_text
from tests.doubles.conversations import EXERCISES, TALES, parent, tale
from tests.doubles.ports import Data, Rules, Script, Variables
from tests.doubles.written import Row, Texts, changed, constrained, faults, run, written

TEXTS = Texts(tale(language) for language in LANGUAGES)
MUTATIONS = 200
BY_RULE = Extractive.fewer_languages["multi_turn"]


def seed_of(exercise: str, language: str = "en", index: int = 0, **columns: Any) -> RecordSeed:
    row = parent(exercise, language, **columns)
    task_id = digest(exercise, language, index)
    task = Task(task_id, "multi_turn", language, "", (), index, row["synth_id"], "file")
    return RecordSeed(task, row)


@functools.cache
def ruled(exercise: str, language: str, index: int) -> Row:
    """The row of the first of some tasks that the rules can go on from: not every kind can be."""
    return first_made(lambda attempt: seed_of(exercise, language, index + 1000 * attempt))


def first_made(seed: Callable[[int], RecordSeed]) -> Row:
    for attempt in range(40):
        try:
            return written("multi_turn", seed(attempt))
        except Rejected as error:
            assert error.reason == "nothing_to_ask"
    raise AssertionError("no such task")


def said(row: Row) -> list[str]:
    return [message["content"] for message in row["messages"]]


# ---------------------------------------------------------------- by the rule engine


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("language", BY_RULE)
def test_every_exercise_can_go_on_in_every_language(exercise: str, language: str) -> None:
    first = parent(exercise, language)
    for index in range(6):
        row = ruled(exercise, language, index)
        assert faults("multi_turn", row, TEXTS) == []
        constraints = orjson.loads(row["constraints"])
        assert 1 <= constraints["turns"] <= 4
        assert [m["role"] for m in row["messages"]] == ["user", "assistant"] * (
            constraints["turns"] + 1
        )
        assert row["messages"][:2] == first["messages"]
        assert (row["synthetic_reasoning"], row["synthetic_answer"]) == split_trace(said(row)[-1])
        assert (row["parents"], row["synthetic_depth"]) == ([first["synth_id"]], 2)
        assert row["seeds"] == first["seeds"] and row["query"] == first["query"]
        assert (row["exercise"], row["language"]) == ("multi-turn", language)
        assert constraints["parent_exercise"] == exercise


def test_a_row_is_made_again() -> None:
    made = 0
    for exercise in EXERCISES:
        seed = seed_of(exercise, "fr", 3)
        try:
            sample = run("multi_turn", seed)
        except Rejected:
            continue
        assert sample == run("multi_turn", seed)
        made += 1
    assert made > len(EXERCISES) // 2


def test_every_kind_comes_up_and_none_twice_in_a_row() -> None:
    seen, numbers = Counter[str](), Counter[int]()
    for language in BY_RULE:
        for index in range(6):
            kinds = orjson.loads(ruled("memorization", language, index)["constraints"])["kinds"]
            seen.update(kinds)
            numbers[len(kinds)] += 1
            assert all(a != b for a, b in itertools.pairwise(kinds))
    assert set(seen) == set(KINDS) and set(numbers) == {1, 2, 3, 4}


def test_calculations_are_turned_round() -> None:
    answers = [a for i in range(30) for a in said(ruled("math exercise", "en", i))[3::2]]
    backwards = [a for a in answers if "68 + 40 = 108; 108 ÷ 9 = 12" in a]
    forwards = [a for a in answers if "12 × 9 = 108; 108 − 40 = 68" in a]
    assert backwards and forwards


def test_statements_from_a_shown_source_are_cited() -> None:
    cited = [a for i in range(20) for a in said(ruled("rag", "en", i))[3::2] if "<ref" in a]
    assert cited and all('<ref name="source_2">' in answer for answer in cited)


def test_a_withheld_seed_is_no_material() -> None:
    shown = parent("rag")
    assert material(shown, "rag") == material(shown, "memorization")
    text = TALES["en"][1]
    prompt = said(shown)[0].replace(text, "A lake near Perrow lies in the Ost valley.")
    hidden = changed(shown)
    hidden["messages"][0]["content"] = prompt
    found = material(hidden, "rag")
    assert found is not None and found.text == "A lake near Perrow lies in the Ost valley."
    assert material(parent("math exercise"), "math exercise") is None


def test_a_row_of_unknown_texts_cannot_be_read() -> None:
    row = ruled("memorization", "en", 0)
    assert any("cannot be read" in fault for fault in faults("multi_turn", row, Texts([])))
    unreadable: list[dict[str, Any]] = [
        {"constraints": ""}, {"constraint_list": ["x"]}, {"seeds": []},
    ]  # fmt: skip
    for column in unreadable:
        assert faults("multi_turn", changed(row, **column), TEXTS)


@pytest.mark.parametrize("language", BY_RULE)
def test_wordings(language: str) -> None:
    words = words_of(language)
    assert words is not None
    wording = WORDINGS[language]

    def filled(text: str) -> str:
        term = quoted("Lindau", words)
        return text.format(a=term, quote=term, false="1913", steps="1 + 1 = 2")

    queries = [*wording.deepen, *wording.shift, *wording.clarify, *wording.doubt, *wording.sure]
    queries += [*wording.how, *wording.check, *(q for qs in wording.layouts.values() for q in qs)]
    answers = [*wording.clarified, *wording.corrected, *wording.confirmed]
    answers += [*wording.steps, *wording.checked]
    assert set(wording.layouts) == set(LAYOUTS)
    assert {f.name for f in dataclasses.fields(TurnPhrases)} >= {"deepen", "checked"}
    for text in map(filled, queries):
        assert leans(text, language), text
    for text in map(filled, [*queries, *answers]):
        assert not points_at_text(text, language), text
        assert language_check("x", "query_language", text, language).passed, text


def test_queries_of_another_engine_get_an_answer() -> None:
    def asked(template: str, variables: Variables, data: Data) -> Data:
        if template != "multi_turn/query":
            return data
        query = f"And what of it, after turn {len(variables['messages'])}?"
        return {"query": query, "focus": "The wheel has 24 oak paddles and weighs 3 tonnes."}

    seeds = [seed_of("memorization", "en", index) for index in range(40)]
    single = [s for s in seeds if draw(1, s.task.task_id, "turns").below(4) == 0]
    told = 0
    for seed in single:
        if "reformatting" in draw_kinds(KINDS, 1, draw(1, seed.task.task_id, "kinds")):
            continue
        try:
            row = written("multi_turn", seed, Rules(asked))
        except Rejected as error:
            assert error.reason == "nothing_to_ask"
            continue
        assert "24 oak paddles" in row["synthetic_answer"]
        assert faults("multi_turn", row, TEXTS) == []
        told += 1
    assert told


# ---------------------------------------------------------------- what is rejected

SECOND = {
    "query": "And what about its wheel?",
    "focus": "The wheel has 24 oak paddles and weighs 3 tonnes.",
    "reasoning": "“its” → the mill ●\nwheel → paddles counted, weight known ☑\n"
    "weight in tonnes ✓\n∴ 24 paddles, 3 tonnes ●",
    "answer": "It has 24 paddles of oak and weighs 3 tonnes.",
}


def conversation(**changes: Any) -> Conversation:
    """A conversation with one follow-up; the keys of SECOND, and any field."""
    turn = {**SECOND, **{k: changes.pop(k) for k in tuple(changes) if k in SECOND}}
    first = opened(seed_of(changes.pop("exercise", "memorization")))
    messages = (*first.messages, *turns(turn["query"], turn["reasoning"], turn["answer"]))
    fields = {"messages": messages, "kinds": ("deepening",), "focuses": (turn["focus"],)}
    return dataclasses.replace(first, **{**fields, **changes})


def failed(found: Conversation) -> list[str]:
    checks = [check_turn_roles(found), check_parent(found), check_linked(found)]
    checks += [*query_checks(found, 1), *answer_checks(found, 1)]
    return [check.reason for check in checks if not check.passed]


def first_turn() -> str:
    return TALES["en"][3]


FAULTY: list[tuple[str, dict[str, Any]]] = [
    ("turn_roles", {"kinds": ("deepening", "deepening")}),
    ("turn_roles", {"kinds": ("chatting",)}),
    ("turn_roles", {"answer": " ", "focus": "x"}),
    ("parent_changed", {"parent_sha256": "0" * 64}),
    ("parent_changed", {"query": SECOND["query"], "parent_sha256": conversation_sha256("", [])}),
    ("turn_repeats", {"query": TALES["en"][2]}),
    ("turn_repeats", {"answer": first_turn()}),
    ("turn_repeats", {"answer": first_turn(), "kinds": ("reformatting",)}),
    ("turn_repeats", {"answer": f"Yes. {first_turn()}"}),
    ("turn_unlinked", {"query": "How high is the highest hill of Lower Ostland?"}),
    ("query_language", {"query": "Et que peut-on dire de la roue, et de son poids, avec cela ?"}),
    ("query_names_source", {"query": "And what does the passage say of its wheel?"}),
    ("answer_language", {"answer": "La roue est faite de chêne et elle pèse 3 tonnes en tout."}),
    ("answer_not_entailed", {"answer": "It has 24 paddles of oak and weighs 7 tonnes."}),
    ("answer_not_entailed", {"answer": "It was made by Anton Keller, with 24 paddles."}),
    ("answer_not_entailed", {"answer": "That is something that nobody can tell."}),
    (
        "answer_not_entailed",  # a reformatting adds nothing from the seed
        {"kinds": ("reformatting",), "answer": "- built by Marta Holm\n- 24 paddles of oak"},
    ),
    ("trace_length", {"reasoning": "a → b\n∴ c"}),
    ("trace_grammar", {"reasoning": SECOND["reasoning"].replace("∴", "so")}),
    ("trace_language", {"reasoning": "la roue est en chêne et elle pèse lourd → il faut la "
     "peser avec soin ●\non la connaît depuis longtemps ✓\n∴ elle pèse 3 tonnes ●"}),
    ("trace_leaks_source", {"reasoning": f"from the passage → clear\n{SECOND['reasoning']}"}),
    ("trace_leaks_source", {"answer": "In the article it has 24 paddles of oak, and 3 tonnes."}),
    ("trace_unsupported", {"reasoning": f"built 1799 → old\n{SECOND['reasoning']}"}),
    ("trace_arithmetic", {"reasoning": f"24 × 3 = 71 → sum ●\n{SECOND['reasoning']}"}),
    ("trace_longer_than_prose", {"reasoning": "okay so let me think about it → well let me think "
     "about it\nokay so let me think about it\n∴ well let me think about it"}),
    (
        "turn_contradicts",  # a false doubt is given in to
        {
            "kinds": ("challenge",), "query": "Wasn't it 20 paddles?",
            "reasoning": SECOND["reasoning"].replace("∴ 24", "∴ not 20 paddles but 24"),
            "answer": "You are right, it has 20 paddles of oak and weighs 3 tonnes.",
        },
    ),
    (
        "turn_contradicts",
        {
            "kinds": ("challenge",), "query": "Wasn't it 20 paddles, of beech?",
            "focus": "24 oak paddles", "answer": "The wheel has 20 paddles and weighs 3 tonnes.",
        },
    ),
    (
        "turn_contradicts",  # an item is left out
        {
            "kinds": ("reformatting",), "query": "Please give that as a list.",
            "focus": first_turn(), "answer": "- built by Marta Holm\n- ground rye until 1931",
        },
    ),
    (
        "turn_contradicts",  # another option
        {"exercise": "mcq", "answer": "B) it is, with 24 paddles of oak and 3 tonnes."},
    ),
    ("answer_swaps", {"answer": "It has 60 paddles of oak and 24 of them weigh 3 tonnes."}),
    (
        "answer_contradicts_trace",
        {"answer": "It is of oak.", "reasoning": SECOND["reasoning"].replace("24", "24 oak")},
    ),
    (
        "answer_not_fluent",
        {"answer": "It has 24 paddles of oak, 3 tonnes. It has 24 paddles of oak, 3 tonnes."},
    ),
    ("trace_filler", {"reasoning": "wheel → paddles\nthe wheel again\nthink of paddles\n∴ 24 ●"}),
    ("citation_unknown", {"answer": f'{SECOND["answer"]} <ref name="source_1">oak paddles</ref>'}),
    ("citation_not_quoted", {"exercise": "rag", "answer":
     f'{SECOND["answer"]} <ref name="source_2">29 oak paddles and weighs</ref>'}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "changes"), FAULTY)
def test_what_is_rejected(reason: str, changes: dict[str, Any]) -> None:
    assert reason in failed(conversation(**changes))


NEAR_MISSES: list[dict[str, Any]] = [
    {},
    {"exercise": "rag"},
    {"exercise": "rag", "answer":
     f'{SECOND["answer"]} <ref name="source_2">24 oak paddles and weighs 3 tonnes</ref>'},
    {"exercise": "creative writing", "query": "And what does this text not say of the wheel?"},
    {"query": "And Marta Holm?"},
    {"query": "What did Marta Holm put into the mill of Varland?"},  # a name of an earlier turn
    {"kinds": ("reformatting",), "query": "Please give that as a list.", "focus": first_turn(),
     "reasoning": SECOND["reasoning"].replace("24", "2").replace("3 tonnes", "tonnes"),
     "answer": "- built by Marta Holm in 1847\n- ground rye until 1931"},
    {"kinds": ("challenge",), "query": "Are you sure of the 24?",
     "answer": "Yes, the wheel has 24 paddles of oak and weighs 3 tonnes."},
    {"kinds": ("challenge",), "query": "Wasn't it 20 paddles, 4 less?",  # refuted by a sum
     "reasoning": f"20 + 4 = 24 → four short\n{SECOND['reasoning']}",
     "answer": "No, 24 paddles: 20 would be too few, and only 20 + 4 = 24, with 3 tonnes."},
    {"exercise": "mcq", "answer": "As A) says nothing of it: 24 paddles of oak, 3 tonnes."},
    # what was said is explained in other words
    {"kinds": ("clarification",), "query": "What do you mean by “ground rye until 1931”?",
     "focus": "ground rye until 1931",
     "reasoning": "“ground” → made flour of it\nrye → a grain for bread ●\n"
     "1931 → the last year ✓\n∴ flour of that grain, up to then ●",
     "answer": "That it made flour of this grain up to then, and stood still later."},
    {"answer": "In 1902 there was a flood; the wheel with 24 paddles of oak stayed.",
     "reasoning": f"1931 − 1902 = 29 ✓\n{SECOND['reasoning']}"},
]  # fmt: skip


@pytest.mark.parametrize("changes", NEAR_MISSES)
def test_what_passes(changes: dict[str, Any]) -> None:
    assert failed(conversation(**changes)) == []


def test_a_full_restatement_leans_on_nothing() -> None:
    first = opened(seed_of("memorization", messages=[
        {"role": "user", "content": "Who built it?"},
        {"role": "assistant", "content": "a miller, long ago"},
    ], query="Who built it?"))  # fmt: skip

    def share(query: str) -> float:
        follow = (*first.messages, *turns(query, "", "yes"))
        found = dataclasses.replace(first, messages=follow, kinds=("deepening",), focuses=("x",))
        return check_linked(found).score

    assert share("And how heavy is the wheel of Orlin Mill, and what is it made of?") == 0
    assert share("And how heavy is the wheel of it, and what is it made of?") == 1
    assert share("How heavy are the wheels of northern mills?") == 0


def test_half_of_the_follow_ups_must_lean() -> None:
    first = opened(seed_of("memorization"))
    alone = turns("How high is the highest hill of Lower Ostland?", "", "Very high.")
    other = turns("Which bird sings first in spring?", "", "Nobody knows.")
    leaning = turns("And what about its wheel?", "", "Heavy.")

    def check(*follow_ups: Any) -> Any:
        messages = [*first.messages, *(m for turn in follow_ups for m in turn)]
        return check_linked(dataclasses.replace(first, messages=tuple(messages)))

    assert check(alone, leaning).passed and check(alone, leaning).score == 0.5
    assert not check(alone, leaning, other).passed
    assert not check(alone).passed and check(leaning).passed


def scripted(**replies: Any) -> Script:
    turn = {**SECOND, **replies}
    return Script({
        "multi_turn/query": {k: turn[k] for k in ("query", "focus")},
        "multi_turn/answer": {k: turn[k] for k in ("reasoning", "answer")},
    })  # fmt: skip


def single() -> RecordSeed:
    """A task with one follow-up, which is no reformatting."""
    for index in range(400):
        seed = seed_of("memorization", "en", index)
        key = seed.task.task_id
        one = draw(1, key, "turns").below(4) == 0
        if one and draw_kinds(KINDS, 1, draw(1, key, "kinds")) != ["reformatting"]:
            return seed
    raise AssertionError("no such task")


def test_what_is_asked_and_written() -> None:
    models = scripted()
    row = written("multi_turn", single(), models)
    (query, told), (answer, more) = models.asked
    assert (query, answer) == ("multi_turn/query", "multi_turn/answer")
    assert set(told) == {"kind", "messages", "passage", "exercise", "language"}
    assert set(more) == {*told, "query", "focus", "trace_words"}
    assert told["messages"] == row["messages"][:2]
    assert said(row)[2:] == [
        SECOND["query"],
        f"<think>\n{SECOND['reasoning']}\n</think>\n{SECOND['answer']}",
    ]
    assert faults("multi_turn", row, TEXTS) == []


@pytest.mark.parametrize(
    ("reason", "replies"),
    [
        ("focus_not_span", {"focus": "The wheel has 25 oak paddles."}),
        ("malformed_answer", {"query": " "}),
        ("malformed_answer", {"answer": "It is </think> heavy."}),
        ("turn_repeats", {"query": TALES["en"][2]}),
        ("turn_unlinked", {"query": "How heavy can wheels of old mills be?"}),
        ("answer_not_entailed", {"answer": "It has 25 paddles of oak."}),
    ],
)
def test_rejections_reach_the_caller(reason: str, replies: dict[str, str]) -> None:
    with pytest.raises(Rejected) as caught:
        run("multi_turn", single(), scripted(**replies))
    assert caught.value.reason == reason


def test_a_conversation_ends_where_nothing_is_left_to_ask() -> None:
    def exhausted(after: int) -> Script:
        models = scripted()
        asked = {"n": 0}

        def query(variables: Any) -> dict[str, str]:
            asked["n"] += 1
            if asked["n"] > after:
                raise Rejected("nothing_to_ask", "all is said")
            return {"query": SECOND["query"], "focus": SECOND["focus"]}

        return Script({**models.replies, "multi_turn/query": query})

    seed = next(
        seed
        for seed in (seed_of("memorization", "en", index) for index in range(100))
        if draw(1, seed.task.task_id, "turns").below(4) == 3
        and draw_kinds(KINDS, 4, draw(1, seed.task.task_id, "kinds"))[0] != "reformatting"
    )
    row = written("multi_turn", seed, exhausted(1))
    assert orjson.loads(row["constraints"])["turns"] == 1 and len(row["messages"]) == 4
    assert faults("multi_turn", row, TEXTS) == []
    with pytest.raises(Rejected) as caught:
        run("multi_turn", seed, exhausted(0))
    assert caught.value.reason == "nothing_to_ask"


def test_half_an_equation_is_never_quoted() -> None:
    told = "945 + (14 − 1) × 35 = 1400. The answer is 32.5 %: no more, no less."
    for index in range(60):
        row = ruled_from(parent("math exercise", **answered(told)), index)
        assert faults("multi_turn", row, TEXTS) == []
        assert not any("14 − 1" in split_trace(content)[0] for content in said(row)[3::2])


def answered(answer: str) -> dict[str, Any]:
    """The columns of a parent with another answer."""
    first = parent("math exercise")
    user, reply = first["messages"]
    content = reply["content"].replace(first["synthetic_answer"], answer)
    return {"synthetic_answer": answer, "messages": [user, {**reply, "content": content}]}


def ruled_from(row: Row, index: int) -> Row:
    def seed(attempt: int) -> RecordSeed:
        name = digest("from", index + 1000 * attempt)
        return RecordSeed(Task(name, "multi_turn", "en", "", (), index, row["synth_id"]), row)

    return first_made(seed)


def test_a_parent_must_be_a_single_exchange() -> None:
    longer = ruled("memorization", "en", 0)
    with pytest.raises(Rejected) as caught:
        run("multi_turn", dataclasses.replace(seed_of("memorization"), record=longer))
    assert caught.value.reason == "turn_roles"


def test_prompts_show_the_conversation() -> None:
    prompts = Prompts()
    for exercise in ("memorization", "math exercise"):
        models = scripted(focus=parent(exercise)["synthetic_answer"])
        seed = seed_of(exercise)
        with pytest.raises(Rejected):
            run("multi_turn", seed, models)
        for template, variables in models.asked:
            system, user = prompts.render(template, variables)
            for text in (system["content"], user["content"]):
                assert "{{" not in text and "{%" not in text and "None" not in text
                assert "\n\n\n" not in text and "English" in text
            for message in variables["messages"]:
                assert message["content"] in user["content"]
            assert ("Background" in user["content"]) is (exercise == "memorization")


# ---------------------------------------------------------------- draws and small parts


def test_kinds_are_drawn_without_a_repeat() -> None:
    seen = Counter(
        kind for i in range(2000) for kind in draw_kinds(KINDS, 4, draw(1, str(i), "kinds"))
    )
    assert set(seen) == set(KINDS)
    assert max(seen.values()) < 1.15 * min(seen.values())
    for i in range(300):
        kinds = draw_kinds(("a", "b"), 4, draw(1, str(i), "kinds"))
        assert len(kinds) == 4 and kinds[0] != kinds[1] == kinds[3]


def test_kinds_fit_the_parent() -> None:
    assert offered(opened(seed_of("memorization"))) == KINDS
    assert offered(opened(seed_of("math mcq"))) == ("clarification", "challenge", "reformatting")
    assert "reformatting" in offered(opened(seed_of("editing")))
    translated = f"<think>\na\n</think>\n{TALES['fr'][1]}"
    messages = [said(parent("editing"))[0], translated]
    roles = ("user", "assistant")
    foreign = seed_of("editing", messages=[
        {"role": r, "content": c} for r, c in zip(roles, messages, strict=True)
    ])  # fmt: skip
    assert "reformatting" not in offered(opened(foreign))


def test_similarity() -> None:
    rng = Draw("similarity")
    words = ["mill", "wheel", "river", "dam", "oak", "rye", "stone"]
    for _ in range(300):
        a, b = (" ".join(rng.choice(words) for _ in range(1 + rng.below(12))) for _ in range(2))
        assert similarity(a, a) == 1
        assert similarity(a, b) == similarity(b, a)
        assert 0 <= similarity(a, b) <= 1
        assert (similarity(a, b) == 1) is (
            {tuple(a.split()[i : i + 3]) for i in range(max(1, len(a.split()) - 2))}
            == {tuple(b.split()[i : i + 3]) for i in range(max(1, len(b.split()) - 2))}
        )


STANDALONE = {
    "en": "Which river flows past the oldest mill that still grinds rye?",
    "fr": "Quelle rivière coule devant le plus vieux moulin que l'on connaisse ?",
    "de": "Welcher Fluss fließt an dem ältesten Mühlrad vorbei, das Roggen mahlt?",
    "es": "¿Qué río pasa junto al molino más antiguo que muele centeno?",
    "it": "Quale fiume passa accanto al mulino più antico che macina segale?",
    "pl": "Która rzeka płynie obok najstarszego młyna?",
    "nl": "Welke rivier stroomt langs de oudste molen die rogge maalt?",
    "la": "Quod flumen praeter molam antiquissimam fluit?",
}
LEANING = {
    "en": ("How old is it by now, in years?", "And which river is the longest one?"),
    "fr": ("Quel âge a-t-elle maintenant, en années ?", "Et quelle rivière est la plus longue ?"),
    "de": ("Wie alt ist er jetzt, in Jahren?", "Und welcher Fluss ist am längsten?"),
    "es": ("¿Cuántos años tiene eso ahora mismo?", "¿Y qué río es el más largo?"),
    "it": ("Quanti anni ha questo adesso?", "E quale fiume è il più lungo?"),
    "pl": ("Ile lat ma on teraz, dokładnie?", "A która rzeka jest najdłuższa?"),
    "nl": ("Hoe oud is hij nu eigenlijk, in jaren?", "En welke rivier is het langst?"),
    "la": ("Quot annos id nunc habet, quaeso?", "Et quod flumen longissimum est?"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pronouns_and_ellipses(language: str) -> None:
    assert not leans(STANDALONE[language], language)
    for query in LEANING[language]:
        assert leans(query, language), query
    # What is quoted is somebody else's pronoun.
    first, last = STANDALONE[language].split(" ", 1)
    assert not leans(f"{first} “it id das eso ciò” {last}", language)


def test_equations_hold_both_ways() -> None:
    rng = Draw("equations")
    for _ in range(300):
        a, b, sign = rng.below(300), 1 + rng.below(40), rng.choice("+-−×*·÷/")
        value, _ = evaluate_arithmetic(f"{a * b if sign in '÷/' else a} {sign} {b}")
        if value < 0:
            continue
        trace = f"step → {a * b if sign in '÷/' else a} {sign} {b} = {value} ✓"
        (found,) = turnable_equations(trace)
        for equation in (found, found.reverse()):
            left, _, right = equation.text.partition(" = ")
            assert evaluate_arithmetic(left)[0] == int(right)
        assert found.source in trace
        assert found.reverse().reverse() == found


@pytest.mark.parametrize(
    "trace",
    ["12 × 9 = 107", "2 + 3 × 4 = 14", "3 × 4 + 2 = 14", "1.5 × 2 = 3", "12 × 9 = 108.5",
     "7 ÷ 0 = 7", "(2 + 3) × 4 = 20", "12 × 9 ≈ 108", "x12 × 9 = 108", "2 × 50 = 100 % of it",
     "5 × 4 = 20 + 1"],
)  # fmt: skip
def test_what_is_no_simple_equation(trace: str) -> None:
    assert list(turnable_equations(trace)) == []


def test_layouts_keep_the_words() -> None:
    answer = "The wheel is of oak, heavy and old. It turns slowly; nobody minds."
    poem = "One line,\nthen another;\na last one."
    for text in (answer, poem):
        words = [w.strip(".,;").casefold() for w in text.split()]
        for name, layout in LAYOUTS.items():
            laid = layout(text, "en", lambda t: f"“{t}”")
            if laid is None:
                assert (name, text) == ("line", answer)
                continue
            kept = [w.strip(".,;“”").casefold() for w in laid.text.split()]
            assert [w for w in kept if w not in {"-", "1", "2", "3"}] == words, name
            assert laid.text != text
            assert all(part in text for part in laid.parts)


# ---------------------------------------------------------------- mutations


def follow_up(row: Row, rng: Draw) -> int:
    """The index of some follow-up's query among the messages."""
    return 2 + 2 * rng.below(len(row["messages"]) // 2 - 1)


def sealed(row: Row) -> Row:
    """The row with its own fingerprint made again, so that the checks alone can tell."""
    messages = row["messages"]
    sealed = constrained(row, conversation_sha256=conversation_sha256(row["query"], messages))
    reasoning, answer = split_trace(messages[-1]["content"])
    return {**sealed, "synthetic_reasoning": reasoning, "synthetic_answer": answer}


def parent_edited(row: Row, rng: Draw) -> Row:
    copied = changed(row)
    message = copied["messages"][rng.below(2)]
    at = rng.below(len(message["content"]))
    message["content"] = message["content"][:at] + "x" + message["content"][at:]
    return sealed(copied)


def emptied(row: Row, rng: Draw) -> Row:
    copied = changed(row)
    copied["messages"][follow_up(row, rng)]["content"] = rng.choice(["", " ", "\n"])
    return sealed(copied)


def repeated(row: Row, rng: Draw) -> Row:
    copied = changed(row)
    at = follow_up(row, rng)
    earlier = 2 * rng.below(at // 2)
    copied["messages"][at]["content"] = row["query"] if not earlier else said(row)[earlier]
    return sealed(copied)


def number(row: Row, rng: Draw) -> Row:
    """A number that stands nowhere else comes into some later answer."""
    copied = changed(row)
    message = copied["messages"][follow_up(row, rng) + 1]
    message["content"] += f" ({5000 + rng.below(4000)})"
    return sealed(copied)


def thought(row: Row, rng: Draw) -> Row:
    """A number that stands nowhere else comes into some later trace."""
    copied = changed(row)
    message = copied["messages"][follow_up(row, rng) + 1]
    message["content"] = message["content"].replace(
        "\n∴", f"\nhence {5000 + rng.below(4000)} ●\n∴", 1
    )
    return sealed(copied)


def swapped(row: Row, rng: Draw) -> Row:
    """Two messages, or two whole turns, change places."""
    copied = changed(row)
    messages = copied["messages"]
    if rng.below(2) or len(messages) < 6:
        at = follow_up(row, rng)
        messages[at], messages[at + 1] = messages[at + 1], messages[at]
    else:
        at = 2 + 2 * rng.below(len(messages) // 2 - 2)
        messages[at : at + 4] = [*messages[at + 2 : at + 4], *messages[at : at + 2]]
    return copied


def letter(row: Row, rng: Draw) -> Row:
    """One letter of one message is another one."""
    copied = changed(row)
    message = copied["messages"][rng.below(len(copied["messages"]))]
    at = rng.below(len(message["content"]))
    other = "q" if message["content"][at] != "q" else "x"
    message["content"] = message["content"][:at] + other + message["content"][at + 1 :]
    return copied


def dropped(row: Row, rng: Draw) -> Row:
    """A message, or the last turn, is missing."""
    copied = changed(row)
    if rng.below(2):
        del copied["messages"][rng.below(len(copied["messages"]))]
    else:
        del copied["messages"][-2:]
    return copied


def column(row: Row, rng: Draw) -> Row:
    """Another column is no longer what belongs to the conversation."""
    name = rng.choice(["query", "synthetic_answer", "synthetic_reasoning", "query_seed_text",
                       "parents", "synthetic_depth", "exercise", "language"])  # fmt: skip
    language = "fr" if row["language"] != "fr" else "es"
    other = {"parents": [], "synthetic_depth": 1, "exercise": "rag", "language": language}
    return changed(row, **{name: other.get(name, f"{row[name]} more")})


def drawn_otherwise(row: Row, rng: Draw) -> Row:
    constraints = orjson.loads(row["constraints"])
    name = rng.choice(["kinds", "focuses", "turns", "parent_sha256", "conversation_sha256"])
    other: dict[str, Any] = {
        "kinds": ["chatting", *constraints["kinds"][1:]],
        "focuses": ["words that stand nowhere", *constraints["focuses"][1:]],
        "turns": constraints["turns"] + 1,
        "parent_sha256": digest(row["query"], size=32),
        "conversation_sha256": digest(row["query"], size=32),
    }
    return constrained(row, **{name: other[name]})


ALL: list[Callable[[Row, Draw], Row]] = [
    parent_edited, emptied, repeated, number, thought, swapped, letter, dropped, column,
    drawn_otherwise,
]  # fmt: skip


@pytest.mark.parametrize("mutate", ALL)
def test_every_mutation_is_caught(mutate: Callable[[Row, Draw], Row]) -> None:
    for index in range(MUTATIONS):
        exercise, language = EXERCISES[index % 8], ("en", "de", "fr", "it", "nl")[index // 8 % 5]
        row = ruled(exercise, language, index % 3)
        mutated = mutate(row, Draw(mutate.__name__, index))
        assert mutated != row
        assert faults("multi_turn", mutated, TEXTS), (mutate.__name__, exercise, index)


def test_the_conversation_comes_back() -> None:
    for exercise in EXERCISES:
        seed = seed_of(exercise, "it", 2)
        found = conversation_of(ruled(exercise, "it", 2))
        first = opened(seed)
        assert found.messages[:2] == first.messages
        assert (found.passage, found.parent_sha256) == (first.passage, first.parent_sha256)
