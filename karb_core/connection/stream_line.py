"""One open connection that messages come over, whatever carries it: a socket, or memory in a test."""

from __future__ import annotations

from typing import Protocol


class LineBroke(Exception):
    """The connection could not be made, or is gone. What was said on it may not have arrived."""


class Line(Protocol):
    """receive: the next message, whole, as bytes. Errors: `LineBroke` from `send` and `receive`.

    ended: it is of no use any more; nothing is waited for. It may be told more than once.
    """

    async def send(self, text: str) -> None: ...
    async def receive(self) -> bytes: ...
    async def end(self) -> None: ...


class OpensLine(Protocol):
    """Errors: `LineBroke` where the venue cannot be reached."""

    async def __call__(self) -> Line: ...
