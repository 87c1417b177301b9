"""Two venues over books in virtual time: what tests of `sim.depth` begin with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Cited
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, FundingRate, Level, Mark, Top
from karb_core.domain.orders import Filled, Order, Outcome
from karb_core.ports.simulated import ConditionsAt, DepthVenues, OpensOverDepth
from karb_core.venue.conditions import Conditions
from karb_core.venue.terms import VenueTerms
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import VirtualLoop, run
from karb_sim.depth import DepthFills, DepthFillsParams
from tests.venue.accounts import PERPETUAL, SPOT, facts

T = TypeVar("T")

START = 1_735_689_600_000_000_000
MS = 1_000_000
NEAR, FAR = SPOT.venue, PERPETUAL.venue
PARAMS = DepthFillsParams.model_validate({"order_latency": "80ms", "answer_latency": "60ms"})
USUAL = Conditions(order_ns=80 * MS, answer_ns=60 * MS)
RULE = Cited("execution.first", "test.yaml", 1, "together")


def at(ms: float) -> int:
    return START + int(ms * MS)


def terms(instrument: Instrument, opening: dict[str, str], leverage: str = "1", fee: str = "0.0005") -> VenueTerms:
    return VenueTerms(
        venue=instrument.venue,
        opening={asset: Decimal(value) for asset, value in opening.items()},
        facts={instrument: facts(instrument)},
        leverage=Decimal(leverage),
        taker_fee=Decimal(fee),
    )


def accounts(leverage: str = "1") -> list[VenueTerms]:
    return [terms(SPOT, {"KRW": "45000000", "BTC": "0.25"}), terms(PERPETUAL, {"USDT": "31000"}, leverage)]


def opened(clock: VirtualClock, conditions: ConditionsAt | None = None, leverage: str = "1") -> DepthVenues:
    component = DepthFills(PARAMS)
    assert isinstance(component, OpensOverDepth)
    return component.open_depth(accounts(leverage), clock, conditions)


def played(
    script: Callable[[DepthVenues], Awaitable[T]], conditions: ConditionsAt | None = None, leverage: str = "1"
) -> T:
    """What the script comes to, begun at START."""

    async def whole() -> T:
        return await script(opened(VirtualClock(), conditions, leverage))

    return run(whole(), START)


def always(venue: str | None = None, **changed: object) -> ConditionsAt:
    """As usual, but for what is changed, at one venue or at all."""
    other = replace(USUAL, **changed)  # type: ignore[arg-type]
    return lambda name, _: other if venue in (None, name) else USUAL


def gone(from_ms: float, until_ms: float) -> ConditionsAt:
    """Not reachable for a while (the end is back again)."""
    return lambda _, at_ns: replace(USUAL, reachable=not at(from_ms) <= at_ns < at(until_ms))


def later(ms: float, then: Callable[..., object], *args: object) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.call_at_ns(at(ms), then, *args)


async def until(ms: float) -> None:
    clock = VirtualClock()
    while clock.now_ns() < at(ms):
        await clock.sleep_until(at(ms))


def now_ms() -> float:
    return (VirtualClock().now_ns() - START) / MS


async def place(venues: DepthVenues, item: Order) -> Outcome:
    return await venues.at(item.instrument.venue).place(Approved.by_rule(item, RULE))


Told = list[tuple[str, str]]


def depth(instrument: Instrument, *, bids: Told | None = None, asks: Told | None = None, ms: float = 0) -> Depth:
    return Depth(instrument, _levels(bids or []), _levels(asks or []), at(ms), at(ms))


def top(instrument: Instrument, bid: tuple[str, str], ask: tuple[str, str], ms: float = 0) -> Top:
    return Top(instrument, Decimal(bid[0]), Decimal(bid[1]), Decimal(ask[0]), Decimal(ask[1]), at(ms), at(ms))


def mark(price: str, ms: float = 0) -> Mark:
    return Mark(PERPETUAL, Decimal(price), None, at(ms), at(ms))


def funding(rate: str, settles_ms: float, *, settled: bool = True) -> FundingRate:
    return FundingRate(PERPETUAL, Decimal(rate), at(settles_ms), settled, None, at(settles_ms), at(settles_ms))


def traded(outcome: Outcome) -> tuple[str, str]:
    """What filled, and for how much."""
    assert isinstance(outcome, Filled), outcome
    assert outcome.final
    return outcome.filled.text(), outcome.cost.text()


def _levels(told: Told) -> tuple[Level, ...]:
    return tuple(Level(Decimal(price), Decimal(amount)) for price, amount in told)
