"""Binance's words, typed.

Source: Binance's pages on USD-M futures. One order, as `GET /fapi/v1/order` tells it:

    {"orderId":22542179,"symbol":"BTCUSDT","status":"EXPIRED","clientOrderId":"bot-000001","price":"95000.0",
     "origQty":"0.010","executedQty":"0.004","timeInForce":"IOC","type":"LIMIT","reduceOnly":true,"side":"SELL",
     "positionSide":"BOTH","time":1795237200120,"avgPrice":"95000.0","cumQuote":"380.0"}
"""

from __future__ import annotations

from decimal import Decimal

import msgspec


class SeenOrder(msgspec.Struct, frozen=True, rename="camel"):
    """An order. Edge: the answer to a new one may leave out `cumQuote`: what it came to is then asked for."""

    order_id: int
    symbol: str
    status: str
    client_order_id: str
    price: Decimal
    orig_qty: Decimal
    executed_qty: Decimal
    time_in_force: str
    type: str
    reduce_only: bool
    side: str
    cum_quote: Decimal | None = None


class SeenTrade(msgspec.Struct, frozen=True, rename="camel"):
    """One trade of the account. Unit: time in ms; commission above zero where it was paid."""

    symbol: str
    id: int
    order_id: int
    side: str
    price: Decimal
    qty: Decimal
    commission: Decimal
    commission_asset: str
    time: int


class SeenBalance(msgspec.Struct, frozen=True, rename="camel"):
    """What the futures wallet holds of one asset: all of it, and what new orders may use."""

    asset: str
    balance: Decimal
    available_balance: Decimal


class SeenPosition(msgspec.Struct, frozen=True, rename="camel"):
    """One position: short is below zero. Edge: a liquidation price of 0 is none."""

    symbol: str
    position_side: str
    position_amt: Decimal
    entry_price: Decimal
    liquidation_price: Decimal
    isolated_wallet: Decimal
    position_initial_margin: Decimal


class SeenIncome(msgspec.Struct, frozen=True, rename="camel"):
    """What was paid (above zero) or taken. Edge: what belongs to no market has an empty symbol."""

    symbol: str
    income_type: str
    income: Decimal
    asset: str
    time: int
    tran_id: int


class SeenFilter(msgspec.Struct, frozen=True, rename="camel"):
    """One rule of a market; which keys it has depends on its type."""

    filter_type: str
    tick_size: Decimal | None = None
    min_price: Decimal | None = None
    step_size: Decimal | None = None
    min_qty: Decimal | None = None
    max_qty: Decimal | None = None
    notional: Decimal | None = None


class SeenSymbol(msgspec.Struct, frozen=True, rename="camel"):
    """One market and its rules. `filters` come in no order."""

    symbol: str
    base_asset: str
    quote_asset: str
    margin_asset: str
    contract_type: str
    filters: tuple[SeenFilter, ...]


class SeenExchange(msgspec.Struct, frozen=True):
    """Every market."""

    symbols: tuple[SeenSymbol, ...]


class SeenBracket(msgspec.Struct, frozen=True, rename="camel"):
    """One tier of maintenance margin: notional * ratio - cum. Unit: margin asset."""

    notional_floor: Decimal
    maint_margin_ratio: Decimal
    cum: Decimal


class SeenBrackets(msgspec.Struct, frozen=True):
    """Every tier of one market."""

    symbol: str
    brackets: tuple[SeenBracket, ...]


class SeenFees(msgspec.Struct, frozen=True, rename="camel"):
    """Fees of this account in one market, as ratios."""

    symbol: str
    maker_commission_rate: Decimal
    taker_commission_rate: Decimal


class SeenSymbolConfig(msgspec.Struct, frozen=True, rename="camel"):
    """How one market is set at this account."""

    symbol: str
    margin_type: str
    leverage: int


class SeenAccountConfig(msgspec.Struct, frozen=True, rename="camel"):
    """How the account is set."""

    can_trade: bool
    dual_side_position: bool
    multi_assets_margin: bool


class SeenRights(msgspec.Struct, frozen=True, rename="camel"):
    """What the key may do."""

    enable_withdrawals: bool


class SeenTime(msgspec.Struct, frozen=True, rename="camel"):
    """Binance's clock. Unit: ms."""

    server_time: int


class SeenError(msgspec.Struct, frozen=True):
    """A refusal."""

    code: int
    msg: str = ""
