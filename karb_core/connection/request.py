"""One request as it goes over the wire, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


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


class Transport(Protocol):
    """Sends a request once and never again, whatever breaks on its way.

    Errors: `NothingSent` where it is proven that no byte of it left; `NoAnswer` for anything else that is no answer.
    """

    async def __call__(self, request: Request) -> Answer: ...
    async def close(self) -> None: ...
