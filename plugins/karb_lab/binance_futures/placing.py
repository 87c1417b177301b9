"""A request for an order of Binance's, read and judged as Binance does. Source: Binance's page New Order, USD-M futures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Order, Rejected, Side, TimeInForce
from karb_core.venue.refusals import Refusal
from karb_lab.account import Account, State
from karb_lab.binance.asked import Asked
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance.words import SIDES, instrument_of
from karb_lab.venue import Venue
from karb_lab.wanted import How, Wanted

_CLIENT_ID = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}")
_HOW = {"GTC": How.REST, "IOC": How.NOW, "FOK": How.WHOLE, "GTX": How.MAKER}
_CONDITIONAL = ("STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET")
_BOUND = Decimal("0.05")  # karb: constant because Binance's marketTakeBound is 5 % of the mark


def _code(code: int, message: str) -> BinanceRefused:
    return BinanceRefused(code, message)


@dataclass(frozen=True, slots=True)
class _Read:
    instrument: Instrument
    facts: InstrumentFacts
    side: Side
    kind: str
    amount: Decimal
    price: Decimal | None
    how: How
    reduces: bool
    client_id: str | None


def wanted(venue: Venue, account: Account, asked: Asked, order_id: str, own_id: str) -> Wanted:
    """The order that is asked for. `own_id`: the client's id where it sent none. Errors: `BinanceRefused`."""
    read = _read(venue, asked)
    client_id = read.client_id or own_id
    open_one = account.by_client_id(client_id)
    if open_one is not None and open_one.state is State.OPEN:
        raise _code(-4116, "ClientOrderId is duplicated.")  # karb: constant because it is Binance's code
    _need_fits(venue, read)
    order = Order(
        id=order_id,
        intent_id=order_id,
        leg=0,
        instrument=read.instrument,
        side=read.side,
        amount=read.instrument.amount(read.amount),
        limit=read.instrument.price(read.price or _bound(venue, read)),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=read.reduces,
    )
    _need_force(venue, account, read, order)
    force = asked.one("timeInForce") or "GTC"
    said = {
        "type": read.kind,
        "timeInForce": force,
        "price": None if read.price is None else asked.one("price"),
        "reduceOnly": "true" if read.reduces else "false",
    }
    return Wanted(order, read.how, client_id, said)


def said_no(rejected: Rejected) -> BinanceRefused:
    """A refusal of the venue's books in Binance's words."""
    match rejected.code:
        case Refusal.NO_MARGIN:
            return _code(-2019, "Margin is insufficient.")  # karb: constant because it is Binance's code
        case Refusal.REDUCE_ONLY:
            return _code(-2022, "ReduceOnly Order is rejected.")  # karb: constant because it is Binance's code
        case "unfit_ticks":
            return _code(-4014, "Price not increased by tick size.")  # karb: constant because it is Binance's code
        case "unfit_amount_step":
            return _code(-4023, "Qty not increased by step size.")  # karb: constant because it is Binance's code
        case "unfit_min_notional":
            return too_small(rejected.order.instrument)
    return _code(-2010, rejected.message)  # karb: constant because it is Binance's code


def too_small(instrument: Instrument) -> BinanceRefused:
    message = (
        f"{instrument.base}{instrument.quote}: Order's notional must be no smaller (unless you choose reduce only)."
    )
    return _code(-4164, message)  # karb: constant because it is Binance's code


def _read(venue: Venue, asked: Asked) -> _Read:
    instrument = instrument_of(asked.one("symbol"), venue.facts)
    side, kind = SIDES.get(asked.need("side")), asked.need("type")
    if side is None:
        raise _code(-1117, "Invalid side.")  # karb: constant because it is Binance's code
    if kind in _CONDITIONAL:
        message = "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead."
        raise _code(-4120, message)  # karb: constant because it is Binance's code
    if kind not in ("LIMIT", "MARKET"):
        raise _code(-1116, "Invalid orderType.")  # karb: constant because it is Binance's code
    force, limit = asked.one("timeInForce"), kind == "LIMIT"
    if force is not None and force not in _HOW:
        raise _code(-1115, "Invalid timeInForce.")  # karb: constant because it is Binance's code
    if limit and force is None:
        raise BinanceRefused.missing("timeInForce")
    if asked.one("positionSide") not in (None, "BOTH"):
        message = "Order's position side does not match user's setting."
        raise _code(-4061, message)  # karb: constant because it is Binance's code
    client_id = asked.one("newClientOrderId")
    if client_id is not None and _CLIENT_ID.fullmatch(client_id) is None:
        raise _code(-4015, "Client order id is not valid.")  # karb: constant because it is Binance's code
    amount, price = asked.number("quantity"), asked.number("price") if limit else None
    if amount is None:
        raise BinanceRefused.missing("quantity")
    if limit and price is None:
        raise BinanceRefused.missing("price")
    how = _HOW[force or "GTC"] if limit else How.NOW
    return _Read(
        instrument, venue.facts[instrument], side, kind, amount, price, how, asked.flag("reduceOnly"), client_id
    )


def _need_fits(venue: Venue, read: _Read) -> None:
    """In the order in which Binance looks: amount, price, notional."""
    facts = read.facts
    if read.amount <= 0:
        raise _code(-4003, "Quantity less than or equal to zero.")  # karb: constant because it is Binance's code
    if facts.min_amount is not None and read.amount < facts.min_amount:
        raise _code(-4004, "Quantity less than min quantity.")  # karb: constant because it is Binance's code
    if facts.max_amount is not None and read.amount > facts.max_amount:
        raise _code(-4005, "Quantity greater than max quantity.")  # karb: constant because it is Binance's code
    if _digits(read.amount) > _digits(facts.amount_step):
        message = "Precision is over the maximum defined for this asset."
        raise _code(-1111, message)  # karb: constant because it is Binance's code
    if exact.floor_to(read.amount, facts.amount_step) != read.amount:
        raise _code(-4023, "Qty not increased by step size.")  # karb: constant because it is Binance's code
    if read.price is not None:
        if read.price <= 0:
            raise _code(-4013, "Price less than min price.")  # karb: constant because it is Binance's code
        if exact.floor_to(read.price, facts.ticks[0].tick) != read.price:
            raise _code(-4014, "Price not increased by tick size.")  # karb: constant because it is Binance's code
    at = read.price or _marked(venue, read.instrument)
    if not read.reduces and facts.min_notional is not None and exact.mul(read.amount, at) < facts.min_notional:
        raise too_small(read.instrument)


def _need_force(venue: Venue, account: Account, read: _Read, order: Order) -> None:
    """What must trade whole, or not at once, is refused where it would not: it is in no history."""
    now = venue.takes_now(account, order)
    if read.how is How.WHOLE and now < read.amount:
        message = "Due to the order could not be filled immediately, the FOK order has been rejected."
        raise _code(-5021, message)  # karb: constant because it is Binance's code
    if read.how is How.MAKER and now:
        message = "Due to the order could not be executed as maker, the Post Only order will be rejected."
        raise _code(-5022, message)  # karb: constant because it is Binance's code


def _bound(venue: Venue, read: _Read) -> Decimal:
    """The last price that an order at the market comes to: of the levels that it needs, none beyond the bound.

    Edge: the mark where nothing is offered within it; the order then ends with nothing.
    """
    mark, left = _marked(venue, read.instrument), read.amount
    last, furthest = mark, exact.mul(mark, exact.add(Decimal(1), exact.mul(read.side.sign, _BOUND)))
    for price, amount in venue.market[read.instrument].offers.facing(read.side):
        if left <= 0 or (price > furthest if read.side is Side.BUY else price < furthest):
            break
        last, left = price, exact.sub(left, amount)
    return read.facts.floor_price(last)


def _marked(venue: Venue, instrument: Instrument) -> Decimal:
    quoted = venue.market[instrument]
    if quoted.mark is not None:
        return quoted.mark.price
    last = quoted.tape.last()
    if last is None:
        raise BinanceRefused.unavailable()
    return last.price


def _digits(value: Decimal) -> int:
    return len(exact.text(value).partition(".")[2])
