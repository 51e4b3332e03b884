"""A client's side of a supervised model server: one server for each host and configuration."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import fcntl
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from beam_synth.drawing import digest
from beam_synth.engines import supervisor
from beam_synth.engines.supervisor import HEARTBEAT, Config, ServerState, read_state
from beam_synth.errors import Unusable

_POLL = 0.25
_FAILED_RECENTLY = 60.0  # seconds in which nobody else tries what has just failed


class Server:
    """A server that this process uses; it is started when nobody has it running.

    The process counts as a client from the first `ready` to its end: engines come and go, and a
    server that takes a minute to start should not go with them.

    Args:
        command: the server's command line, with {port} in it.
        env: variables on top of this process's.
        start_timeout: seconds until it must be healthy.
        linger: seconds that it runs on without a client.

    The folder in the temporary directory is named after command and environment: clients that
    want the same share a server, whichever process started it.
    """

    def __init__(
        self, command: tuple[str, ...], env: dict[str, str], start_timeout: float, linger: float
    ) -> None:
        self._command = command
        self._env = env
        self._start_timeout = start_timeout
        self._linger = linger
        self._doubted = False
        name = digest("server", *command, *(f"{k}={env[k]}" for k in sorted(env)))
        self.folder = Path(tempfile.gettempdir()) / f"beam-synth-{os.getuid()}" / name

    async def ready(self) -> int:
        """The port, once the server is healthy; starts it where nobody has.

        Raises Unusable, with the end of the server's log, when it cannot be kept running.
        """
        while True:
            state = read_state(self.folder)
            if state is None or self._doubted or self.folder not in _JOINED:
                state = await asyncio.to_thread(self._join)
                self._doubted = False
            if state.state == "ready":
                return state.port
            if state.state == "failed":
                raise Unusable(state.detail)
            await asyncio.sleep(_POLL)

    def doubt(self) -> None:
        """A call failed: whether the server still has a supervisor is looked at anew."""
        self._doubted = True

    def _join(self) -> ServerState:
        """Be a client, and start the supervisor where none runs."""
        clients = self.folder / "clients"
        clients.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _LOCK:
            if self.folder not in _JOINED:
                _JOINED[self.folder] = clients / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
                _JOINED[self.folder].touch()
                _start_heartbeat()
        with (self.folder / "start.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return self._start_unless_running()

    def _start_unless_running(self) -> ServerState:
        state = read_state(self.folder)
        lock = supervisor.hold(self.folder / "supervisor.lock")
        if lock is None:  # one runs
            return state or ServerState("starting", 0, 0)
        lock.close()
        if state is not None and state.state == "failed":
            age = time.time() - (self.folder / "state.json").stat().st_mtime
            if age < _FAILED_RECENTLY:
                return state
        elif state is not None:  # its supervisor was killed
            supervisor.end_group(state.group)
        return self._spawn()

    def _spawn(self) -> ServerState:
        for name in ("state.json", "server.log"):
            (self.folder / name).unlink(missing_ok=True)
        config = Config(
            self._command,
            _free_port(),
            self._env,
            start_timeout=self._start_timeout,
            linger=self._linger,
        )
        supervisor.write_json(self.folder / "config.json", config)
        with (self.folder / "supervisor.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, str(Path(supervisor.__file__)), str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _SUPERVISORS.append(process)
        while (state := read_state(self.folder)) is None:
            if process.poll() is not None:
                log_end = (
                    (self.folder / "supervisor.log").read_text(errors="replace")[-500:].strip()
                )
                return ServerState("failed", 0, 0, f"the supervisor ended at once: {log_end}")
            time.sleep(0.02)
        return state


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---------------------------------------------------------------- heartbeats of this process

_LOCK = threading.Lock()
_JOINED: dict[Path, Path] = {}  # folder of a server -> this process's file there
_SUPERVISORS: list[subprocess.Popen[bytes]] = []  # kept, so that Python reaps them
_BEATING: list[threading.Thread] = []


def _start_heartbeat() -> None:
    """Touch this process's files from now on."""
    if not _BEATING:
        _BEATING.append(threading.Thread(target=_touch_forever, name="heartbeat", daemon=True))
        _BEATING[0].start()


def _touch_forever() -> None:
    while True:
        time.sleep(HEARTBEAT)
        with _LOCK:
            for file in _JOINED.values():
                with contextlib.suppress(OSError):
                    file.touch()


@atexit.register
def leave() -> None:
    """This process is no client any more; servers without clients end soon. Called at its exit."""
    with _LOCK:
        while _JOINED:
            _, file = _JOINED.popitem()
            file.unlink(missing_ok=True)
