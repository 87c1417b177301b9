"""One lot that goes as planned: what entering it at one row comes to, and leaving it whole at a later one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, LegTarget, Plan, Proposal
from karb_core.domain.holdings import Account
from karb_core.domain.market import FxRate, Top
from karb_core.domain.orders import Side
from karb_core.domain.premium import premium
from karb_core.engine.cut import cut
from karb_core.engine.funds import short_of
from karb_core.engine.gatehouse import ask
from karb_core.engine.strategy import Strategy
from karb_core.ports import AccountView, Entering, MarketView, Moment, Standing
from karb_core.ports.needs import needs
from karb_core.rules.leaving import rate_now
from karb_core.venue.isolated import IsolatedPosition
from karb_core.wiring.straight_leg import Came, Deal, LegTerms, NotStraight, StraightLeg

_PLAN = "straight"


@dataclass(slots=True)
class Row:
    """One row as lots are carried out at. terms: by leg; tops: by leg, what plans count from; opens: by leg, at what orders
    fill then; rates: what is booked then, by seat."""

    at_ns: int
    terms: tuple[LegTerms, ...]
    tops: tuple[Top, ...]
    opens: tuple[Decimal, ...]
    rates: Mapping[str, FxRate]
    _deals: dict[tuple[int, Side], Deal] = field(default_factory=dict)

    def leg(self, at: int, amount: Decimal, before: IsolatedPosition) -> StraightLeg:
        """So much of one leg, signed. Errors: as `Deal.of`, `Deal.leg`."""
        side = Side.of(amount)
        deal = self._deals.get((at, side))
        if deal is None:
            planned = self.tops[at].to(side)
            deal = self._deals[at, side] = Deal.of(self.terms[at], side, planned, self.opens[at])
        return deal.leg(amount, before)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is looked at beside it where something is to be entered. account: with nothing open anywhere."""

    moment: Moment
    view: MarketView
    account: AccountView


@dataclass(frozen=True, slots=True)
class Entered:
    """A lot, entered whole. premium: of its fills at the rate of then; came: to each free balance; least: by account, what
    must have come to it by then, below zero where less than what is free with nothing open would have done."""

    at_ns: int
    premium: Decimal
    legs: tuple[StraightLeg, ...]
    came: Came
    least: Came


class Left(NamedTuple):
    """How the lot ended, by the legs that brought it back. net: in the asset of the capital, to the last digit; came: to
    each free balance; lost: by account, what lot and way out together took from it."""

    at_ns: int
    net: Decimal
    legs: tuple[StraightLeg, ...]
    came: Came
    lost: Came


class Passage(NamedTuple):
    """One lot from its entry on. left: None where it is open at the end."""

    pair: str
    entered: Entered
    left: Left | None


def entered(
    strategy: Strategy, kind: Entering, row: Row, judged: Judged, number: Callable[[Account], int]
) -> Entered | None:
    """None where the age of a rate denies it. Errors: NotStraight where the desk might do anything else."""
    proposal = _proposal(strategy, kind, judged.moment)
    sized = strategy.sizing.size(proposal, judged.moment, judged.account)
    if isinstance(sized, Denied):
        raise NotStraight
    targets = cut(sized.legs, strategy.terms.facts, "")
    if isinstance(targets, Denied) or len({exact.absolute(leg.amount.value) for leg in targets}) != 1:
        raise NotStraight
    if any(True for _ in short_of(targets, judged.account)):
        raise NotStraight
    plan = Plan(intent_id=_PLAN, proposals=(proposal,), legs=targets, shares=())
    if ask(strategy, plan, judged.view, judged.account):
        return None
    legs = _legs(targets, row)
    near, far = legs
    one = _rate(row.rates, "premium", legs)
    paid = premium(exact.absolute(near.cost), exact.absolute(far.cost), one)
    came = _came(legs)
    takes = {account: exact.negate(change) for account, change in came if change < 0}
    wants = {number(account): want for account, want in needs(targets, strategy.terms).items()}
    free = {number(account): value for account, value in judged.account.free.items()}
    least = tuple(
        (account, exact.sub(max(want, takes.get(account, want)), free[account]))
        for account, want in {**takes, **wants}.items()
    )
    return Entered(row.at_ns, paid, legs, came, least)


def left(strategy: Strategy, lot: Entered, row: Row) -> Left:
    """Errors: NotStraight where the desk might do anything else."""
    legs = tuple([row.leg(at, exact.negate(leg.amount), leg.position) for at, leg in enumerate(lot.legs)])
    came = tuple([each for leg in legs for each in leg.free])
    both = [(account, exact.add(went, back)) for (account, went), (_, back) in zip(lot.came, came, strict=True)]
    lost = tuple([each for each in both if each[1] < 0])
    return Left(row.at_ns, _net(strategy, lot, legs, row), legs, came, lost)


def _proposal(strategy: Strategy, kind: Entering, moment: Moment) -> Proposal:
    judged = strategy.signal.judge(moment, Standing(), strategy.terms)
    alone = len(judged.proposals) == 1 and judged.rearmed is None and not judged.reminders
    proposal = judged.proposals[0] if alone else None
    if proposal is None or (proposal.tier, proposal.side, proposal.target) != (kind.tier, kind.side, kind.target):
        raise NotStraight
    return proposal


def _legs(targets: tuple[LegTarget, ...], row: Row) -> tuple[StraightLeg, ...]:
    """Errors: NotStraight also for legs in another order than the pair's, or planned at another price than the top's."""
    for target, top in zip(targets, row.tops, strict=True):
        if (target.instrument, target.price.value) != (top.instrument, top.to(target.side)):
            raise NotStraight
    return tuple(row.leg(at, target.amount.value, IsolatedPosition()) for at, target in enumerate(targets))


def _came(legs: tuple[StraightLeg, ...]) -> Came:
    """What came to each free balance. Errors: NotStraight where both legs touch one: then their order matters."""
    came = tuple(each for leg in legs for each in leg.free)
    if len(dict(came)) < len(came):
        raise NotStraight
    return came


def _rate(rates: Mapping[str, FxRate], seat: str, legs: tuple[StraightLeg, ...]) -> Decimal:
    near, far = legs
    found = rate_now(rates, seat, near.instrument, far.instrument)
    if found is None:
        raise NotStraight
    return found


def _net(strategy: Strategy, lot: Entered, legs: tuple[StraightLeg, ...], row: Row) -> Decimal:
    """As a trade's: what both legs brought, fees apart, far's through the money rate of the way out."""
    total, book = Decimal(0), strategy.terms.book
    for came, went in zip(lot.legs, legs, strict=True):
        cost = exact.add(exact.add(came.cost, went.cost), exact.add(came.fee, went.fee))
        if came.instrument.quote != book:
            money = row.rates.get("money")
            if money is None or (money.base, money.quote) != (came.instrument.quote, book):
                raise NotStraight
            cost = exact.mul(cost, money.rate)
        total = exact.sub(total, cost)
    return total
