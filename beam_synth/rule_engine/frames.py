"""Frames of creative writing in each language: wordings only, no logic.

`ask` are queries for constrained writing ({title}), `brief` for a genre ({genre}, {tone}, {title}).
Each genre has openings (the first names the {title}, the second does not), links and closings;
between them stand the seed's own sentences.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Genre:
    """Sentences around those of the seed."""

    openings: tuple[str, str]  # the first has {title}
    links: tuple[str, str]
    closings: tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Frames:
    """Wordings of one language."""

    ask: tuple[str, ...]  # {title}
    brief: tuple[str, ...]  # {title}, {genre}, {tone}
    genres: dict[str, Genre]  # genre of the brief -> its sentences


FRAMES: dict[str, Frames] = {
    "en": Frames(
        ask=(
            "Write a short text about “{title}” and keep these rules.",
            "I would like a few lines on “{title}” that obey the following rules.",
            "Topic: “{title}”. Write something about it under these constraints.",
        ),
        brief=(
            "Please write this about “{title}”: {genre}. Tone: {tone}.",
            "Genre: {genre}; topic: “{title}”; tone: {tone}. Write the text for me.",
        ),
        genres={
            "story": Genre(
                ("Let me tell you the story of {title}.", "It was late, and the old man began."),
                ("Nobody in the room said a word.", "Then he went on more slowly."),
                ("And that is where the story ends.", "The fire had gone out by then."),
            ),
            "letter": Genre(
                ("Dear friend, you asked me about {title}.", "Dear friend, here is my answer."),
                ("There is one more thing to tell.", "You may find this strange."),
                ("Write to me soon, your old friend.", "With all my good wishes, as ever."),
            ),
            "dialogue": Genre(
                ("What do you know about {title}?", "Sit down and tell me what you know."),
                ("And what else?", "Really? Go on."),
                ("Thank you, now I understand.", "I will remember that."),
            ),
            "diary": Genre(
                ("Today I read a lot about {title}.", "A quiet day with a book by the window."),
                ("I copied this down as well.", "I had to read that twice."),
                ("Enough for today.", "Tomorrow I will read on."),
            ),
            "speech": Genre(
                ("Ladies and gentlemen, I speak of {title}.", "Ladies and gentlemen, thank you."),
                ("Let us stay with this for a moment.", "And there is more to say."),
                ("Thank you for your attention.", "This is what I wanted to tell you."),
            ),
            "description": Genre(
                ("This is {title} as one may picture it.", "Here is the picture, piece by piece."),
                ("Another detail belongs here.", "One has to look closer."),
                ("So much for the picture as a whole.", "The rest is left to the eye."),
            ),
        },
    ),
    "fr": Frames(
        ask=(
            "Écrivez un court texte sur « {title} » en suivant ces règles.",
            "Je voudrais quelques lignes sur « {title} » qui respectent les règles suivantes.",
            "Sujet : « {title} ». Écrivez quelque chose sous ces contraintes.",
        ),
        brief=(
            "Écrivez ceci sur « {title} », s'il vous plaît : {genre}. Ton : {tone}.",
            "Genre : {genre} ; sujet : « {title} » ; ton : {tone}. Écrivez-moi ce texte.",
        ),
        genres={
            "story": Genre(
                ("Voici l'histoire de {title}.", "Il était tard, et le vieil homme commença."),
                ("Personne ne disait mot dans la salle.", "Puis il reprit plus lentement."),
                ("C'est là que finit l'histoire.", "Le feu s'était éteint entre-temps."),
            ),
            "letter": Genre(
                ("Cher ami, tu m'as parlé de {title}.", "Cher ami, voici ma réponse."),
                ("Il y a encore une chose à dire.", "Cela te semblera peut-être étrange."),
                ("Écris-moi bientôt, ton vieil ami.", "Avec toute mon amitié, comme toujours."),
            ),
            "dialogue": Genre(
                ("Que sais-tu de {title} ?", "Assieds-toi et dis-moi ce que tu sais."),
                ("Et quoi encore ?", "Vraiment ? Continue."),
                ("Merci, je comprends maintenant.", "Je m'en souviendrai."),
            ),
            "diary": Genre(
                ("Aujourd'hui, beaucoup lu sur {title}.", "Un jour calme avec un livre."),
                ("J'ai aussi noté ceci.", "Il m'a fallu lire cela deux fois."),
                ("C'est assez pour aujourd'hui.", "Demain, je lirai la suite."),
            ),
            "speech": Genre(
                ("Mesdames et messieurs, je parle de {title}.", "Mesdames et messieurs, merci."),
                ("Restons-en là un instant.", "Et il y a plus à dire."),
                ("Je vous remercie de votre attention.", "Voilà ce que je voulais vous dire."),
            ),
            "description": Genre(
                ("Voici {title}, comme on peut se le figurer.", "Voici le tableau, par morceaux."),
                ("Un autre détail a sa place ici.", "Il faut regarder de plus près."),
                ("Voilà pour le tableau d'ensemble.", "Le reste est laissé au regard."),
            ),
        },
    ),
    "de": Frames(
        ask=(
            "Schreibe einen kurzen Text über „{title}“ und halte dich an diese Regeln.",
            "Ich hätte gern ein paar Zeilen über „{title}“, die den folgenden Regeln gehorchen.",
            "Thema: „{title}“. Schreibe etwas darüber unter diesen Bedingungen.",
        ),
        brief=(
            "Bitte schreibe dies über „{title}“: {genre}. Ton: {tone}.",
            "Gattung: {genre}; Thema: „{title}“; Ton: {tone}. Schreibe mir diesen Text.",
        ),
        genres={
            "story": Genre(
                ("Hört die Geschichte von {title}.", "Es war spät, und der Alte begann."),
                ("Im Zimmer sagte niemand ein Wort.", "Dann sprach er langsamer weiter."),
                ("Damit endet die Geschichte.", "Das Feuer war inzwischen aus."),
            ),
            "letter": Genre(
                (
                    "Lieber Freund, du fragst nach {title}.",
                    "Lieber Freund, hier ist alles.",
                ),
                ("Eines will ich dir noch sagen.", "Das wird dir seltsam vorkommen."),
                ("Schreib mir bald, dein alter Freund.", "Mit allen guten Wünschen, wie immer."),
            ),
            "dialogue": Genre(
                ("Was weißt du über {title}?", "Setz dich und sag mir, was du weißt."),
                ("Und was noch?", "Wirklich? Erzähl weiter."),
                ("Danke, jetzt verstehe ich es.", "Das werde ich mir merken."),
            ),
            "diary": Genre(
                ("Heute habe ich viel über {title} gelesen.", "Ein stiller Tag mit einem Buch."),
                ("Auch das habe ich mir notiert.", "Das musste ich zweimal lesen."),
                ("Genug für heute.", "Morgen lese ich weiter."),
            ),
            "speech": Genre(
                ("Meine Damen und Herren, es geht um {title}.", "Meine Damen und Herren, danke."),
                ("Bleiben wir einen Augenblick dabei.", "Und es gibt noch mehr zu sagen."),
                ("Ich danke für die Aufmerksamkeit.", "Das wollte ich Ihnen sagen."),
            ),
            "description": Genre(
                ("So kann man sich {title} vorstellen.", "Hier ist das Bild, Stück für Stück."),
                ("Noch eine Einzelheit gehört hierher.", "Man muss genauer hinsehen."),
                ("So weit das Bild als Ganzes.", "Der Rest bleibt dem Auge überlassen."),
            ),
        },
    ),
    "es": Frames(
        ask=(
            "Escribe un texto breve sobre «{title}» y cumple estas reglas.",
            "Quisiera unas líneas sobre «{title}» que cumplan las reglas siguientes.",
            "Tema: «{title}». Escribe algo sobre ello con estas restricciones.",
        ),
        brief=(
            "Por favor, escribe esto sobre «{title}»: {genre}. Tono: {tone}.",
            "Género: {genre}; tema: «{title}»; tono: {tone}. Escríbeme el texto.",
        ),
        genres={
            "story": Genre(
                ("Esta es la historia de {title}.", "Era tarde, y el viejo empezó a hablar."),
                ("En la sala nadie decía nada.", "Luego siguió más despacio."),
                ("Y aquí termina la historia.", "El fuego ya se había apagado."),
            ),
            "letter": Genre(
                ("Querido amigo, me preguntabas por {title}.", "Querido amigo, aquí va todo."),
                ("Queda otra cosa por contar.", "Quizá te parezca extraño."),
                ("Escríbeme pronto, tu viejo amigo.", "Con mis mejores deseos, como siempre."),
            ),
            "dialogue": Genre(
                ("¿Qué sabes de {title}?", "Siéntate y dime lo que sabes."),
                ("¿Y qué más?", "¿De verdad? Sigue."),
                ("Gracias, ahora lo entiendo.", "Lo recordaré."),
            ),
            "diary": Genre(
                ("Hoy he leído mucho sobre {title}.", "Un día tranquilo con un libro."),
                ("También he apuntado esto.", "Lo he tenido que leer dos veces."),
                ("Basta por hoy.", "Mañana leeré más."),
            ),
            "speech": Genre(
                ("Señoras y señores, hablo de {title}.", "Señoras y señores, gracias."),
                ("Quedémonos aquí un momento.", "Y hay más que decir."),
                ("Gracias por su atención.", "Esto es lo que quería decirles."),
            ),
            "description": Genre(
                ("Así se puede imaginar {title}.", "Este es el cuadro, trozo a trozo."),
                ("Otro detalle tiene aquí su lugar.", "Hay que mirar más de cerca."),
                ("Hasta aquí el cuadro entero.", "Lo demás queda para la mirada."),
            ),
        },
    ),
    "it": Frames(
        ask=(
            "Scrivi un breve testo su «{title}» seguendo queste regole.",
            "Vorrei qualche riga su «{title}» che rispetti le regole seguenti.",
            "Tema: «{title}». Scrivi qualcosa in proposito con questi vincoli.",
        ),
        brief=(
            "Per favore, scrivi questo su «{title}»: {genre}. Tono: {tone}.",
            "Genere: {genre}; tema: «{title}»; tono: {tone}. Scrivimi il testo.",
        ),
        genres={
            "story": Genre(
                ("Questa è la storia di {title}.", "Era tardi, e il vecchio cominciò."),
                ("Nella stanza nessuno diceva una parola.", "Poi riprese più lentamente."),
                ("E qui finisce la storia.", "Il fuoco intanto si era spento."),
            ),
            "letter": Genre(
                ("Caro amico, mi hai chiesto di {title}.", "Caro amico, ecco la mia risposta."),
                ("C'è ancora una cosa da dire.", "Forse ti sembrerà strano."),
                ("Scrivimi presto, il tuo vecchio amico.", "Con affetto, come sempre."),
            ),
            "dialogue": Genre(
                ("Che cosa sai di {title}?", "Siediti e dimmi che cosa sai."),
                ("E poi?", "Davvero? Continua."),
                ("Grazie, adesso capisco.", "Me ne ricorderò."),
            ),
            "diary": Genre(
                ("Oggi ho letto molto su {title}.", "Un giorno tranquillo con un libro."),
                ("Ho annotato anche questo.", "Ho dovuto leggerlo due volte."),
                ("Basta per oggi.", "Domani continuo a leggere."),
            ),
            "speech": Genre(
                ("Signore e signori, parlo di {title}.", "Signore e signori, grazie."),
                ("Restiamo qui per un momento.", "E c'è altro da dire."),
                ("Grazie per l'attenzione.", "Questo è ciò che volevo dirvi."),
            ),
            "description": Genre(
                ("Così si può immaginare {title}.", "Ecco il quadro, pezzo per pezzo."),
                ("Un altro particolare va messo qui.", "Bisogna guardare più da vicino."),
                ("Fin qui il quadro intero.", "Il resto è lasciato allo sguardo."),
            ),
        },
    ),
    "pl": Frames(
        ask=(
            "Napisz krótki tekst na temat „{title}” według tych reguł.",
            "Proszę o kilka wersów na temat „{title}”, które trzymają się następujących reguł.",
            "Temat: „{title}”. Napisz coś na ten temat z takimi ograniczeniami.",
        ),
        brief=(
            "Proszę, napisz taki tekst na temat „{title}”: {genre}. Ton: {tone}.",
            "Gatunek: {genre}; temat: „{title}”; ton: {tone}. Napisz mi ten tekst.",
        ),
        genres={
            "story": Genre(
                ("Posłuchajcie historii: {title}.", "Było późno i stary człowiek zaczął mówić."),
                ("Nikt w izbie nie powiedział słowa.", "Potem mówił dalej, już wolniej."),
                ("I tu kończy się ta historia.", "Ogień tymczasem zgasł."),
            ),
            "letter": Genre(
                ("Drogi przyjacielu, pytasz o to: {title}.", "Drogi przyjacielu, oto odpowiedź."),
                ("Jest jeszcze jedna rzecz do powiedzenia.", "Może cię to zdziwi."),
                ("Napisz do mnie, twój stary przyjaciel.", "Z dobrymi życzeniami, jak zawsze."),
            ),
            "dialogue": Genre(
                ("{title} – co o tym wiesz?", "Usiądź i powiedz mi, co wiesz."),
                ("I co jeszcze?", "Naprawdę? Mów dalej."),
                ("Dziękuję, teraz rozumiem.", "Będę o tym pamiętać."),
            ),
            "diary": Genre(
                ("{title} – o tym dziś dużo czytałem.", "Spokojny dzień z książką przy oknie."),
                ("Zapisałem sobie także to.", "Musiałem to przeczytać dwa razy."),
                ("Na dziś wystarczy.", "Jutro będę czytać dalej."),
            ),
            "speech": Genre(
                ("Szanowni państwo, mój temat: {title}.", "Szanowni państwo, dziękuję."),
                ("Zostańmy przy tym na chwilę.", "Jest jeszcze więcej do powiedzenia."),
                ("Dziękuję państwu za uwagę.", "To właśnie chciałem państwu powiedzieć."),
            ),
            "description": Genre(
                ("{title} – tak można to sobie wyobrazić.", "Oto obraz, kawałek po kawałku."),
                ("Jeszcze jeden szczegół ma tu miejsce.", "Trzeba spojrzeć z bliska."),
                ("Tyle o całym obrazie.", "Reszta należy do oka."),
            ),
        },
    ),
    "nl": Frames(
        ask=(
            "Schrijf een korte tekst over „{title}” en houd je aan deze regels.",
            "Ik wil graag een paar regels over „{title}” die zich hieraan houden.",
            "Onderwerp: „{title}”. Schrijf er iets over onder deze voorwaarden.",
        ),
        brief=(
            "Schrijf alsjeblieft dit over „{title}”: {genre}. Toon: {tone}.",
            "Genre: {genre}; onderwerp: „{title}”; toon: {tone}. Schrijf de tekst voor mij.",
        ),
        genres={
            "story": Genre(
                ("Dit is het verhaal van {title}.", "Het was laat, en de oude man begon."),
                ("Niemand in de kamer zei een woord.", "Toen ging hij langzamer verder."),
                ("En daar houdt het verhaal op.", "Het vuur was intussen uit."),
            ),
            "letter": Genre(
                ("Beste vriend, je vroeg me naar {title}.", "Beste vriend, hier is mijn antwoord."),
                ("Er is nog iets dat ik wil zeggen.", "Dit vind je misschien vreemd."),
                ("Schrijf me gauw, je oude vriend.", "Met alle goeds, zoals altijd."),
            ),
            "dialogue": Genre(
                ("Wat weet je over {title}?", "Ga zitten en zeg me wat je weet."),
                ("En wat nog meer?", "Echt waar? Ga door."),
                ("Dank je, nu begrijp ik het.", "Dat zal ik onthouden."),
            ),
            "diary": Genre(
                ("Vandaag heb ik veel over {title} gelezen.", "Een stille dag met een boek."),
                ("Ook dit heb ik opgeschreven.", "Dat moest ik twee keer lezen."),
                ("Genoeg voor vandaag.", "Morgen lees ik verder."),
            ),
            "speech": Genre(
                ("Dames en heren, ik spreek over {title}.", "Dames en heren, dank u wel."),
                ("Laten we hier even bij blijven.", "En er is nog meer te zeggen."),
                ("Dank u voor uw aandacht.", "Dit is wat ik u wilde zeggen."),
            ),
            "description": Genre(
                ("Zo kan men zich {title} voorstellen.", "Hier is het beeld, stuk voor stuk."),
                ("Nog een detail hoort hier thuis.", "Men moet beter kijken."),
                ("Tot zover het hele beeld.", "De rest is voor het oog."),
            ),
        },
    ),
    "la": Frames(
        ask=(
            "Scribe brevem textum de re quae «{title}» dicitur, his regulis servatis.",
            "Velim paucos versus de re quae «{title}» dicitur, qui has regulas servent.",
            "Res: «{title}». Scribe aliquid de ea his legibus.",
        ),
        brief=(
            "Scribe, quaeso, textum de re quae «{title}» dicitur: {genre}. Modus: {tone}.",
            "Genus: {genre}; res: «{title}»; modus: {tone}. Scribe mihi hunc textum.",
        ),
        genres={
            "story": Genre(
                ("Audite fabulam: {title}.", "Iam sero erat, et senex narrare coepit."),
                ("Nemo in conclavi verbum dixit.", "Deinde lentius perrexit."),
                ("Et haec est finis fabulae.", "Ignis interea exstinctus erat."),
            ),
            "letter": Genre(
                ("Amico suo salutem; quaeris de hac re: {title}.", "Amico suo salutem dicit."),
                ("Unum etiam dicendum est.", "Hoc tibi fortasse mirum videtur."),
                ("Scribe mihi mox et vale.", "Cura ut valeas, amice."),
            ),
            "dialogue": Genre(
                ("{title}: quid de hac re scis?", "Sede et dic mihi quid scias."),
                ("Et quid praeterea?", "Itane vero? Perge."),
                ("Gratias tibi ago, nunc intellego.", "Hoc memoria tenebo."),
            ),
            "diary": Genre(
                ("Hodie multa legi de hac re: {title}.", "Dies quietus cum libro fuit."),
                ("Hoc quoque mihi notavi.", "Hoc bis legere debui."),
                ("Satis est hodie.", "Cras plura legam."),
            ),
            "speech": Genre(
                ("Cives, de hac re dico: {title}.", "Cives, vobis gratias ago."),
                ("Maneamus paulum in hac re.", "Et plura dicenda sunt."),
                ("Gratias ago quod audivistis.", "Haec sunt quae vobis dicere volui."),
            ),
            "description": Genre(
                ("Sic animo fingi potest: {title}.", "En imago, pars post partem."),
                ("Aliud quoque hic dicendum est.", "Propius spectandum est."),
                ("Haec de tota imagine dicta sunt.", "Cetera oculis relinquuntur."),
            ),
        },
    ),
}
