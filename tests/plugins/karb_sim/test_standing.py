from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.market import Level
from karb_core.domain.orders import Side
from karb_sim.standing import Standing
from tests.plugins.karb_sim.depth_stage import depth, top
from tests.venue.accounts import SPOT

ASKS = [("100", "1"), ("101", "2"), ("102", "3")]
BIDS = [("99", "1"), ("98", "2")]


def facing(standing: Standing, side: Side = Side.BUY) -> list[tuple[str, str]]:
    return [(str(price), str(amount)) for price, amount in standing.offers(SPOT, 0).facing(side)]


def told(*, ms: float = 5) -> Standing:
    standing = Standing()
    standing.take_depth(depth(SPOT, bids=BIDS, asks=ASKS, ms=ms))
    return standing


def test_nothing_is_offered_before_anything_was_told() -> None:
    assert facing(Standing()) == facing(Standing(), Side.SELL) == []


def test_where_only_a_top_is_told_it_is_a_depth_of_one_level() -> None:
    standing = Standing()
    standing.take_top(top(SPOT, ("99", "1"), ("100", "4"), ms=1))
    standing.take_top(top(SPOT, ("99", "1"), ("101", "2"), ms=2))
    assert facing(standing) == [("101", "2")]
    assert facing(standing, Side.SELL) == [("99", "1")]


def test_a_top_of_the_time_of_a_depth_or_before_says_nothing_new() -> None:
    standing = told(ms=5)
    for ms in (4, 5):
        standing.take_top(top(SPOT, ("90", "1"), ("110", "1"), ms=ms))
    assert facing(standing) == ASKS
    assert facing(standing, Side.SELL) == BIDS


def test_a_later_top_moves_the_best_levels_and_keeps_what_lies_behind() -> None:
    standing = told(ms=5)
    standing.take_top(top(SPOT, ("98", "0.5"), ("100.5", "7"), ms=6))
    assert facing(standing) == [("100.5", "7"), ("101", "2"), ("102", "3")]
    assert facing(standing, Side.SELL) == [("98", "0.5")]


def test_a_later_top_of_the_same_price_says_how_much_is_there_now() -> None:
    standing = told(ms=5)
    standing.take_top(top(SPOT, ("99", "1"), ("100", "0.25"), ms=6))
    assert facing(standing) == [("100", "0.25"), ("101", "2"), ("102", "3")]


def test_a_depth_that_is_older_than_the_top_does_not_undo_it() -> None:
    standing = told(ms=5)
    standing.take_top(top(SPOT, ("99", "1"), ("101", "7"), ms=9))
    standing.offers(SPOT, 0).take(Side.BUY, [Level(Decimal(101), Decimal(3))])
    standing.take_depth(depth(SPOT, bids=BIDS, asks=[("100", "1"), ("101", "9"), ("103", "5")], ms=8))
    assert facing(standing) == [("101", "4"), ("103", "5")]


def test_a_depth_that_comes_late_changes_nothing() -> None:
    standing = told(ms=5)
    standing.take_depth(depth(SPOT, asks=[("1", "1")], ms=4))
    assert facing(standing) == ASKS


def test_what_is_told_twice_does_not_bring_back_what_was_taken() -> None:
    standing = told(ms=5)
    standing.offers(SPOT, 0).take(Side.BUY, [Level(Decimal(100), Decimal(1))])
    standing.take_depth(depth(SPOT, bids=BIDS, asks=ASKS, ms=5))
    assert facing(standing) == ASKS[1:]
    standing.take_depth(depth(SPOT, bids=BIDS, asks=ASKS, ms=6))
    assert facing(standing) == ASKS


def test_a_top_that_is_told_twice_does_not_either() -> None:
    standing = Standing()
    for _ in range(2):
        standing.take_top(top(SPOT, ("99", "1"), ("100", "4"), ms=1))
        if facing(standing) == [("100", "4")]:
            standing.offers(SPOT, 0).take(Side.BUY, [Level(Decimal(100), Decimal(1))])
    assert facing(standing) == [("100", "3")]


def test_a_side_on_which_nothing_is_told_is_empty_and_nothing_lies_behind_it() -> None:
    standing = told(ms=5)
    standing.take_top(top(SPOT, ("99", "1"), ("0", "0"), ms=6))
    assert facing(standing) == []


def test_behind_an_empty_side_lies_nothing_that_came_before_it() -> None:
    standing = told(ms=5)
    for ms, ask in ((6, ("0", "0")), (7, ("101", "2"))):
        standing.take_top(top(SPOT, ("99", "1"), ask, ms=ms))
    assert facing(standing) == [("101", "2")]


prices = st.lists(st.tuples(st.sampled_from([0, 95, 96, 97, 98, 99]), st.sampled_from([0, 100, 101, 102, 103])))


@given(prices, st.sets(st.integers(0, 100)))
def test_what_is_offered_is_the_same_whenever_it_is_asked_for(tops: list[tuple[int, int]], asked: set[int]) -> None:
    one, other = told(ms=5), told(ms=5)
    for n, (bid, ask) in enumerate(tops * 9):
        for standing in (one, other):
            standing.take_top(top(SPOT, (str(bid), str(n % 3)), (str(ask), str(n % 4)), ms=6 + n))
        facing(one)
        if n in asked:
            facing(other)
    for side in Side:
        assert facing(one, side) == facing(other, side)
