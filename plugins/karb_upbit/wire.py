"""Upbit's words, typed.

Source: Upbit's pages on orders and accounts. One order with a trade, as `GET /v1/order` tells it:

    {"uuid":"3f0a...","side":"bid","ord_type":"limit","price":"124350000","state":"wait","market":"KRW-BTC",
     "created_at":"2026-11-21T14:00:00+09:00","volume":"0.001","remaining_volume":"0.0006","executed_volume":"0.0004",
     "paid_fee":"24.87","trades_count":1,"identifier":"bot-000001","trades":[{"uuid":"9d1c...","price":"124350000",
     "volume":"0.0004","funds":"49740","created_at":"2026-11-21T14:00:02+09:00","side":"bid"}]}
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec


class SeenTrade(msgspec.Struct, frozen=True):
    """One trade of an order. Unit: funds in quote. It carries no fee: that is told for the order."""

    uuid: str
    price: Decimal
    volume: Decimal
    funds: Decimal
    created_at: datetime


class SeenOrder(msgspec.Struct, frozen=True):
    """An order. Edge: keys without meaning for its type may be null or absent; `trades` is told by one call only, and
    `executed_funds` by lists."""

    uuid: str
    side: str
    ord_type: str
    state: str
    market: str
    created_at: datetime
    executed_volume: Decimal
    paid_fee: Decimal
    price: Decimal | None = None
    volume: Decimal | None = None
    executed_funds: Decimal | None = None
    time_in_force: str | None = None
    identifier: str | None = None
    trades: tuple[SeenTrade, ...] | None = None


class SeenBalance(msgspec.Struct, frozen=True):
    """What is held of one asset: `balance` is the free part."""

    currency: str
    balance: Decimal
    locked: Decimal


class SeenSide(msgspec.Struct, frozen=True):
    """What is asked of orders of one side. Unit: quote."""

    min_total: Decimal


class SeenMarket(msgspec.Struct, frozen=True):
    """What is asked of orders in one market."""

    id: str
    bid: SeenSide
    ask: SeenSide


class SeenChance(msgspec.Struct, frozen=True):
    """Fees of this account in one market, as ratios, and what is asked of orders there."""

    bid_fee: Decimal
    ask_fee: Decimal
    maker_bid_fee: Decimal
    maker_ask_fee: Decimal
    market: SeenMarket


class SeenTick(msgspec.Struct, frozen=True):
    """The step of prices in one market, at its price now."""

    market: str
    tick_size: Decimal


class SeenPrice(msgspec.Struct, frozen=True):
    """The last price in one market."""

    market: str
    trade_price: Decimal


class SeenKey(msgspec.Struct, frozen=True):
    """One key of the account, and until when it is good."""

    access_key: str
    expire_at: str

    def __repr__(self) -> str:
        return f"SeenKey(expire_at={self.expire_at!r})"


class SeenError(msgspec.Struct, frozen=True):
    """A refusal. Edge: on public endpoints the name may be an integer."""

    name: str | int
    message: str = ""


class SeenErrorBody(msgspec.Struct, frozen=True):
    """The envelope of a refusal."""

    error: SeenError
