"""A book is told on unless it is older than one that was; one that crosses takes the price away."""

from __future__ import annotations

from decimal import Decimal

from karb_core.connection.books_told import BooksTold
from karb_core.connection.standing import Standing
from karb_core.domain.market import Depth, Level, VenueState
from tests.connection.orders_here import BTC


def book(bid: int, ask: int, at_ns: int) -> Depth:
    one = Decimal(1)
    return Depth(BTC, (Level(Decimal(bid), one),), (Level(Decimal(ask), one),), at_ns, at_ns)


def test_an_older_book_is_passed_over_and_one_of_the_same_time_is_told() -> None:
    told: list[Depth] = []
    books = BooksTold(Standing(lambda _: None, "somewhere", ("books",)), told.append)
    for each in (book(10, 11, 5), book(9, 11, 4), book(8, 11, 5)):
        books.tell(each)
    assert told == [book(10, 11, 5), book(8, 11, 5)]
    assert (books.older, books.last[BTC]) == (1, book(8, 11, 5))


def test_a_book_that_crosses_or_locks_is_told_as_one_without_a_price() -> None:
    told: list[Depth] = []
    states: list[VenueState] = []
    books = BooksTold(Standing(lambda s: states.append(s.state), "somewhere", ("books",)), told.append)
    for bid in (11, 12):
        books.tell(book(bid, 11, bid))
    assert [(each.bids, each.asks) for each in told] == [((), ())] * 2
    assert (books.crossed, states) == (2, [VenueState.DEGRADED])
    books.tell(book(10, 11, 13))
    assert told[-1] == book(10, 11, 13)
