"""llama.cpp's own HTTP server as a process: what the engine `llamacpp` has its supervisor run.

python -m beam_synth.engines.llamacpp_server --gguf FILE --alias NAME --port 8080
    --slots 4 --context 4096 --threads 1 [--params JSON]
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from typing import Any

from beam_synth.ending import in_one_line
from beam_synth.errors import Refused, nearest

_OURS = ("model", "model_alias", "hostnames", "port", "n_parallel", "n_ctx", "endpoint_metrics")
_WARNINGS = 2  # what is logged of llama.cpp's levels: a line a request would fill the disk


def main() -> int:
    """Serve until the process is ended; it never returns by itself."""
    arguments = _parsed()
    params = parameters(arguments, json.loads(arguments.params))
    import xllamacpp

    server = xllamacpp.Server(params)  # loads the model
    # Whatever was set by it: no handler may keep the process and its port.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    print(f"listening on {server.listening_address}", flush=True)
    while True:
        signal.pause()


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", required=True)
    parser.add_argument("--alias", required=True)
    for name in ("--port", "--slots", "--context", "--threads"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--params", default="{}")
    return parser.parse_args()


def parameters(arguments: argparse.Namespace, more: dict[str, Any]) -> Any:
    """llama.cpp's parameters. Raises Refused for one that it does not have, or that is ours."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = arguments.gguf
    params.model_alias = {arguments.alias}
    params.hostnames = ["127.0.0.1"]
    params.port = arguments.port
    params.n_parallel = arguments.slots
    params.n_ctx = arguments.slots * arguments.context
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = arguments.threads
    params.endpoint_metrics = True  # its own counters, by which our accounts can be checked
    params.ui = False
    params.cache_ram_mib = 0  # else up to 8 GB of former prompts
    params.verbosity = _WARNINGS
    known = [name for name in dir(params) if not name.startswith("_")]
    for name, value in more.items():
        if name in _OURS:
            raise Refused(f"options.params.{name}: the engine sets it")
        if name not in known:
            raise Refused(f"options.params.{name}: llama.cpp has none{nearest(name, known)}")
        try:
            setattr(params, name, value)
        except (TypeError, ValueError, AttributeError) as error:
            raise Refused(f"options.params.{name}: {error}") from None
    return params


if __name__ == "__main__":
    sys.exit(in_one_line(main))
