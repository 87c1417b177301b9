"""Bithumb's words, typed.

Source: Bithumb's pages on orders and accounts, API 2.x. One order with a trade, as `GET /v1/order` tells it:

    {"uuid":"C0101000003152406454","client_order_id":"bot-000001","side":"bid","ord_type":"limit","price":"124330000",
     "state":"wait","market":"KRW-BTC","created_at":"2026-11-21T14:00:00+09:00","volume":"0.001",
     "remaining_volume":"0.0006","executed_volume":"0.0004","executed_funds":"49732","paid_fee":"124.33",
     "trades_count":1,"stp_type":"cancel_taker","trades":[{"market":"KRW-BTC","uuid":"C0101000001744207001",
     "price":"124330000","volume":"0.0004","funds":"49732","side":"bid","created_at":"2026-11-21T14:00:02+09:00"}]}

What is asked by `/v1` says `uuid` and `ord_type`; lists of `/v2` say `order_id` and `order_type` of the same.
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


class SeenOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order. Edge: keys without meaning for its type may be null or absent. `cancel_type` says who ended it (`user`,
    `tif_cancel`, `stp_cancel`); nothing follows from it, for what has filled says it all."""

    uuid: str
    market: str
    side: str
    state: str
    created_at: datetime
    executed_volume: Decimal
    paid_fee: Decimal
    price: Decimal | None = None
    volume: Decimal | None = None
    executed_funds: Decimal | None = None
    time_in_force: str | None = None
    cancel_type: str | None = None
    identifier: str | None = msgspec.field(name="client_order_id", default=None)
    trades: tuple[SeenTrade, ...] | None = None


class SeenListed(msgspec.Struct, frozen=True, kw_only=True):
    """The same as a list tells it, without its trades."""

    uuid: str = msgspec.field(name="order_id")
    market: str
    side: str
    state: str
    executed_volume: Decimal
    paid_fee: Decimal | None = None
    price: Decimal | None = None
    volume: Decimal | None = None
    executed_funds: Decimal | None = None
    time_in_force: str | None = None
    identifier: str | None = msgspec.field(name="client_order_id", default=None)
    trades: tuple[SeenTrade, ...] | None = None


class SeenPage(msgspec.Struct, frozen=True):
    """A part of a list. Edge: `next_key` is what the next part is asked by, None where there is none."""

    data: tuple[SeenListed, ...]
    has_next: bool
    next_key: str | None = None


class SeenTaken(msgspec.Struct, frozen=True):
    """The answer to a new order: that it was taken, and nothing of what became of it. A cancel's has no market."""

    order_id: str
    market: str | None = None
    side: str | None = None
    client_order_id: str | None = None


class SeenBalance(msgspec.Struct, frozen=True):
    """What is held of one asset: `balance` is the free part."""

    currency: str
    balance: Decimal
    locked: Decimal


class SeenSide(msgspec.Struct, frozen=True):
    """What is asked of orders of one side. Unit: quote. `price_unit`: the step of prices at the price of now."""

    min_total: Decimal
    price_unit: Decimal


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


class SeenPrice(msgspec.Struct, frozen=True):
    """The last price in one market. Its times are not read: they were seen nine hours ahead."""

    market: str
    trade_price: Decimal


class SeenKey(msgspec.Struct, frozen=True):
    """One key of the account, and until when it is good."""

    access_key: str
    expire_at: str

    def __repr__(self) -> str:
        return f"SeenKey(expire_at={self.expire_at!r})"


class SeenError(msgspec.Struct, frozen=True):
    """A refusal. Edge: the name may be an integer."""

    name: str | int
    message: str = ""


class SeenErrorBody(msgspec.Struct, frozen=True):
    """The envelope of a refusal."""

    error: SeenError
