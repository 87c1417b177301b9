"""What `sim.depth` books: nothing is lost to the last digit, and a run that goes on has the same accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, Unknown
from karb_core.ports.simulated import DepthVenues
from karb_core.venue.book import VenueBook
from karb_core.venue.forced import Forced
from tests.plugins.karb_sim.depth_stage import (
    FAR,
    MS,
    NEAR,
    START,
    accounts,
    always,
    at,
    depth,
    funding,
    mark,
    now_ms,
    place,
    played,
    traded,
    until,
)
from tests.venue.accounts import PERPETUAL, SPOT, order

SOME = Decimal("0.2")
ROUGH = always(server_errors=SOME, rejects=SOME, partial=SOME)
KINDS = {SPOT: InstrumentKind.SPOT, PERPETUAL: InstrumentKind.PERPETUAL}
Step = tuple[str, Side, int, int]
steps = st.tuples(
    st.sampled_from(["near", "far", "far", "mark", "fund", "force"]),
    st.sampled_from(Side),
    st.integers(1, 400),
    st.integers(40_000, 80_000),
)


@dataclass(frozen=True)
class Lived:
    """What there was at the end, and the answers in their order."""

    books: Mapping[str, VenueBook]
    outcomes: tuple[Outcome, ...]
    asked: Mapping[str, Outcome]


async def trade(venues: DepthVenues, item: Order, price: int) -> Outcome:
    """At three levels around a price, none of them round."""
    around = [(str(exact.mul(Decimal(price), Decimal(f"1.000{n}"))), f"0.0{n}7") for n in (1, 2, 3)]
    below = [(str(exact.mul(Decimal(price), Decimal(f"0.999{n}"))), f"0.0{n}7") for n in (3, 2, 1)]
    venues.take(depth(item.instrument, bids=below, asks=around, ms=now_ms()))
    return await place(venues, item)


async def live(venues: DepthVenues, script: list[Step]) -> Lived:
    outcomes: list[Outcome] = []
    for n, (what, side, size, price) in enumerate(script):
        amount = exact.mul(Decimal(size), Decimal("0.001"))
        match what:
            case "near" | "far":
                instrument, of = (SPOT, price * 1000) if what == "near" else (PERPETUAL, price)
                limit = of * 2 if side is Side.BUY else of // 2 // 1000 * 1000
                item = order(instrument, side, amount, str(limit), id=f"l{n}-{size}-{price}")
                outcomes.append(await trade(venues, item, of))
            case "mark":
                venues.take(mark(str(price), ms=now_ms()))
            case "fund":
                venues.take(mark(str(price), ms=now_ms()))
                venues.take(funding(str(exact.mul(side.sign, exact.mul(amount, Decimal("0.01")))), now_ms()))
            case "force":
                venues.take(mark(str(price), ms=now_ms()))
                venues.force(Forced.DELEVERAGING, PERPETUAL, min(amount, Decimal(1)))
        await until(now_ms() + 1)
    asked = {o.order.id: await venues.at(o.order.instrument.venue).find(o.order) for o in outcomes}
    return Lived(venues.books, tuple(outcomes), asked)


@given(st.lists(steps, max_size=14), st.integers(1, 7), st.integers(1, 200_000))
@settings(max_examples=60, deadline=None)
def test_opening_fills_fees_and_funding_are_what_there_is(script: list[Step], leverage: int, last: int) -> None:
    lived = played(lambda venues: live(venues, script), ROUGH, str(leverage))
    for book in lived.books.values():
        holdings = Holdings(inventory={})
        for fill in book.fills_since(0):
            holdings = holdings.with_fill(fill, KINDS[fill.instrument])
        for income in book.income_since(0):
            holdings = holdings.with_funding(book.terms.venue, income.received)
        result = Fraction(holdings.position(PERPETUAL).result(Decimal(last))) if book.terms.venue == FAR else 0
        unrealised = book.unrealised(PERPETUAL, Decimal(last)).value if book.terms.venue == FAR else Decimal(0)
        for account, balance in book.balances().items():
            booked = Fraction(book.terms.opening[account.asset]) + Fraction(holdings.balance(*account).value)
            assert Fraction(balance.free) + Fraction(balance.locked) + Fraction(unrealised) == booked + result
            assert balance.free >= 0 or book.terms.venue == FAR


@given(st.lists(steps, max_size=14), st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_what_goes_on_has_the_accounts_of_what_never_stopped(script: list[Step], leverage: int) -> None:
    lived = played(lambda venues: live(venues, script), ROUGH, str(leverage))
    fills = [fill for book in lived.books.values() for fill in book.fills_since(0)]
    incomes = [income for book in lived.books.values() for income in book.income_since(0)]

    async def again(venues: DepthVenues) -> None:
        venues.go_on(lived.outcomes, fills, incomes)
        for name, book in lived.books.items():
            executor = venues.at(name)
            assert await executor.balances() == book.balances()
            assert await executor.positions() == book.positions()
            assert await executor.fills_since(0) == book.fills_since(0)
            assert await executor.income_since(0) == book.income_since(0)
            times = {fill.venue_at_ns for fill in fills} | {income.venue_at_ns for income in incomes}
            for at_ns in times if name == FAR else ():
                assert venues.books[name].held(PERPETUAL, at_ns) == book.held(PERPETUAL, at_ns)
        for item, found in ((o.order, lived.asked[o.order.id]) for o in lived.outcomes):
            now = await venues.at(item.instrument.venue).find(item)
            assert now == found or _is_refused(now, found) or _ended_unfilled_unseen(now, found)

    played(again, ROUGH, str(leverage))


def _is_refused(now: Outcome, found: Outcome) -> bool:
    """A busy venue does not know what it refused; the ledger does."""
    return isinstance(now, Rejected) and isinstance(found, Rejected)


def _ended_unfilled_unseen(now: Outcome, found: Outcome) -> bool:
    """Nothing says that an order came whose answer was lost and of which nothing traded: it comes to the same."""
    return isinstance(now, Rejected) and isinstance(found, Filled) and not found.filled.value


@given(st.lists(steps, max_size=8))
@settings(max_examples=20, deadline=None)
def test_the_same_run_twice_is_the_same(script: list[Step]) -> None:
    one, other = (played(lambda venues: live(venues, script), ROUGH) for _ in range(2))
    assert (one.outcomes, one.asked) == (other.outcomes, other.asked)
    for name, book in one.books.items():
        assert book.fills_since(0) == other.books[name].fills_since(0)
        assert book.balances() == other.books[name].balances()


def test_a_ledger_that_was_cut_off_between_an_answer_and_its_fills_goes_on() -> None:
    item = order(SPOT, Side.BUY, "0.3", "95000000")
    told = Filled(item, SPOT.amount(Decimal("0.3")), Amount(Decimal(27_200_000), "KRW"), final=True)

    async def script(venues: DepthVenues) -> None:
        await until(1000)
        venues.go_on([told], [], [])
        near = venues.at(NEAR)
        assert await near.find(item) == told
        fills = await near.fills_since(at(1000))
        assert sum(Fraction(fill.amount.value) for fill in fills) == Fraction(3, 10)
        assert (await near.balances())[Account(NEAR, "KRW")].free == Decimal(45_000_000 - 27_200_000 - 13_600)

    played(script)


def test_an_order_that_was_on_its_way_when_the_run_ended_never_arrived() -> None:
    item = order(SPOT, Side.BUY, "0.3", "95000000")
    sent = Unknown(item, "no answer", Amount.zero("BTC"), Amount.zero("KRW"))

    async def script(venues: DepthVenues) -> None:
        venues.go_on([sent], [], [])
        found = await venues.at(NEAR).find(item)
        assert isinstance(found, Rejected)
        assert found.code == "order_not_found"

    played(script)


def test_an_id_of_an_earlier_run_is_still_taken() -> None:
    item = order(SPOT, Side.BUY, "0.3", "95000000")
    ended = Filled(item, Amount.zero("BTC"), Amount.zero("KRW"), final=True)

    async def script(venues: DepthVenues) -> None:
        venues.go_on([ended], [], [])
        outcome = await place(venues, item)
        assert isinstance(outcome, Rejected)
        assert outcome.code == "duplicate_order_id"

    played(script)


def test_what_was_told_before_a_restart_stays_known_while_nobody_answers() -> None:
    item = order(SPOT, Side.BUY, "0.3", "95000000")
    told = Filled(item, SPOT.amount(Decimal("0.3")), Amount(Decimal(27_000_000), "KRW"), final=True)

    async def script(venues: DepthVenues) -> None:
        venues.go_on([told], [], [])
        found = await venues.at(NEAR).find(item)
        assert isinstance(found, Unknown)
        assert found.filled == told.filled

    played(script, always(reachable=False))


def test_a_position_that_went_on_is_funded_and_liquidated_as_if_it_had_never_stopped() -> None:
    async def first(venues: DepthVenues) -> Lived:
        return await live(venues, [("far", Side.SELL, 30, 60_000)])

    lived = played(first, leverage="5")

    async def script(venues: DepthVenues) -> None:
        venues.go_on(lived.outcomes, lived.books[FAR].fills_since(0), [])
        held = lived.books[FAR].amount(PERPETUAL)
        await until(1000)
        venues.take(mark("60000", ms=1000))
        venues.take(funding("0.0001", 1000))
        (income,) = await venues.at(FAR).income_since(0)
        assert income.received.value == exact.mul(exact.absolute(held), Decimal(6))
        venues.take(mark("75000", ms=now_ms()))
        assert await venues.at(FAR).positions() == {}

    assert traded(lived.outcomes[0])[0] == "0.03 BTC"
    played(script, leverage="5")


def test_only_what_nothing_was_placed_at_goes_on() -> None:
    async def script(venues: DepthVenues) -> None:
        await trade(venues, order(SPOT, Side.BUY, "0.01", "95000000"), 90_000_000)
        with pytest.raises(ValueError, match="fresh"):
            venues.go_on([], [], [])

    played(script)


def test_a_ledger_of_other_venues_is_refused() -> None:
    async def first(venues: DepthVenues) -> Lived:
        return await live(venues, [("far", Side.SELL, 30, 60_000)])

    fills = played(first).books[FAR].fills_since(0)

    async def script(venues: DepthVenues) -> None:
        elsewhere = replace(fills[0], instrument=replace(PERPETUAL, venue="bithumb"))
        with pytest.raises(LookupError, match="no account"):
            venues.go_on([], [elsewhere], [])

    played(script)


def test_accounts_open_with_what_their_terms_say() -> None:
    async def script(venues: DepthVenues) -> None:
        for terms in accounts():
            balances = await venues.at(terms.venue).balances()
            assert {account.asset: b.free for account, b in balances.items()} == terms.opening
        assert now_ms() == 2 * 140
        assert at(280) == START + 280 * MS

    played(script)
