"""What was found out about the endpoints of a run, in its folder: for later starts, and to tell.

One file a start and one a worker that met something new; each appears whole, and all are read.
"""

from __future__ import annotations

import contextlib
import functools
import uuid
from collections.abc import Mapping

from beam_synth.engines.chat_payloads import Findings
from beam_synth.engines.findings import decode_findings, encode_findings, joined, warning_of
from beam_synth.generation.config import GenerateConfig
from beam_synth.generation.engine_registry import findings_key
from beam_synth.job.schema import Model
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder


class Notes:
    """Writes down what a worker's engine learns in mid-run.

    Args:
        config: names the run and its attempt.
        key: of the findings.
        model: its name, for those who read.
    """

    def __init__(self, config: GenerateConfig, key: str, model: str) -> None:
        self._files = RunFolder(config.run)
        self._name = layout.endpoint_path(key, f"{config.attempt}-{uuid.uuid4().hex[:12]}")
        self._model = model

    def __call__(self, findings: Findings) -> None:
        """Write it. Where that fails the run goes on: the next start meets the same again, and a
        disk that is full is told where outcomes are written."""
        with contextlib.suppress(OSError):
            self._files.write(self._name, encode_findings(self._model, findings))


def note_findings(
    files: RunFolder, models: Mapping[str, Model], found: Mapping[str, Findings]
) -> None:
    """Write down what was found out before a run; both mappings are by `findings_key`."""
    for key, findings in found.items():
        files.write(layout.endpoint_path(key), encode_findings(models[key].model, findings))


def noted_findings(files: RunFolder, model: Model) -> Findings | None:
    """What starts and workers of a run have found out; None where that is nothing."""
    found = [item for _, item in _read(files, layout.endpoint_files(findings_key(model)))]
    return functools.reduce(joined, found) if found else None


def endpoint_warnings(files: RunFolder) -> list[str]:
    """A line for each model whose endpoint was not sent all that was asked for."""
    by_model: dict[str, Findings] = {}
    for model, findings in _read(files, layout.endpoint_files()):
        by_model[model] = joined(by_model[model], findings) if model in by_model else findings
    return [line for model in sorted(by_model) if (line := warning_of(model, by_model[model]))]


def _read(files: RunFolder, pattern: str) -> list[tuple[str, Findings]]:
    read = (decode_findings(files.read(name)) for name, _ in files.match(pattern))
    return [found for found in read if found is not None]
