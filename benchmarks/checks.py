"""What the formal checks of a record cost in CPU, for every shipped method.

    BEAM_SYNTH_TEST_DATA=... python -m benchmarks.checks [--tasks 40] [--language en]

The records are made by the rule engine over the real articles, or those of the sample encyclopaedia
where the variable is not set; the passages of a language are each other's neighbours. All figures
are ms of CPU a record, with the process's own caches warm (patterns, templates, single words):
`alone` with nothing known of any text before the record; `in order` with what earlier records have
left (a passage is a source of several tasks). A check pays for what it is the first to ask for.

`verify` is the written row read, checked and compared with what it renders to; the checks below it
are those that the method makes itself. Those in `ALIGNS` compare a text with other texts, and are
not among the formal ones that the goal is for.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import hashlib
import importlib
import itertools
import os
import pkgutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

import beam_synth.checks
import beam_synth.materials.constraints
from beam_synth.checks import Check, Exchange
from beam_synth.checks.suites import MEMORIZATION, RAG, make_checks
from beam_synth.drawing import draw
from beam_synth.ending import in_one_line
from beam_synth.job.loading import load_job
from beam_synth.methods import SHIPPED, load_method
from beam_synth.methods.arithmetic import checks as problems
from beam_synth.methods.arithmetic.program import worked_of
from beam_synth.methods.editing import checks as editing
from beam_synth.methods.editing.program import edit_of
from beam_synth.methods.mcq import checks as mcq
from beam_synth.methods.mcq.program import choice_of
from beam_synth.methods.memorization import closed_book_exchange
from beam_synth.methods.multi_turn import checks as conversation
from beam_synth.methods.multi_turn.program import conversation_of
from beam_synth.methods.rag.program import sources_of
from beam_synth.methods.rephrase import checks as rephrased
from beam_synth.methods.rephrase.formats import FAQ
from beam_synth.methods.rephrase.program import rephrasing_of
from beam_synth.methods.writing import checks as creative
from beam_synth.methods.writing.program import writing_of
from beam_synth.records import LANGUAGES, FindPassage, Passage, Row, seed_record
from benchmarks.extractive import passages_of
from tests.doubles import scripts

GOAL_MS = 1.0
ROUNDS = 3  # the least of them counts
PARENTS = 6  # one in so many records has follow-ups
MIXTURE = "synth"  # the job whose shares weigh the methods
# Checks that align a text with others, and why each has to.
ALIGNS = {
    "trace_supported": "each name and number of the trace is looked for in the sources",
    "answer_entailed": "each name, number and date of the answer is looked for in the sources",
    "answer_covers_focus": "the answer is compared with what the focus adds to the query",
    "trace_answer_late": "the words that answer and focus share are looked for in the trace",
    "citation_supports": "each sentence of the answer is compared with the focus",
    "mcq_key": "each option is looked for in every sentence of the passages",
    "errors_restored": "the answer is aligned word by word with the text",
    "nothing_else_changed": "the same alignment",
    "text_supported": "each name, number and date of the text is looked for in the passage",
    "copied": "runs of words of the text are looked for in the passage",
    "facts_kept": "each name, number and date of the text is looked for in the answer",
    "summary_backed": "each word of the summary is looked for in the text",
    "extraction_complete": "what the text holds of each kind is compared with what is extracted",
    "query_own_words": "each run of eight words of the query is looked for in the passage",
    "query_clear": "the words of the query are looked for in the passage",
    "query_as_drawn": "the query is compared with its focus and the passage",
    "answer_sourced": "each content word of the answer is looked for in the sources",
    "answer_given_to": "what the answer counts is compared with all that the sources count",
    "answer_as_concluded": "the answer is compared with the conclusion and the focus",
    "citation_holds": "each cited claim is looked for in the source that it cites",
    "query_new": "3-grams are compared with those of every earlier query",
    "answer_new": "3-grams are compared with those of every earlier answer",
    "turns_linked": "each query is compared with all that was said before",
}
_PATTERNS, _WORDS = 32, 8192  # caches of at most, or more than, so many entries hold no texts
_NO_TEXTS = ("_declining", "fold_character")  # nor do these


class Suite(NamedTuple):
    """How a written row becomes what a method's checks look at, and these checks in order."""

    read: Callable[[Row, FindPassage], Any]
    checks: Callable[[Any], Iterator[Check]]


def _with_sources(row: Row, texts: FindPassage) -> Exchange:
    sources = sources_of(row, texts)
    return dataclasses.replace(closed_book_exchange(row, texts), neighbors=(), sources=sources)


_SOURCES = Suite(_with_sources, lambda exchange: make_checks(exchange, RAG))
_PROBLEMS = Suite(lambda row, texts: worked_of(row), problems.checks_of)
_WRITINGS = Suite(lambda row, texts: writing_of(row), creative.checks_of)
SUITES = {
    "memorization": Suite(
        closed_book_exchange, lambda exchange: make_checks(exchange, MEMORIZATION)
    ),
    "rag": _SOURCES,
    "rag_ends": _SOURCES,
    "mcq": Suite(choice_of, mcq.checks_of),
    "arithmetic": _PROBLEMS,
    "math_mcq": _PROBLEMS,
    "creative_writing": _WRITINGS,
    "constrained_writing": _WRITINGS,
    "editing": Suite(edit_of, editing.checks_of),
    "multi_turn": Suite(lambda row, texts: conversation_of(row), conversation.checks_of),
    "rephrase": Suite(rephrasing_of, rephrased.checks_of),
}
assert SUITES.keys() == SHIPPED.keys(), "a method without its checks"


def text_caches() -> list[Any]:
    """The caches of the checks that hold what is known of texts."""
    found = []
    for package in (beam_synth.checks, beam_synth.materials.constraints):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                size = value.cache_info().maxsize if hasattr(value, "cache_info") else None
                texts = size is not None and _PATTERNS < size <= _WORDS
                if texts and value not in found and value.__name__ not in _NO_TEXTS:
                    found.append(value)
    return found


class Records(NamedTuple):
    """Rows of each method, and the passages that they name."""

    rows: dict[str, list[Row]]
    texts: Mapping[str, Passage]  # by the sha256 of their text


def records_of(passages: Sequence[Passage], tasks: int) -> Records:
    """The rows that the rule engine makes of a language's passages: `tasks` of each method."""
    chosen = draw(1, passages[0].language, "checks").sample(passages, min(tasks, len(passages)))
    rows = {
        name: _rows(scripts.seeds(name, chosen))
        for name in set(SHIPPED) - scripts.BY_MODELS_ALONE
        if not load_method(name).starts_from.is_made
    }
    parents = [row for name in sorted(rows) for row in rows[name]][::PARENTS]
    rows["multi_turn"] = _rows(scripts.following(parents))
    rows["rephrase"] = list(map(_rephrased, chosen))  # no samples, so nothing starts from them
    return Records(rows, {hashlib.sha256(p.text.encode()).hexdigest(): p for p in chosen})


def _rephrased(passage: Passage) -> Row:
    """A row as a model would write it; no rule does. It need not pass to be measured."""
    said = [passage.text[a:b] for a, b in itertools.pairwise([*passage.sentences, None])]
    pairs = [
        f"**Q{n}: What is known of {passage.title}, {n}?**\nA: {each.strip()}"
        for n, each in enumerate(said, 1)
    ]
    return {
        "text": "\n\n".join(pairs),
        "language": passage.language,
        "constraints": orjson.dumps({"format": FAQ, "language": passage.language}).decode(),
        "seeds": [seed_record(passage, "primary")],
    }


def _rows(seeds: Sequence[Any]) -> list[Row]:
    return [row for ended in scripts.Recorder().run(seeds) for row in ended.outcome.records]


Costs = dict[str, float]  # part -> ms
Cost = Callable[[str, Row, FindPassage], Costs]


def whole(name: str, row: Row, texts: FindPassage) -> Costs:
    """What `verify` costs."""
    verify = load_method(name).verify
    assert verify is not None
    started = time.process_time()
    verify(row, texts)
    return {"verify": 1000 * (time.process_time() - started)}


def parts(name: str, row: Row, texts: FindPassage) -> Costs:
    """What reading the row costs, and each check; a look at the clock adds about 1 us to each."""
    suite = SUITES[name]
    last = time.process_time()
    checks = suite.checks(suite.read(row, texts))
    now = time.process_time()
    costs: Costs = defaultdict(float, read=1000 * (now - last))
    last = now
    for check in checks:
        now = time.process_time()
        costs[_family(check.name)] += 1000 * (now - last)
        last = now
    return costs


def _family(check: str) -> str:
    """One name for the checks of all constraints: there is one for each kind of them."""
    return "keeps_…" if check.startswith("keeps_") else check


Found = dict[str, list[Costs]]  # method -> costs of its rows


def measure(records: Records, cost: Cost, *, alone: bool) -> Found:
    """The costs of each method's rows, in one go over them."""
    caches = text_caches()
    found: Found = defaultdict(list)
    for cache in caches:
        cache.cache_clear()
    for name, rows in records.rows.items():
        for row in rows:
            for cache in caches if alone else ():
                cache.cache_clear()
            found[name].append(cost(name, row, records.texts.__getitem__))
    return found


def least(rounds: Sequence[Found]) -> Found:
    """Of each part of each row the least of some rounds: the machine has other work, too."""
    return {
        name: [
            {part: min(costs[part] for costs in same) for part in same[0]}
            for same in zip(*(found[name] for found in rounds), strict=True)
        ]
        for name in rounds[0]
    }


def measured(records: Records) -> tuple[dict[str, Costs], dict[str, Costs]]:
    """Method -> mean costs, alone and in order; the rounds of all four goes are interleaved."""
    rounds: dict[tuple[bool, Cost], list[Found]] = defaultdict(list)
    goes = [(alone, cost) for alone in (True, False) for cost in (whole, parts)]
    for _ in range(ROUNDS):
        for alone, cost in goes:
            rounds[alone, cost].append(measure(records, cost, alone=alone))
    found = {go: least(rounds[go]) for go in goes}

    def means(alone: bool) -> dict[str, Costs]:
        return {
            name: means_of(name, [*found[alone, whole][name], *found[alone, parts][name]])
            for name in SHIPPED
        }

    return means(alone=True), means(alone=False)


def aligns(name: str, check: str) -> bool:
    """Whether a method's check aligns texts; those of a problem look at its numbers alone."""
    return check in ALIGNS and load_method(name).starts_from.kind != "problem"


def means_of(name: str, found: Sequence[Costs]) -> Costs:
    """The mean cost of each part; `checks` is their sum, `aligning` and `formal` its two parts."""
    records = len(found) / 2  # each is there twice, whole and in parts
    mean: Costs = defaultdict(float)
    for costs in found:
        for part, cost in costs.items():
            mean[part] += cost / records
    checks = {part: cost for part, cost in mean.items() if part not in ("verify", "read")}
    mean["checks"] = sum(checks.values())
    mean["aligning"] = sum(cost for part, cost in checks.items() if aligns(name, part))
    mean["formal"] = mean["checks"] - mean["aligning"]
    return mean


_SUMS = ("verify", "read", "checks", "aligning", "formal")


def report(records: Records) -> Iterator[str]:
    """The lines of the report."""
    alone, in_order = measured(records)
    yield f"CPU of the checks, ms a record   {'alone':>8} {'in order':>9}"
    for name, means in alone.items():
        yield f"{name}, {len(records.rows[name])} records"
        single = sorted((p for p in means if p not in _SUMS), key=lambda part: -means[part])
        for part in (*_SUMS, *single):
            mark = "" if part in _SUMS else "  ~ " if aligns(name, part) else "    "
            yield f"  {mark + part:<30} {means[part]:8.3f} {in_order[name].get(part, 0.0):9.3f}"
    shares = load_job(MIXTURE).mixture
    yield f"weighted by the mixture of {MIXTURE}; ~ are the aligning checks"
    for part in _SUMS:
        cold, warm = (
            sum(shares.get(name, 0.0) * means[part] for name, means in found.items())
            / sum(shares.get(name, 0.0) for name in found)
            for found in (alone, in_order)
        )
        goal = f"   goal below {GOAL_MS:g}: {'yes' if cold < GOAL_MS else 'no'}"
        yield f"  {part:<30} {cold:8.3f} {warm:9.3f}{goal if part == 'formal' else ''}"
    slow = [name for name, means in alone.items() if means["formal"] >= GOAL_MS]
    yield f"methods whose formal checks are above the goal: {', '.join(slow) or 'none'}"


def all_records(tasks: int, languages: Sequence[str]) -> Records:
    """Records of all these languages that the articles have."""
    data = os.environ.get("BEAM_SYNTH_TEST_DATA")
    sample = Path(__file__).resolve().parents[1] / "templates" / "sample" / "articles-*.jsonl"
    by_language: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages_of(f"{data}/structured/*.jsonl.gz" if data else str(sample)):
        by_language[passage.language].append(passage)
    rows: dict[str, list[Row]] = {name: [] for name in SHIPPED}
    texts: dict[str, Passage] = {}
    for code in languages:
        if by_language[code]:
            made = records_of(by_language[code], tasks)
            texts.update(made.texts)
            for name, found in made.rows.items():
                rows[name] += found
    return Records(rows, texts)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=40, help="a method and language")
    parser.add_argument("--language", default="", choices=["", *LANGUAGES])
    arguments = parser.parse_args()
    languages = [arguments.language] if arguments.language else LANGUAGES
    records = all_records(arguments.tasks, languages)
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)  # as `beam_synth.generation.worker` sets it
    measure(records, whole, alone=False)  # patterns are compiled, the language model is loaded
    print("\n".join(report(records)))


if __name__ == "__main__":
    sys.exit(in_one_line(main))
