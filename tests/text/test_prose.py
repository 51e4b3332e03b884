# ruff: noqa: E501  (texts are easier to read in one piece)
"""What is prose and what is not; own texts, since a false "no prose" loses a passage."""

from __future__ import annotations

import pytest

from beam_synth.text.prose import BIBLIOGRAPHY, CODES, LINKS, no_prose

NONE = [
    ("en", BIBLIOGRAPHY, "Lind, A. (1998). The Tin Mill. Oslo: Fjord Press, pp. 12-40.\n"
     "Holm, M., ed. (2001). Mills of the North. Vol. 2. Havn University Press. ISBN 1-234.\n"
     "Berg, T. J. (1977). Water Wheels. Journal of Wheels, vol. 3, pp. 1-9."),
    ("de", BIBLIOGRAPHY, "Lind, A.: Die Zinnmühle. Fjord Verlag, Lindau 1998, ISBN 3-123, S. 12.\n"
     "Marta Holm (Hrsg.): Mühlen. Bd. 2, 3. Aufl., Havn Verlag, Thun 2001, ISBN 3-456."),
    ("fr", BIBLIOGRAPHY, "Lind, A., Le Moulin d'étain, Éditions Fjord, coll. Roues, 1998, p. 12.\n"
     "M. Holm, Moulins, t. II, Paris, Éditions Havn, 2001, ISBN 2-123."),
    ("it", BIBLIOGRAPHY, "Lind, A., Mulini, Torino, Fjord Editore, 1998, pp. 12-40, ISBN 88-1.\n"
     "M. Holm, Ruote, vol. 2, Milano, Havn Editore, 2001, p. 9."),
    ("en", CODES, "AA1 BB2 CC3\nDD4 EE5 FF6\nGG7 HH8 II9\nJJ1 KK2 LL3\nMM4 NN5 OO6"),
    ("pl", CODES, "W12: 345 678 90\nW13: 346 679 91\nW14: 347 680 92\nW15: 348 681 93"),
    ("en", LINKS, "Mill museum: www.mill.example.org\nWheel society: https://wheel.example.com\n"
     "Oslo archive: www.archive.example.net\nTin trade: https://tin.example.org"),
]  # fmt: skip
PROSE = [
    ("en", "The mill stood by the river, and in 1998 it burnt down (Lind 1998, p. 12); ISBN numbers "
     "were painted on the doors of the archive, which was later moved to www.example.org."),
    ("en", "Founded in 1912. Closed in 1954. Reopened as a museum in 1971, with 24 rooms and a café "
     "that serves visitors from May to October."),
    ("en", "Former clerks include Anna Berg of Wheels.com, Tai Holm, Ida Falk, Lise Moor, Marta Lind, "
     "Rizal Moor, John Granby, Tessa Havn, Colin Perrow, Mola Thun, Otto Lindau and Peter Fjord."),
    ("it", "Cattolici: 2.184.615 (56%)\nProtestanti: 1.513.295 (32%)\nOrtodossi: 35.655 (1%)\n"
     "Buddhisti: 85.540 (2%)\nAltri: 200.345 (5%)"),
    ("en", "KBC One\nKBC Two\nKBC Three\nKBC News\nKBC Wales\nKBC Parliament\nKBC Scotland"),
    ("en", "Towns of the valley: Lindau, Thun, Perrow, Tessa, Havn, Fjord, Holm, Berg, Lise, Ida, "
     "Mola, Granby, Old Perrow, New Perrow"),
    ("en", "Rizal Moor (1937–1941)\nTai Holm (1941–1950)\nIda Falk (1950–1961)\n"
     "Anna Berg (1961–1967)\nLise Moor (1967–1982)\nMarta Lind (1982–1992)"),
    ("de", "Partnerstädte: Havn, Norwegen (1974), Thun, Schweiz (1980), Perrow, England (1985), "
     "Mola, Italien (1992), Lublin, Polen (1995), Arles, Frankreich (2002)"),
    ("de", "Die Mühle brannte 1998 ab. Lind (Hrsg.) beschreibt in Bd. 2 auf S. 12, wie das Feuer in "
     "der Nacht vom Dach auf die Scheune übersprang."),
    ("pl", "Reżyser urodził się w 1977 w Warszawie. W 2005 stworzył film, który wyświetlano też w "
     "telewizji; prowadzi stronę film.example.pl i pisze scenariusze."),
    ("la", "Mola ad flumen stabat, quae anno 1998 igne deleta est, et postea a civibus refecta."),
    ("th", "AA1 BB2 CC3 DD4 EE5 FF6 GG7 HH8 II9 JJ1 KK2 LL3 MM4 NN5 OO6"),  # words are not known
    ("en", "AA1 BB2 CC3"),  # too short to say
]  # fmt: skip


@pytest.mark.parametrize(("language", "kind", "text"), NONE)
def test_no_prose(language: str, kind: str, text: str) -> None:
    assert no_prose(text, language) == kind


@pytest.mark.parametrize(("language", "text"), PROSE)
def test_prose_and_what_is_not_sure(language: str, text: str) -> None:
    assert no_prose(text, language) == ""
