"""Wordings for worked problems in each language: data only, no logic.

`leads` stand before a problem and `endings` after it, by style. `answers` and `choices` have the
slots {v} (value with unit, or the option with its letter), {sum} (the last sum) and {sums} (all).
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class ProblemWords:
    """What is said in one language around a worked problem."""

    leads: dict[str, tuple[str, ...]]  # style -> sentences; "" for none
    endings: dict[str, tuple[str, ...]]  # style -> sentences
    answers: tuple[str, ...]  # {v}, {sum}, {sums}
    choices: tuple[str, ...]  # the same of a multiple choice


WORDS: dict[str, ProblemWords] = {
    "en": ProblemWords(
        leads={
            "polite": (
                "I would be glad of some help here.",
                "Could you please help me with this problem?",
                "",
            ),
            "casual": (
                "My turn to ask one.",
                "Somehow this one escapes me.",
                "Quick one for you.",
                "Can you do this one?",
                "This one gave me trouble.",
                "Here is one I am stuck on.",
                "",
            ),
            "contextual": (
                "A friend asked me this.",
                "My class was given this yesterday.",
                "I found this in a book of exercises.",
                "I am practising for a test.",
                "This was part of our homework.",
            ),
        },
        endings={
            "polite": ("Thank you for your help.",),
            "casual": ("How would you do it?",),
            "imperative": ("Work it out and give the result.", "Show the calculation."),
        },
        answers=(
            "The answer is {v}.",
            "The result is {v}.",
            "{sum}. So the answer is {v}.",
            "The calculation runs as follows: {sums}. The answer is therefore {v}.",
            "The last step is {sum}, which gives the result: {v}.",
        ),
        choices=(
            "The right answer is {v}.",
            "{sum}. The right answer is therefore {v}.",
            "The calculation runs as follows: {sums}. So this answer is right: {v}.",
        ),
    ),
    "fr": ProblemWords(
        leads={
            "polite": (
                "J'aurais besoin d'un peu d'aide.",
                "Pourriez-vous m'aider à résoudre ce problème ?",
                "",
            ),
            "casual": ("Tu saurais faire celui-ci ?", "Voici un problème qui me résiste.", ""),
            "contextual": (
                "On m'a posé cette question hier.",
                "Je l'ai trouvé dans un cahier d'exercices.",
                "Je m'entraîne pour un contrôle.",
                "C'est un de nos devoirs.",
            ),
        },
        endings={
            "polite": ("Merci de votre aide.",),
            "casual": ("Comment feriez-vous ?",),
            "imperative": ("Faites le calcul et donnez le résultat.", "Montrez le calcul."),
        },
        answers=(
            "La réponse est {v}.",
            "Le résultat est {v}.",
            "{sum}. La réponse est donc {v}.",
            "Voici le calcul : {sums}. La réponse est donc {v}.",
            "La dernière étape est {sum}, ce qui donne le résultat : {v}.",
        ),
        choices=(
            "La bonne réponse est {v}.",
            "{sum}. La bonne réponse est donc {v}.",
            "Voici le calcul : {sums}. C'est donc cette réponse qui est juste : {v}.",
        ),
    ),
    "de": ProblemWords(
        leads={
            "polite": (
                "Hier hätte ich gern etwas Hilfe.",
                "Könnten Sie mir bitte bei dieser Aufgabe helfen?",
                "",
            ),
            "casual": ("Kannst du diese lösen?", "Bei dieser Aufgabe komme ich nicht weiter.", ""),
            "contextual": (
                "Das hat mich gestern jemand gefragt.",
                "Die Aufgabe steht in meinem Übungsheft.",
                "Ich übe für eine Prüfung.",
                "Das war eine unserer Hausaufgaben.",
            ),
        },
        endings={
            "polite": ("Vielen Dank für die Hilfe.",),
            "casual": ("Wie würdest du das machen?",),
            "imperative": ("Rechne es aus und nenne das Ergebnis.", "Zeige die Rechnung."),
        },
        answers=(
            "Die Antwort ist {v}.",
            "Das Ergebnis ist {v}.",
            "{sum}. Die Antwort ist also {v}.",
            "Die Rechnung lautet: {sums}. Die Antwort ist daher {v}.",
            "Der letzte Schritt ist {sum}, und das ergibt die Lösung: {v}.",
        ),
        choices=(
            "Die richtige Antwort ist {v}.",
            "{sum}. Die richtige Antwort ist also {v}.",
            "Die Rechnung lautet: {sums}. Richtig ist daher diese Antwort: {v}.",
        ),
    ),
    "es": ProblemWords(
        leads={
            "polite": (
                "Le agradecería un poco de ayuda.",
                "¿Podría ayudarme con este problema, por favor?",
                "",
            ),
            "casual": ("¿Sabes hacer este?", "Este problema no me sale.", ""),
            "contextual": (
                "Me lo preguntaron ayer.",
                "Lo encontré en un cuaderno de ejercicios.",
                "Estoy practicando para un examen.",
                "Es parte de los deberes.",
            ),
        },
        endings={
            "polite": ("Gracias por su ayuda.",),
            "casual": ("¿Cómo lo harías?",),
            "imperative": ("Haz el cálculo y da el resultado.", "Muestra el cálculo."),
        },
        answers=(
            "La respuesta es {v}.",
            "El resultado es {v}.",
            "{sum}. Por tanto, la respuesta es {v}.",
            "El cálculo es el siguiente: {sums}. La respuesta es, por tanto, {v}.",
            "El último paso es {sum}, y eso da el resultado: {v}.",
        ),
        choices=(
            "La respuesta correcta es {v}.",
            "{sum}. Por tanto, la respuesta correcta es {v}.",
            "El cálculo es el siguiente: {sums}. Así que esta respuesta es la correcta: {v}.",
        ),
    ),
    "it": ProblemWords(
        leads={
            "polite": (
                "Avrei bisogno di un po' di aiuto.",
                "Potrebbe aiutarmi con questo problema, per favore?",
                "",
            ),
            "casual": ("Sai fare questo?", "Questo problema non mi riesce.", ""),
            "contextual": (
                "Me lo hanno chiesto ieri.",
                "L'ho trovato in un quaderno di esercizi.",
                "Mi sto preparando per una verifica.",
                "Fa parte dei nostri compiti.",
            ),
        },
        endings={
            "polite": ("Grazie per l'aiuto.",),
            "casual": ("Come lo faresti?",),
            "imperative": ("Fai il calcolo e dai il risultato.", "Mostra il calcolo."),
        },
        answers=(
            "La risposta è {v}.",
            "Il risultato è {v}.",
            "{sum}. La risposta è quindi {v}.",
            "Il calcolo è il seguente: {sums}. La risposta è quindi {v}.",
            "L'ultimo passo è {sum}, e questo dà il risultato: {v}.",
        ),
        choices=(
            "La risposta giusta è {v}.",
            "{sum}. La risposta giusta è quindi {v}.",
            "Il calcolo è il seguente: {sums}. È quindi giusta questa risposta: {v}.",
        ),
    ),
    "pl": ProblemWords(
        leads={
            "polite": ("Przyda mi się trochę pomocy.", "Proszę o pomoc w tym zadaniu.", ""),
            "casual": ("Umiesz to zrobić?", "To zadanie mi nie wychodzi.", ""),
            "contextual": (
                "Zapytano mnie o to wczoraj.",
                "To zadanie jest w moim zbiorze ćwiczeń.",
                "Ćwiczę przed sprawdzianem.",
                "To część naszej pracy domowej.",
            ),
        },
        endings={
            "polite": ("Dziękuję za pomoc.",),
            "casual": ("Jak to zrobić?",),
            "imperative": ("Oblicz to i podaj wynik.", "Pokaż obliczenia."),
        },
        answers=(
            "Odpowiedź to {v}.",
            "Wynik to {v}.",
            "{sum}. Odpowiedź to zatem {v}.",
            "Obliczenia są następujące: {sums}. Odpowiedź to zatem {v}.",
            "Ostatni krok to {sum}, co daje wynik: {v}.",
        ),
        choices=(
            "Poprawna odpowiedź to {v}.",
            "{sum}. Poprawna odpowiedź to zatem {v}.",
            "Obliczenia są następujące: {sums}. Poprawna jest więc ta odpowiedź: {v}.",
        ),
    ),
    "nl": ProblemWords(
        leads={
            "polite": (
                "Ik kan hier wel wat hulp gebruiken.",
                "Kunt u me alstublieft met deze opgave helpen?",
                "",
            ),
            "casual": ("Kun jij deze oplossen?", "Met deze opgave kom ik niet verder.", ""),
            "contextual": (
                "Dat vroeg iemand mij gisteren.",
                "Deze staat in mijn oefenboek.",
                "Ik oefen voor een toets.",
                "Dit was een deel van ons huiswerk.",
            ),
        },
        endings={
            "polite": ("Hartelijk dank voor de hulp.",),
            "casual": ("Hoe zou jij dat doen?",),
            "imperative": ("Reken het uit en geef de uitkomst.", "Laat de berekening zien."),
        },
        answers=(
            "Het antwoord is {v}.",
            "De uitkomst is {v}.",
            "{sum}. Het antwoord is dus {v}.",
            "De berekening gaat als volgt: {sums}. Het antwoord is dus {v}.",
            "De laatste stap is {sum}, en dat geeft de uitkomst: {v}.",
        ),
        choices=(
            "Het juiste antwoord is {v}.",
            "{sum}. Het juiste antwoord is dus {v}.",
            "De berekening gaat als volgt: {sums}. Dit antwoord is dus juist: {v}.",
        ),
    ),
    "la": ProblemWords(
        leads={
            "polite": (
                "Auxilio tuo paulum egeo.",
                "Quaeso, adiuva me in hac quaestione solvenda.",
                "",
            ),
            "casual": ("Potesne hoc solvere?", "Hanc quaestionem solvere nequeo.", ""),
            "contextual": (
                "Heri hoc ex me quaesitum est.",
                "Hoc in libro meo scriptum est.",
                "Ad probationem me exerceo.",
                "Hoc a magistro nobis impositum est.",
            ),
        },
        endings={
            "polite": ("Gratias tibi ago.",),
            "casual": ("Quomodo hoc faceres?",),
            "imperative": ("Computa et dic quid inveneris.", "Ostende computationem."),
        },
        answers=(
            "Responsum est {v}.",
            "Quod quaeritur est {v}.",
            "{sum}. Responsum igitur est {v}.",
            "Computatio haec est: {sums}. Responsum igitur est {v}.",
            "Ultimus gradus est {sum}, ex quo hoc efficitur: {v}.",
        ),
        choices=(
            "Responsum rectum est {v}.",
            "{sum}. Responsum rectum igitur est {v}.",
            "Computatio haec est: {sums}. Hoc igitur responsum rectum est: {v}.",
        ),
    ),
}
