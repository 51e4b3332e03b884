"""Instructions of the constraints in English; the package tells what keys and slots mean."""

WORDINGS = {
    "unit_word": "words",
    "unit_letter": "letters",
    "unit_syllable": "syllables",
    "unit_sentence": "sentences",
    "unit_line": "lines",
    "unit_paragraph": "paragraphs",
    "stems_word": "word",
    "stems_letter": "letter",
    "stems_syllable": "syllab",
    "stems_sentence": "sentence",
    "stems_line": "line",
    "stems_paragraph": "paragraph",
    "genre_story": "story",
    "genre_poem": "poem",
    "genre_letter": "letter",
    "genre_dialogue": "dialogue",
    "genre_diary": "diary entry",
    "genre_speech": "speech",
    "genre_description": "description",
    "tone_plain": "plain",
    "tone_solemn": "solemn",
    "tone_playful": "playful",
    "tone_melancholy": "melancholy",
    "tone_ironic": "ironic",
    "tone_hopeful": "hopeful",
    "fold_diacritics": "Letters with diacritics count as letters of their own.",
    "y_vowel": "The letter y counts as a vowel.",
    "lipogram": "Do not use any of these letters: {banned_letters}.",
    "pangrammatic_lipogram": "Use every letter of the alphabet except {letter}, which must not "
    "appear.",
    "univocalism": "Use no vowel but {vowel}.",
    "bivocalism": "Use no vowels but these two: {pair}.",
    "monoconsonantism": "Use no consonant but {consonant}.",
    "pangram": "Use every letter of the alphabet at least once.",
    "perfect_pangram": "Use every letter of the alphabet exactly once.",
    "isogram_word": "Within each word, no letter may occur twice.",
    "isogram_line": "Within each line, no letter may occur twice.",
    "isogram_text": "In the whole text, no letter may occur twice.",
    "letter_palindrome": "Letter by letter the text reads the same backwards; it has at least "
    "{minimum} letters.",
    "beau_present": "Use only letters that occur in this name: {source_name}.",
    "belle_absente": "Write one line for each letter of the name {source_name}: line 1 does "
    "without its first letter, line 2 without its second, and so on, and each line has all other "
    "letters of {alphabet}.",
    "prisoner": "Use no letter that reaches above or below the line, that is none of {letters}.",
    "prisoner_strict": "Use no letter that reaches above or below the line nor the dotted one, "
    "that is none of {letters}.",
    "tautogram": "Every word begins with the letter {letter}.",
    "tautogram_exempt": "Every word except articles, prepositions and other function words begins "
    "with the letter {letter}.",
    "snowball": "Write {count} words: the first has {start} letters, and each has one more letter "
    "than the one before.",
    "melting_snowball": "The first word has {start} letters, and each has one fewer than the one "
    "before, down to a word of one letter.",
    "rhopalic": "Write {count} words: the first has {start} syllables, and each has one more "
    "syllable than the one before.",
    "abecedarian_word": "Write {length} words whose first letters are, in this order: {key}.",
    "abecedarian_line": "Write {length} lines whose first letters are, in this order: {key}.",
    "word_palindrome": "Word by word the text reads the same backwards; it has at least {minimum} "
    "words.",
    "pilish": "The first {digits} digits of pi give the lengths of the words in letters: "
    "{lengths}. Write exactly these words and no more.",
    "liponym": "Avoid these words: {words}.",
    "liponym_stems": "Avoid these words and all that begin with them: {words}.",
    "required_words": "Use each of these words: {words}.",
    "required_words_often": "Use each of these words at least {minimum} times: {words}.",
    "required_words_bounded": "Use each of these words between {minimum} and {maximum} times: "
    "{words}.",
    "all_different": "No word may occur twice.",
    "all_different_exempt": "No word may occur twice, articles, prepositions and other function "
    "words excepted.",
    "word_ladder": "Lead from {start} to {end} by changing one letter at each step, with words "
    "from this list only: {lexicon}.",
    "line_snowball": "Write {count} lines: for the first, the number of {unit} is {start}; for "
    "each further one it is one more.",
    "fibonacci": "Write {count} lines in which the number of {unit} follows Fibonacci: {wanted}.",
    "acrostic": "The first letters of the lines spell {word}, one line for each letter.",
    "telestich": "The last letters of the lines spell {word}, one line for each letter.",
    "mesostic": "Write one line for each letter of {word}; each line contains its letter.",
    "mesostic_strict": "Write one line for each letter of {word}; each line contains its letter, "
    "and between two neighbouring letters of this spine the second does not occur otherwise.",
    "layout_poem": "Make the lines so many characters wide, spaces included: {widths} (give or "
    "take {tolerance}).",
    "haiku": "Write a haiku: three lines of 5, 7 and 5 syllables.",
    "alexandrine": "Write alexandrines: 12 syllables a line; number of lines: {count}.",
    "irrational_sonnet": "Write an irrational sonnet: 14 lines in stanzas of 3, 1, 4, 1 and 5 "
    "lines.",
    "quenine": "Write {n} stanzas of {n} lines. The end words of the first return in each later "
    "stanza, taken from the stanza before in the order {order}.",
    "anagram": "Use exactly the letters of “{source}”, each as often as there.",
    "heterogrammatic_verse": "The letters of the text fall into blocks, each of which has the "
    "letters of {key} in any order, each once.",
    "n_plus_k": "In the text “{source}” replace these nouns: {nouns}. Each gives way to the noun "
    "that stands {k} places after it in this list, which begins again at its end; all else stays "
    "as it is: {dictionary}.",
    "absent_next": "A noun that is not in the list counts from the place where it would stand.",
    "isovocalism": "Use the same vowels in the same order as “{source}”; choose the consonants.",
    "isoconsonantism": "Use the same consonants in the same order as “{source}”; choose the "
    "vowels.",
    "larding": "Keep these sentences in this order and insert new sentences between each two; "
    "number of new sentences: {insert}. {sources}",
    "counts_exact": "The number of {unit} is exactly {minimum}.",
    "counts_minimum": "The number of {unit} is at least {minimum}.",
    "counts_maximum": "The number of {unit} is at most {maximum}.",
    "counts_range": "The number of {unit} lies between {minimum} and {maximum}.",
    "equal_sentences": "Every sentence has exactly {k} words.",
}
