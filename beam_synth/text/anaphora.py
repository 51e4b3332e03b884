# ruff: noqa: E501  (patterns are easier to read in one piece)
"""Pronouns and ellipses by which a follow-up leans on what was said, one list a language.

Regular expressions over `phrases.fold`ed text without its quotations. Words that as often are
articles, conjunctions or polite addresses count only where nothing follows that they could go with.
"""

from __future__ import annotations

import functools
import re

from beam_synth.text.phrases import fold_phrase
from beam_synth.text.sentences import count_words

ELLIPTIC_WORDS = 3  # a query of so few words outside quotations leaves out the rest
_QUOTED = re.compile(r"[“„«\"][^“”„«»\"\n]*[”“»\"]")
_END = r"(?=\s*(?:[?.!,;:]|$))"

_LEANING: dict[str, str] = {
    "en": r"\b(it|its|they|them|their|he|she|him|her|his|this|these|those)\b|"
    rf"\bthat\b(?:{_END}|(?= (is|was|does|did|has|had|comes?|means?|in|as|with|into|really|be|aside|right)\b))|"
    r"^(and|but|so|then|or|also)\b|^(what|how) about\b|^why\W*$|\b(are you sure|you (said|meant?|wrote)|your answer)\b",
    "fr": r"\b(cela|ça|ceci|celui|celle|ceux|celles|elle|ils|elles|lui|eux|leurs?|son|sa|ses|cet|cette|ces)\b|"
    r"(?<!a-t-)(?<!agit-)\bil\b(?! (y|faut)\b| s['’]agit)|\bc['’](est|était)\b|\b(en|y) (sait|dit|est|a|reste|savoir|dire)\b|"
    r"\bce\b(?! qu[ei]\b| qu['’]|-)|^(et|mais|donc|alors|ou)\b|^pourquoi\W*$",
    "de": r"\b(dies|diese[rsmn]?|er|es|ihn|ihm|ihr|ihre[rsmn]?|sein|seine[rsmn]?|dort|jene[rsmn]?)\b|"
    rf"\bdas\b(?:{_END}|(?= (ist|war|hat|heisst|bedeutet|stimmt|sicher|gemeint|alles|auch|noch|genau|so|als|in|mit|nun|wirklich|jetzt|bitte)\b))|"
    r"\bda(mit|von|zu|ran|rüber|rauf|rin|raus|bei|nach|gegen|für|neben|durch|hinter)\b|^(und|aber|also|oder)\b|^warum\W*$",
    "es": r"\b(eso|esto|ello|aquello|él|ella|ellos|ellas|esa|ese|esos|esas|estas|este|estos|sus?)\b|"
    r"\b(ponl|escríbel|explícal|enuméral|resúmel|repítel|decirl|explicarl|escribirl|ponerl|comprobarl|confirmarl)[oa]s?\b|^¿?(y|pero|entonces|o)\b|^¿?por qué\W*$",
    "it": r"\b(ciò|quest[oaie]|quell[oaie]|esso|essa|essi|lui|lei|loro|su[oae]|suoi|ne)\b|"
    r"\b(dir|far|spiegar|scriver|metter|ripeter|confermar|elencar|verificar|controllar)l[oaei]\b|\b(scrivi|metti|elenca|ripeti)l[oaei]\b|"
    r"^(e|ma|allora|quindi|o)\b|^perché\W*$",
    "pl": r"(?<!co )(?<!czy )\bto\b(?! (jest|był[aoy]?|są)\b)|\b(tego|temu|tym|tej|tę|tą|tych|on|ona|ono|oni|jego|jej|ich|go|ją|nim|nią|nich|niego|niej|tam|stąd)\b|"
    r"^(a|i|ale|więc|czyli|lub)\b|^dlaczego\W*$",
    "nl": r"\b(dit|deze|hij|hem|haar|hun|hen|daar(van|over|mee|bij|aan|in|op|voor|naast|toe|uit)?|er(van|over|mee|bij|aan|in|op|naast)|hier(van|over|bij|mee|in))\b|"
    rf"\bdat\b(?:{_END}|(?= (is|was|klopt|betekent|zeker|ook|nog|alles|eens|als|in|zo|op|met|nu|echt|dan|waar|terzijde)\b))|"
    rf"\bdie\b{_END}|^(en|maar|dus|of)\b|^waarom\W*$",
    "la": r"\b(id|hoc|haec|huius|hunc|hanc|illud|illa|illius|illum|illam|is|ea|eum|eam|eius|eorum|earum|eo|eis|iis|his|istud|iste|ista|idem|ibi|inde)\b|\bhac re\b|"
    r"^(et|sed|an|ergo|igitur)\b|^cur\W*$|^(quid|quis|ubi|quando) (autem|vero|praeterea|igitur)\b",
}  # fmt: skip


@functools.lru_cache(maxsize=16)
def _leaning(language: str) -> re.Pattern[str]:
    return re.compile(_LEANING[language].replace("ß", "ss"))


def leans(query: str, language: str) -> bool:
    """Whether a query holds a pronoun that points back, or is too short to stand alone.

    Quotations are left out first. Raises KeyError for a language without a list.

    >>> leans("Who built it?", "en"), leans("Who built the tower of the cathedral?", "en")
    (True, False)
    """
    bare = fold_phrase(_QUOTED.sub(" ", query))
    return count_words(bare) <= ELLIPTIC_WORDS or _leaning(language).search(bare) is not None
