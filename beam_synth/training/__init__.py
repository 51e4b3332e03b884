"""The training launcher: a tokenizer and a small Llama from a finished run's shards. No Beam."""

from __future__ import annotations

from beam_synth.training.launcher import train

__all__ = ["train"]
