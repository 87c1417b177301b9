"""An account at Upbit: what it holds, and what an order may be. Source: Upbit's pages of the exchange API."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.holdings import Account as Holder
from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import Balance
from karb_lab.account import Account
from karb_lab.json_text import Json
from karb_lab.upbit.quotation import Body
from karb_lab.upbit.words import VENUE, code

_HOME = "KRW"
MAX_TOTAL = Decimal("1000000000")  # karb: constant because Upbit's page states it: so many KRW in one order
_BY_BOTH = ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc"]


def account_rows(account: Account) -> list[Body]:
    """One row for each currency that is held, KRW first."""
    held = {at.asset: balance for at, balance in account.book.balances().items() if balance.free or balance.locked}
    assets = sorted(held, key=lambda asset: (asset != _HOME, asset))
    return [account_row(account, asset) for asset in assets]


def account_row(account: Account, asset: str) -> Body:
    nothing = Balance(Decimal(0), Decimal(0))
    balance = account.book.balances().get(Holder(VENUE, asset), nothing)
    home = asset == _HOME
    return {
        "currency": asset,
        "balance": exact.text(balance.free),
        "locked": exact.text(balance.locked),
        # karb: constant because what was never bought cost nothing
        "avg_buy_price": "0" if home else exact.text(account.paid.get(asset, Decimal(0))),
        "avg_buy_price_modified": home,
        "unit_currency": _HOME,
    }


def chance(account: Account, instrument: Instrument) -> Body:
    facts = account.book.terms.facts[instrument]
    taker, maker = exact.text(account.book.terms.taker_fee), exact.text(account.book.terms.fee_of_maker)
    # karb: constant because a venue without a least order states zero
    least = exact.text(facts.min_notional or Decimal(0))
    bids: list[Json] = [*_BY_BOTH, "price"]
    asks: list[Json] = [*_BY_BOTH, "market"]
    return {
        "bid_fee": taker,
        "ask_fee": taker,
        "maker_bid_fee": maker,
        "maker_ask_fee": maker,
        "market": {
            "id": code(instrument),
            "name": f"{instrument.base}/{instrument.quote}",
            "order_types": ["limit"],
            "order_sides": ["ask", "bid"],
            "bid_types": bids,
            "ask_types": asks,
            "bid": {"currency": instrument.quote, "min_total": least},
            "ask": {"currency": instrument.base, "min_total": least},
            "max_total": exact.text(MAX_TOTAL),
            "state": "active",
        },
        "bid_account": account_row(account, instrument.quote),
        "ask_account": account_row(account, instrument.base),
    }
