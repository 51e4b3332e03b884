"""Redirect pages: records that name another page instead of telling anything.

Enterprise follows redirects and delivers none; where one comes all the same (a page that became a
redirect after the snapshot's data were gathered, a file that was converted from a dump), it comes
as its wikitext (`#REDIRECT [[Rome]]`, in the wiki's language), as what a browser shows of it
("Redirect to:" and the target), as the box that explains its categories, or without any text.
The field `redirects` says nothing of that: it lists the redirects that lead to an article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from beam_synth.ingestion.fields import lookup
from beam_synth.records import Section

_LONG = 2000  # characters; an article that tells of redirects is longer than a redirect page
_FIRST = 1000  # characters in which it would show
# MediaWiki's magic word in many languages; with a link behind it any word is one.
_WORDS = (
    "redirect|redirection|redirección|redireccion|redirecció|weiterleitung|rinvia|rinvio|rimando"
    "|patrz|przekieruj|tam|doorverwijzing|redirecionamento|redirecteaza|перенаправление|перенапр"
    "|перенаправлення|пренасочване|преусмери|preusmjeri|preusmeritev|presmeruj|přesměruj"
    "|átirányítás|omdirigering|ohjaus|uudelleenohjaus|tilvísun|suuna|ανακατευθυνση|yönlendirme"
    "|đổi|alih|lencong|birzuzendu|ail-cyfeirio|ailgyfeirio|alidirektu|aanstuur|ridrejto|הפניה"
    "|تحويل|تغییر_?مسیر|अनुप्रेषित|पुनर्निर्देशित|পুনর্নির্দেশ|เปลี่ยนทาง|重定向|重新導向|転送"
    "|リダイレクト|넘겨주기"
)
_WIKITEXT = re.compile(
    r"[#＃]\s?[^\W\d_][\w-]*\s*:?\s*\[\[[^\[\]\n]{1,500}\]\]"
    rf"|[#＃]\s?(?:{_WORDS})\b\s*:?\s*[^\s.][^\n.]{{0,255}}(?=\n|$)",
    re.I,
)
# What a browser shows; the target is a list of one item.
_SHOWN = re.compile(
    r"(?:redirect to|weiterleitung nach|rediriger vers|redirige a|rinvia a|reindirizzamento a"
    r"|przekieruj do|przekierowanie do|doorverwijzing naar|redirecionar para|redirigere ad"
    r"|omdirigera till|omdirigering til|перенаправление на|перенаправлення на|přesměrování na"
    r"|átirányítás ide|ohjaus sivulle|şuraya yönlendir|mengalihkan ke|ailgyfeirio i|转到"
    r"|重定向到|重新導向至|転送先|넘겨줄 대상)\s?[:：]\s*[^\n]{0,255}",
    re.I,
)
_BOX = re.compile(
    r"(?:this page is a redirect\b|(?:from|to) an? [^:\n]{1,80}: this is a redirect (?:from|to)\b)",
    re.I,
)
_KEYS = ("redirect", "redirect_to", "redirectTo", "redirects_to", "is_redirect", "isRedirect")
# Keys that are read of a record for that, beside its text.
REDIRECT_FIELDS = frozenset(_KEYS)


def redirect_of(record: dict[str, Any], sections: Sequence[Section]) -> str | None:
    """What shows that a record is of a redirect page, and where to; None for any other record.

    Args:
        record: as it came.
        sections: its text, flattened; may be empty.

    >>> redirect_of({}, [Section(("Abstract",), "prose", "#WEITERLEITUNG [[Rom]]")])
    '#WEITERLEITUNG [[Rom]]'
    >>> redirect_of({"redirects": [{"name": "Roma"}]}, [Section(("A",), "prose", "A city.")])
    """
    if sections:
        if lookup(record, "is_redirect", "isRedirect") is True:
            return "the record says so"
        first = sections[0].text[:_FIRST].lstrip()
        match = _WIKITEXT.match(first) or _SHOWN.match(first) or _BOX.match(first)
        if match is None or sum(len(section.text) for section in sections) > _LONG:
            return None
        return " ".join(match.group().split())
    return _stated(record) or _in_body(record)


def _stated(record: dict[str, Any]) -> str | None:
    """A field of its own; a list names pages that lead here (as MediaWiki's search index does)."""
    target = lookup(record, *_KEYS)
    if isinstance(target, dict):
        target = target.get("name") or target.get("title") or target.get("url")
    if target is True:
        return "the record says so"
    return f"to {target}" if isinstance(target, str) and target.strip() else None


def _in_body(record: dict[str, Any]) -> str | None:
    """The page's own source, where the record has it and nothing else."""
    body = lookup(record, "article_body", "articleBody")
    if not isinstance(body, dict):
        return None
    wikitext, page = body.get("wikitext"), body.get("html")
    if isinstance(wikitext, str) and (match := _WIKITEXT.match(wikitext.lstrip())):
        return " ".join(match.group().split())
    if isinstance(page, str) and "mw:PageProp/redirect" in page:
        return "its HTML says so"
    return None
