"""One request as it goes over the wire, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Protocol

from karb_core.domain.instant import to_ns


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is path and query, percent-encoded as they are sent. Headers carry tokens, so they are never shown."""

    method: str
    target: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a venue said: names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def at_ns(self) -> int | None:
        """The venue's own time as its `Date` tells it, in whole seconds, rounded down; None where it tells none."""
        try:
            return to_ns(parsedate_to_datetime(self.headers["date"]))
        except (KeyError, ValueError):
            return None


class Transport(Protocol):
    """Sends a request once and never again, whatever breaks on its way.

    Errors: `NothingSent` where it is proven that no byte of it left; `NoAnswer` for anything else that is no answer.
    """

    async def __call__(self, request: Request) -> Answer: ...
    async def close(self) -> None: ...
