# ruff: noqa: E501  (wordings are easier to read in one piece)
"""Italian wordings of the editing exercise."""

from beam_synth.methods.editing.wordings import Instructions, targets

INSTRUCTIONS = Instructions(
    leads=(
        "Mi serve oggi.",
        "Ecco un breve scritto.",
        "Una collega mi ha dato il testo qui sotto.",
        "Questo è arrivato stamattina.",
        "Un piccolo lavoro per Lei.",
        "Il testo qui sotto è destinato a un opuscolo.",
        "Stiamo preparando un'antologia per la nostra scuola.",
        "Il mio redattore lo sta aspettando.",
        "Qui sotto c'è un brano di un'opera di consultazione.",
        "Sto preparando una pagina per la nostra associazione.",
        "Grazie di occuparsene.",
        "Manca ancora una cosa per il prossimo numero.",
        "La mia classe lo leggerà domani.",
        "Sulla mia scrivania c'è un altro testo.",
        "Buongiorno!",
        "La nostra biblioteca vorrebbe usare questo brano.",
        "È solo un pezzo breve.",
        "Mi farebbe comodo un aiuto.",
        "Lei ha occhio per i testi.",
        "La settimana prossima tengo una conferenza.",
    ),
    frames=(
        "{task}.",
        "{task}, per favore.",
        "{task}. Mandi solo il risultato e nient'altro.",
        "{task}. Non mi servono commenti.",
        "{task}. Grazie mille.",
    ),
    menu=(
        "Scelga il compito che più si adatta al testo e lo svolga:",
        "Quale di questi compiti servirebbe di più al testo? Svolga solo quello:",
        "Prenda da questo elenco ciò che giova di più al testo e lo esegua:",
        "Uno di questi lavori è quello giusto per il testo qui sotto. Faccia quello, per favore:",
        "Ecco che cosa si potrebbe fare del testo; faccia la cosa più utile:",
        "Non so che cosa fare di questo testo. Scelga la migliore di queste idee e la realizzi:",
        "Tra i compiti seguenti, svolga quello che il testo richiede:",
        "Guardi prima il testo, poi faccia ciò che ha più senso:",
        "Uno solo di questi compiti, per favore, e decide Lei quale:",
        "A che cosa si presta meglio questo testo? Si decida per un compito e lo svolga:",
        "Tutto questo è possibile; vorrei ciò che si adatta meglio:",
        "Non tutti questi compiti convengono al testo. Svolga quello che conviene:",
    ),
    open=(
        "Di che cosa ha bisogno questo testo? Lo faccia.",
        "In questo testo qualcosa non va. Lo metta in ordine e lo rimandi.",
        "Guardi questo testo, per favore, e faccia quello che serve.",
        "Potrebbe sistemarmelo?",
        "Questo testo non mi convince. Veda che cosa c'è di sbagliato e me lo restituisca.",
        "Si può stampare così com'è? Se no, faccia il necessario.",
        "Rimetta in forma questo testo senza riscriverlo, per favore.",
        "Così non si legge bene. Lo raddrizzi e non tocchi altro.",
    ),
    tasks={
        "correct": (
            "Corregga gli errori di questo testo e non cambi altro",
            "Rilegga questo testo e lasci com'è quello che è giusto",
            "Tolga tutti gli errori dal testo qui sotto senza toccare lo stile",
            "Ripassi questo brano e sistemi ortografia, grammatica e punteggiatura",
        ),
        "extract": (
            "Ricavi da questo testo un oggetto JSON con le chiavi {keys}, ogni valore parola per parola",
            "Dia in JSON i valori di {keys}, copiati esattamente dal testo",
            "Raccolga in un oggetto JSON ciò che il testo contiene sotto {keys}, copiato lettera per lettera",
            "Faccia di questo testo un oggetto JSON con le chiavi {keys}, senza aggiungere nulla",
        ),
        "simplify": (
            "Semplifichi questo testo: frasi di {words} parole al massimo, senza parentesi",
            "Renda questo testo più facile da leggere, con {words} parole per frase al massimo e senza parentesi",
            "Divida questo testo in frasi brevi, di {words} parole al massimo, ed eviti le parentesi",
            "Scriva questo in frasi semplici e senza parentesi, nessuna oltre le {words} parole",
        ),
        "summarise": (
            "Riassuma questo testo in {words} parole al massimo",
            "Accorci questo testo al {percent} % della sua lunghezza o meno",
            "Dia l'essenziale di questo testo in non più di {words} parole",
            "Riduca questo testo a {words} parole o meno",
        ),
        "translate": (
            "Traduca questo testo {target}",
            "Metta questo testo {target}, con tutti i nomi e i numeri",
            "Volga tutto questo testo {target} senza omettere nulla",
        ),
    },
    forms={
        "bullets": (
            "Trasformi questo testo in un elenco, ogni punto dopo un trattino",
            "Presenti questo testo punto per punto, ognuno su una riga che comincia con un trattino",
            "Disponga questo testo in forma di elenco, con un trattino davanti a ogni punto",
        ),
        "numbered": (
            "Trasformi questo testo in un elenco numerato (1., 2., 3. e così via)",
            "Presenti questo testo in punti numerati: 1., 2., 3. e così via",
            "Numeri i punti di questo testo, uno per riga: 1., 2., 3. e così via",
        ),
        "questions": (
            "Trasformi questo testo in domande, ognuna con la risposta nella riga dopo",
            "Faccia di questo testo delle domande e scriva sotto ognuna la risposta",
            "Presenti questo testo in domande e risposte, ogni risposta nella riga sotto la domanda",
        ),
        "letter": (
            "Riscriva questo testo come una lettera, con saluto e chiusura",
            "Faccia di questo testo una lettera, con un saluto in apertura e uno in chiusura",
            "Metta questo testo in una lettera che si apra con un saluto e si chiuda con un congedo",
        ),
    },
    requests={
        "correct": (
            "Potrebbe correggere gli errori di questo testo e lasciare il resto?",
            "Vorrei una copia pulita di questo testo, in cui siano corretti solo gli errori.",
            "Come si legge questo testo una volta corretti gli errori, e soltanto quelli?",
            "In questo testo si sono infilati degli errori; devono sparire, e nient'altro.",
        ),
        "extract": (
            "Quali valori dà questo testo per {keys}? Mi basta un oggetto JSON fedele alla lettera.",
            "Mi occorre un oggetto JSON con le chiavi {keys}, preso parola per parola da questo testo.",
            "Potrebbe ricavare da questo testo, in JSON e così com'è scritto, ciò che riguarda {keys}?",
        ),
        "simplify": (
            "Potrebbe rendere questo più chiaro, senza parentesi e senza frasi oltre le {words} parole?",
            "Una versione semplice mi aiuterebbe: nessuna parentesi, {words} parole per frase al massimo.",
            "Come direbbe questo in frasi di {words} parole al massimo, senza alcuna parentesi?",
        ),
        "summarise": (
            "Che cosa dice questo testo, in {words} parole al massimo?",
            "C'è posto per {words} parole: quali sono i punti principali?",
            "Potrebbe portare questo testo al {percent} % della sua lunghezza, o meno?",
        ),
        "translate": (
            "Come diventa questo testo tradotto {target}?",
            "Potrebbe volgere questo testo {target}, con tutti i nomi e i numeri?",
            "Tutto questo testo va tradotto {target}.",
        ),
        "bullets": (
            "Potrebbe disporre questo in un elenco, con un trattino davanti a ogni punto?",
            "Un elenco sarebbe più chiaro, ogni punto su una riga dopo un trattino.",
        ),
        "numbered": (
            "Potrebbe numerare i punti di questo testo (1., 2., 3. e così via)?",
            "Un elenco numerato sarebbe più chiaro: 1., 2., 3. e così via.",
        ),
        "questions": (
            "Potrebbe ricavarne delle domande, ognuna con la risposta nella riga dopo?",
            "Che cosa si potrebbe chiedere in proposito? Scriva le domande e, sotto ognuna, la risposta.",
        ),
        "letter": (
            "Potrebbe farne una lettera, con saluto e chiusura?",
            "Questo deve partire come lettera, dal saluto fino alla chiusura.",
        ),
    },
    targets=targets(
        "in inglese|in francese|in tedesco|in spagnolo|in italiano|in polacco|in olandese|in latino"
    ),
    keys={"names": "nomi", "dates": "date", "years": "anni", "numbers": "numeri"},
    greeting=("Gentile lettore,", "Caro amico,", "Buongiorno,"),
    closing=("Cordiali saluti", "Con i migliori auguri", "Distinti saluti"),
    ask=("Che cosa si può dire di {topic}?", "Che cosa si sa di {topic}?", "E {topic}?"),
)
