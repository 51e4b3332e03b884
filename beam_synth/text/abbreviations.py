"""Abbreviations, months and sentence openers by language: what a full stop does not end.

Own lists, for the languages of the SYNTH dataset, made for encyclopaedic prose. A space in an
entry stands for any or no white space ("z. B." is also "z.B."). Entries are matched as written
and with a capital first letter.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Rules:
    """One language's lists, as words separated by "|"."""

    never_last: str = ""  # always followed by more of the sentence: titles, "e.g."
    inside: str = ""  # may end a sentence, but holds no end inside: "a. C.", "v. Chr."
    before_number: str = ""  # not an end when a number follows: "No.", "Nr."
    months: str = ""  # after "3." these do not open a sentence
    openers: str = ""  # after a single capital ("vitamin C. The"), these do open one


RULES: dict[str, Rules] = {
    "en": Rules(
        never_last=(
            "Mr.|Mrs.|Ms.|Messrs.|Dr.|Prof.|Rev.|Fr.|Hon.|Gov.|Sen.|Rep.|Pres.|Gen.|Col.|Lt.|"
            "Maj.|Capt.|Cpt.|Cmdr.|Adm.|Sgt.|Brig.|St.|Sts.|Mt.|Ft.|vs.|viz.|cf.|e. g.|i. e.|"
            "e. g|resp.|approx.|ca.|esp.|lit.|trans.|ed. by|incl.|b.|d.|r.|fl.|née.|Supt.|Insp.|"
            "Msgr.|Ven."
        ),
        inside=(
            "a. m.|p. m.|B. C.|A. D.|B. C. E.|U. S.|U. K.|U. S. A.|Ph. D.|D. C.|et al.|B. A.|M. A."
        ),
        before_number=(
            "No.|Nos.|no.|nos.|vol.|vols.|p.|pp.|ch.|chap.|art.|arts.|fig.|figs.|sec.|sect.|c.|"
            "op.|para.|verse.|v.|Nr.|Jan.|Feb.|Mar.|Apr.|Jun.|Jul.|Aug.|Sep.|Sept.|Oct.|Nov.|"
            "Dec.|opp."
        ),
        openers=(
            "The|A|An|In|It|Its|He|His|She|Her|They|Their|This|These|That|Those|There|However|On|"
            "At|As|For|From|By|With|When|While|After|Before|Although|Some|Many|Most|Other|"
            "Another|To|If|During|Since|Both|One|Two|Such|Thus|Also|But|And|Because|According|"
            "Each|All|Until|We"
        ),
    ),
    "fr": Rules(
        never_last=(
            "M.|MM.|Mme.|Mlle.|Mgr.|Me.|Dr.|Pr.|St.|Ste.|cf.|c.-à-d.|p. ex.|ex.|env.|dir.|éd.|"
            "trad.|coll.|av.|apr.|lt.|cap.|gén.|col.|bd.|hab.|vs.|v.|litt.|r.|né.|anc."
        ),
        inside=("av. J. -C.|apr. J. -C.|J. -C.|ap. J. -C.|S. A.|R. A. S.|et al.|S. M.|L. L. M. M."),
        before_number=(
            "n°.|no.|nos.|vol.|p.|pp.|chap.|art.|fig.|t.|l.|liv.|par.|vers.|ca.|c.|op.|éd."
        ),
        months=(
            "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
        ),
        openers=(
            "Le|La|Les|L'|L’|Un|Une|Des|Il|Elle|Ils|Elles|Ce|Cet|Cette|Ces|C'|C’|En|Dans|À|Au|"
            "Aux|Sur|Par|Pour|Avec|Son|Sa|Ses|Leur|Leurs|On|Après|Avant|Depuis|Selon|Mais|"
            "Cependant|Toutefois|D'|D’|De|Du|Si|Lors|Pendant|Ainsi|Enfin|Plusieurs|Certains|Et|"
            "Or|Comme"
        ),
    ),
    "de": Rules(
        never_last=(
            "Dr.|Prof.|Hr.|Hrn.|Fr.|St.|z. B.|d. h.|u. a.|i. d. R.|bzw.|ca.|vgl.|sog.|geb.|gest.|"
            "inkl.|insb.|bes.|lat.|griech.|engl.|frz.|franz.|ital.|span.|russ.|dt.|altgr.|ahd.|"
            "mhd.|evtl.|ggf.|max.|min.|mind.|Hl.|hl.|v. a.|o. g.|s. o.|s. u.|i. e. S.|i. w. S.|"
            "m. E.|eigtl.|ehem.|amtl.|allg.|Dipl.|Ing.|Jh.s|röm.|kath.|ev.|sen.|jun.|gegr.|bspw.|"
            "jew.|zit. n.|Abk.|wörtl.|urspr.|ugs.|veraltet.|arab.|hebr.|poln.|tschech.|niederl.|"
            "chin.|jap."
        ),
        inside=(
            "v. Chr.|n. Chr.|v. u. Z.|u. Z.|i. Br.|a. D.|e. V.|u. s. w.|u. Ä.|o. Ä.|u. v. m.|"
            "d. J.|S. A.|z. T.|z. Zt.|i. A.|a. M.|a. d. L.|f. d. R.|m. ü. M.|ü. M.|ü. d. M.|"
            "ü. NN."
        ),
        before_number=(
            "Nr.|Bd.|Bde.|S.|Abs.|Art.|Kap.|Abb.|Tab.|Z.|V.|Sp.|Aufl.|§.|Jg.|H.|op.|um.|Str."
        ),
        months=(
            "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|"
            "Dezember|Jahrhundert|Jahrhunderts|Jahrtausend|Jh.|Weltkrieg|Weltkriegs|Weltkrieges"
        ),
        openers=(
            "Der|Die|Das|Den|Dem|Ein|Eine|Einen|Einer|Es|Er|Sie|Ihr|Ihre|Sein|Seine|Im|In|Am|An|"
            "Auf|Bei|Mit|Nach|Vor|Von|Zu|Zum|Zur|Als|Da|Dabei|Dadurch|Damit|Dann|Daher|Diese|"
            "Dieser|Dieses|Doch|Durch|Für|Seit|So|Über|Um|Unter|Wenn|Während|Wie|Man|Auch|Aber|"
            "Alle|Andere"
        ),
    ),
    "es": Rules(
        never_last=(
            "Sr.|Sra.|Srta.|Sres.|D.|Dña.|Dr.|Dra.|Prof.|Profa.|Lic.|Ing.|Gral.|Cnel.|Tte.|Cap.|"
            "Mons.|Fr.|Sto.|Sta.|S. M.|p. ej.|p. e.|v. g.|cf.|cfr.|vid.|aprox.|ca.|lit.|esp.|Ud.|"
            "Uds.|Excmo.|Ilmo.|Rvdo.|Pte.|Pdte.|fr.|lat.|gr.|ing.|trad.|dir.|coord."
        ),
        inside=(
            "a. C.|d. C.|a. de C.|d. de C.|a. J. C.|d. J. C.|EE. UU.|EE.UU.|RR. HH.|S. A.|"
            "JJ. OO.|FF. AA.|P. D.|s. n. m.|b. s. n. m.|a. m.|p. m.|et al.|C. F."
        ),
        before_number=(
            "n.º.|n.°.|nº.|núm.|núms.|no.|vol.|vols.|p.|pp.|pág.|págs.|cap.|caps.|art.|arts.|"
            "fig.|t.|c.|h.|av.|avda.|op.|sec.|párr."
        ),
        months=(
            "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|"
            "noviembre|diciembre"
        ),
        openers=(
            "El|La|Los|Las|Un|Una|Unos|Unas|En|Es|Su|Sus|Se|Este|Esta|Estos|Estas|Ese|Esa|Por|"
            "Para|Con|De|Del|Al|A|Como|Cuando|Desde|Durante|Entre|Hasta|Según|Sin|Sobre|Tras|"
            "Pero|Aunque|Así|También|Además|No|Ya|Lo|Le|Muchos|Otros|Otro|Otra|Fue|Era|Tiene|Y|"
            "Después|Luego"
        ),
    ),
    "it": Rules(
        never_last=(
            "Sig.|Sigg.|sig.|sigg.|Sig.ra|Dott.|dott.|Prof.|prof.|Avv.|Ing.|On.|Mons.|Rev.|S.|"
            "Ss.|SS.|cfr.|Cfr.|p. es.|ad es.|es.|ecc. ecc.|lett.|lat.|gr.|ingl.|ted.|fr.|franc.|"
            "spagn.|trad.|ca.|cd.|cosidd.|c.d.|vs.|gen.|col.|cap.|ten.|magg.|arch.|geom.|rag.|"
            "min.|max.|abbr.|abbrev.|propr.|pron.|dir.|ant.|circ.|all'ing.|Sen."
        ),
        inside=(
            "a. C.|d. C.|a. e. v.|e. v.|S. p. A.|S. r. l.|s. l. m.|S. A.|et al.|C. d. A.|U. S. A."
        ),
        before_number=(
            "n.|nn.|nr.|num.|vol.|voll.|p.|pp.|pag.|pagg.|cap.|capp.|art.|artt.|fig.|figg.|t.|"
            "tav.|c.|sec.|s.|v.|vv.|op.|par.|ca."
        ),
        months=(
            "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|"
            "novembre|dicembre"
        ),
        openers=(
            "Il|Lo|La|I|Gli|Le|L'|L’|Un|Uno|Una|Un'|Un’|In|Nel|Nella|Nello|Nei|Nelle|Nell'|Nell’|"
            "Di|Del|Della|Dei|Dal|Dalla|A|Al|Alla|È|Questo|Questa|Questi|Queste|Quest'|Con|Per|"
            "Da|Su|Sul|Sulla|Si|Non|Ma|Anche|Come|Quando|Dopo|Durante|Tra|Fra|Secondo|Sono|Era|"
            "Fu|Egli|Esso|Essa|Che"
        ),
    ),
    "pl": Rules(
        never_last=(
            "prof.|dr.|hab.|inż.|mgr.|np.|tzw.|tzn.|tj.|m. in.|m.in.|zob.|por.|św.|ks.|bp.|abp.|"
            "kard.|gen.|płk.|mjr.|kpt.|ppłk.|ul.|al.|pl.|os.|im.|ok.|ang.|łac.|niem.|fr.|franc.|"
            "ros.|gr.|wł.|hiszp.|czes.|jap.|chiń.|hebr.|arab.|pol.|pot.|dosł.|skr.|ur.|zm.|ps.|"
            "pseud.|red.|tłum.|pow.|woj.|gm.|hr.|bł.|o. o.|ds.|d/s.|tyt.|wg.|właśc.|pt.|reż.|"
            "cyt.|kal.|m. st.|śp.|dł.|wys.|szer.|pod red.|lit.|ukr.|jid."
        ),
        inside=(
            "p. n. e.|n. e.|p.n.e.|n.e.|n. p. m.|n.p.m.|i in.|i t. d.|z o. o.|S. A.|W. Bryt.|r. ż."
        ),
        before_number=(
            "nr.|s.|str.|t.|tom.|rozdz.|art.|ust.|par.|ur.|zm.|ok.|w.|poz.|rys.|tab.|op.|fig.|"
            "od.|do.|cz.|ryc."
        ),
        months=(
            "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|"
            "listopada|grudnia|styczeń|luty|marzec|kwiecień|maj|czerwiec|lipiec|sierpień|"
            "wrzesień|październik|listopad|grudzień"
        ),
        openers=(
            "W|We|Na|Z|Ze|Do|Od|Po|O|Przez|Pod|Nad|Dla|Jest|Jego|Jej|Ich|Ten|Ta|To|Te|Tego|Są|"
            "Był|Była|Było|Byli|Jednak|Jako|Jeśli|Gdy|Kiedy|Podczas|Według|Oprócz|Obecnie|"
            "Również|Ponadto|Następnie|Pierwszy|Pierwsza|Wśród|Za|Nie|Już|Tak|Jeden|Jedna|"
            "Ponieważ|Natomiast|A|I"
        ),
    ),
    "nl": Rules(
        never_last=(
            "dhr.|mevr.|mw.|dr.|drs.|prof.|ir.|ing.|mr.|ds.|St.|bijv.|bv.|d. w. z.|d.w.z.|o. a.|"
            "o.a.|m. n.|m.n.|i. p. v.|t. o. v.|t. g. v.|i. v. m.|a. k. a.|ca.|resp.|vgl.|z. g.|"
            "zgn.|incl.|excl.|geb.|gest.|ong.|max.|min.|t. a. v.|m. b. t.|lat.|gr.|eng.|fr.|du.|"
            "gen.|kol.|lt.|kapt.|v. d.|a. d.|cf.|o. l. v.|afk.|letterl.|oorspr."
        ),
        inside=(
            "v. Chr.|n. Chr.|v. C.|n. C.|e. d.|e. a.|a. u. b.|N. V.|B. V.|S. A.|m. a. w.|e. v.|"
            "o. i. d."
        ),
        before_number=(
            "nr.|nrs.|blz.|p.|pp.|art.|dl.|hfst.|afb.|fig.|vol.|c.|jrg.|vs.|op.|no.|tel."
        ),
        months=(
            "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|"
            "december"
        ),
        openers=(
            "De|Het|Een|In|Op|Bij|Met|Na|Naar|Om|Onder|Over|Per|Sinds|Tijdens|Tot|Uit|Van|Voor|"
            "Hij|Zij|Ze|Deze|Dit|Die|Dat|Er|Hier|Daar|Daarom|Daarnaast|Door|Als|Toen|Volgens|Ook|"
            "Maar|Zijn|Haar|Hun|Men|Andere|Aan|Alle|Eén|Veel|Sommige|Omdat|Hoewel|Terwijl|Zo|Want"
        ),
    ),
    "la": Rules(
        never_last=(
            "S.|Ss.|SS.|D.|Dr.|cf.|e. g.|i. e.|v. g.|q. v.|vid.|Cn.|Sp.|Ti.|Ap.|Mam.|Ser.|Sex.|"
            "Kal.|Non.|Eid.|Id.|a. d.|ca.|circ.|circa.|nat.|ob.|sc.|scil.|Anglice.|Gr.|Lat.|"
            "vulgo.|aet.|ed.|edd.|Prof.|Theod.|P. S.|S. J.|p. Chr.|a. Chr."
        ),
        inside=(
            "a. C. n.|p. C. n.|a. Chr. n.|p. Chr. n.|a. C.|p. C.|A. D.|A. U. C.|a. u. c.|"
            "S. P. Q. R.|et al.|N. B.|s. v.|u. c."
        ),
        before_number=(
            "n.|no.|num.|p.|pp.|pag.|vol.|cap.|lib.|art.|fig.|tom.|c.|v.|vv.|l.|op.|an.|§."
        ),
        months=(
            "Ianuarii|Februarii|Martii|Aprilis|Maii|Iunii|Iulii|Augusti|Septembris|Octobris|"
            "Novembris|Decembris|Ian.|Feb.|Mart.|Apr.|Iun.|Iul.|Aug.|Sept.|Oct.|Nov.|Dec.|"
            "Januarii|Junii|Julii"
        ),
        openers=(
            "In|Est|Et|Ad|Ab|A|Ex|E|De|Cum|Per|Post|Hic|Haec|Hoc|Is|Ea|Id|Eius|Sed|Qui|Quae|Quod|"
            "Quia|Si|Sub|Ut|Ubi|Anno|Erat|Fuit|Sunt|Inter|Iam|Nunc|Nam|Non|Pro|Primus|Secundum|"
            "Etiam|Ante"
        ),
    ),
}
