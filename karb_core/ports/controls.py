"""What the owner can do and ask from elsewhere, and how a channel that hears the owner hands it on.

Whatever is told goes the way of `karb halt`: into the ledger's commands, taken by the desk, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from karb_core.domain.halt import Halt

#: What can be asked: how it stands, what is open, the premiums of now, what closed lots came to, the last decisions.
Topic = Literal["status", "position", "kimp", "pnl", "why"]


@dataclass(frozen=True, slots=True)
class Steered:
    """What became of an order. strategies: all it was told to; taken: those that had done it when nobody waited any more;
    stays: after a resume, each reason that still stops something.
    """

    strategies: tuple[str, ...]
    taken: tuple[str, ...]
    stays: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return set(self.strategies) == set(self.taken)


class Controls(Protocol):
    """One house's. lang: `ko` or `en`.

    halt, resume: `told_id` names what was told, at its own source: told again, it changes nothing. Errors:
    `LedgerUnusable` where it could not be written down. about: an answer to be read, in lines. Errors: the same.
    acknowledge: of the alerts that stand, so that none is told to channels that escalate; how many they are.
    now_ns: of the house's clock.
    """

    async def halt(self, strength: Halt, because: str, author: str, told_id: str) -> Steered: ...
    async def resume(self, because: str, author: str, told_id: str) -> Steered: ...
    def acknowledge(self) -> int: ...
    async def about(self, topic: Topic, lang: str) -> str: ...
    def now_ns(self) -> int: ...


@runtime_checkable
class Listens(Protocol):
    """A channel that hears the owner.

    listens_as: whom it listens to, never a secret's value: of several in one house that say the same, one listens.
    listen: until it is cancelled. Whatever it raises is said, and it is begun again; it can never block or fail trading.
    """

    def listens_as(self) -> str: ...
    async def listen(self, controls: Controls) -> None: ...
