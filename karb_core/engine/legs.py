"""What to do next for the legs of one intent: one pure function for a fresh entry, a partial fill, an answer that
never came, a restart, an unwind.

Whatever happened, asking again continues correctly, so recovery needs no code of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from karb_core.domain import exact
from karb_core.domain.amount import Price
from karb_core.domain.decisions import Cited, LegTarget, Plan
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Top
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side
from karb_core.engine.leg_rules import LegRules, Rung

FIRST_TRY = -1


@dataclass(frozen=True, slots=True)
class Sent:
    """An order of ours and what is known of it. `step`: the rung that sent it, FIRST_TRY before the ladder.

    answered_ns: on our clock, when it was answered first, or, once it is over, when that became known; None while no
    answer came.
    """

    order: Order
    leg: int
    step: int
    sent_ns: int
    outcome: Outcome | None
    answered_ns: int | None

    @property
    def filled(self) -> Decimal:
        """Cumulative base, above zero whichever side it was."""
        return Decimal(0) if self.outcome is None or isinstance(self.outcome, Rejected) else self.outcome.filled.value

    @property
    def over(self) -> bool:
        """Whether nothing more of it can trade."""
        return isinstance(self.outcome, Rejected) or (isinstance(self.outcome, Filled) and self.outcome.final)


@dataclass(frozen=True, slots=True)
class Place:
    leg: int
    side: Side
    amount: Decimal
    limit: Price
    step: int
    cited: Cited


@dataclass(frozen=True, slots=True)
class Find:
    order: Order


class Phase(Enum):
    """working: ask again. done: nothing is left to do. stuck: a leg is open and the owner's ladder has ended."""

    WORKING = "working"
    DONE = "done"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Next:
    """again_ns: when to ask again at the latest, None where only an answer can change anything."""

    actions: tuple[Place | Find, ...]
    phase: Phase
    again_ns: int | None = None
    cited: Cited | None = None


@dataclass(frozen=True, slots=True)
class LegsNow:
    """All that the next step depends on."""

    plan: Plan
    sent: tuple[Sent, ...]
    now_ns: int
    tops: Mapping[Instrument, Top]
    facts: Mapping[Instrument, InstrumentFacts]
    rules: LegRules


def next_actions(now: LegsNow) -> Next:
    """What to do, and whether the intent is working, done or stuck."""
    if not now.sent:
        first = now.rules.first
        return _place([i for i in range(len(now.plan.legs)) if first in (None, i)], now, FIRST_TRY)
    unsettled = [s for s in now.sent if not s.over]
    if unsettled:
        return _ask(unsettled, now)
    unsent = [i for i in range(len(now.plan.legs)) if all(s.leg != i for s in now.sent)]
    if unsent and _leading(now):
        return _place(unsent, now, FIRST_TRY)
    lacking = _lacking(now)
    return _climb(now, lacking) if lacking else Next((), Phase.DONE)


def filled_of(leg: int, now: LegsNow) -> Decimal:
    """Base that the leg has towards its target, net of what was traded back."""
    target = now.plan.legs[leg].side
    total = Decimal(0)
    for s in now.sent:
        if s.leg == leg:
            total = exact.add(total, s.filled) if s.order.side is target else exact.sub(total, s.filled)
    return total


def _leading(now: LegsNow) -> Fraction:
    """How much of its target the leg that is furthest has."""
    return max(_fraction(i, now) for i in range(len(now.plan.legs)))


def _fraction(leg: int, now: LegsNow) -> Fraction:
    return Fraction(filled_of(leg, now)) / Fraction(exact.absolute(now.plan.legs[leg].amount.value))


def _lacking(now: LegsNow) -> dict[int, Decimal]:
    """Legs behind the leading one, and the base each lacks, in steps; less than a step is balanced."""
    lead = _leading(now)
    out = {}
    for i, leg in enumerate(now.plan.legs):
        goal = Fraction(exact.absolute(leg.amount.value)) * lead
        missing = goal - Fraction(filled_of(i, now))
        steps = missing // Fraction(now.facts[leg.instrument].amount_step)
        if steps > 0:
            out[i] = exact.mul(Decimal(int(steps)), now.facts[leg.instrument].amount_step)
    return out


def _ask(unsettled: list[Sent], now: LegsNow) -> Next:
    """Nothing is placed while more of an order may trade; when the owner's time is over, his word decides."""
    since = min(s.answered_ns if s.answered_ns is not None else s.sent_ns for s in unsettled)
    until = since + now.rules.ask_ns
    if now.now_ns >= until:
        return Next((), Phase.STUCK, cited=now.rules.unknown_cited)
    return Next(tuple(Find(s.order) for s in unsettled), Phase.WORKING, until)


def _climb(now: LegsNow, lacking: dict[int, Decimal]) -> Next:
    """The rung whose time it is. The clock of the ladder starts with the first fill."""
    begun = min(s.answered_ns for s in now.sent if s.filled and s.answered_ns is not None)
    end = begun
    for step, rung in enumerate(now.rules.ladder):
        if rung.rung is Rung.HALT:
            return Next((), Phase.STUCK, cited=rung.cited)
        end += rung.for_ns
        if now.now_ns >= end:
            continue
        tried = [s for s in now.sent if s.step == step]
        if tried and not _moved_since(tried[-1], now):
            return Next((), Phase.WORKING, end)
        wanted = lacking if rung.rung is Rung.RETRY else _leads(now)
        places = tuple(_order(i, amount, rung.rung, rung.band, step, rung.cited, now) for i, amount in wanted.items())
        if not places:
            return Next((), Phase.DONE)
        tradable = tuple(p for p in places if _fits(p, now))
        if not tradable and rung.rung is Rung.UNWIND:
            continue  # no venue takes so little, however long it is tried
        return Next(tradable, Phase.WORKING, end)
    return Next((), Phase.STUCK, cited=now.rules.ladder[-1].cited)


def _leads(now: LegsNow) -> dict[int, Decimal]:
    """Legs ahead of the one that is furthest behind, and the base to trade back, in steps."""
    least = min(_fraction(i, now) for i in range(len(now.plan.legs)))
    out = {}
    for i, leg in enumerate(now.plan.legs):
        goal = Fraction(exact.absolute(leg.amount.value)) * least
        steps = (Fraction(filled_of(i, now)) - goal) // Fraction(now.facts[leg.instrument].amount_step)
        if steps > 0:
            out[i] = exact.mul(Decimal(int(steps)), now.facts[leg.instrument].amount_step)
    return out


def _moved_since(last: Sent, now: LegsNow) -> bool:
    top = now.tops.get(last.order.instrument)
    return top is not None and top.received_at_ns > last.sent_ns


def _fits(place: Place, now: LegsNow) -> bool:
    facts = now.facts[now.plan.legs[place.leg].instrument]
    return facts.unfit(place.amount, place.limit.value) is None


def _place(legs: list[int], now: LegsNow, step: int) -> Next:
    lead = _leading(now) if now.sent else Fraction(1)
    places = []
    for i in legs:
        leg = now.plan.legs[i]
        facts = now.facts[leg.instrument]
        steps = Fraction(exact.absolute(leg.amount.value)) * lead // Fraction(facts.amount_step)
        amount = exact.mul(Decimal(int(steps)), facts.amount_step)
        if amount:
            places.append(_order(i, amount, Rung.RETRY, now.rules.band, step, now.rules.band_cited, now))
    return Next(tuple(places), Phase.WORKING if places else Phase.DONE)


def _order(leg: int, amount: Decimal, rung: Rung, band: Decimal, step: int, cited: Cited, now: LegsNow) -> Place:
    """A marketable limit inside the band around the plan's price, on a tick: never a tick beyond the band."""
    target = now.plan.legs[leg]
    side = target.side.opposite if rung is Rung.UNWIND else target.side
    return Place(leg, side, amount, _limit(target, side, band, now.facts[target.instrument]), step, cited)


def _limit(target: LegTarget, side: Side, band: Decimal, facts: InstrumentFacts) -> Price:
    edge = exact.mul(target.price.value, exact.add(Decimal(1), exact.mul(side.sign, band)))
    price = facts.floor_price(edge) if side is Side.BUY else facts.ceil_price(edge)
    return target.instrument.price(price)
