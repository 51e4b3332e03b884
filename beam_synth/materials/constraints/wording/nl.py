"""Instructions of the constraints in Dutch; the package tells what keys and slots mean."""

WORDINGS = {
    "unit_word": "woorden",
    "unit_letter": "letters",
    "unit_syllable": "lettergrepen",
    "unit_sentence": "zinnen",
    "unit_line": "regels",
    "unit_paragraph": "alinea's",
    "stems_word": "woord",
    "stems_letter": "letter",
    "stems_syllable": "lettergre",
    "stems_sentence": "zin",
    "stems_line": "regel",
    "stems_paragraph": "alinea",
    "genre_story": "verhaal",
    "genre_poem": "gedicht",
    "genre_letter": "brief",
    "genre_dialogue": "dialoog",
    "genre_diary": "dagboekbladzijde",
    "genre_speech": "toespraak",
    "genre_description": "beschrijving",
    "tone_plain": "eenvoudig",
    "tone_solemn": "plechtig",
    "tone_playful": "speels",
    "tone_melancholy": "melancholisch",
    "tone_ironic": "ironisch",
    "tone_hopeful": "hoopvol",
    "fold_diacritics": "Letters met accenten tellen als eigen letters.",
    "y_vowel": "De letter y telt als klinker.",
    "lipogram": "Gebruik geen van deze letters: {banned_letters}.",
    "pangrammatic_lipogram": "Gebruik alle letters van het alfabet behalve {letter}; die mag niet "
    "voorkomen.",
    "univocalism": "Gebruik geen andere klinker dan {vowel}.",
    "bivocalism": "Gebruik geen andere klinkers dan deze twee: {pair}.",
    "monoconsonantism": "Gebruik geen andere medeklinker dan {consonant}.",
    "pangram": "Gebruik elke letter van het alfabet minstens één keer.",
    "perfect_pangram": "Gebruik elke letter van het alfabet precies één keer.",
    "isogram_word": "In geen enkel woord mag een letter twee keer staan.",
    "isogram_line": "In geen enkele regel mag een letter twee keer staan.",
    "isogram_text": "In de hele tekst mag geen letter twee keer staan.",
    "letter_palindrome": "Letter voor letter is de tekst ook achterstevoren te lezen; hij heeft "
    "minstens {minimum} letters.",
    "beau_present": "Gebruik alleen letters die in deze naam voorkomen: {source_name}.",
    "belle_absente": "Schrijf een regel voor elke letter van de naam {source_name}: de eerste "
    "doet het zonder de eerste letter ervan, de tweede zonder de tweede, enzovoort; elke regel "
    "heeft alle andere letters van {alphabet}.",
    "prisoner": "Gebruik geen letters die boven of onder de lijn uitsteken, dus geen van "
    "{letters}.",
    "prisoner_strict": "Gebruik geen letters die uitsteken en ook niet die met een punt, dus geen "
    "van {letters}.",
    "tautogram": "Elk woord begint met de letter {letter}.",
    "tautogram_exempt": "Elk woord, behalve lidwoorden, voorzetsels en andere functiewoorden, "
    "begint met de letter {letter}.",
    "snowball": "Schrijf {count} woorden: het eerste heeft zoveel letters: {start}; elk volgend "
    "woord heeft een letter meer dan het vorige.",
    "melting_snowball": "Het eerste woord heeft {start} letters, elk volgend woord een letter "
    "minder dan het vorige, tot een woord van één letter.",
    "rhopalic": "Schrijf {count} woorden; aantal lettergrepen van het eerste: {start}; elk "
    "volgend woord heeft er een meer dan het vorige.",
    "abecedarian_word": "Schrijf {length} woorden met deze beginletters, in deze volgorde: {key}.",
    "abecedarian_line": "Schrijf {length} regels met deze beginletters, in deze volgorde: {key}.",
    "word_palindrome": "Woord voor woord is de tekst ook achterstevoren te lezen; hij heeft "
    "minstens {minimum} woorden.",
    "pilish": "De eerste {digits} cijfers van pi geven de lengte van de woorden in letters: "
    "{lengths}. Schrijf precies deze woorden en niet meer.",
    "liponym": "Vermijd deze woorden: {words}.",
    "liponym_stems": "Vermijd deze woorden en alles wat zo begint: {words}.",
    "required_words": "Gebruik elk van deze woorden: {words}.",
    "required_words_often": "Gebruik elk van deze woorden minstens {minimum} keer: {words}.",
    "required_words_bounded": "Gebruik elk van deze woorden tussen {minimum} en {maximum} keer: "
    "{words}.",
    "all_different": "Geen woord mag twee keer voorkomen.",
    "all_different_exempt": "Geen woord mag twee keer voorkomen, behalve lidwoorden, voorzetsels "
    "en andere functiewoorden.",
    "word_ladder": "Kom van {start} naar {end} door bij elke stap één letter te veranderen, "
    "alleen met woorden uit deze lijst: {lexicon}.",
    "line_snowball": "Schrijf {count} regels. Aantal {unit} in de eerste: {start}; in elke "
    "volgende is het één meer.",
    "fibonacci": "Schrijf {count} regels waarin het aantal {unit} Fibonacci volgt: {wanted}.",
    "acrostic": "De eerste letters van de regels vormen {word}, één regel per letter.",
    "telestich": "De laatste letters van de regels vormen {word}, één regel per letter.",
    "mesostic": "Schrijf een regel voor elke letter van {word}; elke regel bevat zijn letter.",
    "mesostic_strict": "Schrijf een regel voor elke letter van {word}; elke regel bevat zijn "
    "letter, en tussen twee buren van deze as komt de tweede verder niet voor.",
    "layout_poem": "Breedte van de regels in tekens, spaties meegeteld: {widths} (op {tolerance} "
    "na).",
    "haiku": "Schrijf een haiku: drie regels van 5, 7 en 5 lettergrepen.",
    "alexandrine": "Schrijf alexandrijnen, 12 lettergrepen per regel; aantal regels: {count}.",
    "irrational_sonnet": "Schrijf een irrationeel sonnet: 14 regels in strofen van 3, 1, 4, 1 en "
    "5 regels.",
    "quenine": "Schrijf {n} strofen van {n} regels. De eindwoorden van de eerste keren in elke "
    "strofe terug, uit de vorige genomen in de volgorde {order}.",
    "anagram": "Gebruik precies de letters van „{source}”, elk even vaak als daar.",
    "heterogrammatic_verse": "De letters van de tekst vormen blokken, die elk de letters van "
    "{key} in willekeurige volgorde één keer hebben.",
    "n_plus_k": "Vervang in de tekst „{source}” deze zelfstandige naamwoorden: {nouns}. Elk maakt "
    "plaats voor het woord dat in deze lijst {k} plaatsen verder staat; de lijst begint aan het "
    "eind opnieuw, al het andere blijft: {dictionary}.",
    "absent_next": "Een woord dat niet in de lijst staat, telt vanaf de plaats die het zou hebben.",
    "isovocalism": "Gebruik dezelfde klinkers in dezelfde volgorde als „{source}”; de "
    "medeklinkers zijn vrij.",
    "isoconsonantism": "Gebruik dezelfde medeklinkers in dezelfde volgorde als „{source}”; de "
    "klinkers zijn vrij.",
    "larding": "Behoud deze zinnen in deze volgorde en voeg tussen elke twee nieuwe zinnen in; "
    "aantal nieuwe zinnen: {insert}. {sources}",
    "counts_exact": "Het aantal {unit} is precies {minimum}.",
    "counts_minimum": "Het aantal {unit} is minstens {minimum}.",
    "counts_maximum": "Het aantal {unit} is hoogstens {maximum}.",
    "counts_range": "Het aantal {unit} ligt tussen {minimum} en {maximum}.",
    "equal_sentences": "Elke zin heeft precies {k} woorden.",
}
