"""Frames of creative writing in each language: wordings only, no logic.

`ask` are queries for constrained writing ({title}), `brief` for a genre ({genre}, {tone}, {title});
they begin with the title. Each genre has openings (the first names the {title}, the second does
not), links and closings; between them stand quotations of the seed, each after a lead.
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
    leads: tuple[str, ...]  # {quote}: into a quotation
    remarks: tuple[str, ...]  # sentences that may stand between any two
    genres: dict[str, Genre]  # genre of the brief -> its sentences


FRAMES: dict[str, Frames] = {
    "en": Frames(
        ask=(
            "Topic: “{title}”. Write something about it under these constraints.",
            "“{title}” is the topic of a short text that keeps these rules.",
            "On “{title}” I would like a few lines that obey the following rules.",
        ),
        brief=(
            "“{title}” – please write about it: {genre}. Tone: {tone}.",
            "Topic: “{title}”; genre: {genre}; tone: {tone}. Write the text for me.",
            "About “{title}”, please: {genre}; the tone is to be {tone}.",
        ),
        leads=(
            "This is what I found: {quote}",
            "I read the following: {quote}",
            "One sentence has stayed with me: {quote}",
            "It is also said: {quote}",
            "And then there is this: {quote}",
            "Let me quote a line: {quote}",
        ),
        remarks=(
            "So much is certain.",
            "That alone is worth a second look.",
            "Here the matter does not end.",
            "One can read on from there.",
            "It is easy to pass over this.",
            "What comes next belongs to it as well.",
        ),
        genres={
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
            "Sujet : « {title} ». Écrivez quelque chose sous ces contraintes.",
            "« {title} » est le sujet d'un court texte qui suit ces règles.",
            "Sur « {title} », je voudrais quelques lignes qui respectent les règles suivantes.",
        ),
        brief=(
            "« {title} » – écrivez ceci à ce sujet, s'il vous plaît : {genre}. Ton : {tone}.",
            "Sujet : « {title} » ; genre : {genre} ; ton : {tone}. Écrivez-moi ce texte.",
            "« {title} », s'il vous plaît : {genre} ; le ton : {tone}.",
        ),
        leads=(
            "Voici ce que j'ai trouvé : {quote}",
            "J'ai lu ceci : {quote}",
            "Une phrase m'est restée : {quote}",
            "On dit aussi : {quote}",
            "Et puis il y a ceci : {quote}",
            "Je cite une ligne : {quote}",
        ),
        remarks=(
            "Cela au moins est sûr.",
            "Rien que cela mérite un second regard.",
            "L'affaire ne s'arrête pas là.",
            "On peut lire la suite à partir de là.",
            "Il est facile de passer à côté.",
            "Ce qui vient après en fait partie aussi.",
        ),
        genres={
            "letter": Genre(
                ("Cher ami, tu m'as parlé de « {title} ».", "Cher ami, voici ma réponse."),
                ("Il y a encore une chose à dire.", "Cela te semblera peut-être étrange."),
                ("Écris-moi bientôt, ton vieil ami.", "Avec toute mon amitié, comme toujours."),
            ),
            "dialogue": Genre(
                ("Que sais-tu de « {title} » ?", "Assieds-toi et dis-moi ce que tu sais."),
                ("Et quoi encore ?", "Vraiment ? Continue."),
                ("Merci, je comprends maintenant.", "Je m'en souviendrai."),
            ),
            "diary": Genre(
                ("Aujourd'hui, beaucoup lu sur {title}.", "Un jour calme avec un livre."),
                ("J'ai aussi noté ceci.", "Il m'a fallu lire cela deux fois."),
                ("C'est assez pour aujourd'hui.", "Demain, je lirai la suite."),
            ),
            "speech": Genre(
                (
                    "Mesdames et messieurs, je parle de « {title} ».",
                    "Mesdames et messieurs, merci.",
                ),
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
            "Thema: „{title}“. Schreibe etwas dazu unter diesen Bedingungen.",
            "„{title}“ ist das Thema eines kurzen Textes, der sich an diese Regeln hält.",
            "Zu „{title}“ hätte ich gern ein paar Zeilen, die den folgenden Regeln gehorchen.",
        ),
        brief=(
            "„{title}“ – bitte schreibe dies darüber: {genre}. Ton: {tone}.",
            "Thema: „{title}“; Gattung: {genre}; Ton: {tone}. Schreibe mir diesen Text.",
            "Über „{title}“ bitte: {genre}; der Ton: {tone}.",
        ),
        leads=(
            "Das habe ich gefunden: {quote}",
            "Ich habe Folgendes gelesen: {quote}",
            "Ein Satz ist mir geblieben: {quote}",
            "Es heißt auch: {quote}",
            "Und dann gibt es noch dies: {quote}",
            "Ich führe eine Zeile an: {quote}",
        ),
        remarks=(
            "So viel steht fest.",
            "Allein das ist einen zweiten Blick wert.",
            "Damit ist die Sache nicht zu Ende.",
            "Von hier aus kann man weiterlesen.",
            "Darüber liest man leicht hinweg.",
            "Was nun kommt, gehört auch dazu.",
        ),
        genres={
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
            "Tema: «{title}». Escribe algo sobre ello con estas restricciones.",
            "«{title}» es el tema de un texto breve que cumple estas reglas.",
            "Sobre «{title}» quisiera unas líneas que cumplan las reglas siguientes.",
        ),
        brief=(
            "«{title}»: por favor, escribe esto sobre ello: {genre}. Tono: {tone}.",
            "Tema: «{title}»; género: {genre}; tono: {tone}. Escríbeme el texto.",
            "Acerca de «{title}», por favor: {genre}; el tono: {tone}.",
        ),
        leads=(
            "Esto es lo que encontré: {quote}",
            "He leído lo siguiente: {quote}",
            "Una frase se me ha quedado: {quote}",
            "También se dice: {quote}",
            "Y además hay esto: {quote}",
            "Cito una línea: {quote}",
        ),
        remarks=(
            "Eso al menos es seguro.",
            "Solo eso ya merece una segunda mirada.",
            "Aquí no termina el asunto.",
            "Desde ahí se puede seguir leyendo.",
            "Es fácil pasarlo por alto.",
            "Lo que sigue también forma parte de ello.",
        ),
        genres={
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
            "Tema: «{title}». Scrivi qualcosa in proposito con questi vincoli.",
            "«{title}» è il tema di un breve testo che segue queste regole.",
            "Su «{title}» vorrei qualche riga che rispetti le regole seguenti.",
        ),
        brief=(
            "«{title}» – per favore, scrivi questo in proposito: {genre}. Tono: {tone}.",
            "Tema: «{title}»; genere: {genre}; tono: {tone}. Scrivimi il testo.",
            "A proposito di «{title}», per favore: {genre}; il tono: {tone}.",
        ),
        leads=(
            "Ecco che cosa ho trovato: {quote}",
            "Ho letto quanto segue: {quote}",
            "Una frase mi è rimasta: {quote}",
            "Si dice anche: {quote}",
            "E poi c'è questo: {quote}",
            "Cito una riga: {quote}",
        ),
        remarks=(
            "Questo almeno è certo.",
            "Già questo merita un secondo sguardo.",
            "La cosa non finisce qui.",
            "Da qui si può continuare a leggere.",
            "È facile non farci caso.",
            "Anche quel che segue ne fa parte.",
        ),
        genres={
            "letter": Genre(
                ("Caro amico, mi hai chiesto di «{title}».", "Caro amico, ecco la mia risposta."),
                ("C'è ancora una cosa da dire.", "Forse ti sembrerà strano."),
                ("Scrivimi presto, il tuo vecchio amico.", "Con affetto, come sempre."),
            ),
            "dialogue": Genre(
                ("Che cosa sai di «{title}»?", "Siediti e dimmi che cosa sai."),
                ("E poi?", "Davvero? Continua."),
                ("Grazie, adesso capisco.", "Me ne ricorderò."),
            ),
            "diary": Genre(
                ("Oggi ho letto molto su {title}.", "Un giorno tranquillo con un libro."),
                ("Ho annotato anche questo.", "Ho dovuto leggerlo due volte."),
                ("Basta per oggi.", "Domani continuo a leggere."),
            ),
            "speech": Genre(
                ("Signore e signori, parlo di «{title}».", "Signore e signori, grazie."),
                ("Restiamo qui per un momento.", "E c'è altro da dire."),
                ("Grazie per l'attenzione.", "Questo è ciò che volevo dirvi."),
            ),
            "description": Genre(
                ("Così si può immaginare «{title}».", "Ecco il quadro, pezzo per pezzo."),
                ("Un altro particolare va messo qui.", "Bisogna guardare più da vicino."),
                ("Fin qui il quadro intero.", "Il resto è lasciato allo sguardo."),
            ),
        },
    ),
    "pl": Frames(
        ask=(
            "Temat: „{title}”. Napisz coś na ten temat z takimi ograniczeniami.",
            "„{title}” to temat krótkiego tekstu według tych reguł.",
            "Na temat „{title}” proszę o kilka wersów, które trzymają się następujących reguł.",
        ),
        brief=(
            "„{title}” – proszę, napisz o tym taki tekst: {genre}. Ton: {tone}.",
            "Temat: „{title}”; gatunek: {genre}; ton: {tone}. Napisz mi ten tekst.",
            "O haśle „{title}” proszę: {genre}; ton: {tone}.",
        ),
        leads=(
            "Oto co mam w notatkach: {quote}",
            "Czytam tam, co następuje: {quote}",
            "Jedno zdanie pamiętam dobrze: {quote}",
            "Mówi się też: {quote}",
            "A do tego jeszcze to: {quote}",
            "Przytoczę jedno zdanie: {quote}",
        ),
        remarks=(
            "Tyle jest pewne.",
            "Już samo to warte jest drugiego spojrzenia.",
            "Na tym sprawa się nie kończy.",
            "Stąd można czytać dalej.",
            "Łatwo to przeoczyć.",
            "To, co teraz nastąpi, też do tego należy.",
        ),
        genres={
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
            "Onderwerp: „{title}”. Schrijf er iets over onder deze voorwaarden.",
            "„{title}” is het onderwerp van een korte tekst die zich aan deze regels houdt.",
            "Over „{title}” wil ik graag een paar regels die zich hieraan houden.",
        ),
        brief=(
            "„{title}” – schrijf hier alsjeblieft dit over: {genre}. Toon: {tone}.",
            "Onderwerp: „{title}”; genre: {genre}; toon: {tone}. Schrijf de tekst voor mij.",
            "Over „{title}” graag: {genre}; de toon: {tone}.",
        ),
        leads=(
            "Dit heb ik gevonden: {quote}",
            "Ik heb het volgende gelezen: {quote}",
            "Eén zin is me bijgebleven: {quote}",
            "Er wordt ook gezegd: {quote}",
            "En dan is er nog dit: {quote}",
            "Ik haal één regel aan: {quote}",
        ),
        remarks=(
            "Zoveel staat vast.",
            "Dat alleen al is een tweede blik waard.",
            "Daarmee is de zaak niet ten einde.",
            "Vanaf hier kan men verder lezen.",
            "Men leest er gemakkelijk overheen.",
            "Wat nu komt, hoort er ook bij.",
        ),
        genres={
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
            "Res: «{title}». Scribe aliquid de ea his legibus.",
            "«{title}» res est, de qua textum brevem his regulis servatis scribas velim.",
            "De re quae «{title}» dicitur velim paucos versus, qui has regulas servent.",
        ),
        brief=(
            "«{title}» – scribe, quaeso, de hac re: {genre}. Modus: {tone}.",
            "Res: «{title}»; genus: {genre}; modus: {tone}. Scribe mihi hunc textum.",
            "«{title}», quaeso: {genre}; modus: {tone}.",
        ),
        leads=(
            "Haec inveni: {quote}",
            "Legi quae sequuntur: {quote}",
            "Una sententia in memoria mea mansit: {quote}",
            "Dicitur etiam: {quote}",
            "Deinde hoc quoque est: {quote}",
            "Unam sententiam referam: {quote}",
        ),
        remarks=(
            "Hoc quidem certum est.",
            "Vel hoc solum iterum spectandum est.",
            "Neque hic finis rei est.",
            "Hinc ulterius legere licet.",
            "Facile hoc praeteritur.",
            "Quod nunc sequitur, ad eandem rem pertinet.",
        ),
        genres={
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
