"""Rules say less rather than nonsense: what they ask, write and conclude, in several languages."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import orjson
import pytest

from beam_synth.checks import Exchange
from beam_synth.drawing import Draw
from beam_synth.engines.base import Request
from beam_synth.errors import Rejected
from beam_synth.materials.constraints.sources import Larding
from beam_synth.records import LANGUAGES, Passage
from beam_synth.rule_engine import Extractive
from beam_synth.rule_engine.conversation_traces import Steps
from beam_synth.rule_engine.conversation_words import WORDINGS
from beam_synth.rule_engine.creative import _check_sources
from beam_synth.rule_engine.facts import definition, statements, unbroken
from beam_synth.rule_engine.follow_ups import FollowUp, FollowUpRequest, FollowUpWriter
from beam_synth.rule_engine.frames import FRAMES
from beam_synth.rule_engine.languages import Language, language
from beam_synth.rule_engine.layouts import LAYOUTS
from beam_synth.rule_engine.mcq import wrong_options
from beam_synth.rule_engine.queries import plan_query, topic_of
from beam_synth.rule_engine.wholes import clause_with, whole_clauses
from beam_synth.text.sentences import sentences
from tests.doubles.exchanges import passage

AXES = {
    "query_type": "fact",
    "complexity": "simple",
    "user_profile": "pupil",
    "query_result": "positive",
    "style": "direct",
}


def told(text: str, code: str = "en", title: str = "Old Mill", **fields: Any) -> Passage:
    starts = tuple(start for start, _ in sentences(text, code))
    return passage(text, title, language=code, sentences=starts, **{"section": "", **fields})


def words_of(code: str) -> Language:
    found = language(code)
    assert found is not None
    return found


def gaps(text: str, code: str = "en") -> dict[str, str]:
    """Value -> kind of all that may be left out."""
    return {gap.text: gap.kind for s in statements(told(text, code), code) for gap in s.gaps}


def ask(template: str, code: str, **variables: Any) -> dict[str, Any]:
    request = Request(template, {"language": code, **variables}, {"type": "object"}, {}, 3)
    (answer,) = asyncio.run(Extractive().generate(request))
    found: dict[str, Any] = orjson.loads(answer.text)
    return found


@pytest.mark.parametrize(
    ("text", "code", "left_out", "kept"),
    [
        ("The weir was built near the Pont de Grand Moulin by Clara Vogt and her men.", "en",
         "Clara Vogt", "Grand Moulin"),
        ("Le barrage fut construit près du Pont de Grand Moulin par Clara Vogt et ses hommes.",
         "fr", "Clara Vogt", "Grand Moulin"),
        ("Das Wehr wurde von der Ingenieurin Clara Vogt und von ihren Leuten gebaut.", "de",
         "Clara Vogt", "Leuten"),
        ("La chiusa presso il Ponte del Gran Mulino fu costruita da Clara Vogt e dai suoi.", "it",
         "Clara Vogt", "Gran Mulino"),
        ("Some pre-Roman customs were kept alive there by Clara Vogt and her men.", "en",
         "Clara Vogt", "Roman"),
        ("Das Wehr am Mill Street Circuit wurde von der Ingenieurin Clara Vogt neu gebaut.", "de",
         "Clara Vogt", "Street Circuit"),
        ("A proposal of the Ferris company was read aloud by Clara Vogt and her men.", "en",
         "Clara Vogt", "Ferris"),
    ],
)  # fmt: skip
def test_a_gap_takes_a_whole_name(text: str, code: str, left_out: str, kept: str) -> None:
    found = gaps(text, code)
    assert found.get(left_out) == "name"
    assert kept not in found


@pytest.mark.parametrize(
    ("text", "code", "kinds"),
    [
        ("In 1884 the mill ground 337 tons for Apollo 11 and won 3:2 with version 2.0.1 of it.",
         "en", {"1884": "time", "337": "quantity"}),
        ("In 1884 it showed 12 Years of Wonder and it sold 337 seats of 40 GB each to them.", "en",
         {"1884": "time", "337": "quantity", "40": "quantity"}),
        ("Im Jahr 1884 mahlte die Mühle 337 Tonnen und hatte 1500 Säcke in ihrem Lager.", "de",
         {"1884": "time", "337": "quantity"}),
        ("En 1884 le moulin comptait 337 sacs et les 06 hommes de la rue y venaient aussi.", "fr",
         {"1884": "time", "337": "quantity"}),
        ("W 1884 roku młyn miał 337 worków i był to największy z nich w całym powiecie.", "pl",
         {"1884": "time", "337": "quantity"}),
    ],
)  # fmt: skip
def test_years_and_counts_are_told_apart(text: str, code: str, kinds: dict[str, str]) -> None:
    assert {v: kind for v, kind in gaps(text, code).items() if kind != "name"} == kinds


def test_lines_and_broken_sentences_are_no_statements() -> None:
    text = (
        "At least 10 mills of the valley\n"
        "1999 : the mill of the valley was sold\n"
        "The mill stood on the night of the, as they say, and it was old.\n"
        "The mill of the valley was sold in 1912."
    )
    assert [s.text for s in statements(told(text), "en")] == [
        "The mill of the valley was sold in 1912."
    ]


def test_every_query_names_its_topic_and_the_topic_is_found_again() -> None:
    for code in LANGUAGES:
        words = words_of(code)
        absurd = tuple(query for query, _ in words.absurd)
        for group in (*words.gap.values(), words.relate, words.define, words.field, words.row,
                      words.cause, words.doubt, absurd):  # fmt: skip
            for template in group:
                slots = dict.fromkeys(re.findall(r"\{(\w+)\}", template), "“some words of it”")
                assert "title" in slots, (code, template)
                query = template.format(**{**slots, "title": "Old Mill"})
                assert topic_of(query, words) == "Old Mill", (code, template)
    assert topic_of("Who knows?", words_of("en")) == ""


PLAIN = "The old mill is a mill on the Aare. Clara Vogt saw the Aare and Hugo Lind near it in 1912."


def test_nothing_is_ambiguous_but_a_name_that_several_things_have() -> None:
    axes = {**AXES, "query_result": "ambiguous", "query_type": "definition"}
    with pytest.raises(Rejected, match="nothing_to_ask"):
        plan_query(told(PLAIN), "en", words_of("en"), axes, "memorization")
    text = "Mercury is a planet of rock and the smallest one of them."
    plan = plan_query(
        told(text, title="Mercury (planet)"), "en", words_of("en"), axes, "memorization"
    )
    assert plan.form == "vague" and "Mercury" in plan.query and "planet" not in plan.query


def test_nothing_is_said_to_be_unknown() -> None:
    text = "The old mill is a mill that stands on the river of the town."
    for kind in ("fact", "quantity", "time"):
        axes = {**AXES, "query_result": "negative", "query_type": kind}
        with pytest.raises(Rejected, match="nothing_to_ask"):
            plan_query(told(text), "en", words_of("en"), axes, "memorization")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The mill ground the flour of the valley with remarkable steadiness.", "en"),
        ("Die Mühle mahlte das Mehl des Tales mit bemerkenswerter Beständigkeit.", "de"),
        ("Il mulino macinava la farina della valle con notevole costanza.", "it"),
    ],
)
def test_no_pair_of_common_words_is_connected(text: str, code: str) -> None:
    axes = {**AXES, "query_type": "relation"}
    with pytest.raises(Rejected, match="nothing_to_ask"):
        plan_query(told(text, code), code, words_of(code), axes, "memorization")


@pytest.mark.parametrize(
    ("text", "code", "title", "defines"),
    [
        ("The Old Mill is a mill on the Aare and the oldest of them.", "en", "Old Mill", True),
        ("The Old Mill is served by two roads that lead to the town.", "en", "Old Mill", False),
        ("Die Alte Mühle ist eine Mühle an der Aare und die älteste.", "de", "Alte Mühle", True),
        ("Le Vieux Moulin est un moulin sur l'Aar et le plus ancien.", "fr", "Vieux Moulin", True),
        ("Le Vieux Moulin est desservi par deux routes de la ville.", "fr", "Vieux Moulin", False),
    ],
)
def test_a_definition_says_what_a_thing_is(text: str, code: str, title: str, defines: bool) -> None:
    found = definition(told(text, code, title), words_of(code))
    assert (found is not None) is defines
    assert definition(told(text, code, title, section="Roads"), words_of(code)) is None


def test_a_cause_needs_a_clause_of_its_own() -> None:
    axes = {**AXES, "query_type": "cause"}
    words = words_of("en")
    text = "The old mill has stood at the river since the year that the town was founded."
    with pytest.raises(Rejected, match="nothing_to_ask"):
        plan_query(told(text), "en", words, axes, "memorization")
    text = "The old mill was closed and sold, because the river had changed its course."
    plan = plan_query(told(text), "en", words, axes, "memorization")
    assert plan.value == "because the river had changed its course"


def test_clauses_are_quoted_whole() -> None:
    text = "It was old (so they say), and in 1,912 days, as the town knew, it fell."
    assert whole_clauses(text)[0] == "It was old (so they say)"
    assert clause_with(text, "1,912", 3, 9) == "and in 1,912 days"
    assert clause_with(text, "1,912", 30, 40) == ""


NEAR = told(
    "The second mill was built in 1897 and sold in 1903. Its 40 stones weigh 652,000 grams."
)


@pytest.mark.parametrize(
    ("text", "query_type", "form"),
    [
        ("The old mill was built in 1912 by the people of the valley.", "time", r"1[89]\d\d"),
        ("The old mill has ground 337 tons of flour for the valley.", "quantity", r"\d{3}"),
        ("The old mill holds about 3.4 tons of flour for the valley.", "quantity", r"\d\.4"),
    ],
)
def test_options_are_of_one_kind(text: str, query_type: str, form: str) -> None:
    axes = {**AXES, "query_type": query_type}
    asked = ask("mcq/query", "en", passage=told(text), neighbors=[NEAR], axes=axes)
    options = [asked["key"], *asked["distractors"]]
    assert len(set(options)) == 4
    assert all(re.fullmatch(form, option) for option in options), options
    if query_type == "time":
        assert all(abs(int(option) - 1912) <= 40 for option in options), options


def test_no_choice_of_names_that_no_rule_knows() -> None:
    text = "The old mill was visited by the people of Grand Pré and of the valley."
    other = "The second mill was seen by Ori Martin, by the Red Claws and by the North Gate."
    with pytest.raises(Rejected, match="nothing_to_ask"):
        ask("mcq/query", "en", passage=told(text), neighbors=[told(other)], axes=AXES)


# ---------------------------------------------------------------- texts


def brief(**asked: Any) -> dict[str, Any]:
    return {"passage": told(PLAIN), "genre": "", "tone": "", "constraints": [], **asked}


@pytest.mark.parametrize(
    "asked",
    [
        brief(genre="poem", tone="plain"),
        brief(genre="story", tone="plain"),
        brief(genre="letter", tone="ironic"),
        brief(constraints=[{"name": "isogram", "scope": "line", "instruction": "x"}]),
        brief(constraints=[{"name": "haiku", "instruction": "x"}]),
        brief(constraints=[{
            "name": "n_plus_k", "source": "Clara Vogt saw Mill Street and the old mill.",
            "dictionary": ["mill", "street", "tree"], "positions": [4], "k": 1, "absent": "kept",
            "instruction": "x",
        }]),
        brief(constraints=[{
            "name": "larding", "sources": ["At least ten mills", "The mill of the town is old."],
            "insert": 1, "instruction": "x",
        }]),
    ],
)  # fmt: skip
def test_what_no_rule_writes_is_not_offered(asked: dict[str, Any]) -> None:
    for method in ("creative_writing", "constrained_writing"):
        with pytest.raises(Rejected, match="unsupported_request"):
            ask(f"{method}/query", "en", **asked)


@pytest.mark.parametrize(
    ("code", "source", "nouns"),
    [
        ("en", "The town of the valley bought a mill.", ["mill", "river", "town"]),
        ("de", "Die Stadt im Tal kaufte eine Mühle.", ["Berg", "Fluss", "Stadt"]),  # der Berg
        ("la", "Oppidum in valle molam emit.", ["mons", "oppidum", "silva"]),
    ],
)
def test_nouns_are_swapped_where_they_have_no_gender(
    code: str, source: str, nouns: list[str]
) -> None:
    position = next(i for i, w in enumerate(re.findall(r"\w+", source)) if w.lower() in
                    (nouns[1].lower(), nouns[2].lower()))  # fmt: skip
    swap = {"name": "n_plus_k", "source": source, "dictionary": nouns, "positions": [position],
            "k": 1, "absent": "kept", "instruction": "x"}  # fmt: skip
    asked = {"passage": told(source, code), "genre": "", "tone": "", "constraints": [swap]}
    if code == "en":
        assert ask("constrained_writing/query", code, **asked)["query"].endswith(" x")
    else:
        with pytest.raises(Rejected, match="gender and case"):
            ask("constrained_writing/query", code, **asked)


NAMES = {
    "fr": "Le vieux moulin fut construit pour Clara Vogt par Hugo Lind.",
    "pl": "Stary młyn zbudowano dla Clary Vogt z polecenia Hugona Linda.",
    "la": "Mola vetus pro Clara Vogt iussu Hugonis Lind aedificata est.",
}


@pytest.mark.parametrize("code", NAMES)
def test_names_that_have_cases_are_not_asked_about(code: str) -> None:
    """A gap leaves out the form that stands there; a question of ours would want another one."""
    seed, words = told(NAMES[code], code, title="Old Mill"), words_of(code)
    axes = {**AXES, "query_type": "relation"}
    assert plan_query(seed, code, words, AXES, "memorization").form == "gap"
    if code == "fr":
        assert plan_query(seed, code, words, axes, "memorization").form == "relate"
        return
    with pytest.raises(Rejected, match="nothing_to_ask"):
        plan_query(seed, code, words, axes, "memorization")
    assert code not in Extractive.fewer_languages["multi_turn"] and not words.relate
    with pytest.raises(Rejected, match=f"unsupported_language.*{code}"):
        ask("multi_turn/query", code, messages=[], kind="deepening", passage=seed)


def test_a_number_in_letters_has_no_wrong_values() -> None:
    seed = told("It was Louis XVI who bought the mill of the old town.", title="Old Mill")
    asked = Exchange("en", "Old Mill: which number?", "", "", seed.text, AXES, seed, ())
    assert wrong_options("XVI", asked) is None


TEXTS = {
    "en": PLAIN + " The mill was sold by the town in 1934, and the people of it were glad.",
    "de": "Die alte Mühle ist eine Mühle an der Aare. Sie wurde im Jahr 1912 von der Stadt "
    "verkauft. Die Leute im Tal waren darüber nicht sehr froh.",
    "it": "Il vecchio mulino è un mulino sul fiume. Fu venduto dalla città nel 1912 a un mugnaio. "
    "La gente della valle non ne fu molto contenta.",
}


@pytest.mark.parametrize("code", sorted(TEXTS))
@pytest.mark.parametrize("genre", ["letter", "dialogue", "diary", "speech", "description"])
def test_what_a_text_takes_from_its_seed_stands_in_quotation_marks(code: str, genre: str) -> None:
    given = told(TEXTS[code], code)
    asked = {"passage": given, "genre": genre, "tone": "plain", "constraints": []}
    query = ask("creative_writing/query", code, **asked)["query"]
    assert "Old Mill" in query
    text = ask("creative_writing/write", code, **asked, query=query)["answer"]
    left, right = (mark.strip() for mark in words_of(code).quotes)
    own = re.sub(f"{left}[^{right}]*{right}", "", text)
    assert text.count(left) >= 1 and own.strip() != text
    for statement in statements(given, code):
        assert statement.text not in own
    if genre == "dialogue":
        assert len(text.splitlines()) >= 5


def test_frames_name_the_topic_and_lead_into_quotations() -> None:
    for code in LANGUAGES:
        frames = FRAMES[code]
        assert all("{title}" in text.split("{title}")[0] + "{title}" for text in frames.ask), code
        assert all(text.index("{title}") < 40 for text in (*frames.ask, *frames.brief)), code
        assert len(set(frames.leads)) == len(set(frames.remarks)) == 6, code
        assert all(text.endswith("{quote}") for text in frames.leads), code


# ---------------------------------------------------------------- conversations


def follow(kind: str, answer: str, text: str = PLAIN, exercise: str = "memorization") -> Any:
    contents = ("What about Old Mill?", f"<think>\nwanted → it\n∴ told\n</think>\n{answer}")
    return FollowUpWriter(FollowUpRequest(kind, exercise, "en", contents, told(text))).first()


def test_a_follow_up_is_about_a_name_or_a_value() -> None:
    shift = follow("topic shift", "The old mill is a mill on the Aare.")
    assert shift.about in ("Clara Vogt", "Hugo Lind", "Aare")
    text = "The mill ground the flour of the valley with remarkable steadiness."
    assert follow("deepening", "It is old.", text) is None
    assert follow("clarification", "It is a mill with remarkable steadiness.", text) is None


def test_a_doubt_keeps_the_value_that_was_given() -> None:
    doubt = follow("challenge", "Clara Vogt saw the Aare and Hugo Lind near it in 1912.")
    assert doubt.form in ("corrected", "confirmed")
    if doubt.form == "corrected":
        assert "1912" in doubt.answer


def test_records_and_single_sentences_are_not_laid_out_anew() -> None:
    def quote(text: str) -> str:
        return f"“{text}”"

    assert all(
        LAYOUTS[name]('{"names":["Clara Vogt","Hugo Lind"]}', "en", quote) is None
        for name in LAYOUTS
    )
    assert LAYOUTS["list"]("It stood on the Aare, and it was old.", "en", quote) is None
    assert LAYOUTS["quote"]("He said “no” to it.", "en", quote) is None


def test_steps_are_told_all_or_not_at_all() -> None:
    def answer(trace: str) -> Any:
        contents = ("How much is it?", f"<think>\n{trace}\n</think>\nIt is so.")
        request = FollowUpRequest("clarification", "math exercise", "en", contents, None)
        return FollowUpWriter(request).first()

    whole = answer("3 × 4 = 12\n12 − 2 = 10\n∴ 10")
    assert whole.answer.count("=") == 2
    assert answer("3 × 4 = 12\n12 ÷ 1000 = 0.012\n∴ 0.012") is None


def test_wordings_of_all_languages_have_their_slots() -> None:
    assert tuple(sorted(WORDINGS)) == tuple(sorted(Extractive.fewer_languages["multi_turn"]))
    for code, wording in WORDINGS.items():
        for group in (wording.deepen, wording.shift, wording.sure):
            assert all("{a}" in text for text in group), code
        assert all("{quote}" in text for text in (*wording.corrected, *wording.confirmed)), code
    assert Draw("a").choice(WORDINGS["en"].sure)


def test_a_roman_number_is_no_key_whose_figures_could_change() -> None:
    for key, found in (("XVII", False), ("337", True)):
        text = f"The mill of the valley ground {key} tons of rye for the people of it."
        asked = Exchange("en", "How many?", "", "", text, {}, told(text))
        assert (wrong_options(key, asked) is not None) is found


def test_what_an_ordinal_cuts_off_is_neither_quoted_nor_given() -> None:
    text = (
        "Die alte Mühle war das Haus der 6. Armee und sie stand am Fluss vor der Stadt. "
        "Sie mahlte im Jahr viele Säcke für die Leute im Tal. "
    )
    cut = tuple(start for start in (0, text.index("Armee"), text.index("Sie mahlte")))
    pieces = [text[a:b].strip() for a, b in zip(cut, (*cut[1:], len(text)), strict=True)]
    assert unbroken(pieces) == pieces[2:]
    with pytest.raises(Rejected, match="no whole sentence"):
        _check_sources(Larding((pieces[1], pieces[2]), 1), "de", unbroken(pieces))


def test_what_a_follow_up_points_back_to_was_said() -> None:
    """A sentence of the answer, its beginning, or what the answer is; never words of our own."""
    draw = Draw("back")
    for answer in (
        "It rained. It snowed on the hills of the valley, too.",
        '{"names": ["Clara Vogt"]}',
        "3 × 4 = 12",
        "One two three four five six seven eight nine ten eleven twelve thirteen fourteen and on.",
    ):
        follow_up = FollowUp("And it?", "It rained", "It rained.", "It rained", "statement", "it")
        steps = Steps(draw, answer).of("deepening", follow_up).splitlines()
        (shown,) = re.findall("“([^”]*)”", steps[1]) or [""]
        assert shown.removesuffix(" …") in answer


def test_a_new_layout_is_traced_by_what_becomes_of_the_lines() -> None:
    for name, answer, said in (
        ("list", "- It rained.\n- It snowed.", "“It snowed.” → last point"),
        ("capitals", "IT RAINED.", "8 letters in all"),
    ):
        follow_up = FollowUp("And now?", "It rained.", answer, "It", "layout", name)
        assert said in Steps(Draw("pieces"), "It rained.").of("reformatting", follow_up)
