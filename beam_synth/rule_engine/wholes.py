"""What may be taken out of a sentence: whole names, numbers that count, years, whole clauses."""

from __future__ import annotations

import re

from beam_synth.text.wordlists import FUNCTION

WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
END_MARKS = ".!?…"
# Where something was lost between: an article before a mark, a quotation mark between blanks, a
# link to another Wikipedia ("(en)").
_LOST = re.compile(
    r"(?<![\w'’-])(?:the|an|of|du|des|les|aux?|del|della|dei|gli|los|las|een|het|im|vom|zum)[,.;:)]"
    r"|(?:^|\s)\"\s|\s[,;]|\(\s?[,;)]"
    r"|\((?:en|de|fr|es|it|nl|pl|pt|ru|ja|zh|sv|cs|uk|ca|la)\)"
)
_FIGURES = 8  # numbers in a sentence
_CLOSING = "\"'”“»’)]"
_LAST_WORD = re.compile(r"(\w+)(\W+)$")
_NEXT_WORD = re.compile(r"(\W+)(\w+)(?:(\W+)(\w+))?")
_GLUED_BEFORE = re.compile(r"[\w/\[^_-]$|\w[.,:'’–—]$|[\d\s][–—−] ?$|[$€£¥]$|[(\[]$")
_GLUED_AFTER = re.compile(r"[\w/\]^_-]|['’–—]\w|[.,:]\w| ?[–—−] ?\d|:\d")
# What joins the parts of a name: "Battle of Hastings", "Ludwig van Beethoven".
_JOINS = frozenset(
    [
        *("de", "del", "della", "delle", "dei", "degli", "di", "da", "dal", "du", "des", "do"),
        *("la", "le", "los", "las", "von", "van", "der", "den", "of", "the", "zu", "zum", "zur"),
        *("ibn", "bin", "al", "el", "ten", "ter", "d", "l", "dell", "dall", "nad", "pod"),
    ]
)
_JOINS_IN = {"en": ("in", "for", "at", "on"), "de": ("am", "an", "bei", "im", "in", "für")}
_ROMAN = re.compile(r"[IVXLCDM]+")
# What stands before a year and not before a count.
_BEFORE_YEAR = frozenset(
    [
        *("in", "since", "from", "until", "by", "before", "after", "year", "during", "early"),
        *("late", "im", "jahr", "jahre", "seit", "ab", "bis", "von", "vor", "nach", "anno"),
        *("en", "depuis", "dès", "année", "après", "avant", "vers", "desde", "hasta", "año"),
        *("nel", "dal", "al", "del", "dopo", "prima", "anno", "fino", "w", "od", "do", "po"),
        *("roku", "rok", "sinds", "vanaf", "tot", "jaar", "tussen", "between", "zwischen"),
        *("entre", "tra", "fra", "między", "inter", "ab", "usque", "post"),
    ]
)
_YEAR = re.compile(r"1\d{3}|20[0-2]\d")
_CLAUSE = re.compile(r"[^,;:–—\n]+")
_BRACKETED = re.compile(r"\([^()]*\)")
_SMALL_END = re.compile(r"(?:^|\s)[^\W\d_A-Z]\w{0,2}$")  # "of", "au": no clause ends so


def is_whole_name(text: str, start: int, end: int, language: str) -> bool:
    """Whether the name at these characters is all of it, and one that says who or what is meant.

    A part of a longer name is none ("Buenos" of "Obelisco de Buenos Aires"), nor a single word
    that another noun follows ("the Bell code"), nor one inside a quotation. German capitalises
    every noun, so that a single word is never sure there.

    >>> text = "The Obelisco de Buenos Aires was built by Clara Vogt, not by the Bell company."
    >>> [is_whole_name(text, text.find(n), text.find(n) + len(n), "en")
    ...  for n in ("Obelisco", "Buenos Aires", "Clara Vogt", "Bell")]
    [False, False, True, False]
    """
    before, after = text[:start], text[end:]
    if _GLUED_BEFORE.search(before) or _GLUED_AFTER.match(after) or _inside_quotation(before):
        return False
    return (
        not _continues_before(before, language)
        and not _continues_after(after, language)
        and (" " in text[start:end] or _alone(after, language))
    )


def _inside_quotation(before: str) -> bool:
    return before.count('"') % 2 == 1 or any(
        before.count(opening) > before.count(closing)
        for opening, closing in (("«", "»"), ("“", "”"))
        if closing in before or opening == "«"
    )


def _joins(word: str, language: str) -> bool:
    return word.casefold() in _JOINS or word.casefold() in _JOINS_IN.get(language, ())


def _continues_before(before: str, language: str) -> bool:
    """Whether a capitalised word, or one and what joins it, comes just before."""
    last = _LAST_WORD.search(before)
    if last is None or last[2].strip(" '’.") or "\n" in last[2]:
        return False
    if last[1][0].isupper() and len(last[1]) > 1:
        return not may_open(before[: last.start(1)]) and language != "de"
    earlier = _LAST_WORD.search(before[: last.start(1)])
    return bool(
        last[1].casefold() in _JOINS
        and earlier
        and not earlier[2].strip()
        and earlier[1][0].isupper()
        and not may_open(before[: earlier.start(1)])
        and language != "de"
    )


def _continues_after(after: str, language: str) -> bool:
    """Whether a capitalised word, or what joins one, comes just after."""
    following = _NEXT_WORD.match(after)
    if following is None or following[1].strip(" '’") or "\n" in following[1]:
        return False
    if following[2][0].isupper() or following[2][0].isdigit():
        return language != "de" or bool(_ROMAN.fullmatch(following[2]))
    return bool(
        _joins(following[2], language)
        and following[4]
        and not following[3].strip(" '’")
        and following[4][0].isupper()
        and following[2].casefold() not in ("in", "at", "on", "im", "am", "for", "für")
    )


def _alone(after: str, language: str) -> bool:
    """Whether no noun follows a name of a single word: a mark does, or a small word."""
    if language == "de":
        return False
    following = _NEXT_WORD.match(after)
    if following is None or following[1].strip():
        return True
    return following[2].casefold() in FUNCTION.get(language, ())


def may_open(before: str) -> bool:
    """Whether a word after this opens its sentence.

    >>> may_open("It was so. "), may_open("It was ")
    (True, False)
    """
    bare = before.rstrip(" \t\"'“„«‘(")
    return not bare or bare[-1] in f"{END_MARKS}:\n"


def is_count(text: str, start: int, end: int, language: str) -> bool:
    """Whether the number at these characters counts or measures something.

    It has to stand by itself before a unit or what is counted, and neither after a name, which it
    would number ("Apollo 11", "2.0.1"), nor before one that it belongs to ("12 Years a Slave"); in
    German, where nouns have capitals, what is counted has to follow.

    >>> text = "In 1884 it logged 337 acres with Apollo 11 and 06 crews of 3.2.1 and 75% more."
    >>> [text[a:b] for a, b in ((m.start(), m.end()) for m in re.finditer(r"[\\d.]+\\d", text))
    ...  if is_count(text, a, b, "en")]
    ['337', '75']
    """
    before, after, number = text[:start], text[end:], text[start:end]
    if _GLUED_BEFORE.search(before) or _YEAR.fullmatch(number):
        return False
    if re.match(r"0\d", number) or len(re.findall(r"[.,]", number)) > 1:
        return False
    last = _LAST_WORD.search(before)
    named = last is not None and last[1][0].isupper() and not last[2].strip()
    if last is not None and named and not may_open(before[: last.start(1)]):
        return language == "de" and bool(re.match(r" [A-ZÄÖÜ][a-zäöüß]", after))
    following = re.match(r"[ \u00a0\u202f]?([%°])|[ \u00a0\u202f]([^\W\d_]+)", after)
    unit: str = (following[1] or following[2]) if following else ""
    # Units have capitals, too: "12 GB", "5 V".
    return bool(unit) and (language == "de" or not unit.istitle() or len(unit) < 3)


def is_year(text: str, start: int, end: int) -> bool:
    """Whether the number at these characters is a year: of four figures, after a word of time or in
    brackets, or in a list of years.

    >>> text = "In 1884 it had 1500 mills."
    >>> is_year(text, 3, 7), is_year(text, 15, 19)
    (True, False)
    """
    before, after, number = text[:start], text[end:], text[start:end]
    if not _YEAR.fullmatch(number) or _GLUED_AFTER.match(after):
        return False
    if re.search(r"[\w/\[^_-]$|\w[.:'’]$|[\d\s][–—−] ?$|[$€£¥]$", before):
        return False
    last = _LAST_WORD.search(before)
    if last is None:
        return bool(re.match(r"[,;]", after))
    if _YEAR.fullmatch(last[1]) and last[2] == ", ":
        return True
    return not last[2].strip(" ") and last[1].casefold() in _BEFORE_YEAR


def is_sentence(text: str, language: str) -> bool:
    """Whether it reads as one: a capital at its beginning, a mark at its end, words between, no
    bracket or quotation left open, no line of a list.

    >>> is_sentence("The mill was built in 1912.", "en"), is_sentence("At least 10 cancers", "en")
    (True, False)
    """
    bare = text.rstrip(_CLOSING)
    if "\n" in text or not bare or bare[-1] not in END_MARKS or re.search(r"[.…]\s?\.$|,,", bare):
        return False
    first = text.lstrip("\"'“„«‘(¿¡")
    if not first or not (first[0].isupper() or first[0].isdigit()) or ": " in text[:24]:
        return False
    if (
        text.count("(") != text.count(")")
        or text.count('"') % 2
        or text.count("[") != text.count("]")
    ):
        return False
    if re.search(r"\[\d+\]|\bhttps?:|[{}|=<>_]", text) or text.count(",") > 9:
        return False
    if len(re.findall(r"\d+", text)) > _FIGURES:
        return False  # a list of years or a table in a line
    if _LOST.search(text):
        return False
    small = [w for w in WORD.findall(text) if w[0].islower()]
    common = FUNCTION.get(language, frozenset())
    return len(small) >= 3 and any(w.casefold() in common for w in small)


def whole_clauses(text: str) -> list[str]:
    """The parts of a text between commas, semicolons, colons and dashes, verbatim; what stands in
    brackets is not taken apart.

    >>> whole_clauses("It stood on the Elbe (or so), and it was built in 1,912 days.")
    ['It stood on the Elbe (or so)', 'and it was built in 1,912 days.']
    """
    masked = _BRACKETED.sub(lambda m: "\0" * len(m.group()), text)
    masked = re.sub(r"(?<=\d)[,:–—](?=\d)", "\0", masked)
    parts = [text[m.start() : m.end()].strip() for m in _CLAUSE.finditer(masked)]
    return [part for part in parts if part]


def clause_with(text: str, value: str, least: int, most: int) -> str:
    """The shortest run of whole clauses of a text that holds a value and has at least and at most
    so many words; "" without one.

    >>> clause_with("It was old, they say, and it fell in 1912.", "1912", 4, 9)
    'and it fell in 1912.'
    >>> clause_with("It had, since 1902, a line and 9 cars.", "9", 3, 9)
    'a line and 9 cars.'
    """
    parts, starts, at = whole_clauses(text), [], 0
    for part in parts:
        at = text.find(part, at)
        starts.append(at)
        at += len(part)
    whole = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)") if value else re.compile("")
    best = ""
    for i in range(len(parts)):
        for j in range(i, len(parts)):
            run = text[starts[i] : starts[j] + len(parts[j])]
            size = len(WORD.findall(run))
            fits = whole.search(run) and least <= size <= most and not _SMALL_END.search(run)
            if fits and (not best or len(run) < len(best)):
                best = run
    return best
