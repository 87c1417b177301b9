"""What Binance asks of orders in one market, the tiers of its margin, and its fees for this account."""

from __future__ import annotations

from decimal import Decimal

from karb_binance.wire import SeenBrackets, SeenFees, SeenFilter, SeenSymbol
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand


def facts_of(
    instrument: Instrument, seen: SeenSymbol, brackets: SeenBrackets, fees: SeenFees, now_ns: int
) -> InstrumentFacts:
    """Edge: an order at a limit keeps to LOT_SIZE; a bound that is told as zero is none. Errors: `Unreadable`, also for a
    market that is no perpetual, and for prices whose steps do not begin at zero: such steps are not known here."""
    try:
        return _facts(instrument, seen, brackets, fees, now_ns)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"{instrument.text()}: {e}") from None


def _facts(
    instrument: Instrument, seen: SeenSymbol, brackets: SeenBrackets, fees: SeenFees, now_ns: int
) -> InstrumentFacts:
    if (seen.base_asset, seen.quote_asset) != (instrument.base, instrument.quote):
        raise Unreadable(f"{seen.symbol} is {seen.base_asset} in {seen.quote_asset}, not {instrument.text()}")
    if seen.contract_type != "PERPETUAL":
        raise Unreadable(f"{seen.symbol} is no perpetual: {seen.contract_type!r}")
    price, lot, least = (_rule(seen, name) for name in ("PRICE_FILTER", "LOT_SIZE", "MIN_NOTIONAL"))
    tick, step = _told(price.tick_size, seen), _told(lot.step_size, seen)
    if tick <= 0 or (price.min_price and exact.floor_to(price.min_price, tick) != price.min_price):
        raise Unreadable(f"{seen.symbol}: steps of {tick} from {price.min_price}")
    return InstrumentFacts(
        instrument=instrument,
        kind=InstrumentKind.PERPETUAL,
        ticks=(TickBand(Decimal(0), tick),),
        amount_step=step,
        min_amount=lot.min_qty or None,
        max_amount=lot.max_qty or None,
        min_notional=_told(least.notional, seen) or None,
        margin_asset=seen.margin_asset,
        multiplier=Decimal(1),
        maintenance=tuple(
            MaintenanceTier(one.notional_floor, one.maint_margin_ratio, one.cum)
            for one in sorted(brackets.brackets, key=lambda one: one.notional_floor)
        ),
        taker_fee=fees.taker_commission_rate,
        maker_fee=fees.maker_commission_rate,
        valid_from_ns=now_ns,
    )


def _rule(seen: SeenSymbol, name: str) -> SeenFilter:
    found = next((one for one in seen.filters if one.filter_type == name), None)
    if found is None:
        raise Unreadable(f"{seen.symbol} has no {name}")
    return found


def _told(value: Decimal | None, seen: SeenSymbol) -> Decimal:
    if value is None:
        raise Unreadable(f"{seen.symbol}: a rule without its number")
    return value
