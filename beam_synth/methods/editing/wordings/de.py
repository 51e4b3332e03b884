# ruff: noqa: E501  (wordings are easier to read in one piece)
"""German wordings of the editing exercise."""

from beam_synth.methods.editing.wordings import Instructions, targets

INSTRUCTIONS = Instructions(
    leads=(
        "Ich brauche das noch heute.",
        "Hier kommt ein kurzer Text.",
        "Eine Kollegin hat mir das gegeben.",
        "Das ist heute früh hereingekommen.",
        "Eine kleine Arbeit für Sie.",
        "Der Text unten ist für ein Faltblatt gedacht.",
        "Wir stellen ein Lesebuch für unsere Schule zusammen.",
        "Meine Redaktion wartet schon darauf.",
        "Unten steht ein Abschnitt aus einem Nachschlagewerk.",
        "Ich arbeite an einer Seite für unseren Verein.",
        "Danke, dass Sie mir helfen.",
        "Für das nächste Heft fehlt noch etwas.",
        "Meine Klasse liest das morgen.",
        "Auf meinem Tisch liegt noch ein Text.",
        "Guten Morgen!",
        "Unsere Bücherei möchte diesen Abschnitt verwenden.",
        "Es ist nur ein kurzes Stück.",
        "Eine helfende Hand käme mir gelegen.",
        "Sie haben doch ein gutes Auge für Texte.",
        "Nächste Woche halte ich einen Vortrag.",
    ),
    frames=(
        "{task}.",
        "Bitte eines: {task}.",
        "{task}. Schicken Sie nur das Ergebnis zurück.",
        "{task}. Anmerkungen brauche ich keine.",
        "{task}. Vielen Dank!",
    ),
    menu=(
        "Wählen Sie die Aufgabe, die am besten zu diesem Text passt, und erledigen Sie sie:",
        "Was davon würde diesem Text am meisten helfen? Tun Sie nur das:",
        "Nehmen Sie von den folgenden Aufgaben die passendste und führen Sie sie aus:",
        "Eine dieser Arbeiten ist für den Text unten die richtige. Erledigen Sie bitte diese:",
        "Das alles ließe sich mit dem Text machen; tun Sie, was am nützlichsten ist:",
        "Ich weiß nicht, was ich mit dem Text machen soll. Suchen Sie das Beste aus und tun Sie es:",
        "Von den Aufgaben hier erledigen Sie bitte die, nach der dieser Text verlangt:",
        "Sehen Sie sich zuerst den Text an, dann tun Sie davon das Sinnvollste:",
        "Nur eines davon, bitte, und Sie entscheiden, was:",
        "Wozu eignet sich dieser Text am besten? Entscheiden Sie sich für eines und tun Sie es:",
        "Möglich ist das alles; haben möchte ich, was am besten passt:",
        "Nicht alles davon passt zu diesem Text. Tun Sie, was passt:",
    ),
    open=(
        "Was braucht dieser Text? Erledigen Sie es.",
        "Mit diesem Text stimmt etwas nicht. Bringen Sie ihn in Ordnung und schicken Sie ihn zurück.",
        "Sehen Sie sich diesen Text bitte an und tun Sie, was nötig ist.",
        "Könnten Sie das für mich in Ordnung bringen?",
        "Ich bin mit diesem Text nicht zufrieden. Sehen Sie nach, was falsch ist, und geben Sie ihn mir zurück.",
        "Kann das so in den Druck? Wenn nicht, sorgen Sie dafür.",
        "Bringen Sie diesen Text bitte in Form, ohne ihn neu zu schreiben.",
        "Das liest sich nicht richtig. Rücken Sie es gerade und lassen Sie alles andere stehen.",
    ),
    tasks={
        "correct": (
            "Verbessern Sie die Fehler in diesem Text und ändern Sie sonst nichts",
            "Lesen Sie diesen Text Korrektur und lassen Sie stehen, was richtig ist",
            "Beheben Sie jeden Fehler im Text unten, ohne am Wortlaut zu rühren",
            "Gehen Sie diesen Abschnitt durch und berichtigen Sie Rechtschreibung, Grammatik und Zeichen",
        ),
        "extract": (
            "Ziehen Sie aus diesem Text ein JSON-Objekt mit den Schlüsseln {keys} heraus, jeden Wert wörtlich",
            "Geben Sie die Werte für {keys} als JSON an, genau wie sie im Text stehen",
            "Sammeln Sie in einem JSON-Objekt, was der Text unter {keys} enthält, Zeichen für Zeichen abgeschrieben",
            "Machen Sie aus diesem Text ein JSON-Objekt mit den Schlüsseln {keys}, ohne etwas hinzuzufügen",
        ),
        "simplify": (
            "Vereinfachen Sie diesen Text: Sätze mit höchstens {words} Wörtern, keine Klammern",
            "Machen Sie diesen Text leichter lesbar, mit höchstens {words} Wörtern im Satz und ohne Klammern",
            "Zerlegen Sie diesen Text in kurze Sätze von höchstens {words} Wörtern und verzichten Sie auf Klammern",
            "Schreiben Sie das in einfachen Sätzen ohne Klammern, keiner länger als {words} Wörter",
        ),
        "summarise": (
            "Fassen Sie diesen Text in höchstens {words} Wörtern zusammen",
            "Kürzen Sie diesen Text auf höchstens {percent} % seiner Länge",
            "Geben Sie die Hauptpunkte dieses Textes in höchstens {words} Wörtern wieder",
            "Bringen Sie diesen Text auf {words} Wörter oder weniger",
        ),
        "translate": (
            "Übersetzen Sie diesen Text {target}",
            "Übertragen Sie diesen Text {target}, mit allen Namen und Zahlen",
            "Bringen Sie den ganzen Text {target}, ohne etwas auszulassen",
        ),
    },
    forms={
        "bullets": (
            "Machen Sie aus diesem Text eine Liste, jeden Punkt nach einem Strich",
            "Ordnen Sie diesen Text in Punkten an, jeden in einer eigenen Zeile hinter einem Strich",
            "Gliedern Sie diesen Text als Liste mit einem Strich vor jedem Punkt",
        ),
        "numbered": (
            "Machen Sie aus diesem Text eine nummerierte Liste (1., 2., 3. und so weiter)",
            "Ordnen Sie diesen Text in nummerierten Punkten an: 1., 2., 3. und so weiter",
            "Nummerieren Sie die Punkte dieses Textes, jeden in einer Zeile: 1., 2., 3. und so weiter",
        ),
        "questions": (
            "Machen Sie aus diesem Text Fragen, jede mit ihrer Antwort in der nächsten Zeile",
            "Formen Sie diesen Text in Fragen um und schreiben Sie unter jede die Antwort",
            "Schreiben Sie diesen Text als Fragen und Antworten, jede Antwort in der Zeile unter ihrer Frage",
        ),
        "letter": (
            "Schreiben Sie diesen Text als Brief, mit Anrede und Grußformel",
            "Machen Sie aus diesem Text einen Brief, oben mit einer Anrede, unten mit einem Gruß",
            "Kleiden Sie diesen Text in einen Brief, der mit einer Anrede beginnt und mit einem Gruß endet",
        ),
    },
    requests={
        "correct": (
            "Könnten Sie die Fehler in diesem Text verbessern und den Rest so lassen?",
            "Ich hätte gern eine saubere Fassung dieses Textes, in der nur die Fehler behoben sind.",
            "Wie lautet dieser Text, wenn nur seine Fehler verbessert sind?",
            "In diesen Text haben sich Fehler eingeschlichen; sie sollen weg und sonst nichts.",
        ),
        "extract": (
            "Welche Werte nennt dieser Text für {keys}? Mir genügt ein JSON-Objekt mit wörtlichen Angaben.",
            "Gebraucht wird ein JSON-Objekt mit den Schlüsseln {keys}, wörtlich aus diesem Text gefüllt.",
            "Könnten Sie aus diesem Text als JSON heraussuchen, was unter {keys} gehört, genau so geschrieben?",
        ),
        "simplify": (
            "Könnten Sie das verständlicher machen, ohne Klammern und ohne Sätze von mehr als {words} Wörtern?",
            "Eine einfache Fassung wäre gut: keine Klammern, höchstens {words} Wörter im Satz.",
            "Wie würden Sie das in Sätzen von höchstens {words} Wörtern sagen, ganz ohne Klammern?",
        ),
        "summarise": (
            "Was steht in diesem Text, in höchstens {words} Wörtern?",
            "Platz ist für {words} Wörter: Was sind die Hauptpunkte?",
            "Könnten Sie diesen Text auf {percent} % seiner Länge oder weniger bringen?",
        ),
        "translate": (
            "Wie lautet dieser Text, wenn man ihn {target} übersetzt?",
            "Könnten Sie diesen Text {target} übertragen, mit allen Namen und Zahlen?",
            "Der ganze Text soll {target} übersetzt werden.",
        ),
        "bullets": (
            "Könnten Sie das als Liste anordnen, mit einem Strich vor jedem Punkt?",
            "Besser wären einzelne Punkte, jeder in einer Zeile nach einem Strich.",
        ),
        "numbered": (
            "Könnten Sie die Punkte dieses Textes nummerieren (1., 2., 3. und so weiter)?",
            "Besser wäre hier eine nummerierte Liste: 1., 2., 3. und so weiter.",
        ),
        "questions": (
            "Könnten Sie daraus Fragen machen, jede mit der Antwort in der Zeile darunter?",
            "Was könnte man dazu fragen? Schreiben Sie die Fragen auf und unter jede die Antwort.",
        ),
        "letter": (
            "Könnten Sie daraus einen Brief machen, mit Anrede und Grußformel?",
            "Das soll als Brief hinausgehen, von der Anrede bis zum Gruß.",
        ),
    },
    targets=targets(
        "ins Englische|ins Französische|ins Deutsche|ins Spanische|ins Italienische|ins Polnische|ins Niederländische|ins Lateinische"
    ),
    keys={"names": "Namen", "dates": "Daten", "years": "Jahre", "numbers": "Zahlen"},
    greeting=("Liebe Leserin, lieber Leser,", "Lieber Freund,", "Guten Tag,"),
    closing=("Mit freundlichen Grüßen", "Mit besten Wünschen", "Herzliche Grüße"),
    ask=("Was lässt sich über {topic} sagen?", "Was weiß man von {topic}?", "Und {topic}?"),
)
