"""What the z-score signals would like at one moment: exits first, and no entry beside an exit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import isnan

from karb_core.domain import exact
from karb_core.domain.decisions import Cause, Proposal, ProposalKind, seen, statistic
from karb_core.domain.premium import Direction, entry_premium, of_units
from karb_core.ports import Judgement, Moment, Standing, Terms
from karb_core.rules.exits import overdue
from karb_core.rules.leaving import rate_now
from karb_premium.open_lots import OpenLots
from karb_premium.zrules import Bound, ZRules


@dataclass(frozen=True, slots=True)
class Row:
    """The row judged: its premium (None where absent), z as told, and |z| exactly (None where undefined)."""

    premium: Decimal | None
    z: float
    far_out: Decimal | None


def judge(rules: ZRules, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
    """One proposal for each lot that is due; else at most one entry."""
    row = row_of(moment)
    lots = OpenLots(rules.exit, rules.target_rule, row.z, row.premium)
    exits = tuple(lots.ways_out(moment, standing, terms))
    entries = () if exits else tuple(_entry(rules, row, moment, standing))
    reminders = tuple(lots.reminders(moment, standing, terms))
    return Judgement((*exits, *entries), _rearmed(rules, row, standing), reminders)


def row_of(moment: Moment) -> Row:
    """The row of a moment, as it is judged."""
    z = float(moment.features["z"])
    premium = of_units(int(moment.features["premium"])) if moment.features["present"] else None
    # from_float, as the constructor asks the thread's own context whether a float may come in
    return Row(premium, z, None if isnan(z) else Decimal.from_float(abs(z)))


def _rearmed(rules: ZRules, row: Row, standing: Standing) -> str | None:
    """Strictly below: |z| at the bound re-arms nothing."""
    if rules.rearm_below is None or row.far_out is None or not standing.fired:
        return None
    return "rearm.below_z" if row.far_out < rules.rearm_below else None


def _entry(rules: ZRules, row: Row, moment: Moment, standing: Standing) -> Iterator[Proposal]:
    bound = _reached(rules, row)
    direction = rules.when_high if row.z > 0 else rules.when_low
    if bound is None or direction is None or row.premium is None:
        return
    if _spent(rules, bound, standing) or not _allowed(rules, row.premium, direction):
        return
    if _stopped(rules, standing, moment.at_ns) or rules.full(standing):
        return
    yield Proposal(
        pair=moment.pair,
        kind=ProposalKind.ENTRY,
        cause=Cause.TAKEN,
        tier=bound.tier,
        side=direction.value,
        rules=tuple(_cited(rules, bound, row)),
        lot_ids=(),
        target=bound.target,
        seen=seen({"premium": row.premium, "z": statistic(row.z), "entry_premium": _at_our_sides(direction, moment)}),
    )


def _reached(rules: ZRules, row: Row) -> Bound | None:
    """The highest bound that |z| reaches; it acts alone, so a lower one never stands in for it."""
    if row.far_out is None:
        return None
    return next((bound for bound in rules.bounds if row.far_out >= bound.z), None)


def _spent(rules: ZRules, bound: Bound, standing: Standing) -> bool:
    """Without a re-arming rule nothing is ever spent. A signal of one threshold fires under the name ``."""
    return rules.rearm_below is not None and standing.spent(bound.tier or "")


def _allowed(rules: ZRules, premium: Decimal, direction: Direction) -> bool:
    if rules.min_premium is not None and exact.absolute(premium) < rules.min_premium:
        return False
    return not rules.sign_agrees or exact.mul(direction.sign, premium) < 0


def _stopped(rules: ZRules, standing: Standing, at_ns: int) -> bool:
    """`max_holding: {then: stop_entries}`: no entry while a lot of the pair is that old."""
    holding = rules.exit.max_holding
    if holding is None or holding.then != "stop_entries":
        return False
    return any(overdue(holding, lot, at_ns) for lot in standing.lots)


def _cited(rules: ZRules, bound: Bound, row: Row) -> Iterator[str]:
    yield bound.z_rule
    yield "when_high" if row.z > 0 else "when_low"
    if rules.min_premium is not None:
        yield "min_premium"
    if rules.sign_agrees:
        yield "premium_sign"
    if rules.max_open is not None:
        yield "max_open"


def _at_our_sides(direction: Direction, moment: Moment) -> Decimal | None:
    """The premium at the prices we would get in at; None where a price or the rate is missing."""
    near, far = moment.tops
    fx = rate_now(moment.rates, "premium", *moment.legs)
    side = direction.near_side
    if fx is None or not (near.to(side) > 0 and far.to(side.opposite) > 0):
        return None
    return entry_premium(direction, near, far, fx)
