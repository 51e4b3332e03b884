"""Texts under constraints, put together from the words and spans of a seed.

One constraint at most fixes the shape of a text (`shapes`); the others decide which of the seed's
words may stand. Nothing is invented: lines are spans of the seed, or lists of its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from beam_synth.drawing import Draw
from beam_synth.errors import Rejected
from beam_synth.materials.constraints.base import Constraint
from beam_synth.materials.constraints.compatibility import word_fits
from beam_synth.materials.constraints.counts import Counts
from beam_synth.materials.constraints.letter_patterns import Isogram, Pangram
from beam_synth.materials.constraints.letterforms import fold_letters, letter_words
from beam_synth.materials.constraints.letters import PangrammaticLipogram
from beam_synth.materials.constraints.vocables import AllDifferent, RequiredWords, phrase_places
from beam_synth.materials.constraints.vocabulary import Span, Term, Vocabulary
from beam_synth.materials.constraints.word_patterns import function_words
from beam_synth.rule_engine.needs import Fits, SpanNeed, TermNeed, holds

MOST_LINES = 60  # of a text that goes on until everything is in it


def stuck(why: str) -> Rejected:
    """What is raised where the rules cannot do it; methods then draw anew (`until_supported`).

    >>> stuck("no words").reason
    'unsupported_request'
    """
    return Rejected("unsupported_request", why)


class Composer:
    """Composes one text from a seed's vocabulary.

    It keeps what was used and said, so that each text needs a composer of its own. Every method
    that looks for words raises Rejected("unsupported_request") where the seed has none.
    """

    def __init__(self, constraints: Sequence[Constraint], vocab: Vocabulary, draw: Draw) -> None:
        self.constraints = constraints
        self.vocab = vocab
        self.draw = draw
        self._good: dict[str, bool] = {}
        self.spans = [span for span in vocab.spans if all(map(self.fits, span.terms))]
        self._line = next((c for c in constraints if _by_line(c)), None)
        if self._line:
            self.spans = [s for s in self.spans if not self._line.check(s.text, vocab.language)]
        self.once = any(isinstance(c, AllDifferent) for c in constraints)
        self._used: set[str] = set()
        self._said: set[str] = set()
        self._asked = {
            word.letters
            for c in constraints
            if isinstance(c, RequiredWords)
            for phrase in c.words
            for word in letter_words(phrase)
        }

    def fits(self, term: Term) -> bool:
        """Whether all constraints let a word stand; found out once for each spelling."""
        known = self._good.get(term.letters)
        if known is None:
            language = self.vocab.language
            known = all(word_fits(c, term.letters, language) for c in self.constraints)
            self._good[term.letters] = known
        return known

    # ------------------------------------------------------------ choosing spans

    def pick(self, fits: Fits, what: str, among: Sequence[Span] | None = None) -> Span:
        """A span that fits, rather with content than without, rather new than used.

        Args:
            what: the need, in the message of the exception.
            among: spans to choose from; all that the constraints allow without it.
        """
        candidates = [
            s for s in (self.spans if among is None else among) if self._free(s) and fits(s)
        ]
        if not candidates:
            raise stuck(f"no words of the seed for {what}")
        worth = [self._worth(s) for s in candidates]
        best = max(worth)
        span = self.draw.choice([s for s, w in zip(candidates, worth, strict=True) if w == best])
        self.use(span)
        return span

    def use(self, span: Span) -> None:
        """Remember the span, which no later line repeats."""
        self._used.update(term.letters for term in span.terms)
        self._said.add(span.text)

    def _free(self, span: Span) -> bool:
        if span.text in self._said:
            return False
        if not self.once:
            return True
        letters = [term.letters for term in span.terms]
        return len(set(letters)) == len(letters) and not self._used & set(letters)

    def _worth(self, span: Span) -> tuple[bool, bool, bool, bool]:
        asked = bool(self._asked) and any(
            t.letters in self._asked and t.letters not in self._used for t in span.terms
        )
        new = any(t.content and t.letters not in self._used for t in span.terms)
        return asked, new, self._ends(span), span.content * 3 >= len(span.terms)

    def _ends(self, span: Span) -> bool:
        """Whether the span can end there: not on an article or the like."""
        last = span.terms[-1].letters
        return len(last) > 1 and last not in function_words(self.vocab.language)

    def lines(self, needs: Iterable[SpanNeed]) -> list[str]:
        """One span for each need, in order, as lines with a capital letter each."""
        return [as_line(self.pick(fits, what).text) for fits, what in needs]

    # ------------------------------------------------------------ texts without a shape

    def listed(self) -> str:
        """Lines of spans until everything that is to be counted or to occur is there, 60 of them at
        most.

        Whether the text keeps the constraints is left to their checks.
        """
        required = [c for c in self.constraints if isinstance(c, RequiredWords)]
        counts = next((c for c in self.constraints if isinstance(c, Counts)), None)
        letters = self._letters_wanted()
        lines: list[str] = []
        for word in (word for c in required for word in c.words):
            if not any(phrase_places(line, word) for line in lines):
                lines.append(as_line(self.pick(holds(word), word).text))
        if isinstance(counts, Counts) and counts.unit == "word":
            return self._of_words(lines, counts)
        exact = None if counts is None or counts.unit == "letter" else counts.minimum
        runs = self._runs()
        while len(lines) < MOST_LINES:
            missing = letters - set(fold_letters(" ".join(lines)))
            if exact is None and not missing and self._long_enough(lines, counts):
                break
            if exact is not None and len(lines) >= exact:
                break
            lines.append(self._next_line(runs, missing))
        return "\n".join(f"{line}." for line in lines)

    def _letters_wanted(self) -> set[str]:
        for constraint in self.constraints:
            if isinstance(constraint, (Pangram, PangrammaticLipogram)):
                return set("abcdefghijklmnopqrstuvwxyz") - constraint.banned()
        return set()

    def _long_enough(self, lines: list[str], counts: Counts | None) -> bool:
        if counts is None or counts.unit != "letter":
            return len(lines) >= 4
        return sum(len(fold_letters(line)) for line in lines) >= (counts.minimum or 0)

    def _runs(self) -> list[Span]:
        """The spans that say something, the longest first; after them those that break off."""
        saying = [s for s in self.spans if s.content]
        return sorted(saying, key=lambda s: (not self._ends(s), -len(s.terms)))

    def _next_line(self, runs: list[Span], missing: set[str]) -> str:
        new = [s for s in runs if self._free(s) and self._fresh(s)]
        if missing:
            new = [s for s in runs if self._free(s) and missing & set(s.letters)] or new
            new.sort(key=lambda s: -len(missing & set(s.letters)))
        if not new:
            return self._rest()
        longest = len(new[0].terms)
        best = [s for s in new[:40] if len(s.terms) >= min(longest, 3)] if not missing else new[:1]
        span = self.draw.choice(best or new[:1])
        self.use(span)
        if len(span.terms) > 1 or missing or self._line:
            return as_line(span.text)
        more = [s for s in new if len(s.terms) == 1 and s is not span][:4]
        for other in more:
            self.use(other)
        return as_line(", ".join(s.text for s in (span, *more)))

    def _rest(self) -> str:
        """Words of the seed that no line has yet."""
        free = [t for t in self.vocab.terms if self.fits(t) and t.letters not in self._used]
        if not free:
            raise stuck("the seed has too few words that fit")
        chosen = sorted(free, key=lambda t: not t.content)[: 1 if self._line else 5]
        self._used.update(term.letters for term in chosen)
        return as_line(", ".join(term.surface for term in chosen))

    def _fresh(self, span: Span) -> bool:
        """Whether the span says something that is not said yet."""
        return all(t.letters not in self._used for t in span.terms if t.content)

    def _of_words(self, lines: list[str], counts: Counts) -> str:
        low = counts.minimum or 1
        have = sum(len(_terms(line)) for line in lines)
        while have < low:
            room = (counts.maximum or low + 9) - have
            left = low - have
            lengths = range(min(3, left), min(7, room) + 1)
            span = self.pick(_long(lengths, left), f"{left} more words")
            lines.append(as_line(span.text))
            have += len(span.terms)
        return "\n".join(f"{line}." for line in lines)

    # ------------------------------------------------------------ single words

    def words(self, needs: Iterable[TermNeed]) -> list[str]:
        """One word for each need, in order, as the seed spells it; content words not used so far
        come first."""
        chosen = []
        for fits, what in needs:
            candidates = [t for t in self.vocab.terms if self.fits(t) and fits(t)]
            candidates = [
                t for t in candidates if t.content and t.letters not in self._used
            ] or candidates
            if not candidates:
                raise stuck(f"no word of the seed for {what}")
            term = self.draw.choice(candidates)
            self._used.add(term.letters)
            chosen.append(term.surface)
        return chosen


def _long(lengths: range, left: int) -> Fits:
    return lambda span: len(span.terms) in lengths and left - len(span.terms) != 1


def as_line(text: str) -> str:
    """The text with a capital letter at its beginning.

    >>> as_line("over the river")
    'Over the river'
    """
    return text[:1].upper() + text[1:]


def _terms(text: str) -> list[str]:
    return [word.letters for word in letter_words(text)]


def _by_line(constraint: Constraint) -> bool:
    return isinstance(constraint, Isogram) and constraint.scope == "line"
