"""CPU of the default embedder and of MiniLM on the same articles."""

from __future__ import annotations

import sys
import time

from beam_synth.engines.embedders import DEFAULT, make_embedder
from beam_synth.job.schema import Model
from benchmarks.embedding.texts import MINILM, articles, passages, texts_of

GOAL = 0.25
_GROUP = 20  # articles that both embed before they change turns


def report(size: int) -> bool:
    """Embed `size` articles (0: all) with both in turn and print the ratio; whether it is met."""
    table = articles(size)
    models = {DEFAULT: Model(engine=DEFAULT), "minilm": MINILM}
    embedders = {name: make_embedder(model) for name, model in models.items()}
    for embedder in embedders.values():  # threads and caches are warm
        embedder.embed(["a stone harbour"] * 8)
    seconds, counts = dict.fromkeys(models, 0.0), dict.fromkeys(models, 0)
    split = dict.fromkeys(models, 0.0)
    turns = list(models)
    for start in range(0, table.num_rows, _GROUP):
        for name in turns:
            begun = time.process_time()
            texts = texts_of(passages(table.slice(start, _GROUP), models[name]))
            before = time.process_time()
            embedders[name].embed(texts)
            seconds[name] += time.process_time() - before
            split[name] += before - begun
            counts[name] += len(texts)
        turns.reverse()
        print(
            f"{min(start + _GROUP, table.num_rows)} of {table.num_rows} articles", file=sys.stderr
        )
    for name in models:
        each = 1e3 * seconds[name] / max(1, counts[name])
        print(
            f"{name}: {counts[name]:,} passages, made in {split[name]:.1f} CPU s, embedded in "
            f"{seconds[name]:.1f} CPU s ({each:.1f} ms each)"
        )
    ratio = seconds[DEFAULT] / seconds["minilm"]
    print(f"ratio {ratio:.3f}, goal at most {GOAL}: {'met' if ratio <= GOAL else 'MISSED'}")
    return ratio <= GOAL
