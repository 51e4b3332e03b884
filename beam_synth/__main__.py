"""`python -m beam_synth`: the same as the command `beam-synth`."""

from __future__ import annotations

import sys

from beam_synth.cli import main

if __name__ == "__main__":
    sys.exit(main())
