"""What the signal on the funding to come would like at one moment: exits first, and no entry beside an exit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import nan

from karb_core.domain import exact
from karb_core.domain.decisions import Cause, Proposal, ProposalKind, SeenValue, seen
from karb_core.domain.lots import Lot
from karb_core.domain.premium import Direction, Net
from karb_core.ports import BarRows, Explained, Explanation, Judgement, Moment, Standing, Terms
from karb_core.rules.exit_bounds import exit_bounds
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.exits import nanoseconds
from karb_core.rules.leaving import Leaving
from karb_premium.carry_params import FundingCarryParams
from karb_premium.level_judging import announced, at_sides, entries_stopped, premium_of
from karb_premium.open_lots import OpenLots
from karb_premium.zrules import open_lots

_WAYS = Decimal(2)  # karb: constant because a position is entered once and left once


@dataclass(frozen=True, slots=True)
class CarryRules:
    """What judging needs. Unit: `over_ns` and `interval_ns` in nanoseconds."""

    rows: BarRows
    direction: Direction
    over_ns: int
    interval_ns: int
    enter_at: Decimal
    leave_at: Decimal | None
    max_open: int | None
    target: Decimal | None
    exit: ExitPolicy

    def full(self, standing: Standing) -> bool:
        """As many lots of the pair are open as the owner allows. Edge: exactly so many are enough."""
        return self.max_open is not None and open_lots(standing) >= self.max_open

    def target_rule(self, lot: Lot) -> str:  # noqa: ARG002
        return "take_profit"


def carry_rules(params: FundingCarryParams) -> CarryRules:
    return CarryRules(
        rows=BarRows(nanoseconds(params.bar), 1, params.price),
        direction=Direction(params.enter),
        over_ns=nanoseconds(params.over),
        interval_ns=nanoseconds(params.interval),
        enter_at=params.enter_at,
        leave_at=params.leave_at,
        max_open=params.max_open,
        target=params.take_profit,
        exit=params.exit,
    )


def judge(rules: CarryRules, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
    """One proposal for each lot that is due; else at most one entry."""
    net = expected(rules, moment, terms)
    gone = rules.leave_at is not None and net is not None and not net.exceeds(rules.leave_at)
    left = ("leave_at", *_measured()) if gone else ()
    lots = OpenLots(rules.exit, rules.target_rule, nan, premium_of(moment), lambda _: left)
    exits = tuple(lots.ways_out(moment, standing, terms))
    entries = () if exits else tuple(_entry(rules, moment, standing, net))
    return Judgement((*exits, *entries), None, tuple(lots.reminders(moment, standing, terms)))


def expected(rules: CarryRules, moment: Moment, terms: Terms) -> Net | None:
    """d x rate x over / interval, less both venues' fees twice. Unit: a ratio of the notional.

    None where no rate is announced that is still to come, or a fee is not stated. Edge: what a settlement was for is what the
    venue told of it, and where it does not tell, the owner's `interval`.
    """
    told = announced(moment)
    if told is None:
        return None
    interval_ns = rules.interval_ns if told.interval_ns is None else told.interval_ns
    fees = [terms.costs.get(leg.venue) for leg in moment.legs]
    known = [fee for fee in fees if fee is not None]
    if len(known) < len(fees) or interval_ns <= 0:
        return None
    comes = exact.mul(exact.mul(rules.direction.sign, told.rate), Decimal(rules.over_ns))
    costs = exact.mul(exact.mul(exact.total(known), _WAYS), Decimal(interval_ns))
    return Net(exact.sub(comes, costs), Decimal(interval_ns))


def explain(rules: CarryRules, moment: Moment, standing: Standing, terms: Terms) -> Explanation:
    """Entries' bounds, then what each open lot is left by."""
    net = expected(rules, moment, terms)
    now = None if net is None else net.points()
    bounds = [
        Explained("enter_at", "expected", now, ">=", rules.enter_at, net is not None and net.reaches(rules.enter_at))
    ]
    if rules.max_open is not None:
        held = Decimal(open_lots(standing))
        bounds.append(Explained("max_open", "open", held, "<", Decimal(rules.max_open), not rules.full(standing)))
    for lot in standing.lots:
        if lot.flat or lot.opened_at_ns >= moment.at_ns:
            continue
        if rules.leave_at is not None:
            met = net is not None and not net.exceeds(rules.leave_at)
            bounds.append(Explained("leave_at", "expected", now, "<=", rules.leave_at, met, lot.id))
        leaving = Leaving(lot, moment.tops, moment.rates, terms.costs)
        bounds += exit_bounds(rules.exit, leaving, z=nan, at_ns=moment.at_ns, target_rule=rules.target_rule(lot))
    return Explanation(seen(_seen(rules, moment, net)), tuple(bounds))


def _entry(rules: CarryRules, moment: Moment, standing: Standing, net: Net | None) -> Iterator[Proposal]:
    """Edge: exactly the bound is enough; a pair of which a leg has no price enters nothing."""
    if rules.full(standing) or entries_stopped(rules.exit, standing, moment.at_ns):
        return
    if premium_of(moment) is None or net is None or not net.reaches(rules.enter_at):
        return
    yield Proposal(
        pair=moment.pair,
        kind=ProposalKind.ENTRY,
        cause=Cause.TAKEN,
        tier=None,
        side=rules.direction.value,
        rules=("enter_at", "enter", *_measured(), *(() if rules.max_open is None else ("max_open",))),
        lot_ids=(),
        target=rules.target,
        seen=seen(_seen(rules, moment, net)),
    )


def _measured() -> tuple[str, ...]:
    """The lines that say what the funding to come is."""
    return ("over", "interval")


def _seen(rules: CarryRules, moment: Moment, net: Net | None) -> dict[str, SeenValue]:
    told = announced(moment)
    return {
        "premium": premium_of(moment),
        "entry_premium": at_sides(rules.direction, moment),
        "funding": None if told is None else told.rate,
        "expected": None if net is None else net.points(),
    }
