"""A small process that owns one model server of this host: starts it, restarts it, ends it.

    python -m beam_synth.engines.supervisor FOLDER

FOLDER holds `config.json` (Config), `state.json` (ServerState), `server.log`, `supervisor.lock`
(held while the supervisor lives) and `clients/<pid>-<id>`, each touched by its client every few
seconds. The server and all its children are one process group, which ends when no client was there
for `linger` seconds, when the supervisor is told to end, and, by the kernel, when it is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Literal

import orjson

from beam_synth.ending import in_one_line
from beam_synth.errors import Refused

HEARTBEAT = 5.0  # seconds between two touches of a client's file
_SILENT = 30.0  # seconds after which a client that does not touch its file is gone
_POLL = 0.25
_GRACE = 10.0  # seconds between SIGTERM and SIGKILL
_STABLE = 600.0  # seconds of health after which earlier restarts are forgotten
_TAIL = 4000  # characters of the log that are shown
_PR_SET_PDEATHSIG = 1
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback needs no proxy


@dataclasses.dataclass(frozen=True)
class Config:
    """What to run: `command` with {port} in it is the server's command line."""

    command: tuple[str, ...]
    port: int  # on loopback
    env: dict[str, str]  # on top of the supervisor's own
    health: str = "/health"  # path that answers 200 when the server is ready
    start_timeout: float = 900.0  # seconds until the server answers
    restarts: int = 3  # of a server that had been healthy
    linger: float = 30.0  # seconds without a client


@dataclasses.dataclass(frozen=True)
class ServerState:
    """What clients are told."""

    state: Literal["starting", "ready", "failed"]
    port: int
    group: int  # process group of the server
    detail: str = ""  # why it failed, with the end of its log


def read_state(folder: Path) -> ServerState | None:
    """The last state that the folder's supervisor wrote; None where there is none yet."""
    try:
        return ServerState(**orjson.loads((folder / "state.json").read_bytes()))
    except (OSError, orjson.JSONDecodeError, TypeError):
        return None


def write_json(path: Path, data: object) -> None:
    """Write a JSON file that appears whole: readers see the old one or the new one."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(orjson.dumps(data))
    temporary.replace(path)


def hold(path: Path) -> IO[str] | None:
    """An open handle that holds the lock of a file; None where another process does.

    The lock ends with the handle, so at the latest with the process (flock).
    """
    handle = path.open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def end_group(group: int) -> None:
    """End a process group: asked first, killed after 10 s. Returns when none of it is left.

    A group that is gone already is no error.
    """
    for signum, patience in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, _GRACE)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signum)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not _alive(group):
                return
            time.sleep(0.05)


def _alive(group: int) -> bool:
    """Whether a process of the group runs; zombies do not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            return True
    return False


class Supervisor:
    """Keeps the server of a folder running for its clients.

    One that ends is started again, `restarts` times in a row at most; one that never became healthy
    is not.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._config = Config(**orjson.loads((folder / "config.json").read_bytes()))
        self._server: subprocess.Popen[bytes] | None = None
        self._ending = False
        self._seen = time.time()  # when a client was last there

    def run(self) -> None:
        """Until the last client is gone, a signal asks for the end, or the server keeps failing.

        Only the last leaves a state behind, "failed", for clients that come later.
        """
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        failures = 0
        try:
            while not self._ending:
                started = time.monotonic()
                if not self._start():
                    return
                ready = time.monotonic()
                self._write_state("ready")
                self._watch()
                if self._ending:
                    return
                failures = 1 if time.monotonic() - ready > _STABLE else failures + 1
                if failures > self._config.restarts:
                    self._fail(f"the server ended {failures} times, the last one after ", started)
                    return
                self._end_server()
        finally:
            self._end_server()
            if not self._failed():
                (self._folder / "state.json").unlink(missing_ok=True)

    def _on_signal(self, signum: int, frame: object) -> None:
        self._ending = True

    def _start(self) -> bool:
        """Start the server and wait until it is healthy."""
        config = self._config
        command = [part.format(port=config.port) for part in config.command]
        started = time.monotonic()
        with (self._folder / "server.log").open("ab") as log:
            try:
                self._server = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **config.env},
                    start_new_session=True,
                    preexec_fn=_end_with_parent,
                )
            except OSError as error:
                self._write_state("failed", f"{command[0]} cannot be started: {error.strerror}")
                return False
        self._write_state("starting")
        while not self._ending:
            status = self._server.poll()
            if status is not None:
                self._fail(f"the server ended with status {status} after ", started)
                return False
            if self._healthy():
                return True
            if time.monotonic() - started > config.start_timeout:
                self._fail("the server did not become healthy within ", started)
                return False
            self._look_for_clients()
            time.sleep(_POLL)
        return False

    def _watch(self) -> None:
        """Until the server ends or the last client is gone."""
        server = self._server
        while server is not None and server.poll() is None and not self._ending:
            self._look_for_clients()
            time.sleep(_POLL)

    def _healthy(self) -> bool:
        url = f"http://127.0.0.1:{self._config.port}{self._config.health}"
        try:
            with _DIRECT.open(url, timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError, ValueError):
            return False

    def _look_for_clients(self) -> None:
        now = time.time()
        for client in (self._folder / "clients").iterdir():
            with contextlib.suppress(OSError):
                gone = now - client.stat().st_mtime > _SILENT
                if gone or not Path(f"/proc/{client.name.partition('-')[0]}").exists():
                    client.unlink()
                else:
                    self._seen = now
        if now - self._seen > self._config.linger:
            self._ending = True

    def _end_server(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            end_group(server.pid)
            server.wait()

    def _write_state(self, state: Literal["starting", "ready", "failed"], detail: str = "") -> None:
        group = self._server.pid if self._server is not None else 0
        written = ServerState(state, self._config.port, group, detail)
        write_json(self._folder / "state.json", dataclasses.asdict(written))

    def _failed(self) -> bool:
        last = read_state(self._folder)
        return last is not None and last.state == "failed"

    def _fail(self, what: str, started: float) -> None:
        self._end_server()
        seconds = time.monotonic() - started
        detail = f"{what}{seconds:.0f} s; the end of its log:\n{tail(self._folder)}"
        self._write_state("failed", detail)


def tail(folder: Path) -> str:
    """The end of the server's log, at most 4,000 characters; "(no log)" where there is none."""
    try:
        data = (folder / "server.log").read_bytes()[-4 * _TAIL :]
    except OSError:
        return "(no log)"
    return data.decode("utf-8", "replace")[-_TAIL:].strip()


def _end_with_parent() -> None:
    """In the server, before it starts: the kernel ends it when the supervisor is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> int:
    """Supervise the folder that the command line names, unless another process does; returns 0."""
    if len(sys.argv) != 2:
        raise Refused("usage: python -m beam_synth.engines.supervisor FOLDER")
    folder = Path(sys.argv[1])
    lock = hold(folder / "supervisor.lock")
    if lock is None:
        return 0
    with lock:
        Supervisor(folder).run()
    return 0


if __name__ == "__main__":
    sys.exit(in_one_line(main))
