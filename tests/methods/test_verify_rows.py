"""memorization and rag: a written row gives its own checks again, and an altered one does not."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Any

import pytest

from beam_synth.checks.trace import parse_trace
from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.methods import load_method
from beam_synth.methods.shared.bare_query import bare_query
from beam_synth.records import Passage
from tests.doubles import exchanges
from tests.doubles.exchanges import FAR, NEAR, passage
from tests.doubles.ports import Script
from tests.doubles.written import Row, Texts, changed, constrained, faults, rendered, written
from tests.methods.test_methods import NEIGHBORS, SCRIPT, seed_of

TEXTS = Texts([passage(), *NEIGHBORS])
METHODS = ("memorization", "rag")
MUTATIONS = 200


def split(text: str, title: str, number: int) -> Passage:
    return exchanges.split(text, title, passage_id=f"{number:032x}")


MEADOWS = [
    split(f"Meadow {word} lies {21 + i} kilometres below the lake. It was walled in {1840 + i}.",
          f"Meadow {word}", 30 + i)
    for i, word in enumerate(["Almend", "Birch", "Copse", "Dale", "Elm", "Ford", "Grove"])
]  # fmt: skip
RULED = [split(p.text, p.title, i) for i, p in enumerate([passage(), NEAR, FAR], 20)] + MEADOWS
RULED_TEXTS = Texts(RULED)


@functools.cache
def scripted(name: str, index: int) -> Row:
    return written(name, seed_of(index, name), Script(SCRIPT))


@functools.cache
def ruled(name: str, index: int) -> Row | None:
    """A row by the rule engine; None where its exchange is rejected."""
    seed, *others = RULED[index % 3 :]
    try:
        return written(name, exchanges.seed_of(name, seed, index, others))
    except Rejected:
        return None


@pytest.mark.parametrize("name", METHODS)
def test_a_written_row_gives_its_own_checks_again(name: str) -> None:
    for index in range(40):
        assert faults(name, scripted(name, index), TEXTS) == []
    rows = [row for index in range(40) if (row := ruled(name, index))]
    assert len(rows) > 30
    for row in rows:
        assert faults(name, row, RULED_TEXTS) == []


def test_the_sources_come_back_in_their_order() -> None:
    from beam_synth.methods.rag.program import sources_of
    from beam_synth.methods.rag.prompt_sources import render_prompt

    positions = set()
    for index in range(40):
        row = scripted("rag", index)
        sources = sources_of(row, TEXTS)
        assert row["query"] == row["messages"][0]["content"]
        assert (
            render_prompt(bare_query(row["query"], "rag"), sources) == row["messages"][0]["content"]
        )
        positions.add(next((s.tag for s in sources if s.role == "primary"), ""))
    assert len(positions) > 5


@pytest.mark.parametrize("name", METHODS)
def test_a_row_that_cannot_be_read_fails(name: str) -> None:
    row = scripted(name, 0)
    unknown = [{**seed, "text_sha256": "f" * 64} for seed in row["seeds"]]
    for broken in [
        changed(row, constraints=""),
        changed(row, constraints="[1]"),
        changed(row, seeds=[]),
        changed(row, seeds=unknown),
        changed(row, constraints='{"language": "en"}'),
    ]:
        assert any("cannot be read" in fault for fault in faults(name, broken, TEXTS))
    verify = load_method(name).verify
    assert verify is not None
    (check,) = verify(changed(row, seeds=[]), TEXTS)
    assert (check.name, check.reason, check.passed) == ("row_consistent", "row_altered", False)


# ---------------------------------------------------------------- mutations


def another(number: str, draw: Draw) -> str:
    """A number of as many digits that stands in no text here."""
    while True:
        other = str(9 * 10 ** len(number) // 10 + draw.below(10 ** (len(number) - 1) + 1))
        if other not in {"30", "17", "36"} and len(other) == len(number) and other != number:
            return other


def trace_number(row: Row, draw: Draw) -> Row:
    """A number is put into the trace, or put in another's place, on both surfaces."""
    trace, number = row["synthetic_reasoning"], str(4000 + draw.below(5000))
    claims = [c for c in parse_trace(trace).claims if c.text and c.connective == "→"]
    at = draw.choice(claims).start + 1 if claims else trace.index("∴") + 1
    reasoning = f"{trace[:at]} {number}{trace[at:]}"
    return rendered(row, reasoning, row["synthetic_answer"])


def answer_name(row: Row, draw: Draw) -> Row:
    """A name is put into the answer's last sentence, on both surfaces."""
    name = draw.choice(["Anton Keller", "Berta Imhof", "Carl Zimmer"])
    answer = row["synthetic_answer"].rstrip(". ") + f", as {name} told."
    return rendered(row, row["synthetic_reasoning"], answer)


def surface_only(row: Row, draw: Draw) -> Row:
    """One letter of one column, or of a message, is another one."""
    column = draw.choice(["synthetic_reasoning", "synthetic_answer", "query", "user", "assistant"])
    copied = changed(row)
    if column in ("user", "assistant"):
        holder, key = copied["messages"][column == "assistant"], "content"
    else:
        holder, key = copied, column
    letters = [m.start() for m in re.finditer("[a-z]", holder[key])]
    at = draw.choice(letters)
    letter = "q" if holder[key][at] != "q" else "x"
    holder[key] = holder[key][:at] + letter + holder[key][at + 1 :]
    return copied


def seeds_moved(row: Row, draw: Draw) -> Row:
    """Two seeds change places; with a single seed its title is another one."""
    copied = changed(row)
    seeds = copied["seeds"]
    if len(seeds) < 2:
        copied["query_seed_text"] += " More."
        return copied
    other = 1 + draw.below(len(seeds) - 1)
    seeds[0], seeds[other] = seeds[other], seeds[0]
    return copied


def quotation(row: Row, draw: Draw) -> Row:
    """A word of a quotation is another one, on both surfaces."""
    answer = row["synthetic_answer"]
    quoted = re.search(r'(?<=">)[^<]+(?=</ref>)', answer)
    assert quoted
    words = quoted.group().split()
    words[draw.below(len(words))] = draw.choice(["never", "once", "perhaps"])
    altered = answer[: quoted.start()] + " ".join(words) + answer[quoted.end() :]
    return rendered(row, row["synthetic_reasoning"], altered)


def cited(row: Row, draw: Draw) -> Row:
    """Another source is cited, on both surfaces: a given one, or one that was not."""
    number = int(re.search(r'name="source_(\d+)"', row["synthetic_answer"])[1])  # type: ignore[index]
    other = 1 + (number + draw.below(11)) % 12
    altered = row["synthetic_answer"].replace(f'"source_{number}"', f'"source_{other}"')
    return rendered(row, row["synthetic_reasoning"], altered)


def primary(row: Row, draw: Draw) -> Row:
    """The primary is said to stand elsewhere."""
    import orjson

    drawn = orjson.loads(row["constraints"])
    others = [i for i in range(drawn["sources"] + 1) if i != drawn["primary_position"]]
    position = draw.choice(others)
    return constrained(row, primary_position=position, withheld=position == 0)


def source_text(row: Row, draw: Draw) -> Row:
    """A word of a source is another one in the prompt."""
    copied = changed(row)
    prompt = copied["messages"][0]["content"]
    begin = prompt.index("<source_1>")
    found = draw.choice(list(re.finditer(r"\b[a-z]{4,}\b", prompt[begin:])))
    at = begin + found.start()
    copied["messages"][0]["content"] = prompt[:at] + "zzzz" + prompt[at + len(found.group()) :]
    return copied


def key_altered(row: Row, draw: Draw) -> Row:
    """The focus, the language or (where it is asked about) an axis is said to be another one."""
    withheld = '"withheld":true' in row["constraints"]
    column = draw.choice(["focus", "language", *([] if withheld else ["query_result"])])
    other = {"focus": "designed by Carla Vogt", "query_result": "absurd", "language": "fr"}
    if column == "query_result" and '"absurd"' in row["constraints"]:
        other["query_result"] = "positive"
    return constrained(row, **{column: other[column]})


BOTH: list[Any] = [trace_number, answer_name, surface_only, seeds_moved, key_altered]
CASES = [(name, mutate) for name in METHODS for mutate in BOTH] + [
    ("rag", mutate) for mutate in (quotation, cited, primary, source_text)
]


@pytest.mark.parametrize(("name", "mutate"), CASES)
def test_every_mutation_is_caught(name: str, mutate: Any) -> None:
    needs_citation = mutate in (quotation, cited)
    rows = [(scripted(name, index), TEXTS) for index in range(25)]
    rows += [(row, RULED_TEXTS) for index in range(25) if (row := ruled(name, index))]
    rows = [(r, t) for r, t in rows if not needs_citation or "<ref" in r["synthetic_answer"]]
    for index in range(MUTATIONS):
        row, texts = rows[index % len(rows)]
        mutated = mutate(row, Draw("mutation", mutate.__name__, index))
        assert mutated != row
        assert faults(name, mutated, texts), (mutate.__name__, index)


def test_a_number_of_the_trace_is_changed() -> None:
    trace = SCRIPT["memorization/answer"]

    def counting(variables: Any) -> dict[str, str]:
        reply = trace(variables)  # type: ignore[operator]
        return {**reply, "reasoning": f"trams ran until 1958 ◐\n{reply['reasoning']}"}

    model = Script({**SCRIPT, "memorization/answer": counting})
    for index in range(MUTATIONS):
        row = written("memorization", seed_of(index % 12), model)
        number = another("1958", Draw(index))
        assert number not in str(row)
        altered = rendered(
            row, row["synthetic_reasoning"].replace("1958", number), row["synthetic_answer"]
        )
        assert any("trace_supported" in fault for fault in faults("memorization", altered, TEXTS))


def test_roles_of_seeds() -> None:
    row = changed(scripted("memorization", 0))
    row["seeds"][1]["role"] = "distractor"
    assert faults("memorization", row, TEXTS)
    row = changed(scripted("rag", 1))
    assert len(row["seeds"]) > 1
    row["seeds"][1]["role"] = "primary"
    assert faults("rag", row, TEXTS)


def test_the_same_text_in_another_article_changes_nothing() -> None:
    twin = dataclasses.replace(passage(), title="Twin", section="Other", passage_id="9" * 32)
    texts = Texts([passage(), *NEIGHBORS, twin])  # the twin's title goes for the text
    for index in range(10):
        assert faults("rag", scripted("rag", index), texts) == []
