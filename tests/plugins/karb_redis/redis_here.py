"""A real redis-server on this machine, for as long as a test wants it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_MOST_S = 30


@dataclass
class RedisHere:
    """`port` stays its own over `ended` and `begun`, as a server that is started anew."""

    program: str
    folder: Path
    port: int
    more: tuple[str, ...] = ()
    made: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def begun(self) -> None:
        told = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *self.more]
        self.made = subprocess.Popen([self.program, *told], cwd=self.folder, stdout=subprocess.DEVNULL)
        until = time.monotonic() + _MOST_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.made.poll() is None, "redis-server ended"
                assert time.monotonic() < until, "redis-server never answered"
                time.sleep(0.05)

    def ended(self) -> None:
        if self.made is not None:
            self.made.kill()
            self.made.wait()


@contextmanager
def redis_here(folder: Path, *more: str) -> Iterator[RedisHere]:
    """Where none is installed the test is skipped, and says so."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server is installed here: apt-get install redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = RedisHere(program, folder, port, more)
    here.begun()
    try:
        yield here
    finally:
        here.ended()
