"""Bad kinds of questions about a text, with or without sources or options."""

from __future__ import annotations

import re

from benchmarks.scorecard.reading import (
    END,
    GAP,
    NUMBER,
    OPEN,
    PARTICLE,
    REF,
    WORD,
    Read,
    names_in,
    places,
    quotations,
    words,
)

_YEAR = re.compile(r"1\d{3}|20\d\d")
_CLAUSE_END = re.compile(r"\W*(?:[.!?…,;:)\]–—\n]|$)")
_LAST = re.compile(r"(\w+)['’.]? ?$")
_NEXT = re.compile(r" ?(?:['’] ?)?(\w+)(?: (\w+))?")
_SHAPES = (
    ("year", r"1\d{3}|20\d\d"),
    ("whole number", r"\d{1,3}(?:[., ]\d{3})+|\d+"),
    ("decimal number", r"\d+[.,]\d+"),
    ("date", r".*\d.*[^\W\d_]{3}.*"),
    ("capitals", r"[A-ZÀ-Þ]{2,}"),
    ("one word", r"\S+"),
    ("words", r".*"),
)
_SIGNS = re.compile(r"[¢$£€%°]|\s(?:km|m|kg|cm|g|l)\b.*$")


def _cut(before: str, after: str) -> bool:
    """Whether a value between these was cut out of a longer name or number."""
    if re.search(r"[\w-]$|\w['’]$|\w[.,:/]$|\d [–-] ?$", before) or re.match(
        r"[\w-]|['’]\w|[.,:/]\w", after
    ):
        return True
    last, following = _LAST.search(before), _NEXT.match(after)
    joined = last and last[1][0].isupper() and not _opens(before, last[1])
    if following and following[1][0].isupper():
        return True
    if following and following[2] and following[1] in PARTICLE and following[2][0].isupper():
        return following[1] not in ("and", "und", "y", "e", "et", "i", "en")
    return bool(joined)


def _opens(before: str, word: str) -> bool:
    """Whether the word opens its sentence, so that its capital tells nothing."""
    earlier = before.rstrip()[: -len(word)].rstrip(" \t\"'“„«(")
    return not earlier or earlier[-1] in ".!?…:\n"


def name_cut(row: Read) -> str:
    """The gap, or a quoted term, was cut out of a longer name or number."""
    for shown in quotations(row.query):
        before, gap, after = shown.partition(GAP)
        named = row.key[:1].isupper() and not re.search(r"\d", row.key)
        if gap and named and row.language != "de" and _cut(before, after):
            return f"…{before[-20:]}{GAP}{after[:20]}…"
        if (gap and re.search(r"[\w-]$|\w[.,:/]$", before)) or (
            gap and re.match(r"\w|[-.,:/]\w", after)
        ):
            return f"…{before[-20:]}{GAP}{after[:20]}…"
        if (
            not gap
            and 0 < len(WORD.findall(shown)) <= 4
            and shown[:1].isupper()
            and (shown != row.title)
        ):
            spots = list(places(row.focus, shown))
            if spots and all(_cut(*spot) for spot in spots):
                return shown
    return ""


def topic_missing(row: Read) -> str:
    """The query does not name what it is about."""
    if row.said.get("query_result") == "ambiguous":
        return ""
    head = row.title.split("(")[0]
    # Parts of "Mexiko-Stadt"; of "SM U-3" all there are.
    parts = re.findall(r"\w+", head)
    told = [part for part in parts if len(part) > 2] or parts
    stems = [part.casefold()[: max(3, len(part) - 3)] for part in told]
    asked = re.findall(r"\w+", row.query.casefold())
    named = any(word.startswith(stem) for word in asked for stem in stems)
    return "" if named or not stems else row.title


def odd_but_answerable(row: Read) -> str:
    """A query that is drawn ambiguous, negative or absurd, and is not."""
    result = row.said.get("query_result")
    shown = quotations(row.query)
    if result == "ambiguous" and "(" not in row.title and not shown:
        return "nothing in it has two readings"
    if result == "ambiguous" and "(" not in row.title:
        return f"{shown[0]!r} is one thing"
    if result == "negative":
        if not any(len(words(part)) > 4 for part in shown):
            return "asks for what may be known"
        if any(part.rstrip(END) in row.seed for part in shown):
            return "what it states is true"
    return ""


def random_pair(row: Read) -> str:
    """Two quoted terms that are to be connected, one of which is a common word."""
    shown = [part for part in quotations(row.query) if GAP not in part and len(words(part)) <= 4]
    cells = all(f"{part}: " in row.focus or f": {part}" in row.focus for part in shown)
    if len(shown) < 2 or cells:
        return ""
    common = [part for part in shown if not part[:1].isupper() or _common(part, row)]
    return ", ".join(common)


def _common(part: str, row: Read) -> bool:
    """A single German noun has a capital and is no name."""
    return row.language == "de" and len(part.split()) == 1 and row.focus.count(part) == 1


def fragment(row: Read) -> str:
    """What is quoted or told as a statement is no sentence of the seed."""
    focus = row.focus.strip()
    if not focus or len(words(focus)) < 4 or row.said.get("query_type") == "definition":
        return "" if focus else "no focus"
    if ": " in focus and focus.split(": ")[0].count(" ") < 4 and focus[-1] not in END:
        return "" if not any(GAP in q for q in quotations(row.query)) else focus[:60]
    return "" if focus[-1] in END or focus[-1] in "\"”»)]'" else f"…{focus[-50:]}"


def conclusion_cut(row: Read) -> str:
    """The trace's conclusion quotes words that do not end where a clause of the seed ends."""
    for line in row.trace.splitlines():
        if "∴" not in line:
            continue
        for part in quotations(line):
            if len(words(part)) < 4:
                continue
            spots = list(places(re.sub(r"[“”„«»\"]", "'", row.seed), part))
            if (
                part[-1] not in END
                and spots
                and not any(_CLAUSE_END.match(after) for _, after in spots)
            ):
                return f"…{part[-50:]}"
            if words(part)[-1] in OPEN.get(row.language, ()):
                return f"…{part[-50:]}"
    return ""


def year_as_count(row: Read) -> str:
    """A quantity is asked for where a year stands, or a time where none does."""
    key, kind = row.key, row.said.get("query_type")
    if kind == "quantity" and _YEAR.fullmatch(key):
        return key
    if kind == "time" and key and not re.search(r"\b[1-9]\d{2,3}\b|\d.*[^\W\d_]{3}", key):
        return key
    return ""


def citation_unsupported(row: Read) -> str:
    """A name or number of a cited sentence does not stand in the source that it cites."""
    start = 0
    for ref in REF.finditer(row.answer):
        claim = row.answer[start : ref.start()]
        claim = claim[claim.rstrip(END).rfind("\n") + 1 :]
        start = ref.end()
        source = row.sources.get(ref[1], "")
        if not source:
            return f"{ref[1]} is no source"
        if " ".join(ref[2].split()) not in " ".join(source.split()):
            return f"not in {ref[1]}: {ref[2][:50]}"
        told = [*NUMBER.findall(claim), *names_in(claim, row.language)]
        for value in told:
            if value not in source and value not in row.query:
                return f"{value} is not in {ref[1]}"
        if ref[2].split() and words(ref[2])[-1] in OPEN.get(row.language, ()):
            return f"the quotation breaks off: …{ref[2][-40:]}"
    return ""


def answered_after_abstaining(row: Read) -> str:
    """Where no source tells, the answer still gives names or numbers."""
    if not row.said.get("withheld"):
        return ""
    found: list[str] = [*NUMBER.findall(row.answer), *names_in(row.answer, row.language)]
    return next((value for value in found if value not in row.query), "")


def conclusion_differs(row: Read) -> str:
    """What the trace concludes does not stand in the answer."""
    ends = [line for line in row.trace.splitlines() if "∴" in line]
    if not ends:
        return "nothing is concluded"
    answer = re.sub(r"[“”„«»\"]", "'", row.answer)
    for part in quotations(ends[-1]):
        if part not in answer and part not in row.query:
            return part[:60]
    return ""


def first_line_answers(row: Read) -> str:
    """The trace's first line holds the value that is asked for."""
    first = row.trace.split("\n")[0]
    keys = [row.key] if row.key else []
    return next((key for key in keys if len(key) > 1 and key in first), "")


def shape(option: str) -> str:
    """What an option is by its form.

    >>> [shape(option) for option in ("1912", "3,4", "06", "3 May 1912", "Clara Vogt", "Herat")]
    ['year', 'decimal number', 'whole number', 'date', 'words', 'one word']
    """
    bare = _SIGNS.sub("", option.strip())
    return next(name for name, form in _SHAPES if re.fullmatch(form, bare))


def mixed_options(row: Read) -> str:
    """Options of several shapes, or of figures far apart."""
    options = [str(option) for option in row.said.get("options", ())]
    shapes = {shape(option) for option in options}
    if row.exercise == "math mcq":  # no year is asked there
        shapes = {"whole number" if name == "year" else name for name in shapes}
        return ", ".join(options) if len(shapes) > 1 else ""
    if len(shapes) > 1:
        return ", ".join(options)
    if shapes == {"year"}:
        years = sorted(map(int, options))
        return ", ".join(options) if years[-1] - years[0] > 120 else ""
    if shapes <= {"whole number", "decimal number"}:
        values = sorted(float(re.sub(r"[., ](?=\d{3}\b)|[^\d.,]", "", o).replace(",", "."))
                        for o in options)  # fmt: skip
        far = values[0] * 20 < values[-1] and values[-1] > 20
        padded = any(o[0] == "0" and o[1:2].isdigit() for o in options)
        return ", ".join(options) if far or padded else ""
    return ""


def distractor_right(row: Read) -> str:
    """A wrong option that stands in the statement, or in the question."""
    options, key = row.said.get("options", ()), row.said.get("key")
    for i, option in enumerate(options):
        if i != key and re.search(rf"(?<!\w){re.escape(str(option))}(?!\w)", row.focus):
            return str(option)
    return ""
