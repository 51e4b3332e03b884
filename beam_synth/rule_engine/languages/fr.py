"""French."""

from beam_synth.rule_engine.languages import Language

LANGUAGE = Language(
    quotes=("« ", " »"),
    gap={
        "time": (
            "{gapped} Quelle date manque ici ? ({title})",
            "{title} : {gapped} C'était quand ?",
            "{title} – {gapped} Quelle est la date qui complète cette phrase ?",
            "{gapped} Quelle date faut-il ici ? ({title})",
            "{gapped} De quelle date s'agit-il ? ({title})",
        ),
        "quantity": (
            "{gapped} Quel nombre manque ici ? ({title})",
            "{title} : {gapped} Combien ?",
            "{title} – {gapped} Quel est le chiffre qui complète cette phrase ?",
            "{gapped} Quel nombre faut-il ici ? ({title})",
            "{gapped} De quel nombre s'agit-il ? ({title})",
        ),
        "name": (
            "{gapped} Quel nom manque ici ? ({title})",
            "{title} : {gapped} De qui ou de quoi s'agit-il ?",
            "{title} – {gapped} Quel est le nom qui complète cette phrase ?",
            "{gapped} Quel nom faut-il ici ? ({title})",
            "{gapped} De quel nom s'agit-il ? ({title})",
        ),
    },
    relate=(
        "{a} et {b} – qu'est-ce qui les relie ? ({title})",
        "{title} : quel rapport y a-t-il entre {a} et {b} ?",
        "{a} et {b} : quel est leur lien ? ({title})",
        "{title} – comment {a} va-t-il avec {b} ?",
        "{a}, {b} : que sait-on des deux ? ({title})",
    ),
    define=(
        "Que désigne {title} ?",
        "{title} : qui est-ce ou qu'est-ce que c'est ?",
        "Comment décrire {title} en une phrase ?",
        "{title} – de quoi s'agit-il, en bref ?",
    ),
    copulas=("est", "était", "fut", "sont", "étaient", "désigne"),
    field=(
        "{title} : que note-t-on pour {field} ?",
        "{title}, {field} : quelle est la réponse ?",
        "Que faut-il inscrire sous {field} ? ({title})",
        "{title} – qu'est-ce qui correspond à {field} ?",
    ),
    row=(
        "{title} : que vaut {field} pour {row} ?",
        "{row} – que trouve-t-on sous {field} ? ({title})",
        "Pour {row} ({title}), que note-t-on sous {field} ?",
    ),
    because=("parce que", "parce qu'", "car", "en raison de", "en raison du", "grâce à", "puisque"),
    cause=(
        "{clause} Pour quelle raison ? ({title})",
        "{title} : {clause} Pourquoi ?",
        "{title} – {clause} Qu'est-ce qui l'explique ?",
    ),
    endings={
        "direct": ("",),
        "polite": ("Merci de votre aide.", "Je vous remercie d'avance."),
        "casual": ("Une idée ?", "Simple curiosité."),
        "imperative": ("Donnez la réponse avec son contexte.", "Répondez brièvement."),
        "contextual": (
            "Je prépare un exposé à ce sujet.",
            "La question s'est posée hier soir.",
        ),
    },
    doubt=(
        "{altered} Est-ce bien cela ? ({title})",
        "{title} : {altered} Pouvez-vous le confirmer ?",
        "{title} – {altered} C'est ce que j'ai noté ; est-ce juste ?",
    ),
    correct=(
        "Non, ce n'est pas exact. Ce que l'on sait est ceci : {sentence}",
        "C'est une erreur ; en réalité : {sentence}",
        "Cela n'est pas juste. Voici ce qu'il en est : {sentence}",
    ),
    absurd=(
        (
            "{title} : combien de kilogrammes pèse le sens de {a} ?",
            "La question n'a aucun sens : un sens n'a pas de poids.",
        ),
        (
            "{title} : à quelle vitesse {a} oublie-t-il sa propre ombre ?",
            "C'est absurde : une ombre ne peut être oubliée à une vitesse donnée.",
        ),
    ),
    ask_back=(
        "La question n'est pas claire : {a} peut désigner plusieurs choses. S'il s'agit de "
        "{title} : {sentence} Ou voulez-vous parler d'autre chose ?",
        "La question est ambiguë, car {a} pourrait renvoyer à plusieurs choses. Pour {title} : "
        "{sentence} Une précision serait utile.",
    ),
    value_answers=(
        "{value}. Plus précisément : {sentence}",
        "C'est {value} : {sentence}",
        "{sentence} La réponse est donc : {value}.",
        "La réponse est : {value}. {sentence}",
    ),
    known=("{sentence}", "Voici ce que l'on sait : {sentence}", "En bref : {sentence}"),
    abstain=(
        "Les sources données ne disent rien de {topic} ; il est donc impossible de répondre.",
        "Aucune des sources ne répond à cette question : rien dans ces sources ne porte sur "
        "{topic}.",
        "Ces sources ne permettent pas de répondre : elles ne mentionnent pas ce qui est demandé "
        "sur {topic}.",
    ),
)
