"""One venue's door on this machine: it opens, closes, and can be made to crash and come back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from ssl import SSLContext
from weakref import WeakSet

from aiohttp import web

HOST = "127.0.0.1"
#: The streams that are open now; each wire adds its own.
SOCKETS: web.AppKey[WeakSet[web.WebSocketResponse]] = web.AppKey("sockets")


class Served:
    """An application at one address. `build` makes it anew after each crash; what it serves outlives it.

    `tls`: where clients insist on https. Edge: port 0 is any that is free, and the same one after a crash.
    """

    def __init__(self, build: Callable[[], web.Application], port: int = 0, tls: SSLContext | None = None) -> None:
        self._build = build
        self._tls = tls
        self._runner: web.AppRunner | None = None
        self.port = port

    @property
    def address(self) -> str:
        """Shape: `http://127.0.0.1:8080`."""
        return f"{'http' if self._tls is None else 'https'}://{HOST}:{self.port}"

    @property
    def is_up(self) -> bool:
        return self._runner is not None

    async def start(self) -> None:
        """Edge: one that is up stays as it is. Errors: OSError for a port that is taken."""
        if self._runner is not None:
            return
        application = self._build()
        application[SOCKETS] = WeakSet()
        # karb: constant because a crash waits for nobody: what it cuts off is cancelled, and 0 would be no limit at all
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1, handler_cancellation=True)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, self.port, ssl_context=self._tls)
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = runner.addresses[0][1]

    async def crash(self) -> None:
        """Every connection is cut without a word, and nobody can connect."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        for connection in runner.server.connections if runner.server is not None else ():
            if connection.transport is not None:
                connection.transport.abort()
        await runner.cleanup()

    async def close_streams(self) -> None:
        """Says goodbye to every stream, as a venue does before its maintenance; calls are answered on."""
        if self._runner is not None:
            sockets: WeakSet[web.WebSocketResponse] = self._runner.app[SOCKETS]
            await asyncio.gather(*(socket.close() for socket in tuple(sockets)))

    async def stop(self) -> None:
        await self.close_streams()
        await self.crash()
