"""The four forms as they are read out of a text, in whatever language: by marks, not by words.

Each reader returns what is wrong, in words; nothing where the form is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from beam_synth.text.equations import equations, evaluate_arithmetic
from beam_synth.text.folding import fold
from beam_synth.text.sentences import normalise

FAQ, MATHS, TABLE, TUTORIAL = "faq", "maths", "table", "tutorial"
FORMATS = (FAQ, MATHS, TABLE, TUTORIAL)

LEAST_PAIRS = 2
LEAST_STEPS = 3
LEAST_COLUMNS = 2
LEAST_ROWS = 2  # below the table's head
_ANSWER_WORDS = 3  # at least, of an answer
_STEP_WORDS = 4  # at least, of a step
_SAME = 0.8  # share of words from which two questions or steps are one

# Words by which a line says what it is, in eight languages: "Q1:", "Step 2:", "Solution:".
_LETTER = r"[qafrdopvzi]"
_WORD_LABEL = (
    r"(?:question|answer|step|problem|solution|title|faq|réponse|problème|étape|titre|frage|"
    r"antwort|schritt|aufgabe|lösung|ergebnis|titel|pregunta|respuesta|paso|problema|solución|"
    r"domanda|risposta|passo|soluzione|pytanie|odpowiedź|krok|zadanie|rozwiązanie|vraag|antwoord|"
    r"stap|opgave|oplossing|quaestio|responsum|gradus|solutio|result|final answer)"
)
_MARKS = r"^[\s>#*_•–-]*(?:\d{1,2}[.)]\s+)?[*_]*"
_LABEL = re.compile(
    rf"{_MARKS}(?:(?:{_LETTER}\s?\d{{0,2}}\s?[:)]|{_WORD_LABEL}\s?\d{{0,2}}\s?[:.)])[*_]*\s*)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"^[\s#*_]*(?:{_WORD_LABEL}\s)?(\d{{1,2}})\s?[.):]", re.IGNORECASE)
_BULLET = re.compile(r"^\s*[-*•]\s")
_CELL = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_INLINE = re.compile(r"(?<=\?)[*_]*\s+(?=\S)")  # where an answer stands on its question's line
_WORD = re.compile(r"\w+")
_FIGURES = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


def problems_of(form: str, text: str) -> list[str]:
    """What keeps a text from having the form. Raises KeyError for a form that there is not.

    >>> problems_of("tutorial", "1. Find the old mast.\\n2. Climb up to it.")
    ['2 steps, not 3']
    """
    return READERS[form](text)


def words_in_order(text: str) -> list[str]:
    """Words and figures of a text, folded.

    >>> words_in_order("In 1912, the Café")
    ['in', '1912', 'the', 'cafe']
    """
    return list(map(fold, _WORD.findall(text)))


def said(line: str) -> str:
    """A line without what is not said: the marks of lists and headings, "Q:", "Step 1:".

    >>> said("**Q2:** Who built it?"), said("3. Cross the river."), said("- In 1912 it fell.")
    ('Who built it?', 'Cross the river.', 'In 1912 it fell.')
    """
    return line[_LABEL.match(line).end() :].strip(" *_\t") if line else ""  # type: ignore[union-attr]


# ---------------------------------------------------------------- FAQ


class QuestionAnswer(NamedTuple):
    """A question and its answer."""

    question: str
    answer: str


def question_answers(text: str) -> list[QuestionAnswer]:
    """The questions of a text, each with what stands up to the next one.

    >>> found = question_answers("Q: Who built it?\\nA: Clara Vogt did.\\n\\n2. When? In 1912.")
    >>> [tuple(each) for each in found]
    [('Who built it?', 'Clara Vogt did.'), ('When?', 'In 1912.')]
    """
    found: list[QuestionAnswer] = []
    for line in _lines(text):
        for piece in _INLINE.split(line):
            words = said(piece)
            if words.endswith("?"):
                found.append(QuestionAnswer(words, ""))
            elif words and found:
                found[-1] = QuestionAnswer(
                    found[-1].question, f"{found[-1].answer} {words}".strip()
                )
    return found


def faq_problems(text: str) -> list[str]:
    """An FAQ has two questions at least, no two alike, each with an answer in words."""
    found = question_answers(text)
    problems = [f"no answer to {pair.question!r}" for pair in found if not pair.answer]
    short = [pair.answer for pair in found if 0 < len(pair.answer.split()) < _ANSWER_WORDS]
    problems += [f"the answer {answer!r} is no sentence" for answer in short]
    said_twice = [pair.question for pair in found if said(pair.question) != pair.question]
    problems += [f"a label twice: {question[:40]!r}" for question in said_twice]
    if len(found) < LEAST_PAIRS:
        problems.append(f"{len(found)} questions with answers, not {LEAST_PAIRS}")
    return problems + _repeated("question", (pair.question for pair in found))


# ---------------------------------------------------------------- tutorial


def steps(text: str) -> list[str]:
    """The steps of a text: its numbered lines, or its bullets where it has no numbers.

    >>> steps("How to get there\\n\\nStep 1: Take the boat.\\n**Step 2:** Walk on.")
    ['Take the boat.', 'Walk on.']
    """
    numbered = [line for line in _lines(text) if _NUMBERED.match(line)]
    return [said(line) for line in numbered or filter(_BULLET.match, _lines(text))]


def tutorial_problems(text: str) -> list[str]:
    """A tutorial has three steps at least, in order, no two alike."""
    found = steps(text)
    problems = [f"{len(found)} steps, not {LEAST_STEPS}"] if len(found) < LEAST_STEPS else []
    marks = [_NUMBERED.match(line) for line in _lines(text)]
    numbers = [int(mark[1]) for mark in marks if mark]
    if numbers and numbers != list(range(1, len(numbers) + 1)):
        problems.append(f"the steps are numbered {', '.join(map(str, numbers))}")
    short = [step for step in found if len(step.split()) < _STEP_WORDS]
    return problems + [f"a step says {step!r}" for step in short] + _repeated("step", found)


# ---------------------------------------------------------------- table


class MarkdownTable(NamedTuple):
    """A table in a text, and what stands around it."""

    rows: list[list[str]]  # the head first
    before: str
    after: str


def markdown_table(text: str) -> MarkdownTable | None:
    """The first table of a text: lines with bars, the second of them a rule; None without one.

    >>> markdown_table("| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\nWhat is b?").rows
    [['a', 'b'], ['1', '2']]
    """
    lines = text.splitlines()
    for at, line in enumerate(lines[1:], 1):
        if "|" in lines[at - 1] and "|" in line and _RULE.match(line):
            end = at + 1
            while end < len(lines) and "|" in lines[end]:
                end += 1
            rows = [_cells(lines[at - 1]), *(_cells(row) for row in lines[at + 1 : end])]
            return MarkdownTable(rows, "\n".join(lines[: at - 1]), "\n".join(lines[end:]))
    return None


def _cells(line: str) -> list[str]:
    return [cell.strip(" *_") for cell in _CELL.split(line.strip().strip("|"))]


def table_problems(text: str) -> list[str]:
    """A table of two columns and two rows at least, full and even, then a question that it answers
    and the answer."""
    table = markdown_table(text)
    if table is None:
        return ["no table: a head, a rule and rows between bars"]
    head, *rows = table.rows
    problems = [f"{len(head)} columns, not {LEAST_COLUMNS}"] if len(head) < LEAST_COLUMNS else []
    if len(rows) < LEAST_ROWS:
        problems.append(f"{len(rows)} rows, not {LEAST_ROWS}")
    problems += [
        f"a row of {len(row)} cells, not {len(head)}" for row in rows if len(row) != len(head)
    ]
    problems += ["an empty cell" for row in table.rows if not all(row)][:1]
    problems += _repeated("row", (" ".join(row) for row in rows), exact=True)
    asked = question_answers(table.after)
    if not asked or not asked[0].answer:
        return [*problems, "no question with its answer after the table"]
    in_table = {word for row in table.rows for cell in row for word in words_in_order(cell)}
    computed = {str(each.value) for each in equations(table.after) if each.holds}
    for pair in asked:
        if pair.answer and not (in_table | computed) & _telling(pair):
            problems.append(f"the table does not hold the answer {pair.answer[:60]!r}")
    return problems


def _telling(pair: QuestionAnswer) -> set[str]:
    """Words of an answer that its question does not have, figures and longer ones."""
    asked = set(words_in_order(pair.question))
    return {
        w for w in words_in_order(pair.answer) if w not in asked and (len(w) > 3 or w.isdigit())
    }


# ---------------------------------------------------------------- maths


def maths_problems(text: str) -> list[str]:
    """A problem that asks, then its calculation, each step true; the last line holds a result."""
    every = _lines(text)
    worked = next((at for at, line in enumerate(every) if equations(line)), len(every))
    problems = (
        [] if any("?" in line for line in every[:worked]) else ["no question before the solution"]
    )
    found = equations(text)
    problems += [f"a false step: {each.text}" for each in found if not each.holds]
    if not found:
        return [*problems, "no calculation"]
    last = {value for raw in _FIGURES.findall(every[-1]) if (value := _value(raw)) is not None}
    if not last & {each.value for each in found if each.holds}:
        problems.append("the last line does not give the result of a step")
    return problems


def _value(raw: str) -> Fraction | None:
    try:
        return evaluate_arithmetic(raw.rstrip(",%"))[0]
    except ValueError:
        return None


# ---------------------------------------------------------------- what runs on


def whole_part(form: str, text: str, *, cut: bool) -> str:
    """An FAQ or a tutorial up to where it is cut off or begins to repeat itself: what stands before
    is whole by itself. Other formats, and a text without such a place, stay as they are.

    >>> whole_part("faq", "Q: Who?\\nA: Clara Vogt.\\nQ: When?\\nA: In 19", cut=True)
    'Q: Who?\\nA: Clara Vogt.'
    """
    opens = {FAQ: _opens_question, TUTORIAL: _opens_step}.get(form)
    if opens is None:
        return text
    lines = text.splitlines()
    places = [at for at, line in enumerate(lines) if opens(line)]
    again = _first_again([said(lines[at]) for at in places])
    if again is not None:
        lines = lines[: places[again]]
    elif cut and places:
        lines = lines[: places[-1]]
    return "\n".join(lines).strip()


def _opens_question(line: str) -> bool:
    return "?" in line


def _opens_step(line: str) -> bool:
    return bool(_NUMBERED.match(line) or _BULLET.match(line))


def _first_again(items: Sequence[str]) -> int | None:
    """The number of the first item that says what an earlier one says."""
    return next(
        (n for n in range(1, len(items)) if _repeated("", items[: n + 1])),
        None,
    )


# ---------------------------------------------------------------- shared


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _repeated(what: str, items: Iterable[str], exact: bool = False) -> list[str]:
    """Items that say what an earlier one says."""
    seen: list[set[str]] = []
    problems = []
    for item in items:
        words = {normalise(item)} if exact else set(words_in_order(item))
        if any(len(words & other) >= _SAME * len(words | other) for other in seen if words):
            problems.append(f"a {what} twice: {item[:60]!r}")
        seen.append(words)
    return problems


READERS: dict[str, Callable[[str], list[str]]] = {
    FAQ: faq_problems,
    MATHS: maths_problems,
    TABLE: table_problems,
    TUTORIAL: tutorial_problems,
}
