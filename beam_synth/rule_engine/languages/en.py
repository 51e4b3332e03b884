"""English."""

from beam_synth.rule_engine.languages import Language

LANGUAGE = Language(
    quotes=("“", "”"),
    gap={
        "time": (
            "{gapped} Which date belongs in the gap? ({title})",
            "{title}: {gapped} When was that?",
            "{title} – {gapped} What is the missing date?",
            "{gapped} Which date completes this? ({title})",
            "{gapped} In the case of {title}, what date fits?",
        ),
        "quantity": (
            "{gapped} Which number belongs in the gap? ({title})",
            "{title}: {gapped} How many or how much is it?",
            "{title} – {gapped} What figure is missing?",
            "{gapped} Which figure completes this? ({title})",
            "{gapped} With {title} in mind, what is the number?",
        ),
        "name": (
            "{gapped} Which name belongs in the gap? ({title})",
            "{title}: {gapped} Who or what is missing?",
            "{title} – {gapped} What name is left out?",
            "{gapped} Which name completes this? ({title})",
            "{gapped} Speaking of {title}, which name fits?",
        ),
    },
    relate=(
        "{a} and {b} – what do they have to do with each other in the case of {title}?",
        "{a}: what is its link to {b} where {title} is concerned?",
        "{a} and {b}: how are they connected in the case of {title}?",
        "{a} – how does it go with {b} in the story of {title}?",
        "{a}, {b}: what joins the two, as far as {title} is concerned?",
    ),
    define=(
        "What is meant by {title}?",
        "{title}: who or what is that?",
        "How would you describe {title} in one sentence?",
        "{title} – what is it, in short?",
    ),
    copulas=("is", "was", "are", "were", "refers to"),
    field=(
        "{title}: what is recorded for {field}?",
        "{field} of {title}: what is it?",
        "What does one note for {field} in the case of {title}?",
        "{title} – what is to be entered under {field}?",
    ),
    row=(
        "{title}: what is {field} for {row}?",
        "{row} – what stands under {field}, as regards {title}?",
        "For {row} ({title}), what is {field}?",
    ),
    because=("because", "due to", "owing to", "as a result of"),
    cause=(
        "{clause} For what reason? ({title})",
        "{title}: {clause} Why is that?",
        "{title} – {clause} What explains this?",
    ),
    endings={
        "direct": ("",),
        "polite": ("Thank you for your help.", "I would be grateful for an answer."),
        "casual": ("Any idea?", "Just curious."),
        "imperative": ("Give the answer with its context.", "Answer briefly."),
        "contextual": ("I am preparing a talk about it.", "It came up in a discussion."),
    },
    doubt=(
        "{altered} Is that so? ({title})",
        "{title}: {altered} Can you confirm this?",
        "{title} – {altered} I have it like this in my notes; does it hold?",
    ),
    correct=(
        "No, that is not correct. What is known is this: {sentence}",
        "This is mistaken; in fact: {sentence}",
        "That does not hold. The right account is: {sentence}",
    ),
    absurd=(
        (
            "{title}: how many kilograms does the meaning of {a} weigh?",
            "The question makes no sense: a meaning has no weight.",
        ),
        (
            "{title}: at what speed does {a} forget its own shadow?",
            "That is absurd: a shadow cannot be forgotten at a speed.",
        ),
    ),
    ask_back=(
        "It is unclear what is meant by {a}. It could refer to {title}: {sentence} "
        "Or do you mean something else?",
        "The question is ambiguous: {a} can mean several things. If it is about {title}: "
        "{sentence} Which of them do you mean?",
    ),
    value_answers=(
        "{value}. In full: {sentence}",
        "It is {value}: {sentence}",
        "{sentence} So the answer is {value}.",
        "The answer is {value}. {sentence}",
    ),
    known=("{sentence}", "What is known is this: {sentence}", "In short: {sentence}"),
    abstain=(
        "The given sources do not say anything about {topic}, so the question cannot be answered "
        "from them.",
        "None of the sources answers this: nothing in them tells about {topic}.",
        "This cannot be answered from the sources; they do not say what is asked about {topic}.",
    ),
)
