"""The notifier port: tells the owner. It can never block or fail trading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from karb_core.domain.decisions import SeenValue
from karb_core.ports.account import Secrets
from karb_core.ports.clock import Clock

# karb: constant because so many letters of a run's id tell two runs apart for people
_SHORT = 4
#: What no desk wrote is numbered from here on, so that it never has a number of the desk's.
BESIDE = 1_000_000_000  # karb: constant because no run writes so many rows


class NoticeKind(StrEnum):
    """In the order in which they are told where several wait: the first stops money from being lost.

    leg: one leg stood alone, and was brought back or filled up. reminder: a rule of the strategy says to tell the owner;
    rules: the file of a running desk changed; both are told whatever a channel's `tell:` names. errors: a venue failed so
    many times in a row. silence: a leg has had no price for so long. balance: less is free at a venue than the owner's
    line. liquidation: a position is near it. keys: a venue's key ends soon. over: what one of these told is over.
    """

    HALT = "halt"
    LEG = "leg"
    LIQUIDATION = "liquidation"
    ERRORS = "errors"
    SILENCE = "silence"
    BALANCE = "balance"
    KEYS = "keys"
    EXIT = "exit"
    ENTRY = "entry"
    REMINDER = "reminder"
    RULES = "rules"
    OVER = "over"
    REFUSAL = "refusal"
    SUMMARY = "summary"
    HEARTBEAT = "heartbeat"

    @property
    def rank(self) -> int:
        """0 is told first."""
        return list(NoticeKind).index(self)

    def told_by(self, tell: Collection[str]) -> bool:
        """Whether a channel that tells these kinds tells this one. Every notifier asks here."""
        return self in (NoticeKind.REMINDER, NoticeKind.RULES) or self.value in tell


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing told. `facts` are what a template needs, by name, exact.

    number: `RUN-N`, the same whenever it is told; no such where no ledger has it. again: whether it was sent before and no
    answer came, so that it may have arrived. strategy: the file's name, empty where nobody said.
    """

    kind: NoticeKind
    at_ns: int
    pair: str
    mode: str
    facts: Mapping[str, SeenValue]
    number: str = ""
    again: bool = False
    strategy: str = ""

    @property
    def kept(self) -> bool:
        """Whether a ledger has it."""
        return "-" in self.number

    @property
    def short(self) -> str:
        """The number for people: the beginning of the run's id, and which of its rows it is."""
        run, _, ordinal = self.number.rpartition("-")
        if not run:
            return ordinal
        beside = int(ordinal) >= BESIDE
        return f"{run[:_SHORT]}-{f'w{int(ordinal) - BESIDE}' if beside else ordinal}"


class NotTold(Exception):
    """Proven: nothing was told. pause_s: for how long the channel asks to be left in peace, None for nothing said."""

    def __init__(self, why: str, pause_s: float | None = None) -> None:
        super().__init__(why)
        self.pause_s = pause_s


class NeverTold(Exception):
    """The channel says that it will never take this notice: it is not tried again, and the owner hears of it elsewhere."""


class Notifier(Protocol):
    """notify: returns when it was told. It is called by one task, one notice after the other.

    Errors: `NotTold` and `NeverTold` where that is proven; whatever else it raises, the notice may have arrived and is
    told again, marked as such.
    """

    async def notify(self, notice: Notice) -> None: ...


@runtime_checkable
class Chooses(Protocol):
    """A channel that does not tell everything. tells: asked before a notice is kept for it."""

    def tells(self, notice: Notice) -> bool: ...


@runtime_checkable
class Paces(Protocol):
    """A channel that knows its service's limits. free_in_s: in how many seconds it may be told something; it is asked
    before each notice, and not told earlier.
    """

    def free_in_s(self) -> float: ...


class Channel(Notifier, Protocol):
    """A notifier that is connected to the outside. close: gives connections back."""

    async def close(self) -> None: ...


@runtime_checkable
class OpensChannel(Protocol):
    """A notifier that reaches the outside: a backtest never tells by it.

    open_channel: sends nothing yet. Errors: `SecretUnset`; `StrategyInvalid` for a secret that cannot be one of this channel,
    without a part of it in the text.
    """

    def open_channel(self, secrets: Secrets, clock: Clock) -> Channel: ...
