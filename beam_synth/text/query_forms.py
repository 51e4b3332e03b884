# ruff: noqa: E501  (patterns are easier to read in one piece)
"""What form a query has: a question for yes or no, for a number, for a way, or none at all."""

from __future__ import annotations

import functools
import re

from beam_synth.text.quotes import mask_quotes

_QUESTION = re.compile(r"[^.!?]*\?")
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
    "en": r"\b(or|than|rather|more|less|same|differ\w*)\b",
    "fr": r"\b(ou|plutôt|plus|moins|même|diff\w*)\b",
    "de": r"\b(oder|als|eher|mehr|weniger|selbe\w*|gleiche\w*)\b",
    "es": r"\b(o|más|menos|mismo|difer\w*|qué|quién\w*|cuál\w*|cuánd\w*|dónde|cómo|cuánt\w*)\b",
    "it": r"\b(o|più|meno|stess\w*|differ\w*|che cosa|chi|qual\w*|quand\w*|dove|perché|quant\w*)\b",
    "pl": r"\b(lub|albo|niż|czy też|raczej|więcej|mniej|sam\w*)\b",
    "nl": r"\b(of|dan|eerder|meer|minder|zelfde)\b",
    "la": r"\b(an|aut|vel|quam|magis|minus|idem)\b",
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
    if not opening:
        return False
    return not _compiled("choice", language).search(asked, opening.end())


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
    # A quotation or an earlier sentence is something to point at.
    first = pointing and not re.search(r"[.!?:;]", text[: pointing.start()])
    if pointing and first and text == query.strip(" ¿").lower():
        return f"points at what was not said: {pointing.group()!r}"
    for question in _QUESTION.findall(_NAMED.sub("x", mask_quotes(query)).lower()):
        crowd = _crowd(language).search(question) or _left_open(language).search(question)
        if crowd:
            return f"is no sentence: {crowd.group().strip()!r}"
    return ""


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


_AND = r"(?:and|or|et|ou|und|oder|y|e|o|u|ed|i|lub|en|of|aut|vel) "


@functools.cache
def _left_open(language: str) -> re.Pattern[str]:
    """A question's end that leaves it open: an article, or a second interrogative; and an article
    before an interrogative."""
    one = _INTERROGATIVE[language]
    odd = r"\b(?:the|an?) (?:what|which|where|when|why)\b|" if language == "en" else ""
    return re.compile(
        rf"{odd}(?<![\w'’])(?:{_ENDLESS[language]})\s*\?$|\b{one}\b[^,;:]* (?!{_AND})\w+ {one}\s*\?$"
    )


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
