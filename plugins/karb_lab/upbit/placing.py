"""A request for an order of Upbit's, read and judged as Upbit does. Source: Upbit's pages of the exchange API."""

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
from karb_lab.upbit.asked import Asked
from karb_lab.upbit.holdings import MAX_TOTAL
from karb_lab.upbit.quotation import LEVELS
from karb_lab.upbit.refused import UpbitRefused
from karb_lab.upbit.words import NAMES, SIDES, instrument_of
from karb_lab.venue import Venue
from karb_lab.wanted import How, Wanted

_LONGEST = 64  # karb: constant because an identifier of Upbit's has up to 64 characters
_HOW = {None: How.REST, "ioc": How.NOW, "fok": How.WHOLE, "post_only": How.MAKER}
_SELF_MATCH = ("cancel_maker", "cancel_taker", "reduce", "none")


@dataclass(frozen=True, slots=True)
class _Read:
    """The fields of a request that are of the kind they should be, None where one was not sent."""

    instrument: Instrument
    facts: InstrumentFacts
    side: Side
    kind: str
    price: Decimal | None
    volume: Decimal | None
    time_in_force: str | None
    smp_type: str | None

    @property
    def name(self) -> str:
        return NAMES[self.side]

    def malformed(self, message: str) -> UpbitRefused:
        return UpbitRefused.bad(f"create_{self.name}_error", message)


def wanted(venue: Venue, asked: Asked, order_id: str) -> Wanted:
    """The order that is asked for, under an id of the venue's. Errors: `UpbitRefused` 400."""
    read = _read(venue, asked)
    offers = venue.market[read.instrument].offers
    amount, limit, cost = _FORMS[read.kind](read, offers)
    _need_size(read, amount, limit, cost, offers)
    order = Order(
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
    said = {
        "ord_type": read.kind,
        "price": None if read.price is None else exact.text(read.price),
        "time_in_force": read.time_in_force,
        "smp_type": read.smp_type or "cancel_maker",
    }
    how = _HOW[read.time_in_force] if read.kind in ("limit", "best") else How.NOW
    return Wanted(order, how, asked.one("identifier"), said)


def need_identifier(asked: Asked) -> str | None:
    """Errors: `UpbitRefused` for one that is too long."""
    identifier = asked.one("identifier")
    if identifier is not None and len(identifier) > _LONGEST:
        raise UpbitRefused.bad("validation_error", "identifier: 64자 이하여야 합니다.")
    return identifier


def said_no(rejected: Rejected) -> UpbitRefused:
    """A refusal of the venue's books in Upbit's words."""
    side = NAMES[rejected.order.side]
    match rejected.code:
        case Refusal.NO_QUOTE:
            return UpbitRefused.bad("insufficient_funds_bid", "주문가능한 금액(KRW)이 부족합니다.")
        case Refusal.NO_BASE:
            asset = rejected.order.instrument.base
            return UpbitRefused.bad("insufficient_funds_ask", f"주문가능한 금액({asset})이 부족합니다.")
        case "unfit_ticks":
            return UpbitRefused.bad(f"invalid_price_{side}", "주문 가격 단위가 올바르지 않습니다.")
        case "unfit_min_notional":
            return too_small(side)
    return UpbitRefused.bad(f"create_{side}_error", rejected.message)


def too_small(side: str) -> UpbitRefused:
    return UpbitRefused.bad(f"under_min_total_{side}", "최소주문금액 이상으로 주문해주세요.")


def _read(venue: Venue, asked: Asked) -> _Read:
    instrument = instrument_of(asked.one("market") or "", venue.facts)
    if instrument is None:
        raise UpbitRefused.bad("validation_error", "market does not have a valid value")
    side = SIDES.get(asked.one("side") or "")
    if side is None:
        raise UpbitRefused.bad("validation_error", "side does not have a valid value")
    kind, time_in_force = asked.one("ord_type") or "", asked.one("time_in_force")
    if kind not in _FORMS or time_in_force not in _HOW:
        raise UpbitRefused.bad("validation_error", "ord_type, time_in_force does not have a valid value")
    smp_type = asked.one("smp_type")
    if smp_type is not None and smp_type not in _SELF_MATCH:
        raise UpbitRefused.bad("validation_error", "smp_type does not have a valid value")
    if time_in_force == "post_only" and (kind != "limit" or smp_type in _SELF_MATCH[:-1]):
        raise UpbitRefused.bad("invalid_post_only", "post_only와 함께 쓸 수 없는 값입니다.")
    read = _Read(
        instrument,
        venue.facts[instrument],
        side,
        kind,
        _number(asked.one("price"), "price"),
        _number(asked.one("volume"), "volume"),
        time_in_force,
        smp_type,
    )
    if (kind == "best") == (time_in_force in (None, "post_only")) and kind != "limit":
        raise read.malformed("ord_type과 time_in_force를 함께 쓸 수 없습니다.")
    return read


def _number(told: str | None, name: str) -> Decimal | None:
    """Errors: `UpbitRefused` for what is no number above zero."""
    if told is None:
        return None
    try:
        value = exact.finite(Decimal(told))
    except (InvalidOperation, ValueError, ArithmeticError) as wrong:
        raise UpbitRefused.bad("validation_error", f"{name} does not have a valid value") from wrong
    if value <= 0:
        raise UpbitRefused.bad("validation_error", f"{name} does not have a valid value")
    return value


_Form = tuple[Decimal, Decimal | None, Decimal | None]


def _limit(read: _Read, offers: Offers) -> _Form:  # noqa: ARG001 - as every kind is read
    if read.price is None or read.volume is None:
        raise read.malformed("주문 가격과 수량을 입력해주세요.")
    if exact.floor_to(read.volume, read.facts.amount_step) != read.volume:
        raise read.malformed("주문 수량 단위가 올바르지 않습니다.")
    return read.volume, read.price, None


def _price(read: _Read, offers: Offers) -> _Form:
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


def _market(read: _Read, offers: Offers) -> _Form:
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


def _best_limit(read: _Read, offers: Offers) -> _Form:
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


_FORMS: dict[str, Callable[[_Read, Offers], _Form]] = {
    "limit": _limit,
    "price": _price,
    "market": _market,
    "best": _best_limit,
}


def _need_size(read: _Read, amount: Decimal, limit: Decimal | None, cost: Decimal | None, offers: Offers) -> None:
    """Neither too small nor too large. Edge: a sale at the market is measured at the best bid."""
    total = cost
    if total is None:
        at = _best(read, offers) if read.kind == "market" else limit
        assert at is not None
        total = read.price if read.kind == "best" and read.price is not None else exact.mul(amount, at)
    if read.facts.min_notional is not None and total < read.facts.min_notional:
        raise too_small(read.name)
    if total > MAX_TOTAL:
        raise read.malformed("최대 주문 금액을 초과했습니다.")


def _need_offered(read: _Read, wanted: Decimal, offered: list[Decimal]) -> None:
    """An order at the market that is larger than what thirty levels offer is refused, not filled in part."""
    if wanted > exact.total(offered):
        raise read.malformed("주문이 호가 잔량보다 많습니다.")


def _facing(read: _Read, offers: Offers) -> tuple[Level, ...]:
    return offers.facing(read.side)[:LEVELS]


def _best(read: _Read, offers: Offers) -> Decimal:
    levels = _facing(read, offers)
    if not levels:
        raise read.malformed("호가가 없습니다.")
    return levels[0].price


def _at_least_a_step(read: _Read, amount: Decimal) -> Decimal:
    return max(amount, read.facts.amount_step)
