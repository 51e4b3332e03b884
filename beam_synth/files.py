"""Whole-file writes that a reader never sees half-done, on any filesystem that Beam knows."""

from __future__ import annotations

import uuid
from pathlib import Path

from beam_synth.inputs import is_url


def write_text(folder: str, name: str, text: str) -> None:
    """Write folder/name by way of a temporary name and a rename."""
    if is_url(folder):
        from apache_beam.io.filesystems import FileSystems

        with FileSystems.create(FileSystems.join(folder, name)) as handle:  # appears when closed
            handle.write(text.encode())
        return
    target = Path(folder) / name
    temporary = target.with_name(f"{target.name}.{uuid.uuid4().hex}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(target)
