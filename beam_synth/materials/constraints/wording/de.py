"""Instructions of the constraints in German; the package tells what keys and slots mean."""

WORDINGS = {
    "unit_word": "Wörter",
    "unit_letter": "Buchstaben",
    "unit_syllable": "Silben",
    "unit_sentence": "Sätze",
    "unit_line": "Zeilen",
    "unit_paragraph": "Absätze",
    "stems_word": "wort|wört",
    "stems_letter": "buchstabe",
    "stems_syllable": "silbe|silbig",
    "stems_sentence": "satz|sätze",
    "stems_line": "zeile|zeilig",
    "stems_paragraph": "absatz|absätze",
    "genre_story": "Geschichte",
    "genre_poem": "Gedicht",
    "genre_letter": "Brief",
    "genre_dialogue": "Dialog",
    "genre_diary": "Tagebucheintrag",
    "genre_speech": "Rede",
    "genre_description": "Beschreibung",
    "tone_plain": "schlicht",
    "tone_solemn": "feierlich",
    "tone_playful": "verspielt",
    "tone_melancholy": "melancholisch",
    "tone_ironic": "ironisch",
    "tone_hopeful": "zuversichtlich",
    "fold_diacritics": "Umlaute und Buchstaben mit Akzent zählen als eigene Buchstaben.",
    "y_vowel": "Der Buchstabe y zählt als Vokal.",
    "lipogram": "Verwende keinen dieser Buchstaben: {banned_letters}.",
    "pangrammatic_lipogram": "Verwende alle Buchstaben des Alphabets außer {letter}; dieser darf "
    "nicht vorkommen.",
    "univocalism": "Verwende keinen Vokal außer {vowel}.",
    "bivocalism": "Verwende keine Vokale außer diesen beiden: {pair}.",
    "monoconsonantism": "Verwende keinen Konsonanten außer {consonant}.",
    "pangram": "Verwende jeden Buchstaben des Alphabets mindestens einmal.",
    "perfect_pangram": "Verwende jeden Buchstaben des Alphabets genau einmal.",
    "isogram_word": "In keinem Wort darf ein Buchstabe zweimal stehen.",
    "isogram_line": "In keiner Zeile darf ein Buchstabe zweimal stehen.",
    "isogram_text": "Im ganzen Text darf kein Buchstabe zweimal stehen.",
    "letter_palindrome": "Buchstabe für Buchstabe liest sich der Text auch rückwärts; er hat "
    "mindestens {minimum} Buchstaben.",
    "beau_present": "Verwende nur Buchstaben, die in diesem Namen vorkommen: {source_name}.",
    "belle_absente": "Schreibe eine Zeile für jeden Buchstaben des Namens {source_name}: Die "
    "erste kommt ohne seinen ersten Buchstaben aus, die zweite ohne seinen zweiten und so fort; "
    "jede Zeile hat alle anderen Buchstaben von {alphabet}.",
    "prisoner": "Verwende keinen Buchstaben mit Ober- oder Unterlänge, also keinen von {letters}.",
    "prisoner_strict": "Verwende keinen Buchstaben mit Ober- oder Unterlänge und keinen mit "
    "Punkt, also keinen von {letters}.",
    "tautogram": "Jedes Wort beginnt mit dem Buchstaben {letter}.",
    "tautogram_exempt": "Jedes Wort außer Artikeln, Präpositionen und anderen Funktionswörtern "
    "beginnt mit dem Buchstaben {letter}.",
    "snowball": "Schreibe {count} Wörter: Das erste hat so viele Buchstaben: {start}; jedes "
    "weitere hat einen Buchstaben mehr als das vorige.",
    "melting_snowball": "Das erste Wort hat {start} Buchstaben, jedes weitere einen weniger als "
    "das vorige, bis zu einem Wort mit einem Buchstaben.",
    "rhopalic": "Schreibe {count} Wörter: Zahl der Silben des ersten: {start}; jedes weitere hat "
    "eine Silbe mehr als das vorige.",
    "abecedarian_word": "Schreibe {length} Wörter mit diesen Anfangsbuchstaben, in dieser "
    "Reihenfolge: {key}.",
    "abecedarian_line": "Schreibe {length} Zeilen mit diesen Anfangsbuchstaben, in dieser "
    "Reihenfolge: {key}.",
    "word_palindrome": "Wort für Wort liest sich der Text auch rückwärts; er hat mindestens "
    "{minimum} Wörter.",
    "pilish": "Die ersten {digits} Ziffern von Pi geben die Länge der Wörter in Buchstaben an: "
    "{lengths}. Schreibe genau diese Wörter und keine weiteren.",
    "liponym": "Vermeide diese Wörter: {words}.",
    "liponym_stems": "Vermeide diese Wörter und alle, die so beginnen: {words}.",
    "required_words": "Verwende jedes dieser Wörter: {words}.",
    "required_words_often": "Verwende jedes dieser Wörter mindestens {minimum} Mal: {words}.",
    "required_words_bounded": "Verwende jedes dieser Wörter zwischen {minimum} und {maximum} Mal: "
    "{words}.",
    "all_different": "Kein Wort darf zweimal vorkommen.",
    "all_different_exempt": "Kein Wort darf zweimal vorkommen, ausgenommen Artikel, Präpositionen "
    "und andere Funktionswörter.",
    "word_ladder": "Komm von {start} zu {end}, indem bei jedem Schritt ein Buchstabe wechselt, "
    "nur mit Wörtern dieser Liste: {lexicon}.",
    "line_snowball": "Schreibe {count} Zeilen. Zahl der {unit} in der ersten: {start}; in jeder "
    "weiteren ist sie um eins größer.",
    "fibonacci": "Schreibe {count} Zeilen, in denen die Zahl der {unit} Fibonacci folgt: {wanted}.",
    "acrostic": "Die ersten Buchstaben der Zeilen ergeben {word}, eine Zeile je Buchstabe.",
    "telestich": "Die letzten Buchstaben der Zeilen ergeben {word}, eine Zeile je Buchstabe.",
    "mesostic": "Schreibe eine Zeile für jeden Buchstaben von {word}; jede Zeile enthält ihren "
    "Buchstaben.",
    "mesostic_strict": "Schreibe eine Zeile für jeden Buchstaben von {word}; jede Zeile enthält "
    "ihren Buchstaben, und zwischen zwei Nachbarn dieser Achse steht der zweite sonst nicht.",
    "layout_poem": "Breite der Zeilen in Zeichen, Leerzeichen mitgezählt: {widths} (bis auf "
    "{tolerance}).",
    "haiku": "Schreibe ein Haiku: drei Zeilen mit 5, 7 und 5 Silben.",
    "alexandrine": "Schreibe Alexandriner mit 12 Silben je Zeile; Zahl der Zeilen: {count}.",
    "irrational_sonnet": "Schreibe ein irrationales Sonett: 14 Zeilen in Strophen von 3, 1, 4, 1 "
    "und 5 Zeilen.",
    "quenine": "Schreibe {n} Strophen mit je {n} Zeilen. Die Endwörter der ersten kehren in jeder "
    "Strophe wieder, aus der vorigen genommen in der Folge {order}.",
    "anagram": "Verwende genau die Buchstaben von „{source}“, jeden so oft wie dort.",
    "heterogrammatic_verse": "Die Buchstaben des Textes bilden Blöcke, von denen jeder die "
    "Buchstaben von {key} in beliebiger Folge je einmal hat.",
    "n_plus_k": "Ersetze im Text „{source}“ diese Nomen: {nouns}. Jedes weicht dem Nomen, das in "
    "dieser Liste {k} Plätze weiter steht; sie beginnt an ihrem Ende von vorn, alles andere "
    "bleibt: {dictionary}.",
    "absent_next": "Ein Nomen, das nicht in der Liste steht, zählt von dem Platz an, den es hätte.",
    "isovocalism": "Verwende dieselben Vokale in derselben Folge wie „{source}“; die Konsonanten "
    "sind frei.",
    "isoconsonantism": "Verwende dieselben Konsonanten in derselben Folge wie „{source}“; die "
    "Vokale sind frei.",
    "larding": "Behalte diese Sätze in dieser Folge und füge zwischen je zweien neue Sätze ein; "
    "Zahl der neuen Sätze: {insert}. {sources}",
    "counts_exact": "Die Zahl der {unit} ist genau {minimum}.",
    "counts_minimum": "Die Zahl der {unit} ist mindestens {minimum}.",
    "counts_maximum": "Die Zahl der {unit} ist höchstens {maximum}.",
    "counts_range": "Die Zahl der {unit} liegt zwischen {minimum} und {maximum}.",
    "equal_sentences": "Jeder Satz hat genau {k} Wörter.",
}
