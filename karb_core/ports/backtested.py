"""What came of carrying a strategy out over data, as frozen values that a command of a plugin may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cited
from karb_core.domain.lots import Lot
from karb_core.domain.parts import Parts
from karb_core.domain.trade import Trade
from karb_core.ports.signal import PairSeries

#: A pair by its name, and a tier of it; None for a signal without tiers.
Tier = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a strategy is carried out over, as a person writes it: a dataset's file, its first day and the day after its
    last (`2024-01-31`, UTC), a ledger's file or URL. None: the file's own data, all of it, the usual ledger."""

    data: str | None = None
    since: str | None = None
    until: str | None = None
    ledger: str | None = None
    every_row: bool = False


@dataclass(frozen=True, slots=True)
class DayEnd:
    """How a run stood when a day of Korea ended, or the run did: everything since it began.

    by: by pair and tier what it came to, open lots as if they left at the last prices, and in `rate` also what the USDT
    that earlier lots left behind has changed since; beside: what the books hold that is no lot's, zero but where a venue
    forced a close beyond the lots; exposed: by pair and tier, the first legs that are open, at the last prices.
    """

    day: date
    at_ns: int
    by: Mapping[Tier, Parts]
    beside: Amount
    exposed: Mapping[Tier, Amount]

    @property
    def parts(self) -> Parts:
        """Of all pairs; what is no lot's stands in `other`. Their net is what equity changed since the run began."""
        book = self.beside.asset
        return Parts.total(self.by.values(), book) + replace(Parts.none(book), other=self.beside)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One episode of a refusal: by which of the owner's lines, from when to when, how often it was judged again."""

    pair: str
    tier: str | None
    side: str
    kind: str
    by: tuple[Cited, ...]
    first_at_ns: int
    last_at_ns: int
    times: int


@dataclass(frozen=True, slots=True)
class Lagging:
    """A plan that did not fill whole at its first try. again: orders beyond the first of each leg; back: what was
    traded back; cost: what all its fills cost beyond the plan's prices, in the book asset at the money rate of the
    decision, fees apart, below zero where they were better.
    """

    pair: str
    tier: str | None
    side: str
    at_ns: int
    again: int
    back: tuple[Amount, ...]
    cost: Amount


@dataclass(frozen=True, slots=True)
class Backtested:
    """One run over data. Times in ns of UTC; money in the asset of the capital.

    trades: in the order in which they ended; open_lots: what it ended with; days: one for each day of Korea that the
    run touched, in order; worst_loss: in points of premium, None without a lot; lagging: plans of which a leg lagged;
    judged: by lot, the premium by which its entry was decided; series: by pair, what the signal was given; plans: how
    many were carried out; synthetic: the data are made up.
    """

    strategy: str
    run: str
    ledger: str
    data: str
    synthetic: bool
    digests: Mapping[str, str]
    capital: Amount
    began_ns: int
    ended_ns: int
    trades: tuple[Trade, ...]
    open_lots: tuple[Lot, ...]
    days: tuple[DayEnd, ...]
    refusals: tuple[Refusal, ...]
    lagging: tuple[Lagging, ...]
    plans: int
    worst_loss: Decimal | None
    series: Mapping[str, PairSeries]
    judged: Mapping[str, Decimal]
