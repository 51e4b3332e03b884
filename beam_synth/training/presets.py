"""Model shapes: deep and narrow, as in the SYNTH models.

Layers of the larger two, and the width of the largest, are those of Monad and Baguettotron as their
model cards say; the smallest preset shows on a laptop's CPU that the shards train.
"""

from __future__ import annotations

import dataclasses

from beam_synth.errors import Refused, nearest


@dataclasses.dataclass(frozen=True)
class Preset:
    """One shape with its training recipe (after the published one: AdamW, warm-up, late decay)."""

    layers: int
    width: int  # of the residual stream; a multiple of `heads`
    heads: int  # of attention, for queries
    kv_heads: int  # for keys and values; divides `heads`
    feed_forward: int  # inner width of the feed-forward layers
    vocabulary: int  # token ids at most; a small corpus gives fewer merges
    length: int  # tokens of a packed sequence
    batch: int  # sequences a step
    steps: int  # of the optimizer, where the caller does not say
    learning_rate: float = 1.5e-3  # the peak
    weight_decay: float = 0.01
    warmup: float = 0.1  # share of the steps
    decay: float = 1 / 6  # share of the steps, at the end, over which the rate falls to zero
    clip: float = 1.0  # norm of the gradient


PRESETS: dict[str, Preset] = {
    "tiny": Preset(
        layers=16,
        width=128,
        heads=4,
        kv_heads=2,
        feed_forward=384,
        vocabulary=4096,
        length=512,
        batch=4,
        steps=200,
    ),
    "monad": Preset(
        layers=64,
        width=256,
        heads=4,
        kv_heads=2,
        feed_forward=768,
        vocabulary=8192,
        length=2048,
        batch=8,
        steps=10_000,
    ),
    "baguettotron": Preset(
        layers=80,
        width=576,
        heads=9,
        kv_heads=3,
        feed_forward=1536,
        vocabulary=65_536,
        length=2048,
        batch=8,
        steps=10_000,
    ),
}


def find_preset(name: str) -> Preset:
    """The preset of that name. Raises Refused, with the nearest name, where there is none.

    >>> find_preset("monad").layers
    64
    """
    if name not in PRESETS:
        raise Refused(
            f"--preset: there is no {name!r}{nearest(name, PRESETS)}; known: {', '.join(PRESETS)}"
        )
    return PRESETS[name]
