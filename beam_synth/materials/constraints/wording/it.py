"""Instructions of the constraints in Italian; the package tells what keys and slots mean."""

WORDINGS = {
    "unit_word": "parole",
    "unit_letter": "lettere",
    "unit_syllable": "sillabe",
    "unit_sentence": "frasi",
    "unit_line": "righe",
    "unit_paragraph": "paragrafi",
    "stems_word": "parol",
    "stems_letter": "letter",
    "stems_syllable": "sillab",
    "stems_sentence": "fras",
    "stems_line": "rig|vers",
    "stems_paragraph": "paragraf",
    "genre_story": "racconto",
    "genre_poem": "poesia",
    "genre_letter": "lettera",
    "genre_dialogue": "dialogo",
    "genre_diary": "pagina di diario",
    "genre_speech": "discorso",
    "genre_description": "descrizione",
    "tone_plain": "semplice",
    "tone_solemn": "solenne",
    "tone_playful": "giocoso",
    "tone_melancholy": "malinconico",
    "tone_ironic": "ironico",
    "tone_hopeful": "fiducioso",
    "fold_diacritics": "Le lettere accentate contano come lettere a sé.",
    "y_vowel": "La lettera y conta come vocale.",
    "lipogram": "Non usare nessuna di queste lettere: {banned_letters}.",
    "pangrammatic_lipogram": "Usa tutte le lettere dell'alfabeto tranne {letter}, che non deve "
    "comparire.",
    "univocalism": "Non usare altra vocale che {vowel}.",
    "bivocalism": "Non usare altre vocali che queste due: {pair}.",
    "monoconsonantism": "Non usare altra consonante che {consonant}.",
    "pangram": "Usa almeno una volta ogni lettera dell'alfabeto.",
    "perfect_pangram": "Usa esattamente una volta ogni lettera dell'alfabeto.",
    "isogram_word": "In nessuna parola può ripetersi una lettera.",
    "isogram_line": "In nessuna riga può ripetersi una lettera.",
    "isogram_text": "In tutto il testo non può ripetersi nessuna lettera.",
    "letter_palindrome": "Lettera per lettera il testo si legge anche al contrario; ha almeno "
    "{minimum} lettere.",
    "beau_present": "Usa soltanto lettere di questo nome: {source_name}.",
    "belle_absente": "Scrivi una riga per ogni lettera del nome {source_name}: la prima fa a meno "
    "della sua prima lettera, la seconda della seconda e così via; ogni riga ha tutte le altre "
    "lettere di {alphabet}.",
    "prisoner": "Non usare lettere che escono dal rigo in alto o in basso, cioè nessuna di "
    "{letters}.",
    "prisoner_strict": "Non usare lettere che escono dal rigo né quella con il punto, cioè "
    "nessuna di {letters}.",
    "tautogram": "Ogni parola comincia con la lettera {letter}.",
    "tautogram_exempt": "Ogni parola, tranne articoli, preposizioni e altre parole funzionali, "
    "comincia con la lettera {letter}.",
    "snowball": "Numero di parole: {count}. Lettere della prima: {start}; ognuna ha una lettera "
    "in più della precedente.",
    "melting_snowball": "La prima parola ha {start} lettere e ognuna ne ha una in meno della "
    "precedente, fino a una parola di una lettera.",
    "rhopalic": "Numero di parole: {count}. Sillabe della prima: {start}; ognuna ha una sillaba "
    "in più della precedente.",
    "abecedarian_word": "Scrivi {length} parole con queste iniziali, in quest'ordine: {key}.",
    "abecedarian_line": "Scrivi {length} righe con queste iniziali, in quest'ordine: {key}.",
    "word_palindrome": "Parola per parola il testo si legge anche al contrario; ha almeno "
    "{minimum} parole.",
    "pilish": "Le prime {digits} cifre di pi greco danno la lunghezza delle parole in lettere: "
    "{lengths}. Scrivi esattamente queste parole e nessun'altra.",
    "liponym": "Evita queste parole: {words}.",
    "liponym_stems": "Evita queste parole e tutte quelle che cominciano così: {words}.",
    "required_words": "Usa ognuna di queste parole: {words}.",
    "required_words_often": "Usa almeno {minimum} volte ognuna di queste parole: {words}.",
    "required_words_bounded": "Usa da {minimum} a {maximum} volte ognuna di queste parole: "
    "{words}.",
    "all_different": "Nessuna parola può ripetersi.",
    "all_different_exempt": "Nessuna parola può ripetersi, tranne articoli, preposizioni e altre "
    "parole funzionali.",
    "word_ladder": "Va' da {start} a {end} cambiando una lettera a ogni passo, solo con parole di "
    "questo elenco: {lexicon}.",
    "line_snowball": "Numero di righe: {count}. Numero di {unit} della prima: {start}; in ogni "
    "riga successiva è uno di più.",
    "fibonacci": "Scrivi {count} righe in cui il numero di {unit} segua Fibonacci: {wanted}.",
    "acrostic": "Le prime lettere delle righe formano {word}, una riga per lettera.",
    "telestich": "Le ultime lettere delle righe formano {word}, una riga per lettera.",
    "mesostic": "Scrivi una riga per ogni lettera di {word}; ogni riga contiene la sua lettera.",
    "mesostic_strict": "Scrivi una riga per ogni lettera di {word}; ogni riga contiene la sua "
    "lettera, e fra due lettere vicine di quest'asse la seconda non compare altrove.",
    "layout_poem": "Larghezza delle righe in caratteri, spazi compresi: {widths} (con uno scarto "
    "di {tolerance}).",
    "haiku": "Scrivi un haiku: tre righe di 5, 7 e 5 sillabe.",
    "alexandrine": "Scrivi alessandrini, qui di 12 sillabe per riga; numero di righe: {count}.",
    "irrational_sonnet": "Scrivi un sonetto irrazionale: 14 righe in strofe di 3, 1, 4, 1 e 5 "
    "righe.",
    "quenine": "Scrivi {n} strofe di {n} righe. Le parole finali della prima tornano in ogni "
    "strofa, prese dalla precedente nell'ordine {order}.",
    "anagram": "Usa esattamente le lettere di «{source}», ognuna tante volte quanto lì.",
    "heterogrammatic_verse": "Le lettere del testo formano blocchi, ognuno dei quali ha le "
    "lettere di {key} in un ordine qualsiasi, ognuna una volta.",
    "n_plus_k": "Nel testo «{source}» sostituisci questi nomi: {nouns}. Ognuno cede il posto al "
    "nome che si trova {k} posti dopo in questo elenco, che alla fine ricomincia; il resto non "
    "cambia: {dictionary}.",
    "absent_next": "Un nome che non è nell'elenco si conta dal posto che vi avrebbe.",
    "isovocalism": "Usa le stesse vocali nello stesso ordine di «{source}»; le consonanti sono "
    "libere.",
    "isoconsonantism": "Usa le stesse consonanti nello stesso ordine di «{source}»; le vocali "
    "sono libere.",
    "larding": "Conserva queste frasi in quest'ordine e inserisci frasi nuove fra ogni due; "
    "numero di frasi nuove: {insert}. {sources}",
    "counts_exact": "Il numero di {unit} è esattamente {minimum}.",
    "counts_minimum": "Il numero di {unit} è almeno {minimum}.",
    "counts_maximum": "Il numero di {unit} è al massimo {maximum}.",
    "counts_range": "Il numero di {unit} è compreso tra {minimum} e {maximum}.",
    "equal_sentences": "Ogni frase ha esattamente {k} parole.",
}
