"""What an account at Binance's futures was paid and charged, trade by trade. Source: Binance's page on income history."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from karb_core.domain import exact
from karb_lab.account import Account
from karb_lab.binance.quotation import Body
from karb_lab.binance.words import MS, sum_text, symbol
from karb_lab.binance_futures.holdings import ASSET


def income_rows(account: Account) -> list[Body]:
    """Ascending: what was won by closing, what fees took, what funding paid or took."""
    return sorted(_incomes(account), key=lambda row: (str(row["time"]), str(row["tranId"])))


def _incomes(account: Account) -> Iterator[Body]:
    for ticket in account.tickets():
        for trade in ticket.trades:
            name, at_ms = symbol(trade.fill.instrument), trade.fill.venue_at_ns // MS
            fee = exact.negate(trade.fill.fee.value)
            yield _income(name, "COMMISSION", fee, at_ms, trade.number, str(trade.number))
            if trade.realised:
                yield _income(name, "REALIZED_PNL", trade.realised, at_ms, trade.number, str(trade.number))
    for at, income in enumerate(account.book.income_since(0)):
        name, at_ms = symbol(income.instrument), income.venue_at_ns // MS
        yield _income(name, "FUNDING_FEE", income.received.value, at_ms, at + 1, "")


def _income(name: str, kind: str, value: Decimal, at_ms: int, number: int, trade_id: str) -> Body:
    return {
        "symbol": name,
        "incomeType": kind,
        "income": sum_text(value),
        "asset": ASSET,
        "info": kind,
        "time": at_ms,
        "tranId": number,
        "tradeId": trade_id,
    }
