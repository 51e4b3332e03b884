"""Rules for creative and constrained writing: texts of the seed's own sentences and words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.letterforms import letter_words
from beam_synth.materials.constraints.registry import from_json
from beam_synth.materials.constraints.vocables import RequiredWords, phrase_places
from beam_synth.materials.constraints.vocabulary import Span, Vocabulary, vocabulary
from beam_synth.materials.constraints.wording import wordings
from beam_synth.records import Passage
from beam_synth.rule_engine.composing import Composer, stuck
from beam_synth.rule_engine.frames import FRAMES
from beam_synth.rule_engine.languages import Language
from beam_synth.rule_engine.needs import SpanNeed, holds
from beam_synth.rule_engine.plans import trace
from beam_synth.rule_engine.rules import AnswerFields, Rule
from beam_synth.rule_engine.shapes import compose

_MOST = 8  # sentences of the seed in one text
_FEW = 5  # fewer are filled up with fragments
_LONG = 24  # words of a sentence that may be cut at a comma
_CUT = re.compile(r"[,;:](?=\s)")


def _constraints(variables: Mapping[str, Any]) -> tuple[Constraint, ...]:
    return tuple(
        from_json({k: v for k, v in entry.items() if k != "instruction"})
        for entry in variables["constraints"]
    )


def _title(passage: Passage) -> str:
    return " ".join(passage.title.split())


def _query(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for queries: a frame of the language around the constraints' own instructions."""
    language, passage = variables["language"], variables["passage"]
    rules = " ".join(entry["instruction"] for entry in variables["constraints"])
    draw = Draw("query", passage.passage_id, rules, seed)
    frames, table = FRAMES[language], wordings(language)
    if not variables["genre"]:
        asked = draw.choice(frames.ask).format(title=_title(passage))
        return {"query": f"{asked} {rules}"}
    genre, tone = table[f"genre_{variables['genre']}"], table[f"tone_{variables['tone']}"]
    asked = draw.choice(frames.brief).format(title=_title(passage), genre=genre, tone=tone)
    return {"query": f"{asked} {rules}"}


def _write(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for texts, with a trace of how each constraint is kept."""
    language, passage = variables["language"], variables["passage"]
    constraints, genre = _constraints(variables), variables["genre"]
    vocab = vocabulary(passage.title, passage.text, language)
    draw = Draw("write", variables["query"], seed)
    if genre and genre != "poem":
        text = _of_genre(genre, constraints, vocab, draw)
    else:
        text = compose(constraints, vocab, draw)
    what = f"a {genre}" if genre else "a text"
    return {
        "reasoning": trace(draw, what, _title(passage), constraints, text, language),
        "answer": text,
    }


def _revise(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for revisions: there is none."""
    raise stuck("the rules keep the constraints at once or not at all")


def _of_genre(genre: str, constraints: Sequence[Constraint], vocab: Vocabulary, draw: Draw) -> str:
    """The first draft that keeps all constraints, the fuller ones tried first."""
    for draft in _drafts(genre, constraints, vocab, draw):
        if not any(c.check(draft, vocab.language) for c in constraints):
            return draft
    raise stuck(f"no {genre} of the seed's sentences keeps the constraints")


def _drafts(
    genre: str, constraints: Sequence[Constraint], vocab: Vocabulary, draw: Draw
) -> Iterator[str]:
    """Drafts of a genre, the fuller ones first.

    First whole sentences of the seed, then shortened ones, then both with fragments beside them;
    within each, many sentences before few, and one link before none and two.
    """
    frame = FRAMES[vocab.language].genres[genre]
    title = " ".join(vocab.title.split())
    opening, closing = draw.below(2), draw.below(2)
    whole = [sentence for sentence in vocab.sentences if _complete(sentence)]
    short = [_shortened(sentence) for sentence in whole]
    for sentences, filled in ((whole, False), (short, False), (whole, True), (short, True)):
        usable = [s for s in dict.fromkeys(sentences) if not _taboo(s, constraints, vocab)]
        if filled:
            usable += _fragments(usable, constraints, vocab, draw)
        elif not _has_all(_required(constraints), (title, *usable)):
            continue
        for n in range(min(_MOST, len(usable)), 0, -1):
            body = _chosen(usable, n, constraints, draw)
            for links in (1, 0, 2):
                for first in (opening, 1 - opening):
                    start = frame.openings[first].format(title=title)
                    lines = [start, *_linked(body, frame.links[:links]), frame.closings[closing]]
                    yield _laid_out(genre, lines)


def _fragments(
    usable: Sequence[str], constraints: Sequence[Constraint], vocab: Vocabulary, draw: Draw
) -> list[str]:
    """Spans with the required words that no usable sentence has, and some more if these are few."""
    missing = [w for w in _required(constraints) if not any(phrase_places(s, w) for s in usable)]
    if not missing and len(usable) >= _FEW:
        return []
    composer = Composer(constraints, vocab, draw)
    needs = [SpanNeed(holds(word), word) for word in missing]
    needs += [SpanNeed(_long_enough, "a fragment")] * max(0, _FEW - len(usable) - len(missing))
    fragments = []
    for need in needs:
        try:
            fragments += composer.lines([need])
        except Rejected:
            continue  # a draft without it may still do
    return [f"{text}." for text in fragments]


def _long_enough(span: Span) -> bool:
    return len(span.terms) >= 4


def _has_all(phrases: Sequence[str], texts: Sequence[str]) -> bool:
    return all(any(phrase_places(text, phrase) for text in texts) for phrase in phrases)


def _required(constraints: Sequence[Constraint]) -> list[str]:
    return [w for c in constraints if isinstance(c, RequiredWords) for w in c.words]


def _complete(sentence: str) -> bool:
    """Whether it reads as a sentence: no lone heading, no quotation cut in two."""
    return len(letter_words(sentence)) >= 4 and sentence[-1] in ".!?…"


def _shortened(sentence: str) -> str:
    """A long sentence up to a comma near its middle."""
    if len(letter_words(sentence)) <= _LONG:
        return sentence
    cuts = [
        m.start() for m in _CUT.finditer(sentence) if len(letter_words(sentence[: m.start()])) >= 6
    ]
    return sentence[: cuts[0]] + "." if cuts else sentence


def _taboo(sentence: str, constraints: Sequence[Constraint], vocab: Vocabulary) -> bool:
    return any(c.name == "liponym" and c.check(sentence, vocab.language) for c in constraints)


def _chosen(
    sentences: Sequence[str], n: int, constraints: Sequence[Constraint], draw: Draw
) -> list[str]:
    """n sentences in their order, those with required words before others."""
    kept: list[str] = []
    for word in _required(constraints):
        if not any(phrase_places(s, word) for s in kept):
            kept += [s for s in sentences if phrase_places(s, word)][:1]
    rest = draw.sample([s for s in sentences if s not in kept], max(0, n - len(kept)))
    return [s for s in sentences if s in kept or s in rest]


def _linked(body: Sequence[str], links: Sequence[str]) -> list[str]:
    """The links stand after the first and the second third of the body."""
    out = list(body)
    for i, link in enumerate(reversed(links)):
        out.insert(max(1, len(body) * (len(links) - i) // (len(links) + 1)), link)
    return out


def _laid_out(genre: str, lines: Sequence[str]) -> str:
    return "\n".join(f"– {line}" if genre == "dialogue" else line for line in lines)


RULES: dict[str, Rule] = {
    f"{method}/{step}": rule
    for method in ("creative_writing", "constrained_writing")
    for step, rule in (("query", _query), ("write", _write), ("revise", _revise))
}
