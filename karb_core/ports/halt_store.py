"""The port of a place outside this machine where the owner of several hosts keeps one halt for all of them.

A store is an entry point in group `karb.halts`, named by the scheme of its addresses (`redis`), imported when a command
line names such an address.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from karb_core.ports.account import Secrets


class HaltStoreSilent(Exception):
    """The store could not be read or written. The text has no part of a secret."""


class HaltStore(Protocol):
    """One halt, in the words of the file `HALT`: `flatten: the venue is being robbed`.

    where: for people, without a secret. read: what stands there, at most the first thousand bytes; None for nothing.
    write: in the place of what stood there. remove: whether something stood there. close: gives connections back.
    Errors: read, write and remove raise `HaltStoreSilent`, each within a second.
    """

    @property
    def where(self) -> str: ...
    async def read(self) -> bytes | None: ...
    async def write(self, said: bytes) -> None: ...
    async def remove(self) -> bool: ...
    async def close(self) -> None: ...


@runtime_checkable
class OpensHaltStore(Protocol):
    """What an entry point of group `karb.halts` gives.

    open_halts: connects to nothing yet. Errors: UsageMistake for an address that is none, or has a secret in it.
    """

    def open_halts(self, address: str, secrets: Secrets) -> HaltStore: ...
