"""Instructions of the constraints in Spanish; the package tells what keys and slots mean."""

WORDINGS = {
    "unit_word": "palabras",
    "unit_letter": "letras",
    "unit_syllable": "sílabas",
    "unit_sentence": "frases",
    "unit_line": "líneas",
    "unit_paragraph": "párrafos",
    "stems_word": "palabra",
    "stems_letter": "letra",
    "stems_syllable": "sílaba|silábic",
    "stems_sentence": "frase|oracion|oración",
    "stems_line": "línea|verso",
    "stems_paragraph": "párrafo",
    "genre_story": "relato",
    "genre_poem": "poema",
    "genre_letter": "carta",
    "genre_dialogue": "diálogo",
    "genre_diary": "diario",
    "genre_speech": "discurso",
    "genre_description": "descripción",
    "tone_plain": "sencillo",
    "tone_solemn": "solemne",
    "tone_playful": "juguetón",
    "tone_melancholy": "melancólico",
    "tone_ironic": "irónico",
    "tone_hopeful": "esperanzado",
    "fold_diacritics": "Las letras con tilde cuentan como letras propias.",
    "y_vowel": "La letra y cuenta como vocal.",
    "lipogram": "No uses ninguna de estas letras: {banned_letters}.",
    "pangrammatic_lipogram": "Usa todas las letras del alfabeto menos {letter}, que no debe "
    "aparecer.",
    "univocalism": "No uses más vocal que {vowel}.",
    "bivocalism": "No uses más vocales que estas dos: {pair}.",
    "monoconsonantism": "No uses más consonante que {consonant}.",
    "pangram": "Usa cada letra del alfabeto al menos una vez.",
    "perfect_pangram": "Usa cada letra del alfabeto exactamente una vez.",
    "isogram_word": "En ninguna palabra se puede repetir una letra.",
    "isogram_line": "En ninguna línea se puede repetir una letra.",
    "isogram_text": "En todo el texto no se puede repetir ninguna letra.",
    "letter_palindrome": "Letra por letra, el texto se lee igual al revés; tiene al menos "
    "{minimum} letras.",
    "beau_present": "Usa solo letras de este nombre: {source_name}.",
    "belle_absente": "Escribe una línea para cada letra del nombre {source_name}: la primera "
    "prescinde de su primera letra, la segunda de la segunda, y así hasta el final; cada línea "
    "tiene todas las demás letras de {alphabet}.",
    "prisoner": "No uses letras que sobresalgan por arriba o por abajo, es decir, ninguna de "
    "{letters}.",
    "prisoner_strict": "No uses letras que sobresalgan ni la que lleva punto, es decir, ninguna "
    "de {letters}.",
    "tautogram": "Cada palabra empieza por la letra {letter}.",
    "tautogram_exempt": "Cada palabra, salvo artículos, preposiciones y otras palabras "
    "funcionales, empieza por la letra {letter}.",
    "snowball": "Número de palabras: {count}. Letras de la primera: {start}; cada una tiene una "
    "letra más que la anterior.",
    "melting_snowball": "La primera palabra tiene {start} letras y cada una tiene una menos que "
    "la anterior, hasta una palabra de una sola letra.",
    "rhopalic": "Número de palabras: {count}. Sílabas de la primera: {start}; cada una tiene una "
    "sílaba más que la anterior.",
    "abecedarian_word": "Escribe {length} palabras con estas iniciales, en este orden: {key}.",
    "abecedarian_line": "Escribe {length} líneas con estas iniciales, en este orden: {key}.",
    "word_palindrome": "Palabra por palabra, el texto se lee igual al revés; tiene al menos "
    "{minimum} palabras.",
    "pilish": "Los primeros {digits} dígitos de pi dan la longitud de las palabras en letras: "
    "{lengths}. Escribe exactamente esas palabras y ninguna más.",
    "liponym": "Evita estas palabras: {words}.",
    "liponym_stems": "Evita estas palabras y todas las que empiecen así: {words}.",
    "required_words": "Usa cada una de estas palabras: {words}.",
    "required_words_often": "Usa cada una de estas palabras al menos {minimum} veces: {words}.",
    "required_words_bounded": "Usa cada una de estas palabras entre {minimum} y {maximum} veces: "
    "{words}.",
    "all_different": "Ninguna palabra se puede repetir.",
    "all_different_exempt": "Ninguna palabra se puede repetir, salvo artículos, preposiciones y "
    "otras palabras funcionales.",
    "word_ladder": "Ve de {start} a {end} cambiando una letra en cada paso, solo con palabras de "
    "esta lista: {lexicon}.",
    "line_snowball": "Número de líneas: {count}. Número de {unit} de la primera: {start}; en cada "
    "línea siguiente es uno más.",
    "fibonacci": "Escribe {count} líneas cuyo número de {unit} siga a Fibonacci: {wanted}.",
    "acrostic": "Las primeras letras de las líneas forman {word}, una línea por letra.",
    "telestich": "Las últimas letras de las líneas forman {word}, una línea por letra.",
    "mesostic": "Escribe una línea para cada letra de {word}; cada línea contiene su letra.",
    "mesostic_strict": "Escribe una línea para cada letra de {word}; cada línea contiene su "
    "letra, y entre dos letras vecinas de este eje la segunda no aparece más.",
    "layout_poem": "Ancho de las líneas en caracteres, con espacios: {widths} (margen: "
    "{tolerance}).",
    "haiku": "Escribe un haiku: tres líneas de 5, 7 y 5 sílabas.",
    "alexandrine": "Escribe alejandrinos, aquí de 12 sílabas por línea; número de líneas: {count}.",
    "irrational_sonnet": "Escribe un soneto irracional: 14 líneas en estrofas de 3, 1, 4, 1 y 5 "
    "líneas.",
    "quenine": "Escribe {n} estrofas de {n} líneas. Las palabras finales de la primera vuelven en "
    "cada estrofa, tomadas de la anterior en el orden {order}.",
    "anagram": "Usa exactamente las letras de «{source}», cada una tantas veces como allí.",
    "heterogrammatic_verse": "Las letras del texto forman bloques, y cada bloque tiene las letras "
    "de {key} en cualquier orden, una vez cada una.",
    "n_plus_k": "En el texto «{source}» sustituye estos nombres: {nouns}. Cada uno cede su lugar "
    "al nombre que está {k} lugares después en esta lista, que al acabar vuelve a empezar; lo "
    "demás no cambia: {dictionary}.",
    "absent_next": "Un nombre que no está en la lista se cuenta desde el lugar que tendría.",
    "isovocalism": "Usa las mismas vocales en el mismo orden que «{source}»; las consonantes son "
    "libres.",
    "isoconsonantism": "Usa las mismas consonantes en el mismo orden que «{source}»; las vocales "
    "son libres.",
    "larding": "Conserva estas frases en este orden e intercala frases nuevas entre cada dos; "
    "número de frases nuevas: {insert}. {sources}",
    "counts_exact": "El número de {unit} es exactamente {minimum}.",
    "counts_minimum": "El número de {unit} es al menos {minimum}.",
    "counts_maximum": "El número de {unit} es como mucho {maximum}.",
    "counts_range": "El número de {unit} está entre {minimum} y {maximum}.",
    "equal_sentences": "Cada frase tiene exactamente {k} palabras.",
}
