"""Words of quantities, shapes, rates and calculation in eight languages: data, no logic.

Entries are folded regular expressions that begin at a word; languages stand in the order of
`LANGUAGES_HERE`, parted by a line each.
"""

# ruff: noqa: E501  (a table is easier to read in one piece)

from __future__ import annotations

import functools
import re

LANGUAGES_HERE = ("en", "fr", "de", "es", "it", "pl", "nl", "la")

# What may be asked for. A request in its own words names the same ones.
_QUANTITIES: dict[str, tuple[str, ...]] = {
    "mean": (
        r"mean\b|average|on average", r"moyen", r"durchschnitt|mittelwert|mittlere|im mittel|im schnitt",
        r"promedi|medi[ao]s?\b|por termino medio", r"medi[ao]\b|in media", r"sredni|przecietn", r"gemiddeld", r"medi(?:us|um|a|am|o|ae|i)\b",
    ),
    "difference": (
        r"how (?:much|many) (?:\w+ ){0,3}?(?:more|less|fewer|further|farther|longer)\b|(?:further|farther) (?:does|is|than)|by how much",
        r"combien (?:\w+ ){0,6}de (?:plus|moins)\b|plus loin", r"(?:um )?wie viele? (?:\w+ ){0,3}?(?:mehr|weniger|weiter|langer)\b",
        r"cuant[oa]s? (?:\w+ ){0,6}(?:mas|menos)\b", r"quant[oaie] (?:\w+ ){0,6}(?:piu|meno)\b", r"o ile|ile (?:\w+ ){0,3}(?:wiecej|mniej|dalej)\b",
        r"hoeveel (?:\w+ ){0,3}(?:meer|minder|verder|langer)\b", r"quanto (?:\w+ ){0,3}(?:plus|minus|longius)|quot (?:\w+ ){0,3}(?:plures|pauciores)",
    ),
    "perimeter": (
        r"perimeter|circumference", r"perimetre|circonference", r"umfang", r"perimetro|circunferencia", r"perimetro|circonferenza",
        r"obwod", r"omtrek", r"ambitu|perimetr|circuit",
    ),
}  # fmt: skip
# Wider: what a problem says that may be worded so.
_LEAVE: dict[str, tuple[str, ...]] = {
    "mean": tuple(
        f"{own}|{wider}" if wider else own
        for own, wider in zip(
            _QUANTITIES["mean"], ("", "", "", "", "", "", "", "aequaliter"), strict=True
        )
    ),
    "difference": (
        r"more|less|fewer|exceed|larg|greater|differ|than", r"plus|moins|depass|differ|super|grand",
        r"mehr|weniger|grosser|hoher|unterschied|differ|ubersteig|alter|als", r"mas|menos|super|difer|exced|mayor",
        r"piu|meno|super|differ|ecced|maggior", r"wiec|mniej|roznic|o ile|wzrast|starsz|przewyz|wieksz",
        r"meer|minder|groter|verschil|ouder|dan|overtref", r"super|plus|plur|maior|differ|exced|quam",
    ),
}  # fmt: skip
# Shapes and measures that a text may not bring in by itself.
_SHAPES: dict[str, tuple[str, ...]] = {
    "triangle": (r"triang", r"triang", r"dreieck", r"triang", r"triang", r"trojkat", r"driehoek", r"triang"),
    "trapezoid": (r"trapez", r"trapez", r"trapez", r"trapec", r"trapez", r"trapez", r"trapez", r"trapez"),
    "circle": (r"circle", r"cercle", r"kreis", r"circulos?\b", r"cerchi", r"kol[oae]\b|okrag|okreg", r"cirkel", r"circul"),
    "perimeter": (r"perimeter|circumference|fenc", r"perimetre|circonference|cloture", r"umfang|zaun", r"perimetro|valla|cerca\b", r"perimetro|recinto|recinzion", r"obwod|ogrodzen|plot", r"omtrek|hek\b", r"ambitu|perimetr|saep"),
    "angle": (r"angle", r"angle", r"winkel", r"angulo", r"angol", r"kat\b|katy|katow", r"hoek", r"angul"),
}  # fmt: skip
REMAINDER = dict(zip(LANGUAGES_HERE, (
    r"left|remain|rest\b|not yet|unread|leftover", r"qui rest|restant|(?:du|le) reste", r"ubrig|rest\b|restlich|verbleib|verblieb|noch nicht",
    r"qued|rest[aeo]|sobra|faltan|pendiente", r"riman|rimas|resta|resto|avanz", r"pozosta|reszt|nieprzeczyt", r"overblij|overgeble|overig|resteren|resterend|rest\b",
    r"reliqu|rest|superes|supersunt|ceter",
), strict=True))  # fmt: skip
ALL_OF = dict(zip(LANGUAGES_HERE, (
    r"of (?:all|the (?:whole|entire|total))", r"de (?:tout|l'ensemble|la totalite)|du total", r"aller\b|des gesamten|der gesamten|vom ganzen",
    r"de tod|del total", r"di tutt|del totale|dell'inter", r"wszystkich|calej|calego", r"van (?:alle|het totaal|de hele|het hele)", r"omnium|totius",
), strict=True))  # fmt: skip
# Rates: what stands behind a number that is so much an hour.
RATE = dict(zip(LANGUAGES_HERE, (
    r"(?:an?|per|each|every) (?:hour|day|week|month|year|minute|second|head|person)\b|/h\b|hourly|daily",
    r"(?:par|chaque) (?:heure|jour|semaine|mois|an|minute|seconde|personne)\b|(?:a|de) l'heure\b|/h\b",
    r"(?:pro|je|in der|am|jede[nrs]?) (?:stunde|tag|woche|monat|jahr|minute|sekunde|person)\b|/h\b|taglich|stundlich",
    r"(?:por|a la|al|cada) (?:hora|dia|semana|mes|ano|minuto|segundo|persona)\b|/h\b",
    r"(?:all'|al |alla |per |ogni )(?:ora|giorno|settimana|mese|anno|minuto|secondo|persona)\b|/h\b",
    r"(?:na|za|co|w ciagu) (?:godzin\w+|dzien|dnia|tydzien|tygodnia|miesiac\w*|rok|minut\w+|sekund\w+)\b|/h\b|dziennie",
    r"(?:per|elk\w?|iedere?) (?:uur|dag|week|maand|jaar|minuut|seconde|persoon)\b|/h\b",
    r"(?:in|per) (?:singul\w+ )?(?:hora[sm]?|die[sm]|dies|hebdomad\w+|mense[sm]|anno[s]?|minut\w+)\b|singulis (?:hor|die|hebdom|mens|ann|minut)\w+|cotidie|/h\b",
), strict=True))  # fmt: skip
# How one is told to calculate: at the head of a clause, or by the word for it.
_HINTS = dict(zip(LANGUAGES_HERE, (
    r"multiply|add(?: up)?|subtract|divide|convert|turn|sum(?: up)?|take away|deduct", r"multiplie[rsz]?|additionne[rsz]?|ajoute[rsz]?|soustra(?:yez|is|ire)|divise[rsz]?|converti\w+",
    r"multiplizier\w*|addier\w*|subtrahier\w*|dividier\w*|teilen? sie|teile|rechne\w* (?:\w+ ){0,3}um|wandle\w*|zahle\w* (?:\w+ ){0,3}zusammen", r"multipli(?:ca|que|car)\b|sum[ae]\b|rest[ae]\b|divid[ae]\b|conviert[ae]\b",
    r"moltiplic\w+|somm[ai]\b|aggiung\w+|sottra\w+|divid[aie]\b|convert\w+", r"pomnoz\w*|dodaj\w*|odejmij\w*|podziel\w*|zamien\w*|przelicz\w*",
    r"vermenigvuldig|tel (?:\w+ ){0,3}op|trek (?:\w+ ){0,3}af|deel|reken (?:\w+ ){0,3}om|zet (?:\w+ ){0,3}om", r"multiplica\b|adde\b|subtrahe\b|divide\b|converte\b",
), strict=True))  # fmt: skip
_BY_NAME = dict(zip(LANGUAGES_HERE, (
    r"hint|formula|by (?:multiplying|adding|subtracting|dividing)", r"indice|formule|en (?:multipliant|additionnant|soustrayant|divisant)",
    r"tipp\b|hinweis|formel|indem (?:man|du|sie)", r"pista|formula|(?:multiplicando|sumando|restando|dividiendo)", r"suggeriment|indizio|formula|(?:moltiplicando|sommando|sottraendo|dividendo)",
    r"wskazowk|wzor\b|(?:mnozac|dodajac|odejmujac|dzielac)", r"tip\b|hint|formule|door te (?:vermenigvuldigen|delen)", r"formula\b|(?:multiplicando|addendo|subtrahendo|dividendo)",
), strict=True))  # fmt: skip
# One calculation and its stems, so that a problem that speaks of it may be worded with it.
OPERATIONS = (
    r"multipl|moltipl|mnoz|vermenigvuldig",
    r"\badd|ajout|agreg|aggiung|dodaj|sum|som\b|tel|zahl|insgesamt|in all|total|tutto|lacznie|omnino|en tout|ensemble|samen",
    r"subtra|sottra|soustra|odej|abzieh|trek|rest[ae]",
    r"divi|teil|dziel|deel|verteil|reparti|spread|spart|share|partag|verdeel|distribu",
    r"conver|turn|umrech|rechne|wandel|zamien|przelicz|reken|zet",
)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})")


def found(pattern: str, folded: str) -> bool:
    """Whether a folded text holds a pattern at the beginning of a word."""
    return _compiled(pattern).search(folded) is not None


def quantities(folded: str, language: str) -> frozenset[str]:
    """The quantities that a folded text speaks of.

    >>> sorted(quantities("what is the mean number of visitors?", "en"))
    ['mean']
    """
    at = LANGUAGES_HERE.index(language)
    return frozenset(name for name, table in _QUANTITIES.items() if found(table[at], folded))


def leave_for(quantity: str, folded: str, language: str) -> bool:
    """Whether a folded problem may be worded by a quantity that it does not name itself."""
    at = LANGUAGES_HERE.index(language)
    return quantity in _LEAVE and found(_LEAVE[quantity][at], folded)


def shapes(folded: str, language: str) -> frozenset[str]:
    """The shapes and measures of shapes that a folded text speaks of."""
    at = LANGUAGES_HERE.index(language)
    return frozenset(name for name, table in _SHAPES.items() if found(table[at], folded))


@functools.cache
def hints_pattern(language: str) -> re.Pattern[str]:
    """Where a folded text says how to calculate."""
    links = "then|and|next|first|finally|just|puis|et|ensuite|d'abord|dann|und|zuerst|luego|y|primero|poi|e|prima|potem|i|najpierw|dan|eerst|deinde|primum"
    return re.compile(
        rf"(?:(?:^|[.:;?!,]\s+)(?:(?:{links})\s+){{0,2}}|\b(?:{links})\s+)(?:{_HINTS[language]})(?!\w)"
        rf"|\b(?:{_BY_NAME[language]})"
    )
