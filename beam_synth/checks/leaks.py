"""Mentions of inputs that a trace's reader does not see, by fixed phrases (our lists)."""

from __future__ import annotations

import re

_DOCUMENT = (
    r"(?:text|passage|article|section|excerpt|paragraph|document|extract|snippet|context|abstract|"
    r"entry)"
)
_INPUT = rf"(?:{_DOCUMENT}|page|material|input|seed|reference|source|solution|information|span)"
_GIVEN = r"(?:provided|given|supplied|hidden|privileged|above|attached|gold|expected|target)"
_LEAKS = re.compile(
    rf"\b{_GIVEN} (?:\w+ )?(?:answer|focus|{_INPUT})s?\b|"
    rf"\b(?:according to|based on|as (?:stated|said|mentioned|given|described|noted) (?:in|by)|"
    rf"from|in|per|of|see|reading|check(?:ing)?) (?:the|this|that|my|our) (?:\w+ )?{_DOCUMENT}s?\b"
    rf"(?! of)|"
    rf"\b(?:the|this) {_DOCUMENT}s? (?:says?|states?|mentions?|gives?|lists?|notes?|describes?|"
    rf"explains?|tells?|indicates?|shows?|confirms?|does|do|is|has|contains?|only)\b|"
    rf"\b(?:the )?{_DOCUMENT}s? (?:above|below|provided|supplied)\b|"
    rf"\b(?:ground truth|focus span|answer key|reference answer|the focus\b|seed (?:text|passage))|"
    rf"\bi (?:was|am|have been) given\b|\bwikipedia (?:article|page|entry)",
    re.IGNORECASE,
)
_SOURCES = re.compile(
    r"\b(?:the|these|this|given|provided|available|neighbou?r(?:ing)?) (?:\w+ )?"
    r"(?:sources?|neighbou?rs?|passages)\b(?! of)|\bsource_\d+",
    re.IGNORECASE,
)
_HIDDEN_IN_RAG = re.compile(
    rf"\b{_GIVEN.replace('provided|given|supplied|', '')} answer|\b(?:provided|given|supplied) "
    r"(?:answer|solution|focus|span)|\bground truth|\bfocus span|\banswer key|\breference answer|"
    r"\b(?:primary|withheld|distractor|gold) (?:source|passage)|\bdistractors?\b|\bwithheld\b|"
    r"\bthe focus\b|\bseed (?:text|passage|article)",
    re.IGNORECASE,
)


# Every phrase above holds one of these: most traces are read no further.
_SOURCE_WORDS = ("source", "neighbo", "passages")
_HIDDEN_WORDS = (
    "answer", "solution", "focus", "span", "ground truth", "primary", "withheld", "distractor",
    "gold ", "seed ",
)  # fmt: skip
_LEAK_WORDS = (
    "provided", "given", "supplied", "hidden", "privileged", "above", "attached", "gold",
    "expected", "target", "text", "passage", "article", "section", "excerpt", "paragraph",
    "document", "extract", "snippet", "abstract", "entry", "ground truth", "focus", "answer key",
    "reference answer", "wikipedia",
)  # fmt: skip


def _any_in(phrases: tuple[str, ...], text: str) -> bool:
    return any(map(text.__contains__, phrases))


def leaks(trace: str, *, rag: bool, title: str, query: str) -> list[str]:
    """Mentions of inputs that the trace's reader does not see, as they stand in the trace.

    Args:
        rag: the reader sees sources, so that only what is kept from them counts.
        title: of the seed's article; speaking of an article under that title counts.
        query: where it asks about a text or a document itself, the trace may speak of it.

    >>> leaks("the passage says 1912 → so 1912", rag=False, title="Elbe", query="When?")
    ['the passage says']
    >>> leaks("source_1 says 1912", rag=True, title="Elbe", query="When?")
    []
    """
    folded = trace.casefold()
    if rag:
        hidden = _HIDDEN_IN_RAG.finditer(trace) if _any_in(_HIDDEN_WORDS, folded) else ()
        return [m.group() for m in hidden]
    mentions = (
        [m.group() for m in _SOURCES.finditer(trace)] if _any_in(_SOURCE_WORDS, folded) else []
    )
    asked = set(re.findall(r"\w+", query.casefold()))
    for match in _LEAKS.finditer(trace) if _any_in(_LEAK_WORDS, folded) else ():
        topic = re.search(rf"\b{_DOCUMENT}\b", match.group().casefold())
        if not topic or topic.group() not in asked:
            mentions.append(match.group())
    if title.casefold() not in folded:
        return mentions
    name = re.escape(title)
    as_document = re.compile(
        rf"\b(?:article|page|entry|section|document|text|passage|seed) "
        rf"(?:(?:on|about|titled|called|named|for) )?[\"'“‘«]?{name}(?!\w)|"
        rf"(?<!\w){name}[\"'”’»]? (?:article|page|entry|passage|text|document)\b",
        re.IGNORECASE,
    )
    return mentions + [m.group() for m in as_document.finditer(trace)]
