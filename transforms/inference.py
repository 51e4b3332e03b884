"""Beam's RunInference, without the torch that its model manager imports wherever it is installed.

No job of ours uses that manager, and torch is 200 MiB of every process. An engine that needs torch
imports it when it is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without(module: str) -> Iterator[None]:
    """The module cannot be imported in the block, unless it was before; afterwards it can."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


with _without("torch"):
    from apache_beam.ml.inference import base
    from apache_beam.ml.inference.base import ModelHandler, RunInference

if sys.platform != "win32":
    import resource

    base.resource = resource  # Beam goes without where the manager is missing, and warns each time

__all__ = ["ModelHandler", "RunInference"]
