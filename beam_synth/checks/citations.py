"""Citations of rag answers: `<ref name="source_3">verbatim quotation</ref>`."""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from beam_synth.checks import POSITIVE, Check, Exchange, outcome
from beam_synth.checks.entailment import focus_facts, told_by
from beam_synth.text.claims import claims
from beam_synth.text.folding import fold
from beam_synth.text.phrases import declines
from beam_synth.text.sentences import normalise, sentences
from beam_synth.text.support import support

_REF = re.compile(r"<ref name=\"(?P<name>[^\"<>]*)\">(?P<quote>.*?)</ref>", re.DOTALL)
_TAG = re.compile(r"</?ref\b[^>]*>?")
_MENTION = re.compile(r"\bsource_\d+\b")
LEAST_WORDS = 3  # of a quotation, or LEAST_CHARACTERS, or the whole source
LEAST_CHARACTERS = 12
_SAME = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
     "–": "-", "—": "-", "−": "-", "…": "...", "\u00ad": None}
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Citation:
    """One well-formed reference tag of an answer."""

    name: str  # the tag of the source: "source_3"
    quote: str  # verbatim, as the answer gives it
    start: int  # of the whole tag, in characters of the answer
    end: int


def citations(answer: str) -> list[Citation]:
    """The well-formed reference tags of an answer, in their order.

    >>> citations('In 1912. <ref name="source_3">It opened in 1912.</ref>')
    [Citation(name='source_3', quote='It opened in 1912.', start=9, end=54)]
    """
    return [Citation(m["name"], m["quote"], m.start(), m.end()) for m in _REF.finditer(answer)]


@functools.lru_cache(maxsize=1024)  # a passage is the source of many tasks
def same(text: str) -> str:
    """The form in which quotation and source are compared: `normalise`, plain quotes and dashes, no
    marks or blanks at either end.

    >>> same("“It opened – at last – in 1912.”")
    'it opened - at last - in 1912'
    """
    return normalise(unicodedata.normalize("NFKC", text).translate(_SAME)).strip(" \"'.…")


def check_citation_unknown(exchange: Exchange) -> Check:
    """Tags are well-formed, and trace and answer name given sources only."""
    given = {source.tag for source in exchange.sources}
    cited = citations(exchange.answer)
    problems = [f"{c.name!r} was not given" for c in cited if c.name not in given]
    rest = _REF.sub(" ", exchange.answer)
    problems += [f"malformed reference {m.group()!r}" for m in _TAG.finditer(rest)]
    problems += [f"malformed reference in {c.quote[:40]!r}" for c in cited if _TAG.search(c.quote)]
    naming = (text for text in (rest, exchange.reasoning) if "source_" in text)
    mentioned = {tag for text in naming for tag in _MENTION.findall(text)}
    problems += [f"{tag!r} was not given" for tag in sorted(mentioned - given)]
    return outcome("citations_given", "citation_unknown", problems, f"{len(cited)} citations")


def check_citation_quoted(exchange: Exchange) -> Check:
    """Each quotation stands in the source that it names, and is long enough to say something: three
    words, or 12 characters, or the whole source."""
    texts = {source.tag: source.passage.text for source in exchange.sources}
    problems = []
    for citation in citations(exchange.answer):
        quote, text = same(citation.quote), same(texts.get(citation.name, ""))
        short = len(quote.split()) < LEAST_WORDS and len(quote) < LEAST_CHARACTERS
        if not quote or quote not in text:
            problems.append(f"not in {citation.name}: {citation.quote[:80]!r}")
        elif short and quote != text:
            problems.append(f"too short to support anything: {citation.quote!r}")
    return outcome("citations_quoted", "citation_not_quoted", problems)


def check_abstention(exchange: Exchange) -> Check:
    """Where the primary source is withheld, the answer says that the sources do not tell."""
    if not exchange.withheld:
        return outcome("abstains", "no_abstention", [], "not asked for")
    said = declines(_REF.sub(" ", exchange.answer), exchange.language, "withheld")
    return outcome("abstains", "no_abstention", [] if said else ["the answer does not abstain"])


def check_citation_missing(exchange: Exchange) -> Check:
    """An answerable query is answered with a citation."""
    asked = exchange.result == POSITIVE and not exchange.withheld
    missing = asked and not citations(exchange.answer)
    return outcome("citation_given", "citation_missing", ["no citation"] if missing else [])


def check_citation_supports(exchange: Exchange) -> Check:
    """What a sentence says and cites stands in the source that it cites.

    Each name, number and date of its own words that some given source holds and the query does not
    stands in one of those that are cited there.
    """
    name, reason = "citation_holds", "citation_unsupported"
    cited = citations(exchange.answer)
    if not cited:
        return outcome(name, reason, [], "no citations")
    asked = support(exchange.query, exchange.language)
    problems = []
    for words, within in _cited_parts(exchange, cited):
        tags = {citation.name for citation in within}
        held = [s.passage for s in exchange.sources if s.tag in tags]
        backing = told_by(held)
        facts = [f for f in claims(words, exchange.language) if not asked.has(f)]
        lost = [f.text for f in facts if not backing.has(f)]
        if lost:
            given = told_by(source.passage for source in exchange.sources)
            lost = [f.text for f in facts if not backing.has(f) and given.has(f)]
        problems += [f"{text!r} is not in {', '.join(sorted(tags))}" for text in lost]
    return outcome(name, reason, problems, f"{len(cited)} citations")


def _cited_parts(
    exchange: Exchange, cited: Sequence[Citation]
) -> Iterator[tuple[str, list[Citation]]]:
    """The own words of each part of the answer that cites, with what it cites: a part is a sentence
    with the citations up to the next one's words."""
    blank = _REF.sub(lambda m: " " * len(m.group()), exchange.answer)
    spans = sentences(blank, exchange.language)
    for i, (start, end) in enumerate(spans):
        close = spans[i + 1][0] if i + 1 < len(spans) else len(blank)
        within = [c for c in cited if start <= c.start < close]
        if within:
            yield blank[start:end], within


def check_citation_distractor(exchange: Exchange) -> Check:
    """The key claim cites the primary source, or a neighbour that says the same; no distractor.

    The key claim is the first sentence of the answer that holds something of what the focus adds
    to the query (else the whole answer), with the citations up to the next sentence's words.
    """
    name, reason = "citation_supports", "citation_distractor"
    if exchange.result != POSITIVE or exchange.withheld:
        return outcome(name, reason, [], "not asked for")
    roles = {source.tag: source.role for source in exchange.sources}
    cited = _key_citations(exchange)
    wrong = [f"{c.name} is a distractor" for c in cited if roles.get(c.name) == "distractor"]
    whole = {roles.get(c.name) for c in citations(exchange.answer)}
    if not wrong and whole and whole <= {"distractor"}:
        wrong = ["only distractors are cited"]
    return outcome(name, reason, wrong, f"{len(cited)} citations of the key claim")


def _key_citations(exchange: Exchange) -> list[Citation]:
    """The citations within, or right after, the sentence that makes the key claim."""
    cited = citations(exchange.answer)
    blank = _REF.sub(lambda m: " " * len(m.group()), exchange.answer)
    new = focus_facts(exchange)
    spans = sentences(blank, exchange.language)
    for i, (start, end) in enumerate(spans):
        said = support(blank[start:end], exchange.language)
        makes_claim = any(said.has(f) for f in new) if new else _shares(exchange, blank[start:end])
        if makes_claim:
            end_of_claim = spans[i + 1][0] if i + 1 < len(spans) else len(blank)
            return [c for c in cited if start <= c.start < end_of_claim]
    return cited


def _shares(exchange: Exchange, sentence: str) -> bool:
    """Whether the sentence holds two words of five letters that the focus adds to the query."""
    asked = {fold(w) for w in re.findall(r"\w{5,}", exchange.query)}
    focus = {fold(w) for w in re.findall(r"\w{5,}", exchange.focus)} - asked
    return len(focus & {fold(w) for w in re.findall(r"\w{5,}", sentence)}) >= min(2, len(focus))


def position_fit(positions: Sequence[tuple[int, int]]) -> float:
    """p-value of a chi-square test that primary positions are uniform (SYNTH; our test).

    Args:
        positions: (0-based position, number of sources) of each exchange with its primary given.
            Numbers of sources are tested together, each against its own uniform law; prompts with
            one source say nothing and are left out.

    Returns: in [0, 1]; 1.0 where nothing can be tested.

    >>> position_fit([(0, 2), (1, 2)] * 10)
    1.0
    >>> position_fit([(0, 2)] * 20) < 0.001
    True
    """
    from scipy.stats import chi2

    statistic, freedom = 0.0, 0
    for n in {n for _, n in positions if n > 1}:
        counts = [0] * n
        for position, of in positions:
            if of == n:
                counts[position] += 1
        expected = sum(counts) / n
        statistic += sum((c - expected) ** 2 / expected for c in counts)
        freedom += n - 1
    return float(chi2.sf(statistic, freedom)) if freedom else 1.0
