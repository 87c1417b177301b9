"""Everything that a desk takes in from outside, one thing at a time: what came, and what was read on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from karb_core.domain import canonical
from karb_core.domain.approved import Approved
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Cautions, Depth, FundingRate, FxRate, Mark, Top, VenueClock, VenueStatus
from karb_core.domain.orders import Order
from karb_core.ledger.commands import Command

LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Work:
    """What another thread is to do: `by` is whose, None for anybody's."""

    by: Any
    done: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked outside, numbered in the order of asking.

    venue: or `ledger`, whose only verb is `durable`; about: an order, a venue's time from which on, or nothing.
    """

    number: int
    venue: str
    verb: str
    about: Approved[Order] | Order | int | Work | None = None

    @property
    def order(self) -> Order | None:
        about = self.about.item if isinstance(self.about, Approved) else self.about
        return about if isinstance(about, Order) else None

    def asked(self) -> str:
        """The question without its number. Shape: `upbit fills_since 1735689600000000000`."""
        about = self.order or self.about
        if about is None or isinstance(about, Work):
            return f"{self.venue} {self.verb}"
        return f"{self.venue} {self.verb} {canonical.to_json(about)}"


@dataclass(frozen=True, slots=True)
class Failed:
    """A question that came to an error instead of an answer."""

    error: Exception


@dataclass(frozen=True, slots=True)
class BarCame:
    bar: Bar


@dataclass(frozen=True, slots=True)
class RateCame:
    seat: str
    rate: FxRate


@dataclass(frozen=True, slots=True)
class Past:
    """What was before, told late: by seat the rates, oldest first."""

    bars: tuple[Bar, ...]
    rates: Mapping[str, Sequence[FxRate]]


@dataclass(frozen=True, slots=True)
class Began:
    """What was begun before a restart is to be finished."""


@dataclass(frozen=True, slots=True)
class Looked:
    """It is time to ask what happened at the venues."""


@dataclass(frozen=True, slots=True)
class Forgot:
    """It is time to let go of what can never be asked for again."""


@dataclass(frozen=True, slots=True)
class Broke:
    """Something in the house failed that must not: nothing new is entered until the owner saw why."""

    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """The owner's command, and what no resume undoes, by reason."""

    command: Command
    still: Mapping[str, Halt]


@dataclass(frozen=True, slots=True)
class Moved:
    """The market moved while legs wait for it."""


@dataclass(frozen=True, slots=True)
class Rang:
    """The time came for which somebody waited."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the question of this number came to: what its verb answers, or `Failed`."""

    number: int
    said: object


Input = BarCame | RateCame | Past | Began | Looked | Forgot | Broke | Told | Moved | Rang | Answered


@dataclass(frozen=True, slots=True)
class Saw:
    """What had changed in the market since it was looked at last. `gone`: whose book has an empty side now; `depths`: of
    desks that read them, where they did."""

    tops: tuple[Top, ...] = ()
    gone: tuple[Instrument, ...] = ()
    marks: tuple[Mark, ...] = ()
    funding: tuple[FundingRate, ...] = ()
    status: tuple[VenueStatus, ...] = ()
    depths: tuple[Depth, ...] = ()
    clocks: tuple[VenueClock, ...] = ()
    cautions: tuple[Cautions, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One input, when it was taken by our clock, and what was read and asked while it was dealt with.

    saw: None where nobody looked at the market. halt: how much is stopped from elsewhere, judges: whether anything new
    may be judged, ours: whether nobody else can have the account; None where nobody asked.
    """

    at_ns: int
    what: Input
    saw: Saw | None = None
    halt: Halt | None = None
    judges: bool | None = None
    ours: bool | None = None
    asked: tuple[Question, ...] = ()
