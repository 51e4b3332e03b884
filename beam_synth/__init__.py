"""beam-synth: synthetic training data from an encyclopaedia, as Apache Beam jobs."""

from __future__ import annotations

import importlib.util
from pathlib import Path

__version__ = "0.1.0"


def _refuse_shadowed_packages() -> None:
    """Refuse to run when another distribution's `transforms` or `templates` shadows ours.

    Both are real top-level packages here, and packages of these names exist elsewhere.
    """
    ours = Path(__file__).resolve().parents[1]
    for name in ("transforms", "templates"):
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise ImportError(
                f"beam-synth's package {name!r} is missing beside {ours / 'beam_synth'}; "
                "reinstall beam-synth"
            )
        found = Path(spec.origin).resolve().parents[1]
        if found != ours:
            raise ImportError(
                f"the package {name!r} in {found} shadows beam-synth's own in {ours}; "
                "uninstall the other distribution or use a fresh virtual environment"
            )


_refuse_shadowed_packages()
