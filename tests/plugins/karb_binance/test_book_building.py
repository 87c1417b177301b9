"""A book that is told is the venue's own, whatever is lost, comes twice or in another order; or none is told."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from karb_binance.book_building import BookBuilding, Change, Snapshot
from karb_core.domain.market import Level
from tests.plugins.karb_binance.market_told import BTC

D = Decimal
Sides = tuple[tuple[Level, ...], tuple[Level, ...]]


class Venue:
    """A book that changes; ids rise by more than one, as other markets have some of them."""

    def __init__(self, moves: list[tuple[int, int, int]]) -> None:
        bids, asks = {D(100 - n): D(1) for n in range(5)}, {D(101 + n): D(1) for n in range(5)}
        self.snapshots = [self._shot(100, bids, asks)]
        self.changes: list[Change] = []
        for at, (place, amount, step) in enumerate(moves, 1):
            side, price = (bids, D(100 - place)) if amount % 2 else (asks, D(101 + place))
            side[price] = D(amount)
            if not amount:
                del side[price]
            before = self.snapshots[-1].last
            level = (Level(price, D(amount)),)
            both = (level, ()) if amount % 2 else ((), level)
            self.changes.append(Change(before + step, before, *both, at))
            self.snapshots.append(self._shot(before + step, bids, asks))

    def at(self, venue_at_ns: int) -> Sides:
        shot = self.snapshots[venue_at_ns]
        return tuple(sorted(shot.bids, reverse=True)), tuple(sorted(shot.asks))

    def _shot(self, last: int, bids: dict[D, D], asks: dict[D, D]) -> Snapshot:
        at_ns = len(self.snapshots) if hasattr(self, "snapshots") else 0
        offered, asked = (tuple(Level(*each) for each in side.items()) for side in (bids, asks))
        return Snapshot(last, offered, asked, at_ns, 1000)


MOVES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(2, 9)), min_size=1, max_size=30)


@settings(max_examples=300, deadline=None)
@given(MOVES, st.data())
def test_in_any_order_with_any_loss_it_is_the_venues_book_or_none(
    moves: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    venue = Venue(moves)
    book = BookBuilding(BTC)
    came = data.draw(st.lists(st.integers(0, len(moves) - 1), max_size=60))
    shots = data.draw(st.dictionaries(st.integers(0, 60), st.integers(0, len(moves)), max_size=12))
    for step, which in enumerate(came):
        if step in shots:
            book.begin_from(venue.snapshots[shots[step]])
        book.changed(venue.changes[which])
        told = book.told(9)
        if told is not None:
            assert (told.bids, told.asks) == venue.at(told.venue_at_ns)


@settings(max_examples=200, deadline=None)
@given(MOVES, st.data())
def test_without_loss_it_is_told_from_the_first_change_that_leads_on(
    moves: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    venue = Venue(moves)
    book = BookBuilding(BTC)
    shot = data.draw(st.integers(0, len(moves) - 1))
    answered = data.draw(st.integers(shot, len(moves) - 1))
    for at, change in enumerate(venue.changes):
        assert book.changed(change)
        if at == answered:
            assert book.begin_from(venue.snapshots[shot])
        told = book.told(9)
        assert (told is not None) == (at >= answered)
        assert told is None or (told.bids, told.asks) == venue.at(at + 1)


def test_a_gap_takes_the_book_away_until_a_newer_snapshot() -> None:
    venue = Venue([(0, 1, 3), (1, 3, 3), (0, 5, 3), (0, 2, 3), (0, 4, 3)])
    book = BookBuilding(BTC)
    book.begin_from(venue.snapshots[0])
    assert book.told(9) is None, "nothing has led on from it"
    assert book.changed(venue.changes[0])
    assert book.told(9) is not None
    assert not book.changed(venue.changes[2])
    assert book.told(9) is None
    assert not book.begin_from(venue.snapshots[1]), "older than the change that waits"
    assert book.begin_from(venue.snapshots[2])
    found = book.told(9)
    assert found is not None
    assert (found.bids, found.asks) == venue.at(3)


def test_a_snapshot_older_than_what_waits_keeps_it_waiting() -> None:
    venue = Venue([(0, 1, 3), (1, 3, 3), (0, 5, 3)])
    book = BookBuilding(BTC)
    book.changed(venue.changes[1])
    book.changed(venue.changes[2])
    assert not book.begin_from(venue.snapshots[0])
    assert book.begin_from(venue.snapshots[1])
    assert book.told(9) is not None


def test_what_lies_beyond_a_full_snapshot_is_not_told() -> None:
    """A side of as many levels as were asked for may go on: fewer than are told are not the whole."""
    bids = tuple(Level(D(1000 - n), D(1)) for n in range(101))
    asks = tuple(Level(D(2000 + n), D(1)) for n in range(101))
    book = BookBuilding(BTC)
    book.begin_from(Snapshot(5, bids, asks, 1, 101))
    assert book.changed(Change(8, 5, (Level(D(1000), D(0)),), (), 2))
    found = book.told(9)
    assert found is not None
    assert len(found.bids) == 100
    assert book.changed(Change(11, 8, (Level(D(999), D(0)), Level(D(500), D(7))), (), 3))
    assert book.told(9) is None, "between 900 and 500 there may be more"


def test_a_book_that_crosses_is_not_told() -> None:
    venue = Venue([(0, 1, 3)])
    book = BookBuilding(BTC)
    book.begin_from(venue.snapshots[0])
    book.changed(Change(103, 100, (Level(D(101), D(1)),), (), 2))
    assert book.leads_on
    assert book.told(9) is None
