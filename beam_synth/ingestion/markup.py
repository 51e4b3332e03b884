"""Remove what is left of wiki and HTML markup from a leaf of Structured Contents.

The patterns are narrow on purpose: what an article says in such signs (`a<b`, `A[1]`, TeX) has
to stay (methods.md 2). Repeats are bounded, which keeps hostile text from taking quadratic time.
"""

from __future__ import annotations

import html
import re

_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\xad\u200b\u2060\ufeff]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_COMMENT = re.compile(r"<!--.{0,10000}?-->", re.DOTALL)
_REFERENCE = re.compile(
    r"<ref\b[^<>]{0,1000}/>|<ref\b[^<>]{0,1000}>.{0,5000}?</ref\s{0,5}>", re.I | re.DOTALL
)
_TAGS = (
    "abbr|b|bdi|bdo|big|blockquote|br|caption|center|chem|cite|code|col|dd|del|dfn|div|dl|dt|em"
    "|figcaption|figure|font|gallery|h[1-6]|hiero|hr|html|i|imagemap|img|includeonly|ins|kbd"
    "|li|link|mapframe|mark|math|meta|noinclude|nowiki|ol|onlyinclude|p|poem|pre|q|ref|references"
    "|rp|rt|ruby|s|samp|score|section|small|source|span|strike|strong|style|sub|sup"
    "|syntaxhighlight|table|tbody|td|templatestyles|th|thead|time|timeline|tr|tt|u|ul|var|wbr"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,2000}})?\s?/?>", re.I)
_FILE = re.compile(
    r"\[\[(?:file|image|datei|fichier|immagine|archivo|plik):[^\[\]]{0,1000}\]\]", re.I
)
_LINK = re.compile(r"\[\[([^\[\]|{}<>\n]{1,255})(?:\|((?:(?!\[\[|\]\]).){0,1000}))?\]\]")
_STRAY_LINK = re.compile(r"\[\[(?=[^\W\d_]|\d{3,4}\b)|(?<=[^\W\d_])\]\]")
_PARAMETER = re.compile(r"\{\{\{[^{}\\]{0,500}\}\}\}")
_TEMPLATE = re.compile(r"\{\{\s{0,5}[A-Za-z#_][^{}\\]{1,2000}\}\}")
_BOLD = re.compile(r"'{3,5}")
_ITALIC = re.compile(r"(?<![\w'])''(?=[^\s'])(.{1,500}?)(?<=[^\s'])''(?!')")
_HEADING = re.compile(r"(?<!\S)(={2,6})(?=[^\s=])([^=\n]{1,200})(?<=[^\s=])\1(?!\S)")
_HEADING_EDGE = re.compile(r"^\s*={2,6}(?![=>])\s*|\s+={2,6}\s*$")
# Reference markers stand right behind a word or its punctuation; "[2019]" and "A[1]" stay.
_MARKER = re.compile(
    r"(?:(?<=\w\w)|(?<=[.,;:!?)\]\"”»%]))\[\d{1,3}\]"
    r"|\[(?:note|nb|lower-alpha|upper-alpha|Anm\.)\s?\d{1,3}\]"
    r"|\[(?:citation needed|clarification needed|when\?|who\?|senza fonte)\]"
)
_PASSES = 8  # removing a mark can join the halves of another; text that needs more is hostile


def _label(match: re.Match[str]) -> str:
    target, label = match.group(1), match.group(2)
    return str(label if label is not None else target)


def _one_pass(text: str) -> str:
    text = " ".join(_INVISIBLE.sub("", text).split())
    if "&" in text:
        text = _ENTITY.sub(lambda m: html.unescape(m.group()), text)
    if "<" in text:
        for pattern in (_COMMENT, _REFERENCE, _TAG):
            text = pattern.sub("", text)
    if "[" in text or "]]" in text:
        text = _LINK.sub(_label, _FILE.sub("", text))
        text = _MARKER.sub("", _STRAY_LINK.sub("", text))
    if "{{" in text and "\\" not in text:  # a backslash: TeX, where braces are no template
        text = _TEMPLATE.sub("", _PARAMETER.sub("", text))
    if "''" in text:
        text = _ITALIC.sub(r"\1", _BOLD.sub("", text))
    if "==" in text:
        text = _HEADING_EDGE.sub("", _HEADING.sub(r"\2", text))
    return text


def _marked(text: str) -> bool:
    """Most leaves hold no mark; this tells it faster than one pattern does."""
    return (
        "<" in text
        or "&" in text
        or "[" in text
        or "]]" in text
        or "{{" in text
        or "''" in text
        or "==" in text
    )


def strip_markup(text: str) -> str:
    """The text on one line: markup and invisible characters removed, white space normalised.

    Removed are HTML tags, comments, references and their markers, wiki links (the label stays),
    templates, bold, italics and headings' marks; entities become their characters. Repeated until
    nothing changes, at most 8 times.

    >>> strip_markup("'''Aspirin''' is a [[drug|medicine]].<ref>Smith</ref>[2]")
    'Aspirin is a medicine.'
    >>> strip_markup("if a<b, A[1] stays &amp; so does <this>")
    'if a<b, A[1] stays & so does <this>'
    """
    printable = text.isprintable()  # then its only white space are blanks
    if not printable or _marked(text):
        for _ in range(_PASSES):
            before, text = text, _one_pass(text)
            if text == before:
                break
        printable = False
    if printable and "  " not in text and text == text.strip():
        return text
    return " ".join(text.split())
