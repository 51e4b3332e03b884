"""Instructions of the constraints in French; the package tells what keys and slots mean."""

WORDINGS = {
    "unit_word": "mots",
    "unit_letter": "lettres",
    "unit_syllable": "syllabes",
    "unit_sentence": "phrases",
    "unit_line": "lignes",
    "unit_paragraph": "paragraphes",
    "stems_word": "mot",
    "stems_letter": "lettre",
    "stems_syllable": "syllab",
    "stems_sentence": "phrase",
    "stems_line": "ligne|vers",
    "stems_paragraph": "paragraphe",
    "genre_story": "récit",
    "genre_poem": "poème",
    "genre_letter": "lettre",
    "genre_dialogue": "dialogue",
    "genre_diary": "journal intime",
    "genre_speech": "discours",
    "genre_description": "description",
    "tone_plain": "simple",
    "tone_solemn": "solennel",
    "tone_playful": "enjoué",
    "tone_melancholy": "mélancolique",
    "tone_ironic": "ironique",
    "tone_hopeful": "optimiste",
    "fold_diacritics": "Les lettres accentuées comptent comme des lettres à part.",
    "y_vowel": "La lettre y compte comme voyelle.",
    "lipogram": "N'employez aucune de ces lettres : {banned_letters}.",
    "pangrammatic_lipogram": "Employez toutes les lettres de l'alphabet sauf {letter}, qui ne "
    "doit pas apparaître.",
    "univocalism": "N'employez pas d'autre voyelle que {vowel}.",
    "bivocalism": "N'employez pas d'autres voyelles que ces deux-là : {pair}.",
    "monoconsonantism": "N'employez pas d'autre consonne que {consonant}.",
    "pangram": "Employez au moins une fois chaque lettre de l'alphabet.",
    "perfect_pangram": "Employez exactement une fois chaque lettre de l'alphabet.",
    "isogram_word": "Dans chaque mot, aucune lettre ne doit se répéter.",
    "isogram_line": "Dans chaque ligne, aucune lettre ne doit se répéter.",
    "isogram_text": "Dans tout le texte, aucune lettre ne doit se répéter.",
    "letter_palindrome": "Lettre par lettre, le texte se lit aussi à l'envers ; il compte au "
    "moins {minimum} lettres.",
    "beau_present": "N'employez que des lettres de ce nom : {source_name}.",
    "belle_absente": "Écrivez une ligne pour chaque lettre du nom {source_name} : la première se "
    "passe de sa première lettre, la deuxième de sa deuxième, et ainsi de suite ; chaque ligne a "
    "toutes les autres lettres de {alphabet}.",
    "prisoner": "N'employez aucune lettre qui dépasse la ligne en haut ou en bas, donc aucune de "
    "{letters}.",
    "prisoner_strict": "N'employez aucune lettre qui dépasse la ligne ni celle qui porte un "
    "point, donc aucune de {letters}.",
    "tautogram": "Chaque mot commence par la lettre {letter}.",
    "tautogram_exempt": "Chaque mot, sauf les articles, prépositions et autres mots-outils, "
    "commence par la lettre {letter}.",
    "snowball": "Boule de neige, nombre de mots : {count}. Le premier a {start} lettres, et "
    "chacun en a une de plus que le précédent.",
    "melting_snowball": "Boule de neige fondante : le premier mot a {start} lettres, et chacun en "
    "a une de moins que le précédent, jusqu'à un mot d'une lettre.",
    "rhopalic": "Nombre de mots : {count}. Nombre de syllabes du premier : {start} ; chaque mot "
    "en a une de plus que le précédent.",
    "abecedarian_word": "Écrivez {length} mots dont les initiales sont, dans cet ordre : {key}.",
    "abecedarian_line": "Écrivez {length} lignes dont les initiales sont, dans cet ordre : {key}.",
    "word_palindrome": "Mot par mot, le texte se lit aussi à l'envers ; il compte au moins "
    "{minimum} mots.",
    "pilish": "Les {digits} premiers chiffres de pi donnent la longueur des mots en lettres : "
    "{lengths}. Écrivez exactement ces mots, pas plus.",
    "liponym": "Évitez ces mots : {words}.",
    "liponym_stems": "Évitez ces mots et tous ceux qui commencent ainsi : {words}.",
    "required_words": "Employez chacun de ces mots : {words}.",
    "required_words_often": "Employez au moins {minimum} fois chacun de ces mots : {words}.",
    "required_words_bounded": "Employez entre {minimum} et {maximum} fois chacun de ces mots : "
    "{words}.",
    "all_different": "Aucun mot ne doit se répéter.",
    "all_different_exempt": "Aucun mot ne doit se répéter, sauf les articles, prépositions et "
    "autres mots-outils.",
    "word_ladder": "Allez de {start} à {end} en changeant une lettre à chaque pas, avec des mots "
    "de cette seule liste : {lexicon}.",
    "line_snowball": "Nombre de lignes : {count}. Nombre de {unit} de la première : {start} ; "
    "chaque ligne en a une unité de plus que la précédente.",
    "fibonacci": "Écrivez {count} lignes dont le nombre de {unit} suit Fibonacci : {wanted}.",
    "acrostic": "Les premières lettres des lignes forment {word}, une ligne par lettre.",
    "telestich": "Les dernières lettres des lignes forment {word}, une ligne par lettre.",
    "mesostic": "Écrivez une ligne pour chaque lettre de {word} ; chaque ligne contient sa lettre.",
    "mesostic_strict": "Écrivez une ligne pour chaque lettre de {word} ; chaque ligne contient sa "
    "lettre, et entre deux lettres voisines de cet axe la seconde n'apparaît pas ailleurs.",
    "layout_poem": "Largeur des lignes en caractères, espaces compris : {widths} (à {tolerance} "
    "près).",
    "haiku": "Écrivez un haïku : trois lignes de 5, 7 et 5 syllabes.",
    "alexandrine": "Écrivez des alexandrins, 12 syllabes par ligne ; nombre de lignes : {count}.",
    "irrational_sonnet": "Écrivez un sonnet irrationnel : 14 lignes en strophes de 3, 1, 4, 1 et "
    "5 lignes.",
    "quenine": "Écrivez {n} strophes de {n} lignes. Les mots finaux de la première reviennent "
    "dans chaque strophe, pris à la précédente dans l'ordre {order}.",
    "anagram": "Employez exactement les lettres de « {source} », chacune aussi souvent.",
    "heterogrammatic_verse": "Les lettres du texte se suivent par blocs, dont chacun a les "
    "lettres de {key} dans un ordre quelconque, chacune une fois.",
    "n_plus_k": "Dans le texte « {source} », remplacez ces noms : {nouns}. Chacun cède la place "
    "au nom qui se trouve {k} places plus loin dans cette liste, qui recommence à sa fin ; le "
    "reste ne change pas : {dictionary}.",
    "absent_next": "Un nom absent de la liste se compte depuis la place qu'il y aurait.",
    "isovocalism": "Employez les mêmes voyelles dans le même ordre que « {source} » ; les "
    "consonnes sont libres.",
    "isoconsonantism": "Employez les mêmes consonnes dans le même ordre que « {source} » ; les "
    "voyelles sont libres.",
    "larding": "Gardez ces phrases dans cet ordre et insérez des phrases nouvelles entre chaque "
    "paire de voisines ; nombre de phrases nouvelles : {insert}. {sources}",
    "counts_exact": "Le nombre de {unit} est exactement {minimum}.",
    "counts_minimum": "Le nombre de {unit} est d'au moins {minimum}.",
    "counts_maximum": "Le nombre de {unit} est d'au plus {maximum}.",
    "counts_range": "Le nombre de {unit} est compris entre {minimum} et {maximum}.",
    "equal_sentences": "Chaque phrase compte exactement {k} mots.",
}
