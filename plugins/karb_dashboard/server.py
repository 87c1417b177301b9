"""The server: its address, its loop, its end. It is imported when a command line asks for it, its libraries when it opens."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from karb_core.errors import PluginUnusable, UsageMistake
from karb_core.ports import App, ServedHouse
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_dashboard.settings import ServeSettings

_BACKLOG = 128  # karb: constant because it bounds how many callers wait to be let in
_AT_ONCE = 200  # karb: constant because it bounds memory
_IDLE_S = 15  # karb: constant because it says how long a connection is kept that asks nothing
_END_S = 1  # karb: constant because it bounds how long an end waits for whoever is still read to
_LOOK_S = 0.1  # karb: constant because it says how soon an end is heard
_LAST_PORT = 65535  # karb: constant because addresses have no higher one


class Dashboard:
    """`Server`."""

    def open(self, app: App, at: str, folder: Path, house: ServedHouse) -> Open:
        """Errors: UsageMistake for an address that cannot be had, and for files of the folder that cannot be used;
        PluginUnusable where the extra is not installed.
        """
        _need_libraries()
        from karb_dashboard.access import Access
        from karb_dashboard.settings import ServeSettings

        access = Access.of(folder)
        file = folder / "settings.yaml"
        settings = app.read(str(file), ServeSettings) if file.exists() else ServeSettings()
        host, port = _address(at)
        return Open(house, access, settings, _bound(host, port), host)


@dataclass(slots=True)
class Open:
    """`Serving`: bound to its address, and serving nothing until `run`."""

    house: ServedHouse
    access: Any
    settings: ServeSettings
    bound: socket.socket
    host: str
    _server: Any = field(init=False, default=None)
    _ended: bool = field(init=False, default=False)

    @property
    def where(self) -> str:
        host, port = self.bound.getsockname()[:2]
        return (
            f"http://{f'[{host}]' if ':' in host else host}:{port}/dashboard  (token: {self.access.folder / 'token'})"
        )

    def run(self) -> None:
        try:
            if not self._ended:
                asyncio.run(self._serve())
        finally:
            self.bound.close()

    def end(self) -> None:
        self._ended = True
        if self._server is not None:
            self._server.should_exit = True

    async def _serve(self) -> None:
        import uvicorn

        from karb_dashboard.api import application
        from karb_dashboard.seen import Watching
        from karb_dashboard.stream import Stream

        stream = Stream(self.house)
        watching = Watching(self.house, self.settings.rows, stream.changed)
        hosts = frozenset({"localhost", "127.0.0.1", "::1", self.host.lower(), *map(str.lower, self.settings.hosts)})
        proxy = self.settings.behind_proxy is True
        config = uvicorn.Config(
            application(watching, self.access, self.settings, stream, hosts), log_config=None, access_log=False,
            lifespan="off", server_header=False, proxy_headers=proxy, forwarded_allow_ips="127.0.0.1" if proxy else "",
            limit_concurrency=_AT_ONCE, timeout_keep_alive=_IDLE_S, timeout_graceful_shutdown=_END_S,
            ws="websockets-sansio", ws_max_size=_AT_ONCE, backlog=_BACKLOG,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        beside = [
            asyncio.ensure_future(each) for each in (watching.run(), stream.beat(lambda: watching.seen), self._ends())
        ]
        serves = asyncio.ensure_future(self._server.serve(sockets=[self.bound]))
        done, _ = await asyncio.wait({serves, *beside}, return_when=asyncio.FIRST_COMPLETED)
        self._server.should_exit = True
        for each in beside:
            each.cancel()
        await asyncio.gather(serves, *beside, return_exceptions=True)
        for each in done:
            each.result()

    async def _ends(self) -> None:
        """An end that was asked for before there was anything to end."""
        while not self._ended:
            await asyncio.sleep(_LOOK_S)


def _need_libraries() -> None:
    try:
        import fastapi  # noqa: F401
        import pyotp  # noqa: F401
        import uvicorn  # noqa: F401
        import websockets  # noqa: F401
    except ImportError as e:
        raise PluginUnusable(
            Words(
                f"the server needs what is not installed: {e.name}", f"서버에 필요한 것이 설치되지 않았습니다: {e.name}"
            ),
            Words("install it: pip install 'karb[dashboard]'", "설치: pip install 'karb[dashboard]'"),
        ) from e


def _address(at: str) -> tuple[str, int]:
    """Shape: `127.0.0.1:8080`, `[::1]:8080`; a port alone is this machine's. Errors: UsageMistake for anything else."""
    host, _, port = at.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > _LAST_PORT:
        raise UsageMistake(
            Words(f"--serve {at}: that is no address", f"--serve {at}: 주소가 아닙니다"),
            Words("write it as 127.0.0.1:8080", "127.0.0.1:8080처럼 쓰세요"),
        )
    return host.strip("[]") or "127.0.0.1", int(port)


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, to = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, proto)
    except OSError as e:
        raise _not_had(host, port, e) from e
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(to)
        made.setblocking(False)
    except OSError as e:
        made.close()
        raise _not_had(host, port, e) from e
    return made


def _not_had(host: str, port: int, e: OSError) -> UsageMistake:
    why = e.strerror or str(e)
    return UsageMistake(
        Words(f"{host}:{port} cannot be served at: {why}", f"{host}:{port}에서 서버를 열 수 없습니다: {why}"),
        Words(
            "name another port with --serve, or end what has it",
            "--serve로 다른 포트를 쓰거나 그 포트를 쓰는 것을 끝내세요",
        ),
    )


dashboard = Dashboard()
