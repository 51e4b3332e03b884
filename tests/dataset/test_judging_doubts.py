"""Judges whose word is worth little: what is told of them, and of honest ones nothing."""

from __future__ import annotations

from typing import Any

from beam_synth.dataset.judging_doubts import both_orders, judging_doubts
from beam_synth.dataset.judging_report import judging_words, what_judges_said

JOB = {
    "judge": True,
    "models": {"generator": {"engine": "openai", "model": "m"}, "judge": {"model": "n"}},
}
YES, NO = "holds holds", "fails fails"
FIRST, LAST = "holds fails", "fails holds"  # the verdict that is named first in both, or last


def said(role: str = "judge", /, **figures: int) -> dict[str, Any]:
    """What a judge said, from counts that are named without its role: said_passes=3."""
    measures: dict[str, int] = {}
    for name, n in figures.items():
        kind, _, rest = name.partition("_")
        key = {"said": f"said|{role}|rag|{rest}"}.get(kind, f"{kind}|{role}|{rest}")
        measures[key] = n
    return what_judges_said(measures)


def counted(alike: int, differ: int, one_reason: int = 0, **answers: int) -> dict[str, int]:
    words = {"words_alike": alike, "words_differ": differ, "words_one_reason": one_reason}
    orders = {"yes": YES, "no": NO, "first": FIRST, "last": LAST}
    return {**words, **{f"orders_{orders[name]}": n for name, n in answers.items()}}


def test_a_judge_that_turns_down_nearly_all_is_told_with_its_commonest_question() -> None:
    found = said(said_passes=2, said_fails=58, failed_query_clear=50, failed_one_right=9)
    (line,) = judging_doubts(found)
    assert line.startswith("the judge let 2 of 60 samples pass and turned down 58, most often for ")
    assert "query_clear (the query cannot be understood" in line
    words = judging_words({"job": JOB}, found)
    assert f"Doubtful: {line}." in words


def test_a_judge_that_lets_nearly_all_pass_is_told_with_what_it_says_of_bad_ones() -> None:
    found = said(said_passes=59, said_fails=1)
    assert "let 59 of 60 samples pass: either nearly all" in judging_doubts(found)[0]
    found["formal_agreement"] = {"table": {"failed": {"passes": 5, "fails": 1}}}
    assert "; of 6 that fail a check it let 5 pass: " in judging_doubts(found)[0]


def test_a_judge_that_goes_by_the_order_is_told_and_which_verdict_it_takes() -> None:
    for name, named in (("first", "first"), ("last", "last")):
        figures = counted(alike=26, differ=24, yes=200, no=20, **{name: 100})
        (line,) = judging_doubts(said(said_passes=26, said_disagrees=24, **figures))
        assert line.startswith("the judge agreed with itself in the two orders on 52% of 50 ")
        assert "on 69% of the questions" in line
        assert line.endswith(f"gives the verdict that is named {named}")
    figures = counted(alike=26, differ=24, yes=200, no=20, first=50, last=40)
    (line,) = judging_doubts(said(said_passes=26, said_disagrees=24, **figures))
    assert "named" not in line


def test_a_few_samples_with_many_questions_show_the_order_too() -> None:
    """What a real model of 135 M parameters said of eight samples, counted."""
    figures = counted(alike=2, differ=6, one_reason=6, no=21, first=37)
    lines = judging_doubts(said(said_fails=3, said_disagrees=5, said_malformed=5, **figures))
    assert lines[-1].startswith("the judge agreed with itself in the two orders on 25% of 8 ")
    assert lines[-1].endswith("gives the verdict that is named first")


def test_one_reason_for_all_and_words_that_cannot_be_read_are_told() -> None:
    figures = counted(alike=38, differ=2, one_reason=40, yes=250, no=60, last=2)
    found = said(said_passes=20, said_fails=18, said_disagrees=2, said_malformed=9, **figures)
    unread, one = judging_doubts(found)
    assert unread.startswith("of 49 samples the judge gave no word that could be read on 9")
    assert one.startswith("in 40 of its 80 words the judge gave one and the same reason")


def test_of_a_sound_judge_and_of_few_samples_nothing_is_said() -> None:
    figures = counted(alike=55, differ=5, one_reason=3, yes=380, no=60, first=4, last=3)
    sound = said(said_passes=40, said_fails=15, said_disagrees=5, failed_one_right=20, **figures)
    assert judging_doubts(sound) == []
    assert "In both orders it said the same of 92% of the samples and of 98%" in judging_words(
        {"job": JOB}, sound
    )
    assert judging_doubts(said(said_fails=9)) == judging_doubts({}) == []


def test_of_the_auditor_the_same_is_told() -> None:
    (line,) = judging_doubts(said("auditor", said_fails=12, failed_tone_kept=12))
    assert line.startswith("the auditor let 0 of 12 samples pass")


def test_orders_come_of_counts() -> None:
    found = both_orders({YES: 6, FIRST: 2, NO: 2}, {"alike": 3, "differ": 1, "one_reason": 2})
    assert (found["samples"], found["alike"], found["equal"]) == (4, 0.75, 0.8)
    assert found["one_reason"] == 2 and 0 < found["kappa"] < 1
    assert both_orders({}, {}) == {}
