"""How a request fares at a local venue: carried out as it should be, or as a fault says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from karb_lab.faults import Fault, Faults, Kind

_MS = 1000
#: Faults that keep a request from being carried out; the first that is for it counts.
_INSTEAD: tuple[Kind, ...] = ("banned", "too_many", "server_error", "reject")

Answer = Callable[[], web.Response]
Broken = Callable[[Fault], web.Response]


async def troubled(request: web.Request, faults: Faults, answer: Answer, broken: Broken) -> web.Response:
    """The answer, or what a fault makes of it. `broken`: a fault in the venue's own words.

    Edge: a lost answer's request has been carried out when its connection is cut, a lost request's has not.
    """
    method, path = request.method, request.path
    if faults.take("lost_request", method, path) is not None:
        return _unheard(request)
    if faults.stands("maintenance"):
        return broken(Fault("maintenance"))
    for kind in _INSTEAD:
        fault = faults.take(kind, method, path)
        if fault is not None:
            return broken(fault)
    response = answer()
    slow = faults.take("latency", method, path)
    if slow is not None:
        await asyncio.sleep(slow.ms / _MS)
    if faults.take("lost_answer", method, path) is not None:
        return _unheard(request)
    if faults.take("cut_answer", method, path) is not None and response.text is not None:
        response.text = response.text[: len(response.text) // 2]
    return response


def _unheard(request: web.Request) -> web.Response:
    """Nobody hears it: the connection is cut before."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
