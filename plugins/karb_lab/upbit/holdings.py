"""What an order may be at Upbit. Source: Upbit's pages of the exchange API."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.json_text import Json
from karb_lab.korean.holdings import both_accounts, fees, market_of
from karb_lab.korean.quotation import Body

MAX_TOTAL = Decimal("1000000000")  # karb: constant because Upbit's page states it: so many KRW in one order
_BY_BOTH = ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc"]


def chance(account: Account, instrument: Instrument) -> Body:
    facts = account.book.terms.facts[instrument]
    # karb: constant because a venue without a least order states zero
    least = exact.text(facts.min_notional or Decimal(0))
    bids: list[Json] = [*_BY_BOTH, "price"]
    asks: list[Json] = [*_BY_BOTH, "market"]
    market = {
        **market_of(instrument),
        "bid_types": bids,
        "ask_types": asks,
        "bid": {"currency": instrument.quote, "min_total": least},
        "ask": {"currency": instrument.base, "min_total": least},
        "max_total": exact.text(MAX_TOTAL),
        "state": "active",
    }
    return {**fees(account), "market": market, **both_accounts(account, instrument)}
