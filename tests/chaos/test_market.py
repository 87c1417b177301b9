"""The same seed draws the same market, on the ticks of its venues, whatever the weather."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side
from tests.chaos.market import Market, Scene, Weather
from tests.chaos.places import FAR, NEAR, START, listings
from tests.venue.accounts import facts

SECOND = 1_000_000_000


def market(seed: int = 1, *scenes: Scene) -> Market:
    return Market(seed, START, listings(), scenes)


def spread(of: Market, instrument: Instrument, at_ns: int) -> Decimal:
    depth = of.depth(instrument, at_ns)
    return exact.sub(depth.asks[0].price, depth.bids[0].price)


def offered(of: Market, instrument: Instrument, at_ns: int) -> Decimal:
    return of.depth(instrument, at_ns).within(Side.BUY, Decimal(10**12))


@given(seed=st.integers(0, 2**32), weather=st.sampled_from(Weather), second=st.integers(0, 60))
def test_every_book_is_sound_and_on_the_steps_of_its_venue(seed: int, weather: Weather, second: int) -> None:
    of = market(seed, Scene(weather, START + SECOND, START + 50 * SECOND))
    for instrument in (NEAR, FAR):
        depth = of.depth(instrument, START + second * SECOND)
        top, stated = depth.top(), facts(instrument)
        assert top is not None
        assert top.sound
        assert [level.price for level in depth.asks] == sorted({level.price for level in depth.asks})
        assert [-level.price for level in depth.bids] == sorted({-level.price for level in depth.bids})
        for price, amount in (*depth.bids, *depth.asks):
            assert amount > 0
            assert exact.floor_to(amount, stated.amount_step) == amount
            assert exact.floor_to(price, stated.tick_at(price)) == price
        assert top.bid <= of.mark(instrument, START + second * SECOND) <= top.ask


def test_the_same_seed_gives_the_same_books_in_whatever_order_they_are_asked_for() -> None:
    one, two = market(7), market(7)
    times = [START + n * SECOND // 3 for n in range(90)]
    forth = [one.depth(NEAR, at_ns) for at_ns in times]
    back = [two.depth(NEAR, at_ns) for at_ns in reversed(times)]
    assert forth == back[::-1]
    assert forth != [market(8).depth(NEAR, at_ns) for at_ns in times]


def test_books_stand_still_and_then_jump() -> None:
    of = market()
    change = of.next_change(START)
    assert START + SECOND // 10 <= change <= START + SECOND * 6 // 10
    assert of.depth(FAR, START) == of.depth(FAR, change - 1)
    assert of.depth(FAR, change) != of.depth(FAR, change - 1)
    assert (of.step_at(change - 1), of.step_at(change)) == (START, change)


def test_a_crash_takes_a_third_of_the_price_and_gives_it_back() -> None:
    scene = Scene(Weather.CRASH, START + 10 * SECOND, START + 20 * SECOND, FAR)
    crashed, calm = market(3, scene), market(3)
    for second, fallen in ((9, False), (15, True), (21, False)):
        at_ns = START + second * SECOND
        deeper = crashed.mark(FAR, at_ns) < exact.mul(calm.mark(FAR, at_ns), Decimal("0.75"))
        assert deeper is fallen
        assert crashed.depth(NEAR, at_ns) == calm.depth(NEAR, at_ns)


def test_a_wide_book_has_ten_times_the_spread_and_a_thin_one_a_tenth_of_the_depth() -> None:
    at_ns = START + 5 * SECOND
    wide = market(3, Scene(Weather.WIDE, START, START + 60 * SECOND))
    thin = market(3, Scene(Weather.THIN, START, START + 60 * SECOND))
    assert spread(wide, NEAR, at_ns) == exact.mul(spread(market(3), NEAR, at_ns), Decimal(10))
    assert offered(thin, NEAR, at_ns) <= exact.mul(offered(market(3), NEAR, at_ns), Decimal("0.1"))


def test_a_stale_book_is_told_as_it_was_while_the_market_goes_on() -> None:
    since, until = START + 5 * SECOND, START + 15 * SECOND
    of = market(3, Scene(Weather.STALE, since, until, NEAR))
    late = until - 1
    assert of.told(NEAR, late) == of.depth(NEAR, since) != of.depth(NEAR, late)
    assert of.told(FAR, late) == of.depth(FAR, late)
    assert of.told(NEAR, until) == of.depth(NEAR, until)


def test_there_is_no_market_before_it_began() -> None:
    with pytest.raises(ValueError, match="before it began"):
        market().depth(NEAR, START - 1)
