"""What an account holds. Source: Upbit's and Bithumb's pages of their exchange APIs."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.holdings import Account as Holder
from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import Balance
from karb_lab.account import Account
from karb_lab.korean.quotation import Body
from karb_lab.korean.words import code, utc
from karb_lab.tape import MINUTE_NS

HOME = "KRW"
_YEAR_NS = 365 * 86_400 * 1_000_000_000  # karb: constant because a key of theirs lives so long


def account_rows(account: Account) -> list[Body]:
    """One row for each currency that is held, KRW first."""
    held = {at.asset: balance for at, balance in account.book.balances().items() if balance.free or balance.locked}
    assets = sorted(held, key=lambda asset: (asset != HOME, asset))
    return [account_row(account, asset) for asset in assets]


def account_row(account: Account, asset: str) -> Body:
    nothing = Balance(Decimal(0), Decimal(0))
    balance = account.book.balances().get(Holder(account.book.terms.venue, asset), nothing)
    home = asset == HOME
    return {
        "currency": asset,
        "balance": exact.text(balance.free),
        "locked": exact.text(balance.locked),
        # karb: constant because what was never bought cost nothing
        "avg_buy_price": "0" if home else exact.text(account.paid.get(asset, Decimal(0))),
        "avg_buy_price_modified": home,
        "unit_currency": HOME,
    }


def wallet_rows(account: Account, now_ns: int) -> list[Body]:
    """How money could be sent in and taken out of each coin: as on a day when nothing is wrong, though no network is there."""
    coins = {instrument.base for instrument in account.book.terms.facts}
    return [
        {
            "currency": coin,
            "wallet_state": "working",
            "block_state": "normal",
            "block_height": now_ns // MINUTE_NS,
            "block_updated_at": f"{utc(now_ns):%Y-%m-%dT%H:%M:%S}.000+00:00",
            # karb: constant because a made-up network is never late
            "block_elapsed_minutes": 0,
            "net_type": coin,
            "network_name": coin,
        }
        for coin in sorted(coins)
    ]


def key_row(account: Account, now_ns: int) -> Body:
    """The key of this account, as if it had been made today."""
    return {"access_key": account.key, "expire_at": f"{utc(now_ns + _YEAR_NS):%Y-%m-%dT%H:%M:%S}+00:00"}


def fees(account: Account) -> Body:
    """Of either side, as ratios."""
    taker, maker = exact.text(account.book.terms.taker_fee), exact.text(account.book.terms.fee_of_maker)
    return {"bid_fee": taker, "ask_fee": taker, "maker_bid_fee": maker, "maker_ask_fee": maker}


def market_of(instrument: Instrument) -> Body:
    """What is said of a market whatever the venue."""
    return {
        "id": code(instrument),
        "name": f"{instrument.base}/{instrument.quote}",
        "order_types": ["limit"],
        "order_sides": ["ask", "bid"],
    }


def both_accounts(account: Account, instrument: Instrument) -> Body:
    return {
        "bid_account": account_row(account, instrument.quote),
        "ask_account": account_row(account, instrument.base),
    }
