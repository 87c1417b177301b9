"""What other hands do on karb's account: its owner in the venue's app, another karb, the venue itself."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Fill, Order, Outcome, Side, TimeInForce
from karb_core.venue.forced import Forced
from tests.chaos.truth import Truth


def owner_trades(truth: Truth, instrument: Instrument, side: Side, amount: Decimal, at_ns: int) -> Outcome:
    """The owner buys or sells by hand, at whatever is offered. The order id is the venue's own (`web_...`)."""
    return truth.execute(_marketable(truth, f"web_{at_ns}", instrument, side, amount, at_ns), at_ns, "owner")


def other_desk_trades(
    truth: Truth, instrument: Instrument, side: Side, amount: Decimal, at_ns: int, mark: str = "zz9"
) -> Outcome:
    """Another karb on this account: an id of our form with the mark of another ledger. Edge: one a second."""
    minted = order_id(mark=mark, intent_id="strangerstranger", leg=0, attempt=at_ns // 10**9 % 10**4)
    return truth.execute(_marketable(truth, minted, instrument, side, amount, at_ns), at_ns, "other desk")


def owner_moves(truth: Truth, venue: str, change: Amount, at_ns: int) -> None:
    """A deposit (above zero) or a withdrawal by hand. Errors: ValueError for more than is free."""
    truth.transfer(venue, change, at_ns)


def venue_deleverages(truth: Truth, instrument: Instrument, amount: Decimal, at_ns: int) -> Fill | None:
    """ADL at the mark: None where nothing is open."""
    return truth.force(Forced.DELEVERAGING, instrument, amount, truth.market.mark(instrument, at_ns), at_ns)


def venue_settles(truth: Truth, instrument: Instrument, at_ns: int) -> Fill | None:
    """The contract ends: all of it is closed at the mark. None where nothing is open."""
    amount = abs(truth.books[instrument.venue].amount(instrument))
    return truth.force(Forced.SETTLEMENT, instrument, amount, truth.market.mark(instrument, at_ns), at_ns)


def _marketable(truth: Truth, minted: str, instrument: Instrument, side: Side, amount: Decimal, at_ns: int) -> Order:
    """A limit at the last level there is: as good as none, and no more is set aside than it could cost."""
    last = truth.market.depth(instrument, at_ns)
    limit = (last.asks if side is Side.BUY else last.bids)[-1].price
    return Order(
        id=minted,
        intent_id="",
        leg=0,
        instrument=instrument,
        side=side,
        amount=instrument.amount(amount),
        limit=instrument.price(limit),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )
