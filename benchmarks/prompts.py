"""How different the variants of a step are, rendered for one and the same task.

    python -m benchmarks.prompts [STEP ...] [--show]

For each step: variants, and the mean and the highest share of word 3-grams that two of them have in
common (Jaccard): of all that is rendered (with the rules that all share and the task's own texts,
which have to be the same), and of what is a variant's own; and how many shapes of traces they ask
for. With --show each variant's own words are printed.
"""

from __future__ import annotations

import argparse
import itertools
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Sequence

from beam_synth.ending import in_one_line
from beam_synth.engines.prompt_checks import Example
from beam_synth.engines.prompts import Prompts
from beam_synth.methods import SHIPPED, load_method

_WORD = re.compile(r"\w+")
_OWN = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
Grams = set[tuple[str, ...]]


def grams(text: str) -> Grams:
    """The 3-grams of a text's words.

    >>> sorted(grams("one two three four"))
    [('one', 'two', 'three'), ('two', 'three', 'four')]
    """
    words = _WORD.findall(text.casefold())
    return set(zip(words, words[1:], words[2:], strict=False))


def overlaps(texts: Iterable[Grams]) -> tuple[float, float]:
    """Mean and highest Jaccard similarity of two of them.

    >>> overlaps([grams("a b c d"), grams("a b c d"), grams("e f g")])
    (0.3333333333333333, 1.0)
    """
    pairs = [len(a & b) / max(1, len(a | b)) for a, b in itertools.combinations(texts, 2)]
    return (statistics.mean(pairs), max(pairs)) if pairs else (0.0, 0.0)


def own_words(prompts: Prompts, wording: str) -> str:
    """What stands in a variant's own file: neither shared rules nor variables."""
    return " ".join(_OWN.sub(" ", prompts.source(wording)).split())


def line_of(prompts: Prompts, step: str, example: Example) -> str:
    """The figures of one step."""
    wordings = prompts.wordings(step)
    whole = [
        grams("\n".join(message["content"] for message in prompts.render(wording, example)))
        for wording in wordings
    ]
    own = [grams(own_words(prompts, wording)) for wording in wordings]
    shapes = Counter(
        name for wording in wordings for name in prompts.included(wording) if "shapes/" in name
    )
    (mean, most), (own_mean, own_most) = overlaps(whole), overlaps(own)
    return (
        f"{step:28}{len(wordings):4}{mean:9.2f}{most:9.2f}{own_mean:9.3f}{own_most:9.3f}"
        f"{len(shapes) or '-':>8}"
    )


def main(given: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("steps", nargs="*")
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args(given)
    prompts = Prompts()
    examples = {
        step: found[0] for name in SHIPPED for step, found in load_method(name).prompts.items()
    }
    print(f"{'step':28}{'n':>4}{'whole':>9}{'most':>9}{'own':>9}{'most':>9}{'shapes':>8}")
    for step in arguments.steps or sorted(examples):
        if step not in examples:
            raise SystemExit(f"benchmarks.prompts: there is no step {step!r}")
        print(line_of(prompts, step, examples[step]))
        for wording in prompts.wordings(step) if arguments.show else ():
            print(f"  {wording}: {own_words(prompts, wording)}")


if __name__ == "__main__":
    sys.exit(in_one_line(main))
