"""What an order of each kind comes to at the book of now. Source: Upbit's and Bithumb's pages of their exchange APIs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Level
from karb_core.domain.orders import Order, Rejected, Side, TimeInForce
from karb_core.venue.offers import Offers
from karb_core.venue.refusals import Refusal
from karb_lab.korean.quotation import LEVELS
from karb_lab.korean.refused import Refused
from karb_lab.korean.words import NAMES
from karb_lab.wanted import How

_HOW = {None: How.REST, "ioc": How.NOW, "fok": How.WHOLE, "post_only": How.MAKER}


@dataclass(frozen=True, slots=True)
class OrderRead:
    """The fields of a request that are of the kind they should be, None where one was not sent. `bad`: how the venue calls
    a request whose fields do not go together; `largest`: the most that one order is worth, in quote.
    """

    instrument: Instrument
    facts: InstrumentFacts
    side: Side
    kind: str
    price: Decimal | None
    volume: Decimal | None
    time_in_force: str | None
    bad: str
    largest: Decimal

    @property
    def name(self) -> str:
        return NAMES[self.side]

    @property
    def how(self) -> How:
        return _HOW[self.time_in_force] if self.kind in ("limit", "best") else How.NOW

    def malformed(self, message: str) -> Refused:
        return Refused.bad(self.bad, message)


def is_kind(kind: str, time_in_force: str | None) -> bool:
    """Whether there are orders of this kind, and such a time in force."""
    return kind in _FORMS and time_in_force in _HOW


def need_together(read: OrderRead) -> None:
    """Errors: `Refused` for a time in force that its kind does not take, or misses."""
    if (read.kind == "best") == (read.time_in_force in (None, "post_only")) and read.kind != "limit":
        raise read.malformed("주문 유형과 time_in_force를 함께 쓸 수 없습니다.")


def order_of(read: OrderRead, offers: Offers, order_id: str) -> Order:
    """The order that is asked for, under an id of the venue's. Errors: `Refused` 400."""
    amount, limit, cost = _FORMS[read.kind](read, offers)
    _need_size(read, amount, limit, cost, offers)
    return Order(
        id=order_id,
        intent_id=order_id,
        leg=0,
        instrument=read.instrument,
        side=read.side,
        amount=read.instrument.amount(amount),
        limit=None if limit is None else read.instrument.price(limit),
        cost=None if cost is None else Amount(cost, read.instrument.quote),
        time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )


def said_no(rejected: Rejected, bad: str) -> Refused:
    """A refusal of the venue's books in their words; `bad` is the name of what has none of its own."""
    side = NAMES[rejected.order.side]
    match rejected.code:
        case Refusal.NO_QUOTE:
            return Refused.bad("insufficient_funds_bid", "주문가능한 금액(KRW)이 부족합니다.")
        case Refusal.NO_BASE:
            asset = rejected.order.instrument.base
            return Refused.bad("insufficient_funds_ask", f"주문가능한 금액({asset})이 부족합니다.")
        case "unfit_ticks":
            return Refused.bad(f"invalid_price_{side}", "주문 가격 단위가 올바르지 않습니다.")
        case "unfit_min_notional":
            return too_small(side)
    return Refused.bad(bad, rejected.message)


def too_small(side: str) -> Refused:
    return Refused.bad(f"under_min_total_{side}", "최소주문금액 이상으로 주문해주세요.")


def number(told: str | None, name: str, bad: str) -> Decimal | None:
    """Errors: `Refused`, called `bad`, for what is no number above zero."""
    if told is None:
        return None
    try:
        value = exact.finite(Decimal(told))
    except (InvalidOperation, ValueError, ArithmeticError) as wrong:
        raise Refused.bad(bad, f"{name} does not have a valid value") from wrong
    if value <= 0:
        raise Refused.bad(bad, f"{name} does not have a valid value")
    return value


_Form = tuple[Decimal, Decimal | None, Decimal | None]


def _limit(read: OrderRead, offers: Offers) -> _Form:  # noqa: ARG001 - as every kind is read
    if read.price is None or read.volume is None:
        raise read.malformed("주문 가격과 수량을 입력해주세요.")
    if exact.floor_to(read.volume, read.facts.amount_step) != read.volume:
        raise read.malformed("주문 수량 단위가 올바르지 않습니다.")
    return read.volume, read.price, None


def _price(read: OrderRead, offers: Offers) -> _Form:
    """A purchase for so much KRW, whatever it comes to."""
    if read.side is not Side.BUY or read.price is None or read.volume is not None:
        raise read.malformed("시장가 매수는 주문 총액만 입력해주세요.")
    best = _best(read, offers)
    _need_offered(read, read.price, [exact.mul(level.price, level.amount) for level in _facing(read, offers)])
    return (
        _at_least_a_step(read, exact.divide(read.price, best, read.facts.amount_step, Rounding.FLOOR)),
        None,
        read.price,
    )


def _market(read: OrderRead, offers: Offers) -> _Form:
    """A sale of so much, down to the last level that it needs."""
    if read.side is not Side.SELL or read.volume is None or read.price is not None:
        raise read.malformed("시장가 매도는 수량만 입력해주세요.")
    _best(read, offers)
    levels = _facing(read, offers)
    _need_offered(read, read.volume, [level.amount for level in levels])
    left = read.volume
    for price, amount in levels:
        left = exact.sub(left, amount)
        if left <= 0:
            return read.volume, price, None
    raise read.malformed("주문 수량이 호가 잔량보다 많습니다.")


def _best_limit(read: OrderRead, offers: Offers) -> _Form:
    """At the best price that is offered, and no other. Edge: a purchase of the least total, rounded down to whole steps,
    can fall below it, and is refused."""
    best = _best(read, offers)
    if read.side is Side.SELL:
        if read.volume is None or read.price is not None:
            raise read.malformed("최유리 매도는 수량만 입력해주세요.")
        return read.volume, best, None
    if read.price is None or read.volume is not None:
        raise read.malformed("최유리 매수는 주문 총액만 입력해주세요.")
    return _at_least_a_step(read, exact.divide(read.price, best, read.facts.amount_step, Rounding.FLOOR)), best, None


_FORMS: dict[str, Callable[[OrderRead, Offers], _Form]] = {
    "limit": _limit,
    "price": _price,
    "market": _market,
    "best": _best_limit,
}


def _need_size(read: OrderRead, amount: Decimal, limit: Decimal | None, cost: Decimal | None, offers: Offers) -> None:
    """Neither too small nor too large. Edge: a sale at the market is measured at the best bid."""
    total = cost
    if total is None:
        at = _best(read, offers) if read.kind == "market" else limit
        assert at is not None
        total = read.price if read.kind == "best" and read.price is not None else exact.mul(amount, at)
    if read.facts.min_notional is not None and total < read.facts.min_notional:
        raise too_small(read.name)
    if total > read.largest:
        raise read.malformed("최대 주문 금액을 초과했습니다.")


def _need_offered(read: OrderRead, wanted: Decimal, offered: list[Decimal]) -> None:
    """An order at the market that is larger than what thirty levels offer is refused, not filled in part."""
    if wanted > exact.total(offered):
        raise read.malformed("주문이 호가 잔량보다 많습니다.")


def _facing(read: OrderRead, offers: Offers) -> tuple[Level, ...]:
    return offers.facing(read.side)[:LEVELS]


def _best(read: OrderRead, offers: Offers) -> Decimal:
    levels = _facing(read, offers)
    if not levels:
        raise read.malformed("호가가 없습니다.")
    return levels[0].price


def _at_least_a_step(read: OrderRead, amount: Decimal) -> Decimal:
    return max(amount, read.facts.amount_step)
