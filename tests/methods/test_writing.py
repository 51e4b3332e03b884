"""Creative and constrained writing: the loop over a scripted model, each reason of rejection, and
whole runs over the embedded engine whose rows are verified, and broken."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest

from beam_synth.checks import require
from beam_synth.drawing import Draw
from beam_synth.engines.prompts import Prompts
from beam_synth.errors import Rejected
from beam_synth.materials.constraints.letters import Lipogram
from beam_synth.materials.constraints.line_patterns import Acrostic
from beam_synth.materials.constraints.registry import from_json
from beam_synth.materials.constraints.sampling import Brief
from beam_synth.materials.constraints.vocables import RequiredWords
from beam_synth.materials.constraints.word_patterns import Snowball
from beam_synth.methods import PassageSeed, load_method
from beam_synth.methods.writing.checks import checks_of
from beam_synth.methods.writing.genre_words import names_it
from beam_synth.methods.writing.genres import misses_form
from beam_synth.methods.writing.program import REVISIONS
from beam_synth.methods.writing.readable import faults
from beam_synth.methods.writing.written import Writing
from beam_synth.records import CHECK, SEED, Sample
from beam_synth.text.folding import fold
from tests.doubles import exchanges
from tests.doubles.exchanges import NEAR_TEXT, TEXT, passage, split
from tests.doubles.ports import Rules, Script
from tests.doubles.written import run

METHODS = ("creative_writing", "constrained_writing")
PASSAGES = {
    "en": ("Lindau Bridge", TEXT + " " + NEAR_TEXT),
    "fr": (
        "Pont de Lindau",
        "Le pont de Lindau traverse la rivière près de la vieille ville. Il fut construit par une "
        "jeune ingénieure et ouvert au public au mois de mai. Avant cette date, un bac portait "
        "les voyageurs d'une rive à l'autre, surtout les jours de marché. Aujourd'hui, le pont "
        "porte une route étroite et un chemin pour les promeneurs.",
    ),
    "de": (
        "Lindauer Brücke",
        "Die Brücke führt über den Fluss in der Nähe der alten Stadt. Sie wurde von einer jungen "
        "Ingenieurin entworfen und im Mai für den Verkehr geöffnet. Vorher brachte eine Fähre die "
        "Menschen von einem Ufer zum anderen, vor allem an den Markttagen. Heute trägt die Brücke "
        "eine schmale Straße und einen Weg für Spaziergänger.",
    ),
    "es": (
        "Puente de Lindau",
        "El puente cruza el río cerca de la ciudad vieja. Fue proyectado por una joven ingeniera y "
        "se abrió al tráfico en el mes de mayo. Antes de esa fecha, una barca llevaba a los "
        "viajeros de una orilla a la otra, sobre todo los días de mercado. Hoy el puente lleva una "
        "carretera estrecha y un camino para los paseantes.",
    ),
    "it": (
        "Ponte di Lindau",
        "Il ponte attraversa il fiume vicino alla città vecchia. Fu progettato da una giovane "
        "ingegnera e aperto al traffico nel mese di maggio. Prima di allora una barca portava i "
        "viaggiatori da una riva all'altra, soprattutto nei giorni di mercato. Oggi il ponte porta "
        "una strada stretta e un sentiero per chi passeggia.",
    ),
    "pl": (
        "Most w Lindau",
        "Most przecina rzekę w pobliżu starego miasta. Zaprojektowała go młoda inżynierka, otwarto "
        "go w maju. Przedtem podróżnych przewoził prom, głównie w dni targowe, gdy drogą szły całe "
        "rodziny z okolicznych wsi. Dziś most niesie wąską drogę i ścieżkę dla spacerowiczów.",
    ),
    "nl": (
        "Brug van Lindau",
        "De brug gaat over de rivier in de buurt van de oude stad. Zij werd door een jonge "
        "ingenieur ontworpen en in mei voor het verkeer geopend. Daarvoor bracht een veerboot de "
        "reizigers van de ene oever naar de andere, vooral op marktdagen. Tegenwoordig draagt de "
        "brug een smalle weg en een pad voor wandelaars.",
    ),
    "la": (
        "Pons Lindaviensis",
        "Pons prope urbem veterem flumen transit. Ab architecta iuvene descriptus est et mense "
        "Maio populo apertus. Antea navicula viatores ab una ripa ad alteram portabat, maxime "
        "diebus nundinarum. Hodie pons viam angustam et semitam ambulantium sustinet.",
    ),
}


def seed_of(language: str, index: int, method: str, text: str = "") -> PassageSeed:
    title, body = PASSAGES[language]
    return exchanges.seed_of(method, split(text or body, title, language=language), index)


def made(method: str, language: str, n: int) -> tuple[list[Sample], list[Rejected]]:
    samples, rejected = [], []
    for index in range(n):
        try:
            samples.append(run(method, seed_of(language, index, method), Rules()))
        except Rejected as error:
            rejected.append(error)
    return samples, rejected


def row_of(sample: Sample) -> dict[str, Any]:
    """The columns of the written row that `verify` reads."""
    return {
        "model": "rule:extractive",
        "language": sample.language,
        "query": sample.query,
        "synthetic_reasoning": sample.reasoning,
        "synthetic_answer": sample.answer,
        "query_seed_text": sample.query_seed_text,
        "constraints": json.dumps(sample.constraints),
        "constraint_list": [json.dumps(entry) for entry in sample.constraint_list],
        "seeds": [dict(seed) for seed in sample.seeds],
        "messages": [dict(message) for message in sample.messages],
    }


def with_text(row: dict[str, Any], text: str) -> dict[str, Any]:
    """The row with another answer, on the training surface, too."""
    said = f"<think>\n{row['synthetic_reasoning']}\n</think>\n{text}"
    user, assistant = row["messages"]
    messages = [user, {**assistant, "content": said}]
    return {**row, "synthetic_answer": text, "messages": messages}


def verified(row: dict[str, Any]) -> dict[str, bool]:
    verify = load_method("constrained_writing").verify
    assert verify is not None
    return {check.name: check.passed for check in verify(row, lambda sha: passage())}


# ---------------------------------------------------------------- whole runs


@pytest.mark.parametrize("language", PASSAGES)
@pytest.mark.parametrize("method", METHODS)
def test_the_embedded_engine(method: str, language: str) -> None:
    samples, rejected = made(method, language, 20)
    assert len(samples) >= (18 if method == "creative_writing" else 12)
    assert {error.reason for error in rejected} <= {"unsupported_request"}
    verify = load_method(method).verify
    assert verify is not None
    for sample in samples:
        checks = verify(row_of(sample), lambda sha: passage())
        assert [check.record() for check in checks] == list(sample.checks)
        assert all(check.passed for check in checks)
        assert {f.name for f in CHECK} == set(sample.checks[0])
        assert {f.name for f in SEED} == set(sample.seeds[0])
        assert sample.exercise == method.replace("_", " ")
        assert len(sample.constraint_list) >= len(sample.constraints["constraints"])
        assert 0 < sample.quality <= 1


def test_the_same_task_gives_the_same_sample() -> None:
    for method in METHODS:
        assert made(method, "en", 5)[0] == made(method, "en", 5)[0]


@pytest.mark.parametrize("method", METHODS)
def test_prompts_render(method: str) -> None:
    asked: dict[str, dict[str, Any]] = {}
    for index in range(20):
        models = Rules()
        with contextlib.suppress(Rejected):
            run(method, seed_of("fr", index, method), models)
        asked |= dict(models.asked)
    given = {**asked[f"{method}/write"], "draft": "Un brouillon", "violations": ["counts: trop"]}
    asked[f"{method}/revise"] = given
    assert set(asked) == set(load_method(method).prompts)
    for template, variables in asked.items():
        system, user = Prompts().render(template, variables)
        assert "French" in system["content"] and "French" in user["content"]
        for constraint in variables["constraints"]:
            assert constraint["instruction"] in user["content"]
        for text in (system["content"], user["content"]):
            assert "{{" not in text and "{%" not in text and "None" not in text
            assert "\n\n\n" not in text


# ---------------------------------------------------------------- the loop


def _scripted(texts: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Replies whose drafts are the texts in turn; the last one again and again."""
    told: list[str] = []

    def query(variables: Mapping[str, Any]) -> dict[str, str]:
        rules = [constraint["instruction"] for constraint in variables["constraints"]]
        return {"query": f"Write about the bridge. {' '.join(rules)}"}

    def write(variables: Mapping[str, Any]) -> dict[str, str]:
        told.extend(variables.get("violations", ()))
        text = texts.pop(0) if len(texts) > 1 else texts[0]
        reasoning = (
            f"plan → “{text.split()[0]}” first ●\n“{text.split()[-1]}” last → fits ☑\n"
            "rest between them → kept short ◐\n∴ as planned ●"
        )
        return {"reasoning": reasoning, "answer": text}

    return {
        "constrained_writing/query": query,
        "constrained_writing/write": write,
        "constrained_writing/revise": write,
    }, told


def _required_seed() -> tuple[PassageSeed, str]:
    """A task whose first drawing asks for required words alone, and a text that has them."""
    for index in range(400):
        seed = seed_of("en", index, "constrained_writing")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("beam_synth.methods.shared.samples.DRAWINGS", 1)
            try:
                sample = run("constrained_writing", seed, Rules())
            except Rejected:
                continue
        if [c["name"] for c in sample.constraints["constraints"]] == ["required_words"]:
            words = sample.constraints["constraints"][0]["words"]
            return seed, f"The ferry of Thun carried {' and '.join(words)} over the river."
    raise AssertionError("no such task")


def test_violations_go_back_until_the_text_is_right() -> None:
    seed, text = _required_seed()
    replies, told = _scripted(["The wind blew.", "The ferry left Thun.", text])
    models = Script(replies)
    sample = run("constrained_writing", seed, models)
    assert sample.answer == text
    assert [template.partition("/")[2] for template, _ in models.asked] == [
        "query", "write", "revise", "revise",
    ]  # fmt: skip
    assert any("stands 0 times" in line for line in told)
    assert any(line.startswith("seed:") for line in told)
    assert models.asked[-1][1]["draft"] == "The ferry left Thun."


def test_it_gives_up_after_so_many_revisions() -> None:
    seed, _ = _required_seed()
    models = Script(_scripted(["The ferry left Thun."])[0])
    with pytest.raises(Rejected, match="stands 0 times") as caught:
        run("constrained_writing", seed, models)
    assert caught.value.reason == "constraint_violated"
    assert len(models.asked) == 2 + REVISIONS


def test_a_query_that_leaves_a_word_out() -> None:
    seed, text = _required_seed()
    replies = {**_scripted([text])[0], "constrained_writing/query": {"query": "Write a text."}}
    with pytest.raises(Rejected) as caught:
        run("constrained_writing", seed, Script(replies))
    assert caught.value.reason == "query_misses_constraint"


def test_a_seed_of_figures_has_nothing_to_ask() -> None:
    seed = seed_of("en", 0, "constrained_writing", "1912: 36, 1958: 214.")
    seed = dataclasses.replace(seed, passage=dataclasses.replace(seed.passage, title="36"))
    with pytest.raises(Rejected) as caught:
        run("constrained_writing", seed, Rules())
    assert caught.value.reason == "nothing_to_ask"


# ---------------------------------------------------------------- one input a reason

POEM = "Tramlines cross the water\nHigh over Thun it goes\nUnder it the ferry\nNight and the Aare"
TRACE = (
    "spine of initials “Thun” → a line for each letter ●\n"
    "“ferry” and “Aare” from the topic → fixed points ☑\n"
    "counted: 4 lines → as asked ✓\n∴ opens with “Tramlines” ●"
)
BRIEF = Brief("poem", "solemn", (Acrostic("Thun"), RequiredWords(("ferry",))))
QUERY = (
    "Write me a solemn poem about the bridge: the initials spell Thun, and the word ferry occurs."
)


def writing(**changes: Any) -> Writing:
    values: dict[str, Any] = {
        "language": "en",
        "query": QUERY,
        "reasoning": TRACE,
        "text": POEM,
        "brief": BRIEF,
        "title": "Lindau Bridge",
        "section": "History",
        "seed_text": TEXT,
        "seed_sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
    }
    values |= changes
    said = f"<think>\n{values['reasoning']}\n</think>\n{values['text']}"
    values.setdefault("surface", (("user", values["query"]), ("assistant", said)))
    return Writing(**values)


def test_a_good_poem_passes() -> None:
    names = [record["name"] for record in require(checks_of(writing()))]
    assert names[:5] == [
        "query_language", "query_states", "query_topic", "constraints_compatible", "keeps_acrostic",
    ]  # fmt: skip
    assert names[-2:] == ["trace_grounded", "surface"]


LIPOGRAM = Brief("", "", (Lipogram("z"),))
REASONS: list[tuple[str, dict[str, Any]]] = [
    ("query_language", {"query": "Schreibe bitte ein feierliches Gedicht über die Brücke, solemn "
                                 "poem Thun ferry, damit alle Leute etwas davon haben werden."}),
    ("query_misses_constraint", {"query": QUERY.replace("ferry", "boat")}),
    ("query_misses_constraint", {"query": QUERY.replace("solemn", "plain")}),
    ("query_misses_constraint", {"query": QUERY.replace("poem", "story")}),
    ("query_other_request", {"query": "Write me a solemn poem about Achilles at Troy: the initials "
                                      "spell Thun, and the word ferry occurs."}),
    ("query_other_request", {"query": QUERY[:-1] + ", in the style of Homer."}),
    ("text_unreadable", {"text": "The ferry crosses the Aare\nHere the ferry crosses the Aare\n"
                                 "Under Thun the ferry crosses the Aare\nNow the ferry is gone"}),
    ("text_unreadable", {"text": "Tramlines ferry Aare bridge\nHigh wheel mountain cheese\n"
                                 "Uncle window river stone\nNight cloud bread crossing"}),
    ("text_unreadable", {"text": POEM.replace("Night and", "Nooooo ooo and")}),
    ("text_unreadable", {"text": POEM.replace("Under it the ferry", "Under the a ferry")}),
    ("genre_missed", {"brief": dataclasses.replace(BRIEF, genre="letter"),
                      "query": QUERY.replace("poem", "letter")}),
    ("constraint_violated", {"text": POEM.replace("Night", "A night")}),
    ("constraint_violated", {"text": POEM.replace("ferry", "boats")}),
    ("constraint_violated", {"brief": dataclasses.replace(
        BRIEF, constraints=(*BRIEF.constraints, Snowball(1, 3))), "query": QUERY + " 1 3"}),
    ("constraint_trivial", {"brief": LIPOGRAM, "query": "Write about the bridge without any z."}),
    ("seed_unused", {"text": "This is how it was\nHere at home\nUp there\nNo ferry",
                     "seed_text": "One two", "title": "Bridge",
                     "seed_sha256": hashlib.sha256(b"One two").hexdigest()}),
    ("answer_language", {"text": "Tram und Fähre fahren über das Wasser dahin\nHoch über der "
                                 "Stadt steht seit langem der Bogen\nUnter ihm wartet noch immer "
                                 "die alte ferry\nNachts hört man die Aare und denkt an Thun"}),
    ("trace_length", {"reasoning": "∴ done"}),
    ("trace_grammar", {"reasoning": TRACE.replace("∴ opens", "opens")}),
    ("trace_longer_than_prose", {"reasoning": "\n".join(["the ferry and the Aare"] * 9)
                                 + "\n∴ the ferry and the Aare"}),
    ("trace_arithmetic", {"reasoning": TRACE.replace("counted: 4 lines", "2 + 2 = 5 lines")}),
    ("trace_unsupported", {"reasoning": TRACE.replace("4 lines", "47 lines")}),
    ("trace_unsupported", {"reasoning": TRACE.replace("“ferry”", "“steamer”")}),
    ("trace_unsupported", {"reasoning": "a plan first → short lines ●\nall of it kept plain → "
                                        "quiet words ☑\nlast look → nothing to mend ✓\n∴ done ●"}),
    ("malformed_answer", {"surface": (("user", QUERY), ("assistant", POEM))}),
    ("malformed_answer", {"seed_sha256": "0" * 64}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "changes"), REASONS, ids=[r for r, _ in REASONS])
def test_reasons(reason: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Rejected) as caught:
        require(checks_of(writing(**changes)))
    assert caught.value.reason == reason, caught.value.detail


def test_a_lipogram_of_enough_letters_is_no_chance() -> None:
    found = {c.name: c for c in checks_of(writing(brief=LIPOGRAM, text=f"{POEM}\n" * 200))}
    assert found["nontrivial"].passed and "lipogram" in found["nontrivial"].detail


@pytest.mark.parametrize(
    ("language", "key", "request_"),
    [
        ("en", "diary", "Could you write a page of her journal?"),
        ("fr", "story", "Écrivez une histoire qui se passe au moulin."),
        ("fr", "hopeful", "Une lettre pleine d'espoir, s'il vous plaît."),
        ("de", "playful", "Bitte eine heitere Rede mit Humor."),
        ("es", "story", "Quiero un cuento breve."),
        ("it", "melancholy", "Vorrei una poesia piena di tristezza."),
        ("pl", "hopeful", "Napisz list pełen nadziei."),
        ("nl", "diary", "Schrijf een bladzijde uit haar dagboek."),
        ("la", "diary", "Scribe, quaeso, diarium iocosum."),
    ],
)
def test_genres_and_tones_may_be_asked_for_in_other_words(
    language: str, key: str, request_: str
) -> None:
    assert names_it(fold(request_), key, language)
    assert not names_it(fold("Lorem 12."), key, language)


FORMS = {
    "dialogue": [
        ("en", "“Who built it?”\n“Nobody knows.”"), ("fr", "– Qui l'a bâti ?\n– On ne sait pas."),
        ("de", "Anna: Wer war das?\nKarl: Niemand weiß es."), ("pl", "— Kto tam?\n— To ja."),
    ],
    "poem": [("it", "L'acqua passa lenta\nsotto il ponte vecchio"),
             ("la", "Flumen per prata\nlente labitur")],
    "letter": [
        ("en", "Dear Anna,\n\nthe mill is gone.\n\nYours, Karl"),
        ("fr", "Chère Anna, le moulin n'est plus. Bien à vous, Karl."),
        ("es", "Querida Ana:\nel molino ya no está.\nUn abrazo, Carlos"),
        ("la", "Carolus Annae suo salutem dicit.\nMola iam non stat.\nCura ut valeas."),
    ],
    "diary": [
        ("en", "3 May 1912\nThe mill burnt down."), ("de", "Heute brannte die Mühle."),
        ("es", "Visité el molino y encontré cenizas."),
        ("pl", "Poszedłem nad rzekę, a młyn spłonął."),
        ("it", "Andai al mulino e trovai cenere."), ("la", "Ad molam ambulavi."),
        ("nl", "De molen is weg, en ik was erbij."),
    ],
    "speech": [("en", "Friends, let us remember the mill."), ("nl", "Dames en heren, de molen.")],
    "story": [("en", "The mill stood there. Then it burnt.")],
    "description": [("en", "A mill.")],
}  # fmt: skip


@pytest.mark.parametrize("genre", FORMS)
def test_texts_have_the_form_of_their_genre(genre: str) -> None:
    for language, text in FORMS[genre]:
        assert misses_form(text, genre, language) == "", (language, text)
    plain = "The mill stood on the river until it burnt"
    assert bool(misses_form(plain, genre, "en")) is (genre != "description")


def test_a_refrain_and_a_kept_source_are_no_repeats() -> None:
    refrain = "O mill of mine\n{}\nO mill of mine\n{}\n{}\n{}\n{}".format(
        "the wheel goes round", "the river sleeps", "a miller counts his sacks of rye",
        "the owls come home at night", "and nobody is awake",
    )  # fmt: skip
    assert faults(refrain, "en", (), "poem", TEXT) == []
    letters = (Snowball(1, 4),)
    assert faults("I am the king", "en", letters, "", TEXT) == []


# ---------------------------------------------------------------- broken rows


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    samples = [s for m in METHODS for lang in ("en", "fr") for s in made(m, lang, 30)[0]]
    return [row_of(sample) for sample in samples]


def _kinds(row: dict[str, Any]) -> list[Any]:
    return [from_json(entry) for entry in json.loads(row["constraints"])["constraints"]]


def poem_row(brief: Brief) -> dict[str, Any]:
    """What a written row would say of the poem under a brief; the rules write no such texts."""
    drawn = [("genre", brief.genre), ("tone", brief.tone)]
    listed = [{"name": name, "value": value} for name, value in drawn if value]
    listed += [constraint.to_json() for constraint in brief.constraints]
    said = f"<think>\n{TRACE}\n</think>\n{POEM}"
    return {
        "language": "en",
        "query": QUERY,
        "synthetic_reasoning": TRACE,
        "synthetic_answer": POEM,
        "query_seed_text": TEXT,
        "model": "rule:by hand",
        "constraints": json.dumps({**brief.to_json(), "language": "en", "trace_words": 100}),
        "constraint_list": [json.dumps(entry) for entry in listed],
        "seeds": [
            {
                "title": "Lindau Bridge",
                "section": "",
                "text_sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
            }
        ],
        "messages": [
            {"role": "user", "content": QUERY},
            {"role": "assistant", "content": said},
        ],
    }


def test_an_inserted_banned_letter_is_caught() -> None:
    kept = [poem_row(Brief("", "", (Lipogram(letters),))) for letters in ("z", "x", "q", "j", "kz")]
    banning = [(row, c) for row in kept for c in _kinds(row)]
    assert all(verified(row)["keeps_lipogram"] for row in kept)
    picker = Draw("broken rows")
    for _ in range(200):
        row, constraint = picker.choice(banning)
        text = row["synthetic_answer"]
        at = picker.below(len(text) + 1)
        letter = picker.choice(sorted(constraint.banned()))
        found = verified(with_text(row, text[:at] + letter + text[at:]))
        assert not found[f"keeps_{constraint.name}"]


def test_a_removed_required_word_is_caught(rows: list[dict[str, Any]]) -> None:
    asked = [(row, c) for row in rows for c in _kinds(row) if isinstance(c, RequiredWords)]
    assert asked
    for row, constraint in asked:
        for word in constraint.words:
            text = row["synthetic_answer"]
            gone = "".join(text.lower().split(word.lower()))
            assert not verified(with_text(row, gone))["keeps_required_words"]


def test_an_altered_line_is_caught() -> None:
    row = poem_row(BRIEF)
    asked = [(row, c) for c in _kinds(row) if c.name == "acrostic"]
    assert asked and verified(row)["keeps_acrostic"]
    for row, constraint in asked:
        lines = row["synthetic_answer"].split("\n")
        for i in range(len(lines)):
            without, other = [*lines], [*lines]
            del without[i]
            other[i] = "1912"
            for changed in (without, other):
                text = "\n".join(changed).strip()
                assert not verified(with_text(row, text))[f"keeps_{constraint.name}"]


def test_any_column_that_is_changed_is_caught(rows: list[dict[str, Any]]) -> None:
    for row in rows[:40]:
        for column in ("query", "synthetic_reasoning", "synthetic_answer"):
            assert not verified({**row, column: row[column] + " x"})["surface"]
        assert not verified({**row, "query_seed_text": row["query_seed_text"] + "."})["surface"]
        for i in (0, 1):
            messages = [dict(m) for m in row["messages"]]
            messages[i]["content"] += "."
            assert not verified({**row, "messages": messages})["surface"]
        for changed in (
            {"constraint_list": row["constraint_list"][1:]},
            {"constraints": row["constraints"].replace('"language": "', '"language": "x')},
            {"constraints": "{}"},
            {"constraints": row["constraints"][:-1]},
        ):
            assert verified({**row, **changed}) == {"constraints": False}


def test_a_changed_constraint_is_caught(rows: list[dict[str, Any]]) -> None:
    changed = 0
    for row in rows:
        for constraint in _kinds(row):
            if isinstance(constraint, RequiredWords):
                other = dataclasses.replace(constraint, words=("xylophone",))
                old, new = json.dumps(constraint.to_json()), json.dumps(other.to_json())
                data = {
                    "constraints": row["constraints"].replace(old, new),
                    "constraint_list": [e.replace(old, new) for e in row["constraint_list"]],
                }
                assert data["constraints"] != row["constraints"]
                found = verified({**row, **data})
                assert not found["query_states"] and not found["keeps_required_words"]
                changed += 1
    assert changed
