"""What the rule engine says in follow-ups, in each language: wordings only, no logic.

Polish and Latin have none: follow-ups take over names as they stand in a sentence, in its case.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class TurnPhrases:
    """Slots: {a} a quoted term, {quote} quoted words, {false} a wrong number, {steps} equations.

    Every query points back by a pronoun or an ellipsis, and none speaks of a text.
    """

    deepen: tuple[str, ...]  # {a}
    shift: tuple[str, ...]  # {a}
    clarify: tuple[str, ...]  # {a}
    clarified: tuple[str, ...]  # {quote}
    doubt: tuple[str, ...]  # {false}
    corrected: tuple[str, ...]  # {false}, {quote}
    sure: tuple[str, ...]  # {a}
    confirmed: tuple[str, ...]  # {quote}
    layouts: dict[str, tuple[str, ...]]  # list | numbers | line | quote | capitals -> queries
    how: tuple[str, ...]
    steps: tuple[str, ...]  # {steps}
    check: tuple[str, ...]
    checked: tuple[str, ...]  # {steps}


WORDINGS = {
    "en": TurnPhrases(
        deepen=(
            "And what about {a}?",
            "How does {a} come into this?",
            "What else belongs to it – {a}, for one?",
            "Could you say more on that, above all on {a}?",
        ),
        shift=(
            "Leaving that aside: what is there to know about {a}?",
            "So much for that. What is known of {a}?",
            "Then to something other than this: {a}?",
        ),
        clarify=(
            "What exactly does {a} have to do with that?",
            "In what connection does {a} stand in this?",
            "I do not follow this yet: what about {a}?",
        ),
        clarified=(
            "It stands in this connection: {quote}.",
            "What is meant is this: {quote}.",
            "To be exact, it belongs here: {quote}.",
        ),
        doubt=(
            "Are you sure about that? I would have said {false}.",
            "Is it not rather {false}?",
            "And why is it not {false}, as I had thought?",
        ),
        corrected=(
            "No, it is not {false}. What holds is this: {quote}.",
            "It is not {false}; it stays as it was said: {quote}.",
        ),
        sure=(
            "Are you sure of this: {a}?",
            "Is that really right about {a}?",
            "So it really is {a}?",
        ),
        confirmed=(
            "Yes, that is right: {quote}.",
            "Yes, it holds, and the point is this: {quote}.",
        ),
        layouts={
            "list": ("Please give that as a list.", "Could you put this into bullet points?"),
            "numbers": ("Please number the points of it.", "And now that point by point?"),
            "line": ("Put it all on one single line, please.", "And this without line breaks?"),
            "quote": ("Please set it in quotation marks.", "And now that in quotation marks?"),
            "capitals": (
                "Please write the first line of it in capital letters.",
                "And its beginning in capitals?",
            ),
        },
        how=("And how was that reached?", "Which steps led to it?"),
        steps=("Step by step it goes like this: {steps}.", "The steps of it are these: {steps}."),
        check=("Can that be checked the other way round?", "And does it hold up backwards?"),
        checked=("Yes, and backwards it gives: {steps}.", "Yes, the way back agrees: {steps}."),
    ),
    "fr": TurnPhrases(
        deepen=(
            "Et {a} ?",
            "Quel rôle joue {a} dans cela ?",
            "Qu'est-ce qui s'ajoute à cela – par exemple {a} ?",
            "Pouvez-vous en dire plus sur cela, surtout sur {a} ?",
        ),
        shift=(
            "Laissons cela de côté : que sait-on de {a} ?",
            "Voilà pour cela. Que peut-on savoir de {a} ?",
            "Et pour passer à autre chose que ceci : {a} ?",
        ),
        clarify=(
            "Quel est au juste le rapport entre {a} et cela ?",
            "Dans quel contexte {a} apparaît-il, dans cette réponse ?",
            "Je ne comprends pas encore cela : que vient faire ici {a} ?",
        ),
        clarified=(
            "Le contexte est le suivant : {quote}.",
            "C'est ceci que l'on veut dire : {quote}.",
            "Pour être précis, cela fait partie de ceci : {quote}.",
        ),
        doubt=(
            "Est-ce que cela est bien sûr ? J'aurais plutôt dit {false}.",
            "Ne serait-ce pas {false} plutôt que cela ?",
            "Et pourquoi pas {false}, comme je le croyais ?",
        ),
        corrected=(
            "Non, ce n'est pas {false}. Ce qui est juste, c'est ceci : {quote}.",
            "Ce n'est pas {false} ; il faut s'en tenir à ceci : {quote}.",
        ),
        sure=(
            "Est-ce que cela est bien sûr : {a} ?",
            "Et cela, c'est vraiment {a} ?",
            "Cette réponse est-elle vraiment juste pour {a} ?",
        ),
        confirmed=(
            "Oui, c'est exact : {quote}.",
            "Oui, cela reste vrai, et l'essentiel est ceci : {quote}.",
        ),
        layouts={
            "list": (
                "Mettez cela sous forme de liste.",
                "Et cela avec des tirets, c'est possible ?",
            ),
            "numbers": ("Numérotez les points de cela.", "Et maintenant cela, point par point ?"),
            "line": ("Mettez tout cela sur une seule ligne.", "Et ceci sans retour à la ligne ?"),
            "quote": (
                "Mettez cela entre guillemets.",
                "Et maintenant la même chose entre guillemets ?",
            ),
            "capitals": (
                "Écrivez le début de cela en majuscules.",
                "Et la première ligne de cette réponse en capitales ?",
            ),
        },
        how=("Et comment arrive-t-on à cela ?", "Quelles étapes mènent à cela ?"),
        steps=("Pas à pas, on obtient ceci : {steps}.", "Les étapes sont les suivantes : {steps}."),
        check=("Peut-on vérifier cela dans l'autre sens ?", "Et cela se vérifie à rebours ?"),
        checked=(
            "Oui, et à rebours on trouve : {steps}.",
            "Oui, le chemin inverse concorde : {steps}.",
        ),
    ),
    "de": TurnPhrases(
        deepen=(
            "Und was ist mit {a}?",
            "Welche Rolle spielt {a} dabei?",
            "Was gehört noch dazu – etwa {a}?",
            "Kannst du dazu mehr sagen, vor allem zu {a}?",
        ),
        shift=(
            "Genug davon: Was weiß man über {a}?",
            "So viel dazu. Was ist über {a} bekannt?",
            "Und nun zu etwas anderem als diesem: {a}?",
        ),
        clarify=(
            "Was genau hat {a} damit zu tun?",
            "In welchem Zusammenhang steht {a} dabei?",
            "Dies verstehe ich noch nicht: Was hat es mit {a} auf sich?",
        ),
        clarified=(
            "Der Zusammenhang ist dieser: {quote}.",
            "Gemeint ist damit dies: {quote}.",
            "Genau genommen gehört es hierher: {quote}.",
        ),
        doubt=(
            "Bist du dir dabei sicher? Ich hätte {false} gesagt.",
            "Ist es nicht eher {false}?",
            "Und warum ist es nicht {false}, wie ich dachte?",
        ),
        corrected=(
            "Nein, es ist nicht {false}. Richtig ist dies: {quote}.",
            "Es ist nicht {false}; es bleibt bei dem, was gesagt wurde: {quote}.",
        ),
        sure=(
            "Bist du dir dabei sicher: {a}?",
            "Stimmt dies wirklich, was {a} betrifft?",
            "Und es ist wirklich {a}?",
        ),
        confirmed=(
            "Ja, das stimmt so: {quote}.",
            "Ja, dabei bleibt es, und entscheidend ist dies: {quote}.",
        ),
        layouts={
            "list": ("Bitte schreibe es als Liste.", "Und geht es auch in Stichpunkten?"),
            "numbers": ("Bitte nummeriere die Punkte davon.", "Und nun dies Punkt für Punkt?"),
            "line": ("Setze es bitte alles in eine Zeile.", "Und dies ohne Zeilenumbruch?"),
            "quote": ("Setze es bitte in Anführungszeichen.", "Und nun dies in Anführungszeichen?"),
            "capitals": (
                "Schreibe den Anfang davon bitte in Großbuchstaben.",
                "Und die erste Zeile davon groß geschrieben?",
            ),
        },
        how=("Und wie kommt man darauf?", "Welche Schritte führen dazu?"),
        steps=("Nacheinander geht das so: {steps}.", "Die Schritte sind diese: {steps}."),
        check=("Lässt sich dies auch umgekehrt prüfen?", "Und stimmt es auch rückwärts gerechnet?"),
        checked=("Ja, und rückwärts ergibt sich: {steps}.", "Ja, der Rückweg passt dazu: {steps}."),
    ),
    "es": TurnPhrases(
        deepen=(
            "¿Y qué hay de {a}?",
            "¿Qué papel tiene {a} en esto?",
            "¿Qué más va unido a eso, por ejemplo {a}?",
            "¿Puedes decir algo más sobre ello, sobre todo de {a}?",
        ),
        shift=(
            "Dejando eso a un lado: ¿qué se sabe de {a}?",
            "Hasta aquí eso. ¿Qué se puede saber de {a}?",
            "¿Y pasando a otra cosa que no sea esto: {a}?",
        ),
        clarify=(
            "¿Qué tiene que ver exactamente {a} con eso?",
            "¿En qué contexto aparece {a} en todo esto?",
            "Eso todavía no lo entiendo: ¿a qué viene {a}?",
        ),
        clarified=(
            "El contexto es este: {quote}.",
            "Lo que se quiere decir es esto: {quote}.",
            "Para ser exactos, forma parte de esto: {quote}.",
        ),
        doubt=(
            "¿Es eso seguro? Yo habría dicho {false}.",
            "¿No será {false} en vez de eso?",
            "¿Y por qué no {false}, como yo creía?",
        ),
        corrected=(
            "No, eso no es {false}. Lo correcto es esto: {quote}.",
            "No se trata de {false}; sigue siendo cierto lo dicho: {quote}.",
        ),
        sure=(
            "¿Es eso seguro: {a}?",
            "¿Y eso es de verdad {a}?",
            "¿Está bien esto que se dice de {a}?",
        ),
        confirmed=(
            "Sí, es correcto: {quote}.",
            "Sí, se mantiene, y lo esencial es esto: {quote}.",
        ),
        layouts={
            "list": ("Pon eso en forma de lista, por favor.", "¿Y eso con guiones, es posible?"),
            "numbers": ("Numera los puntos de eso, por favor.", "¿Y ahora eso, punto por punto?"),
            "line": ("Pon todo eso en una sola línea.", "¿Y esto sin saltos de línea?"),
            "quote": ("Pon eso entre comillas, por favor.", "¿Y ahora lo mismo entre comillas?"),
            "capitals": (
                "Escribe el principio de eso en mayúsculas.",
                "¿Y la primera línea de esto en mayúsculas?",
            ),
        },
        how=("¿Y cómo se llega a eso?", "¿Qué pasos llevan a ello?"),
        steps=("Paso a paso queda así: {steps}.", "Los pasos son estos: {steps}."),
        check=("¿Se puede comprobar eso al revés?", "¿Y se cumple esto hacia atrás?"),
        checked=("Sí, y hacia atrás resulta: {steps}.", "Sí, el camino inverso coincide: {steps}."),
    ),
    "it": TurnPhrases(
        deepen=(
            "E che dire di {a}?",
            "Che parte ha {a} in questo?",
            "Che altro si aggiunge a ciò, per esempio {a}?",
            "Puoi dire di più su questo, soprattutto su {a}?",
        ),
        shift=(
            "Lasciando da parte questo: che cosa si sa di {a}?",
            "Fin qui tutto chiaro. E che cosa si può sapere di {a}, oltre a ciò?",
            "E passando a qualcosa di diverso da questo: {a}?",
        ),
        clarify=(
            "Che cosa c'entra esattamente {a} con questo?",
            "In quale contesto compare {a} in tutto ciò?",
            "Questo non mi è ancora chiaro: che cosa c'entra {a}?",
        ),
        clarified=(
            "Il contesto è questo: {quote}.",
            "Quello che si intende è questo: {quote}.",
            "Per essere precisi, fa parte di questo: {quote}.",
        ),
        doubt=(
            "Questo è proprio sicuro? Io avrei detto {false}.",
            "Non sarà {false} invece di questo?",
            "E perché non {false}, come credevo?",
        ),
        corrected=(
            "No, questo non è {false}. Quello che è giusto è questo: {quote}.",
            "Non si tratta di {false}; resta vero quanto detto: {quote}.",
        ),
        sure=(
            "Questo è proprio sicuro: {a}?",
            "E questo è davvero {a}?",
            "È giusto ciò che si dice di {a}?",
        ),
        confirmed=(
            "Sì, è giusto: {quote}.",
            "Sì, resta vero, e l'essenziale è questo: {quote}.",
        ),
        layouts={
            "list": ("Scrivi questo in forma di elenco.", "E questo con i trattini, è possibile?"),
            "numbers": ("Numera i punti di tutto questo.", "E adesso questo, punto per punto?"),
            "line": ("Metti tutto questo su una sola riga.", "E questo senza andare a capo?"),
            "quote": ("Metti questo tra virgolette.", "E adesso lo stesso tra virgolette?"),
            "capitals": (
                "Scrivi l'inizio di questo in maiuscolo.",
                "E la prima riga di tutto ciò in lettere maiuscole?",
            ),
        },
        how=("E come si arriva a questo?", "Quali passaggi portano a ciò?"),
        steps=("Passo per passo si ottiene questo: {steps}.", "I passaggi sono questi: {steps}."),
        check=("Si può verificare questo al contrario?", "E questo torna anche all'indietro?"),
        checked=(
            "Sì, e all'indietro si trova: {steps}.",
            "Sì, il percorso inverso coincide: {steps}.",
        ),
    ),
    "nl": TurnPhrases(
        deepen=(
            "En hoe zit het met {a}?",
            "Welke rol speelt {a} daarbij?",
            "Wat hoort hier nog meer bij, en hoe zit dat met {a}?",
            "Kun je hierover meer zeggen, vooral over {a}?",
        ),
        shift=(
            "Dit even terzijde: wat is er bekend over {a}?",
            "Tot zover hierover. Wat weten we van {a}?",
            "En dan iets anders dan dit: {a}?",
        ),
        clarify=(
            "Wat heeft {a} daar precies mee te maken?",
            "In welk verband staat {a} hierbij?",
            "Dit begrijp ik nog niet: wat is er met {a}?",
        ),
        clarified=(
            "Het verband is als volgt: {quote}.",
            "Wat ermee bedoeld wordt is dit: {quote}.",
            "Om precies te zijn hoort het hierbij: {quote}.",
        ),
        doubt=(
            "Weet je dit wel zeker? Ik zou {false} hebben gezegd.",
            "Moet dit niet eerder {false} zijn?",
            "En waarom is het niet {false}, zoals ik dacht?",
        ),
        corrected=(
            "Nee, het is niet {false}. Wat wel klopt is dit: {quote}.",
            "Het is niet {false}; het blijft zoals gezegd: {quote}.",
        ),
        sure=(
            "Weet je dit wel zeker: {a}?",
            "Klopt dit echt, wat {a} betreft?",
            "En is het echt {a}?",
        ),
        confirmed=(
            "Ja, dat klopt: {quote}.",
            "Ja, daar blijft het bij, en waar het om gaat is dit: {quote}.",
        ),
        layouts={
            "list": ("Zet dit alsjeblieft in een lijst.", "En kan het ook met streepjes?"),
            "numbers": ("Nummer de punten hiervan alsjeblieft.", "En nu dit, punt voor punt?"),
            "line": ("Zet dit allemaal op een enkele regel.", "En dit zonder regeleinden?"),
            "quote": (
                "Zet dit alsjeblieft tussen aanhalingstekens.",
                "En nu dit tussen aanhalingstekens?",
            ),
            "capitals": (
                "Schrijf het begin hiervan in hoofdletters.",
                "En de eerste regel hiervan in hoofdletters?",
            ),
        },
        how=("En hoe kom je daarop?", "En welke stappen leiden daartoe?"),
        steps=("Stap voor stap gaat het zo: {steps}.", "De stappen zijn deze: {steps}."),
        check=("Kun je dit ook andersom nagaan?", "En klopt het ook achterstevoren?"),
        checked=(
            "Ja, en achterstevoren komt eruit: {steps}.",
            "Ja, de weg terug klopt ook: {steps}.",
        ),
    ),
}
