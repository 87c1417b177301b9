"""How far a z-score signal was from acting at one moment: the bounds of `judge`, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import seen, statistic
from karb_core.domain.premium import Direction
from karb_core.ports import Explained, Explanation, Moment, Standing, Terms
from karb_core.rules.exit_bounds import exit_bounds
from karb_core.rules.exits import nanoseconds, overdue
from karb_core.rules.leaving import Leaving
from karb_premium.judging import Row, row_of
from karb_premium.zrules import ZRules, open_lots

_SECOND = 1_000_000_000  # karb: constant because a second has so many nanoseconds


def explain(rules: ZRules, moment: Moment, standing: Standing, terms: Terms) -> Explanation:
    """Entries' bounds in the owner's order of z, the lowest first; then what each open lot is left by."""
    row = row_of(moment)
    told = {"premium": row.premium, "z": None if row.far_out is None else statistic(row.z)}
    return Explanation(
        seen(told), (*_entry(rules, row, standing, moment.at_ns), *_exits(rules, row, moment, standing, terms))
    )


def _entry(rules: ZRules, row: Row, standing: Standing, at_ns: int) -> Iterator[Explained]:
    far_out = None if row.far_out is None else statistic(abs(row.z))
    for bound in reversed(rules.bounds):
        met = row.far_out is not None and row.far_out >= bound.z
        yield Explained(bound.z_rule, "|z|", far_out, ">=", bound.z, met, bound.tier or "")
    if rules.rearm_below is not None:
        for tier in dict.fromkeys(fired.tier for fired in standing.fired if standing.spent(fired.tier)):
            again = row.far_out is not None and row.far_out < rules.rearm_below
            yield Explained("rearm.below_z", "|z|", far_out, "<", rules.rearm_below, again, tier)
    direction = rules.when_high if row.z > 0 else rules.when_low
    if row.far_out is not None and direction is None:
        yield Explained("when_high" if row.z > 0 else "when_low", "side", None, "is", "none", met=False)
    yield from _of_premium(rules, row.premium, direction)
    if rules.max_open is not None:
        held = Decimal(open_lots(standing))
        yield Explained("max_open", "open", held, "<", Decimal(rules.max_open), not rules.full(standing))
    holding = rules.exit.max_holding
    if holding is not None and holding.then == "stop_entries":
        for lot in standing.lots:
            held, longest = (
                Decimal((at_ns - lot.opened_at_ns) // _SECOND),
                Decimal(nanoseconds(holding.for_) // _SECOND),
            )
            met = not overdue(holding, lot, at_ns)
            yield Explained("exit.max_holding.then", "held_s", held, "<", longest, met, lot.id)


def _of_premium(rules: ZRules, premium: Decimal | None, direction: Direction | None) -> Iterator[Explained]:
    size = None if premium is None else exact.absolute(premium)
    if rules.min_premium is not None:
        met = size is not None and size >= rules.min_premium
        yield Explained("min_premium", "|premium|", size, ">=", rules.min_premium, met)
    if rules.sign_agrees and direction is not None:
        agrees = premium is not None and exact.mul(direction.sign, premium) < 0
        below = direction is Direction.LONG
        yield Explained("premium_sign", "premium", premium, "<" if below else ">", Decimal(0), agrees)


def _exits(rules: ZRules, row: Row, moment: Moment, standing: Standing, terms: Terms) -> Iterator[Explained]:
    for lot in standing.lots:
        if not lot.flat and lot.opened_at_ns < moment.at_ns:
            leaving = Leaving(lot, moment.tops, moment.rates, terms.costs)
            yield from exit_bounds(rules.exit, leaving, z=row.z, at_ns=moment.at_ns, target_rule=rules.target_rule(lot))
