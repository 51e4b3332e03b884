"""How requests name genres and tones in eight languages, and what letters and diaries say: data.

Entries are folded beginnings of words or phrases, parted by "|": a request in its own words names
a "récit" as an "histoire", and "hopeful" as "pleine d'espoir".
"""

# ruff: noqa: E501  (a list of synonyms is easier to read in one piece)

from __future__ import annotations

import functools
import re

_NAMED: dict[str, dict[str, str]] = {
    "en": {
        "story": "story|stories|tale|narrat|fiction|fable|anecdote",
        "poem": "poem|verse|poet|ode|ballad|sonnet|rhyme|haiku",
        "letter": "letter|epistle|write to|note to",
        "dialogue": "dialog|conversation|talk between|exchange between|scene between",
        "diary": "diary|diaries|journal",
        "speech": "speech|address|oration|talk|toast|eulogy",
        "description": "descri|portra|picture|depict|sketch",
        "plain": "plain|simpl|sober|unadorned|matter-of-fact|straightforward|down-to-earth|unpretentious",
        "solemn": "solemn|grave|ceremon|dignified|stately|reveren|serious",
        "playful": "playful|cheeky|whimsical|light-hearted|lighthearted|humor|humour|fun|mischie|jok|witty|jaunty",
        "melancholy": "melanchol|sad|wistful|sorrow|mournful|nostalgi|plaintive|elegiac",
        "ironic": "iron|sardonic|tongue-in-cheek|sarcas|wry|mocking",
        "hopeful": "hope|optimis|confident|upbeat|encourag",
    },
    "fr": {
        "story": "recit|histoire|conte|nouvelle|narrat|raconte|fable",
        "poem": "poem|poes|vers|ode|ballade|sonnet|haiku",
        "letter": "lettre|missive|epitre|ecrire a|courrier",
        "dialogue": "dialog|conversation|echange|entretien",
        "diary": "journal|carnet",
        "speech": "discours|allocution|harangue|oraison",
        "description": "descri|decri|portrait|tableau|depeign",
        "plain": "simpl|sobre|depouill|clair|sans fioriture|sans ornement|neutre",
        "solemn": "solennel|grave|ceremon|digne|serieu",
        "playful": "enjou|ludique|joueu|espiegle|amus|badin|malicieu|plaisant|humor|humour|joyeu|leger|droles|fantais",
        "melancholy": "melancol|triste|nostalg|chagrin|elegia",
        "ironic": "ironi|sarcas|moqueu|railleu|second degre",
        "hopeful": "optimis|espoir|esper|confian|encourage",
    },
    "de": {
        "story": "geschicht|erzahl|marchen|kurzgeschicht|novelle|fabel",
        "poem": "gedicht|vers|lyri|ode|ballade|sonett|haiku|reim",
        "letter": "brief|schreiben an",
        "dialogue": "dialog|gesprach|zwiegesprach|unterhaltung|wortwechsel",
        "diary": "tagebuch|journal",
        "speech": "rede|ansprache|vortrag|festrede",
        "description": "beschreib|schilder|portrat|bild",
        "plain": "schlicht|einfach|sachlich|nuchtern|klar|ungekunstelt|schnorkellos",
        "solemn": "feierlich|ernst|wurdevoll|getragen|wurdig|festlich",
        "playful": "verspielt|spielerisch|heiter|lustig|humor|scherz|frohlich|witzig|locker|augenzwinker|neckisch",
        "melancholy": "melanchol|wehmut|traurig|schwermut|nostalg|elegisch",
        "ironic": "ironi|spottisch|spott|sarkas|augenzwinker",
        "hopeful": "zuversicht|hoffnung|hoff|optimis",
    },
    "es": {
        "story": "relat|cuent|historia|narra|fabula",
        "poem": "poem|poes|verso|oda|balada|soneto|haiku",
        "letter": "carta|misiva|epistol",
        "dialogue": "dialog|conversac|charla",
        "diary": "diari",
        "speech": "discurso|alocuc|arenga|oracion",
        "description": "descri|retrat",
        "plain": "sencill|simpl|sobri|llan|clar",
        "solemn": "solemn|grave|ceremoni|seri",
        "playful": "juguet|ludic|divert|travies|alegr|humor|gracios|picar|desenfadad",
        "melancholy": "melancol|triste|nostalg|elegia",
        "ironic": "ironi|sarcas|burl|socarr",
        "hopeful": "esper|optimis|alent|confian",
    },
    "it": {
        "story": "raccont|storia|narra|novella|fiaba|favola",
        "poem": "poes|poem|vers|liric|ode|ballata|sonett|haiku",
        "letter": "letter|epistol|missiva",
        "dialogue": "dialog|conversaz|colloqui",
        "diary": "diari",
        "speech": "discors|allocuz|orazion",
        "description": "descri|ritratt",
        "plain": "semplic|sobri|pian|schiett|lineare|asciutt",
        "solemn": "solenn|grave|cerimon|seri|austero",
        "playful": "giocos|scherz|ludic|spiritos|allegr|divert|umoris|leggero|burlesc",
        "melancholy": "malincon|melancon|triste|nostalg|mest|elegia",
        "ironic": "ironi|sarcas|beffard",
        "hopeful": "fiduc|speran|ottimis|incoraggi",
    },
    "la": {
        "story": "fabul|narra|histori",
        "poem": "carm|poem|versu|versic|elegi|od",
        "letter": "epistul|epistol|litter",
        "dialogue": "dialog|sermo|colloqui",
        "diary": "commentari|diari|ephemerid|diurn",
        "speech": "orati|contio|sermo|allocut",
        "description": "descri|imag|depict",
        "plain": "simpl|plan|sine ornat|apert",
        "solemn": "sollemn|solemn|grav|august|sever",
        "playful": "ioc|ludic|lus|lepid|facet|hilar|festiv|ludibund",
        "melancholy": "trist|melanchol|maest|maer|lugub|flebil",
        "ironic": "ironi|eironi|facet|irris|dissimul",
        "hopeful": "spe|sper|fiduci",
    },
    "nl": {
        "story": "verhaal|verhalen|vertel|sprookje|fabel",
        "poem": "gedicht|vers|poezie|ode|ballade|sonnet|haiku",
        "letter": "brief",
        "dialogue": "dialoog|gesprek|tweegesprek|samenspraak",
        "diary": "dagboek",
        "speech": "toespraak|rede|speech",
        "description": "beschrijv|schets|portret|omschrij",
        "plain": "eenvoudig|sober|nuchter|simpel|gewo|zakelijk",
        "solemn": "plechtig|ernstig|statig|waardig",
        "playful": "speel|luchtig|grappig|vrolijk|humor|guitig|ludiek",
        "melancholy": "melanchol|weemoed|droevig|verdriet|nostalg",
        "ironic": "ironi|spot|sarcas",
        "hopeful": "hoop|hoping|optimis|vol vertrouwen",
    },
    "pl": {
        "story": "opowi|histori|nowel|bajk|basn",
        "poem": "wiersz|poemat|poez|ballad|sonet|haiku",
        "letter": "list",
        "dialogue": "dialog|rozmow",
        "diary": "dziennik|pamietnik",
        "speech": "przemow|mow|oracj",
        "description": "opis|portret",
        "plain": "prost|zwykl|oszczedn|rzeczow|nieskomplikowan",
        "solemn": "uroczy|podnios|powazn|dostojn",
        "playful": "zart|zabawn|wesol|figlarn|humor|dowcip|krotochwil|przekorn",
        "melancholy": "melanchol|smut|teskn|nostalg|rzewn|elegi",
        "ironic": "ironi|sarkas|kpi",
        "hopeful": "nadzie|optymis|ufn",
    },
}  # fmt: skip

# What a letter opens with.
_GREETINGS = (
    "dear|my dear|beloved|hello|greetings|to the|to my|to whom|esteemed|sir|madam|good morning|"
    "cher|chere|mon cher|ma chere|mes chers|bien cher|bonjour|monsieur|madame|tres cher|"
    "liebe|lieber|liebes|sehr geehrte|geehrte|verehrte|hochverehrte|mein lieb|meine lieb|hallo|guten tag|werte|"
    "querid|estimad|mi querid|hola|muy senor|distinguid|amig|"
    "caro|cara|cari|care|carissim|gentil|egregi|mio caro|mia cara|spettabil|ciao|stimat|"
    "salve|ave|amice|mi |care|cariss|salutem|"
    "beste|lieve|geachte|waarde|mijn lieve|mijn beste|dag|"
    "droga|drogi|drodzy|drogie|kochan|szanown|moj drogi|moja droga|mily|mila|czesc|witaj"
)
# What it ends with: in its last lines.
_FAREWELLS = (
    "yours|sincerely|regards|wishes|love|farewell|faithfully|affectionately|your friend|your old|"
    "truly|respect|until |goodbye|write |as ever|ever,|your |gratefully|in hope|warmly|"
    "a toi|a vous|votre|ton |ta |vos|sinceres|salutations|amitie|amicalement|cordial|affection|"
    "bien a|je vous|je t|adieu|baisers|espoir|respectueu|fidele|ecris|"
    "dein|deine|ihr|euer|grusse|gruss|herzlich|hochachtungsvoll|ergeben|liebe|freund|lebe wohl|bis bald|"
    "tuyo|tuya|tu |su |atentamente|saludos|abrazo|carino|afectuos|besos|amig|hasta|cordial|suyo|"
    "tuo|tua|suo|sua|saluti|affett|cordial|baci|abbracc|sincer|distinti|a presto|"
    "vale|tuus|tua|salut|amicus|cura ut|"
    "groet|liefs|hoogachtend|je |jouw|uw|vriend|hartelijk|tot |genegen|"
    "twoj|twoja|pozdraw|usciski|szacun|powaza|calus|oddan|serdeczn|wasz|przyjaciel|zegnaj"
)
# Who writes a diary says I, or when it is.
_FIRST = {
    "en": "i me my mine myself we us our i'm i've today tonight yesterday tomorrow",
    "fr": "je j moi me m mon ma mes nous notre nos aujourd hui hier demain",
    "de": "ich mich mir mein meine meinen meinem meiner wir uns unser unsere heute gestern morgen",
    "es": "yo me mi mis conmigo nosotros nos nuestro nuestra hoy ayer manana he soy estoy",
    "it": "io mi me mio mia miei mie noi ci nostro nostra oggi ieri domani ho sono",
    "pl": "ja mnie mi mna moj moja moje moim mojej my nas nam nasz dzis dzisiaj wczoraj jutro jestem",
    "nl": "ik me mij mijn wij we ons onze vandaag gisteren morgen",
    "la": "ego me mihi mei meus mea meum meae meam meis nos nobis noster hodie heri cras",
}
# Who speaks says I or you, or calls those who listen.
_LISTENERS = {
    "en": "you your ladies gentlemen friends citizens let",
    "fr": "vous votre vos mesdames messieurs amis chers citoyens",
    "de": "ihr euch eure ihnen ihre damen herren freunde liebe verehrte burger sie",
    "es": "vosotros ustedes os vuestro senoras senores amigos ciudadanos",
    "it": "voi vi vostro vostra signore signori amici cittadini",
    "pl": "wy was wam wasz panie panowie przyjaciele obywatele drodzy szanowni",
    "nl": "u jullie uw dames heren vrienden burgers",
    "la": "vos vobis vester vestra iudices amici cives quirites auditores viri",
}


@functools.cache
def _pattern(stems: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, stems.split('|')))})")


def names_it(folded: str, key: str, language: str) -> bool:
    """Whether a folded request names a genre or tone in its language.

    >>> names_it("ecrivez une histoire pleine d'espoir", "hopeful", "fr")
    True
    """
    return _pattern(_NAMED[language][key]).search(folded) is not None


def greets(folded: str) -> bool:
    """Whether a folded text opens as a letter does."""
    return _pattern(_GREETINGS).match(folded.lstrip("“”\"'«» ")) is not None


def takes_leave(folded: str) -> bool:
    """Whether a folded line closes a letter."""
    return _pattern(_FAREWELLS).search(folded) is not None


@functools.cache
def first_person(language: str) -> frozenset[str]:
    """Folded words of somebody who writes of himself and of his day."""
    return frozenset(_FIRST[language].split())


@functools.cache
def listeners(language: str) -> frozenset[str]:
    """Folded words with which listeners are addressed."""
    return frozenset(_LISTENERS[language].split())
