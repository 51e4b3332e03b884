"""Every rule that a check enforces stands in every wording of the step that it is checked in.

A reason that checks of a method give, and that neither the table nor `NOT_WRITTEN` knows, fails
here: a rule that no prompt states loses honest work.
"""

from __future__ import annotations

import functools
import hashlib
import re

import pytest

from beam_synth.engines.prompts import Prompts
from beam_synth.methods import load_method
from tests.doubles import scripts

PROMPTS = Prompts()
# What every trace has to be: reason -> words of the rendered prompt, as regular expressions.
TRACE = {
    "trace_length": [r"about \d+ words and marks; from \d+ to \d+ will do"],
    "trace_grammar": [
        "may end a line and may follow →",
        "at most 40 words each",
        "the last branch is └─",
        "nothing comes after it but its confidence",
        "At least two fragments come before ∴",
        "0.1 (.*) to 1.8",
        "No marks from elsewhere",
        "rests on nothing that is still ☐",
    ],
    "trace_language": ["reasoning is in English, always"],
    "trace_longer_than_prose": [
        "would take more words",
        "nothing said twice",
        "none goes in a circle",
    ],
    "trace_filler": [
        "Each line brings something new, with a figure or a word of its subject that no earlier",
        "no line that would fit any task",
    ],
    "trace_arithmetic": ["Calculations are written out and right"],
}
QUERY = {
    "query_names_source": ["never speaks of a text", "never uses the title and the section's"],
    "query_language": ["Language of the query: (English|French)"],
    "malformed_answer": ["copied character by character"],
}
ASKED = {
    **QUERY,
    "query_copies_seed": ["in other words than the passage's", "at most seven words in a row"],
    "query_unclear": ["in whole sentences", "names its topic", "points at nothing that it does no"],
    "query_not_as_drawn": [
        "does not give its own answer away",
        "asks for more than yes or no",
        "cannot be answered plainly, and one that is to be answerable can",
        "with the number where the query asks how many",
        "the sentence of the focus says something else",
        "with a word for it that stands nowhere in the passage",
        "shows the readings, two at least",
    ],
}
# What an answer about a passage has to be, beside what `CLOSED` and the others say.
ANSWER = {
    "answer_contradicts_trace": ["It says .*what the line with ∴ concludes: the same names, numb"],
    "answer_swaps": ["each of the same thing", "said there of the same thing"],
    "answer_not_fluent": ["complete sentences", "It says nothing twice"],
}
CLOSED = {
    **TRACE,
    "trace_leaks_source": ["Never mention that you were shown anything"],
    "trace_unsupported": ["Use only names, numbers and dates", "a calculation gives which you"],
    "trace_early_answer": ["The first line never names it", "Only in the second half"],
    "trace_misses_answer": ["line with ∴ names what the answer turns on", "decisive line"],
    "answer_language": ["in no other language"],
    "answer_not_entailed": ["Every name, number and date in it stands", "says what the span says"],
    "answered_as_positive": ["Do not answer as if it were right", "ask which is meant"],
    **ANSWER,
    "answer_too_short": ["never a single word or name"],
}
# Method -> step -> reason -> what states it.
STATED: dict[str, dict[str, dict[str, list[str]]]] = {
    "memorization": {"memorization/query": ASKED, "memorization/answer": CLOSED},
    "rag": {
        "rag/query": ASKED,
        "rag/answer": {
            **CLOSED,
            "trace_leaks_source": ["Never mention what only you are told"],
            "trace_early_answer": ["never on the first line", "only in the second half"],
            "answer_not_entailed": ["outside the quotations stands in a source or in the query"],
            "citation_unknown": ["Only sources that were given are cited"],
            "citation_not_quoted": ["character by character", "three words at least"],
            "citation_missing": ["one citation at least"],
            "citation_distractor": ["never cited from a source about something else"],
            "citation_unsupported": [
                "names, numbers and dates of a claim stand in the very source"
            ],
            "no_abstention": ["say in the answer that the sources do not tell", "no answer after"],
        },
    },
    "mcq": {
        "mcq/query": {
            **QUERY,
            "query_copies_focus": [
                "in other words than the passage's",
                "not the sentence of the focus with a gap",
            ],
            "mcq_options": [
                "of the same kind as the key",
                "twice as long",
                "none is part of another",
                "No option stands in the question",
            ],
            "mcq_key": ["wrong for this question beyond doubt", "Take none from the sentence that"],
        },
        "mcq/answer": {
            **TRACE,
            "trace_leaks_source": CLOSED["trace_leaks_source"],
            "trace_unsupported": CLOSED["trace_unsupported"],
            "trace_misses_answer": ["letter and the text of the right option", "No other letter"],
            "answer_language": ["in no other language"],
            "mcq_key": ["opens with the letter and the text", "names no other letter"],
            "answer_not_entailed": ["in it stands in the material or in the question"],
        },
    },
    "multi_turn": {
        "multi_turn/query": {
            "query_names_source": ["speaks of a text, a passage or an article only where"],
            "query_language": ["Language: (English|French)"],
            "turn_repeats": ["repeats nothing the user has said before"],
            "turn_unlinked": ["uses a pronoun, an ellipsis"],
            "malformed_answer": ["copied character by character"],
        },
        "multi_turn/answer": {
            **TRACE,
            **ANSWER,
            "trace_leaks_source": ["Never mention that you were shown anything"],
            "trace_unsupported": ["Use only names, numbers and dates"],
            "answer_language": ["in no other language"],
            "answer_not_entailed": ["It holds what settles the turn", "stands in the conversation"],
            "turn_repeats": ["does not tell again what was told"],
            "citation_unknown": ["it may cite them as earlier answers do"],
            "citation_not_quoted": ["copied character by character"],
            "turn_contradicts": [
                "does not contradict an earlier turn",
                "chooses no other option, drops no item",
                "a doubt that is wrong",
            ],
        },
    },
    "arithmetic": {
        "arithmetic/query": {
            "query_changes_problem": ["No other figure appears", "the same unit", "the same quant"],
            "query_language": ["in no other language"],
            "query_hints": ["neither solved nor hinted at", "no operation named"],
        },
        "arithmetic/answer": {
            **TRACE,
            "trace_arithmetic": [
                r"Operators are \+ − × ÷ \^ and brackets, no units between",
                'Use "=" for exact results only',
                r"gcd\(24, 36\) = 12",
            ],
            "trace_leaks_source": ["Never mention that you were shown anything"],
            "trace_unsupported": ["Every number in it stands in the query", "lines that are dropp"],
            "trace_strays": [
                "Every number of the problem that the value depends on is used",
                "Every calculation leads to the value",
                "for show or twice",
                "dropped is taken back with ↺",
                "No quantity is sought and no shape named",
            ],
            "trace_early_answer": ["appears first as the result of a calculation"],
            "trace_misses_answer": ["the last calculation you write gives the final value"],
            "answer_language": ["in no other language"],
            "answer_wrong": ["last number of the answer, with its unit", "neither stated nor calc"],
        },
    },
    "editing": {
        "editing/choose": {
            "edit_not_offered": ["Take none that is not on the list"],
            "edit_not_done": ["A text that is correct is not corrected", "short is not summarised"],
            "edit_reason": [
                "what in it calls for the task",
                "No reason that would fit any text, and no name or number that is not in it",
                "no dates, figures, mistakes or language that the text does not have",
            ],
        },
        "editing/perform": {
            **TRACE,
            "trace_leaks_source": ["as if there were no list, and never mention one"],
            "trace_unsupported": ["Use only names and numbers that stand", "count those right"],
            "trace_misses_answer": ["At least half of what is corrected is quoted"],
            "answer_language": ["Still in (English|French)", r"A summary in [A-Z]\w+ of"],
            "edit_incomplete": ["every mistake put right"],
            "edit_elsewhere": ["nothing else changed"],
            "edit_loses_facts": ["All names, numbers and dates are kept", "no new name, number"],
            "edit_not_done": [
                "dates with a month",
                "years in figures, from 1000 to 2099",
                "numbers in figures outside dates",
                "Everything of its kind is there",
                "five at least",
                "It is not the text as it was",
                r"no sentence of more than \d+ words, no brackets",
            ],
            "extract_not_span": ["stands in the text letter for letter, as whole words"],
            "extract_schema": ["One JSON object with exactly these keys"],
        },
    },
}
STATED["math_mcq"] = {
    "arithmetic/query": STATED["arithmetic"]["arithmetic/query"],
    "arithmetic/choose": {
        **STATED["arithmetic"]["arithmetic/answer"],
        "answer_wrong": ["no other option's letter appears", "last number of the answer"],
        "mcq_options": ["Do not calculate the wrong options"],
    },
}
STATED["rag_ends"] = STATED["rag"]
WRITE = {
    **TRACE,
    "trace_leaks_source": ["Never mention that you were shown anything"],
    "trace_unsupported": [
        "names at least two words of the final text",
        "quote what stands in the text, in the request or in the material",
        "Every figure in it is one that the request names",
    ],
    "constraint_violated": ["a program checks them letter by letter", "How rules are counted"],
    "seed_unused": [r"takes up at least two words of the material or its title \(one, if"],
    "answer_language": ["in no other language"],
    "text_unreadable": [
        "no run of more than a dozen words",
        "No line, sentence or phrase is there twice",
        "Real words in real sentences, none broken off",
        "no lists of words",
    ],
}
for name in ("creative_writing", "constrained_writing"):
    STATED[name] = {
        f"{name}/query": {
            "query_language": ["in no other language"],
            "query_misses_constraint": ["states every rule completely", "has to stand in the requ"],
            "query_other_request": [
                "names the topic .* with a word of the article's or the section's title",
                "asks for nothing else .no other style",
            ],
        },
        f"{name}/write": WRITE,
        f"{name}/revise": {**WRITE, "repair": ["breaks no other rule"]},
    }
# Genre -> what its form is known by.
FORMS = {
    "poem": "a poem has lines",
    "letter": "salutation on a line of its own and ends with a close",
    "dialogue": "a dialogue has turns",
    "diary": "bears a date or speaks in the first person",
    "speech": "addresses its listeners",
    "story": "several sentences",
}
for step in ("write", "revise"):
    STATED["creative_writing"][f"creative_writing/{step}"] = {
        **WRITE,
        "genre_missed": [FORMS["letter"]],
    }
# What no model writes: the program draws it, or keeps it by itself.
NOT_WRITTEN = {
    "rag_ends": {"source_order"},
    "multi_turn": {"turn_roles", "parent_changed"},
    "arithmetic": {"no_instance"},
    "math_mcq": {"no_instance", "mcq_key"},
    "editing": {"query_language"},
    "creative_writing": {"constraint_trivial", "malformed_answer"},
    "constrained_writing": {"constraint_trivial", "malformed_answer", "genre_missed"},  # no genre
}


@functools.cache
def rendered(wording: str, step: str, method: str) -> str:
    """All that a wording says over its examples."""
    examples = load_method(method).prompts[step]
    said = (m["content"] for each in examples for m in PROMPTS.render(wording, each))
    return "\n".join(dict.fromkeys(said))


@pytest.mark.parametrize(
    ("method", "step"), [(method, step) for method, steps in STATED.items() for step in steps]
)
def test_every_wording_states_every_rule(method: str, step: str) -> None:
    for wording in PROMPTS.wordings(step):
        text = rendered(wording, step, method)
        missing = [
            (reason, words)
            for reason, every in STATED[method][step].items()
            for words in every
            if not re.search(words, text)
        ]
        assert missing == [], wording


@pytest.mark.parametrize("method", sorted(STATED))
def test_every_reason_of_the_checks_is_stated(method: str) -> None:
    found = scripts.passages("en", 16)
    recorder = scripts.Recorder()
    ended = recorder.run(scripts.seeds("memorization" if method == "multi_turn" else method, found))
    rows = [row for item in ended for row in item.outcome.records]
    if method == "multi_turn":
        following = recorder.run(scripts.following(rows))
        rows = [row for item in following for row in item.outcome.records]
    verify = load_method(method).verify
    assert verify is not None and rows
    texts = {hashlib.sha256(p.text.encode()).hexdigest(): p for p in found}
    reasons = {check.reason for row in rows for check in verify(row, texts.__getitem__)}
    stated = {reason for step in STATED[method].values() for reason in step}
    assert reasons - stated - NOT_WRITTEN.get(method, set()) == set()


def test_forms_of_genres_are_stated() -> None:
    example = load_method("creative_writing").prompts["creative_writing/write"][0]
    for wording in PROMPTS.wordings("creative_writing/write"):
        for genre, words in FORMS.items():
            given = {**example, "genre": genre, "genre_name": genre}
            text = PROMPTS.render(wording, given)[0]["content"]
            assert words in text
