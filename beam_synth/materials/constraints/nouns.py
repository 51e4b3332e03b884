"""A short ordered list of common nouns for N+k in each language, written for this project.

All entries of a language are singular and lower case but in German; the order is the dictionary's.
"""

from __future__ import annotations

_NOUNS = {
    "en": "army art book bridge castle century church city club country family film forest "
    "game group house island king lake language law man mountain music name park people "
    "place poem queen region river road school sea song state station street team "
    "theory town tree valley village war water woman word work world year",
    "fr": "année arbre armée art auteur château chemin chose ciel eau église empire enfant "
    "film fleuve forêt groupe guerre histoire homme jardin jour langue livre loi lune "
    "main maison mer monde montagne mot musique nom nuit œuvre pays peuple place pont "
    "prince région reine roi rue siècle temps terre village ville voix",
    "de": "Anfang Baum Berg Bild Brücke Buch Burg Dorf Erde Familie Fluss Form Gebiet Gruppe "
    "Haus Herz Insel Jahr Jahrhundert Kaiser Kind Kirche König Krieg Kunst Land Leben "
    "Licht Mann Meer Mensch Musik Name Ort Platz Reich Schule See Spiel Sprache Stadt "
    "Stein Straße Tag Teil Tier Volk Wald Wasser Welt Werk Wort Zeit",
    "es": "agua año árbol arte barrio batalla bosque calle camino campo casa castillo ciudad "
    "cosa escuela familia forma grupo guerra historia hombre iglesia imperio isla lago "
    "lengua ley libro lugar mar montaña mujer mundo música nombre obra país palabra "
    "parte persona plaza pueblo puente reina rey río siglo sol tiempo tierra valle vida",
    "it": "acqua albero anno arte autore bosco campo canto casa castello chiesa città corpo "
    "famiglia figlio film fiume forma giorno gruppo guerra impero isola lago legge "
    "libro lingua luna luogo mare mondo montagna musica nome opera paese parola parte "
    "periodo piazza ponte popolo porta re regina regione secolo sole storia strada "
    "tempo terra uomo via vita zona",
    "pl": "autor bitwa budynek czas człowiek dom droga drzewo dzieło dzień film góra grupa "
    "historia imię jezioro język kobieta kościół kraj król książka las liczba lud "
    "miasto miejsce morze most nauka nazwa okres państwo praca prawo rok rzeka sen "
    "słowo szkoła sztuka świat teren utwór wiek wieś woda wojna wyspa zamek ziemia "
    "życie",
    "nl": "auteur bedrijf berg boek boom bos brug deel dier dorp eeuw eiland familie film "
    "gebied groep huis jaar kasteel kerk kind koning kunst land leger leven man meer "
    "mens muziek naam oorlog park plaats plein provincie rivier school spel staat stad "
    "station steen straat taal tijd tuin volk vrouw water weg wereld werk woord zee",
    "la": "aetas ager amicus amor animus annus aqua arbor ars bellum caelum carmen castra "
    "civitas corpus deus dies dominus domus dux epistula fama femina filius flumen "
    "forma gens genus homo hostis imperium insula iter ius lex liber locus lux mare "
    "mons mundus nomen nox oppidum opus pars pater pons populus provincia regina regio "
    "rex sol tempus terra urbs verbum via vita",
}


def nouns(language: str) -> tuple[str, ...]:
    """The ordered list of a language (that of `records.LANGUAGES`). Raises KeyError for another.

    >>> nouns("en")[:3]
    ('army', 'art', 'book')
    """
    return tuple(_NOUNS[language].split())
