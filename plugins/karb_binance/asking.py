"""GETs over HTTP, for `Questions`. Imported when something is asked, never to look at a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from karb_binance.questions import Answered, Gets, Unasked
from karb_core.connection.failures import Unanswered
from karb_core.connection.over_http import OverHttp
from karb_core.connection.request import Request

_ANSWER_S = 5.0  # karb: constant because it bounds a question that is asked again


@asynccontextmanager
async def gets_from(address: str) -> AsyncIterator[Gets]:
    """No key is sent: what is asked is public."""
    transport = OverHttp(address, _ANSWER_S)

    async def get(target: str) -> Answered:
        try:
            answer = await transport(Request("GET", target))
        except Unanswered as e:
            raise Unasked(e.why) from e
        return Answered(answer.status, answer.headers, answer.body)

    try:
        yield get
    finally:
        await transport.close()
