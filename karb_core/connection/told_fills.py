"""The trades of one order as fills, each with its part of the fee, which its venue tells for the whole order only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from karb_core.connection.told_order import ToldOrder, ToldTrade, instrument_of
from karb_core.connection.told_outcome import side_of
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding
from karb_core.domain.instant import to_ns
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill

_FEE_STEP = Decimal("1e-12")  # karb: constant because finer than what such venues book; the parts sum to what it took


def fills_of(venue: str, seen: ToldOrder, told: Mapping[str, Fill], received_ns: int) -> tuple[Fill, ...] | None:
    """Oldest first; None where the trades are not all listed yet. `told`: those of before, by trade id, unchanged.

    Unit: the time of a trade as the venue tells it. Edge: fees of what was told before stay as they were, and what was
    taken since is shared out to the new ones by their funds, to the last digit. Errors: `Unreadable`.
    """
    try:
        return _fills(venue, seen, told, received_ns)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"the trades of {seen.uuid}: {e}") from None


def _fills(venue: str, seen: ToldOrder, told: Mapping[str, Fill], received_ns: int) -> tuple[Fill, ...] | None:
    trades = sorted(seen.trades or (), key=lambda t: (t.created_at, t.uuid))
    if exact.total(t.volume for t in trades) != seen.executed_volume:
        return None
    new = [t for t in trades if t.uuid not in told]
    before = exact.total(told[t.uuid].fee.value for t in trades if t.uuid in told)
    fees = _shared(exact.sub(_fee_of(seen), before), new)
    instrument = instrument_of(venue, seen.market)
    made = {t.uuid: _fill(instrument, seen, t, fee, received_ns) for t, fee in zip(new, fees, strict=True)}
    return tuple(told.get(t.uuid) or made[t.uuid] for t in trades)


def _fill(instrument: Instrument, seen: ToldOrder, trade: ToldTrade, fee: Decimal, received_ns: int) -> Fill:
    return Fill(
        order_id=seen.identifier or seen.uuid,
        venue_trade_id=trade.uuid,
        instrument=instrument,
        side=side_of(seen),
        amount=instrument.amount(trade.volume),
        price=instrument.price(trade.price),
        fee=Amount(fee, instrument.quote),
        venue_at_ns=to_ns(trade.created_at),
        received_at_ns=received_ns,
    )


def _fee_of(seen: ToldOrder) -> Decimal:
    if seen.paid_fee is None:
        raise Unreadable(f"order {seen.uuid} traded, and its fee is not told")
    return seen.paid_fee


def _shared(fee: Decimal, trades: Sequence[ToldTrade]) -> list[Decimal]:
    """The fee in proportion to funds; the last takes what is left, so that nothing is lost in rounding."""
    whole, parts, left = exact.total(t.funds for t in trades), list[Decimal](), fee
    for trade in trades[:-1]:
        part = exact.divide(exact.mul(fee, trade.funds), whole, _FEE_STEP, Rounding.HALF_EVEN)
        parts.append(part)
        left = exact.sub(left, part)
    return [*parts, left] if trades else []
