"""A local venue behind its wires: what is true there, whatever is asked of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.market import Depth, Level
from karb_core.domain.orders import Filled, Order, Rejected, Side, TimeInForce
from karb_core.venue.matching import takes
from karb_lab.account import State
from karb_lab.happened import Happened, OrderChanged, Printed, Step
from karb_lab.made_up import MadeUp
from karb_lab.upbit.account import upbit_account
from karb_lab.venue import Venue
from karb_lab.wanted import How, Wanted
from tests.plugins.karb_lab.running import BTC, OPENING, PERPETUAL, Still, futures, upbit


def stage() -> Venue:
    venue, _ = upbit(Still())
    return venue


def depth(bid: int, ask: int, amount: str = "0.5") -> Depth:
    one = Decimal(amount)
    return Depth(BTC, (Level(Decimal(bid), one),), (Level(Decimal(ask), one),), 0, 0)


def wanted(number: int, side: Side, amount: str, limit: int, how: How) -> Wanted:
    order = Order(
        id=f"o{number}",
        intent_id=f"o{number}",
        leg=0,
        instrument=BTC,
        side=side,
        amount=BTC.amount(Decimal(amount)),
        limit=BTC.price(Decimal(limit)),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )
    said = {"ord_type": "limit", "price": str(limit), "time_in_force": None, "smp_type": "cancel_maker"}
    return Wanted(order, how, None, said)


@pytest.mark.parametrize(
    ("how", "filled", "state"),
    [
        (How.REST, "0.1", State.OPEN),
        (How.NOW, "0.1", State.ENDED),
        (How.WHOLE, "0", State.ENDED),
        (How.MAKER, "0", State.ENDED),
    ],
)
def test_an_order_that_finds_half_of_what_it_wants(how: How, filled: str, state: State) -> None:
    venue = stage()
    (account,) = venue.accounts.values()
    venue.quote(depth(124_000_000, 124_100_000, "0.1"))
    ticket = venue.place(account, wanted(1, Side.BUY, "0.2", 124_100_000, how))
    assert not isinstance(ticket, Rejected)
    assert (ticket.outcome.filled.value, ticket.state) == (Decimal(filled), state)


def test_what_an_order_takes_is_gone_from_the_book_and_is_seen_on_the_tape() -> None:
    venue = stage()
    (account,) = venue.accounts.values()
    venue.quote(depth(124_000_000, 124_100_000))
    heard: list[Happened] = []
    venue.listen(heard.append)
    venue.place(account, wanted(1, Side.BUY, "0.2", 124_100_000, How.REST))
    assert venue.market[BTC].offers.facing(Side.BUY)[0].amount == Decimal("0.3")
    (done,) = [one.print for one in heard if isinstance(one, Printed)]
    assert (done.price, done.amount, done.taker) == (Decimal(124_100_000), Decimal("0.2"), Side.BUY)
    assert [one.step for one in heard if isinstance(one, OrderChanged)] == [Step.TRADED, Step.ENDED]


def test_two_accounts_are_served_from_one_book() -> None:
    accounts = [upbit_account(name, name, "secret", OPENING, ("BTC",)) for name in ("one", "two")]
    venue = Venue(accounts, Still())
    venue.quote(depth(124_000_000, 124_100_000, "0.1"))
    first, second = (
        venue.place(account, wanted(at, Side.BUY, "0.08", 124_100_000, How.NOW)) for at, account in enumerate(accounts)
    )
    assert not isinstance(first, Rejected)
    assert not isinstance(second, Rejected)
    assert (first.outcome.filled.text(), second.outcome.filled.text()) == ("0.08 BTC", "0.02 BTC")
    with pytest.raises(ValueError, match="two accounts with one key"):
        Venue([accounts[0], accounts[0]], Still())


def test_the_same_seed_makes_the_same_market() -> None:
    def walked(seed: str) -> list[Decimal]:
        venue = stage()
        market = MadeUp(venue.facts[BTC], Decimal(124_350_000), Decimal(20_000_000), seed)
        for _ in range(50):
            market.step(venue)
        return [one.price for one in list(venue.market[BTC].tape.prints())[:50]]

    assert walked("a") == walked("a")
    assert walked("a") != walked("b")
    assert len(set(walked("a"))) > 5


acts = st.lists(
    st.tuples(
        st.sampled_from(["place", "cancel", "quote"]),
        st.sampled_from(Side),
        st.integers(1, 80),
        st.integers(0, 40),
        st.sampled_from(How),
    ),
    max_size=40,
)


@given(acts)
@settings(max_examples=60, deadline=None)
def test_whatever_is_asked_tickets_and_books_agree_and_nothing_rests_inside_the_book(
    told: list[tuple[str, Side, int, int, How]],
) -> None:
    venue = Venue([upbit_account("owner", "key", "secret", OPENING, ("BTC",))], Still())
    (account,) = venue.accounts.values()
    venue.quote(depth(124_000_000, 124_020_000))
    for number, (what, side, size, step, how) in enumerate(told):
        price = 124_000_000 + 1000 * step
        if what == "place":
            venue.place(account, wanted(number, side, str(Decimal(size).scaleb(-3)), price, how))
        elif what == "quote":
            venue.quote(depth(price - 1000 * (size % 9), price + 1000, str(Decimal(size).scaleb(-3))))
        elif ticket := next((one for one in account.tickets() if one.state is State.OPEN), None):
            assert venue.cancel(account, ticket, "user")
    fills = account.book.fills_since(0)
    for ticket in account.tickets():
        mine = [fill for fill in fills if fill.order_id == ticket.id]
        assert ticket.outcome.filled.value == exact.total(fill.amount.value for fill in mine)
        assert [trade.fill for trade in ticket.trades] == mine
        assert (ticket.state is State.OPEN) == (ticket.id in account.book.resting())
        outcome = account.book.outcome_of(ticket.id)
        assert isinstance(outcome, Filled)
        assert (outcome.filled, outcome.cost, outcome.final) == (
            ticket.outcome.filled,
            ticket.outcome.cost,
            ticket.outcome.final,
        )
    offers = venue.market[BTC].offers
    for resting in account.book.resting().values():
        assert takes(resting.order, None, offers.facing(resting.order.side), Decimal("0.00000001")) == ()


def test_a_made_up_perpetual_is_marked_and_funded_every_eight_hours() -> None:
    clock = Still()
    venue, (market, _) = futures(clock)
    market.quote(venue)
    quoted = venue.market[PERPETUAL]
    assert quoted.mark is not None
    assert quoted.funding is not None
    assert quoted.funding.settles_at_ns == 1_795_248_000_000_000_000
    clock.at_ns = quoted.funding.settles_at_ns
    market.step(venue)
    assert [(settled.settles_at_ns, settled.rate) for settled, _ in quoted.settled] == [
        (clock.at_ns, quoted.funding.rate)
    ]
    assert quoted.funding.settles_at_ns == 1_795_276_800_000_000_000
