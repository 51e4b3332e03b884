"""Which files word a step: ours, one of them replaced, all of them, or too unclear a mixture."""

from __future__ import annotations

import itertools
import re
import statistics
from pathlib import Path

import pytest

from beam_synth.engines.prompt_checks import check_prompts
from beam_synth.engines.prompts import Prompts, TemplateFault
from beam_synth.errors import Refused
from beam_synth.methods import SHIPPED, load_method

STEP = "memorization/query"
OURS = Prompts().variants(STEP)
EXAMPLES = load_method("memorization").prompts[STEP]
TEXT = "Ask about {{ passage.title }} in {{ language | language_name }}."


def wrote(folder: Path, *names: str) -> Prompts:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")
    return Prompts(folder)


def own(prompts: Prompts) -> list[str]:
    """The wordings of the step that are the folder's."""
    return [each for each in prompts.wordings(STEP) if prompts.source(each) == TEXT]


def test_a_name_of_ours_takes_the_place_of_one(tmp_path: Path) -> None:
    prompts = wrote(tmp_path, f"{STEP}/{OURS[2]}.jinja")
    assert prompts.variants(STEP) == OURS
    assert own(prompts) == [f"{STEP}/{OURS[2]}"]
    assert prompts.render(f"{STEP}/{OURS[2]}", EXAMPLES[1])[0]["content"].endswith(" in French.")


def test_other_names_take_the_place_of_all(tmp_path: Path) -> None:
    prompts = wrote(tmp_path, f"{STEP}/mine.jinja", f"{STEP}/another.jinja")
    assert prompts.variants(STEP) == ("another", "mine")
    assert own(prompts) == [f"{STEP}/another", f"{STEP}/mine"]


def test_one_file_takes_the_place_of_all(tmp_path: Path) -> None:
    prompts = wrote(tmp_path, f"{STEP}.jinja")
    assert prompts.variants(STEP) == ()
    assert own(prompts) == [STEP]
    assert Prompts(tmp_path).variants("memorization/answer") == Prompts().variants(
        "memorization/answer"
    )


def test_every_variant_of_ours_may_be_replaced(tmp_path: Path) -> None:
    prompts = wrote(tmp_path, *(f"{STEP}/{name}.jinja" for name in OURS))
    assert len(own(prompts)) == len(OURS)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((f"{STEP}.jinja", f"{STEP}/mine.jinja"), "keep one of the two"),
        ((f"{STEP}.jinja", f"{STEP}/{OURS[0]}.jinja"), "keep one of the two"),
        ((f"{STEP}/mine.jinja", f"{STEP}/{OURS[0]}.jinja"), "mine that of all"),
    ],
)
def test_an_unclear_mixture_is_refused(tmp_path: Path, names: tuple[str, ...], told: str) -> None:
    prompts = wrote(tmp_path, *names)
    with pytest.raises(TemplateFault, match=told):
        prompts.variants(STEP)
    with pytest.raises(Refused, match=f"(?s){STEP}.*{told}"):
        check_prompts(prompts, {STEP: EXAMPLES})


def test_what_is_shared_can_be_replaced_everywhere(tmp_path: Path) -> None:
    house = tmp_path / "shared" / "asking" / "rules.jinja"
    house.parent.mkdir(parents=True)
    house.write_text("Ask for one thing only.\n", encoding="utf-8")
    prompts = Prompts(tmp_path)
    check_prompts(prompts, {STEP: EXAMPLES})
    for wording in prompts.wordings(STEP):
        assert "Ask for one thing only." in prompts.render(wording, EXAMPLES[0])[0]["content"]
        assert prompts.sha256(wording) != Prompts().sha256(wording)


def test_a_method_of_ones_own_has_one_wording_or_several(tmp_path: Path) -> None:
    prompts = wrote(tmp_path, "mine/one.jinja", "mine/several/a.jinja", "mine/several/b.jinja")
    assert {"mine/one", "mine/several"} <= set(prompts.names())
    assert prompts.wordings("mine/one") == ["mine/one"]
    assert prompts.wordings("mine/several") == ["mine/several/a", "mine/several/b"]
    check_prompts(prompts, {"mine/one": EXAMPLES, "mine/several": EXAMPLES})


def test_each_variant_is_tried(tmp_path: Path) -> None:
    prompts = wrote(tmp_path, "mine/several/a.jinja", "mine/several/b.jinja")
    (tmp_path / "mine" / "several" / "b.jinja").write_text("{{ pasage.title }}", encoding="utf-8")
    with pytest.raises(Refused, match=r"several/b\.jinja:1: 'pasage' is undefined"):
        check_prompts(prompts, {"mine/several": EXAMPLES})


def test_a_variant_of_a_step_that_is_asked_for_is_no_useless_file(tmp_path: Path) -> None:
    check_prompts(wrote(tmp_path, "rag/query/mine.jinja"), {STEP: EXAMPLES})
    with pytest.raises(Refused, match="takes the place of no template"):
        check_prompts(wrote(tmp_path, "rag/qery/mine.jinja"), {STEP: EXAMPLES})


def test_a_wording_says_what_its_rows_are_held_to(tmp_path: Path) -> None:
    step = "memorization/answer"
    examples = load_method("memorization").prompts[step]
    path = tmp_path / f"{step}.jinja"
    path.parent.mkdir(parents=True)
    path.write_text("Answer {{ query }}.", encoding="utf-8")
    with pytest.raises(Refused, match=r"answer\.jinja:1: 'trace_words' is never named"):
        check_prompts(Prompts(tmp_path), {step: examples})
    path.write_text("Answer {{ query }} in {{ trace_words }} words.", encoding="utf-8")
    check_prompts(Prompts(tmp_path), {step: examples})
    path.write_text("{% include 'shared/length.jinja' %}", encoding="utf-8")
    check_prompts(Prompts(tmp_path), {step: examples})


_TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def own_grams(wording: str) -> set[tuple[str, ...]]:
    """3-grams of the words that stand in a variant's own file."""
    words = re.findall(r"\w+", _TAGS.sub(" ", Prompts().source(wording)).casefold())
    return set(zip(words, words[1:], words[2:], strict=False))


EXAMPLES_OF = {step: found for name in SHIPPED for step, found in load_method(name).prompts.items()}
STEPS = sorted(EXAMPLES_OF)


@pytest.mark.parametrize("step", STEPS)
def test_variants_differ_in_more_than_a_few_words(step: str) -> None:
    grams = [own_grams(wording) for wording in Prompts().wordings(step)]
    pairs = [len(a & b) / len(a | b) for a, b in itertools.combinations(grams, 2)]
    assert max(pairs) < 0.15 and statistics.mean(pairs) < 0.05
    texts = (_TAGS.sub(" ", Prompts().source(wording)) for wording in Prompts().wordings(step))
    assert len({" ".join(text.split()[:4]) for text in texts}) > 0.8 * len(grams)


@pytest.mark.parametrize("step", [s for s in STEPS if "trace_words" in EXAMPLES_OF[s][0]])
def test_every_variant_asks_for_another_shape_of_trace(step: str) -> None:
    prompts = Prompts()
    shapes = [
        [name for name in prompts.included(wording) if name.startswith("shared/shapes/")]
        for wording in prompts.wordings(step)
    ]
    assert all(len(each) == 1 for each in shapes)
    assert len({each[0] for each in shapes}) == len(shapes)
