"""How many rows of each method are bad by rule: a scorecard of a run.

    python -m benchmarks.rows RUN                                  # a run folder
    python -m benchmarks.rows --by-language RUN        # kept of tasks by method and language
    BEAM_SYNTH_TEST_DATA=... python -m benchmarks.rows [--keep RUN]   # makes one of synth-small

Up to 200 rows of each method are read, those with the smallest ids. Every bad kind is a rule of its
own (`benchmarks.scorecard`), which shares nothing with the checks of a run: where a rule finds what
no check refused, one of the two is wrong. The goal for each kind is 2% at most.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from beam_synth.ending import in_one_line
from beam_synth.methods.loading import load_method
from benchmarks.scorecard import questions as q
from benchmarks.scorecard import texts as t
from benchmarks.scorecard import wholes as w
from benchmarks.scorecard.cells import Cell, cell_table, yields_of
from benchmarks.scorecard.reading import QUOTED, Read

Rule = Callable[[Read], str]  # what is wrong with a row; "" where nothing is
MOST = 200  # rows of a method
GOAL = 0.02

_ANY: dict[str, Rule] = {
    "another language": t.other_language,
    "says it twice": t.repeats,
    "filler trace": t.filler,
    "one word for a sentence": t.one_word,
    "polite and familiar": w.address_mixed,
}
_MISQUOTED: dict[str, Rule] = {"quotes what nobody said": w.misquoted}
_QUESTION: dict[str, Rule] = {
    "topic not named": q.topic_missing,
    "a name or number cut in two": q.name_cut,
    "a fragment as a statement": q.fragment,
    "random pair": q.random_pair,
    "odd, yet answerable": q.odd_but_answerable,
    "a year as a count, or none as a time": q.year_as_count,
    "conclusion ends inside a clause": q.conclusion_cut,
    "conclusion is not the answer's": q.conclusion_differs,
    "answer on the first line": q.first_line_answers,
}
_WRITING: dict[str, Rule] = {
    "word salad": t.word_salad,
    "copy of the seed": t.copied,
    "form of the genre missing": t.form_missing,
    "a sentence cut at a number": w.cut_at_number,
}
_MATHS: dict[str, Rule] = {
    "query does not fit the problem": t.unfitting_maths,
    "conclusion is not the last step's": t.maths_conclusion,
    "answer on the first line": t.first_result,
}
_OPTIONS: dict[str, Rule] = {
    "options of mixed kinds": q.mixed_options,
    "a distractor is right": q.distractor_right,
}
KINDS: dict[str, dict[str, Rule]] = {
    "memorization": {**_ANY, **_QUESTION},
    "rag": {
        **_ANY,
        **_QUESTION,
        "citation without support": q.citation_unsupported,
        "answers after abstaining": q.answered_after_abstaining,
        **_MISQUOTED,
    },
    "mcq": {**_ANY, **_QUESTION, **_OPTIONS},
    "math exercise": {**_ANY, **_MATHS},
    "math mcq": {**_ANY, **_MATHS, "options of mixed kinds": q.mixed_options},
    "creative writing": {**_ANY, **_WRITING},
    "constrained writing": {**_ANY, **_WRITING},
    "editing": {
        **_ANY,
        **_MISQUOTED,
        "a sentence cut at a number": w.cut_at_number,
        "asks about a bare number": w.asks_of_number,
    },
    "multi-turn": {
        **_ANY,
        **_MISQUOTED,
        "follow-up about nothing": t.follow_up_empty,
        "contradicts what was said": t.contradicts,
        "layout of broken pieces": t.broken_layout,
        "quotation breaks off": t.quote_cut,
    },
}
OPENER, SKELETON = "the same opener again", "the same trace again"


def rows_of(run: Path) -> dict[str, list[Read]]:
    """Exercise -> up to 200 rows of a finished run, those with the smallest ids."""
    found: dict[str, list[Read]] = defaultdict(list)
    for read in _reads(run):
        found[read.exercise].append(read)
    return {name: _some(rows) for name, rows in found.items()}


def _some(rows: Iterable[Read]) -> list[Read]:
    return sorted(rows, key=lambda read: str(read.row["synth_id"]))[:MOST]


def _reads(run: Path) -> Iterator[Read]:
    for path in sorted(run.glob("data/**/*.parquet")):
        for row in pq.read_table(path).to_pylist():
            if row.get("exercise") in KINDS:
                yield Read(row)


def repeated(shown: Iterable[str]) -> list[str]:
    """What comes more often than 2% of all (three times, of few), once for each time too many."""
    counts = Counter(shown)
    allowed = max(3, round(GOAL * counts.total()))
    return [form for form, n in counts.most_common() for _ in range(n - allowed)]


def opener(read: Read) -> str:
    """The query's first four words, in its language."""
    return f"{read.language} {' '.join(read.query.split()[:4])}"


def skeleton(read: Read) -> str:
    """The trace without what it quotes and counts."""
    return re.sub(r"\d+", "0", QUOTED.sub("“”", read.turns[-1].trace))


def bad_rows(exercise: str, rows: Sequence[Read]) -> dict[str, list[tuple[Read | None, str]]]:
    """Bad kind -> rows of it, each with what is wrong; kinds without any are there too."""
    found: dict[str, list[tuple[Read | None, str]]] = {}
    for kind, rule in KINDS[exercise].items():
        told = [(read, rule(read)) for read in rows]
        found[kind] = [(read, wrong) for read, wrong in told if wrong]
    found[OPENER] = [(None, form) for form in repeated(map(opener, rows))]
    found[SKELETON] = [(None, form) for form in repeated(map(skeleton, rows))]
    return found


def table(rows: Mapping[str, Sequence[Read]], shown: int) -> str:
    """All kinds by method: rate, goal, and some of what was found."""
    lines, missed = [], 0
    for exercise in sorted(rows, key=list(KINDS).index):
        reads = rows[exercise]
        lines.append(f"{exercise}: {len(reads)} rows")
        for kind, bad in sorted(
            bad_rows(exercise, reads).items(), key=lambda entry: -len(entry[1])
        ):
            rate = len(bad) / len(reads)
            missed += rate > GOAL
            mark = "MISSED" if rate > GOAL else "ok"
            lines.append(f"  {rate:6.1%}  goal {GOAL:.0%}  {mark:6}  {kind}")
            for read, wrong in bad[:shown]:
                where = f"{read.language} {read.title}: " if read else ""
                lines.append(f"              {where}{wrong.splitlines()[0][:150]}")
    lines.append(f"{missed} kinds above {GOAL:.0%}")
    return "\n".join(lines)


def by_language(run: Path) -> str:
    """What each method gives in each language: yield, and bad kinds of up to 200 rows."""
    yields = yields_of(run)
    method_of = {load_method(cell.method).exercise: cell.method for cell in yields}
    rows: dict[Cell, list[Read]] = defaultdict(list)
    for read in _reads(run):
        rows[Cell(method_of[read.exercise], read.language)].append(read)
    bad: dict[Cell, dict[str, int]] = {}
    for cell, reads in rows.items():
        some = _some(reads)
        found = bad_rows(some[0].exercise, some)
        bad[cell] = {kind: len(which) for kind, which in found.items()}
    return cell_table(yields, bad)


def real_articles() -> str:
    """The articles of the test data. Raises SystemExit without them."""
    data = os.environ.get("BEAM_SYNTH_TEST_DATA")
    if not data:
        raise SystemExit("BEAM_SYNTH_TEST_DATA is not set: name a run folder, or set it")
    return f"{data}/structured/*.jsonl.gz"


def make_run(output: Path, tasks: int) -> None:
    """A run of synth-small on the real articles by rule, all methods in like shares."""
    names = ("memorization", "rag", "mcq", "arithmetic", "math_mcq", "editing",
             "creative_writing", "constrained_writing", "multi_turn")  # fmt: skip
    scarce = {"creative_writing": 2.0, "constrained_writing": 4.0, "multi_turn": 2.0}
    weights = {name: scarce.get(name, 1.0) for name in names}
    whole = sum(weights.values())
    mixture = ", ".join(f"{name}: {weight / whole:.4f}" for name, weight in weights.items())
    command = [sys.executable, "-m", "beam_synth.cli", "run", "synth-small", "--quiet"]
    command += ["--articles", real_articles(), "--output", str(output)]
    for setting in (
        "models.embedder={engine: hashing}",
        f"mixture={{{mixture}}}",
        "languages={en: 0.4, de: 0.14, fr: 0.14, it: 0.12, pl: 0.1, es: 0.04, nl: 0.04, la: 0.02}",
        f"tasks.limit={tasks}",
    ):
        command += ["--set", setting]
    subprocess.run(command, check=True)


def main() -> None:
    """Print the scorecard."""
    parser = argparse.ArgumentParser(description="bad rows of a run, by rule")
    parser.add_argument("run", nargs="?", type=Path, help="a finished run; one is made without it")
    parser.add_argument("--keep", type=Path, help="where the run that is made stays")
    parser.add_argument("--tasks", type=int, default=5000, help="of the run that is made")
    parser.add_argument("--show", type=int, default=1, help="cases to print of each kind")
    parser.add_argument("--by-language", action="store_true", help="yield by method and language")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = arguments.run or arguments.keep or Path(folder) / "run"
        if arguments.run is None:
            make_run(run, arguments.tasks)
        rows = rows_of(run)
        if not rows:
            raise SystemExit(f"{run}: no samples in data/: is it a finished run?")
        print(by_language(run) if arguments.by_language else table(rows, arguments.show))


if __name__ == "__main__":
    sys.exit(in_one_line(main))
