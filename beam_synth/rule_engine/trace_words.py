"""Parts of traces, in English with the notation of SYNTH: wordings only, no logic.

{h} is an entropy, {title} that of the article; other slots are named by what fills them.
"""

from __future__ import annotations

LOOKED_FOR = {
    "time": ("a date", "a point in time", "when it happened"),
    "quantity": ("a number", "a figure", "a quantity"),
    "name": ("a name", "who or what is meant", "one proper name"),
    "field": ("one recorded value", "an entry under a heading", "a single property"),
    "cause": ("a reason", "a cause", "what lies behind it"),
    "define": ("what it is", "a definition", "what the word stands for"),
    "": ("how things are connected", "a relation", "what holds of both"),
}

OPENINGS = (
    "⟨H≈{h}⟩ topic “{title}” → wanted: {what} ?",
    "wanted: {what} → topic “{title}” ●",
    "# Question\n“{title}” → {what} ?",
    "? {what} → within reach of “{title}”",
    "⟨H≈{h}⟩ ※ {what} is asked for → “{title}” sets the frame ●",
    "1. parse the question → {what}, topic “{title}” ●",
    "question type: {what} ◐ → narrow it to “{title}”",
)
ANCHORS_TWO = (
    "├─ anchor “{a}” ●\n└─ anchor “{b}” ◐",
    "anchors “{a}” and “{b}” → same statement ☑",
    "“{a}” ● → goes with “{b}” ●",
    "clues: “{a}”; “{b}” → only one account has both ◐",
    "2. hold on to “{a}” → then “{b}” ☑",
    "├─ clue one: “{a}” ☑\n├─ clue two: “{b}” ☑\n└─ both point the same way ●",
)
ANCHORS_ONE = (
    "anchor “{a}” ● → one matching statement",
    "└─ clue “{a}” ☑",
    "“{a}” is the word to hold on to → look it up ◐",
    "2. start from “{a}” → follow it ☑",
    "※ “{a}” narrows things down → few candidates left ◐",
)
ANCHORS_NONE = (
    "no further clue needed → the frame is narrow ☑",
    "frame is enough → one statement fits ◐",
    "2. nothing else to hold on to → recall directly ☑",
)
RECALLS = (
    "recall → wording comes back in one piece ●",
    "※ a single statement covers this → memory is stable ◐",
    "⟨H≈{h}⟩ recall the statement → compare with the clues ☑",
    "candidates → all but one drop out ☑",
    "3. bring back the statement → it fits without strain ●",
    "↺ once more over the clues → nothing contradicts them ☑",
)
DOUBTS = (
    "⚠ similar cases are easy to confuse → keep the clues in view",
    "?maybe? a neighbouring case → excluded by the clues ☑",
    "○ rival readings → none of them survives",
    "≈ order of magnitude plausible → keep it ◐",
    "⟨H≈{h}⟩ alternatives shrink → certainty grows ●",
)
VERDICTS = (
    "4. check against the question → answered ✓",
    "check → type of the answer fits ✓",
    "✓ consistent with everything that is known → conclude",
    "⟨H≈0.2⟩ hardly any doubt left → conclude ☑",
    "fit with the clues ✓ → ready to answer",
)
CONCLUSIONS = (
    "∴ “{key}” ●",
    "∴ answer: “{key}” ●",
    "∴ it comes down to “{key}” ✓",
    "∴ “{key}” ◐",
    "⟨H≈0.1⟩ ∴ settled on “{key}” ●",
)
STATED = (
    "claim under test: “{false}” → compare with memory ◐",
    "⟨H≈{h}⟩ the question takes “{false}” for granted → test it ?",
    "? does “{false}” hold → look at what is firmly known",
)
REFUTED = (
    "known instead: “{key}” ✓ → the premise fails",
    "memory says “{key}” ● → this contradicts the claim",
    "※ firmly known: “{key}” → the claim cannot stand ☑",
)
WRONG = (
    "∴ premise wrong: “{key}”, not “{false}” ●",
    "∴ say no: it is “{key}” ●",
    "∴ the claim is false; the correction is “{key}” ●",
)
CLASH = (
    "category check: the property asked for → does not apply to such a thing ●",
    "⟨H≈{h}⟩ the two halves of the question → do not go together ☑",
    "※ a category mistake → no measurement could settle it ●",
)
SENSELESS = (
    "∴ no sensible answer; say so and offer what is known ●",
    "∴ the question is absurd; explain why ●",
    "∴ decline, with the reason ●",
)
READINGS = (
    "“{a}” alone → several readings ?",
    "⟨H≈{h}⟩ what does “{a}” stand for ? → more than one candidate ◐",
    "? “{a}” without a frame → cannot be pinned down ○",
)
BACK = (
    "∴ name one reading and ask back ◐",
    "∴ say that it is unclear; ask which is meant ◐",
    "∴ offer “{title}” as a reading; ask for more ◐",
)
SCANNED = (
    "scan {tags} → does one of them tell ?",
    "⟨H≈{h}⟩ look through {tags} one by one ◐",
    "{tags} → read each against the question ◐",
)
ASIDE = (
    "“{clause}” → another matter ○",
    "known, too: “{clause}” → not what is asked ☑",
    "candidate: “{clause}” → does not answer ○",
    "?maybe? “{clause}” → no, another point",
    "“{clause}” → true, but beside the question ◐",
)
SOURCE_ASIDE = (
    "{tag}, on “{about}”: “{clause}” → does not answer ○",
    "{tag}: “{clause}” → another matter ☑",
    "{tag} (“{about}”) → “{clause}” → not what is asked ◐",
)
KNOWN_OF = (
    "what is known of it: “{clause}” ☑",
    "on record: “{clause}” → offer that ◐",
)
ABSTAINED = (
    "∴ not answerable from what is given; abstain ●",
    "∴ abstain; do not guess ●",
    "∴ say that it is not told ●",
)
CITED = (
    "{tag}, on “{about}”: a matching statement ✓ → quote it",
    "match in {tag} (“{about}”) ● → take its words",
    "{tag} → “{about}” fits the clues ✓",
    "⟨H≈{h}⟩ compare → {tag} on “{about}” carries the answer ☑",
)
WEIGHED = (
    "weigh what speaks for it → more than what speaks against it ☑",
    "second look at the wording of the question → same reading as before ✓",
    "nothing else competes → the path is short ●",
    "cross-check from another side → no conflict ☑",
    "order of the steps holds → go on ●",
)
