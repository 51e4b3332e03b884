# ruff: noqa: E501  (wordings are easier to read in one piece)
"""Polish wordings of the editing exercise."""

from beam_synth.methods.editing.wordings import Instructions, targets

INSTRUCTIONS = Instructions(
    leads=(
        "Potrzebuję tego na dzisiaj.",
        "Oto krótki tekst.",
        "Koleżanka dała mi poniższy tekst.",
        "To przyszło dziś rano.",
        "Mam małe zadanie.",
        "Poniższy tekst ma trafić do ulotki.",
        "Przygotowujemy wypisy dla naszej szkoły.",
        "Moja redakcja już na to czeka.",
        "Poniżej jest fragment encyklopedii.",
        "Pracuję nad stroną naszego koła.",
        "Dziękuję za pomoc.",
        "Do następnego numeru brakuje jeszcze jednej rzeczy.",
        "Moja klasa przeczyta to jutro.",
        "Na moim biurku leży jeszcze jeden tekst.",
        "Dzień dobry!",
        "Nasza biblioteka chce wykorzystać ten fragment.",
        "To tylko krótki kawałek.",
        "Przyda mi się pomocna dłoń.",
        "Liczę na dobre oko do tekstów.",
        "W przyszłym tygodniu wygłaszam odczyt.",
    ),
    frames=(
        "{task}.",
        "{task}, dobrze?",
        "{task}. Odeślij sam wynik i nic więcej.",
        "{task}. Komentarzy mi nie trzeba.",
        "{task}. Z góry dziękuję.",
    ),
    menu=(
        "Wybierz zadanie, które najlepiej pasuje do tekstu, i je wykonaj:",
        "Które z tych zadań najbardziej pomogłoby temu tekstowi? Wykonaj tylko to:",
        "Weź z tej listy to, co najlepiej przysłuży się tekstowi, i zrób to:",
        "Jedno z tych zadań jest właściwe dla poniższego tekstu. Zrób właśnie to:",
        "Oto, co można by zrobić z tym tekstem; zrób to, co najbardziej przydatne:",
        "Nie wiem, co począć z tym tekstem. Wybierz najlepszy z tych pomysłów i go zrealizuj:",
        "Spośród poniższych zadań wykonaj to, którego ten tekst wymaga:",
        "Najpierw przyjrzyj się tekstowi, a potem zrób to, co ma najwięcej sensu:",
        "Tylko jedno z tych zadań, a wybór należy do ciebie:",
        "Do czego ten tekst nadaje się najlepiej? Zdecyduj się na jedno i to zrób:",
        "Wszystko to jest możliwe; chcę tego, co pasuje najlepiej:",
        "Nie wszystkie te zadania pasują do tekstu. Wykonaj to, które pasuje:",
    ),
    open=(
        "Czego potrzebuje ten tekst? Zrób to.",
        "Z tym tekstem coś jest nie tak. Uporządkuj go i odeślij.",
        "Spójrz na ten tekst i zrób to, czego mu trzeba.",
        "Czy możesz mi to naprawić?",
        "Ten tekst mnie nie zadowala. Sprawdź, co jest źle, i oddaj mi go poprawiony.",
        "Czy to można tak wydrukować? Jeśli nie, zrób, co trzeba.",
        "Doprowadź ten tekst do porządku, ale nie pisz go od nowa.",
        "To się źle czyta. Wyprostuj to i nie ruszaj niczego innego.",
    ),
    tasks={
        "correct": (
            "Popraw błędy w tym tekście i nie zmieniaj niczego innego",
            "Zrób korektę tego tekstu, a to, co poprawne, zostaw bez zmian",
            "Usuń wszystkie błędy z poniższego tekstu, nie ruszając stylu",
            "Przejrzyj ten fragment i popraw pisownię, gramatykę i interpunkcję",
        ),
        "extract": (
            "Wyciągnij z tego tekstu obiekt JSON z kluczami {keys}, każda wartość słowo w słowo",
            "Podaj w JSON wartości dla {keys}, skopiowane dokładnie z tekstu",
            "Zbierz w jednym obiekcie JSON to, co tekst zawiera pod kluczami {keys}, przepisane litera po literze",
            "Zrób z tego tekstu obiekt JSON z kluczami {keys}, niczego nie dodając",
        ),
        "simplify": (
            "Uprość ten tekst: zdania do {words} słów, bez nawiasów",
            "Spraw, by ten tekst łatwiej się czytało: do {words} słów w zdaniu i żadnych nawiasów",
            "Podziel ten tekst na krótkie zdania, każde do {words} słów, i unikaj nawiasów",
            "Napisz to prostymi zdaniami bez nawiasów, o długości do {words} słów",
        ),
        "summarise": (
            "Streść ten tekst w najwyżej {words} słowach",
            "Skróć ten tekst do {percent} % jego długości lub mniej",
            "Podaj główne myśli tego tekstu w najwyżej {words} słowach",
            "Zmieść treść tego tekstu w {words} słowach lub mniej",
        ),
        "translate": (
            "Przetłumacz ten tekst {target}",
            "Przełóż ten tekst {target}, ze wszystkimi nazwami i liczbami",
            "Przetłumacz cały ten tekst {target}, niczego nie pomijając",
        ),
    },
    forms={
        "bullets": (
            "Zrób z tego tekstu listę, każdy punkt po myślniku",
            "Ułóż ten tekst w punktach, każdy w osobnym wierszu zaczynającym się od myślnika",
            "Przedstaw ten tekst jako listę z myślnikiem przed każdym punktem",
        ),
        "numbered": (
            "Zrób z tego tekstu listę numerowaną (1., 2., 3. i tak dalej)",
            "Ułóż ten tekst w numerowanych punktach: 1., 2., 3. i tak dalej",
            "Ponumeruj punkty tego tekstu, każdy w osobnym wierszu: 1., 2., 3. i tak dalej",
        ),
        "questions": (
            "Zrób z tego tekstu pytania, każde z odpowiedzią w następnym wierszu",
            "Przerób ten tekst na pytania i pod każdym napisz odpowiedź",
            "Przedstaw ten tekst jako pytania i odpowiedzi, każda odpowiedź w wierszu pod pytaniem",
        ),
        "letter": (
            "Napisz ten tekst jako list, z powitaniem i zakończeniem",
            "Zrób z tego tekstu list, z powitaniem na początku i pożegnaniem na końcu",
            "Ujmij ten tekst w list, który otwiera powitanie, a zamyka pożegnanie",
        ),
    },
    requests={
        "correct": (
            "Czy możesz poprawić błędy w tym tekście, a resztę zostawić?",
            "Chcę czystej wersji tego tekstu, w której poprawiono tylko błędy.",
            "Jak brzmi ten tekst, gdy poprawi się jego błędy i nic poza nimi?",
            "Do tego tekstu wkradły się błędy; mają zniknąć one i nic więcej.",
        ),
        "extract": (
            "Jakie wartości podaje ten tekst dla {keys}? Wystarczy mi wierny obiekt JSON.",
            "Potrzebny jest obiekt JSON z kluczami {keys}, wypełniony słowo w słowo z tego tekstu.",
            "Czy możesz wypisać z tego tekstu, w JSON i dokładnie tak, jak jest napisane, to, co należy do {keys}?",
        ),
        "simplify": (
            "Czy możesz to ująć jaśniej, bez nawiasów i w zdaniach do {words} słów?",
            "Przyda się prosta wersja: żadnych nawiasów, w zdaniu do {words} słów.",
            "Jak powiedzieć to w zdaniach do {words} słów, bez żadnych nawiasów?",
        ),
        "summarise": (
            "Co mówi ten tekst, w najwyżej {words} słowach?",
            "Miejsca jest na tyle słów: {words}. Jakie są główne punkty?",
            "Czy możesz skrócić ten tekst do {percent} % jego długości albo bardziej?",
        ),
        "translate": (
            "Jak brzmi ten tekst w przekładzie {target}?",
            "Czy możesz przełożyć ten tekst {target}, ze wszystkimi nazwami i liczbami?",
            "Cały ten tekst trzeba przetłumaczyć {target}.",
        ),
        "bullets": (
            "Czy możesz ułożyć to w listę, z myślnikiem przed każdym punktem?",
            "Lista będzie czytelniejsza, każdy punkt w osobnym wierszu po myślniku.",
        ),
        "numbered": (
            "Czy możesz ponumerować punkty tego tekstu (1., 2., 3. i tak dalej)?",
            "Lista numerowana będzie czytelniejsza: 1., 2., 3. i tak dalej.",
        ),
        "questions": (
            "Czy możesz zrobić z tego pytania, każde z odpowiedzią w następnym wierszu?",
            "O co można by tu zapytać? Napisz pytania, a pod każdym odpowiedź.",
        ),
        "letter": (
            "Czy możesz zrobić z tego list, z powitaniem i zakończeniem?",
            "To ma wyjść jako list, od powitania aż po zakończenie.",
        ),
    },
    targets=targets(
        "na angielski|na francuski|na niemiecki|na hiszpański|na włoski|na polski|na niderlandzki|na łacinę"
    ),
    keys={"names": "nazwy", "dates": "daty", "years": "lata", "numbers": "liczby"},
    greeting=("Szanowni Państwo,", "Drogi przyjacielu,", "Dzień dobry,"),
    closing=("Z poważaniem", "Z najlepszymi życzeniami", "Serdecznie pozdrawiam"),
    ask=(
        "Co można powiedzieć na temat: {topic}?",
        "Co wiadomo na temat: {topic}?",
        "A {topic}?",
    ),
)
