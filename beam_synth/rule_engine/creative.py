"""Rules for creative and constrained writing: own sentences around quotations of the seed.

A rule has a few sentences of its own in each language and nothing else, so it writes what these
can carry: a letter, a dialogue, a diary entry, a speech or a description in a plain tone, and of
the Oulipo's constraints those that leave whole sentences. What it takes from the seed it quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.letterforms import letter_words
from beam_synth.materials.constraints.registry import from_json
from beam_synth.materials.constraints.sources import Larding, NPlusK
from beam_synth.materials.constraints.vocables import RequiredWords, phrase_places
from beam_synth.materials.constraints.vocabulary import Vocabulary, vocabulary
from beam_synth.materials.constraints.wording import wordings
from beam_synth.records import Passage
from beam_synth.rule_engine.facts import unbroken
from beam_synth.rule_engine.frames import FRAMES, Genre
from beam_synth.rule_engine.languages import Language
from beam_synth.rule_engine.plans import trace
from beam_synth.rule_engine.quoting import quoted
from beam_synth.rule_engine.rules import AnswerFields, Rule
from beam_synth.rule_engine.wholes import is_sentence

TONES = ("plain",)
CONSTRAINTS = frozenset(["required_words", "liponym", "counts", "larding", "n_plus_k"])
_SWAPPED = frozenset(["en"])  # where a noun fits another's place: no gender, no case
_MOST = 3  # quotations in one text
_LONG = 32  # words of a sentence that is quoted
_LISTED = 8  # words that one which opens with a figure has at least
_TOKEN = re.compile(r"[^\W_]+")  # as N+k counts its positions


def stuck(why: str) -> Rejected:
    """What is raised where the rules cannot do it; methods then draw anew (`until_supported`).

    >>> stuck("no words").reason
    'unsupported_request'
    """
    return Rejected("unsupported_request", why)


def _constraints(variables: Mapping[str, Any]) -> tuple[Constraint, ...]:
    return tuple(
        from_json({k: v for k, v in entry.items() if k != "instruction"})
        for entry in variables["constraints"]
    )


def _title(passage: Passage) -> str:
    return " ".join(passage.title.split())


def _query(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for queries: a frame of the language around the constraints' own instructions.

    Raises Rejected("unsupported_request") for what no rule writes.
    """
    language, passage = variables["language"], variables["passage"]
    frames, table = FRAMES[language], wordings(language)
    genre, tone = variables["genre"], variables["tone"]
    if genre and (genre not in frames.genres or tone not in TONES):
        raise stuck(f"there is no rule for a {genre} in a {tone} tone")
    others = {entry["name"] for entry in variables["constraints"]} - CONSTRAINTS
    if others:
        raise stuck(f"no rule keeps {', '.join(sorted(others))} in whole sentences")
    whole = unbroken(vocabulary(passage.title, passage.text, language).sentences)
    for constraint in _constraints(variables):
        _check_sources(constraint, language, whole)
    rules = " ".join(entry["instruction"] for entry in variables["constraints"])
    draw = Draw("query", passage.passage_id, rules, seed)
    if not genre:
        return {"query": f"{draw.choice(frames.ask).format(title=_title(passage))} {rules}"}
    asked = draw.choice(frames.brief).format(
        title=_title(passage), genre=table[f"genre_{genre}"], tone=table[f"tone_{tone}"]
    )
    return {"query": f"{asked} {rules}"}


def _check_sources(constraint: Constraint, language: str, whole: Sequence[str]) -> None:
    """Raise where a given text is none of the whole sentences, or where what is replaced in it is a
    part of a name, or a noun whose article or case another one does not share.
    """
    if isinstance(constraint, NPlusK):
        if language not in _SWAPPED:
            raise stuck("another noun would break the sentence's gender and case")
        sources: tuple[str, ...] = (constraint.source,)
        tokens = _TOKEN.findall(constraint.source)
        named = [tokens[i] for i in constraint.positions if i and tokens[i][0].isupper()]
        if named:
            raise stuck(f"{named[0]} is a part of a name")
    else:
        sources = constraint.sources if isinstance(constraint, Larding) else ()
    if not all(source in whole and is_sentence(source, language) for source in sources):
        raise stuck("a given text is no whole sentence")


def _write(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for texts, with a trace of how each constraint is kept."""
    language, passage = variables["language"], variables["passage"]
    constraints, genre = _constraints(variables), variables["genre"]
    vocab = vocabulary(passage.title, passage.text, language)
    draw = Draw("write", variables["query"], seed)
    text = _first_kept(_drafts(genre, constraints, vocab, words, draw), constraints, language)
    what = f"a {genre}" if genre else "a text"
    return {
        "reasoning": trace(draw, what, _title(passage), constraints, text, language),
        "answer": text,
    }


def _revise(variables: Mapping[str, Any], words: Language, method: str, seed: int) -> AnswerFields:
    """The rule for revisions: there is none."""
    raise stuck("the rules keep the constraints at once or not at all")


def _first_kept(drafts: Iterator[str], constraints: Sequence[Constraint], language: str) -> str:
    """The first draft that keeps all constraints."""
    for draft in drafts:
        if not any(c.check(draft, language) for c in constraints):
            return draft
    raise stuck("no draft of quotations and own sentences keeps the constraints")


def _drafts(
    genre: str, constraints: Sequence[Constraint], vocab: Vocabulary, words: Language, draw: Draw
) -> Iterator[str]:
    """Drafts, those with more quotations and fewer remarks first."""
    frames = FRAMES[vocab.language]
    for constraint in constraints:
        if isinstance(constraint, NPlusK):
            yield constraint.replaced()
            return
        if isinstance(constraint, Larding):
            yield _larded(constraint, draw.shuffled(frames.remarks))
            return
    frame = frames.genres[genre or "description"]
    title = quoted(_title_of(vocab), words)
    openings = draw.shuffled([opening.format(title=title) for opening in frame.openings])
    closings = draw.shuffled(frame.closings)
    # The first three leads open, the others go on.
    leads = [draw.choice(frames.leads[:3]), *draw.shuffled(frames.leads[3:])]
    remarks = draw.shuffled(frames.remarks)
    usable = [s for s in dict.fromkeys(unbroken(vocab.sentences)) if _quotable(s, vocab.language)]
    for n in range(min(_MOST, len(usable)), 0, -1):
        body = _chosen(usable, n, constraints, draw)
        said = [lead.format(quote=quoted(s, words)) for lead, s in zip(leads, body, strict=False)]
        if genre == "dialogue":
            if n == 1:
                return  # a question and an answer are no dialogue
            yield from (
                _spoken(first, said, frame, last) for first in openings for last in closings
            )
            continue
        for extra in range(len(remarks) + 1):
            lines = _linked(said, [*draw.shuffled(frame.links)[: n - 1], *remarks[:extra]])
            yield from ("\n".join([first, *lines, last]) for first in openings for last in closings)


def _title_of(vocab: Vocabulary) -> str:
    return " ".join(vocab.title.split())


def _quotable(sentence: str, language: str) -> bool:
    """Whether a text may quote it: no entry of a list ("70000 km of roads.")."""
    size = len(letter_words(sentence))
    listed = sentence[:1].isdigit() and size < _LISTED
    return is_sentence(sentence, language) and 4 <= size <= _LONG and not listed


def _spoken(first: str, said: Sequence[str], frame: Genre, last: str) -> str:
    """A dialogue: one asks, the other quotes, in turn."""
    turns = [first]
    for i, quotation in enumerate(said):
        turns += [quotation, *frame.links[i : i + 1]] if i < len(said) - 1 else [quotation]
    return "\n".join(f"– {turn}" for turn in [*turns, last])


def _larded(constraint: Larding, remarks: Sequence[str]) -> str:
    """The fixed sentences with remarks between them."""
    left, parts = list(remarks), [constraint.sources[0]]
    for source in constraint.sources[1:]:
        if len(left) < constraint.insert:
            raise stuck("there are too few sentences to put between")
        parts += [*left[: constraint.insert], source]
        left = left[constraint.insert :]
    return "\n".join(parts)


def _required(constraints: Sequence[Constraint]) -> list[str]:
    return [w for c in constraints if isinstance(c, RequiredWords) for w in c.words]


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
    """The links in turn after the parts of the body."""
    out: list[str] = []
    for i, part in enumerate(body):
        out += [part, *links[i :: len(body)]]
    return out


RULES: dict[str, Rule] = {
    f"{method}/{step}": rule
    for method in ("creative_writing", "constrained_writing")
    for step, rule in (("query", _query), ("write", _write), ("revise", _revise))
}
