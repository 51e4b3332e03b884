"""Editing by rule: it chooses what it can do with a text, does it, and says how in a trace.

It corrects by the list of errors that the request carries, takes values and sentences out of the
text as they stand, puts sentences into lists, questions and letters, and drops brackets. It does
not translate.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.materials.corruption import restore
from beam_synth.methods.editing.forms import complicated
from beam_synth.methods.editing.result_checks import extractable_facts
from beam_synth.methods.editing.words import INSTRUCTIONS
from beam_synth.rule_engine import edits
from beam_synth.rule_engine.languages import Language
from beam_synth.rule_engine.quoting import quoted
from beam_synth.rule_engine.rules import AnswerFields, Rule
from beam_synth.text.claims import content_words
from beam_synth.text.proper_names import names
from beam_synth.text.sentences import count_words, ends_in_ordinal, occurrences, sentences

_PARENTHESES = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
_EDGES = " \t\n.,;:–—-'’\"“”«»„"
_LEAST = 5  # words of a summary
_LEAST_SENTENCE = 4  # words of a sentence in it


@dataclasses.dataclass(frozen=True)
class Work:
    """One request as the tasks see it."""

    text: str
    language: str
    words: Language
    errors: Sequence[Any]  # of corruption.Error
    offer: Mapping[str, Any]
    draw: Draw

    def sentences(self) -> list[str]:
        """The text's sentences, each on one line; what an ordinal's full stop may have cut off
        stays with it."""
        texts: list[str] = []
        for a, b in sentences(self.text, self.language):
            text = " ".join(self.text[a:b].split())
            if texts and ends_in_ordinal(texts[-1], self.language):
                texts[-1] += f" {text}"
            else:
                texts.append(text)
        return texts


class Done(NamedTuple):
    """What became of the text."""

    result: str
    steps: list[str]  # of the trace, in order; the last one concludes


def correct(work: Work) -> Done | None:
    """The text without the errors of the list; None without any."""
    if not work.errors:
        return None
    return Done(restore(work.text, work.errors), edits.findings(work.text, work.errors, work.draw))


def extract(work: Work) -> Done | None:
    """Names, dates and numbers as they stand; None where one is part of a longer word."""
    extracted: dict[str, list[str]] = {}
    for key, kind in work.offer["keys"].items():
        values = [v.strip(_EDGES) for v in extractable_facts(work.text, work.language, kind)]
        if any(next(occurrences(work.text, v), None) is None for v in values):
            return None  # part of a longer word
        extracted[key] = list(dict.fromkeys(values))
    steps = edits.values(extracted, work.offer["keys"], work.draw)
    return Done(orjson.dumps(extracted).decode(), steps)


def summary_edit(work: Work) -> Done | None:
    """The sentences that share most words with the others, as many as there is room for.

    A sentence weighs what its content words occur elsewhere, by its length; the first one weighs
    more. None where fewer than five words have room.
    """
    texts = work.sentences()
    held = [content_words(text, work.language) for text in texts]
    common = Counter(word for words in held for word in words)
    weight = [sum(common[w] - 1 for w in words) / (4 + len(words)) for words in held]
    left, kept = int(work.offer["words"]), set[int]()
    for i in sorted(range(len(texts)), key=lambda i: (-weight[i] - (i == 0), i)):
        size = count_words(texts[i])
        if _LEAST_SENTENCE <= size <= left:
            kept.add(i)
            left -= size
    result = " ".join(texts[i] for i in sorted(kept))
    if count_words(result) < _LEAST:
        return None
    dropped = [text for i, text in enumerate(texts) if i not in kept]
    offer, total = work.offer, count_words(work.text)
    steps = edits.choice([texts[i] for i in sorted(kept)], dropped, offer["words"], work.draw)
    return Done(result, [edits.budget(total, offer["percent"], offer["words"]), *steps])


def simplify(work: Work) -> Done | None:
    """Brackets dropped, sentences cut at semicolons; None where this leaves a sentence too long, or
    nothing is to be dropped."""
    bare = _PARENTHESES.sub("", work.text)
    parts = [part.strip() for part in bare.split(";")]
    result = ". ".join(part[:1].upper() + part[1:] for part in parts if part)
    unsuited = complicated(result, work.language, work.offer["words"]) or not result
    if unsuited or result == work.text:
        return None
    dropped = [m.group().strip(" ()[]") for m in _PARENTHESES.finditer(work.text)]
    return Done(result, edits.cuts(dropped, len(parts), work.offer["words"], work.draw))


def restyle(work: Work) -> Done | None:
    """The sentences as a list, as answers to questions, or in a letter; None for a single sentence,
    and where one holds nothing to ask about."""
    texts, form = work.sentences(), work.offer["form"]
    result = _FORMS[form](texts, work) if len(texts) > 1 else None
    return Done(result, edits.layout(texts, form, work.draw)) if result else None


def _bullets(texts: Sequence[str], work: Work) -> str | None:
    return "\n".join(f"- {text}" for text in texts)


def _numbered(texts: Sequence[str], work: Work) -> str | None:
    return "\n".join(f"{i}. {text}" for i, text in enumerate(texts, 1))


def _questions(texts: Sequence[str], work: Work) -> str | None:
    blocks, used = [], set[str]()
    for text in texts:
        topics = (name.text.strip(_EDGES) for name in names(text, work.language))
        topic = next((t for t in topics if t and t not in used), None)
        if topic is None or text.endswith("?"):
            return None
        used.add(topic)
        asked = work.draw.choice(INSTRUCTIONS[work.language].ask)
        blocks.append(f"{asked.format(topic=quoted(topic, work.words))}\n{text}")
    return "\n\n".join(blocks)


def _letter(texts: Sequence[str], work: Work) -> str | None:
    words = INSTRUCTIONS[work.language]
    greeting, closing = work.draw.choice(words.greeting), work.draw.choice(words.closing)
    return f"{greeting}\n\n{' '.join(texts)}\n\n{closing}"


_FORMS: dict[str, Callable[[Sequence[str], Work], str | None]] = {
    "bullets": _bullets,
    "numbered": _numbered,
    "questions": _questions,
    "letter": _letter,
}
TASKS: dict[str, Callable[[Work], Done | None]] = {
    "correct": correct,
    "extract": extract,
    "summarise": summary_edit,
    "simplify": simplify,
    "restyle": restyle,
}


def _done(variables: Mapping[str, Any], offer: Mapping[str, Any], words: Language) -> Done | None:
    task = TASKS.get(offer["task"])
    draw = Draw("editing", variables["text"], offer["task"])
    work = Work(variables["text"], variables["language"], words, variables["errors"], offer, draw)
    return task(work) if task else None


def choose_edit(
    variables: Mapping[str, Any], words: Language, method: str, seed: int
) -> AnswerFields:
    """The rule for editing/choose: errors come first; else the first of the offered tasks that can
    be done by rule, tried out in full.

    Raises Rejected("unsupported_request") where none can.
    """
    offered = list(variables["offered"])
    if variables["errors"]:
        offered.sort(key=lambda offer: offer["task"] != "correct")
    draw = Draw("choice", variables["text"], seed)
    for offer in offered:
        if _done(variables, offer, words):
            why = draw.choice(edits.REASONS[offer["task"]])
            return {"chosen_task": offer["task"], "reason": why}
    tasks = ", ".join(str(offer["task"]) for offer in offered)
    raise Rejected("unsupported_request", f"there is no rule that does {tasks} with this text")


def perform(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for editing/perform: the result of the chosen task, with its trace.

    Raises Rejected("unsupported_request") for a task that cannot be done with the text by rule.
    """
    offer = variables["chosen"]
    done = _done(variables, offer, words)
    if done is None:
        raise Rejected("unsupported_request", f"there is no rule that does {offer['task']} here")
    answer, steps = done
    draw = Draw("editing trace", variables["text"], seed)
    corrects, text = offer["task"] == "correct", variables["text"]
    slip = edits.around(text, variables["errors"][0]) if corrects else ""
    opening = edits.opening(offer["task"], variables["mode"], variables["offered"], slip, draw)
    seen = edits.read(variables["text"], count_words(variables["text"]), draw)
    return {"reasoning": "\n".join([*opening, seen, *steps]), "answer": answer}


RULES: dict[str, Rule] = {"editing/choose": choose_edit, "editing/perform": perform}
