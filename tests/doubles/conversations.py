"""Parents of conversations: a row of each exercise, in eight languages; texts for these tests."""

from __future__ import annotations

from typing import Any

import orjson
import pyarrow as pa

from beam_synth.drawing import digest
from beam_synth.methods.shared.samples import turns
from beam_synth.records import SAMPLE_SCHEMA, Passage, seed_record
from beam_synth.text.sentences import count_words
from tests.doubles.exchanges import split
from tests.doubles.written import CALLS, Row

# A text of five sentences or so, a query about its second one, and the answer.
TALES: dict[str, tuple[str, str, str, str]] = {
    "en": (
        "Orlin Mill",
        "Orlin Mill stands on the river Tessa in the east of Varland. It was built by Marta Holm "
        "in 1847 and ground rye until 1931. The wheel has 24 oak paddles and weighs 3 tonnes. "
        "After a flood in 1902 the dam was moved 60 metres upstream. Today the Holm family shows "
        "visitors from Perrow how flour used to be made.",
        "Who built the mill on the Tessa, and when?",
        "It was built by Marta Holm in 1847 and ground rye until 1931.",
    ),
    "fr": (
        "Moulin d'Orlin",
        "Le moulin d'Orlin se trouve au bord de la rivière Tessa, dans l'est du Varland. Il fut "
        "construit par Marta Holm en 1847 et moulait du seigle jusqu'en 1931. La roue compte 24 "
        "pales de chêne et pèse 3 tonnes. Après une crue en 1902, le barrage fut déplacé de 60 "
        "mètres vers l'amont. Aujourd'hui, la famille Holm montre aux visiteurs de Perrow comment "
        "on faisait la farine.",
        "Qui a construit le moulin au bord de la Tessa, et en quelle année ?",
        "Il fut construit par Marta Holm en 1847 et moulait du seigle jusqu'en 1931.",
    ),
    "de": (
        "Mühle Orlin",
        "Die Mühle Orlin steht am Fluss Tessa im Osten von Varland. Sie wurde 1847 von Marta Holm "
        "gebaut und mahlte bis 1931 Roggen. Das Rad hat 24 Schaufeln aus Eiche und wiegt 3 Tonnen. "
        "Nach einem Hochwasser im Jahr 1902 wurde das Wehr 60 Meter flussaufwärts verlegt. Heute "
        "zeigt die Familie Holm den Besuchern aus Perrow, wie früher Mehl gemacht wurde.",
        "Wer hat die Mühle an der Tessa gebaut, und wann war das?",
        "Sie wurde 1847 von Marta Holm gebaut und mahlte bis 1931 Roggen.",
    ),
    "es": (
        "Molino de Orlin",
        "El molino de Orlin está junto al río Tessa, en el este de Varland. Fue construido por "
        "Marta Holm en 1847 y molió centeno hasta 1931. La rueda tiene 24 palas de roble y pesa 3 "
        "toneladas. Después de una crecida en 1902, la presa se trasladó 60 metros río arriba. Hoy "
        "la familia Holm enseña a los visitantes de Perrow cómo se hacía la harina.",
        "¿Quién construyó el molino junto al Tessa, y en qué año?",
        "Fue construido por Marta Holm en 1847 y molió centeno hasta 1931.",
    ),
    "it": (
        "Mulino di Orlin",
        "Il mulino di Orlin si trova sul fiume Tessa, nella parte orientale del Varland. Fu "
        "costruito da Marta Holm nel 1847 e macinò segale fino al 1931. La ruota ha 24 pale di "
        "quercia e pesa 3 tonnellate. Dopo una piena nel 1902 lo sbarramento fu spostato di 60 "
        "metri a monte. Oggi la famiglia Holm mostra ai visitatori di Perrow come si faceva la "
        "farina.",
        "Chi ha costruito il mulino sul fiume Tessa, e in quale anno?",
        "Fu costruito da Marta Holm nel 1847 e macinò segale fino al 1931.",
    ),
    "pl": (
        "Młyn Orlin",
        "Młyn Orlin stoi nad rzeką Tessa na wschodzie krainy Varland. Zbudowała go Marta Holm w "
        "1847 roku, a żyto mielono w nim do 1931 roku. Koło ma 24 łopaty z dębu i waży 3 tony. Po "
        "powodzi w 1902 roku zaporę przesunięto o 60 metrów w górę rzeki. Dzisiaj rodzina Holm "
        "pokazuje gościom z miasta Perrow, jak dawniej robiono mąkę.",
        "Kto zbudował młyn nad rzeką Tessa i w którym roku?",
        "Zbudowała go Marta Holm w 1847 roku, a żyto mielono w nim do 1931 roku.",
    ),
    "nl": (
        "Molen van Orlin",
        "De molen van Orlin staat aan de rivier Tessa in het oosten van Varland. Hij werd in 1847 "
        "door Marta Holm gebouwd en maalde rogge tot 1931. Het rad heeft 24 schoepen van eikenhout "
        "en weegt 3 ton. Na een overstroming in 1902 werd de dam 60 meter stroomopwaarts "
        "verplaatst. Nu laat de familie Holm aan bezoekers uit Perrow zien hoe vroeger meel werd "
        "gemaakt.",
        "Wie heeft de molen aan de Tessa gebouwd, en wanneer?",
        "Hij werd in 1847 door Marta Holm gebouwd en maalde rogge tot 1931.",
    ),
    "la": (
        "Mola Orliniana",
        "Mola Orliniana ad flumen Tessam in orientali parte Varlandiae sita est. Anno 1847 a Marta "
        "Holm aedificata est et usque ad annum 1931 secale molebat. Rota 24 palmulas querceas "
        "habet et 3 tonnas pendet. Post inundationem anni 1902 agger 60 metra adverso flumine "
        "translatus est. Hodie familia Holm hospitibus ex urbe Perrow ostendit quomodo farina olim "
        "facta sit.",
        "Quis molam ad flumen Tessam aedificavit, et quo anno?",
        "Anno 1847 a Marta Holm aedificata est et usque ad annum 1931 secale molebat.",
    ),
}
POEMS = {
    "en": "The mill of Marta Holm stands still,\nthe Tessa hums below the hill;\nfour oxen wait.",
    "fr": "Le moulin de Marta Holm se tait,\nla Tessa chante sous le pont ;\nle seigle dort.",
    "de": "Die Mühle von Marta Holm steht still,\ndie Tessa singt unterm Steg;\nder Roggen ruht.",
    "es": "El molino de Marta Holm ya calla,\nel Tessa canta bajo el puente;\nel centeno duerme.",
    "it": "Il mulino di Marta Holm ora tace,\nil Tessa canta sotto il ponte;\nla segale dorme.",
    "pl": "Młyn, który ma Marta Holm, milczy,\nrzeka Tessa nuci pod mostem;\nżyto jeszcze śpi.",
    "nl": "De molen van Marta Holm staat stil,\nde Tessa zingt onder de brug;\nde rogge slaapt.",
    "la": "Mola quam Marta Holm fecit tacet,\nTessa sub ponte canit;\nsecale in agris dormit.",
}
TASKS = {
    "en": "Write three lines about a mill.",
    "fr": "Écris trois lignes sur un moulin.",
    "de": "Schreibe drei Zeilen über eine Mühle.",
    "es": "Escribe tres líneas sobre un molino.",
    "it": "Scrivi tre righe su un mulino.",
    "pl": "Napisz trzy wersy o młynie.",
    "nl": "Schrijf drie regels over een molen.",
    "la": "Scribe tres versus de mola.",
}
SUMS = {
    "en": ("A mill grinds 12 sacks a day for 9 days and sells 40 of them. How many are left?",
           "There are 68 sacks left."),
    "fr": ("Un moulin moud 12 sacs par jour pendant 9 jours et en vend 40. Combien en reste-t-il ?",
           "Il reste 68 sacs."),
    "de": ("Eine Mühle mahlt 9 Tage lang je 12 Säcke und verkauft 40 davon. Wie viele bleiben?",
           "Es bleiben 68 Säcke übrig."),
    "es": ("Un molino muele 12 sacos al día durante 9 días y vende 40. ¿Cuántos quedan?",
           "Quedan 68 sacos en el molino."),
    "it": ("Un mulino macina 12 sacchi al giorno per 9 giorni e ne vende 40. Quanti ne restano?",
           "Restano ancora 68 sacchi."),
    "pl": ("Młyn miele 12 worków dziennie przez 9 dni i sprzedaje 40. Ile worków zostaje?",
           "W młynie zostaje jeszcze 68 worków."),
    "nl": ("Een molen maalt 9 dagen lang 12 zakken en verkoopt er 40. Hoeveel blijven er over?",
           "Er blijven nog 68 zakken over."),
    "la": ("Mola per 9 dies cotidie 12 saccos molit et 40 vendit. Quot sacci restant?",
           "Restant adhuc 68 sacci."),
}  # fmt: skip
TRACE = (
    "asked: builder and year ?\nriver and wheel set the scene → no builder there ◐\n"
    "one name is credited → with a year ●\n∴ “Marta Holm”, 1847 ●"
)
WORKED = "sacks ground → 12 × 9 = 108 ✓\nsold: 40 → 108 - 40 = 68 ✓\n∴ 68 ●"
EXERCISES = (
    "memorization", "rag", "mcq", "math exercise", "math mcq", "creative writing",
    "constrained writing", "editing",
)  # fmt: skip


def tale(language: str) -> Passage:
    """The text of a language as a passage."""
    title, text, _, _ = TALES[language]
    return split(text, title, passage_id=digest(text), language=language, section="Work")


def parent(exercise: str, language: str = "en", **columns: Any) -> Row:
    """A written row of an exercise."""
    title, text, asked, told = TALES[language]
    prompt, trace, answer = asked, TRACE, told
    if exercise == "rag":
        others = "\n\n".join(
            f"<source_{i}>\n{other}\n{other} 1700.\n</source_{i}>"
            for i, other in [(1, "Perrow"), (3, "Tessa")]
        )
        prompt = f"{asked}\n\n<source_2>\n{title}\n{text}\n</source_2>\n\n{others}"
        answer = f'{told} <ref name="source_2">{" ".join(told.split()[:6])}</ref>'
        trace = TRACE.replace("one name", "source_2: one name")
    elif exercise == "mcq":
        prompt = f"{asked}\n\nA) Marta Holm\nB) Anna Berg\nC) Lise Moor\nD) Ida Falk"
        answer = f"A) Marta Holm: {told}"
    elif exercise.startswith("math"):
        query, answer = SUMS[language]
        prompt, trace, text = query, WORKED, ""
        if exercise == "math mcq":
            prompt, answer = f"{query}\n\nA) 66\nB) 68\nC) 78\nD) 58", f"B) 68. {answer}"
    elif "writing" in exercise:
        prompt = TASKS[language]
        answer, trace = POEMS[language], "wanted: three lines → setting first ◐\n∴ a mill at rest ●"
    elif exercise == "editing":
        prompt = f"JSON: 2 x name.\n\n{text}"
        answer = orjson.dumps({"names": ["Marta Holm", "Tessa"]}).decode()
    seed = seed_record(tale(language), "primary" if text else "template")
    row = {
        "synth_id": digest(exercise, language) + "00",
        "language": language,
        "exercise": exercise,
        "model": "test",
        "query": prompt,
        "query_seed_url": seed["url"] if text else "",
        "query_seed_text": text,
        "additional_seed_url": "",
        "seed_license": "CC-BY-SA-4.0",
        "constraints": orjson.dumps({"language": language}).decode(),
        "script": "test@1",
        "synthetic_reasoning": trace,
        "synthetic_answer": answer,
        "words": count_words(trace) + count_words(answer),
        "seeds": [seed],
        "models": CALLS,
        "constraint_list": [],
        "checks": [],
        "parents": [],
        "synthetic_depth": 1,
        "rng": "{}",
        "messages": list(turns(prompt, trace, answer)),
        **columns,
    }
    read: Row = pa.Table.from_pylist([row], schema=SAMPLE_SCHEMA).to_pylist()[0]
    return read
