"""What an exchange asks of orders, as ccxt states its markets. What ccxt would round away is refused."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from karb_ccxt.exchange import Exchange
from karb_ccxt.told_number import number, number_or_none
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand

# Source: ccxt/base/decimal_to_precision.py, names of its ways to state a precision.
_DECIMAL_PLACES, _TICK_SIZE = 2, 4  # karb: constant because ccxt numbers its modes so


def facts_of(
    exchange: Exchange, instrument: Instrument, market: dict[str, Any], fees: tuple[Any, Any] | None,
    tiers: Iterable[dict[str, Any]], now_ns: int,
) -> InstrumentFacts:  # fmt: skip
    """`fees`: taker's and maker's of this account, None where nobody tells. Amounts are in base, whatever a contract is.

    Errors: `Unreadable`, also for prices that ccxt cuts to so many significant digits: such orders would not be ours.
    """
    contract = number(market["contractSize"], "contractSize") if market.get("swap") else Decimal(1)
    limits, what = market.get("limits") or {}, instrument.text()
    try:
        return InstrumentFacts(
            instrument=instrument,
            kind=InstrumentKind.PERPETUAL if market.get("swap") else InstrumentKind.SPOT,
            ticks=(TickBand(Decimal(0), _step(exchange, market, "price", what)),),
            amount_step=exact.mul(_step(exchange, market, "amount", what), contract),
            min_amount=_times(_limit(limits, "amount", "min"), contract),
            max_amount=_times(_limit(limits, "amount", "max"), contract),
            min_notional=_limit(limits, "cost", "min"),
            margin_asset=market["settle"] if market.get("swap") else None,
            multiplier=contract,
            maintenance=_tiers(tiers),
            taker_fee=None if fees is None else number_or_none(fees[0], "taker"),
            maker_fee=None if fees is None else number_or_none(fees[1], "maker"),
            valid_from_ns=now_ns,
        )
    except (ValueError, KeyError, ArithmeticError) as e:
        raise Unreadable(f"{what}: {e}") from None


def _step(exchange: Exchange, market: dict[str, Any], of: str, what: str) -> Decimal:
    told = number(market["precision"].get(of), f"{what}: the step of its {of}")
    if exchange.precisionMode == _TICK_SIZE:
        return told
    if exchange.precisionMode == _DECIMAL_PLACES:
        return Decimal(1).scaleb(-int(told), exact.EXACT)
    raise Unreadable(
        f"{what}: ccxt cuts its {of} to {told} significant digits, so no order of ours would arrive as it is"
    )


def _limit(limits: dict[str, Any], of: str, bound: str) -> Decimal | None:
    told = number_or_none((limits.get(of) or {}).get(bound), f"limits.{of}.{bound}")
    return told or None


def _times(amount: Decimal | None, contract: Decimal) -> Decimal | None:
    return None if amount is None else exact.mul(amount, contract)


def _tiers(told: Iterable[dict[str, Any]]) -> tuple[MaintenanceTier, ...]:
    """ccxt tells no deductions: each follows from maintenance that does not jump where a tier begins."""
    rows = sorted(
        (number(each["minNotional"], "minNotional"), number(each["maintenanceMarginRate"], "maintenanceMarginRate"))
        for each in told
    )
    deductions = [Decimal(0)]
    for (_, before), (begins, rate) in pairwise(rows):
        deductions.append(exact.add(deductions[-1], exact.mul(begins, exact.sub(rate, before))))
    return tuple(MaintenanceTier(begins, rate, less) for (begins, rate), less in zip(rows, deductions, strict=False))
