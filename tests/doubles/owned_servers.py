"""The end of the model servers that engines started in a test."""

from __future__ import annotations

from pathlib import Path

from beam_synth.engines import servers, supervisor
from beam_synth.engines.supervisor import read_state
from tests.doubles.processes import PATIENCE


def end_servers(place: Path) -> None:
    """End the servers whose files lie in a folder."""
    for folder in place.glob("beam-synth-*/*"):
        state = read_state(folder)
        if state is not None and state.group:
            supervisor.end_group(state.group)


def leave_servers(place: Path) -> None:
    """Let this process be no client any more, end the servers and what watches over them."""
    servers.leave()
    end_servers(place)
    while servers._SUPERVISORS:
        process = servers._SUPERVISORS.pop()
        process.terminate()
        process.wait(PATIENCE)
