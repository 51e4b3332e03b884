"""Which kinds of records a run makes, settles and writes."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from typing import Any

from beam_synth.errors import Refused, nearest
from beam_synth.generation.mixture import Share
from beam_synth.job.schema import Job
from beam_synth.methods.loading import configs_of, load_method
from beam_synth.records import DatasetConfig


def written_configs(
    configs: Sequence[DatasetConfig], steps: Iterable[str]
) -> tuple[DatasetConfig, ...]:
    """The kinds that get shards: all but steps, and those steps that the job names.

    Raises Refused for a named step that no method makes, and where nothing would be written.

    >>> from beam_synth.records import ENTITIES, TEXTS
    >>> [config.name for config in written_configs([ENTITIES, TEXTS], ["entities"])]
    ['entities', 'texts']
    """
    names = [config.name for config in configs]
    asked = set(steps)
    for name in sorted(asked - set(names)):
        raise Refused(
            f"write.steps: no method of the mixture makes {name!r}{nearest(name, names)}; "
            f"they make {', '.join(names)}"
        )
    written = tuple(config for config in configs if config.written or config.name in asked)
    if not written:
        raise Refused(
            f"mixture: it makes only steps to other records ({', '.join(names)}); add a method "
            "that starts from them, or name some under write.steps"
        )
    return written


def check_configs(job: Job) -> None:
    """Raise Refused where the kinds of records of a job cannot settle or be written."""
    configs = configs_of(job.mixture)
    written_configs(configs, job.write.steps)
    for config in configs:
        if config.settle:
            settle_class(config)


def settling(configs: Sequence[DatasetConfig], shares: Iterable[Share]) -> list[DatasetConfig]:
    """The kinds made by these methods that have to settle before they become seeds."""
    made = {load_method(share.method).makes.name for share in shares}
    return [config for config in configs if config.settle and config.name in made]


def settle_class(config: DatasetConfig) -> Any:
    """The class that `config.settle` names, as "package.module:Class". Raises Refused for none."""
    module, _, name = config.settle.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise Refused(
            f"the config {config.name!r}: its settle step {config.settle!r} cannot be loaded: "
            f"{error!r}"
        ) from error


def settle_name(config: str) -> str:
    """The name of a config's settle step in the accounts.

    >>> settle_name("token_preferences")
    'SettleTokenPreferences'
    """
    return "Settle" + "".join(part.capitalize() for part in config.split("_"))
