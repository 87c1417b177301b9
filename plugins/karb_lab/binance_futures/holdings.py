"""An account at Binance's futures: its wallet, its positions, what it was paid. Source: Binance's pages, USD-M futures."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account as Holder
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.statement import Balance, VenuePosition
from karb_lab.account import Account
from karb_lab.binance.quotation import Body
from karb_lab.binance.words import MS, amount_text, price_text, sum_text, symbol
from karb_lab.json_text import Json
from karb_lab.market import Market

ASSET = "USDT"
_FLAT = VenuePosition(Decimal(0), Decimal(0), Decimal(0), None)


class Wallet:
    """What an account comes to at the marks as they are. Unit: USDT. `free` is what orders can have; `held` is margin of
    positions, `waiting` what is set aside for orders that rest.
    """

    def __init__(self, account: Account, market: Market) -> None:
        balance = account.book.balances().get(Holder(account.book.terms.venue, ASSET), Balance(Decimal(0), Decimal(0)))
        positions = account.book.positions()
        self.free = balance.free
        self.total = exact.add(balance.free, balance.locked)
        self.held = exact.total(position.margin for position in positions.values())
        self.waiting = exact.sub(balance.locked, self.held)
        self.unrealised = exact.total(unrealised(account, market, one) for one in positions)
        self.maintenance = exact.total(maintenance(account, market, one) for one in positions)
        self.initial = exact.total(initial(account, market, one) for one in positions)


def mark_of(market: Market, instrument: Instrument) -> Decimal:
    """Edge: the last price where no mark was told, zero where nothing ever traded."""
    quoted = market[instrument]
    if quoted.mark is not None:
        return quoted.mark.price
    last = quoted.tape.last()
    return Decimal(0) if last is None else last.price


def unrealised(account: Account, market: Market, instrument: Instrument) -> Decimal:
    return account.book.unrealised(instrument, mark_of(market, instrument)).value


def notional(account: Account, market: Market, instrument: Instrument) -> Decimal:
    return exact.mul(account.book.amount(instrument), mark_of(market, instrument))


def maintenance(account: Account, market: Market, instrument: Instrument) -> Decimal:
    return account.book.terms.facts[instrument].maintenance_of(exact.absolute(notional(account, market, instrument)))


def initial(account: Account, market: Market, instrument: Instrument) -> Decimal:
    size = exact.absolute(notional(account, market, instrument))
    step = Decimal("0.00000001")  # karb: constant because it is told with eight digits
    return exact.divide(size, account.book.terms.leverage_of(instrument), step, Rounding.CEIL)


def account_body(account: Account, market: Market, now_ns: int) -> Body:
    wallet = Wallet(account, market)
    cross = exact.sub(wallet.total, wallet.held)
    asset: Body = {
        "asset": ASSET,
        "walletBalance": sum_text(wallet.total),
        "unrealizedProfit": sum_text(wallet.unrealised),
        "marginBalance": sum_text(exact.add(wallet.total, wallet.unrealised)),
        "maintMargin": sum_text(wallet.maintenance),
        "initialMargin": sum_text(exact.add(wallet.initial, wallet.waiting)),
        "positionInitialMargin": sum_text(wallet.initial),
        "openOrderInitialMargin": sum_text(wallet.waiting),
        "crossWalletBalance": sum_text(cross),
        "crossUnPnl": "0.00000000",
        "availableBalance": sum_text(wallet.free),
        "maxWithdrawAmount": sum_text(wallet.free),
        "updateTime": now_ns // MS,
    }
    return {
        "totalInitialMargin": asset["initialMargin"],
        "totalMaintMargin": asset["maintMargin"],
        "totalWalletBalance": asset["walletBalance"],
        "totalUnrealizedProfit": asset["unrealizedProfit"],
        "totalMarginBalance": asset["marginBalance"],
        "totalPositionInitialMargin": asset["positionInitialMargin"],
        "totalOpenOrderInitialMargin": asset["openOrderInitialMargin"],
        "totalCrossWalletBalance": asset["crossWalletBalance"],
        "totalCrossUnPnl": asset["crossUnPnl"],
        "availableBalance": asset["availableBalance"],
        "maxWithdrawAmount": asset["maxWithdrawAmount"],
        "assets": [asset],
        "positions": [_account_position(account, market, one, now_ns) for one in touched(account)],
    }


def balance_rows(account: Account, market: Market, now_ns: int) -> list[Body]:
    wallet = Wallet(account, market)
    return [
        {
            "accountAlias": account.name,
            "asset": ASSET,
            "balance": sum_text(wallet.total),
            "crossWalletBalance": sum_text(exact.sub(wallet.total, wallet.held)),
            "crossUnPnl": "0.00000000",
            "availableBalance": sum_text(wallet.free),
            "maxWithdrawAmount": sum_text(wallet.free),
            "marginAvailable": True,
            "updateTime": now_ns // MS,
        }
    ]


def touched(account: Account) -> list[Instrument]:
    """Where something is open or an order rests."""
    resting = {one.order.instrument for one in account.book.resting().values()}
    return [one for one in account.book.terms.facts if one in resting or account.book.amount(one)]


def position_row(account: Account, market: Market, instrument: Instrument, now_ns: int) -> Body:
    facts = account.book.terms.facts[instrument]
    position = account.book.positions().get(instrument, _FLAT)
    body = _account_position(account, market, instrument, now_ns)
    entry = price_text(facts, position.entry_price)
    return {
        "symbol": body["symbol"],
        "positionSide": "BOTH",
        "positionAmt": body["positionAmt"],
        "entryPrice": entry,
        "breakEvenPrice": price_text(facts, break_even(account, instrument)),
        "markPrice": sum_text(mark_of(market, instrument)),
        "unRealizedProfit": body["unrealizedProfit"],
        # karb: constant because a position that cannot be liquidated is told so
        "liquidationPrice": price_text(facts, max(position.liquidation_price or Decimal(0), Decimal(0))),
        "isolatedMargin": body["isolatedMargin"],
        "notional": body["notional"],
        "marginAsset": facts.margin_asset,
        "isolatedWallet": body["isolatedWallet"],
        "initialMargin": body["initialMargin"],
        "maintMargin": body["maintMargin"],
        "positionInitialMargin": body["initialMargin"],
        "openOrderInitialMargin": sum_text(_waiting(account, instrument)),
        "adl": 1,
        "bidNotional": "0",
        "askNotional": "0",
        "updateTime": now_ns // MS,
    }


def break_even(account: Account, instrument: Instrument) -> Decimal:
    """The entry price with the fee of both ways. Edge: 0 for nothing open."""
    entry = account.book.positions().get(instrument, _FLAT).entry_price
    if not entry:
        return entry
    sign = 1 if account.book.amount(instrument) > 0 else -1
    fees = exact.mul(exact.mul(entry, account.book.terms.taker_fee), Decimal(2 * sign))
    return exact.add(entry, fees)


def _account_position(account: Account, market: Market, instrument: Instrument, now_ns: int) -> Body:
    facts = account.book.terms.facts[instrument]
    position = account.book.positions().get(instrument, _FLAT)
    won = unrealised(account, market, instrument)
    return {
        "symbol": symbol(instrument),
        "positionSide": "BOTH",
        "positionAmt": amount_text(facts, position.amount),
        "unrealizedProfit": sum_text(won),
        "isolatedMargin": sum_text(exact.add(position.margin, won)),
        "notional": sum_text(notional(account, market, instrument)),
        "isolatedWallet": sum_text(position.margin),
        "initialMargin": sum_text(initial(account, market, instrument)),
        "maintMargin": sum_text(maintenance(account, market, instrument)),
        "updateTime": now_ns // MS,
    }


def _waiting(account: Account, instrument: Instrument) -> Decimal:
    mine = (one for one in account.book.resting().values() if one.order.instrument == instrument)
    return exact.total(one.aside.value for one in mine)


def config_row(account: Account, instrument: Instrument) -> Body:
    facts = account.book.terms.facts[instrument]
    return {
        "symbol": symbol(instrument),
        "marginType": "ISOLATED",
        "isAutoAddMargin": False,
        "leverage": int(account.book.terms.leverage_of(instrument)),
        "maxNotionalValue": exact.text(facts.maintenance[-1].from_notional),
    }


def brackets(facts: InstrumentFacts) -> Body:
    tiers: list[Json] = []
    for at, tier in enumerate(facts.maintenance):
        later = facts.maintenance[at + 1 :]
        # karb: constant because the last bracket has no end, and its leverage is the inverse of its rate, halved
        cap = later[0].from_notional if later else Decimal(10**12)
        leverage = int(exact.divide(Decimal(1), exact.mul(tier.rate, Decimal(2)), Decimal(1), Rounding.FLOOR))
        tiers.append(
            {
                "bracket": at + 1,
                "initialLeverage": leverage,
                "notionalCap": int(cap),
                "notionalFloor": int(tier.from_notional),
                "maintMarginRatio": tier.rate,
                "cum": tier.deduction,
            }
        )
    return {"symbol": symbol(facts.instrument), "brackets": tiers}
