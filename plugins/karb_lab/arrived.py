"""A request that reached a local venue, whatever became of it: what was sent twice is seen here, though it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Arrived:
    """`asked`: its query and its body as they came, without the headers, in which keys stand."""

    at_ns: int
    method: str
    path: str
    asked: str

    @classmethod
    def of(cls, request: web.Request, body: str, at_ns: int) -> Arrived:
        return cls(at_ns, request.method, request.path, f"{request.rel_url.raw_query_string}{body}")
