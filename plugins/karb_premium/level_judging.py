"""What the level signal would like at one moment: exits first, and no entry beside an exit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import nan

from karb_core.domain.decisions import Cause, Proposal, ProposalKind, seen
from karb_core.domain.market import FundingRate
from karb_core.domain.premium import Direction, entry_premium, of_units
from karb_core.ports import Judgement, Moment, Standing, Terms
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.exits import overdue
from karb_core.rules.leaving import Leaving, rate_now
from karb_premium.level_params import Level
from karb_premium.levels import LevelRules, back, beyond
from karb_premium.open_lots import OpenLots


def judge(rules: LevelRules, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
    """One proposal for each lot that is due; else at most one entry."""
    premium = premium_of(moment)
    lots = OpenLots(rules.exit, rules.target_rule, nan, premium, lambda leaving: _back(rules, leaving, premium))
    exits = tuple(lots.ways_out(moment, standing, terms))
    entries = () if exits else tuple(_entry(rules, moment, standing, premium))
    return Judgement((*exits, *entries), None, tuple(lots.reminders(moment, standing, terms)))


def premium_of(moment: Moment) -> Decimal | None:
    """The row's; None where a leg or the rate is missing."""
    return of_units(int(moment.features["premium"])) if moment.features["present"] else None


def compared(rules: LevelRules, level: Level, moment: Moment, premium: Decimal | None) -> Decimal | None:
    """The premium that an entry of the level is judged by; None where it cannot be told."""
    if not rules.at_sides or premium is None:
        return premium
    return at_sides(Direction(level.enter), moment)


def at_sides(direction: Direction, moment: Moment) -> Decimal | None:
    """The premium at the sides we would trade to get in; None without a rate, or where a side has no price."""
    fx = rate_now(moment.rates, "premium", *moment.legs)
    near, far = moment.tops
    if fx is None or not min(near.bid, near.ask, far.bid, far.ask) > 0:
        return None
    return entry_premium(direction, near, far, fx)


def announced(moment: Moment) -> FundingRate | None:
    """What the far leg's venue announced last, over data the last that was settled; None where nothing was.

    Edge: what was announced for a settlement that is over by then says nothing of the next one.
    """
    told = moment.funding.get(moment.legs[1])
    if told is None or not told.rate.is_finite() or not (told.settled or told.settles_at_ns >= moment.at_ns):
        return None
    return told


def funding_now(moment: Moment) -> Decimal | None:
    """Its rate."""
    told = announced(moment)
    return None if told is None else told.rate


def _back(rules: LevelRules, leaving: Leaving, premium: Decimal | None) -> tuple[str, ...]:
    """The line that leaves a lot since its premium is back."""
    name = leaving.lot.tier or ""
    level = rules.levels.get(name)
    if level is None or level.leave_at is None:
        return ()
    now = leaving.left_at() if rules.at_sides else premium
    return (f"{name}.leave_at", "at") if now is not None and back(name, now, level.leave_at) else ()


def _entry(rules: LevelRules, moment: Moment, standing: Standing, premium: Decimal | None) -> Iterator[Proposal]:
    if rules.full(standing) or entries_stopped(rules.exit, standing, moment.at_ns):
        return
    for name, level in rules.levels.items():
        now = compared(rules, level, moment, premium)
        if now is None or not beyond(name, now, level.premium) or not _funded(rules, moment):
            continue
        yield Proposal(
            pair=moment.pair,
            kind=ProposalKind.ENTRY,
            cause=Cause.TAKEN,
            tier=name,
            side=level.enter,
            rules=tuple(_cited(rules, name)),
            lot_ids=(),
            target=rules.target,
            seen=seen(
                {
                    "premium": premium,
                    "entry_premium": at_sides(Direction(level.enter), moment),
                    "funding": funding_now(moment),
                }
            ),
        )
        return


def _funded(rules: LevelRules, moment: Moment) -> bool:
    """Strictly above; nothing announced is not above anything."""
    told = funding_now(moment)
    return rules.funding_above is None or (told is not None and told > rules.funding_above)


def entries_stopped(policy: ExitPolicy, standing: Standing, at_ns: int) -> bool:
    """`max_holding: {then: stop_entries}`: no entry while a lot of the pair is that old."""
    holding = policy.max_holding
    if holding is None or holding.then != "stop_entries":
        return False
    return any(overdue(holding, lot, at_ns) for lot in standing.lots)


def _cited(rules: LevelRules, name: str) -> Iterator[str]:
    yield f"{name}.premium"
    yield f"{name}.enter"
    yield "at"
    if rules.funding_above is not None:
        yield "funding_above"
    if rules.max_open is not None:
        yield "max_open"
