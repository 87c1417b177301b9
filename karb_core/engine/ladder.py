"""The owner's ladder: what is done, and in which band, while one leg has more than another.

Its clock starts with the first fill, and its rungs follow each other in their times. What cannot be placed because no
venue takes so little is not waited for. A retry that the owner lets go on only while it is cheaper is passed over where
trading back costs less, and the way back begins at once. Edge: a rung that trades back and was never tried, because nobody could be
asked in its time (karb was not running, or an order's fate was not known), is tried when it can be, for its own time:
the owner's bound is broken then, and trading back is the way that ends it soonest.
"""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import Cited, LegTarget
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Side
from karb_core.engine.leg_rules import LadderRung, Rung
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Next, Phase, Place
from karb_core.engine.sent import FIRST_TRY, Sent
from karb_core.engine.weighing import completing_costs_more


def climb(now: LegsNow) -> Next:
    """The rung whose time it is. Needs a fill, and a leg that lacks."""
    dust = _dust(now)
    if dust is not None:
        return Next((), Phase.DONE, dust=dust)
    end_ns = min(s.first_filled_ns for s in now.sent if s.filled)
    for step, rung in enumerate(now.rules.ladder):
        if rung.rung is Rung.HALT:
            return Next((), Phase.STUCK, cited=rung.cited)
        end_ns += rung.for_ns
        tried = [s for s in now.sent if s.step == step]
        until_ns = _until(rung, tried, end_ns, now)
        if now.now_ns >= until_ns or not _may(rung, now):
            continue
        if rung.if_cheaper and _is_left_to_go_back(step, now) and completing_costs_more(now):
            continue
        if rung.rung is Rung.UNWIND and not all(s.over for s in now.sent):
            return Next((), Phase.WORKING)  # how much leads is not known yet
        wanted = now.lacking() if rung.rung is Rung.RETRY else now.leading()
        places = [order_for(i, amount, rung, step, now) for i, amount in wanted.items() if now.is_free(i)]
        tradable = tuple(p for p in places if fits(p, now))
        if not tradable:
            continue
        if tried and not _moved_since(tried[-1], now):
            return Next((), Phase.WORKING, until_ns)
        return Next(tradable, Phase.WORKING, until_ns)
    return Next((), Phase.STUCK, cited=now.rules.ladder[-1].cited)


def first_order(leg: int, amount: Decimal, now: LegsNow) -> Place:
    """An order of the way the plan goes, in the band of its price."""
    target, rules = now.plan.legs[leg], now.rules
    return _placed(leg, target.side, amount, rules.band, FIRST_TRY, rules.band_cited, now)


def order_for(leg: int, amount: Decimal, rung: LadderRung, step: int, now: LegsNow) -> Place:
    side = now.plan.legs[leg].side
    way = side.opposite if rung.rung is Rung.UNWIND else side
    return _placed(leg, way, amount, rung.band, step, rung.cited, now)


def fits(place: Place, now: LegsNow) -> bool:
    """Whether the venue takes an order of this size."""
    target = now.plan.legs[place.leg]
    reduces = (place.side is target.side) is not now.enters
    return now.facts[target.instrument].unfit(place.amount, place.limit.value, reduces=reduces) is None


def limit_of(target: LegTarget, side: Side, band: Decimal, facts: InstrumentFacts) -> Price:
    """A marketable limit inside the band around the plan's price, on a tick: never a tick beyond the band."""
    return target.instrument.price(limit_at(target.price.value, side, band, facts))


def limit_at(planned: Decimal, side: Side, band: Decimal, facts: InstrumentFacts) -> Decimal:
    """The same, of a plain price."""
    edge = exact.mul(planned, exact.add(Decimal(1), exact.mul(side.sign, band)))
    return facts.floor_price(edge) if side is Side.BUY else facts.ceil_price(edge)


def _placed(leg: int, side: Side, amount: Decimal, band: Decimal, step: int, cited: Cited, now: LegsNow) -> Place:
    target = now.plan.legs[leg]
    return Place(leg, side, amount, limit_of(target, side, band, now.facts[target.instrument]), step, cited)


def _until(rung: LadderRung, tried: list[Sent], end_ns: int, now: LegsNow) -> int:
    """When the rung ends: at its turn's end, or, if it trades back and began late, once it had its own time."""
    if rung.rung is Rung.RETRY:
        return end_ns
    began_ns = tried[0].sent_ns if tried else now.now_ns
    return max(end_ns, began_ns + rung.for_ns)


def _may(rung: LadderRung, now: LegsNow) -> bool:
    return now.completes if rung.rung is Rung.RETRY else now.goes_back


def _is_left_to_go_back(step: int, now: LegsNow) -> bool:
    """Whether a later rung trades back. Edge: where none may, filling up is the only way and is not weighed."""
    return now.goes_back and any(rung.rung is Rung.UNWIND for rung in now.rules.ladder[step:])


def _moved_since(last: Sent, now: LegsNow) -> bool:
    top = now.tops.get(last.order.instrument)
    return top is not None and top.received_at_ns > last.sent_ns


def _dust(now: LegsNow) -> tuple[Amount, ...] | None:
    """What is uneven, if no venue would take it either way, at the plan's price. None while something can be done.

    Edge: a leg that is ahead by less than its own step has nothing to name: then it is what the others lack.
    """
    if not all(s.over for s in now.sent):
        return None
    lacking, leading = now.lacking(), now.leading()
    ways = (*lacking.items(), *leading.items())
    if any(fits(_at_plan(i, amount, now), now) for i, amount in ways):
        return None
    ahead = leading or {i: exact.negate(amount) for i, amount in lacking.items()}
    return tuple(
        now.plan.legs[i].instrument.amount(exact.mul(amount, now.plan.legs[i].side.sign)) for i, amount in ahead.items()
    )


def _at_plan(leg: int, amount: Decimal, now: LegsNow) -> Place:
    return _placed(leg, now.plan.legs[leg].side, amount, Decimal(0), FIRST_TRY, now.rules.band_cited, now)
