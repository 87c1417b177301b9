"""How an account at Binance's futures is set: leverage, margin, position mode, fees. Source: Binance's pages."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_lab.account import Account
from karb_lab.binance.asked import Asked
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance.words import fixed, instrument_of, symbol
from karb_lab.binance_futures import holdings
from karb_lab.json_text import Json
from karb_lab.venue import Venue

_MOST_LEVERAGE = 125  # karb: constant because Binance lends no more
_FEE_DIGITS = 6  # karb: constant because Binance writes fees with six digits


class Settings:
    """Read, and changed as far as the venue's books know it: margin is isolated and positions are one-way, always.

    Errors: `BinanceRefused`, also for what Binance would do and the books cannot.
    """

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def symbols(self, account: Account, asked: Asked) -> Json:
        name = asked.one("symbol")
        wanted = list(self._venue.facts) if name is None else [instrument_of(name, self._venue.facts)]
        return [holdings.config_row(account, one) for one in wanted]

    def account(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        return {
            "feeTier": 0,
            "canTrade": True,
            "canDeposit": True,
            "canWithdraw": False,
            "dualSidePosition": False,
            "multiAssetsMargin": False,
            "tradeGroupId": -1,
            "updateTime": 0,
        }

    def rights(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        """What the key may do. Edge: told by another host at Binance."""
        return {
            "ipRestrict": False,
            "createTime": 0,
            "enableReading": True,
            "enableFutures": True,
            "enableMargin": False,
            "enableWithdrawals": False,
            "enableInternalTransfer": False,
            "enableSpotAndMarginTrading": False,
            "permitsUniversalTransfer": False,
        }

    def fees(self, account: Account, asked: Asked) -> Json:
        instrument, terms = instrument_of(asked.one("symbol"), self._venue.facts), account.book.terms
        return {
            "symbol": symbol(instrument),
            "makerCommissionRate": fixed(terms.fee_of_maker, _FEE_DIGITS),
            "takerCommissionRate": fixed(terms.taker_fee, _FEE_DIGITS),
        }

    def brackets(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        name = asked.one("symbol")
        wanted = list(self._venue.facts) if name is None else [instrument_of(name, self._venue.facts)]
        return [holdings.brackets(self._venue.facts[one]) for one in wanted]

    def leverage(self, account: Account, asked: Asked) -> Json:
        """Edge: with something open it cannot be lowered."""
        instrument = instrument_of(asked.one("symbol"), self._venue.facts)
        told = asked.whole("leverage")
        if told is None:
            raise BinanceRefused.missing("leverage")
        if not 1 <= told <= _MOST_LEVERAGE:
            raise BinanceRefused(-4028, f"Leverage {told} is not valid")  # karb: constant because it is Binance's code
        leverage = Decimal(told)
        if account.book.amount(instrument) and leverage < account.book.terms.leverage_of(instrument):
            message = "Leverage reduction is not supported in Isolated Margin Mode with open positions."
            raise BinanceRefused(-4161, message)  # karb: constant because it is Binance's code
        account.book.lever(instrument, leverage)
        most = exact.text(self._venue.facts[instrument].maintenance[-1].from_notional)
        return {"leverage": told, "maxNotionalValue": most, "symbol": symbol(instrument)}

    def margin_type(self, account: Account, asked: Asked) -> Json:
        instrument = instrument_of(asked.one("symbol"), self._venue.facts)
        told = asked.need("marginType")
        if told == "ISOLATED":
            raise BinanceRefused(-4046, "No need to change margin type.")  # karb: constant because it is Binance's code
        if told != "CROSSED":
            raise BinanceRefused.bad("marginType")
        if account.book.amount(instrument):
            message = "Margin type cannot be changed if there exists position."
            raise BinanceRefused(-4048, message)  # karb: constant because it is Binance's code
        raise BinanceRefused.not_here("cross margin")

    def mode(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        return {"dualSidePosition": False}

    def change_mode(self, account: Account, asked: Asked) -> Json:
        told = asked.need("dualSidePosition").lower()
        if told == "false":
            message = "No need to change position side."
            raise BinanceRefused(-4059, message)  # karb: constant because it is Binance's code
        if account.book.positions():
            message = "Position side cannot be changed if there exists position."
            raise BinanceRefused(-4068, message)  # karb: constant because it is Binance's code
        raise BinanceRefused.not_here("hedge mode")

    def assets_mode(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        return {"multiAssetsMargin": False}
