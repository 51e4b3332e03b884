"""The folders that ship with the package: jobs, prompts, problem templates, the sample."""

from __future__ import annotations

import importlib.resources
from pathlib import Path


def shipped_folder(name: str) -> Path:
    """`templates/<name>` as installed.

    >>> (shipped_folder("jobs") / "quickstart.yaml").is_file()
    True
    """
    return Path(str(importlib.resources.files("templates"))) / name
