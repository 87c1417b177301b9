"""Market data of Binance's futures: books with their times, marks, funding. Source: Binance's pages, USD-M futures."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.market import FundingRate, Mark
from karb_core.domain.orders import Side
from karb_lab.binance import quotation
from karb_lab.binance.quotation import Body, levels, snapshot_id, update_id
from karb_lab.binance.words import MS, amount_text, sum_text, symbol
from karb_lab.market import Quoted
from karb_lab.tape import Print

_INTEREST = Decimal("0.0001")  # karb: constant because Binance's interest is 0.01 % in eight hours


def depth(quoted: Quoted, facts: InstrumentFacts, limit: int, now_ns: int) -> Body:
    return {
        "lastUpdateId": snapshot_id(quoted.version),
        "E": now_ns // MS,
        "T": quoted.changed_ns // MS,
        "bids": levels(quoted, facts, Side.SELL, limit),
        "asks": levels(quoted, facts, Side.BUY, limit),
    }


def trade_row(facts: InstrumentFacts, done: Print) -> Body:
    return {**quotation.trade_row(facts, done), "isRPITrade": False}


def joined_row(facts: InstrumentFacts, done: Print) -> Body:
    """A trade that was joined with no other. `nq`: without what was improved, which is nothing here."""
    row = quotation.joined_row(facts, done)
    return {**row, "nq": amount_text(facts, done.amount)}


def top_row(facts: InstrumentFacts, quoted: Quoted, now_ns: int) -> Body:
    row = quotation.top_row(facts, quoted)
    return {**row, "time": now_ns // MS, "lastUpdateId": update_id(quoted.version)}


def price_row(facts: InstrumentFacts, last: Print) -> Body:
    return {**quotation.price_row(facts, last), "time": last.at_ns // MS}


def premium_row(facts: InstrumentFacts, mark: Mark, funding: FundingRate | None, now_ns: int) -> Body:
    """Edge: zero rates and no time where no funding was told."""
    index = mark.price if mark.index is None else mark.index
    return {
        "symbol": symbol(facts.instrument),
        "markPrice": sum_text(mark.price),
        "indexPrice": sum_text(index),
        "estimatedSettlePrice": sum_text(index),
        "lastFundingRate": sum_text(rate_of(funding)),
        "interestRate": sum_text(_INTEREST),
        "nextFundingTime": settles_ms(funding),
        "time": now_ns // MS,
    }


def rate_of(funding: FundingRate | None) -> Decimal:
    return Decimal(0) if funding is None else funding.rate


def settles_ms(funding: FundingRate | None) -> int:
    return 0 if funding is None else funding.settles_at_ns // MS


def funding_row(facts: InstrumentFacts, settled: FundingRate, mark: Decimal) -> Body:
    return {
        "symbol": symbol(facts.instrument),
        "fundingTime": settled.settles_at_ns // MS,
        "fundingRate": sum_text(settled.rate),
        "markPrice": sum_text(mark),
        "rateType": "Regular",
    }
