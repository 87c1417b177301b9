"""Ends tasks, and waits until they are over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any


async def ended(tasks: Sequence[asyncio.Future[Any]]) -> None:
    """Whatever they end with: who asks for their end wants nothing else of them."""
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
