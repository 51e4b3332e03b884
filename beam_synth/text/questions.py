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


# A question for yes or no opens with one of these; a request in its form ("could you") does not.
_CLOSED: dict[str, str] = {
    "en": r"(did|does|do|is|are|was|were|has|have|had) (?!(you|we|i)\b)",
    "fr": r"est-ce qu[e'’]|(est|sont|était|a|ont|fut|avait)[- ](t-)?(il|elle|ils|elles|ce)\b",
    "de": r"(ist|sind|war|waren|hat|haben|hatte|wurde|wurden|gab|gibt|stimmt|stammt|kam) (?!sie\b|du\b)",
    "es": r"es (verdad|cierto)|(fue|era|eran|fueron|tiene|tuvo|hubo|existe) ",
    "it": r"è (vero|stato|stata)|(era|fu|furono|erano|aveva|ebbe|esiste) ",
    "pl": r"czy ",
    "nl": r"(is|zijn|was|waren|heeft|had|werd|werden|klopt|kwam) (?!u\b|je\b)",
    "la": r"(nonne|num) |\w+ne\b ",
}
_CHOICE: dict[str, str] = {
    "en": r"\b(or|than|rather|more|less|same|differ\w*|why|how|what|which|who|where|when)\b",
    "fr": r"\b(ou|plutôt|plus|moins|même|diff\w*|pourquoi|comment|qu[oe]i?l?\w*|où|quand|combien)\b",
    "de": r"\b(oder|als|eher|mehr|weniger|selbe\w*|gleiche\w*|w(as|er|en|em|o|ie|ann|arum)\w*|welche\w*)\b",
    "es": r"\b(o|más|menos|mismo|difer\w*|qué|quién\w*|cuál\w*|cuánd\w*|dónde|cómo|cuánt\w*)\b",
    "it": r"\b(o|più|meno|stess\w*|differ\w*|che cosa|chi|qual\w*|quand\w*|dove|come|perché|quant\w*)\b",
    "pl": r"\b(lub|albo|niż|czy też|raczej|więcej|mniej|sam\w*|kto|co|kiedy|gdzie|jak\w*|któr\w*|dlaczego|ile)\b",
    "nl": r"\b(of|dan|eerder|meer|minder|zelfde|w(at|ie|aar|anneer|aarom)\w*|welke?|hoe\w*)\b",
    "la": r"\b(an|aut|vel|quam|magis|minus|idem|quis|quid|qu[aeio]\w*|ubi|cur|quando|quot|quomodo)\b",
}
_GREETING = r"^(?:(?:hey|hi|hello|salut|bonjour|hallo|hola|ciao|salve|cześć|hoi|ave)[,!]? ?)?"
# What points back to something that was not said: a question of its own may not open so.
_DANGLING: dict[str, str] = {
    "en": r"\b(is|was|are|were|does|did) (that|this) so\b|\bthe rest of (it|them|that)\b|"
    r"^(and |but )?(why|how|when|where|who|what) (is|was|are|were|did|does|do) (this|these|those|he|she|they|him|her)\b(?! \w+ (that|of))|"
    r"^(and|but) (why|how|when|where|who|what)\b|^(what|how) about (it|that|this|them)\b",
    "fr": r"\ble reste de (cela|ça)\b|^(et|mais) (pourquoi|comment|quand|où|qui)\b|^(pourquoi|comment|quand) (est-ce )?(ainsi|cela|ça)\b|\best-ce ainsi\b",
    "de": r"\bder rest davon\b|^(und|aber) (warum|wie|wann|wo|wer|was)\b|^(warum|wie|wann) (ist|war) (das|dies) so\b|\bder rest davon\b",
    "es": r"\bel resto de (eso|ello|esto)\b|^¿?(y|pero) (por qué|cómo|cuándo|dónde|quién)\b|^¿?por qué (es|fue) (eso|esto|así)\b",
    "it": r"\bil resto di (ciò|questo|quello)\b|^(e|ma) (perché|come|quando|dove|chi)\b|^perché (è|fu) (ciò|questo|così)\b",
    "pl": r"\breszta tego\b|^(a|ale) (dlaczego|jak|kiedy|gdzie|kto)\b|^dlaczego (to )?tak jest\b",
    "nl": r"\bde rest (ervan|daarvan)\b|^(en|maar) (waarom|hoe|wanneer|waar|wie)\b|^waarom is (dat|dit) zo\b",
    "la": r"\b(reliqua|cetera) eius\b|^(et|sed) (cur|quomodo|quando|ubi|quis)\b|^cur (hoc|id) ita\b",
}


@functools.cache
def _compiled(table: str, language: str) -> re.Pattern[str]:
    words = {"closed": _CLOSED, "choice": _CHOICE, "dangling": _DANGLING}[table][language]
    return re.compile(f"{_GREETING}(?:{words})" if table == "closed" else words)


def is_closed(query: str, language: str) -> bool:
    """Whether the one question of a query is for yes or no, and offers no choice.

    >>> is_closed("Hey, did the mill burn down in 1847?", "en")
    True
    >>> is_closed("Did the mill burn down or was it sold?", "en"), is_closed("Could you say?", "en")
    (False, False)
    """
    if language not in _CLOSED:
        return False
    questions = _QUESTION.findall(mask_quotes(query))
    if len(questions) != 1 or not query.rstrip(" \"'”»)").endswith("?"):
        return False
    asked = questions[0].strip(" ¿").lower()
    opening = _compiled("closed", language).match(asked)
    return bool(opening) and not _compiled("choice", language).search(asked, opening.end())


_NAMED = re.compile(r"(?<=\w )[A-ZÀ-ÞŁŚŻŹĆ]\w*")  # "Doctor Who" asks for nobody


def unclear(query: str, language: str) -> str:
    """Why a query cannot be understood by itself: it points at what was not said, or two
    interrogatives follow each other as in no sentence; "" where neither is seen.

    >>> unclear("Why is that so with the mill, and what about the rest of it?", "en")
    "points at what was not said: 'is that so'"
    >>> unclear("Old Mill year which on what where?", "en")
    "is no sentence: 'which on what'"
    >>> unclear("Which mill is older, and why?", "en")
    ''
    """
    if language not in _DANGLING:
        return ""
    text = mask_quotes(query).strip(" ¿").lower()
    pointing = _compiled("dangling", language).search(text)
    if pointing and text == query.strip(" ¿").lower():  # a quotation is something to point at
        return f"points at what was not said: {pointing.group()!r}"
    for question in _QUESTION.findall(_NAMED.sub("x", mask_quotes(query)).lower()):
        crowd = _crowd(language).search(question) or _left_open(language).search(question)
        if crowd:
            return f"is no sentence: {crowd.group().strip()!r}"
    return ""


_AND = r"(?:and|or|et|ou|und|oder|y|e|o|u|ed|i|lub|en|of|aut|vel) "


_INTERROGATIVE = {
    "en": r"(?:what|which|who|whose|where|when|why)",
    "fr": r"(?:quoi|quel(?:le)?s?|qui|où|quand|pourquoi|comment)",
    "de": r"(?:was|wer|wen|wem|wo|wann|warum|welche[rsnm]?)",
    "es": r"(?:qué|quién(?:es)?|dónde|cuándo|cuál(?:es)?)",
    "it": r"(?:chi|dove|quando|perché|quale|quali)",
    "pl": r"(?:kto|kogo|gdzie|kiedy|dlaczego|który)",
    "nl": r"(?:wat|wie|waar|wanneer|waarom|welke?)",
    "la": r"(?:quis|quid|ubi|quando|cur)",
}
# Articles and conjunctions with which no question ends.
_ENDLESS = {
    "en": r"the|and|or|whose",
    "fr": r"le|les|des|du|et|ou",
    "de": r"und|oder|einen",
    "es": r"el|los|las|y|o|del",
    "it": r"il|gli|e|o|del|della",
    "pl": r"i|oraz|albo|lub|w|z",
    "nl": r"de|en",
    "la": r"et|aut|vel",
}


@functools.cache
def _left_open(language: str) -> re.Pattern[str]:
    """A question's end that leaves it open: an article, or a preposition and an interrogative."""
    one = _INTERROGATIVE[language]
    return re.compile(rf"(?<![\w'’])(?:{_ENDLESS[language]})\s*\?$|\b{one}\b[^,;:]* {one}\s*\?$")


@functools.cache
def _crowd(language: str) -> re.Pattern[str]:
    """Two interrogatives side by side."""
    one = _INTERROGATIVE[language]
    return re.compile(rf"(?<!\w){one} (?:(?!{_AND})\w{{1,3}} )?{one}(?!\w)")


_HOW = {
    "en": r"why|how(?! (?:many|much|old|long|far|tall|large|big|high|deep))|reasons?|explain|cause[sd]?",
    "fr": r"pourquoi|comment|raisons?|expliqu\w+|causes?|en quoi",
    "de": r"warum|weshalb|wieso|wie(?! (?:viel|alt|lang|weit|hoch|groß|tief))|gr[uü]nde?|erklär\w*|ursache\w*",
    "es": r"por qué|cómo|razon\w*|razón|expli\w+|causas?",
    "it": r"perché|come|ragion\w*|motiv\w*|spieg\w+|cause?",
    "pl": r"dlaczego|czemu|jak|powod\w*|powód|wyjaśni\w*|przyczyn\w*",
    "nl": r"waarom|hoe(?! (?:oud|lang|ver|hoog|groot|diep))|redenen|reden|leg uit|oorza\w+",
    "la": r"cur|quomodo|quam ob rem|causa\w*|ratio\w*|explica",
}


@functools.cache
def _how(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_HOW[language]})(?!\w)")


def asks_how(query: str, language: str) -> bool:
    """Whether a query asks for a cause or a way, not for a value.

    >>> asks_how("Why did the mill burn?", "en"), asks_how("How many mills burnt?", "en")
    (True, False)
    """
    return language in _HOW and _how(language).search(mask_quotes(query).lower()) is not None


_HOW_MANY = {
    "en": r"how many",
    "fr": r"combien d(?:e |['’])",
    "de": r"wie viele",
    "es": r"cuánt[oa]s",
    "it": r"quant[ie]",
    "pl": r"ile|ilu",
    "nl": r"hoeveel",
    "la": r"quot",
}


def asks_how_many(query: str, language: str) -> bool:
    """Whether a query has a question for a number.

    >>> asks_how_many("Hey, how many mills burnt?", "en")
    True
    """
    words = _HOW_MANY.get(language)
    return bool(words) and re.search(rf"(?<!\w){words}", mask_quotes(query).lower()) is not None
