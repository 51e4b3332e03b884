# ruff: noqa: E501  (wordings are easier to read in one piece)
"""Wordings of the editing exercise in eight languages: data, no logic."""

from __future__ import annotations

import dataclasses

Words = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Instructions:
    """What is said in one language around an editing task.

    Slots: {task} a phrase of `tasks` or `forms`, {words} {percent} numbers, {keys} quoted keys,
    {target} a language with what leads to it ("into French").
    """

    frames: Words  # around a single task
    menu: Words  # above a list of tasks, of which the fitting one is to be chosen
    open: Words  # asks for what the text needs
    tasks: dict[str, Words]
    forms: dict[str, Words]
    targets: dict[str, str]
    keys: dict[str, str]  # kind of value -> key of the extracted object
    greeting: Words
    closing: Words
    ask: Words  # the rule engine's questions about a sentence: {topic}


def _targets(text: str) -> dict[str, str]:
    codes = ("en", "fr", "de", "es", "it", "pl", "nl", "la")
    return dict(zip(codes, text.split("|"), strict=True))


INSTRUCTIONS: dict[str, Instructions] = {
    "en": Instructions(
        frames=(
            "{task}.", "{task}, please.", "I need this today. {task}.",
            "Here is a piece of writing. {task}.", "{task}. Send back the result and nothing else.",
        ),
        menu=(
            "Choose the one of these tasks that suits the text best, and do it:",
            "Which of these would help this text most? Do only that one:",
        ),
        open=(
            "What does this text need? Do it.",
            "Something is not right with this text. Put it in order and send it back.",
            "Please look at this text and do whatever it needs.",
        ),
        tasks={
            "correct": ("Correct the mistakes in this text and change nothing else",
                        "Proofread this text; leave whatever is right as it is"),
            "extract": ("Draw out of this text one JSON object with the keys {keys}, each value word for word",
                        "Give the values for {keys} as JSON, copied exactly from the text"),
            "simplify": ("Put this text more simply: sentences of at most {words} words, no brackets",
                         "Make this easier to read, with no more than {words} words a sentence and no brackets"),
            "summarise": ("Summarise this text in at most {words} words",
                          "Shorten this text to {percent}% of its length or less"),
            "translate": ("Translate this text {target}", "Put this text {target}, with all names and numbers"),
        },
        forms={
            "bullets": ("Turn this text into a bulleted list, each point after a dash",),
            "numbered": ("Turn this text into a numbered list (1., 2., 3. and so on)",),
            "questions": ("Turn this text into questions, each with its answer on the next line",),
            "letter": ("Rewrite this text as a letter, with a greeting and a closing line",),
        },
        targets=_targets("into English|into French|into German|into Spanish|into Italian|into Polish|into Dutch|into Latin"),
        keys={"names": "names", "dates": "dates", "years": "years", "numbers": "numbers"},
        greeting=("Dear reader,", "Dear friend,", "Hello,"),
        closing=("Kind regards", "With best wishes", "Yours sincerely"),
        ask=("What can be said about {topic}?", "What is known of {topic}?", "And {topic}?"),
    ),
    "fr": Instructions(
        frames=(
            "{task}.", "{task}, s'il vous plaît.", "J'en ai besoin aujourd'hui. {task}.",
            "Voici un écrit. {task}.", "{task}. Envoyez le résultat et rien d'autre.",
        ),
        menu=(
            "Choisissez parmi ces tâches celle qui convient le mieux au texte, et faites-la :",
            "Laquelle de ces tâches serait la plus utile ici ? Faites seulement celle-là :",
        ),
        open=(
            "De quoi ce texte a-t-il besoin ? Faites-le.",
            "Quelque chose ne va pas dans ce texte. Mettez-le en ordre et renvoyez-le.",
            "Regardez ce texte et faites ce qu'il lui faut.",
        ),
        tasks={
            "correct": ("Corrigez les fautes de ce texte sans rien changer d'autre",
                        "Relisez ce texte et laissez tel quel ce qui est juste"),
            "extract": ("Tirez de ce texte un objet JSON avec les clés {keys}, chaque valeur mot pour mot",
                        "Donnez en JSON les valeurs de {keys}, copiées exactement du texte"),
            "simplify": ("Simplifiez ce texte : des phrases de {words} mots au plus, sans parenthèses",
                         "Rendez ce texte plus facile à lire, {words} mots par phrase au plus et aucune parenthèse"),
            "summarise": ("Résumez ce texte en {words} mots au plus",
                          "Raccourcissez ce texte à {percent} % de sa longueur ou moins"),
            "translate": ("Traduisez ce texte {target}", "Mettez ce texte {target}, avec tous les noms et les nombres"),
        },
        forms={
            "bullets": ("Faites de ce texte une liste à puces, chaque point après un tiret",),
            "numbered": ("Faites de ce texte une liste numérotée (1., 2., 3. et ainsi de suite)",),
            "questions": ("Faites de ce texte des questions, chacune avec sa réponse à la ligne suivante",),
            "letter": ("Réécrivez ce texte comme une lettre, avec une salutation et une formule de fin",),
        },
        targets=_targets("en anglais|en français|en allemand|en espagnol|en italien|en polonais|en néerlandais|en latin"),
        keys={"names": "noms", "dates": "dates", "years": "années", "numbers": "nombres"},
        greeting=("Chère lectrice, cher lecteur,", "Cher ami,", "Bonjour,"),
        closing=("Bien cordialement", "Avec mes meilleures salutations", "Bien à vous"),
        ask=("Que peut-on dire de {topic} ?", "Que sait-on de {topic} ?", "Et {topic} ?"),
    ),
    "de": Instructions(
        frames=(
            "{task}.", "Eine Bitte: {task}.", "Ich brauche das noch heute. {task}.",
            "Hier ist ein Schriftstück. {task}.", "{task}. Schicken Sie nur das Ergebnis zurück.",
        ),
        menu=(
            "Wählen Sie die Aufgabe, die am besten zu diesem Text passt, und erledigen Sie sie:",
            "Was davon würde diesem Text am meisten helfen? Tun Sie nur das:",
        ),
        open=(
            "Was braucht dieser Text? Erledigen Sie es.",
            "Mit diesem Text stimmt etwas nicht. Bringen Sie ihn in Ordnung und schicken Sie ihn zurück.",
            "Sehen Sie sich diesen Text bitte an und tun Sie, was nötig ist.",
        ),
        tasks={
            "correct": ("Verbessern Sie die Fehler in diesem Text und ändern Sie sonst nichts",
                        "Lesen Sie diesen Text Korrektur und lassen Sie stehen, was richtig ist"),
            "extract": ("Ziehen Sie aus diesem Text ein JSON-Objekt mit den Schlüsseln {keys} heraus, jeden Wert wörtlich",
                        "Geben Sie die Werte für {keys} als JSON an, genau wie sie im Text stehen"),
            "simplify": ("Vereinfachen Sie diesen Text: Sätze mit höchstens {words} Wörtern, keine Klammern",
                         "Machen Sie diesen Text leichter lesbar, mit höchstens {words} Wörtern im Satz und ohne Klammern"),
            "summarise": ("Fassen Sie diesen Text in höchstens {words} Wörtern zusammen",
                          "Kürzen Sie diesen Text auf höchstens {percent} % seiner Länge"),
            "translate": ("Übersetzen Sie diesen Text {target}", "Übertragen Sie diesen Text {target}, mit allen Namen und Zahlen"),
        },
        forms={
            "bullets": ("Machen Sie aus diesem Text eine Liste, jeden Punkt nach einem Strich",),
            "numbered": ("Machen Sie aus diesem Text eine nummerierte Liste (1., 2., 3. und so weiter)",),
            "questions": ("Machen Sie aus diesem Text Fragen, jede mit ihrer Antwort in der nächsten Zeile",),
            "letter": ("Schreiben Sie diesen Text als Brief, mit Anrede und Grußformel",),
        },
        targets=_targets("ins Englische|ins Französische|ins Deutsche|ins Spanische|ins Italienische|ins Polnische|ins Niederländische|ins Lateinische"),
        keys={"names": "Namen", "dates": "Daten", "years": "Jahre", "numbers": "Zahlen"},
        greeting=("Liebe Leserin, lieber Leser,", "Lieber Freund,", "Guten Tag,"),
        closing=("Mit freundlichen Grüßen", "Mit besten Wünschen", "Herzliche Grüße"),
        ask=("Was lässt sich über {topic} sagen?", "Was weiß man von {topic}?", "Und {topic}?"),
    ),
    "es": Instructions(
        frames=(
            "{task}.", "{task}, por favor.", "Lo necesito hoy. {task}.",
            "Este es un escrito. {task}.", "{task}. Envíe el resultado y nada más.",
        ),
        menu=(
            "Elija la tarea que mejor convenga al texto y hágala:",
            "¿Cuál de estas tareas le vendría mejor al texto? Haga solo esa:",
        ),
        open=(
            "¿Qué necesita este texto? Hágalo.",
            "Algo no está bien en este texto. Póngalo en orden y devuélvalo.",
            "Mire este texto, por favor, y haga lo que le haga falta.",
        ),
        tasks={
            "correct": ("Corrija los errores de este texto y no cambie nada más",
                        "Revise este texto y deje como está lo que esté bien"),
            "extract": ("Saque de este texto un objeto JSON con las claves {keys}, cada valor palabra por palabra",
                        "Dé en JSON los valores de {keys}, copiados exactamente del texto"),
            "simplify": ("Simplifique este texto: frases de {words} palabras como máximo, sin paréntesis",
                         "Haga este texto más fácil de leer, con {words} palabras por frase como máximo y sin paréntesis"),
            "summarise": ("Resuma este texto en {words} palabras como máximo",
                          "Acorte este texto al {percent} % de su longitud o menos"),
            "translate": ("Traduzca este texto {target}", "Ponga este texto {target}, con todos los nombres y números"),
        },
        forms={
            "bullets": ("Convierta este texto en una lista, cada punto tras un guion",),
            "numbered": ("Convierta este texto en una lista numerada (1., 2., 3., etc.)",),
            "questions": ("Convierta este texto en preguntas, cada una con su respuesta en la línea siguiente",),
            "letter": ("Reescriba este texto como una carta, con saludo y despedida",),
        },
        targets=_targets("al inglés|al francés|al alemán|al español|al italiano|al polaco|al neerlandés|al latín"),
        keys={"names": "nombres", "dates": "fechas", "years": "años", "numbers": "números"},
        greeting=("Estimado lector:", "Querido amigo:", "Hola:"),
        closing=("Un cordial saludo", "Con mis mejores deseos", "Atentamente"),
        ask=("¿Qué se puede decir de {topic}?", "¿Qué se sabe de {topic}?", "¿Y {topic}?"),
    ),
    "it": Instructions(
        frames=(
            "{task}.", "{task}, per favore.", "Mi serve oggi. {task}.",
            "Ecco uno scritto. {task}.", "{task}. Mandi solo il risultato e nient'altro.",
        ),
        menu=(
            "Scelga il compito che più si adatta al testo e lo svolga:",
            "Quale di questi compiti servirebbe di più al testo? Svolga solo quello:",
        ),
        open=(
            "Di che cosa ha bisogno questo testo? Lo faccia.",
            "In questo testo qualcosa non va. Lo metta in ordine e lo rimandi.",
            "Guardi questo testo, per favore, e faccia quello che serve.",
        ),
        tasks={
            "correct": ("Corregga gli errori di questo testo e non cambi altro",
                        "Rilegga questo testo e lasci com'è quello che è giusto"),
            "extract": ("Ricavi da questo testo un oggetto JSON con le chiavi {keys}, ogni valore parola per parola",
                        "Dia in JSON i valori di {keys}, copiati esattamente dal testo"),
            "simplify": ("Semplifichi questo testo: frasi di {words} parole al massimo, senza parentesi",
                         "Renda questo testo più facile da leggere, con {words} parole per frase al massimo e senza parentesi"),
            "summarise": ("Riassuma questo testo in {words} parole al massimo",
                          "Accorci questo testo al {percent} % della sua lunghezza o meno"),
            "translate": ("Traduca questo testo {target}", "Metta questo testo {target}, con tutti i nomi e i numeri"),
        },
        forms={
            "bullets": ("Trasformi questo testo in un elenco, ogni punto dopo un trattino",),
            "numbered": ("Trasformi questo testo in un elenco numerato (1., 2., 3. e così via)",),
            "questions": ("Trasformi questo testo in domande, ognuna con la risposta nella riga dopo",),
            "letter": ("Riscriva questo testo come una lettera, con saluto e chiusura",),
        },
        targets=_targets("in inglese|in francese|in tedesco|in spagnolo|in italiano|in polacco|in olandese|in latino"),
        keys={"names": "nomi", "dates": "date", "years": "anni", "numbers": "numeri"},
        greeting=("Gentile lettore,", "Caro amico,", "Buongiorno,"),
        closing=("Cordiali saluti", "Con i migliori auguri", "Distinti saluti"),
        ask=("Che cosa si può dire di {topic}?", "Che cosa si sa di {topic}?", "E {topic}?"),
    ),
    "pl": Instructions(
        frames=(
            "{task}.", "Proszę: {task}.", "Potrzebuję tego na dzisiaj. {task}.",
            "Oto pewne pismo. {task}.", "{task}. Proszę odesłać sam wynik i nic więcej.",
        ),
        menu=(
            "Proszę wybrać zadanie, które najlepiej pasuje do tekstu, i je wykonać:",
            "Które z tych zadań najbardziej pomogłoby temu tekstowi? Proszę wykonać tylko to:",
        ),
        open=(
            "Czego potrzebuje ten tekst? Proszę to zrobić.",
            "Z tym tekstem coś jest nie tak. Proszę go uporządkować i odesłać.",
            "Proszę spojrzeć na ten tekst i zrobić to, czego mu trzeba.",
        ),
        tasks={
            "correct": ("Popraw błędy w tym tekście i nie zmieniaj niczego innego",
                        "Zrób korektę tego tekstu, a to, co poprawne, zostaw bez zmian"),
            "extract": ("Wyciągnij z tego tekstu obiekt JSON z kluczami {keys}, każda wartość słowo w słowo",
                        "Podaj w JSON wartości dla {keys}, skopiowane dokładnie z tekstu"),
            "simplify": ("Uprość ten tekst: zdania najwyżej po {words} słów, bez nawiasów",
                         "Spraw, by ten tekst łatwiej się czytało: najwyżej {words} słów w zdaniu i żadnych nawiasów"),
            "summarise": ("Streść ten tekst w najwyżej {words} słowach",
                          "Skróć ten tekst do {percent} % jego długości lub mniej"),
            "translate": ("Przetłumacz ten tekst {target}", "Przełóż ten tekst {target}, ze wszystkimi nazwami i liczbami"),
        },
        forms={
            "bullets": ("Zrób z tego tekstu listę, każdy punkt po myślniku",),
            "numbered": ("Zrób z tego tekstu listę numerowaną (1., 2., 3. i tak dalej)",),
            "questions": ("Zrób z tego tekstu pytania, każde z odpowiedzią w następnym wierszu",),
            "letter": ("Napisz ten tekst jako list, z powitaniem i zakończeniem",),
        },
        targets=_targets("na angielski|na francuski|na niemiecki|na hiszpański|na włoski|na polski|na niderlandzki|na łacinę"),
        keys={"names": "nazwy", "dates": "daty", "years": "lata", "numbers": "liczby"},
        greeting=("Szanowni Państwo,", "Drogi przyjacielu,", "Dzień dobry,"),
        closing=("Z poważaniem", "Z najlepszymi życzeniami", "Serdecznie pozdrawiam"),
        ask=("Co można powiedzieć na temat: {topic}?", "Co wiadomo na temat: {topic}?", "A {topic}?"),
    ),
    "nl": Instructions(
        frames=(
            "{task}.", "{task}, alstublieft.", "Ik heb dit vandaag nodig. {task}.",
            "Hier is een stuk. {task}.", "{task}. Stuur alleen het resultaat terug.",
        ),
        menu=(
            "Kies de taak die het best bij de tekst past en voer die uit:",
            "Welke van deze taken zou de tekst het meest helpen? Doe alleen die:",
        ),
        open=(
            "Wat heeft deze tekst nodig? Doe het.",
            "Er klopt iets niet met deze tekst. Breng hem in orde en stuur hem terug.",
            "Kijk eens naar deze tekst en doe wat ervoor nodig is.",
        ),
        tasks={
            "correct": ("Verbeter de fouten in deze tekst en verander verder niets",
                        "Lees deze tekst na en laat staan wat goed is"),
            "extract": ("Haal uit deze tekst één JSON-object met de sleutels {keys}, elke waarde woord voor woord",
                        "Geef de waarden voor {keys} als JSON, precies zoals ze in de tekst staan"),
            "simplify": ("Maak deze tekst eenvoudiger: zinnen van hoogstens {words} woorden, zonder haakjes",
                         "Maak deze tekst makkelijker te lezen, met hoogstens {words} woorden per zin en geen haakjes"),
            "summarise": ("Vat deze tekst samen in hoogstens {words} woorden",
                          "Kort deze tekst in tot {percent}% van zijn lengte of minder"),
            "translate": ("Vertaal deze tekst {target}", "Zet deze tekst om {target}, met alle namen en getallen"),
        },
        forms={
            "bullets": ("Maak van deze tekst een lijst, elk punt na een streepje",),
            "numbered": ("Maak van deze tekst een genummerde lijst (1., 2., 3. enzovoort)",),
            "questions": ("Maak van deze tekst vragen, elk met het antwoord op de volgende regel",),
            "letter": ("Herschrijf deze tekst als brief, met een aanhef en een groet",),
        },
        targets=_targets("in het Engels|in het Frans|in het Duits|in het Spaans|in het Italiaans|in het Pools|in het Nederlands|in het Latijn"),
        keys={"names": "namen", "dates": "datums", "years": "jaren", "numbers": "getallen"},
        greeting=("Beste lezer,", "Beste vriend,", "Goedendag,"),
        closing=("Met vriendelijke groet", "Met de beste wensen", "Hoogachtend"),
        ask=("Wat valt er te zeggen over {topic}?", "Wat is er bekend over {topic}?", "En {topic}?"),
    ),
    "la": Instructions(
        frames=(
            "{task}.", "{task}, quaeso.", "Hodie mihi opus est. {task}.",
            "Ecce scriptum. {task}.", "{task}. Mitte tantum quod effeceris et nihil aliud.",
        ),
        menu=(
            "Elige ex his operibus id quod scripto maxime convenit, et perfice:",
            "Quid horum huic scripto maxime prodest? Id solum fac:",
        ),
        open=(
            "Quid huic scripto opus est? Id fac.",
            "Aliquid in hoc scripto non recte se habet. Emenda id et remitte.",
            "Inspice quaeso hoc scriptum et fac quod opus est.",
        ),
        tasks={
            "correct": ("Emenda menda huius scripti neque quicquam aliud muta",
                        "Lege hoc scriptum et corrige; quae recta sunt, relinque"),
            "extract": ("Excerpe ex hoc scripto unum obiectum JSON cum clavibus {keys}, omnia ad verbum",
                        "Da in forma JSON ea quae ad {keys} pertinent, ut in scripto sunt"),
            "simplify": ("Redde hoc scriptum simplicius: sententiae sint verborum non plus quam {words}, sine uncis",
                         "Fac ut hoc scriptum facilius legatur, verbis in sententia non plus quam {words} et sine uncis"),
            "summarise": ("Contrahe hoc scriptum in verba non plura quam {words}",
                          "Fac hoc scriptum brevius, ad {percent}% longitudinis vel minus"),
            "translate": ("Converte hoc scriptum {target}", "Verte hoc scriptum {target}, cum omnibus nominibus et numeris"),
        },
        forms={
            "bullets": ("Fac ex hoc scripto indicem, singula post lineolam",),
            "numbered": ("Fac ex hoc scripto indicem numeratum (1., 2., 3. et cetera)",),
            "questions": ("Fac ex hoc scripto quaestiones, et cuique in proxima linea responde",),
            "letter": ("Scribe hoc scriptum in modum epistulae, cum salutatione et valedictione",),
        },
        targets=_targets("in linguam Anglicam|in linguam Francogallicam|in linguam Theodiscam|in linguam Hispanicam|in linguam Italicam|in linguam Polonicam|in linguam Batavam|in linguam Latinam"),
        keys={"names": "nomina", "dates": "dies", "years": "anni", "numbers": "numeri"},
        greeting=("Salve, lector,", "Care amice,", "Salvete,"),
        closing=("Vale", "Cura ut valeas", "Bene vale"),
        ask=("Quid de hac re dici potest: {topic}?", "Quid de hac re notum est: {topic}?", "Quid: {topic}?"),
    ),
}  # fmt: skip
