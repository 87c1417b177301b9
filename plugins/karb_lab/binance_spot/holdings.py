"""What an account at Binance's spot holds. Source: Binance's page Account Information, spot."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.holdings import Account as Holder
from karb_core.domain.statement import Balance
from karb_lab.account import Account
from karb_lab.binance.asked import Asked
from karb_lab.binance.quotation import Body
from karb_lab.binance.words import MS, instrument_of, sum_text, symbol
from karb_lab.json_text import Json

_BASIS = Decimal("0.0001")  # karb: constant because Binance tells these as ten-thousandths


def account_body(account: Account, asked: Asked, now_ns: int) -> Body:
    """`omitZeroBalances`: without what is not there."""
    bare = asked.flag("omitZeroBalances")
    balances: list[Json] = [
        balance_row(at.asset, balance)
        for at, balance in sorted(account.book.balances().items())
        if not bare or balance.free or balance.locked
    ]
    terms = account.book.terms
    return {
        "makerCommission": _basis(terms.fee_of_maker),
        "takerCommission": _basis(terms.taker_fee),
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": _rates(account),
        "canTrade": True,
        "canWithdraw": False,
        "canDeposit": True,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": now_ns // MS,
        "accountType": "SPOT",
        "balances": balances,
        "permissions": ["SPOT"],
        "uid": 1,
    }


def balance_row(asset: str, balance: Balance) -> Body:
    return {"asset": asset, "free": sum_text(balance.free), "locked": sum_text(balance.locked)}


def coins(account: Account, asked: Asked) -> Json:  # noqa: ARG001 - as every endpoint is asked
    """Each coin, and that nothing of it can be sent in or taken out here."""
    held = {at.asset: balance for at, balance in account.book.balances().items()}
    names = {name for one in account.book.terms.facts for name in (one.base, one.quote)}
    nothing = Balance(Decimal(0), Decimal(0))
    return [
        {
            "coin": name,
            "name": name,
            "free": sum_text(held.get(name, nothing).free),
            "locked": sum_text(held.get(name, nothing).locked),
            "freeze": "0",
            "withdrawing": "0",
            "isLegalMoney": False,
            "trading": True,
            "depositAllEnable": False,
            "withdrawAllEnable": False,
            "networkList": [],
        }
        for name in sorted(names)
    ]


def commission_body(account: Account, asked: Asked) -> Body:
    instrument = instrument_of(asked.one("symbol"), account.book.terms.facts)
    nothing: Body = dict.fromkeys(("maker", "taker", "buyer", "seller"), "0.00000000")
    return {
        "symbol": symbol(instrument),
        "standardCommission": _rates(account),
        "taxCommission": nothing,
        "discount": {"enabledForAccount": False, "enabledForSymbol": False, "discountAsset": "BNB", "discount": "0.75"},
    }


def fee_rows(account: Account, asked: Asked) -> Json:
    """Of one symbol, or of all."""
    facts, name = account.book.terms.facts, asked.one("symbol")
    wanted = list(facts) if name is None else [instrument_of(name, facts)]
    rates = _rates(account)
    return [
        {"symbol": symbol(one), "makerCommission": rates["maker"], "takerCommission": rates["taker"]} for one in wanted
    ]


def position_frame(account: Account, assets: Iterable[str], at_ns: int, now_ns: int) -> Body:
    """outboundAccountPosition: the balances that changed, and no other."""
    held = account.book.balances()
    nothing = Balance(Decimal(0), Decimal(0))
    rows: list[Json] = []
    for asset in sorted(assets):
        balance = held.get(Holder(account.book.terms.venue, asset), nothing)
        rows.append({"a": asset, "f": sum_text(balance.free), "l": sum_text(balance.locked)})
    return {"e": "outboundAccountPosition", "E": now_ns // MS, "u": at_ns // MS, "B": rows}


def _basis(rate: Decimal) -> int:
    return int(exact.divide(rate, _BASIS, Decimal(1), exact.Rounding.HALF_EVEN))


def _rates(account: Account) -> Body:
    terms = account.book.terms
    maker, taker = sum_text(terms.fee_of_maker), sum_text(terms.taker_fee)
    return {"maker": maker, "taker": taker, "buyer": "0.00000000", "seller": "0.00000000"}
