"""Checks of creative and constrained writing: the query states what the text has to keep, the text
keeps it and takes its seed up, the trace speaks of this very text.

The order is fixed; `checks_of` makes them one by one, for the method and for `verify` alike.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator

from beam_synth.checks import Check, outcome
from beam_synth.checks.language import answer_language, language_check
from beam_synth.checks.suites import trace_checks
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.compatibility import compatible
from beam_synth.materials.constraints.letterforms import spellings
from beam_synth.materials.constraints.nontrivial import LIMIT, chance
from beam_synth.materials.constraints.sampling import Brief
from beam_synth.materials.constraints.syllables import SURE
from beam_synth.materials.constraints.vocabulary import is_content
from beam_synth.materials.constraints.word_patterns import function_words
from beam_synth.materials.constraints.wording import wordings
from beam_synth.methods.writing.genre_words import names_it
from beam_synth.methods.writing.genres import misses_form
from beam_synth.methods.writing.grounded import check_grounded
from beam_synth.methods.writing.readable import faults, foreign
from beam_synth.methods.writing.written import About, Writing
from beam_synth.text.folding import fold
from beam_synth.text.proper_names import names
from beam_synth.text.sentences import normalise, occurrences

# Under these a text may be a few words that no language claims for itself.
_EXTREME = (
    "univocalism bivocalism monoconsonantism beau_present prisoner isogram tautogram snowball "
    "melting_snowball rhopalic abecedarian pilish letter_palindrome anagram word_ladder "
    "heterogrammatic_verse isovocalism isoconsonantism pangrammatic_lipogram belle_absente"
)
NO_LANGUAGE = frozenset(_EXTREME.split())
BY_SYLLABLES = frozenset(("haiku", "alexandrine", "rhopalic"))
_SHORT = 12  # words of a text that needs one word of its seed; a longer one needs two
_PREFIX = 5  # letters in which two forms of a word agree
# A style or a thing in it that is asked for on top.
_STYLE = re.compile(
    r"\b(?:in the (?:style|manner) of|à la manière d[eu']|dans le style d[eu']"
    r"|im Stil(?:e)? (?:von|des|der)"
    r"|al estilo de|a la manera de|(?:nello|in) stile di|alla maniera di|w stylu|na modłę"
    r"|in de stijl van|op de wijze van|more (?=[A-Z])|ad modum) \w+|\bwith an? \w+ in it\b"
)


def checks_of(writing: Writing) -> Iterator[Check]:
    """All checks, in order, each made when it is asked for."""
    language, brief, text = writing.language, writing.brief, writing.text
    yield from query_checks(writing.query, brief, language, writing.about)
    yield _check_brief(brief, language)
    for constraint in brief.constraints:
        yield check_kept(constraint, text, language)
    yield _check_chance(writing)
    yield check_seed(text, writing.title, writing.seed_text, language)
    yield check_language(text, brief, language)
    yield check_readable(text, brief, language, writing.seed_text)
    yield check_genre_form(text, brief.genre, language)
    yield from trace_checks(writing.reasoning, writing.trace_words)
    yield check_grounded(writing)
    yield _check_surface(writing)


def query_checks(query: str, brief: Brief, language: str, about: About) -> Iterator[Check]:
    """The query is in its language, is about its seed, states genre, tone and every parameter, and
    asks for nothing else."""
    yield language_check("query_language", "query_language", query, language)
    yield outcome("query_states", "query_misses_constraint", _unstated(query, brief, language))
    yield check_topic(query, brief, language, about)


def _unstated(query: str, brief: Brief, language: str) -> Iterator[str]:
    """In words, what a request does not say of what the text has to keep."""
    text, table, folded = normalise(query), wordings(language), fold(query)
    for what, value in (("genre", brief.genre), ("tone", brief.tone)):
        if value and not names_it(folded, value, language):
            yield f"the request names no {what} such as “{table[f'{what}_{value}']}”"
    for constraint in brief.constraints:
        own = () if list(constraint.stated(language)) else _own_words(constraint, brief, language)
        if own and not own & _stems(query, language):
            yield f"the request says nothing of the rule “{constraint.describe(language)[:200]}”"
        missing = [
            forms[0].removesuffix("*")
            for forms in constraint.stated(language)
            if not any(_states(text, form) for form in forms)
        ]
        if missing:
            told = ", ".join(f"“{form[:60]}”" for form in missing[:6])
            yield f"the request lacks {told} of the rule “{constraint.describe(language)[:200]}”"


def _own_words(constraint: Constraint, brief: Brief, language: str) -> set[str]:
    """Beginnings of the words by which a rule without letters or numbers can be told from the other
    rules of a brief."""
    own = _stems(constraint.describe(language), language)
    others = [c for c in brief.constraints if c is not constraint]
    return own - set().union(*(_stems(c.describe(language), language) for c in others))


def _stems(text: str, language: str) -> set[str]:
    small = function_words(language)
    return {word[:_PREFIX] for word in spellings(text) if len(word) > 3 and word not in small}


def _states(text: str, form: str) -> bool:
    if form.endswith("*"):
        return form[:-1] in text
    return any(True for _ in occurrences(text, normalise(form)))


def check_topic(query: str, brief: Brief, language: str, about: About) -> Check:
    """The request is about its seed: it takes up a word of its title or section, or a name of its
    text, beside what the rules make it say; and it asks for no style that was not drawn."""
    small = function_words(language)
    known = {word[:_PREFIX] for word in spellings(f"{about.title} {about.section}")} - small
    said = _without_rules(query, brief, known)
    ours = {word[:_PREFIX] for word in spellings(said) if word not in small}
    problems = []
    if not known & ours:
        named = [fact.text for fact in names(said, language)]
        told = {word[:_PREFIX] for word in spellings(about.text)}
        strange = [name for name in named if not {w[:_PREFIX] for w in spellings(name)} & told]
        if strange or not {word for word in ours if len(word) >= _PREFIX} & told:
            what = f": it speaks of {', '.join(strange[:3])}" if strange else ""
            problems.append(f"the request is not about “{about.title}”{what}")
    style = _STYLE.search(said)
    if style:
        problems.append(f"it asks for {style.group()!r}, which was not drawn")
    return outcome("query_topic", "query_other_request", problems)


def _without_rules(query: str, brief: Brief, known: set[str]) -> str:
    """The query without the words that a rule makes it say, but for those of its topic."""
    for constraint in brief.constraints:
        for words in getattr(constraint, "words", ()):
            if not {word[:_PREFIX] for word in spellings(words)} & known:
                query = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", " ", query)
    return query


def check_readable(text: str, brief: Brief, language: str, seed_text: str) -> Check:
    """The text reads as one: it does not say the same again, and is no list of words."""
    problems = faults(text, language, brief.constraints, brief.genre, seed_text)
    return outcome("text_readable", "text_unreadable", problems)


def check_genre_form(text: str, genre: str, language: str) -> Check:
    """The text has the form of its genre."""
    missed = misses_form(text, genre, language)
    return outcome("genre_form", "genre_missed", [missed] if missed else [], genre or "none asked")


def _check_brief(brief: Brief, language: str) -> Check:
    clashes = [
        f"{a.name} and {b.name}"
        for a, b in itertools.combinations(brief.constraints, 2)
        if not compatible(a, b, language)
    ]
    return outcome("constraints_compatible", "constraint_violated", clashes)


def check_kept(constraint: Constraint, text: str, language: str) -> Check:
    """The text keeps one constraint; a failed check's detail has the characters that break it."""
    broken = constraint.check(text, language)
    problems = [f"{v.message} ({v.start}–{v.end})" for v in broken]
    unsure = constraint.name in BY_SYLLABLES or getattr(constraint, "unit", "") == "syllable"
    detail = "syllables by rules, unsure" if unsure and language not in SURE else ""
    return outcome(f"keeps_{constraint.name}", "constraint_violated", problems, detail)


def _check_chance(writing: Writing) -> Check:
    """No letter ban is one that ordinary text of this length keeps by chance."""
    chances = [
        (constraint.name, value)
        for constraint in writing.brief.constraints
        if (value := chance(constraint, writing.text, writing.language)) is not None
    ]
    likely = [f"{name}: by chance with {value:.1e}" for name, value in chances if value >= LIMIT]
    detail = "; ".join(f"{name}: {value:.1e}" for name, value in chances)
    return outcome("nontrivial", "constraint_trivial", likely, detail or "no letter is banned")


def taken_up(text: str, title: str, seed_text: str, language: str) -> list[str]:
    """Content words of the text that the seed has, too, in this or another form (their first five
    letters agree), each once and folded.

    >>> taken_up("Bridges everywhere", "The tram bridge", "It crosses the Aare.", "en")
    ['bridges']
    """
    known = {letters[:_PREFIX] for letters in spellings(f"{title} {seed_text}")}
    words = dict.fromkeys(spellings(text))
    return [word for word in words if is_content(word, language) and word[:_PREFIX] in known]


def check_seed(text: str, title: str, seed_text: str, language: str) -> Check:
    """The text takes up words of its seed: one if it is short, else two."""
    shared = taken_up(text, title, seed_text, language)
    wanted = 1 if len(spellings(text)) < _SHORT else 2
    problems = [] if len(shared) >= wanted else [f"{len(shared)} words of the seed, not {wanted}"]
    return outcome("seed_taken_up", "seed_unused", problems, ", ".join(shared[:3]))


def check_language(text: str, brief: Brief, language: str) -> Check:
    """The text is in its language, unless the constraints leave it hardly a word of any."""
    extreme = sorted({c.name for c in brief.constraints} & NO_LANGUAGE)
    if extreme:
        detail = f"not asked for: {', '.join(extreme)}"
        return outcome("answer_language", "answer_language", [], detail)
    other = foreign(text, language)
    if other:
        problem = f"its small words are those of {other}, not of {language}"
        return outcome("answer_language", "answer_language", [problem])
    return answer_language(text, language)


def _check_surface(writing: Writing) -> Check:
    """What is trained on is the query, the trace and the text; the seed's hash is its text's."""
    said = f"<think>\n{writing.reasoning}\n</think>\n{writing.text}"
    problems = []
    if writing.surface != (("user", writing.query), ("assistant", said)):
        problems.append("the messages are not the query, the trace and the text")
    if hashlib.sha256(writing.seed_text.encode("utf-8")).hexdigest() != writing.seed_sha256:
        problems.append("the seed's text is not that of its hash")
    return outcome("surface", "malformed_answer", problems)
