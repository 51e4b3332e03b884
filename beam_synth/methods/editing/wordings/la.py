# ruff: noqa: E501  (wordings are easier to read in one piece)
"""Latin wordings of the editing exercise."""

from beam_synth.methods.editing.wordings import Instructions, targets

INSTRUCTIONS = Instructions(
    leads=(
        "Hoc mihi hodie opus est.",
        "Ecce scriptum breve.",
        "Amicus hoc mihi dedit.",
        "Hoc hodie mane allatum est.",
        "Parvum opus tibi habeo.",
        "Scriptum infra positum libello destinatum est.",
        "Librum scholae nostrae paramus.",
        "Editor hoc iam exspectat.",
        "Infra est locus ex encyclopaedia sumptus.",
        "Paginam sodalitatis nostrae scribo.",
        "Gratias ago quod me adiuvas.",
        "Libello proximo aliquid adhuc deest.",
        "Discipuli mei hoc cras legent.",
        "Aliud scriptum in mensa mea iacet.",
        "Salve!",
        "Bibliotheca nostra hoc loco uti vult.",
        "Locus satis brevis est.",
        "Auxilio tuo egeo.",
        "Tu scripta bene iudicare soles.",
        "Proxima hebdomade orationem habebo.",
    ),
    frames=(
        "{task}.",
        "{task}, quaeso.",
        "{task}. Mitte tantum quod effeceris et nihil aliud.",
        "{task}. Explanatione non egeo.",
        "{task}. Gratias tibi ago.",
    ),
    menu=(
        "Elige ex his operibus id quod scripto maxime convenit, et perfice:",
        "Quid horum huic scripto maxime prodest? Id solum fac:",
        "Ex his operibus unum tantum fac, quod huic scripto aptissimum est:",
        "Lege primum scriptum, deinde fac quod horum optimum videtur:",
        "Nescio quid huic scripto faciendum sit. Sume ex his optimum et perfice:",
        "Unum ex his velim, arbitrio tuo electum:",
        "Haec fieri possunt; fac id quod utilissimum est:",
        "Quod horum scriptum infra positum poscit? Id perfice:",
        "Tu elige quid ex his faciendum sit, et unum solum fac:",
        "Non omnia haec, sed quod optime convenit, fac quaeso:",
    ),
    open=(
        "Quid huic scripto opus est? Id fac.",
        "Aliquid in hoc scripto non recte se habet. Emenda id et remitte.",
        "Inspice quaeso hoc scriptum et fac quod opus est.",
        "Potesne hoc mihi corrigere?",
        "Hoc scriptum mihi non placet. Vide quid peccatum sit, et mihi redde.",
        "Num hoc sic edi potest? Si non potest, effice ut possit.",
        "Hoc scriptum in ordinem redige neque novum scribe.",
        "Hoc non recte sonat. Corrige, sed cetera ne tetigeris.",
    ),
    tasks={
        "correct": (
            "Emenda menda huius scripti neque quicquam aliud muta",
            "Lege hoc scriptum et corrige; quae recta sunt, relinque",
            "Tolle ex hoc scripto omnia menda, verba autem serva",
            "Quidquid in hoc scripto mendosum est, corrige; cetera ne mutaveris",
        ),
        "extract": (
            "Excerpe ex hoc scripto unum obiectum JSON cum clavibus {keys}, omnia ad verbum",
            "Da in forma JSON ea quae ad {keys} pertinent, ut in scripto sunt",
            "Collige in unum obiectum JSON quae sub {keys} cadunt, singula ad litteram transcripta",
            "Fac ex hoc scripto obiectum JSON cuius claves sint {keys}, nihil addens",
        ),
        "simplify": (
            "Redde hoc scriptum simplicius: sententiae sint verborum non plus quam {words}, sine uncis",
            "Fac ut hoc scriptum facilius legatur, verbis in sententia non plus quam {words} et sine uncis",
            "Divide hoc scriptum in breves sententias, verborum non plus quam {words}, uncis omissis",
            "Scribe haec planius: nulli unci, nulla sententia longior quam verborum {words}",
        ),
        "summarise": (
            "Contrahe hoc scriptum in verba non plura quam {words}",
            "Fac hoc scriptum brevius, ad {percent}% longitudinis vel minus",
            "Dic summam huius scripti verbis non pluribus quam {words}",
            "Redige hoc scriptum ad verba {words} vel pauciora",
        ),
        "translate": (
            "Converte hoc scriptum {target}",
            "Verte hoc scriptum {target}, cum omnibus nominibus et numeris",
            "Transfer hoc scriptum {target} neque quicquam omitte",
        ),
    },
    forms={
        "bullets": (
            "Fac ex hoc scripto indicem, singula post lineolam",
            "Dispone hoc scriptum per capita, ita ut ante quodque lineola stet",
            "Redige hoc scriptum in indicem, lineola singulis praeposita",
        ),
        "numbered": (
            "Fac ex hoc scripto indicem numeratum (1., 2., 3. et cetera)",
            "Dispone hoc scriptum per capita numerata: 1., 2., 3. et cetera",
            "Numera capita huius scripti, singula in singulis lineis: 1., 2., 3. et cetera",
        ),
        "questions": (
            "Fac ex hoc scripto quaestiones, et cuique in proxima linea responde",
            "Muta hoc scriptum in quaestiones, sub quibus singulis responsum stet",
            "Interroga de hoc scripto, et sub quaque quaestione responsum pone",
        ),
        "letter": (
            "Scribe hoc scriptum in modum epistulae, cum salutatione et valedictione",
            "Muta hoc scriptum in epistulam, quae a salutatione incipiat et valedictione finiatur",
            "Fac ex hoc scripto epistulam: primum saluta, postremo vale dic",
        ),
    },
    requests={
        "correct": (
            "Potesne menda huius scripti tollere, ceteris intactis?",
            "Velim hoc scriptum mendis purgatum habere, ceteris verbis servatis.",
            "Quomodo hoc scriptum sine mendis legitur?",
            "In hoc scriptum menda irrepserunt; ea tollenda sunt neque quicquam aliud.",
        ),
        "extract": (
            "Quae ad {keys} in hoc scripto inveniuntur? Obiectum JSON ad verbum transcriptum satis est.",
            "Opus est mihi obiecto JSON cum clavibus {keys}, ex hoc scripto ad verbum sumpto.",
        ),
        "simplify": (
            "Potesne haec facilius scribere, sine uncis et sententiis non longioribus quam verborum {words}?",
            "Velim haec sententiis brevibus legere: verba {words} ad summum, nulli unci.",
        ),
        "summarise": (
            "Quid hoc scriptum dicit, verbis non pluribus quam {words}?",
            "Potesne hoc scriptum ad {percent}% longitudinis vel minus contrahere?",
        ),
        "translate": (
            "Potesne hoc scriptum {target} vertere?",
            "Velim hoc scriptum {target} conversum habere, nulla re omissa.",
        ),
        "bullets": (
            "Potesne haec per capita disponere, lineola singulis praeposita?",
            "Malim haec indicis forma legere, singula post lineolam.",
        ),
        "numbered": (
            "Potesne capita huius scripti numerare (1., 2., 3. et cetera)?",
            "Malim haec in indice numerato legere: 1., 2., 3. et cetera.",
        ),
        "questions": (
            "Potesne haec in quaestiones mutare, quarum quamque responsum in proxima linea sequatur?",
            "Quid de his quaeri potest? Scribe quaestiones, et sub quaque responsum.",
        ),
        "letter": (
            "Potesne ex hoc scripto epistulam facere, cum salutatione et valedictione?",
            "Haec in modum epistulae mittenda sunt, a salutatione usque ad valedictionem.",
        ),
    },
    targets=targets(
        "in linguam Anglicam|in linguam Francogallicam|in linguam Theodiscam|in linguam Hispanicam|in linguam Italicam|in linguam Polonicam|in linguam Batavam|in linguam Latinam"
    ),
    keys={"names": "nomina", "dates": "dies", "years": "anni", "numbers": "numeri"},
    greeting=("Salve, lector,", "Care amice,", "Salvete,"),
    closing=("Vale", "Cura ut valeas", "Bene vale"),
    ask=(
        "Quid de hac re dici potest: {topic}?",
        "Quid de hac re notum est: {topic}?",
        "Quid: {topic}?",
    ),
)
