# ruff: noqa: E501  (wordings are easier to read in one piece)
"""English wordings of the editing exercise."""

from beam_synth.methods.editing.wordings import Instructions, targets

INSTRUCTIONS = Instructions(
    leads=(
        "I need this today.",
        "Here is a piece of writing.",
        "A colleague gave me the text below.",
        "This came in this morning.",
        "One small job for you.",
        "The text below is meant for a leaflet.",
        "We are putting together a reader for our school.",
        "My editor is waiting for this.",
        "Below is a passage from a reference work.",
        "I am working on a page for our club.",
        "Thanks for taking this on.",
        "There is one thing left for the next issue.",
        "My class will read this tomorrow.",
        "Another text is lying on my desk.",
        "Good morning!",
        "Our library would like to use this passage.",
        "It is only a short piece.",
        "I could do with a helping hand.",
        "You have a good eye for texts.",
        "Next week I am giving a talk.",
    ),
    frames=(
        "{task}.",
        "{task}, please.",
        "{task}. Send back the result and nothing else.",
        "{task}. I need no comments on it.",
        "{task}. Thank you.",
    ),
    menu=(
        "Choose the one of these tasks that suits the text best, and do it:",
        "Which of these would help this text most? Do only that one:",
        "Pick whichever of the following serves the text best and carry it out:",
        "One of these jobs is the right one for the text below. Please do that one:",
        "Here are some things that could be done with the text; do the most useful one:",
        "I cannot decide what to do with this text. Take the best of these and do it:",
        "Of the tasks below, do the one that this text calls for:",
        "Look at the text first, then do whichever of these makes most sense:",
        "Only one of these, please, and you decide which:",
        "What is the best use of this text? Settle on one of these and do it:",
        "Any of these is possible; the one that fits best is the one I want:",
        "Let the text decide which of these is to be done, and do just that:",
        "Not all of these will suit the text. Do the one that does:",
        "If only one of these could be done for the text, which should it be? Do it:",
    ),
    open=(
        "What does this text need? Do it.",
        "Something is not right with this text. Put it in order and send it back.",
        "Please look at this text and do whatever it needs.",
        "Could you fix this for me?",
        "I am not happy with this text. See what is wrong and give it back to me.",
        "Can this be printed as it stands? If not, make it so that it can.",
        "Get this text into shape without rewriting it, please.",
        "This does not read right. Set it straight and touch nothing else.",
        "How should this text really look? Give it to me like that.",
        "Somebody was in a hurry here. Make good what went wrong.",
    ),
    tasks={
        "correct": (
            "Correct the mistakes in this text and change nothing else",
            "Proofread this text; leave whatever is right as it is",
            "Put right every slip in the text below and leave the wording alone",
            "Go through this passage and mend each error of spelling, grammar and punctuation",
            "Free this text of its mistakes, word for word otherwise the same",
        ),
        "extract": (
            "Draw out of this text one JSON object with the keys {keys}, each value word for word",
            "Give the values for {keys} as JSON, copied exactly from the text",
            "Collect what the text holds under {keys} in one JSON object, each value copied letter by letter",
            "Make a JSON object with the keys {keys} from this text, with nothing that is not in it",
            "List as JSON, under the keys {keys}, what this text contains",
        ),
        "simplify": (
            "Put this text more simply: sentences of at most {words} words, no brackets",
            "Make this easier to read, with no more than {words} words a sentence and no brackets",
            "Break this text into short sentences, {words} words each at most, and do without brackets",
            "Rewrite this text in plain sentences without brackets, none longer than {words} words",
        ),
        "summarise": (
            "Summarise this text in at most {words} words",
            "Shorten this text to {percent}% of its length or less",
            "Give the main points of this text in no more than {words} words",
            "Cut this text down to {words} words or fewer",
            "Say in {words} words at most what this text is about",
        ),
        "translate": (
            "Translate this text {target}",
            "Put this text {target}, with all names and numbers",
            "Render this text {target} without leaving anything out",
            "Turn the whole of this text {target}",
        ),
    },
    forms={
        "bullets": (
            "Turn this text into a bulleted list, each point after a dash",
            "Set this text out as points, each on a line of its own that begins with a dash",
            "Make a list of this text, with a dash before each point",
        ),
        "numbered": (
            "Turn this text into a numbered list (1., 2., 3. and so on)",
            "Set this text out in numbered points: 1., 2., 3. and so on",
            "Number the points of this text, one on each line: 1., 2., 3. and so on",
        ),
        "questions": (
            "Turn this text into questions, each with its answer on the next line",
            "Make questions and answers of this text, each answer on the line below its question",
            "Recast this text as questions and put the answer to each on the next line",
        ),
        "letter": (
            "Rewrite this text as a letter, with a greeting and a closing line",
            "Make a letter of this text, with a salutation at the top and a closing line at the end",
            "Put this text into a letter that opens with a greeting and ends with a farewell",
        ),
    },
    requests={
        "correct": (
            "Could you correct the mistakes in this text and leave the rest alone?",
            "I would like a clean copy of this text, with nothing but the mistakes put right.",
            "How does this text read once its mistakes are gone, and only those?",
            "Some slips have crept into this text; they should go, and nothing else.",
        ),
        "extract": (
            "Which values does this text give for {keys}? All I want is a JSON object with exact copies.",
            "What I need is a JSON object with the keys {keys}, filled word for word from this text.",
            "Could you pull what belongs under {keys} out of this text, as JSON and exactly as it is written?",
        ),
        "simplify": (
            "Could you make this easier to follow, with no brackets and no sentence over {words} words?",
            "A plain version of this text would help: no brackets, at most {words} words a sentence.",
            "How would you put this in sentences of {words} words or fewer, without any brackets?",
        ),
        "summarise": (
            "What does this text say, in at most {words} words?",
            "There is room for {words} words: what are the main points?",
            "Could you bring this text down to {percent}% of its length, or below?",
        ),
        "translate": (
            "How does this text read when it is put {target}?",
            "Could you put this text {target}, with every name and number?",
            "The whole of this text should be translated {target}.",
        ),
        "bullets": (
            "Could you set this out as a list, with a dash before each point?",
            "Bullet points would be better, each on its own line after a dash.",
        ),
        "numbered": (
            "Could you number the points of this text for me (1., 2., 3. and so on)?",
            "A numbered list would be better here: 1., 2., 3. and so on.",
        ),
        "questions": (
            "Could you turn this into questions, each with its answer on the line below?",
            "What could one ask about this? Write the questions, and under each its answer.",
        ),
        "letter": (
            "Could you make a letter of this, with a greeting and a closing line?",
            "This should go out as a letter, from the greeting down to the closing line.",
        ),
    },
    targets=targets(
        "into English|into French|into German|into Spanish|into Italian|into Polish|into Dutch|into Latin"
    ),
    keys={"names": "names", "dates": "dates", "years": "years", "numbers": "numbers"},
    greeting=("Dear reader,", "Dear friend,", "Hello,"),
    closing=("Kind regards", "With best wishes", "Yours sincerely"),
    ask=("What can be said about {topic}?", "What is known of {topic}?", "And {topic}?"),
)
