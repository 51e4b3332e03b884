# ruff: noqa: E501  (wordings are easier to read in one piece)
"""Dutch wordings of the editing exercise."""

from beam_synth.methods.editing.wordings import Instructions, targets

INSTRUCTIONS = Instructions(
    leads=(
        "Ik heb dit vandaag nodig.",
        "Hier is een kort stuk.",
        "Een collega gaf me de tekst hieronder.",
        "Dit kwam vanochtend binnen.",
        "Een klein karwei voor u.",
        "De tekst hieronder is bedoeld voor een folder.",
        "We stellen een leesboek voor onze school samen.",
        "Mijn redactie wacht hierop.",
        "Hieronder staat een stuk uit een naslagwerk.",
        "Ik werk aan een pagina voor onze vereniging.",
        "Fijn dat u dit wilt doen.",
        "Voor het volgende nummer ontbreekt nog iets.",
        "Mijn klas leest dit morgen.",
        "Er ligt nog een tekst op mijn bureau.",
        "Goedemorgen!",
        "Onze bibliotheek wil dit stuk gebruiken.",
        "Het is maar een kort fragment.",
        "Een helpende hand zou welkom zijn.",
        "U hebt een goed oog voor teksten.",
        "Volgende week geef ik een lezing.",
    ),
    frames=(
        "{task}.",
        "{task}, alstublieft.",
        "{task}. Stuur alleen het resultaat terug.",
        "{task}. Commentaar heb ik niet nodig.",
        "{task}. Alvast bedankt.",
    ),
    menu=(
        "Kies de taak die het best bij de tekst past en voer die uit:",
        "Welke van deze taken zou de tekst het meest helpen? Doe alleen die:",
        "Neem uit deze lijst wat de tekst het meest dient en voer het uit:",
        "Eén van deze karweien is het juiste voor de tekst hieronder. Doe dat alstublieft:",
        "Dit alles zou met de tekst kunnen gebeuren; doe wat het nuttigst is:",
        "Ik weet niet wat ik met deze tekst moet doen. Kies het beste hiervan en doe het:",
        "Doe van de onderstaande taken die waar deze tekst om vraagt:",
        "Bekijk eerst de tekst en doe dan wat het meest zinvol is:",
        "Maar één hiervan, alstublieft, en u beslist welke:",
        "Waarvoor leent deze tekst zich het best? Beslis voor één taak en voer die uit:",
        "Mogelijk is dit allemaal; ik wil graag wat het best past:",
        "Niet al deze taken passen bij de tekst. Doe die welke past:",
    ),
    open=(
        "Wat heeft deze tekst nodig? Doe het.",
        "Er klopt iets niet met deze tekst. Breng hem in orde en stuur hem terug.",
        "Kijk eens naar deze tekst en doe wat ervoor nodig is.",
        "Kunt u dit voor me in orde maken?",
        "Ik ben niet tevreden met deze tekst. Kijk wat er mis is en geef hem me terug.",
        "Kan dit zo gedrukt worden? Zo niet, zorg dan dat het kan.",
        "Breng deze tekst in vorm zonder hem te herschrijven, alstublieft.",
        "Dit leest niet goed. Zet het recht en laat al het andere staan.",
    ),
    tasks={
        "correct": (
            "Verbeter de fouten in deze tekst en verander verder niets",
            "Lees deze tekst na en laat staan wat goed is",
            "Haal alle fouten uit de tekst hieronder zonder aan de stijl te komen",
            "Loop dit fragment door en herstel spelling, grammatica en leestekens",
        ),
        "extract": (
            "Haal uit deze tekst één JSON-object met de sleutels {keys}, elke waarde woord voor woord",
            "Geef de waarden voor {keys} als JSON, precies zoals ze in de tekst staan",
            "Verzamel in één JSON-object wat de tekst onder {keys} bevat, letter voor letter overgenomen",
            "Maak van deze tekst een JSON-object met de sleutels {keys}, zonder iets toe te voegen",
        ),
        "simplify": (
            "Maak deze tekst eenvoudiger: zinnen van hoogstens {words} woorden, zonder haakjes",
            "Maak deze tekst makkelijker te lezen, met hoogstens {words} woorden per zin en geen haakjes",
            "Verdeel deze tekst in korte zinnen van hoogstens {words} woorden en vermijd haakjes",
            "Schrijf dit in gewone zinnen zonder haakjes, geen ervan langer dan {words} woorden",
        ),
        "summarise": (
            "Vat deze tekst samen in hoogstens {words} woorden",
            "Kort deze tekst in tot {percent}% van zijn lengte of minder",
            "Geef de hoofdpunten van deze tekst in niet meer dan {words} woorden",
            "Breng deze tekst terug tot {words} woorden of minder",
        ),
        "translate": (
            "Vertaal deze tekst {target}",
            "Zet deze tekst om {target}, met alle namen en getallen",
            "Vertaal de hele tekst {target} zonder iets weg te laten",
        ),
    },
    forms={
        "bullets": (
            "Maak van deze tekst een lijst, elk punt na een streepje",
            "Zet deze tekst puntsgewijs neer, elk punt op een regel die met een streepje begint",
            "Geef deze tekst de vorm van een lijst, met een streepje voor elk punt",
        ),
        "numbered": (
            "Maak van deze tekst een genummerde lijst (1., 2., 3. enzovoort)",
            "Zet deze tekst in genummerde punten: 1., 2., 3. enzovoort",
            "Nummer de punten van deze tekst, één per regel: 1., 2., 3. enzovoort",
        ),
        "questions": (
            "Maak van deze tekst vragen, elk met het antwoord op de volgende regel",
            "Zet deze tekst om in vragen en schrijf onder elke vraag het antwoord",
            "Geef deze tekst als vragen en antwoorden, elk antwoord op de regel onder de vraag",
        ),
        "letter": (
            "Herschrijf deze tekst als brief, met een aanhef en een groet",
            "Maak van deze tekst een brief, met een aanhef bovenaan en een groet aan het eind",
            "Giet deze tekst in een brief die met een aanhef begint en met een groet eindigt",
        ),
    },
    requests={
        "correct": (
            "Zou u de fouten in deze tekst willen verbeteren en de rest zo laten?",
            "Ik had graag een nette versie van deze tekst, waarin alleen de fouten zijn hersteld.",
            "Hoe luidt deze tekst als alleen de fouten eruit zijn?",
            "Er zijn fouten in deze tekst geslopen; die moeten weg, en verder niets.",
        ),
        "extract": (
            "Welke waarden geeft deze tekst voor {keys}? Een JSON-object met letterlijke waarden volstaat.",
            "Wat ik nodig heb, is een JSON-object met de sleutels {keys}, woord voor woord uit deze tekst.",
            "Kunt u uit deze tekst halen wat onder {keys} valt, als JSON en precies zo geschreven?",
        ),
        "simplify": (
            "Kunt u dit duidelijker maken, zonder haakjes en zonder zinnen van meer dan {words} woorden?",
            "Een eenvoudige versie zou helpen: geen haakjes, hoogstens {words} woorden per zin.",
            "Hoe zou u dit zeggen in zinnen van hoogstens {words} woorden, zonder haakjes?",
        ),
        "summarise": (
            "Wat zegt deze tekst, in hoogstens {words} woorden?",
            "Er is plaats voor {words} woorden: wat zijn de hoofdpunten?",
            "Kunt u deze tekst terugbrengen tot {percent}% van zijn lengte, of minder?",
        ),
        "translate": (
            "Hoe luidt deze tekst als hij {target} vertaald is?",
            "Kunt u deze tekst {target} omzetten, met alle namen en getallen?",
            "De hele tekst moet {target} vertaald worden.",
        ),
        "bullets": (
            "Kunt u dit als lijst neerzetten, met een streepje voor elk punt?",
            "Een lijst zou duidelijker zijn, met elk punt op een regel na een streepje.",
        ),
        "numbered": (
            "Kunt u de punten van deze tekst nummeren (1., 2., 3. enzovoort)?",
            "Een genummerde lijst zou duidelijker zijn: 1., 2., 3. enzovoort.",
        ),
        "questions": (
            "Kunt u hier vragen van maken, elk met het antwoord op de volgende regel?",
            "Wat zou je hierover kunnen vragen? Schrijf de vragen op en onder elke vraag het antwoord.",
        ),
        "letter": (
            "Kunt u hier een brief van maken, met een aanhef en een groet?",
            "Dit moet als brief de deur uit, van de aanhef tot de groet.",
        ),
    },
    targets=targets(
        "in het Engels|in het Frans|in het Duits|in het Spaans|in het Italiaans|in het Pools|in het Nederlands|in het Latijn"
    ),
    keys={"names": "namen", "dates": "datums", "years": "jaren", "numbers": "getallen"},
    greeting=("Beste lezer,", "Beste vriend,", "Goedendag,"),
    closing=("Met vriendelijke groet", "Met de beste wensen", "Hoogachtend"),
    ask=("Wat valt er te zeggen over {topic}?", "Wat is er bekend over {topic}?", "En {topic}?"),
)
