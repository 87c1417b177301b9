"""GETs over aiohttp, for `Questions`. Imported when something is asked, never to look at a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from karb_upbit.questions import Answered, Gets, Unasked

_ANSWER_S = 10.0  # karb: constant because it bounds a question that is asked again


@asynccontextmanager
async def gets_from(address: str) -> AsyncIterator[Gets]:
    """No `Origin` is sent: Upbit allows such requests once in ten seconds."""
    timeout = aiohttp.ClientTimeout(total=_ANSWER_S)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout) as session:

        async def get(target: str) -> Answered:
            try:
                async with session.get(f"{address}{target}", allow_redirects=False) as response:
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    return Answered(response.status, headers, await response.read())
            except (aiohttp.ClientError, OSError, TimeoutError) as e:
                raise Unasked(f"{type(e).__name__}: {e}") from e

        yield get
