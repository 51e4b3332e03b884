"""What the fake endpoint says: deterministic instances of a schema, drawn from the prompt.

For the shipped prompts the answers are true and well-formed as far as a few rules can make them
so: the queries name the topic, the answers repeat a sentence of the passage, the traces parse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from beam_synth.drawing import Draw

# language -> (query; what a negative, an absurd, an ambiguous query and a silent source get)
PHRASES: dict[str, tuple[str, str, str, str, str]] = {
    "English": (
        "What should a curious reader know about {title} and why does it matter?",
        "That is not correct.",
        "The question makes no sense as it stands.",
        "The question is ambiguous: it could mean several things.",
        "The sources do not say anything that answers the question.",
    ),
    "French": (
        "Que faut-il savoir au sujet de {title} et pourquoi est-ce important ?",
        "Non, ce n'est pas exact.",
        "La question n'a pas de sens telle qu'elle est posée.",
        "La question est ambiguë : elle peut signifier plusieurs choses.",
        "Les sources ne disent rien qui réponde à la question.",
    ),
    "German": (
        "Was sollte man über {title} wissen und warum ist das wichtig?",
        "Nein, das ist so nicht richtig.",
        "Die Frage ergibt so keinen Sinn.",
        "Die Frage ist mehrdeutig: gemeint sein kann mehreres.",
        "Die Quellen sagen nichts, was die Frage beantwortet, und sie enthalten keine Antwort.",
    ),
    "Spanish": (
        "¿Qué conviene saber acerca de {title} y por qué es importante?",
        "No, eso no es correcto.",
        "La pregunta no tiene sentido tal como está.",
        "La pregunta es ambigua: puede significar varias cosas.",
        "Las fuentes no dicen nada que responda a la pregunta.",
    ),
    "Italian": (
        "Che cosa bisogna sapere riguardo a {title} e perché è importante?",
        "No, non è esatto.",
        "La domanda non ha senso così come è posta.",
        "La domanda è ambigua: può significare diverse cose.",
        "Le fonti non dicono nulla che risponda alla domanda.",
    ),
    "Polish": (
        "Co warto wiedzieć na temat {title} i dlaczego jest to ważne?",
        "Nie, to nie jest prawda.",
        "To pytanie nie ma sensu w tej postaci.",
        "To pytanie jest niejednoznaczne: może oznaczać różne rzeczy.",
        "Podane źródła nie zawierają niczego, co by na to pytanie odpowiadało.",
    ),
    "Dutch": (
        "Wat moet men weten over {title} en waarom is dat belangrijk?",
        "Nee, dat klopt niet.",
        "De vraag heeft zo geen zin.",
        "De vraag is dubbelzinnig: er kan van alles mee bedoeld zijn.",
        "De bronnen zeggen niets dat de vraag beantwoordt, er is geen antwoord te vinden.",
    ),
    "Latin": (
        "Quid de {title} scire oportet et cur hoc magni momenti est?",
        "Non, hoc verum non est.",
        "Haec quaestio sensu caret.",
        "Haec quaestio ambigua est: plura significare potest.",
        "Fontes de hac re nihil dicunt, responderi non potest.",
    ),
}
_RESULTS = {"Its premise is wrong": 1, "It makes no sense": 2, "It can mean more than one": 3}
_SENTENCE = re.compile(r"\S.*?(?:[.!?](?=\s)|$)", re.MULTILINE)


def answer(prompt: str, schema: Mapping[str, Any] | None, draw: Draw) -> Any:
    """An instance of the schema (or a sentence, where there is none) for a user's message."""
    names = set((schema or {}).get("properties", {}))
    if names == {"query", "focus"}:
        return _query(prompt, draw)
    if names == {"reasoning", "answer"}:
        return _answer(prompt)
    sentences = _sentences(prompt) or ["Nothing."]
    if schema is None:
        return draw.choice(sentences)
    return instance(schema, sentences, draw)


def instance(schema: Mapping[str, Any], sentences: list[str], draw: Draw) -> Any:
    """An instance of a JSON schema; strings are sentences of the prompt."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return draw.choice(schema["enum"])
    kind = schema.get("type", "object")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: instance(part, sentences, draw) for name, part in properties.items()}
    if kind == "array":
        n = max(1, schema.get("minItems", 1))
        return [instance(schema["items"], sentences, draw) for _ in range(n)]
    if kind in ("integer", "number"):
        low = schema.get("minimum", 0)
        return low + draw.below(max(1, int(schema.get("maximum", low + 10) - low) + 1))
    if kind == "boolean":
        return draw.below(2) == 1
    text = draw.choice(sentences)[: schema.get("maxLength", 500)]
    return text.ljust(schema.get("minLength", 1), "x")


def _sentences(text: str) -> list[str]:
    return [found.strip() for found in _SENTENCE.findall(text) if len(found.split()) > 3]


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0].strip()


def _query(prompt: str, draw: Draw) -> dict[str, str]:
    passage = _between(prompt, "<passage>", "</passage>")
    language = _between(prompt, "Language of the query:", "\n")
    focus = draw.choice(_sentences(passage) or [passage])
    template = PHRASES.get(language, PHRASES["English"])[0]
    return {"query": template.format(title=_between(prompt, "Article:", "\n")), "focus": focus}


def _answer(prompt: str) -> dict[str, str]:
    phrases = PHRASES.get(_between(prompt, "Language of the answer:", "."), PHRASES["English"])
    found = re.search(r"^(source_\d+) settles the query, with this span: (.*)$", prompt, re.M)
    asked = re.search(r"about (\d+) words and marks", prompt)
    words = int(asked.group(1)) if asked else 0
    if "None of these sources settles the query" in prompt:
        return {
            "reasoning": _trace("nothing that settles it", "no answer known", words),
            "answer": phrases[4],
        }
    focus = found.group(2) if found else _between(prompt, "<focus>", "</focus>")
    result = next((n for text, n in _RESULTS.items() if text in prompt), 0)
    said = f"{phrases[result]} {focus}" if result else focus
    if found:
        said += f' <ref name="{found.group(1)}">{focus}</ref>'
    trace = _trace("one statement that bears on it", f"“{focus}”", words)
    return {"reasoning": trace, "answer": said}


_LISTS = """\
broad narrow old late usual rare plain early local common simple quiet strong weak open
reading custom habit cause order owner ground tale mistake scale weight witness wording trade
explains hides allows needs follows fits leaves meets favours breaks answers
bar cal den fen gar hal kel lan mor nor pel ros tar ver wil
den ford ham ley low mere over stead ton wick worth
"""
_KINDS, _THINGS, _DOES, _HEADS, _TAILS = (line.split() for line in _LISTS.splitlines())


def considered(i: int) -> str:
    """A line of a trace like no other, in plain English."""
    kind, other = _KINDS[i % 15], _KINDS[(7 * i + 3) % 15]
    thing, result = _THINGS[(5 * i + i // 15) % 14], _THINGS[(11 * i + 4) % 14]
    does, then = _DOES[i % 11], _DOES[(3 * i + 1) % 11]
    # The lists are used up after a few dozen lines; a word of two syllables is new in 165.
    place = _HEADS[i % 15] + _TAILS[i // 15 % 11]
    return f"the {kind} {thing} {does} the {place} {result} → it {then} a {other} one"


def _trace(weighed: str, conclusion: str, words: int) -> str:
    """A trace of about so many words and marks."""
    conclusion = re.sub(r"\s+", " ", conclusion)
    lines = max(0, words - 30 - len(conclusion.split())) // 13
    thought = "".join(f"{considered(i)}\n" for i in range(lines))
    return (
        "what is asked → which statement would settle it ?\n"
        "candidates in memory → weigh each against the wording\n"
        f"{thought}{weighed} ※ the rest is beside the point ◐\n"
        f"agrees with what is known otherwise ✓\n∴ {conclusion} ●"
    )
