"""A request for an order of Binance's spot, read and judged as Binance does. Source: Binance's page New Order, spot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Order, Rejected, Side, TimeInForce
from karb_core.venue.refusals import Refusal
from karb_lab.account import Account, State
from karb_lab.binance.asked import Asked
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance.words import SIDES, instrument_of, sum_text
from karb_lab.venue import Venue
from karb_lab.wanted import How, Wanted

_CLIENT_ID = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}")
_HOW = {"GTC": How.REST, "IOC": How.NOW, "FOK": How.WHOLE}
_KINDS = ("LIMIT", "MARKET", "LIMIT_MAKER")
_EIGHT = 8  # karb: constant because Binance takes eight digits of every asset
_REJECTED = -2010  # karb: constant because it is Binance's code of an order that is refused
_FILTER = -1013  # karb: constant because it is Binance's code of what a filter does not let pass


@dataclass(frozen=True, slots=True)
class _Read:
    """`cost`: quote that is to be spent, of an order at the market; then there is no amount."""

    instrument: Instrument
    facts: InstrumentFacts
    side: Side
    kind: str
    amount: Decimal | None
    price: Decimal | None
    cost: Decimal | None
    how: How


def wanted(venue: Venue, account: Account, asked: Asked, order_id: str, own_id: str) -> Wanted:
    """The order that is asked for. `own_id`: the client's id where it sent none. Errors: `BinanceRefused`."""
    read = _read(venue, asked)
    client_id = asked.one("newClientOrderId") or own_id
    open_one = account.by_client_id(client_id)
    if open_one is not None and open_one.state is State.OPEN:
        raise BinanceRefused(_REJECTED, "Duplicate order sent.")
    _need_fits(venue, read)
    order = _order(venue, read, order_id)
    if read.how is How.MAKER and venue.takes_now(account, order):
        raise BinanceRefused(_REJECTED, "Order would immediately match and take.")
    said = {
        "type": read.kind,
        "timeInForce": asked.one("timeInForce") or "GTC",
        "price": None if read.price is None else sum_text(read.price),
        "quoteOrderQty": None if read.cost is None else sum_text(read.cost),
    }
    return Wanted(order, read.how, client_id, said)


def said_no(rejected: Rejected) -> BinanceRefused:
    """A refusal of the venue's books in Binance's words: of an order that is refused the text decides."""
    match rejected.code:
        case Refusal.NO_QUOTE | Refusal.NO_BASE:
            return BinanceRefused(_REJECTED, "Account has insufficient balance for requested action.")
        case "unfit_ticks":
            return filtered("PRICE_FILTER")
        case "unfit_amount_step":
            return filtered("LOT_SIZE")
        case "unfit_min_notional":
            return filtered("NOTIONAL")
    return BinanceRefused(_REJECTED, rejected.message)


def filtered(name: str) -> BinanceRefused:
    return BinanceRefused(_FILTER, f"Filter failure: {name}")


def _read(venue: Venue, asked: Asked) -> _Read:
    instrument = instrument_of(asked.one("symbol"), venue.facts)
    side, kind = SIDES.get(asked.need("side")), asked.need("type")
    if side is None:
        raise BinanceRefused(-1117, "Invalid side.")  # karb: constant because it is Binance's code
    if kind not in _KINDS:
        raise BinanceRefused(-1116, "Invalid orderType.")  # karb: constant because it is Binance's code
    client_id = asked.one("newClientOrderId")
    if client_id is not None and _CLIENT_ID.fullmatch(client_id) is None:
        message = "Illegal characters found in parameter 'newClientOrderId'."
        raise BinanceRefused(-1100, message)  # karb: constant because it is Binance's code
    amount, cost = asked.number("quantity"), asked.number("quoteOrderQty")
    price = None if kind == "MARKET" else asked.number("price")
    if kind != "MARKET":
        asked.need("price")
        asked.need("quantity")
    elif (amount is None) == (cost is None):
        raise BinanceRefused.missing("quantity")
    for name, value in (("quantity", amount), ("price", price), ("quoteOrderQty", cost)):
        if value is not None and len(exact.text(value).partition(".")[2]) > _EIGHT:
            message = f"Parameter '{name}' has too much precision."
            raise BinanceRefused(-1111, message)  # karb: constant because it is Binance's code
    return _Read(instrument, venue.facts[instrument], side, kind, amount, price, cost, _how(kind, asked))


def _how(kind: str, asked: Asked) -> How:
    force = asked.one("timeInForce")
    if force is not None and kind != "LIMIT":
        message = "Parameter 'timeInForce' sent when not required."
        raise BinanceRefused(-1106, message)  # karb: constant because it is Binance's code
    if kind == "LIMIT_MAKER":
        return How.MAKER
    if kind == "MARKET":
        return How.NOW
    if asked.need("timeInForce") not in _HOW:
        raise BinanceRefused(-1115, "Invalid timeInForce.")  # karb: constant because it is Binance's code
    return _HOW[asked.need("timeInForce")]


def _need_fits(venue: Venue, read: _Read) -> None:
    """In the order in which Binance looks: price, amount, notional. Edge: at the market the notional is at the last price."""
    facts, tick = read.facts, read.facts.ticks[0].tick
    if read.price is not None and (read.price <= 0 or exact.floor_to(read.price, tick) != read.price):
        raise filtered("PRICE_FILTER")
    notional = read.cost
    if read.amount is not None:
        outside = facts.max_amount is not None and read.amount > facts.max_amount
        if read.amount <= 0 or outside or exact.floor_to(read.amount, facts.amount_step) != read.amount:
            raise filtered("LOT_SIZE")
        notional = exact.mul(read.amount, read.price or _last(venue, read.instrument))
    assert notional is not None
    if facts.min_notional is not None and notional < facts.min_notional:
        raise filtered("NOTIONAL")


def _order(venue: Venue, read: _Read, order_id: str) -> Order:
    """At the market it goes down to the last level that it needs. Edge: a sale for so much quote sells what comes to it
    at the best bid."""
    amount, limit, cost = read.amount, read.price, None
    if amount is None:
        assert read.cost is not None
        levels = venue.market[read.instrument].offers.facing(read.side)
        best = levels[0].price if levels else _last(venue, read.instrument)
        step = read.facts.amount_step
        amount = max(exact.divide(read.cost, best, step, Rounding.FLOOR), step)
        cost = Amount(read.cost, read.instrument.quote) if read.side is Side.BUY else None
    if limit is None and cost is None:
        limit = _furthest(venue, read, amount)
    return Order(
        id=order_id,
        intent_id=order_id,
        # karb: constant because an order of nobody's plan has one leg
        leg=0,
        instrument=read.instrument,
        side=read.side,
        amount=read.instrument.amount(amount),
        limit=None if limit is None else read.instrument.price(limit),
        cost=cost,
        time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )


def _furthest(venue: Venue, read: _Read, amount: Decimal) -> Decimal:
    """Edge: the last price where nothing is offered; the order then ends with nothing."""
    last, left = _last(venue, read.instrument), amount
    for price, offered in venue.market[read.instrument].offers.facing(read.side):
        if left <= 0:
            break
        last, left = price, exact.sub(left, offered)
    return last


def _last(venue: Venue, instrument: Instrument) -> Decimal:
    last = venue.market[instrument].tape.last()
    if last is None:
        raise BinanceRefused.unavailable()
    return last.price
