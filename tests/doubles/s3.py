"""An S3 server of our own: moto in a process, on a free port of this machine."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import IO, Any

import boto3

BUCKET = "runs"


class S3Server:
    """Where the server is, as Beam's flags say it, and a client of our own."""

    def __init__(self, url: str) -> None:
        self.flags = (
            f"--s3_endpoint_url={url}",
            "--s3_access_key_id=test",
            "--s3_secret_access_key=test",
            "--s3_region_name=us-east-1",
        )
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name="us-east-1",
        )

    def keys(self) -> set[str]:
        """The keys of all objects."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {item["Key"] for page in pages for item in page.get("Contents", ())}


@contextlib.contextmanager
def s3_server() -> Iterator[S3Server]:
    """Start the server with an empty bucket; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (
        tempfile.TemporaryFile("w+") as log,  # a pipe that nobody reads would block the server
        subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            _wait(process, port, log)
            server = S3Server(f"http://127.0.0.1:{port}")
            server.client.create_bucket(Bucket=BUCKET)
            yield server
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int, log: IO[str]) -> None:
    deadline = time.monotonic() + 60
    while True:
        if process.poll() is not None:
            log.seek(0)
            raise RuntimeError(f"the S3 server did not start: {log.read()[-2000:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if time.monotonic() > deadline:
            raise TimeoutError("the S3 server does not answer")
        time.sleep(0.05)
