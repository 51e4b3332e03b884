"""Backward reasoning: the trace is written by someone who knows the answer, as if they did not."""

from __future__ import annotations

import functools
import itertools
import re
from decimal import Decimal

from beam_synth.checks import POSITIVE, Check, Exchange, is_lookup, outcome
from beam_synth.checks.entailment import sources_support
from beam_synth.checks.leaks import leaks
from beam_synth.checks.notation import TraceError
from beam_synth.checks.trace import MARK, parse_trace
from beam_synth.text.claims import claims, unsupported, without_refs
from beam_synth.text.equations import derived
from beam_synth.text.facts import Fact, numbers
from beam_synth.text.folding import fold
from beam_synth.text.phrases import points_at_text
from beam_synth.text.quotes import mask_quotes
from beam_synth.text.support import Support, support
from beam_synth.text.wordlists import FUNCTION

LENGTH_BAND = (12, 600)  # words and marks
EARLIEST = 0.4  # of the trace's characters

# What a mark says in plain words; entropy marks are annotations and count on neither side.
MEANING = {
    "→": "which leads to",
    "↺": "going back",
    "?": "it is open whether",
    "!": "the point is that",
    "※": "the point is that",
    "≈": "approximately",
    "∴": "we can conclude that",
    "●": "with high confidence",
    "◐": "with medium confidence",
    "○": "with low confidence",
    "⚠": "at the risk that",
    "?maybe?": "possibly",
    "☐": "which is unverified",
    "☑": "which is partly verified",
    "✓": "which is confirmed",
    "├─": "first",
    "└─": "then",
}
_SAID = {mark: len(meaning.split()) for mark, meaning in MEANING.items()}
# Talk that a prose account would leave out.
_TALK = (
    "okay", "ok", "alright", "hmm+", "so", "well", "now", "wait", "actually",
    "let me (?:think|see|check|start|recall)", "let['’]s (?:see|think|check|start)",
    "let us (?:see|think)",
    "i (?:think|need to|should|have to|will|want to|recall that|remember that|know that)",
    "we (?:need to|should|have to)", "first of all",
    "the user (?:is asking|asks|wants|would like)(?: to know)?(?: about| for)?", "in order to",
    "basically", "as (?:i|we) (?:said|noted|saw)",
    "it is (?:worth noting|important to note) that",
)  # fmt: skip
# Each begins with its letter, and looks back from there: that scans several times faster.
_FILLER = re.compile("|".join(rf"{talk[0]}(?<!\w.){talk[1:]}\b" for talk in _TALK))
_WORDS = re.compile(r"\w+(?:['’.,-]\w+)*")
_BRANCH = re.compile(r"├─|└─")
_ENTROPY = re.compile(r"⟨H≈[^⟩]*⟩")
_FRAGMENTS = re.compile(r"[→↺※∴;\n]")
_INNER = re.compile(r"\?maybe\?|\?|!|≈|●|◐|○|⚠|☐|☑|✓")  # the marks that end no fragment


def tokens(trace: str) -> int:
    """Words and marks of a trace; entropy annotations are left out."""
    return sum(_counts(trace))


@functools.lru_cache(maxsize=64)  # two checks ask it of the same trace
def _counts(trace: str) -> tuple[int, int]:
    bare = _ENTROPY.sub(" ", trace)
    marks = len(MARK.findall(bare)) + len(_BRANCH.findall(bare))
    return len(_WORDS.findall(MARK.sub(" ", bare))), marks


def prose_tokens(trace: str) -> int:
    """Words of the trace's prose equivalent: each fragment's words said once and without filler
    talk, each mark said in words (`MEANING`)."""
    bare = _ENTROPY.sub(" ", trace)
    total = sum(_SAID[mark] for mark in (*MARK.findall(bare), *_BRANCH.findall(bare)))
    plain = _FILLER.sub(" ", _INNER.sub(" ", bare).casefold())
    seen: set[tuple[str, ...]] = set()
    for fragment in _FRAGMENTS.split(plain):
        words = _WORDS.findall(fragment)
        grams = set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}
        if words and len(grams & seen) < 0.8 * len(grams):
            total += len(words)
        seen |= grams
    return total


def check_length(exchange: Exchange) -> Check:
    """`trace_length` of the exchange."""
    return trace_length(exchange.reasoning)


def trace_length(trace: str) -> Check:
    """The trace's words and marks lie in the length band."""
    n = tokens(trace)
    least, most = LENGTH_BAND
    problems = [] if least <= n <= most else [f"{n} words and marks, outside {least} to {most}"]
    return outcome("trace_length", "trace_length", problems, f"{n} words and marks")


def check_prose(exchange: Exchange) -> Check:
    """`trace_shorter` of the exchange."""
    return trace_shorter(exchange.reasoning)


def trace_shorter(trace: str) -> Check:
    """The trace is shorter, in words and marks, than its prose equivalent."""
    n, prose = tokens(trace), prose_tokens(trace)
    problems = [] if n < prose else [f"{n} words and marks, in prose {prose}"]
    return outcome("trace_shorter", "trace_longer_than_prose", problems, f"{n} < {prose}")


def check_leaks(exchange: Exchange) -> Check:
    """The trace speaks of nothing that its reader does not see; nor does a closed-book answer."""
    rag = bool(exchange.sources)
    trace = mask_quotes(exchange.reasoning)
    found = leaks(trace, rag=rag, title=exchange.passage.title, query=exchange.query)
    if not rag:
        pointed = points_at_text(exchange.answer, exchange.language)
        found += [f"the answer: {pointed}"] if pointed else []
    return outcome("trace_no_leak", "trace_leaks_source", [f"mentions {f!r}" for f in found])


def check_unsupported(exchange: Exchange) -> Check:
    """Names and numbers of the trace are in the sources, the query, or come out of its sums.

    Fragments often open with a capital, so a single word that opens one counts as a name only
    when it is all that follows → or ∴, and no verdict ("∴ Yes"). A trace that does not parse is
    left to the grammar check.
    """
    name, reason = "trace_supported", "trace_unsupported"
    try:
        claimed = parse_trace(exchange.reasoning).claims
    except TraceError as error:
        return outcome(name, reason, [], f"does not parse: {error}")
    backing = sources_support(exchange) | _known()
    missing = []
    for short in (0, 1):
        follows = [c.text for c in claimed if (c.connective in ("→", "∴")) is bool(short)]
        missing += unsupported("\n".join(follows), "en", backing, short)
    made = {Decimal(v.numerator) / Decimal(v.denominator) for v in derived(exchange.reasoning)}
    made |= {Decimal(n) for n in range(4)}  # counting in words or figures: "2 candidates"
    left = [text for text in missing if not any(f.values & made for f in numbers(text, "en"))]
    problems = [f"in no source: {', '.join(left[:5])}"] if left else []
    return outcome(name, reason, problems)


# What a trace may say of itself: languages, and verdicts that are whole fragments.
_KNOWN = (
    "English French German Spanish Italian Polish Dutch Latin yes no none unknown unclear unsure "
    "ambiguous absurd impossible nonsense false true wrong right correct incorrect mistaken "
    "confirmed unconfirmed verified plausible implausible possible likely unlikely consistent "
    "inconsistent unanswerable abstain answer conclusion done settled open rejected excluded same "
    "different both neither either unsupported supported contradiction match mismatch agreed"
)


@functools.cache
def _known() -> Support:
    return support(_KNOWN, "en")


# ---------------------------------------------------------------- where the answer first stands


def _core(exchange: Exchange) -> tuple[Fact, ...]:
    """Names, numbers and dates of the answer that the focus holds and the query does not."""
    focus = (exchange.focus, exchange.passage.language)
    return _stated(without_refs(exchange.answer), focus, exchange.query, exchange.language)


@functools.lru_cache(maxsize=64)  # two checks ask it of the same exchange
def _stated(answer: str, focus: tuple[str, str], query: str, language: str) -> tuple[Fact, ...]:
    held, asked = support(*focus), support(query, language)
    stated = claims(answer, language)
    return tuple([fact for fact in stated if held.has(fact) and not asked.has(fact)])


def key_value(exchange: Exchange) -> Fact | str | None:
    """The answer's core: its longest name, number or date that the focus holds and the query
    does not; else its longest run of words that stands so in the focus; else None."""
    answer, language = without_refs(exchange.answer), exchange.language
    facts = _core(exchange)
    if facts:
        return max(facts, key=lambda fact: (len(fact.text), -fact.start))
    return _shared_run(answer, exchange.focus, exchange.query, language)


def _shared_run(answer: str, focus: str, query: str, language: str) -> str | None:
    """The longest run of words in both, two content words at least that the query lacks."""
    known = FUNCTION.get(language, frozenset())
    asked = set(map(fold, _WORDS.findall(query)))
    ours = [fold(word) for word in _WORDS.findall(answer)]
    theirs = f" {' '.join(fold(word) for word in _WORDS.findall(focus))} "
    best: list[str] = []
    for start in range(len(ours)):
        for end in range(start + len(best) + 1, len(ours) + 1):
            run = ours[start:end]
            if f" {' '.join(run)} " not in theirs:
                break
            new = [w for w in run if len(w) > 3 and w not in asked and w not in known]
            if len(new) >= 2:
                best = run
    return " ".join(best) or None


def first_position(trace: str, key: Fact | str) -> int | None:
    """Character at which the key first stands in the trace; None if it does not."""
    if isinstance(key, Fact) and key.kind == "number":
        found = [f.start for f in numbers(trace, "en") if f.values & key.values]
        return found[0] if found else None
    words = _WORDS.findall(key.text if isinstance(key, Fact) else key)
    wanted = [fold(word) for word in words]
    said = [fold(word) for word in _WORDS.findall(trace)]
    for i in range(len(said) - len(wanted) + 1):
        if said[i : i + len(wanted)] == wanted:
            return next(itertools.islice(_WORDS.finditer(trace), i, None)).start()
    return None


def _answerable(exchange: Exchange) -> bool:
    return exchange.result == POSITIVE and not exchange.withheld


def check_early_answer(exchange: Exchange) -> Check:
    """The answer's core first stands in the trace after 40% of its length.

    Not asked of lookups (`axes.is_lookup`), of queries that cannot be answered as asked, and of
    answers without a core.
    """
    name, reason = "trace_answer_late", "trace_early_answer"
    asked = _answerable(exchange) and not is_lookup(exchange.axes)
    key = key_value(exchange) if asked else None
    if key is None:
        return outcome(name, reason, [], "not asked for")
    at = first_position(exchange.reasoning, key)
    share = 1.0 if at is None else at / len(exchange.reasoning)
    text = key.text if isinstance(key, Fact) else key
    problems = [] if share >= EARLIEST else [f"{text!r} stands at {share:.0%} of the trace"]
    return outcome(name, reason, problems, f"{text!r} at {share:.0%}")


def check_conclusion(exchange: Exchange) -> Check:
    """What the trace concludes is what the answer says: after the last ∴ stands one of the names,
    numbers and dates of the answer's core.

    Not asked of queries that cannot be answered as asked, and of answers without such a core.
    """
    name, reason = "trace_reaches_answer", "trace_misses_answer"
    core = _core(exchange) if _answerable(exchange) else ()
    if not core:
        return outcome(name, reason, [], "not asked for")
    end = exchange.reasoning.rpartition("∴")[2]
    said = support(end, "en") | support(end, exchange.language)
    reached = [fact.text for fact in core if said.has(fact)]
    problems = [] if reached else [f"{core[0].text!r} is not in {end.strip()[:80]!r}"]
    return outcome(name, reason, problems, ", ".join(reached[:5]))
