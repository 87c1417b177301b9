"""Questions to a venue's public REST over HTTP. Imported when something is asked, never to look at a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from karb_core.connection.over_http import OverHttp
from karb_core.connection.questions import Manner, Questions
from karb_core.connection.request import Answer, Request

_ANSWER_S = 5.0  # karb: constant because it bounds a question that is asked again


@asynccontextmanager
async def questions_to(
    address: str, manner: Manner, headers: Sequence[tuple[str, str]] = ()
) -> AsyncIterator[Questions]:
    """No key is sent, for what is asked is public; and no `Origin`, for some venues allow such requests but seldom."""
    transport = OverHttp(address, _ANSWER_S)

    async def get(target: str) -> Answer:
        return await transport(Request("GET", target, headers=dict(headers)))

    try:
        yield Questions(get, manner)
    finally:
        await transport.close()
