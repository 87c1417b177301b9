"""A question to an account, whose every failure means one thing to the desk: what was asked is not known now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from karb_core.connection.failures import Unanswered, VenueRejected
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.statement import VenueSilent

T = TypeVar("T")


async def stated(venue: str, asked: str, ask: Callable[[], Awaitable[T]]) -> T:
    """Errors: `VenueSilent`."""
    try:
        return await ask()
    except (Unanswered, VenueRejected, Unreadable) as e:
        raise VenueSilent(venue, asked, str(e)) from None
