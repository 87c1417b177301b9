"""What an order may be at Bithumb. Source: Bithumb's pages on orders, API 2.x."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.json_text import Json
from karb_lab.korean.holdings import both_accounts, fees, market_of
from karb_lab.korean.quotation import Body

MAX_TOTAL = Decimal("5000000000")  # karb: constant because Bithumb's page states it: so many KRW in one order


def chance(account: Account, instrument: Instrument, price: Decimal) -> Body:
    """`price`: the last, which says by what step prices go now."""
    facts = account.book.terms.facts[instrument]
    # karb: constant because a venue without a least order states zero
    least = exact.text(facts.min_notional or Decimal(0))
    sides: dict[str, Json] = {
        side: {"currency": asset, "price_unit": exact.text(facts.tick_at(price)), "min_total": least}
        for side, asset in (("bid", instrument.quote), ("ask", instrument.base))
    }
    bids: list[Json] = ["limit", "price"]
    asks: list[Json] = ["limit", "market"]
    market = {
        **market_of(instrument),
        "bid_types": bids,
        "ask_types": asks,
        **sides,
        "max_total": exact.text(MAX_TOTAL),
        "state": "active",
    }
    return {**fees(account), "market": market, **both_accounts(account, instrument)}
