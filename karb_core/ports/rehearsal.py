"""A rehearsal: a strategy carried out by the whole desk, in virtual time, in a market that somebody puts on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cited, Decision
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import FxRate, MarketEvent
from karb_core.ports.notifier import Notice
from karb_core.venue.conditions import Conditions
from karb_core.venue.forced import Forced


@dataclass(frozen=True, slots=True)
class SeatRate:
    """A rate for one seat of the file's `fx_source` (`premium`, `money`)."""

    seat: str
    rate: FxRate


@dataclass(frozen=True, slots=True)
class ForcedClose:
    """The venue closes that part (a ratio) of what is open, at its last mark."""

    why: Forced
    instrument: Instrument
    part: Decimal


Happening = MarketEvent | SeatRate | ForcedClose


@dataclass(frozen=True, slots=True)
class Setting:
    """What a market that is put on goes on from.

    pairs: the legs of each, in the file's order; bars_ns: how long the bars are that the signal judges; opens_ns: where
    the data end, a whole such bar; last: by instrument its last close; rates: by seat the last that was known.
    """

    pairs: Mapping[str, tuple[Instrument, ...]]
    bars_ns: int
    facts: Mapping[Instrument, InstrumentFacts]
    opens_ns: int
    last: Mapping[Instrument, Decimal]
    rates: Mapping[str, FxRate]


@dataclass(frozen=True, slots=True)
class Watched:
    """What whoever puts the market on may see of the desk. at_work: something is being judged or carried out."""

    open_lots: int
    at_work: bool
    entered: int
    left: int
    halted: Halt


class Play(Protocol):
    """The market of a rehearsal, from `opens_ns` on; before that lies what the dataset has, which warms the desk up.

    Unit: ns of UTC. next_ns: when something happens next, None when it is over; it may depend on what it was shown.
    happen: what does at exactly that time, in order: a bar comes at its close, after the tops of that time.
    conditions: of one venue and the way to it.
    """

    @property
    def opens_ns(self) -> int: ...
    def next_ns(self, after_ns: int, watched: Watched) -> int | None: ...
    def happen(self, at_ns: int, watched: Watched) -> Iterable[Happening]: ...
    def conditions(self, venue: str, at_ns: int) -> Conditions: ...


@dataclass(frozen=True, slots=True)
class Uneven:
    """The worst that one pair stood uneven while it should not, by the venues' own books.

    base: the most that one leg had beyond the other; lasted_ns: the longest stretch that any of it lasted; worth: that
    most at the last prices, in the asset of the capital, None while no rate was known.
    """

    pair: str
    base: Amount
    lasted_ns: int
    worth: Amount | None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of it. decisions: as they were written, in order; notices: everything that would have been told.

    uneven: by pair that ever was; left_open: by instrument, what the venues show at the end beyond what the account
    opened with, signed base; booked: what karb's books say is open, likewise; result: what all trades, fees and
    funding came to, open positions at the last prices, in the asset of the capital, None where no rate is known.
    halts: by reason, what was still latched at the end; climbed: the rungs of the owner's ladder that sent orders, and
    how many each; orders, fills: how many.
    """

    decisions: tuple[Decision, ...]
    notices: tuple[Notice, ...]
    uneven: tuple[Uneven, ...]
    left_open: Mapping[Instrument, Decimal]
    booked: Mapping[Instrument, Decimal]
    result: Amount | None
    halts: Mapping[str, Halt]
    climbed: Mapping[Cited, int]
    orders: int
    fills: int
    began_ns: int
    ended_ns: int
