"""What a desk sees of `sim.depth` while a venue, or the way to it, is not as usual."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from itertools import count

import pytest

from karb_core.domain.market import VenueState, VenueStatus
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, Unknown
from karb_core.domain.statement import VenueSilent
from karb_core.ports.simulated import ConditionsAt, DepthVenues
from karb_core.venue.conditions import Conditions
from karb_sim.drawn import falls_on, one_of_two, part_of
from tests.plugins.karb_sim.depth_stage import (
    FAR,
    MS,
    NEAR,
    START,
    USUAL,
    always,
    at,
    depth,
    gone,
    later,
    now_ms,
    place,
    played,
    traded,
    until,
)
from tests.venue.accounts import PERPETUAL, SPOT, order

ENDLESS = [("90000000", "1000")]
ONE = Decimal(1)


def buy(amount: str = "0.1", order_id: str = "") -> Order:
    return order(SPOT, Side.BUY, amount, "95000000", id=order_id)


def drawn_id(*, carried_out: bool) -> str:
    return next(f"s{n}" for n in count() if one_of_two("carried_out", f"s{n}") is carried_out)


async def one_order(venues: DepthVenues) -> tuple[Outcome, Outcome]:
    """What the answer said, and what asking for it said afterwards."""
    venues.take(depth(SPOT, asks=ENDLESS))
    item = buy()
    return await place(venues, item), await venues.at(NEAR).find(item)


def code(outcome: Outcome) -> str:
    assert isinstance(outcome, Rejected), outcome
    return outcome.code


def test_where_there_is_no_way_nothing_is_sent() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ENDLESS))
        item = buy()
        assert code(await place(venues, item)) == "unreachable"
        assert now_ms() == 80
        assert isinstance(await venues.at(NEAR).find(item), Unknown)
        await until(1000)
        assert code(await venues.at(NEAR).find(item)) == "order_not_found"
        assert traded(await place(venues, item))[0] == "0.1 BTC"

    played(script, gone(0, 1000))


@pytest.mark.parametrize(
    ("from_ms", "found"), [(80, "order_not_found"), (81, "0.1 BTC"), (140, "0.1 BTC"), (140.001, None)]
)
def test_a_request_or_an_answer_is_lost_where_the_way_is_gone_when_it_arrives(
    from_ms: float, found: str | None
) -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ENDLESS))
        item = buy()
        outcome = await place(venues, item)
        assert now_ms() == 140
        if found is None:
            assert traded(outcome)[0] == "0.1 BTC"
            return
        assert isinstance(outcome, Unknown)
        await until(2000)
        later_on = await venues.at(NEAR).find(item)
        assert (code(later_on) if isinstance(later_on, Rejected) else traded(later_on)[0]) == found

    played(script, gone(from_ms, 2000))


def test_what_was_told_before_stays_known_while_nobody_answers() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ENDLESS))
        item = buy()
        told = await place(venues, item)
        await until(500)
        found = await venues.at(NEAR).find(item)
        assert isinstance(told, Filled)
        assert isinstance(found, Unknown)
        assert (found.filled, found.cost) == (told.filled, told.cost)

    played(script, gone(500, 2000))


def test_of_an_order_that_is_listed_no_more_nobody_says_that_it_never_came() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ENDLESS))
        item = buy()
        assert traded(await place(venues, item))[0] == "0.1 BTC"
        venues.forget(START + 10_000 * MS)
        found = await venues.at(NEAR).find(item)
        assert isinstance(found, Unknown)
        assert found.why == f"{NEAR} lists {item.id} no more"

    played(script)


def test_one_venue_that_is_silent_silences_no_other() -> None:
    async def script(venues: DepthVenues) -> None:
        near, far = venues.at(NEAR), venues.at(FAR)
        for question in (near.balances, near.positions, near.open_orders, near.facts):
            with pytest.raises(VenueSilent):
                await question()
        for asked in (near.fills_since, near.income_since):
            with pytest.raises(VenueSilent):
                await asked(0)
        await near.cancel(buy())
        assert await far.balances()
        assert await far.fills_since(0) == []

    played(script, always(NEAR, reachable=False))


def test_an_answer_to_a_question_can_be_lost_on_its_way_back() -> None:
    async def script(venues: DepthVenues) -> None:
        with pytest.raises(VenueSilent, match="no answer came"):
            await venues.at(NEAR).balances()

    played(script, gone(100, 2000))


@pytest.mark.parametrize("carried_out", [True, False])
def test_after_an_error_of_the_venues_own_nobody_knows(carried_out: bool) -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ENDLESS))
        item = buy(order_id=drawn_id(carried_out=carried_out))
        outcome = await place(venues, item)
        assert isinstance(outcome, Unknown)
        assert outcome.filled.text() == "0 BTC"
        assert now_ms() == 140
        found = await venues.at(NEAR).find(item)
        assert traded(found)[0] == "0.1 BTC" if carried_out else code(found) == "order_not_found"

    played(script, always(server_errors=ONE))


def test_a_busy_venue_refuses_and_knows_nothing_of_it() -> None:
    async def script(venues: DepthVenues) -> None:
        outcome, found = await one_order(venues)
        assert code(outcome) == "venue_busy"
        assert code(found) == "order_not_found"
        assert await venues.at(NEAR).fills_since(0) == []

    played(script, always(rejects=ONE))


@pytest.mark.parametrize("amount", ["0.1", "0.00006", "0.25"])
def test_a_part_fills_in_whole_steps_where_others_were_faster(amount: str) -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ENDLESS))
        outcome = await place(venues, buy(amount))
        assert isinstance(outcome, Filled)
        assert outcome.final
        assert Decimal(0) < outcome.filled.value < Decimal(amount)
        assert outcome.filled.value % Decimal("0.00000001") == 0

    played(script, always(partial=ONE))


def test_what_has_no_part_is_filled_whole() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(PERPETUAL, bids=[("60000", "5")]))
        assert traded(await place(venues, order(PERPETUAL, Side.SELL, "0.001", "50000"))) == ("0.001 BTC", "60 USDT")

    played(script, always(partial=ONE))


def test_what_is_suspended_at_arrival_is_refused_and_no_longer() -> None:
    def conditions(_: str, at_ns: int) -> Conditions:
        suspended = frozenset({SPOT} if at(80) <= at_ns < at(1000) else ())
        return Conditions(order_ns=80 * MS, answer_ns=60 * MS, suspended=suspended)

    async def script(venues: DepthVenues) -> None:
        outcome, found = await one_order(venues)
        assert code(outcome) == code(found) == "instrument_suspended"
        await until(1000)
        assert traded(await place(venues, buy()))[0] == "0.1 BTC"

    played(script, conditions)


def test_what_a_venue_says_is_down_refuses_until_it_says_otherwise() -> None:
    def status(state: VenueState, whole: bool, venue: str = NEAR) -> VenueStatus:
        return VenueStatus(venue, None if whole else SPOT, state, "", START, START)

    async def answered(venues: DepthVenues) -> str:
        outcome = await place(venues, buy("0.001"))
        return code(outcome) if isinstance(outcome, Rejected) else "traded"

    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ENDLESS))
        venues.take(status(VenueState.DOWN, whole=True, venue=FAR))
        assert await answered(venues) == "traded"
        venues.take(status(VenueState.DOWN, whole=False))
        assert await answered(venues) == "instrument_suspended"
        venues.take(status(VenueState.DOWN, whole=True))
        venues.take(status(VenueState.UP, whole=False))
        assert await answered(venues) == "instrument_suspended"
        venues.take(status(VenueState.DEGRADED, whole=True))
        assert await answered(venues) == "traded"

    played(script)


def test_each_venue_is_as_far_as_its_conditions_say() -> None:
    def conditions(venue: str, at_ns: int) -> Conditions:
        return Conditions(order_ns=5 * MS, answer_ns=0) if venue == FAR and at_ns < at(10) else USUAL

    async def script(venues: DepthVenues) -> None:
        await venues.at(FAR).balances()
        assert now_ms() == 5
        await until(10)
        await venues.at(FAR).balances()
        assert now_ms() == 150

    played(script, conditions)


def test_the_same_orders_meet_the_same_fate_in_whatever_order_they_come() -> None:
    some = Decimal("0.3")
    mixed: ConditionsAt = always(server_errors=some, rejects=some, partial=some)
    orders = [buy("0.001", f"m{n}") for n in range(60)]

    async def script(venues: DepthVenues, order_of: list[Order]) -> dict[str, Outcome]:
        for n, item in enumerate(order_of):
            later(n * 1000, venues.take, depth(SPOT, asks=ENDLESS, ms=n * 1000))
            await until(n * 1000)
            await place(venues, item)
        return {item.id: await venues.at(NEAR).find(item) for item in orders}

    one = played(lambda venues: script(venues, orders), mixed)
    other = played(lambda venues: script(venues, orders[::-1]), mixed)
    assert one == other
    fates = [type(outcome).__name__ for outcome in one.values()]
    assert {"Filled", "Rejected"} <= set(fates)


def test_no_order_falls_on_a_share_of_nothing_and_every_one_on_all() -> None:
    ids = [f"o{n}" for n in range(400)]
    assert not any(falls_on("reject", each, Decimal(0)) for each in ids)
    assert all(falls_on("reject", each, ONE) for each in ids)
    assert 60 < sum(falls_on("reject", each, Decimal("0.2")) for each in ids) < 100
    assert 160 < sum(one_of_two("carried_out", each) for each in ids) < 240
    assert {part_of("part", each, 4) for each in ids} == {1, 2, 3}
    assert part_of("part", "o1", 1) == 1


def test_orders_of_two_legs_travel_side_by_side() -> None:
    async def script(venues: DepthVenues) -> None:
        venues.take(depth(SPOT, asks=ENDLESS))
        venues.take(depth(PERPETUAL, bids=[("60000", "5")]))
        legs = (buy(), order(PERPETUAL, Side.SELL, "0.1", "50000", leg=1))
        assert [traded(o)[0] for o in await asyncio.gather(*(place(venues, leg) for leg in legs))] == ["0.1 BTC"] * 2
        assert now_ms() == 140

    played(script)
