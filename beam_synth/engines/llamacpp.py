"""A llama.cpp server that runs on the worker, or one that is there already."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from beam_synth.engines.gguf_files import gguf_file
from beam_synth.engines.served import Served, escaped
from beam_synth.errors import Refused

_MODULE = "beam_synth.engines.llamacpp_server"
_NEEDED = "xllamacpp"  # carries llama.cpp with its own HTTP server
_SLOTS = 4
_CONTEXT = 4096


class LlamaCpp(Served):
    """A GGUF model behind llama.cpp's server, on the CPU or what the installed build can use.

    `model` is a file or a package, as `gguf_files.gguf_file` says. Options beside those of
    `Served`: `slots` (answers that are written at once, 4; `generate.window` need not be much
    more), `context` (tokens of each, prompt and answer, 4096), `threads` (default: half of the
    cores, since threads that wait for one another collapse on cores that others use), `params`
    (fields of llama.cpp's own parameters, {n_batch: 512}) and `env`; `start_timeout` is 120 s.
    """

    dialect = "llamacpp"
    title = "llama.cpp's server"
    own_options = ("slots", "context", "threads", "params", "env")
    start_timeout = 120.0

    def command(self, model: str, own: Mapping[str, Any]) -> tuple[str, ...]:
        """As `llamacpp_command`."""
        return llamacpp_command(model, own)

    def check_installed(self) -> None:
        """Raise Refused where there is no llama.cpp."""
        if importlib.util.find_spec(_NEEDED) is None:
            raise Refused(
                f"the engine 'llamacpp' needs the package {_NEEDED!r}, which is not installed; "
                "run: pip install 'beam-synth[llamacpp]', or name a running server as base_url"
            )


def llamacpp_command(model: str, own: Mapping[str, Any]) -> tuple[str, ...]:
    """The server's command line, with {port} in it. Raises Refused for a wrong option, and where
    the model's file is not here."""
    numbers = {"slots": _SLOTS, "context": _CONTEXT, "threads": default_threads()}
    numbers |= {key: own[key] for key in numbers if key in own}
    for key, value in numbers.items():
        if type(value) is not int or value < 1:
            raise Refused(f"options.{key}: a whole number from 1 on is wanted, found {value!r}")
    params = own.get("params") or {}
    if not isinstance(params, Mapping):
        raise Refused("options.params: a mapping of names to values is wanted")
    command = [escaped(sys.executable), "-m", _MODULE, "--port", "{port}"]
    command += ["--gguf", escaped(gguf_file(model)), "--alias", escaped(model)]
    for key, value in numbers.items():
        command += [f"--{key}", str(value)]
    return (*command, "--params", escaped(json.dumps(dict(params), sort_keys=True)))


def default_threads() -> int:
    """Half of the cores that this process may use, one at least."""
    return max(1, len(os.sched_getaffinity(0)) // 2)
