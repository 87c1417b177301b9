"""What Bithumb publishes about its instruments without an account. Pure.

No public answer states a step of prices or a minimum: both are on a page. What it states to an account
(`orders/chance`) counts where an account is open. Source: Bithumb, order policy of KRW markets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from karb_bithumb.ticks import AMOUNT_STEP, WON
from karb_core.connection.spot_facts import spot_facts
from karb_core.connection.told_order import market_of
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument, InstrumentFacts

_LEAST_WON = Decimal(5000)  # karb: constant because Bithumb's order page states this minimum and no public answer does


class Listed(msgspec.Struct, frozen=True):
    """One of `/v1/market/all`: asking for one that is not listed answers nothing at all."""

    market: str


class Warned(msgspec.Struct, frozen=True):
    """One of `/v1/market/all?isDetails=true`: `NONE` while Bithumb does not warn of the market."""

    market: str
    market_warning: str


class Alert(msgspec.Struct, frozen=True):
    """One of `/v1/market/virtual_asset_warning`: a market may have several, of any step."""

    market: str
    warning_type: str


def warned_of(
    wanted: Iterable[Instrument], warned: Iterable[Warned], alerts: Iterable[Alert]
) -> Mapping[Instrument, tuple[str, ...]]:
    """Of those that are listed, Bithumb's own words, `warning` first."""
    listed = {each.market: each.market_warning != "NONE" for each in warned}
    raised = [(each.market, each.warning_type) for each in alerts]
    return {
        one: (
            *(("warning",) if listed[market_of(one)] else ()),
            *sorted({kind for market, kind in raised if market == market_of(one)}),
        )
        for one in wanted
        if market_of(one) in listed
    }


def facts_of(
    wanted: Iterable[Instrument], prices: Mapping[str, Decimal], now_ns: int
) -> Mapping[Instrument, InstrumentFacts]:
    """Of those that have a price in won; the others are missing. Errors: Unreadable for a price that is none."""
    found = {one: prices[market_of(one)] for one in wanted if one.quote == "KRW" and market_of(one) in prices}
    if wrong := [one.text() for one, price in found.items() if price <= 0]:
        raise Unreadable(f"no price of {', '.join(wrong)}")
    return {one: spot_facts(one, WON, AMOUNT_STEP, _LEAST_WON, now_ns) for one in found}
