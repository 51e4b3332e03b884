# ruff: noqa: E501  (phrases are easier to read in one piece)
"""Phrases by which an answer says that it cannot answer as asked, and by which a query speaks of
a text in front of it. Regular expressions over lower-case text, one list a language.

They are meant for the wordings of any writer, so they are broad: a marker says that the answer
declines or corrects, not how well it does so.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_NEGATION: dict[str, str] = {
    # The premise is wrong, or no such thing is known.
    "en": r"^no\b|no (known |such |recorded |historical |reliable )*(evidence|record|source|report|indication|"
    r"basis|account|trace|mention|thing|event|person|place|information)|there (is|was|were|are) no\b|"
    r"\bnever\b|not (true|correct|accurate|right|the case|known|recorded|documented|attested|"
    r"supported|confirmed)|(is|are|was|were|did|does|do|has|have|had|can|could|would)"
    r"( not|n['’]t)\b|incorrect|inaccurate|mistaken|false|wrong|misconception|unfounded|"
    r"contrary to|nothing (is|was) known|nothing (suggests|indicates)|unknown|in (fact|reality)|"
    r"actually|premise|nobody|no one|none of|rather than",
    "fr": r"^non\b|\bn(e |['’])[^.]{0,40}?\b(pas|jamais|aucune?|rien|point|personne|nulle?)\b|"
    r"aucune? (preuve|trace|source|mention|indication|information|élément|document|donnée)|"
    r"inexact|incorrect|erron[ée]|\bfau(x|sse)\b|en (réalité|fait)|contrairement à|prémisse|"
    r"inconnue?s?\b|se trompe|à tort|sans fondement|il n['’]y a|personne ne|rien n|plutôt que",
    "de": r"^nein\b|\b(nicht|nie|niemals|kein|keine|keinen|keinem|keiner|keines|niemand|nichts)\b|"
    r"falsch|unzutreffend|unrichtig|irrtüm|irrtum|tatsächlich|in wirklichkeit|entgegen|"
    r"unbekannt|prämisse|trifft .{0,20}nicht zu|voraussetzung",
    "es": r"^no\b|\bno (se |hay |existe|consta|es |fue |era |son |fueron |está|tiene|tuvo|ha |"
    r"hubo|puede|pudo|corresponde|aparece)|\bno [a-záéíóúñ]+|nunca|jamás|ning[uú]n|\bnada\b|"
    r"nadie|incorrect|inexact|erróne|equivocad|\bfals[oa]|en realidad|de hecho|"
    r"al contrario|contrariamente|premisa|desconoc|tampoco",
    "it": r"^no\b|\bnon\b|\bmai\b|nessun|\bnulla\b|\bniente\b|errat|sbagliat|scorrett|inesatt|"
    r"\bfals[oa]\b|in realtà|contrariamente|premessa|sconosciut|ignot|di fatto",
    "pl": r"^nie\b|\bnie\b|\bnigdy\b|żadn|\bnikt\b|\bnic\b|błędn|fałszyw|nieprawd|mylne|"
    r"w rzeczywistości|wbrew|nieznan|przesłank|założeni|brak (dowod|informacji|danych|wzmian|źród)",
    "nl": r"^nee\b|\b(niet|nooit|geen|niemand|niets|nergens)\b|onjuist|incorrect|onwaar|"
    r"\bfout|\bvals|in werkelijkheid|in feite|eigenlijk|feitelijk|in tegenstelling|"
    r"onbekend|vooronderstelling|premisse|klopt niet",
    "la": r"^(non|minime|immo)\b|\b(non|numquam|nunquam|nemo|nihil|nil|nullus|nulla|nullum|"
    r"nullo|nullam|nulli|neque|nec|nondum|haud|ne)\b|fals[aoui]|err(at|or|or[ei]|as|atis)\b|"
    r"perperam|ignot[aoui]|revera|re vera|potius|immo|falso|minime",
}

_ABSURD: dict[str, str] = {
    # The question makes no sense.
    "en": r"(no|not make|not makes|without|n['’]t make) (any )?sense|senseless|meaningless|absurd|nonsens|"
    r"impossible|category (error|mistake)|cannot|can['’]t|unanswerable|"
    r"no (meaningful |sensible |possible )?answer|incoheren|illogical|not (applicable|possible)|"
    r"a joke|not something that|not the kind",
    "fr": r"pas de sens|aucun sens|dénué(e)? de sens|absurd|insens|impossible|illogique|"
    r"incohéren|sans objet|ne peut|ne peuvent|ne saurait|sans réponse|pas de réponse",
    "de": r"keinen sinn|kein sinn|ohne sinn|sinnlos|unsinn|sinnwidrig|absurd|unmöglich|unlogisch|"
    r"nicht möglich|kann .{0,60}nicht|können .{0,60}nicht|nicht beantwort|keine .{0,20}antwort",
    "es": r"sin sentido|no tiene(n)? (ningún )?sentido|carece de|absurd|imposible|ilógic|"
    r"incoheren|no (se )?puede|sin respuesta|no hay .{0,20}respuesta|disparat",
    "it": r"senza senso|non ha (alcun )?senso|priv[ao] di senso|assurd|impossibil|illogic|"
    r"incoeren|non può|non possono|non si può|non c['’]è .{0,20}risposta|insensat",
    "pl": r"nie ma sensu|bez sensu|pozbawion\w+ sensu|bezsens|absurd|niemożliw|nielogiczn|"
    r"nie może|nie mogą|nie można|nie da się|nonsens|nie ma .{0,20}odpowiedzi",
    "nl": r"geen zin|zinloos|onzin|absurd|onmogelijk|onlogisch|ongerijmd|kan .{0,60}niet|"
    r"kunnen .{0,60}niet|geen .{0,20}antwoord|niet te beantwoorden",
    "la": r"sensu (caret|vacat|vacua)|sine sensu|absurd|inept|ineptum|fieri non potest|"
    r"non potest|non possunt|nequit|nequeunt|impossibil|ridicul|responsum nullum|nugator",
}

_AMBIGUOUS: dict[str, str] = {
    # More than one thing can be meant.
    "en": r"ambiguous|ambiguity|unclear|not clear|clarif|specif(y|ic about|ied)|could (mean|refer|be "
    r"about|be read|be understood|point)|can (mean|refer|be read|be understood)|may (mean|refer)|"
    r"might (mean|refer)|do you mean|did you mean|you mean|are you asking|is meant|"
    r"(several|more than one|two|three|multiple|different|various) (possible |different )*(mean|"
    r"read|interpret|thing|answer|sense|candidate|possib|person|people|place|event|case|item)|"
    r"depends on (what|which|whether|how|who)|which (one|of)|underspecified|too (vague|broad)|vague",
    "fr": r"ambigu|ambiguïté|équivo|pas clair|peu clair|imprécis|vague|précise[rz]|préciser|"
    r"précision|peut (désigner|signifier|renvoyer|se comprendre|s['’]entendre|se lire|viser)|"
    r"pourrait (désigner|signifier|renvoyer|viser)|voulez-vous|veux-tu|entendez-vous|s['’]agit-il|"
    r"(plusieurs|deux|trois|différent[es]+|divers[es]*) (sens|lectures|interprétations|réponses|"
    r"choses|possib|personn|cas|élém|significations)|"
    r"dépend de|plus d['’]une|lequel|laquelle|lesquel",
    "de": r"mehrdeutig|zweideutig|unklar|nicht klar|nicht eindeutig|uneindeutig|ungenau|vage|"
    r"präzisier|genauer|konkretisier|klarstell|kann .{0,60}(bedeuten|meinen|bezeichnen|beziehen)|"
    r"könnte .{0,60}(bedeuten|meinen|bezeichnen|beziehen|gemeint)|gemeint|meinen sie|meinst du|"
    r"(mehrere|zwei|drei|verschiedene|unterschiedliche) (mögliche )?(bedeut|lesart|deut|antwort|dinge|"
    r"möglich|person|fälle|ereign|sach)|hängt davon ab|kommt darauf an|welche[rsnm]? (von|der|genau)",
    "es": r"ambigu|equívoc|poco clar|no (está|queda|es) claro|imprecis|\bvaga|\bvago|aclar|"
    r"especific|precisar|puede (significar|referirse|entenderse|aludir|leerse)|"
    r"podría (significar|referirse|entenderse|aludir)|se refiere (usted )?a|te refieres|quiere decir|"
    r"(varios|varias|dos|tres|distint[oa]s|diferentes|más de un[ao]?) (posibles )?(sentid|signific|"
    r"lectur|interpret|respuest|cosa|posibil|person|caso)|depende de|cuál de",
    "it": r"ambigu|equivoc|poco chiar|non è chiar|imprecis|\bvag[ao]\b|chiarir|specificare|"
    r"precisar|può (significare|riferirsi|indicare|intendersi|essere inteso|essere letta)|"
    r"potrebbe (significare|riferirsi|indicare)|si riferisce a|intende|intendi|ti riferisci|"
    r"(diversi|diverse|due|tre|vari[eai]?|più di un[ao]?|più) (possibili )?(sens|signific|lettur|"
    r"interpret|rispost|cose|possibil|person|casi)|dipende da|quale (di|dei|delle|tra)",
    "pl": r"niejednoznaczn|wieloznaczn|dwuznaczn|niejasn|nie jest jasn|nieprecyzyjn|"
    r"doprecyzow|sprecyzow|uściśl|wyjaśni|może (oznaczać|odnosić|dotyczyć|chodzić)|"
    r"mogł[oaby]+ (oznaczać|odnosić|dotyczyć|chodzić)|chodzi o|o co chodzi|o któr\w+ (chodzi|pyta)|"
    r"(kilka|dwa|dwie|trzy|różn\w+|więcej niż jedn\w+|wiele) (możliw\w+ )?(znacze|interpret|"
    r"odpowiedzi|rzeczy|możliwo|osób|przypad|sens)|zależy od|masz na myśli|ma pan",
    "nl": r"dubbelzinnig|meerduidig|ambigu|onduidelijk|niet duidelijk|niet eenduidig|vaag|"
    r"verduidelijk|preciseer|specificeer|nader|kan .{0,60}(betekenen|verwijzen|slaan|doelen|bedoel)|"
    r"zou .{0,60}(betekenen|verwijzen|kunnen slaan)|bedoeld?|bedoelt u|bedoel je|"
    r"(meerdere|verschillende|twee|drie|meer dan één|meer dan een) (mogelijke )?(beteken|lezing|"
    r"interpret|antwoord|ding|mogelijk|person|geval)|hangt (er)?van|hangt af|welke (van|precies)",
    "la": r"ambigu|obscur|incert|non (liquet|patet|satis|clar)|dubi|explica|definia|"
    r"(plures|plura|duo|duae|duas|tria|tres|varia[es]?|multa[es]?) (sensus|res|responsa|homines|"
    r"significatio|interpretatio)|significare potest|potest significare|pluribus modis|"
    r"duobus modis|multis modis|plus quam un|quid(nam)? (velis|vis|quaeras|quaeris|intellegas)|"
    r"utrum .{0,80}\ban\b|quem dicas|quam dicas|quod dicas|pendet|de qu[aoi]b?u?s?\b",
}

_WITHHELD: dict[str, str] = {
    # The given sources do not say.
    "en": r"(do|does|did|can|could)( not|n['’]t) (contain|say|state|mention|give|provide|tell|cover|"
    r"answer|include|specify|address|allow|support|establish|know|determine|find|indicate|"
    r"be (answered|determined|established))|cannot|can['’]t be|unable to|none of (the|these)|"
    r"no (given |provided |available )?(source|information|answer|passage|evidence)|"
    r"not (stated|given|mentioned|found|contained|answered|covered|specified|enough|sufficient|"
    r"in the|available|possible)|insufficient|nothing (in|about|on)|silent on|without (a|the) source|"
    r"neither (source|of)|no source",
    "fr": r"ne (contien|di[st]|mentionn|donn|fourni|précis|répond|permett|indiqu|couvr|suffi|trait|"
    r"peu)|n['’]indiqu|n['’]évoqu|n['’]abord|n['’]apport|n['’]offr|aucune? (des )?(source|information|"
    r"réponse|élément|donnée|passage|document)|impossible|pas (de réponse|d['’]information|mentionn|"
    r"indiqu|préci|donn|dispon|possible|assez|suffis)|insuffisan|rien (dans|sur)|je ne (peux|sais|trouve)|"
    r"muett?es?|ni (source|l['’]une)",
    "de": r"(nicht|keine|keinen|keiner|kein|nichts|weder) .{0,80}(quelle|angab|auskunft|information|antwort|"
    r"hinweis|genannt|erwähn|enthalt|beantwort|hervor|angegeb|belegt|feststell|sag|zu finden)|"
    r"(quelle|quellen|angaben|informationen|texte) .{0,80}\b(nicht|keine|keinen|kein|nichts)\b|"
    r"keine (der )?(quelle|information|angabe|antwort)|lässt sich .{0,80}nicht|nicht beantwort|"
    r"reichen .{0,40}nicht|unzureichend|weiß ich nicht|kann ich nicht",
    "es": r"no (contien|dic|mencion|d[ae]n?\b|proporcion|ofrec|indic|precis|respond|permit|cubr|"
    r"inclu|basta|trat|se (menciona|indica|dice|puede|encuentra|responde|especifica)|hay|puedo|"
    r"es posible|figura|consta|aparece|aporta|especific)|ninguna? (de )?(las |los )?(fuente|información|"
    r"respuesta|pasaje|dato)|insuficient|imposible|nada (en|sobre)|sin (información|respuesta)",
    "it": r"non (contien|contengono|dic|menzion|d[àa]nno|dà|forni|offr|indic|precis|rispond|permett|"
    r"copr|includ|bast|tratt|si (menziona|indica|dice|può|trova|risponde|specifica)|c['’]è|ci sono|"
    r"posso|è possibile|è (indicat|menzionat|specificat|riportat)|riport|specific|consent|parla)|"
    r"nessuna? (delle |dei )?(font|informazion|rispost|passagg|dat)|insufficient|impossibil|"
    r"nulla (su|in|nelle)|niente (su|in|nelle)",
    "pl": r"nie (zawiera|podaj|mówi|wspomina|odpowiada|wynika|pozwala|wymienia|określa|dostarcza|"
    r"informuj|ma (informacji|odpowiedzi|danych|mowy)|można|da się|mogę|znajduj|wskazuj|obejmuj|"
    r"wystarcza|rozstrzyga|precyzuj|opisuj)|żadn\w+ (z |ze )?(podanych |tych |przytoczonych )?"
    r"(źród|informacj|odpowied|fragment)|brak (informacji|odpowiedzi|danych|źród)|niewystarczając|"
    r"niemożliw|nic nie",
    "nl": r"(niet|geen|niets|noch) .{0,80}(bron|informatie|antwoord|gegeven|vermeld|genoemd|te vinden|"
    r"beantwoord|opgemaakt|af te leiden|gezegd|bepaald|vastgesteld)|(bron|bronnen|gegevens|informatie|teksten) "
    r".{0,80}\b(niet|geen|niets)\b|geen (van de |enkele )?(bron|informatie|antwoord)|onvoldoende|"
    r"onmogelijk|kan ik niet|weet ik niet|is niet te",
    "la": r"(fontes?|fontibus|fonte|testes|loci|loca) .{0,80}\b(non|nihil|tacent|nullum|nullam|nullus|"
    r"nusquam)\b|\b(non|nihil|nullus|nulla|nullum|nusquam|neque|nemo) .{0,80}(font|dic|trad|"
    r"contine|respon|inven|memora|narra|docet|docent|legi|reper|doce|explic|scri)|tacent|"
    r"responderi non potest|non potest|deest|desunt|non constat|non liquet|ignoratur",
}

# "the passage", "this article": the query (or a closed-book text) points at a text in view.
_POINTS: dict[str, str] = {
    "en": r"\b(the|this|that|given|above|provided|following|said) "
    r"(given |provided |above |following |same |quoted |attached )*"
    r"(text|passage|article|section|excerpt|paragraph|document|extract|snippet|entry)s?\b"
    r"(?! (of|by|from|written by|\d|[ivxlc]+\b))|"
    r"\b(according to|in|from|based on|per) (the|this|these) "
    r"(given |provided |above |following )*(source|sources|context|abstract|page|reference)\b"
    r"(?! of)|(provided|given|above|attached) (context|source|information|abstract)|"
    r"\bwikipedia (article|page|entry)|(as|is|are|was|were) (mentioned|stated|described|given|"
    r"listed|discussed|noted) (above|here|below)\b|\bsource_\d",
    "fr": r"\b(le|ce|du|au|cet|cette|la|l['’]|dans l['’]|de l['’]|les|ces) ?(texte|passage|article|section|"
    r"extrait|paragraphe|document|page|rubrique)s?\b(?! (d[eu]s?\b|d['’]|\d|premier|[ivxlc]+\b))|"
    r"ci-dessus|(texte|passage|contexte|extrait|document) (fourni|donné|cité)|source_\d|"
    r"article wikipédia",
    "de": r"\b(der|die|das|dem|den|des|diese[rsmn]?|im|vom|zum|laut|gemäß|obige[rsmn]?|vorliegende[rsmn]?) "
    r"(obigen |gegebenen |vorliegenden |folgenden )?(text|textes|texts|textstelle|passage|artikel|artikels|abschnitt|"
    r"abschnitts|auszug|auszugs|absatz|absatzes|dokument|dokuments|textabschnitt\w*|eintrag)\b"
    r"(?! (de[rs]\b|von\b|\d|[ivxlc]+\b))|"
    r"oben (genannt|erwähnt|beschrieben)|wikipedia-(artikel|seite|eintrag)|source_\d",
    "es": r"\b(el|este|ese|del|al|la|esta|esa|los|estos) (texto|pasaje|artículo|sección|extracto|"
    r"fragmento|párrafo|documento|apartado|página)s?\b(?! (del?\b|\d|[ivxlc]+\b))|"
    r"(texto|pasaje|contexto|fragmento|documento) (proporcionado|dado|citado|anterior)|"
    r"(mencionad|citad|indicad|descrit)\w+ (arriba|anteriormente)|"
    r"artículo de wikipedia|source_\d",
    "it": r"\b(il|questo|quel|nel|del|dal|la|questa|nella|della|lo|l['’]|nell['’]|dell['’]|quest['’]|i|gli) "
    r"?(testo|passo|brano|articolo|sezione|estratto|paragrafo|documento|pagina|voce)\b"
    r"(?! (d[ei]\b|de(l|ll|i|lla|gli|lle|llo)\b|dell['’]|d['’]|\d|[ivxlc]+\b))|"
    r"(testo|brano|contesto|passo|documento) (fornito|dato|citato|precedente)|"
    r"(citat|menzionat|indicat|descritt)\w+ (sopra|in precedenza)|"
    r"voce di wikipedia|source_\d",
    "pl": r"\b(ten|tym|tego|w|z|według|wg|podan\w+|powyższ\w+|niniejsz\w+|zgodnie z) "
    r"(podan\w+ |powyższ\w+ |tym |tego |niniejsz\w+ )?(tekst|tekstu|tekście|tekstem|fragment|fragmentu|"
    r"fragmencie|artykuł|artykułu|artykule|artykułem|akapit|akapitu|akapicie|sekcji|rozdziale|dokumencie|"
    r"dokumentu|haśle|ustępie|ustępu)\b(?! (\d|[ivxlc]+\b))|"
    r"(wspomnian|wymienion|opisan)\w+ (powyżej|wyżej)|artykuł\w* wikipedii|source_\d",
    "nl": r"\b(de|het|deze|dit|dat|die|in|volgens|bovenstaande|gegeven) "
    r"(bovenstaande |gegeven |volgende )?(tekst|passage|artikel|sectie|fragment|alinea|paragraaf|"
    r"document|uittreksel|lemma)\b(?! (van|uit|\d|[ivxlc]+\b))|"
    r"hierboven|bovengenoemd|wikipedia-(artikel|pagina)|wikipediapagina|source_\d",
    "la": r"\b(hic|hoc|huius|hac|hunc|haec|illo|eo|ille|illud|supra) (textus|textu|textum|textui|locus|"
    r"loco|commentari\w+|articul\w+|capit\w+|capite|caput|excerpt\w+|fragment\w+|document\w+|"
    r"scriptum|scripto)\b|(textus|articul\w+|loc[ou]s?|excerpt\w+) "
    r"(supra|datus|dato|propositus|proposito|allat\w+)|supra (dict|scrip|memorat|allat|laudat)\w+|"
    r"vicipaedia\w* (pagina|commentatio)|source_\d",
}


def fold_phrase(text: str) -> str:
    """Lower case, NFC, ß as ss, blanks squeezed: the form the markers are written for.

    >>> fold_phrase("Die  Straße ist Groß")
    'die strasse ist gross'
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().replace("ß", "ss").split())


def _compile(parts: list[str]) -> re.Pattern[str]:
    # casefold writes ss for ß; the patterns go the same way
    return re.compile("|".join(f"(?:{part})" for part in parts if part).replace("ß", "ss"))


@functools.lru_cache(maxsize=64)
def _declining(language: str, kind: str) -> re.Pattern[str]:
    tables = {
        "negative": (_NEGATION,),
        "absurd": (_ABSURD, _NEGATION),
        "ambiguous": (_AMBIGUOUS,),
        "withheld": (_WITHHELD,),
    }[kind]
    return _compile([table[language] for table in tables])


def declines(text: str, language: str, kind: str) -> bool:
    """Whether an answer declines, corrects or asks back.

    `kind` is negative (the premise is wrong), absurd (the question makes no sense), ambiguous
    (more than one thing can be meant) or withheld (the sources do not say). Raises KeyError for
    a language or kind without phrases.

    >>> declines("In fact he never went there.", "en", "negative")
    True
    >>> declines("Which of the two do you mean?", "en", "ambiguous")
    True
    """
    return _declining(language, kind).search(fold_phrase(text)) is not None


@functools.lru_cache(maxsize=16)
def _pointing(language: str) -> re.Pattern[str]:
    return _compile([_POINTS[language]])


def points_at_text(text: str, language: str) -> str:
    """The words by which `text` speaks of a text in view ("the passage"), or "".

    Raises KeyError for a language without phrases.

    >>> points_at_text("Who wrote this, according to the passage?", "en")
    'the passage'
    """
    match = _pointing(language).search(fold_phrase(text))
    return match.group() if match else ""
