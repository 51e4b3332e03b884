# ruff: noqa: E501  (wordings are easier to read in one piece)
"""French wordings of the editing exercise."""

from beam_synth.methods.editing.wordings import Instructions, targets

INSTRUCTIONS = Instructions(
    leads=(
        "J'en ai besoin aujourd'hui.",
        "Voici un court écrit.",
        "Une collègue m'a remis le texte ci-dessous.",
        "Ceci est arrivé ce matin.",
        "Un petit travail pour vous.",
        "Le texte ci-dessous est destiné à une brochure.",
        "Nous préparons un recueil pour notre école.",
        "Mon éditeur attend ce texte.",
        "Vous trouverez ci-dessous un passage d'un ouvrage de référence.",
        "Je prépare une page pour notre association.",
        "Merci de vous en charger.",
        "Il manque encore une chose pour le prochain numéro.",
        "Ma classe lira cela demain.",
        "Un autre texte attend sur mon bureau.",
        "Bonjour !",
        "Notre bibliothèque voudrait utiliser ce passage.",
        "C'est un morceau assez court.",
        "Un coup de main me serait utile.",
        "Vous avez l'œil pour les textes.",
        "La semaine prochaine, je donne une conférence.",
    ),
    frames=(
        "{task}.",
        "{task}, s'il vous plaît.",
        "{task}. Envoyez le résultat et rien d'autre.",
        "{task}. Je n'ai pas besoin de commentaires.",
        "{task}. Merci d'avance.",
    ),
    menu=(
        "Choisissez parmi ces tâches celle qui convient le mieux au texte, et faites-la :",
        "Laquelle de ces tâches serait la plus utile ici ? Faites seulement celle-là :",
        "Prenez dans cette liste ce qui sert le mieux le texte, et faites-le :",
        "Un seul de ces travaux convient vraiment au texte ci-dessous. Faites celui-là :",
        "Voici ce que l'on pourrait faire du texte ; faites le plus utile :",
        "Je ne sais que faire de ce texte. Retenez la meilleure de ces idées et réalisez-la :",
        "Parmi les tâches suivantes, faites celle que ce texte réclame :",
        "Regardez d'abord le texte, puis faites ce qui a le plus de sens :",
        "Une seule de ces tâches, s'il vous plaît, et c'est vous qui décidez :",
        "À quoi ce texte se prête-t-il le mieux ? Décidez-vous pour une tâche et faites-la :",
        "Tout cela est possible ; je voudrais ce qui convient le mieux :",
        "Ces tâches ne conviennent pas toutes au texte. Faites celle qui convient :",
    ),
    open=(
        "De quoi ce texte a-t-il besoin ? Faites-le.",
        "Quelque chose ne va pas dans ce texte. Mettez-le en ordre et renvoyez-le.",
        "Regardez ce texte et faites ce qu'il lui faut.",
        "Pourriez-vous m'arranger cela ?",
        "Ce texte ne me satisfait pas. Voyez ce qui est faux et rendez-le-moi.",
        "Peut-on imprimer cela tel quel ? Sinon, faites le nécessaire.",
        "Remettez ce texte en forme sans le réécrire, s'il vous plaît.",
        "Cela se lit mal. Redressez-le et ne touchez à rien d'autre.",
    ),
    tasks={
        "correct": (
            "Corrigez les fautes de ce texte sans rien changer d'autre",
            "Relisez ce texte et laissez tel quel ce qui est juste",
            "Supprimez toutes les erreurs du texte ci-dessous sans toucher aux tournures",
            "Parcourez ce passage et rectifiez l'orthographe, la grammaire et la ponctuation",
        ),
        "extract": (
            "Tirez de ce texte un objet JSON avec les clés {keys}, chaque valeur mot pour mot",
            "Donnez en JSON les valeurs de {keys}, copiées exactement du texte",
            "Rassemblez dans un objet JSON ce que le texte contient sous {keys}, copié lettre à lettre",
            "Faites de ce texte un objet JSON dont les clés sont {keys}, sans rien ajouter",
        ),
        "simplify": (
            "Simplifiez ce texte : des phrases de {words} mots au plus, sans parenthèses",
            "Rendez ce texte plus facile à lire, {words} mots par phrase au plus et aucune parenthèse",
            "Découpez ce texte en phrases courtes, de {words} mots au plus, et évitez les parenthèses",
            "Récrivez cela en phrases simples et sans parenthèses, aucune ne dépassant {words} mots",
        ),
        "summarise": (
            "Résumez ce texte en {words} mots au plus",
            "Raccourcissez ce texte à {percent} % de sa longueur ou moins",
            "Donnez l'essentiel de ce texte en {words} mots au maximum",
            "Réduisez ce texte à {words} mots ou moins",
        ),
        "translate": (
            "Traduisez ce texte {target}",
            "Mettez ce texte {target}, avec tous les noms et les nombres",
            "Faites passer tout ce texte {target} sans rien omettre",
        ),
    },
    forms={
        "bullets": (
            "Faites de ce texte une liste à puces, chaque point après un tiret",
            "Présentez ce texte point par point, chacun sur une ligne qui commence par un tiret",
            "Disposez ce texte en liste, avec un tiret devant chaque point",
        ),
        "numbered": (
            "Faites de ce texte une liste numérotée (1., 2., 3. et ainsi de suite)",
            "Présentez ce texte en points numérotés : 1., 2., 3. et ainsi de suite",
            "Numérotez les points de ce texte, un par ligne : 1., 2., 3. et ainsi de suite",
        ),
        "questions": (
            "Faites de ce texte des questions, chacune avec sa réponse à la ligne suivante",
            "Transformez ce texte en questions et écrivez sous chacune la réponse",
            "Présentez ce texte en questions et réponses, chaque réponse à la ligne sous sa question",
        ),
        "letter": (
            "Réécrivez ce texte comme une lettre, avec une salutation et une formule de fin",
            "Faites de ce texte une lettre, avec une formule d'appel en tête et une autre pour finir",
            "Mettez ce texte dans une lettre qui s'ouvre sur un salut et se ferme sur un autre",
        ),
    },
    requests={
        "correct": (
            "Pourriez-vous corriger les fautes de ce texte et laisser le reste ?",
            "Je voudrais une version propre de ce texte, où seules les fautes soient corrigées.",
            "Comment se lit ce texte une fois ses fautes corrigées, et elles seules ?",
            "Des fautes se sont glissées dans ce texte ; elles doivent disparaître, et rien d'autre.",
        ),
        "extract": (
            "Quelles valeurs ce texte donne-t-il pour {keys} ? Un objet JSON fidèle au mot près me suffit.",
            "Il me faut un objet JSON avec les clés {keys}, rempli mot pour mot d'après ce texte.",
            "Pourriez-vous relever dans ce texte, en JSON et tel quel, ce qui relève de {keys} ?",
        ),
        "simplify": (
            "Pourriez-vous rendre cela plus clair, sans parenthèses et sans phrase de plus de {words} mots ?",
            "Une version simple m'aiderait : aucune parenthèse, {words} mots par phrase au plus.",
            "Comment diriez-vous cela en phrases de {words} mots au plus, sans aucune parenthèse ?",
        ),
        "summarise": (
            "Que dit ce texte, en {words} mots au plus ?",
            "Il y a de la place pour {words} mots : quels sont les points principaux ?",
            "Pourriez-vous ramener ce texte à {percent} % de sa longueur, ou moins ?",
        ),
        "translate": (
            "Que devient ce texte une fois traduit {target} ?",
            "Pourriez-vous mettre ce texte {target}, avec tous les noms et les nombres ?",
            "Tout ce texte doit être traduit {target}.",
        ),
        "bullets": (
            "Pourriez-vous disposer cela en liste, avec un tiret devant chaque point ?",
            "Une liste serait plus claire, chaque point sur sa ligne après un tiret.",
        ),
        "numbered": (
            "Pourriez-vous numéroter les points de ce texte (1., 2., 3. et ainsi de suite) ?",
            "Une liste numérotée serait plus claire : 1., 2., 3. et ainsi de suite.",
        ),
        "questions": (
            "Pourriez-vous en faire des questions, chacune avec sa réponse à la ligne suivante ?",
            "Que pourrait-on demander là-dessus ? Écrivez les questions et, sous chacune, la réponse.",
        ),
        "letter": (
            "Pourriez-vous en faire une lettre, avec une salutation et une formule de fin ?",
            "Cela doit partir sous forme de lettre, de la salutation à la formule de fin.",
        ),
    },
    targets=targets(
        "en anglais|en français|en allemand|en espagnol|en italien|en polonais|en néerlandais|en latin"
    ),
    keys={"names": "noms", "dates": "dates", "years": "années", "numbers": "nombres"},
    greeting=("Chère lectrice, cher lecteur,", "Cher ami,", "Bonjour,"),
    closing=("Bien cordialement", "Avec mes meilleures salutations", "Bien à vous"),
    ask=("Que peut-on dire de {topic} ?", "Que sait-on de {topic} ?", "Et {topic} ?"),
)
