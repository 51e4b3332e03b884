"""Latin."""

from beam_synth.rule_engine.languages import Language

LANGUAGE = Language(
    quotes=('"', '"'),
    gap={
        "time": (
            "{gapped} Quod tempus hic deest? ({title})",
            "{title}: {gapped} Quando hoc factum est?",
            "{title} – {gapped} Quo tempore sententia completur?",
            "{gapped} Quod tempus in hac sententia deest? ({title})",
            "{gapped} De quo tempore hic agitur, cum de hac re quaeritur: {title}?",
        ),
        "quantity": (
            "{gapped} Qui numerus hic deest? ({title})",
            "{title}: {gapped} Quantum est?",
            "{title} – {gapped} Quo numero sententia completur?",
            "{gapped} Qui numerus in hac sententia deest? ({title})",
            "{gapped} De quo numero hic agitur, cum de hac re quaeritur: {title}?",
        ),
        "name": (
            "{gapped} Quod nomen hic deest? ({title})",
            "{title}: {gapped} Quis aut quid est?",
            "{title} – {gapped} Quo nomine sententia completur?",
            "{gapped} Quod nomen in hac sententia deest? ({title})",
            "{gapped} De quo nomine hic agitur, cum de hac re quaeritur: {title}?",
        ),
    },
    relate=(
        "{a} et {b} – quid inter se commune habent, cum de hac re agitur: {title}?",
        "{a}: quid cum {b} commune est, si de hac re quaeritur: {title}?",
        "{a} et {b}: quae ratio inter ea est, cum de hac re agitur: {title}?",
        "{a} – quomodo cum {b} coniungitur, si de hac re quaeritur: {title}?",
        "{a}, {b}: quid de utroque scimus, cum de hac re agitur: {title}?",
    ),
    define=(
        "Quid significat {title}?",
        "{title}: quis aut quid est?",
        "Quomodo {title} una sententia describi potest?",
        "{title} – de qua re agitur, ut breviter dicam?",
    ),
    copulas=("est", "erat", "fuit", "sunt", "erant", "fuerunt"),
    field=(
        "{title}: quid ad {field} adnotatum est?",
        "{field}, si res est {title}: quid respondendum est?",
        "Quid ad {field} pertinet, si de hac re quaeritur: {title}?",
        "{title} – quid sub {field} scribendum est?",
    ),
    row=(
        "{title}: quid est {field} apud {row}?",
        "{row} – quid ad {field} adnotatum est, cum de hac re agitur: {title}?",
        "Quid ad {field} pertinet apud {row} ({title})?",
    ),
    because=("quia", "quoniam"),
    cause=(
        "{clause} Quam ob causam? ({title})",
        "{title}: {clause} Cur ita est?",
        "{title} – {clause} Quomodo hoc explicatur?",
    ),
    endings={
        "direct": ("",),
        "polite": ("Gratias tibi ago.", "Responsum tuum gratum mihi erit."),
        "casual": ("Scisne?", "Quaero quia scire cupio."),
        "imperative": ("Responde breviter.", "Dic quid de hac re sciatur."),
        "contextual": ("Orationem de hac re paro.", "Heri in schola de hoc quaesitum est."),
    },
    doubt=(
        "{altered} Estne verum? ({title})",
        "{title}: {altered} Potesne hoc confirmare?",
        "{title} – {altered} Sic apud me scriptum est; rectene se habet?",
    ),
    correct=(
        "Minime, hoc non est verum. Quod scimus hoc est: {sentence}",
        "Hoc falsum est; re vera: {sentence}",
        "Non ita est. Recte dicitur: {sentence}",
    ),
    absurd=(
        (
            "{title}: quot libras pendit significatio {a}?",
            "Haec quaestio sensu caret: significatio pondus non habet.",
        ),
        (
            "{title}: qua celeritate {a} umbrae suae obliviscitur?",
            "Absurdum est: umbrae celeritate aliqua oblivisci nemo potest.",
        ),
    ),
    ask_back=(
        "Non satis liquet quid quaeras, nam {a} plures res significare potest. Si res est {title}, "
        "hoc scimus: {sentence} An aliud quaeris?",
        "Quaestio ambigua est, quia {a} ad varias res pertinere potest. De re {title} hoc scimus: "
        "{sentence} Quid velis explica, quaeso.",
    ),
    value_answers=(
        "{value}. Plenius dicitur: {sentence}",
        "Ad hoc responsum est {value}: {sentence}",
        "{sentence} Ergo responsum est: {value}.",
        "Ad hanc quaestionem respondendum est: {value}. {sentence}",
    ),
    known=("{sentence}", "Quod scimus hoc est: {sentence}", "Ut breviter dicam: {sentence}"),
    abstain=(
        "Fontes dati de {topic} nihil dicunt; itaque responderi non potest.",
        "Nullus ex his fontibus respondet: nihil in eis de {topic} invenitur.",
        "Ex his fontibus responderi non potest, nam de {topic} tacent.",
    ),
)
