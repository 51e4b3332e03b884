"""Instructions of the constraints in Latin; the package tells what keys and slots mean."""

WORDINGS = {
    "unit_word": "verborum",
    "unit_letter": "litterarum",
    "unit_syllable": "syllabarum",
    "unit_sentence": "sententiarum",
    "unit_line": "versuum",
    "unit_paragraph": "capitulorum",
    "stems_word": "verb",
    "stems_letter": "litter",
    "stems_syllable": "syllab",
    "stems_sentence": "sententi",
    "stems_line": "vers",
    "stems_paragraph": "capitul",
    "genre_story": "fabula",
    "genre_poem": "carmen",
    "genre_letter": "epistula",
    "genre_dialogue": "dialogus",
    "genre_diary": "commentarius diurnus",
    "genre_speech": "oratio",
    "genre_description": "descriptio",
    "tone_plain": "simplex",
    "tone_solemn": "sollemnis",
    "tone_playful": "iocosus",
    "tone_melancholy": "tristis",
    "tone_ironic": "ironicus",
    "tone_hopeful": "spei plenus",
    "fold_diacritics": "Litterae signis ornatae pro propriis litteris numerantur.",
    "y_vowel": "Littera y inter vocales numeratur.",
    "lipogram": "Noli uti ulla ex his litteris: {banned_letters}.",
    "pangrammatic_lipogram": "Utere omnibus litteris alphabeti praeter {letter}, quae adesse non "
    "debet.",
    "univocalism": "Noli uti alia vocali quam {vowel}.",
    "bivocalism": "Noli uti aliis vocalibus quam his duabus: {pair}.",
    "monoconsonantism": "Noli uti alia consonante quam {consonant}.",
    "pangram": "Utere omnibus litteris alphabeti saltem semel.",
    "perfect_pangram": "Utere omnibus litteris alphabeti semel tantum.",
    "isogram_word": "In nullo verbo eadem littera bis stet.",
    "isogram_line": "In nullo versu eadem littera bis stet.",
    "isogram_text": "In toto textu nulla littera bis stet.",
    "letter_palindrome": "Litterae etiam retro eodem modo legantur; numerus minimus litterarum: "
    "{minimum}.",
    "beau_present": "Utere tantum litteris huius nominis: {source_name}.",
    "belle_absente": "Scribe singulos versus pro singulis litteris nominis {source_name}: primus "
    "careat prima littera, secundus secunda, et sic deinceps; quisque versus ceteras omnes "
    "litteras ex {alphabet} habeat.",
    "prisoner": "Noli uti litteris quae supra vel infra lineam eminent, id est ulla ex {letters}.",
    "prisoner_strict": "Noli uti litteris quae eminent neque ea quae punctum habet, id est ulla "
    "ex {letters}.",
    "tautogram": "Omne verbum a littera {letter} incipiat.",
    "tautogram_exempt": "Omne verbum praeter praepositiones, coniunctiones aliasque particulas a "
    "littera {letter} incipiat.",
    "snowball": "Numerus verborum: {count}. Numerus litterarum primi: {start}; quodque sequens "
    "unam litteram plus habeat.",
    "melting_snowball": "Numerus litterarum primi verbi: {start}; quodque sequens unam minus "
    "habeat, usque ad verbum unius litterae.",
    "rhopalic": "Numerus verborum: {count}. Numerus syllabarum primi: {start}; quodque sequens "
    "unam syllabam plus habeat.",
    "abecedarian_word": "Primae litterae verborum ex ordine sint: {key}. Numerus verborum: "
    "{length}.",
    "abecedarian_line": "Primae litterae versuum ex ordine sint: {key}. Numerus versuum: {length}.",
    "word_palindrome": "Verba etiam retro eodem ordine legantur; numerus minimus verborum: "
    "{minimum}.",
    "pilish": "Longitudo verborum in litteris numerum pi sequatur: {lengths}. Numerus verborum: "
    "{digits}.",
    "liponym": "Vita haec verba: {words}.",
    "liponym_stems": "Vita haec verba et omnia quae sic incipiunt: {words}.",
    "required_words": "Utere singulis his verbis: {words}.",
    "required_words_often": "Utere singulis his verbis; numerus minimus: {minimum}. Verba: "
    "{words}.",
    "required_words_bounded": "Utere singulis his verbis; numerus minimus {minimum}, maximus "
    "{maximum}. Verba: {words}.",
    "all_different": "Nullum verbum iteretur.",
    "all_different_exempt": "Nullum verbum iteretur praeter praepositiones, coniunctiones "
    "aliasque particulas.",
    "word_ladder": "Perveni a {start} ad {end} una littera quoque gradu mutata, verbis tantum "
    "huius indicis: {lexicon}.",
    "line_snowball": "Numerus versuum: {count}. Numerus {unit} primi versus: {start}; in quoque "
    "sequente uno maior sit.",
    "fibonacci": "Numerus versuum: {count}. Numerus {unit} in versibus Fibonacci sequatur: "
    "{wanted}.",
    "acrostic": "Primae litterae versuum faciant {word}, pro quaque littera unus versus.",
    "telestich": "Ultimae litterae versuum faciant {word}, pro quaque littera unus versus.",
    "mesostic": "Scribe singulos versus pro singulis litteris ex {word}; quisque suam litteram "
    "habeat.",
    "mesostic_strict": "Scribe singulos versus pro singulis litteris ex {word}; quisque suam "
    "litteram habeat, et inter duas vicinas huius ordinis secunda alibi non stet.",
    "layout_poem": "Latitudo versuum in signis, spatiis numeratis: {widths} (discrimen ad summum "
    "{tolerance}).",
    "haiku": "Scribe haiku: tres versus, qui 5, 7 et 5 syllabas habeant.",
    "alexandrine": "Scribe versus qui syllabas 12 habeant; numerus versuum: {count}.",
    "irrational_sonnet": "Scribe carmen versuum 14 in strophis quae 3, 1, 4, 1 et 5 versus "
    "habeant.",
    "quenine": "Numerus stropharum et versuum in stropha: {n}. Verba ultima primae strophae in "
    "quaque redeant, ex priore sumpta hoc ordine: {order}.",
    "anagram": "Utere iisdem litteris quas habet «{source}», quaque totiens.",
    "heterogrammatic_verse": "Litterae textus in partes cadant, quarum quaeque litteras ex {key} "
    "quovis ordine semel habeat.",
    "n_plus_k": "In textu «{source}» haec nomina muta: {nouns}. Pro quoque stet nomen quod in hoc "
    "indice {k} locis post sequitur; index in fine redit ad initium, cetera manent: {dictionary}.",
    "absent_next": "Nomen quod in indice deest ab eo loco numeratur quem ibi haberet.",
    "isovocalism": "Utere iisdem vocalibus eodem ordine quo «{source}»; consonantes liberae sunt.",
    "isoconsonantism": "Utere iisdem consonantibus eodem ordine quo «{source}»; vocales liberae "
    "sunt.",
    "larding": "Serva has sententias hoc ordine et inter binas novas sententias pone; numerus "
    "novarum sententiarum: {insert}. {sources}",
    "counts_exact": "Numerus {unit} sit ipse {minimum}.",
    "counts_minimum": "Numerus {unit} sit minimum {minimum}.",
    "counts_maximum": "Numerus {unit} sit maximum {maximum}.",
    "counts_range": "Numerus {unit} sit inter {minimum} et {maximum}.",
    "equal_sentences": "Quaeque sententia verba {k} habeat, nec plura nec pauciora.",
}
