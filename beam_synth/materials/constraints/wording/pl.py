"""Instructions of the constraints in Polish; the package tells what keys and slots mean."""

WORDINGS = {
    "unit_word": "słów",
    "unit_letter": "liter",
    "unit_syllable": "sylab",
    "unit_sentence": "zdań",
    "unit_line": "wersów",
    "unit_paragraph": "akapitów",
    "stems_word": "słow|słów|wyraz",
    "stems_letter": "liter",
    "stems_syllable": "sylab",
    "stems_sentence": "zdan|zdań",
    "stems_line": "wers|lini",
    "stems_paragraph": "akapi",
    "genre_story": "opowiadanie",
    "genre_poem": "wiersz",
    "genre_letter": "list",
    "genre_dialogue": "dialog",
    "genre_diary": "kartka z dziennika",
    "genre_speech": "przemówienie",
    "genre_description": "opis",
    "tone_plain": "prosty",
    "tone_solemn": "uroczysty",
    "tone_playful": "żartobliwy",
    "tone_melancholy": "melancholijny",
    "tone_ironic": "ironiczny",
    "tone_hopeful": "pełen nadziei",
    "fold_diacritics": "Litery ze znakami diakrytycznymi liczą się jako osobne litery.",
    "y_vowel": "Litera y liczy się jako samogłoska.",
    "lipogram": "Nie używaj żadnej z tych liter: {banned_letters}.",
    "pangrammatic_lipogram": "Użyj wszystkich liter alfabetu łacińskiego oprócz {letter}; tej być "
    "nie może.",
    "univocalism": "Nie używaj innej samogłoski niż {vowel}.",
    "bivocalism": "Nie używaj innych samogłosek niż te dwie: {pair}.",
    "monoconsonantism": "Nie używaj innej spółgłoski niż {consonant}.",
    "pangram": "Użyj każdej litery alfabetu łacińskiego przynajmniej raz.",
    "perfect_pangram": "Użyj każdej litery alfabetu łacińskiego dokładnie raz.",
    "isogram_word": "W żadnym słowie litera nie może się powtórzyć.",
    "isogram_line": "W żadnym wersie litera nie może się powtórzyć.",
    "isogram_text": "W całym tekście litera nie może się powtórzyć.",
    "letter_palindrome": "Litera po literze tekst czyta się tak samo wspak; najmniejsza liczba "
    "liter: {minimum}.",
    "beau_present": "Używaj tylko liter tej nazwy: {source_name}.",
    "belle_absente": "Napisz po jednym wersie na każdą literę nazwy {source_name}: pierwszy obywa "
    "się bez jej pierwszej litery, drugi bez drugiej i tak dalej; każdy wers ma wszystkie inne "
    "litery z {alphabet}.",
    "prisoner": "Nie używaj liter, które wystają nad linię lub pod nią, czyli żadnej z {letters}.",
    "prisoner_strict": "Nie używaj liter, które wystają, ani tej z kropką, czyli żadnej z "
    "{letters}.",
    "tautogram": "Każde słowo zaczyna się na literę {letter}.",
    "tautogram_exempt": "Każde słowo oprócz przyimków, spójników i innych słów pomocniczych "
    "zaczyna się na literę {letter}.",
    "snowball": "Liczba słów: {count}. Liczba liter pierwszego: {start}; każde następne ma o "
    "jedną literę więcej.",
    "melting_snowball": "Liczba liter pierwszego słowa: {start}; każde następne ma o jedną literę "
    "mniej, aż do słowa z jednej litery.",
    "rhopalic": "Liczba słów: {count}. Liczba sylab pierwszego: {start}; każde następne ma o "
    "jedną sylabę więcej.",
    "abecedarian_word": "Pierwsze litery słów to po kolei: {key}. Liczba słów: {length}.",
    "abecedarian_line": "Pierwsze litery wersów to po kolei: {key}. Liczba wersów: {length}.",
    "word_palindrome": "Słowo po słowie tekst czyta się tak samo wspak; najmniejsza liczba słów: "
    "{minimum}.",
    "pilish": "Cyfry liczby pi podają długość kolejnych słów w literach: {lengths}. Liczba słów: "
    "{digits}.",
    "liponym": "Unikaj tych słów: {words}.",
    "liponym_stems": "Unikaj tych słów i wszystkich, które się tak zaczynają: {words}.",
    "required_words": "Użyj każdego z tych słów: {words}.",
    "required_words_often": "Użyj każdego z tych słów co najmniej tyle razy: {minimum}. Słowa: "
    "{words}.",
    "required_words_bounded": "Użyj każdego z tych słów od {minimum} do {maximum} razy: {words}.",
    "all_different": "Żadne słowo nie może się powtórzyć.",
    "all_different_exempt": "Żadne słowo nie może się powtórzyć, oprócz przyimków, spójników i "
    "innych słów pomocniczych.",
    "word_ladder": "Przejdź od {start} do {end}, zmieniając za każdym krokiem jedną literę, tylko "
    "słowami z tej listy: {lexicon}.",
    "line_snowball": "Liczba wersów: {count}. Liczba {unit} w pierwszym: {start}; w każdym "
    "następnym jest o jeden większa.",
    "fibonacci": "Liczba wersów: {count}. Liczba {unit} w kolejnych wersach według Fibonacciego: "
    "{wanted}.",
    "acrostic": "Pierwsze litery wersów tworzą {word}, jeden wers na literę.",
    "telestich": "Ostatnie litery wersów tworzą {word}, jeden wers na literę.",
    "mesostic": "Napisz po jednym wersie na każdą literę z {word}; każdy wers zawiera swoją "
    "literę.",
    "mesostic_strict": "Napisz po jednym wersie na każdą literę z {word}; każdy wers zawiera "
    "swoją literę, a między dwiema sąsiednimi literami tej osi druga już się nie pojawia.",
    "layout_poem": "Szerokość wersów w znakach, ze spacjami: {widths} (z dokładnością do "
    "{tolerance}).",
    "haiku": "Napisz haiku: trzy wersy po 5, 7 i 5 sylab.",
    "alexandrine": "Napisz aleksandryny, tu po 12 sylab w wersie; liczba wersów: {count}.",
    "irrational_sonnet": "Napisz sonet irracjonalny: 14 wersów w strofach po 3, 1, 4, 1 i 5 "
    "wersów.",
    "quenine": "Liczba strof i liczba wersów w strofie: {n}. Słowa końcowe pierwszej wracają w "
    "każdej strofie, wzięte z poprzedniej w kolejności {order}.",
    "anagram": "Użyj dokładnie liter z „{source}”, każdej tyle razy co tam.",
    "heterogrammatic_verse": "Litery tekstu tworzą bloki, z których każdy ma litery słowa {key} w "
    "dowolnej kolejności, każdą raz.",
    "n_plus_k": "W tekście „{source}” zamień te rzeczowniki: {nouns}. Na miejsce każdego wchodzi "
    "ten, który stoi {k} miejsc dalej na tej liście, zaczynającej się na końcu od nowa; reszta "
    "zostaje: {dictionary}.",
    "absent_next": "Rzeczownik spoza listy liczy się od miejsca, które by na niej miał.",
    "isovocalism": "Użyj tych samych samogłosek w tej samej kolejności co „{source}”; spółgłoski "
    "są dowolne.",
    "isoconsonantism": "Użyj tych samych spółgłosek w tej samej kolejności co „{source}”; "
    "samogłoski są dowolne.",
    "larding": "Zachowaj te zdania w tej kolejności i wstaw nowe zdania między każde dwa; liczba "
    "nowych zdań: {insert}. {sources}",
    "counts_exact": "Liczba {unit}: dokładnie {minimum}.",
    "counts_minimum": "Liczba {unit}: co najmniej {minimum}.",
    "counts_maximum": "Liczba {unit}: co najwyżej {maximum}.",
    "counts_range": "Liczba {unit}: od {minimum} do {maximum}.",
    "equal_sentences": "Liczba słów w każdym zdaniu: dokładnie {k}.",
}
