"""What Binance states about its instruments in public: `GET /fapi/v1/exchangeInfo`. Pure.

Digits come from the filters alone, never from `pricePrecision` or `quantityPrecision`; the order of filters varies.
Brackets of margin and fees are an account's, and are not in it: what it states of the margin is one part of every notional,
which is more than the lower brackets take and less than the highest. Source: Binance USD-M futures, exchange information.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from karb_binance.market_wire import MS, number, positive
from karb_binance.symbols import symbol_of
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand

_PERCENT = Decimal("0.01")  # karb: constant because a percent is a hundredth
_PERPETUAL = ("PERPETUAL", "TRADIFI_PERPETUAL")


class Filter(msgspec.Struct, frozen=True):
    """Any filter; what a type does not have stays empty."""

    type: str = msgspec.field(name="filterType")
    tick: Decimal | None = msgspec.field(name="tickSize", default=None)
    step: Decimal | None = msgspec.field(name="stepSize", default=None)
    least: Decimal | None = msgspec.field(name="minQty", default=None)
    most: Decimal | None = msgspec.field(name="maxQty", default=None)
    notional: Decimal | None = None


class Listed(msgspec.Struct, frozen=True):
    """One symbol. `status` is TRADING while it can be traded."""

    symbol: str
    kind: str = msgspec.field(name="contractType")
    status: str
    margin_asset: str = msgspec.field(name="marginAsset")
    filters: tuple[Filter, ...]
    maintenance: Decimal | None = msgspec.field(name="maintMarginPercent", default=None)

    def filter(self, kind: str) -> Filter:
        """Errors: Unreadable where it is not there."""
        found = next((each for each in self.filters if each.type == kind), None)
        if found is None:
            raise Unreadable(f"{self.symbol} has no filter {kind}")
        return found


class Information(msgspec.Struct, frozen=True):
    """The answer, as far as it is read."""

    server_ms: int = msgspec.field(name="serverTime")
    symbols: tuple[Listed, ...]


def read_information(body: bytes) -> Information:
    """Errors: Unreadable."""
    try:
        return msgspec.json.decode(body, type=Information)
    except (msgspec.DecodeError, RecursionError) as e:
        raise Unreadable(" ".join(f"{type(e).__name__}: {e}".split())) from e


def facts_of(wanted: Iterable[Instrument], told: Information) -> Mapping[Instrument, InstrumentFacts]:
    """Of each that is listed as a perpetual; the others are missing. Errors: Unreadable for a filter that is none."""
    listed = {each.symbol: each for each in told.symbols if each.kind in _PERPETUAL}
    there = ((i, listed.get(symbol_of(i))) for i in wanted)
    return {i: _facts(i, each, told.server_ms * MS) for i, each in there if each is not None}


def _facts(instrument: Instrument, listed: Listed, valid_from_ns: int) -> InstrumentFacts:
    name, lot = listed.symbol, listed.filter("LOT_SIZE")
    return InstrumentFacts(
        instrument=instrument,
        kind=InstrumentKind.PERPETUAL,
        ticks=(TickBand(Decimal(0), positive(name, listed.filter("PRICE_FILTER").tick)),),
        amount_step=positive(name, lot.step),
        min_amount=number(name, lot.least),
        max_amount=positive(name, lot.most),
        min_notional=number(name, listed.filter("MIN_NOTIONAL").notional),
        margin_asset=listed.margin_asset,
        multiplier=Decimal(1),
        maintenance=_maintenance(listed),
        taker_fee=None,
        maker_fee=None,
        valid_from_ns=valid_from_ns,
    )


def _maintenance(listed: Listed) -> tuple[MaintenanceTier, ...]:
    """Empty where nothing is stated: an unknown margin is never taken for zero. Errors: Unreadable for one that is none."""
    if listed.maintenance is None:
        return ()
    rate = exact.mul(number(listed.symbol, listed.maintenance), _PERCENT)
    return (MaintenanceTier(Decimal(0), rate, Decimal(0)),)
