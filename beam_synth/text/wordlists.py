"""Small closed word classes of the languages: function words, months, numerals, scales.

Words are in lower case, a table a language. The lists are short on purpose: a word that is missing
costs a check a little, a wrong one makes it refuse good texts.
"""

from __future__ import annotations


def _table(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The commonest function words: no names, and a vote on the language of a text.
FUNCTION: dict[str, frozenset[str]] = {
    "en": _table(
        "the a an of and or to in on at by for with from as is are was were be been it its he his "
        "she her they their that this these those which who what when where how why not no but if "
        "has had have do does did than there into also can could would will may about after before "
        "between during under over both all some any such only more most while since because we "
        "you i my your me us tell name explain give please"
    ),
    "fr": _table(
        "le la les un une des du de et ou à au aux en dans sur par pour avec sans est sont était "
        "étaient a ont fut furent être il elle ils elles on ce cet cette ces qui que quoi dont où "
        "quand comment pourquoi quel quelle quels quelles ne pas plus mais si se son sa ses leur "
        "leurs y je vous nous tu me votre entre après avant comme aussi tout tous c l d qu n s j "
        "est-ce peut peux dites"
    ),
    "de": _table(
        "der die das den dem des ein eine einen einem einer eines und oder zu zum zur in im an am "
        "auf aus bei mit von vom für über unter nach vor durch um als ist sind war waren wird "
        "wurde wurden sein hat hatte haben er sie es ihr ihre sich nicht kein keine auch aber wenn "
        "dass wer was wann wo wie warum welche welcher welches ich wir du mir man noch nur so "
        "diese dieser dieses bis zwischen seine seiner seinem seinen ihrer ihrem ihren "
        "einige viele "
        "alle allen aller mehrere manche beide laut gemäß heute dabei später zunächst seit während "
        "wegen trotz ab jede jeder jedes andere anderen weitere neben ohne statt sowie zudem daher "
        "außerdem deshalb damit dafür dort hier denn doch sondern"
    ),
    "es": _table(
        "el la los las un una unos unas de del y e o u a al en por para con sin sobre es son era "
        "eran fue fueron ser está están ha han había se su sus que quien quién qué cuál cuáles "
        "cuándo dónde cómo cuánto cuántos porque no más pero si lo le les como entre hasta desde "
        "también este esta estos estas yo me nos usted muy tras"
    ),
    "it": _table(
        "il lo la i gli le un uno una di del dello della dei degli delle e ed o a al allo alla ai "
        "agli alle in nel nello nella nei negli nelle da dal dalla dai dalle su sul sulla per con "
        "tra fra è sono era erano fu furono essere ha hanno aveva si suo sua suoi sue che chi cosa "
        "quale quali quando dove come perché non più ma se anche questo questa mi ci l d un dell "
        "nell all dall sull"
    ),
    "pl": _table(
        "i oraz a w we z ze na do od o u po za przez dla pod nad przy przed między jest są był "
        "była było były być ma miał się nie tak że który która które którzy których kto co kiedy "
        "gdzie jak dlaczego jaki jaka jakie ile czy to ten ta te tego tej tym jego jej ich ale lub "
        "albo bo jako także też tylko oraz został została zostały roku mi proszę"
    ),
    "nl": _table(
        "de het een en of van in op aan bij met voor door over onder uit naar te ten ter tot als "
        "is zijn was waren wordt werd werden heeft had hebben hij zij ze er zich niet geen ook "
        "maar dat die dit deze wie wat waar wanneer hoe waarom welke welk ik we je u mij zijn haar "
        "hun na om dan nog alleen tussen tijdens"
    ),
    "la": _table(
        "et in ad ab a ex e de cum per pro sub inter est sunt erat erant fuit fuerunt esse qui "
        "quae quod quis quid quem quam cuius quo qua quibus quando ubi cur quomodo non nec neque "
        "sed aut vel ut si ac atque que eius eorum is ea id hic haec hoc se suus sua suum post "
        "ante apud etiam quoque autem enim anno ne an utrum"
    ),
}

# Words that open sentences and fragments beside the function words, folded, of all the languages:
# behind them a name may follow ("Once TAI", "Erste Strecke"), and they are none.
OPENERS = _table(
    "once first second third fourth fifth last next early earlier earliest late later latest both "
    "another many most some several every each only even though although since until unlike like "
    "during here there then thus hence however instead further moreover still yet today now soon "
    "never always often perhaps maybe given despite without within among against whether so one "
    "two three four five six seven eight nine ten new old great main final total same other "
    "either neither such all any more less few half whole own just former modern ancient medieval "
    "original official unlike according besides later nearby "
    "premier premiere deuxieme troisieme dernier derniere aussi ainsi selon depuis pendant chaque "
    "plusieurs certains autre autres ancien ancienne nouveau nouvelle toute meme seul seule enfin "
    "erste erster erstes zweite zweiter zweites dritte letzte letzter letztes neue neuer neues "
    "alte alter altes weitere erst danach davor schon bereits beide jede jeder jedes andere "
    "einige viele manche laut seit wahrend ganz spatere spater fruhere fruher "
    "primero primera segundo segunda tercero tercera ultimo ultima otro otra otros cada varios "
    "algunos ambos segun desde durante tras nuevo nueva antiguo antigua solo "
    "primo prima secondo seconda terzo terza altro altra altri ogni alcuni entrambi dopo durante "
    "nuovo nuova antico antica ultimo anche "
    "pierwszy pierwsza pierwsze drugi druga trzeci trzecia ostatni ostatnia inny inna kazdy kazda "
    "wiele kilka nowy nowa stary stara potem pozniej wedlug podczas dawny dawna "
    "eerste tweede derde laatste andere elke ieder iedere enkele vele nieuwe oude later volgens "
    "sinds tijdens beide daarna "
    "primus secundus tertius ultimus alius alia alii omnis omnes multi nonnulli deinde postea "
    "novus vetus antiquus"
)

# How the words begin by which a query asks, folded: they say nothing of its topic.
ASKING: dict[str, frozenset[str]] = {
    "en": _table(
        "differ compare comparison common kind sort type place where time year date name number "
        "many much could would please tell explain describe list state give know called "
        "between each both does which what whose wonder curious writing preparing essay lesson "
        "school homework question answer ever exactly really mean"
    ),
    "fr": _table(
        "diff compar commun genre type lieu endroit date annee nom nombre combien pourr expliq "
        "decri list donn indiqu dites sav entre chaque deux quel cours question repon prepar "
        "ecri exact vrai veux voud aimer auriez amabilite enumer"
    ),
    "de": _table(
        "untersch vergleich gemein ort zeit jahr datum name zahl anzahl bitte erklar beschreib "
        "nenn sag konn wurd welch zwischen beide jede frage antwort wissen schreib bereit genau "
        "eigentlich mochte"
    ),
    "es": _table(
        "difer compar comun tipo clase lugar fecha ano nombre numero cuant podria explic describ "
        "list indic diga sab entre cada ambos pregunta respuesta prepar escrib exact realmente "
        "quisiera gustaria"
    ),
    "it": _table(
        "differ confront comun tipo genere luogo data anno nome numero quant potr spieg descriv "
        "elenc indic dimmi sap tra ogni entramb domanda risposta prepar scriv esatt davvero come "
        "mai vorrei ricerca"
    ),
    "pl": _table(
        "rozni porown wspoln rodzaj miejsc czas rok data nazw liczb ile prosz wyjasn opis wymien "
        "podaj powiedz miedzy kazd oba pytan odpowied przygot pisz dokladn naprawde moze chcial"
    ),
    "nl": _table(
        "verschil vergelijk gemeen soort plaats tijd jaar datum naam aantal hoeveel kunt zou "
        "leg uitleg beschrijf noem vertel geef weten tussen elke beide vraag antwoord voorbereid "
        "schrijf precies eigenlijk"
    ),
    "la": _table(
        "differ compar commun genus locus tempus annus nomen numer quot dic explica describe "
        "enumera nomina inter uterque quaest respon scrib"
    ),
}

# Twelve months in each language, "|" between forms; matched in lower case.
_MONTHS = {
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug "
    "september|sept|sep october|oct november|nov december|dec",
    "fr": "janvier|janv février|févr mars avril|avr mai juin juillet|juil août|aout septembre "
    "octobre|oct novembre|nov décembre|déc",
    "de": "januar|jänner|jan februar|feber|feb märz april mai juni juli august september|sept "
    "oktober|okt november|nov dezember|dez",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre "
    "noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pl": "styczeń|stycznia|styczniu luty|lutego|lutym marzec|marca|marcu "
    "kwiecień|kwietnia|kwietniu "
    "maj|maja|maju czerwiec|czerwca|czerwcu lipiec|lipca|lipcu sierpień|sierpnia|sierpniu "
    "wrzesień|września|wrześniu październik|października|październiku "
    "listopad|listopada|listopadzie grudzień|grudnia|grudniu",
    "nl": "januari|jan februari|feb maart april|apr mei juni juli augustus|aug september|sept "
    "oktober|okt november|nov december|dec",
    "la": "ianuarius|ianuarii|ianuario|ianuarias februarius|februarii|februario|februarias "
    "martius|martii|martio|martias aprilis|aprili|apriles maius|maii|maio|maias "
    "iunius|iunii|iunio|iunias iulius|iulii|iulio|iulias|quintilis "
    "augusti|augusto|augustas|sextilis "
    "september|septembris|septembri|septembres october|octobris|octobri|octobres "
    "november|novembris|novembri|novembres december|decembris|decembri|decembres",
}
MONTHS: dict[str, dict[str, int]] = {
    language: {
        form: number for number, forms in enumerate(text.split(), 1) for form in forms.split("|")
    }
    for language, text in _MONTHS.items()
}
# In these, a month is lower case; a capital one is a name ("Mars", "Augustus").
LOWER_MONTHS = frozenset({"fr", "es", "it", "pl", "nl"})

WEEKDAYS = _table(
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag "
    "freitag samstag sonnabend sonntag"
)

# Numerals from 0 to 20, then the tens to 90, in each language ("|" between forms).
_NUMERALS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety",
    "fr": "zéro un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze "
    "quinze seize dix-sept dix-huit dix-neuf vingt trente quarante cinquante soixante "
    "soixante-dix quatre-vingts|quatre-vingt quatre-vingt-dix",
    "de": "null eins|ein|eine|einen|einem|einer zwei drei vier fünf sechs sieben acht neun zehn "
    "elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig "
    "vierzig fünfzig sechzig siebzig achtzig neunzig",
    "es": "cero un|uno|una dos tres cuatro cinco seis siete ocho nueve diez once doce trece "
    "catorce quince dieciséis diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta "
    "sesenta setenta ochenta noventa",
    "it": "zero un|uno|una due tre quattro cinque sei sette otto nove dieci undici dodici tredici "
    "quattordici quindici sedici diciassette diciotto diciannove venti trenta quaranta cinquanta "
    "sessanta settanta ottanta novanta",
    "pl": "zero jeden|jedna|jedno|jednego|jednej dwa|dwie|dwóch|dwoje trzy|trzech cztery|czterech "
    "pięć|pięciu sześć|sześciu siedem|siedmiu osiem|ośmiu dziewięć|dziewięciu dziesięć|dziesięciu "
    "jedenaście dwanaście|dwunastu trzynaście czternaście piętnaście szesnaście siedemnaście "
    "osiemnaście dziewiętnaście dwadzieścia|dwudziestu trzydzieści|trzydziestu czterdzieści "
    "pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt",
    "nl": "nul een|één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
    "vijftien zestien zeventien achttien negentien twintig dertig veertig vijftig zestig zeventig "
    "tachtig negentig",
    "la": "nihil unus|una|unum|unius duo|duae|duos|duas|duobus tres|tria|tribus|trium quattuor "
    "quinque sex septem octo novem decem undecim duodecim tredecim quattuordecim quindecim sedecim "
    "septendecim duodeviginti undeviginti viginti triginta quadraginta quinquaginta sexaginta "
    "septuaginta octoginta nonaginta",
}


def _numerals(text: str) -> dict[str, int]:
    values = [*range(21), *range(30, 100, 10)]
    return {
        form: value
        for value, forms in zip(values, text.split(), strict=True)
        for form in forms.split("|")
    }


NUMERALS = {language: _numerals(text) for language, text in _NUMERALS.items()}
# A few ordinals in figures' place ("the second", "third"); they back up a number, never claim one.
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_SCALES = {
    100: "hundred hundreds cent cents hundert honderd cien ciento cento sto",
    10**3: "thousand thousands mille tausend duizend mil mila tysiąc tysiące tysięcy tys",
    10**6: "million millions millionen miljoen millón millones milione milioni milion miliony "
    "milionów mln mio",
    10**9: "billion billions milliard milliards milliarde milliarden miljard miliardo miliardi "
    "miliard miliardy miliardów mld mrd",
}
SCALES = {word: scale for scale, text in _SCALES.items() for word in text.split()}

# German writes every noun with a capital. After a preposition without an article stand names
# ("in Berlin") and these: measures, times, set phrases, materials and the like.
GERMAN_COMMON = _table(
    "ende anfang mitte beginn jahr jahre jahren jahrhundert jahrhunderts jahrhunderten monat "
    "monate monaten tag tage tagen woche wochen stunde stunden minute minuten prozent meter "
    "metern kilometer kilometern quadratkilometer quadratkilometern quadratmeter hektar tonnen "
    "tonne gramm kilogramm liter grad euro dollar mark million millionen milliarde milliarden uhr "
    "form teilen teil zusammenarbeit folge folgen bezug kraft betrieb gebrauch besitz verbindung "
    "höhe länge breite tiefe größe zahl anzahl hilfe zeit zeiten art arten weise grund richtung "
    "holz stein metall eisen stahl glas gold silber kupfer papier wasser luft feuer erde öl gas "
    "milch fleisch fisch brot getreide reis zucker salz wein bier menschen kindern kinder frauen "
    "männern männer tieren tiere pflanzen leuten leute personen bedeutung beruf natur haus hause "
    "hand land lande stadt städten dorf dörfern krieg frieden freiheit recht macht liebe leben "
    "tod gefahr not frage fragen wirklichkeit regel fall fälle fällen ordnung norden süden osten "
    "westen herbst frühling frühjahr sommer winter musik kunst sport politik wirtschaft handel "
    "industrie religion wissenschaft technik geschichte sprache sprachen schule schulen theater "
    "film filmen kino radio fernsehen internet buch büchern bühne werken werke"
)
GERMAN_SUFFIXES = _table(
    "ung ungen heit heiten keit keiten schaft schaften tion tionen sion sionen ität itäten ismus "
    "ismen nis nisse nissen tum ment mente enz anz ik erei ereien ling linge lingen chen lein zeug"
)
# Words before which a German noun is a common one.
GERMAN_DETERMINERS = _table(
    "der die das den dem des ein eine einen einem einer eines kein keine keinen keiner im am zum "
    "zur vom beim ins ans"
)
