"""What a decision may look at: the market as of one moment, and what the strategy may use and holds."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple, Self

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Plan
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.lots import Lot
from karb_core.domain.market import Cautions, Depth, FundingRate, FxRate, Mark, Top, VenueClock, VenueStatus


class Stood(NamedTuple):
    """Since when an instrument stood at a price: half way between bid and ask, over bars the last close."""

    since_ns: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class PastBar:
    """One closed bar of a pair. By leg, in the pair's order: its close, and its volume in base, both None where the leg has
    no bar. premium: a ratio, at the `premium` rate known at the close; None where something lacks to it.
    """

    closed_at_ns: int
    closes: tuple[Decimal | None, ...]
    volumes: tuple[Decimal | None, ...]
    premium: Decimal | None


@dataclass(frozen=True, slots=True)
class MarketView:
    """The latest of everything, as of `as_of_ns`. `rates` are by seat (`premium`, `money`); what never came is absent.

    status: by venue, and by one market of it; what stands under None is the venue as a whole. What follows is there for
    gates that say they read it (`Reads`), and empty for others. stood: by instrument, oldest first, each price until the
    next one; depths: the last book; past: by pair, oldest first, one a bar of the signal's length, none left out, no later
    than `as_of_ns`.
    """

    as_of_ns: int
    tops: Mapping[Instrument, Top]
    rates: Mapping[str, FxRate]
    marks: Mapping[Instrument, Mark]
    funding: Mapping[Instrument, FundingRate]
    status: Mapping[tuple[str, Instrument | None], VenueStatus] = field(default_factory=dict)
    stood: Mapping[Instrument, Sequence[Stood]] = field(default_factory=dict)
    depths: Mapping[Instrument, Depth] = field(default_factory=dict)
    past: Mapping[str, Sequence[PastBar]] = field(default_factory=dict)
    clocks: Mapping[str, VenueClock] = field(default_factory=dict)
    cautions: Mapping[Instrument, Cautions] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PairTerms:
    """A pair as its file states it: its legs in their order, and its share of the capital."""

    name: str
    legs: tuple[Instrument, ...]
    share: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What a file states once and every decision needs.

    costs: taker fees by venue, as ratios; leverage by venue (1 where the venue has no margin); `book` is the asset
    of the capital, in which results are counted. funds: what of each account it may use; None for all of it.
    stop_loss: the loss at which the signal's exit policy leaves a lot, as it measures profit; None for none.
    """

    strategy: str
    rules_digest: str
    capital: Amount
    reserve: Decimal
    pairs: Mapping[str, PairTerms]
    costs: Mapping[str, Decimal]
    leverage: Mapping[str, Decimal]
    facts: Mapping[Instrument, InstrumentFacts]
    funds: Mapping[Account, Decimal] | None = None
    stop_loss: Decimal | None = None

    @property
    def book(self) -> str:
        return self.capital.asset


@dataclass(frozen=True, slots=True)
class Fired:
    """One entry that a tier made since it was last re-armed; `complete` when no further clip of it may follow.

    `premium` is what its signal said it saw, None for a signal that speaks of none.
    """

    tier: str
    at_ns: int
    premium: Decimal | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pair stands: its open lots, what fired since the last re-arming, and of which lots the owner was reminded.

    Edge: of `fired`, what lies before the last complete entry of its tier may have been forgotten.
    """

    lots: tuple[Lot, ...] = ()
    fired: tuple[Fired, ...] = ()
    reminded: frozenset[str] = frozenset()

    def spent(self, tier: str) -> bool:
        """Whether the tier may not fire again until it is re-armed."""
        return any(f.tier == tier and f.complete for f in self.fired)

    def of(self, rules: Container[str]) -> Self:
        """The same, of lots that were opened by rules of these digests."""
        return replace(self, lots=tuple(lot for lot in self.lots if lot.rules_digest in rules))


@dataclass(frozen=True, slots=True)
class Execution:
    """One plan that was carried out. at_ns: when the last answer about it came, on our clock.

    whole: every leg filled to plan at the first go: nothing was refused or lacking, nothing tried again or traded
    back, nothing unknown at the end.
    """

    pair: str
    at_ns: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A lot that came back to nothing. Times as the desk decided them.

    net: all of it, fees and funding included, what is in another asset at the `money` rate of its end; None where no rate
    was known then, and what it came to can be told in no asset.
    """

    lot_id: str
    pair: str
    tier: str | None
    side: str
    opened_at_ns: int
    ended_at_ns: int
    net: Amount | None


@dataclass(frozen=True, slots=True)
class Approval:
    """The owner's word that a pair may be entered once: on that side, None for either. at_ns: when it was given."""

    side: str | None
    at_ns: int
    author: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """What a strategy may use and holds.

    free: by account, what may be deployed now: the venue's free balance less what pending intents reserve and less
    the file's reserve; never below zero. standing: by pair. executions: of this strategy, in the order in which they
    ended, of each pair no further back than its last whole one. under_way: pairs of which a plan is being carried out,
    or was decided at this moment. entering: by the id of its lot, each entry among these, whether or not something of
    it has filled. ended: of this strategy, every lot that came back to nothing, in the order in which they did.
    approvals: by pair, the owner's last word that was not used; a desk that starts again knows of none.
    """

    terms: Terms
    free: Mapping[Account, Decimal]
    standing: Mapping[str, Standing]
    executions: tuple[Execution, ...] = ()
    under_way: frozenset[str] = frozenset()
    entering: Mapping[str, Plan] = field(default_factory=dict)
    ended: tuple[Ended, ...] = ()
    approvals: Mapping[str, Approval] = field(default_factory=dict)

    @property
    def lots(self) -> tuple[Lot, ...]:
        return tuple(lot for standing in self.standing.values() for lot in standing.lots)
