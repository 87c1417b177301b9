"""A publisher of rates on a socket of this machine: it answers each path with what a test gave it, word for word."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(slots=True)
class PublisherHere:
    """`says`: by path, the answers in turn, the last for good; a status or a body. `asked`: path and query of each."""

    says: dict[str, list[int | str]]
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Its address, while it is there."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        server = TestServer(app)
        await server.start_server()
        try:
            yield str(server.make_url("/")).rstrip("/")
        finally:
            await server.close()

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        self.headers.append(dict(request.headers))
        answers = self.says.get(request.path, [404])
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(said, int):
            return web.Response(status=said, text="no")
        return web.Response(text=said, content_type="application/json")
