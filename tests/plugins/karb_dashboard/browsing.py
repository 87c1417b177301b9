"""A house on paper as a process of its own, shown at an address, and somebody who asks there."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.house.process import Karb, write
from tests.house.stage import install
from tests.plugin.site import Site
from tests.wiring.tiny import Edit

WARM = "bars that the signal looks back on are there"
_WAIT_S = 30
#: A whole file of tests asks one house.
_MOST_S = 300


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Shown:
    """`karb`: the process; its lines are read until it is warm."""

    folder: Path
    karb: Karb
    port: int

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def serve(self) -> Path:
        return self.folder / "karb-home" / "serve"

    @property
    def token(self) -> str:
        return (self.serve / "token").read_text("utf-8").strip()

    @property
    def word(self) -> str:
        return (self.serve / "word").read_text("utf-8").strip()

    def moved(self, how: str) -> None:
        (self.folder / "market.txt").write_text(how, "utf-8")

    def asked(self, method: str, path: str, body: object = None, *, token: str | None = None, **headers: str) -> Answer:
        """`token`: another than the owner's; an empty one for none. `headers` with `_` where `-` is meant."""
        given = self.token if token is None else token
        sent = {"Authorization": f"Bearer {given}"} if given else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body)
        if data is not None:
            sent["Content-Type"] = "application/json"
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_WAIT_S)
        try:
            line.request(method, path, data, sent)
            came = line.getresponse()
            return Answer(came.status, {k.lower(): v for k, v in came.getheaders()}, came.read().decode())
        finally:
            line.close()

    def got(self, path: str) -> Any:
        answer = self.asked("GET", path)
        assert answer.status == 200, (path, answer)
        return answer.json

    def waited(self, path: str, there: Callable[[Any], bool]) -> Any:
        """The first answer of which that is so; the server looks again in a second at the most."""
        until = time.monotonic() + _WAIT_S
        while not there(told := self.got(path)):
            assert time.monotonic() < until, told
            time.sleep(0.05)
        return told

    @contextmanager
    def stream(self, **more: Any) -> Iterator[ClientConnection]:
        head = {"Authorization": f"Bearer {self.token}"}
        with connect(f"ws://127.0.0.1:{self.port}/ws", additional_headers=head, proxy=None, **more) as line:
            yield line


def heard(line: ClientConnection, kind: str, *, snapshot: bool = False) -> Any:
    """The next message of that type."""
    while True:
        message = json.loads(line.recv(timeout=_WAIT_S))
        if message["type"] == kind and message["snapshot"] is snapshot:
            return message


@contextmanager
def shown(folder: Path, *edits: Edit, settings: str | None = None, lang: str = "en") -> Iterator[Shown]:
    """In a folder that is empty."""
    (folder / "site").mkdir()
    install(Site(folder / "site"))
    (folder / "market.txt").write_text("calm", "utf-8")
    if settings is not None:
        (folder / "karb-home" / "serve").mkdir(parents=True)
        (folder / "karb-home" / "serve" / "settings.yaml").write_text(settings, "utf-8")
    with Karb(folder, write(folder, *edits), "--serve", "127.0.0.1:0", most_s=_MOST_S) as karb:
        where = re.search(r"127\.0\.0\.1:(\d+)/dashboard", karb.heard("shown at"))
        assert where is not None
        karb.heard(WARM)
        yield Shown(folder, karb, int(where[1]))
