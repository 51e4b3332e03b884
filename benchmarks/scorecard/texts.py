"""Bad kinds of written texts, of conversations and of any answer or trace."""

from __future__ import annotations

import re
from collections import Counter

from benchmarks.scorecard.reading import (
    END,
    NUMBER,
    OPEN,
    QUOTED,
    TELLING,
    WORD,
    Read,
    content,
    loose,
    quotations,
    sentences_of,
    words,
)

_N = 5  # words that may not come twice
_OWN_RUN = 12  # words in a row that an own text may share with its seed
_FIRST_PERSON = {
    "en": "i my me we", "de": "ich mein mir mich wir", "fr": "je j mon me moi nous",
    "es": "yo mi me he nosotros", "it": "io mio mi ho noi", "pl": "ja mój mi mnie my",
    "nl": "ik mijn me mij wij", "la": "ego meus mihi me nos",
}  # fmt: skip
_DASH = re.compile(r"^\s*(?:[–—-]|[^\W\d_]{1,20}:)\s")


def _own(row: Read, text: str) -> str:
    """The text without what it marks as a quotation, and without what the prompt gave."""
    return QUOTED.sub(" ", text)


def other_language(row: Read) -> str:
    """An answer in another language than the row's."""
    found = words(QUOTED.sub(" ", row.bare) if row.exercise != "editing" else row.bare)
    if len(found) < 20 or row.said.get("chosen_task") in ("translate", "extract"):
        return ""
    ours = sum(w in TELLING[row.language] for w in found)
    for code, telling in TELLING.items():
        only = telling - TELLING[row.language]
        theirs = sum(w in only for w in found)
        if code != row.language and theirs > 4 and theirs > 2 * ours:
            return code
    return ""


def repeats(row: Read) -> str:
    """A line, a sentence or five words that an answer says twice."""
    if row.exercise in ("editing", "math exercise", "math mcq"):
        return ""
    for turn in row.turns[:1]:
        bare = re.sub(r"\s*<ref .*?</ref>", "", turn.answer, flags=re.DOTALL)
        lines = Counter(" ".join(words(s)) for s in sentences_of(bare) if len(words(s)) > 1)
        twice = next((line for line, n in lines.items() if n > 1), "")
        found = words(bare)
        runs = Counter(tuple(found[i : i + _N]) for i in range(len(found) - _N + 1))
        run = next((r for r, n in runs.items() if n > 1), ())
        if (twice or run) and row.seed.casefold().count(" ".join(run) or twice) < 2:
            return twice or " ".join(run)
    return ""


def word_salad(row: Read) -> str:
    """Lines that break off, or are words without a sentence."""
    lines = [line for line in row.answer.splitlines() if line.strip()]
    broken = [line for line in lines if _broken(line, row.language)]
    return broken[0][:60] if len(broken) > len(lines) / 3 else ""


def _broken(line: str, language: str) -> bool:
    found = words(_DASH.sub("", line))
    if not found:
        return True
    ends = line.rstrip("\"”»)'’ ")[-1:] in END + ",:;"
    return (
        found[-1] in OPEN.get(language, ())
        or (len(found) < 8 and not ends)
        or (len(found) < 3 and not line.rstrip().endswith((",", "!", "?")))
    )


def copied(row: Read) -> str:
    """An own text that takes long runs of words from its seed, unmarked."""
    given = " ".join(words(row.prompt))
    seed, found = f" {' '.join(words(row.seed))} ", words(_own(row, row.answer))
    run: list[str] = []
    for word in found:
        run = [*run, word]
        while run and f" {' '.join(run)} " not in seed:
            run = run[1:]
        if len(run) > _OWN_RUN and " ".join(run) not in given:
            return " ".join(run)
    return ""


def form_missing(row: Read) -> str:
    """A text without the form of its genre."""
    genre = row.said.get("genre")
    lines = [line.strip() for line in row.answer.splitlines() if line.strip()]
    first, last = lines[0], lines[-1]
    if genre == "dialogue":
        turns = sum(bool(_DASH.match(line)) for line in lines)
        asks = "?" in row.answer
        return "" if turns >= 4 and asks else f"{turns} turns"
    if genre == "diary":
        person = _FIRST_PERSON[row.language].split()
        inflected = row.language in ("es", "it", "pl", "la") and len(_own(row, row.answer)) > 40
        said = set(words(_own(row, row.answer)))
        return "" if said & set(person) or inflected else "nobody speaks"
    if genre == "letter":
        brief = len(words(first)) <= 12 and len(words(last)) <= 9
        return "" if brief and len(lines) > 2 else "no salutation or close"
    if genre == "poem":
        width = sorted(map(len, lines))[len(lines) // 2]
        return "" if len(lines) >= 4 and width <= 60 else "no verse"
    if genre == "story":
        return "quotations alone" if len(words(_own(row, row.answer))) < 60 else ""
    return ""


def filler(row: Read) -> str:
    """A trace most of whose lines bring nothing new of question, seed or sources."""
    last = row.turns[-1]
    given = loose(" ".join([row.seed, *(f"{t.query} {t.answer}" for t in row.turns)]))
    known = content(" ".join(t.query + " " + t.answer for t in row.turns), row.language)
    known |= content(f"{row.seed} {row.title}", row.language)
    seen: set[str] = set()
    lines = [line for line in last.trace.splitlines() if WORD.search(line)]
    empty = 0
    for line in lines:
        new = (content(line, row.language) & known) | set(NUMBER.findall(line))
        # "als" → "Als": a short word that is spoken of says something, too.
        new |= {f"“{part}”" for part in quotations(line) if part and loose(part) in given}
        new -= seen
        empty += not new
        seen |= new
    return f"{empty} of {len(lines)} lines" if lines and empty > len(lines) / 2 else ""


def one_word(row: Read) -> str:
    """A word or two where a sentence is asked for."""
    if row.exercise == "editing":
        return ""
    return next((t.answer for t in row.turns if len(words(t.answer)) < 3), "")


def unfitting_maths(row: Read) -> str:
    """A query that lacks numbers of the problem, or its question."""
    values = row.said.get("values", {})
    for value in values.values():
        for number in re.findall(r"\d+", str(value)):
            if not re.search(
                rf"(?<!\d){number}(?!\d)", re.sub(r"(?<=\d)[ .,](?=\d{3})", "", row.query)
            ):
                return f"{number} is not stated"
    return "" if "?" in row.query or re.search(r"[.!]", row.query) else "nothing is asked"


def maths_conclusion(row: Read) -> str:
    """The conclusion's number is not that of the last step, or not in the answer."""
    lines = row.trace.splitlines()
    sums = [line.rpartition("= ")[2] for line in lines if "= " in line and "∴" not in line]
    end = next((line for line in lines if "∴" in line), "")
    if not sums or not end:
        return "no steps" if not sums else "nothing is concluded"
    result = sums[-1].split()[0]
    if result not in end:
        return f"{result}: {end}"
    return (
        "" if result.replace(".", ",") in row.answer.replace(".", ",") else f"{result} is not told"
    )


def first_result(row: Read) -> str:
    """The result stands on the trace's first line."""
    lines = row.trace.splitlines()
    result = next((line.rpartition("= ")[2].split() for line in reversed(lines)
                   if "= " in line), [""])[0]  # fmt: skip
    first = NUMBER.findall(lines[0])
    return result if result in first and result not in NUMBER.findall(row.query) else ""


def follow_up_empty(row: Read) -> str:
    """A follow-up about a word that says nothing by itself."""
    for turn in row.turns[1:]:
        for part in quotations(turn.query):
            if len(words(part)) <= 3 and not (part[:1].isupper() or part[:1].isdigit()):
                return f"{part!r} in {turn.query[:60]!r}"
    return ""


def contradicts(row: Read) -> str:
    """A follow-up that drops what was said, yields to a wrong number or takes another option."""
    kinds = row.said.get("kinds", ())
    for i, turn in enumerate(row.turns[1:], 1):
        earlier = [re.sub(r"\s*<ref .*?</ref>", "", t.answer, flags=re.DOTALL)
                   for t in row.turns[:i]]  # fmt: skip
        if i <= len(kinds) and kinds[i - 1] == "reformatting":
            ours = _items(turn.answer)
            if not any(_items(said) <= ours for said in earlier):
                return f"drops {sorted(_items(earlier[-1]) - ours)[:4]}"
        new = set(NUMBER.findall(turn.query)) - set(NUMBER.findall(" ".join(earlier)))
        if i <= len(kinds) and kinds[i - 1] == "challenge" and new:
            told = set(NUMBER.findall(turn.answer)) - new
            if not told & set(NUMBER.findall(" ".join(earlier))):
                return f"yields to {sorted(new)}"
        first, now = (re.match(r"([A-D])\)", text) for text in (row.answer, turn.answer))
        if first and now and first[1] != now[1]:
            return f"{first[1]}, then {now[1]}"
    return ""


def _items(text: str) -> set[str]:
    return {w for w in words(re.sub(r"(?m)^\s*\d+[.)] ", "", text)) if len(w) > 3}


def broken_layout(row: Read) -> str:
    """A list whose items are no sentences or clauses of their own."""
    for i, turn in enumerate(row.turns[1:], 1):
        kinds = row.said.get("kinds", ())
        if i > len(kinds) or kinds[i - 1] != "reformatting":
            continue
        for line in turn.answer.splitlines():
            found = words(line)
            ends = line.rstrip()[-1:] in END
            listed = re.match(r"\s*(?:-|\d+\.) ", line)
            brackets = re.sub(r"\b[A-D]\)", "", line)
            open_end = found and found[-1] in OPEN.get(row.language, ()) and not ends
            uneven = listed and brackets.count("(") != brackets.count(")")
            if open_end or uneven or line.count('"') % 2:
                return line[:60]
    return ""


def quote_cut(row: Read) -> str:
    """A follow-up's answer quotes words that break off."""
    for turn in row.turns[1:]:
        for part in quotations(turn.answer):
            found = words(part)
            if len(found) > 3 and found[-1] in OPEN.get(row.language, ()):
                return f"…{part[-50:]}"
            text = re.sub(r"[“”„«»\"]", "'", row.seed)
            at = text.find(part)
            if len(found) > 3 and at >= 0 and part[-1] not in END:
                after = text[at + len(part) :]
                if not re.match(r"\W*(?:[.!?…,;:)\]–—\n]|$)", after):
                    return f"…{part[-50:]}"
    return ""
