"""A vLLM server that runs on the worker, or one that is there already."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from beam_synth.engines.served import Served, escaped
from beam_synth.errors import Refused

_MODULE = "vllm.entrypoints.openai.api_server"
_FIND = "import importlib.util, sys; sys.exit(importlib.util.find_spec('vllm') is None)"


class Vllm(Served):
    """vLLM behind its OpenAI-compatible server.

    Options beside those of `Served`: `flags` (of `vllm serve`: {tensor-parallel-size: 2, dtype:
    bfloat16, enable-lora: true}; true is a flag without a value, mappings are passed as JSON),
    `env`, `python` (an interpreter that has vllm; default: this one); `start_timeout` is 900 s.
    """

    dialect = "vllm"
    title = "vLLM"
    own_options = ("flags", "env", "python")
    start_timeout = 900.0

    def command(self, model: str, own: Mapping[str, Any]) -> tuple[str, ...]:
        """As `serve_command`."""
        self._python = str(own.get("python", sys.executable))
        return serve_command(self._python, model, own.get("flags", {}))

    def check_installed(self) -> None:
        """Raise Refused where the interpreter has no vllm."""
        if subprocess.run([self._python, "-c", _FIND]).returncode:
            raise Refused(
                f"{self._python} has no vllm; run: pip install 'beam-synth[vllm]', or name another "
                "interpreter as options.python, or a running server as base_url"
            )


def serve_command(python: str, model: str, flags: Mapping[str, Any]) -> tuple[str, ...]:
    """The server's command line, with {port} in it. Raises Refused for flags that are ours.

    >>> serve_command("python3", "org/model", {"dtype": "bfloat16", "enable_lora": True})[-3:]
    ('--dtype', 'bfloat16', '--enable-lora')
    """
    served_name = escaped(model)
    command = [escaped(python), "-m", _MODULE, "--model", served_name]
    command += ["--served-model-name", served_name, "--host", "127.0.0.1", "--port", "{port}"]
    for name, value in flags.items():
        flag = "--" + str(name).lstrip("-").replace("_", "-")
        if flag in ("--model", "--served-model-name", "--host", "--port"):
            raise Refused(f"options.flags: {flag} is set by the engine")
        if value is True:
            command.append(flag)
        elif value is not False and value is not None:
            command.append(flag)
            values = value if isinstance(value, list) else [value]
            command += [escaped(item) for item in values]
    return tuple(command)
