"""A written row as the rules of the scorecard read it, and the few word lists they need."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
QUOTED = re.compile(r"“([^”]*)”|„([^“”]*)[“”]|«\s?([^»]*?)\s?»|\"([^\"\n]*)\"")
REF = re.compile(r"\s*<ref name=\"([^\"]*)\">(.*?)</ref>", re.DOTALL)
SOURCE = re.compile(r"<(source_\d+)>\n?(.*?)</\1>", re.DOTALL)
GAP = "____"
END = ".!?…"
# Exercise -> how what stands below the question begins: sources, options, the text to edit.
_BELOW = {
    "rag": "\n\n<source_", "mcq": "\n\nA) ", "math mcq": "\n\nA) ", "editing": "\n\n"
}  # fmt: skip
_THINK = re.compile(r"<think>\n?(.*?)\n?</think>\n?(.*)", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?…])[”“»\"')]*\s+|\n+")

# Words that are common in one language and rare in the seven others.
TELLING: dict[str, frozenset[str]] = {
    code: frozenset(listed.split())
    for code, listed in {
        "en": "the of and was were with that which from by this have been its their",
        "de": "der und das den dem mit von ist wurde auf eine einer nicht auch sich",
        "fr": "les des du dans est une aux par qui pour sur avec ses ont été",
        "es": "los las del y el una fue con por como para su entre más muy",
        "it": "il della di che gli dei nel alla con sono anche più delle stato è",
        "pl": "w z się na jest do przez nie od był oraz po który jego za",
        "nl": "het een van zijn werd met voor dat niet door ook bij naar deze worden",
        "la": "et est ad cum sunt quae ab quod aut sed ex atque inter apud eius",
    }.items()
}
# Words that no clause ends on.
OPEN: dict[str, frozenset[str]] = {
    code: frozenset(listed.split())
    for code, listed in {
        "en": "the a an of and or in on at by for from with to as that which who its his her their "
        "was were is are be than into",
        "de": "der die das den dem des ein eine einen einem einer eines und oder in im von vom zu "
        "zum zur mit für bei als dass sowie durch aus nach",
        "fr": "le la les l un une des de du d et ou à au aux en dans par pour sur avec que qui "
        "son sa ses leur est",
        "es": "el la los las un una de del y o a al en por para con que su sus es como",
        "it": "il lo la i gli le un una di del della dei degli e o a al alla in nel nella per con "
        "che da dal sua suo",
        "pl": "w we z ze i oraz lub na do od po za przez o u dla jako który która które że",
        "nl": "de het een van en of in op aan bij door voor met te als dat die zijn haar naar",
        "la": "et in ad cum ab ex de aut atque ac per quod qui quae ut inter apud sub",
    }.items()
}  # fmt: skip
# What joins the parts of a name: "Obelisco de Buenos Aires".
PARTICLE = frozenset(
    [
        "de",
        "del",
        "della",
        "delle",
        "dei",
        "di",
        "da",
        "dal",
        "du",
        "des",
        "la",
        "le",
        "von",
        "van",
        "der",
        "den",
        "of",
        "the",
        "und",
        "and",
        "y",
        "e",
        "i",
        "et",
        "ibn",
        "bin",
        "al",
        "el",
        "zu",
        "zum",
        "zur",
        "ten",
        "ter",
        "d",
        "l",
    ]
)


@dataclasses.dataclass(frozen=True)
class Turn:
    """A query with its trace and answer."""

    query: str
    trace: str
    answer: str


@dataclasses.dataclass(frozen=True)
class Read:
    """A row of the config samples."""

    row: Mapping[str, Any]

    @property
    def exercise(self) -> str:
        """Of the row."""
        return str(self.row["exercise"])

    @property
    def language(self) -> str:
        """Its code."""
        return str(self.row["language"])

    @functools.cached_property
    def said(self) -> dict[str, Any]:
        """What the row's constraints say."""
        return dict(orjson.loads(self.row["constraints"]))

    @functools.cached_property
    def turns(self) -> tuple[Turn, ...]:
        """All its turns."""
        contents = [message["content"] for message in self.row["messages"]]
        turns = []
        for query, said in zip(contents[::2], contents[1::2], strict=False):
            parts = _THINK.fullmatch(said)
            turns.append(Turn(query, parts[1], parts[2]) if parts else Turn(query, "", said))
        return tuple(turns)

    @property
    def query(self) -> str:
        """The question without options, sources or the text below it."""
        query, below = str(self.row["query"]), _BELOW.get(self.exercise)
        return query.partition(below)[0] if below else query

    @property
    def prompt(self) -> str:
        """The user's first turn."""
        return self.turns[0].query

    @property
    def trace(self) -> str:
        """Of the first exchange."""
        return self.turns[0].trace

    @property
    def answer(self) -> str:
        """Of the first exchange, with its citations."""
        return self.turns[0].answer

    @property
    def bare(self) -> str:
        """The answer without citations."""
        return REF.sub("", self.answer)

    @property
    def seed(self) -> str:
        """The seed's text."""
        return str(self.row["query_seed_text"] or "")

    @property
    def title(self) -> str:
        """Of the seed's article."""
        return str(self.row["seeds"][0]["title"]) if self.row["seeds"] else ""

    @property
    def focus(self) -> str:
        """The statement that the query is about."""
        return str(self.said.get("focus", ""))

    @functools.cached_property
    def sources(self) -> dict[str, str]:
        """Tag -> text of the prompt's sources."""
        return dict(SOURCE.findall(self.prompt))

    @functools.cached_property
    def key(self) -> str:
        """What stands in the gap of the query; "" without one."""
        shown = next((q for q in quotations(self.query) if GAP in q), "")
        before, found, after = shown.partition(GAP)
        if not found:
            return ""
        # Quotation marks inside a quoted statement are others than in the seed.
        at = loose(before).rstrip(), loose(after).lstrip()
        focus = loose(self.focus)
        if not (focus.startswith(at[0]) and focus.rstrip(END).endswith(at[1].rstrip(END))):
            return ""
        return focus[len(at[0]) : len(focus.rstrip(END)) - len(at[1].rstrip(END))].strip()


def loose(text: str) -> str:
    return re.sub(r"[“”„«»\"'’]", "'", text)


def quotations(text: str) -> list[str]:
    """What stands in quotation marks.

    >>> quotations("“a b” and „c“ and « d »")
    ['a b', 'c', 'd']
    """
    return ["".join(groups).strip() for groups in QUOTED.findall(text)]


def words(text: str) -> list[str]:
    """The words, in small letters."""
    return [word.casefold() for word in WORD.findall(text)]


def sentences_of(text: str) -> list[str]:
    """Sentences and lines."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def content(text: str, language: str) -> set[str]:
    """Words that say something: of four letters and more, or numbers, and no common ones."""
    common = TELLING.get(language, frozenset()) | OPEN.get(language, frozenset())
    return {w for w in words(text) if (len(w) > 3 or w[0].isdigit()) and w not in common}


def names_in(text: str, language: str) -> Iterator[str]:
    """Words with a capital that do not open a sentence or quotation; in German, where nouns have
    one, too, only those that follow another."""
    before = r"(?<=[^\W\d_] )" if language == "de" else r"(?<=[\w,;)] )"
    for match in re.finditer(before + r"[^\W\d_a-z][^\W\d_]{2,}", text):
        earlier = text[: match.start()].rpartition(" ")[0].rpartition(" ")[2]
        paired = len(earlier) > 3 and earlier[0].isupper()
        if match.group()[0].isupper() and (language != "de" or paired):
            yield match.group()


def places(text: str, part: str) -> Iterator[tuple[str, str]]:
    """What stands before and after each occurrence of a part."""
    at = text.find(part)
    while at >= 0 and part:
        yield text[:at], text[at + len(part) :]
        at = text.find(part, at + 1)
