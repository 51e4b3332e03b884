"""Stands in for a model server: takes vLLM's flags, answers as the fake endpoint does.

    python -m tests.servers.fake_vllm --model M --port P [--slow S] [--die-after N] [--wrong-flag]

`--wrong-flag` ends it at once, as an unknown flag ends vLLM. It starts a child that sleeps, as
vLLM starts its engine: nothing of the group may be left behind.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.servers.fake_openai import Behaviour, FakeOpenAI


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--served-model-name")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--slow", type=float, default=0.0)
    parser.add_argument("--die-after", type=int, default=0)
    parser.add_argument("--starts", default="")
    parser.add_argument("--wrong-flag", action="store_true")
    arguments = parser.parse_args()
    if arguments.starts:
        with Path(arguments.starts).open("a", encoding="utf-8") as handle:
            handle.write(f"{os.getpid()}\n")
    if arguments.wrong_flag:
        print("error: unrecognized arguments: --wrong-flag", file=sys.stderr)
        return 2
    assert arguments.host == "127.0.0.1"
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]):
        time.sleep(arguments.slow)
        with FakeOpenAI(Behaviour(models=(arguments.model,)), arguments.port) as server:
            while not arguments.die_after or server.stats["requests"] < arguments.die_after:
                threading.Event().wait(0.05)
            os._exit(9)


if __name__ == "__main__":
    sys.exit(main())
