"""What is older by the venue's clock never takes the place of what is newer, in whatever order it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, FundingRate, FxKind, FxRate, Level, Mark, MarketEvent, Top, VenueState
from karb_core.domain.market import VenueStatus as Status
from karb_core.wiring.latest import Latest

PERP = Instrument("binance_usdm", "BTC", "USDT")
D = Decimal


def top(at: int) -> Top:
    return Top(PERP, D(at), D(1), D(at + 1), D(1), at, at)


def depth(at: int) -> Depth:
    return Depth(PERP, (Level(D(at), D(1)),), (Level(D(at + 1), D(1)),), at, at)


def mark(at: int) -> Mark:
    return Mark(PERP, D(at), None, at, at)


def funding(at: int) -> FundingRate:
    return FundingRate(PERP, D(at), 99, False, None, at, at)


def rate(at: int) -> FxRate:
    return FxRate("USDT", "KRW", D(at), "x", FxKind.MARKET, at, at)


def of(latest: Latest) -> list[int]:
    view = latest.view(100)
    kept = (*view.tops.values(), *view.marks.values(), *view.funding.values(), *view.rates.values())
    return [each.venue_at_ns for each in kept]


@pytest.mark.parametrize("made", [top, depth, mark, funding])
@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_the_newest_stays_in_whatever_order_they_come(
    made: Callable[[int], MarketEvent], order: tuple[int, ...]
) -> None:
    latest = Latest()
    for at in order:
        latest.take(made(at))
    assert of(latest) == [3]


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_so_it_is_for_rates_each_at_its_seat(order: tuple[int, ...]) -> None:
    latest = Latest()
    latest.rate("money", rate(2))
    for at in order:
        latest.rate("premium", rate(at))
    assert {seat: each.venue_at_ns for seat, each in latest.view(100).rates.items()} == {"money": 2, "premium": 3}


def test_of_one_time_the_later_word_counts() -> None:
    latest = Latest()
    latest.take(top(5))
    latest.take(replace(top(5), bid=D(4)))
    assert latest.tops[PERP].bid == 4


def test_tops_and_books_are_one_thing() -> None:
    latest = Latest()
    latest.take(depth(5))
    latest.take(top(4))
    assert of(latest) == [5]
    latest.take(top(6))
    latest.take(depth(5))
    assert of(latest) == [6]


def test_a_book_with_an_empty_side_takes_the_price_away_until_there_is_one_again() -> None:
    latest = Latest()
    latest.take(depth(5))
    latest.take(replace(depth(4), asks=()))
    assert of(latest) == [5]
    latest.take(replace(depth(6), asks=()))
    assert of(latest) == []
    latest.take(depth(7))
    assert of(latest) == [7]


def test_what_was_handed_on_does_not_change() -> None:
    latest = Latest()
    latest.take(top(5))
    view = latest.view(100)
    latest.take(top(6))
    assert (view.as_of_ns, view.tops[PERP].venue_at_ns) == (100, 5)


def test_a_venue_and_each_of_its_instruments_have_a_state_of_their_own() -> None:
    latest = Latest()
    latest.take(Status("binance_usdm", None, VenueState.UP, "", 1, 1))
    latest.take(Status("binance_usdm", PERP, VenueState.DOWN, "", 1, 1))
    assert [each.state for each in latest.status.values()] == [VenueState.UP, VenueState.DOWN]
