# ruff: noqa: E501  (patterns are easier to read in one piece)
"""What a query asks for, where its words leave no doubt: a time, place, person, quantity or cause.

Only a question that opens with an interrogative counts, so that "when the river rose, how many …"
and "I wonder when …" decide nothing. Most queries decide nothing.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from beam_synth.text.quotes import mask_quotes


class _Words(NamedTuple):
    """Regular expressions of a language, over lower-case text."""

    time: str
    place: str
    person: str
    quantity: str
    cause: str
    others: str  # interrogatives that decide nothing: beside another one, a clause has two


_WORDS: dict[str, _Words] = {
    "en": _Words(
        time=r"(since |until )?when|((in|on|during|since|until) )?(which|what) (date|year|day|century|month|decade)",
        place=r"where|in (which|what) (country|city|town|region|place)",
        person=r"((by|to|for|from|with) )?whom|who",
        quantity=r"how many|(which|what) number",
        cause=r"why|for (what|which) reason",
        others=r"what|which|how|whose",
    ),
    "fr": _Words(
        time=r"(depuis |jusqu['’]à )?quand|((en|à|de|depuis) )?quel(le)? (date|année|jour|siècle|mois|décennie)",
        place=r"où|dans quel(le)? (pays|ville|région|lieu)",
        person=r"((par|à|pour|avec|de) )?qui",
        quantity=r"combien de|quel (est le )?nombre",
        cause=r"pourquoi|pour quelle raison",
        others=r"quoi|comment|quel(le)?s?|qu['’]est-ce qu[ei]|lequel|laquelle|combien",
    ),
    "de": _Words(
        time=r"((seit|bis) )?wann|((in|an|zu|seit) )?welche[mnrs]? (datum|zeitangabe|jahr|tag|wochentag|jahrhundert|monat|jahrzehnt)",
        place=r"wo|woher|wohin|in welche[mrn]? (land|stadt|region|ort)",
        person=r"((von|mit|bei|zu) )?wem|wer|((für|durch|gegen) )?wen",
        quantity=r"wie viele|welche (zahl|anzahl)",
        cause=r"warum|weshalb|wieso|aus welchem grund",
        others=r"was|wie|wessen|welche[mnrs]?|wo(r|für|mit|durch|von|zu|rauf|rin|rum)\w*",
    ),
    "es": _Words(
        time=r"((desde|hasta) )?cuándo|((en|a|desde) )?qué (fecha|año|día|siglo|mes|década)",
        place=r"((a|en) )?dónde|en qué (país|ciudad|región|lugar)",
        person=r"((por|a|para|con|de) )?quién(es)?",
        quantity=r"cuánt[oa]s|qué número",
        cause=r"por qué (razón|motivo|causa)|a qué se debe",
        others=r"qué|cómo|cuál(es)?|cuánt[oa]",
    ),
    "it": _Words(
        time=r"((da|fino a) )?quando|((in|di|a|da) )?(quale|che) (data|anno|giorno|secolo|mese|decennio)",
        place=r"dove|in (quale|che) (paese|città|regione|luogo)",
        person=r"((da|a|per|con|di) )?chi",
        quantity=r"quant[ie]|quale numero",
        cause=r"perché|per quale (motivo|ragione)",
        others=r"che cosa|cosa|come|qual[ei]?|quant[oa]",
    ),
    "pl": _Words(
        time=r"((od|do) )?kiedy|((w|z) )?(który|którym|której|jaki|jakim|jaka|jakiej|jakiego) (data|daty|roku|dniu|dnia|wieku|miesiącu|miesiąca|dekadzie)",
        place=r"gdzie|w (którym|którym|jakim|jakiej|którem) (kraju|mieście|regionie|miejscu)",
        person=r"kto|((od|do|dla) )?kogo|komu|((przez|z) )?kim",
        quantity=r"ile|ilu|(jaka|jakiej) liczb[ay]",
        cause=r"dlaczego|czemu|z jakiego powodu",
        others=r"co|czego|czym|jak|jak(i|a|ie|im|iej|iego|ą)|któr\w+|czyj\w*",
    ),
    "nl": _Words(
        time=r"((sinds|tot) )?wanneer|((in|op|sinds) )?welke? (datum|jaar|dag|eeuw|maand|decennium)",
        place=r"in welke? (land|stad|regio|plaats)",  # "waar … uit" asks for a thing
        person=r"((door|met|voor|van|aan) )?wie",
        quantity=r"hoeveel|welk (getal|aantal)",
        cause=r"waarom|om welke reden",
        others=r"wat|hoe|welke?|waar\w*|wiens",
    ),
    "la": _Words(
        time=r"quando|quo (anno|die|saeculo|mense|tempore)|quod tempus",
        place=r"ubi",
        person=r"quis|a quo",
        quantity=r"quot|(quo|qui) numer(o|us)",
        cause=r"cur|quam ob causam",
        others=r"quid|quomodo|qu(i|ae|od|em|am|a|o|orum|arum)|quant(us|a|um)|utrum",
    ),
}  # fmt: skip
_KINDS = ("time", "place", "person", "quantity", "cause")
_AFTERTHOUGHT = 4  # words of a question that only rounds off ("Any idea?")
_QUESTION = re.compile(r"[^.!?]*\?")
_BREAK = re.compile(r"[:;–—|¿]")
_NAME_AGAIN = re.compile(r"\bcomes? from\b|\bcame from\b")  # "where does the word come from"


@functools.cache
def _openings(language: str) -> dict[str, re.Pattern[str]]:
    return {kind: re.compile(rf"(?:{getattr(_WORDS[language], kind)})(?!\w)") for kind in _KINDS}


@functools.cache
def _interrogatives(language: str) -> re.Pattern[str]:
    every = "|".join(f"(?:{words})" for words in _WORDS[language])
    return re.compile(rf"(?<![\w'’])(?:{every})(?!\w)")


def asks_for(query: str, language: str, title: str = "") -> str:
    """`time`, `place`, `person`, `quantity` or `cause` where every question of the query opens with
    a word for it; "" where that is not sure.

    Args:
        query: quotations in it do not count.
        language: the query's; of one without words here nothing is decided.
        title: what the query is about; words of the title are not the query's.

    >>> asks_for("Old Mill: when was it built?", "en")
    'time'
    >>> asks_for("When it burnt down, who rebuilt it?", "en")
    ''
    >>> asks_for("In welchem Jahr wurde die Mühle gebaut?", "de")
    'time'
    """
    if language not in _WORDS:
        return ""
    bare = query.replace(title, " ") if title else query
    # A quoted statement ends as a sentence does; a quoted term is a part of one.
    text = re.sub(r"(?<!\w)x{2,}(?= +[A-ZÀ-Þ¿])", "|", mask_quotes(bare))
    found: list[str] = []
    for question in _QUESTION.findall(text):
        kind = _asked(question[:-1], language)
        if kind or not found or len(question.split()) > _AFTERTHOUGHT:
            found.append(kind)
    return found[0] if len(set(found)) == 1 else ""


def _asked(question: str, language: str) -> str:
    """What one question asks for; its last part counts, behind colons and dashes."""
    clause = _BREAK.split(question)[-1].strip().lower()
    if "," in clause or _NAME_AGAIN.search(clause):
        return ""
    for kind, opening in _openings(language).items():
        match = opening.match(clause)
        if match:
            return "" if _interrogatives(language).search(clause, match.end()) else kind
    return ""
