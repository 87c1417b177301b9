"""Spot's words, typed, where they are other than the futures'.

Source: Binance's pages on spot trading and account endpoints. One order, as `GET /api/v3/order` tells it; the answer to a new
one has these keys too:

    {"symbol":"BTCUSDT","orderId":28,"orderListId":-1,"clientOrderId":"bot-000002","price":"84120.00000000",
     "origQty":"0.00200000","executedQty":"0.00118000","origQuoteOrderQty":"0.00000000","cummulativeQuoteQty":"99.26160000",
     "status":"EXPIRED","timeInForce":"IOC","type":"LIMIT","side":"BUY","time":1795237200123}
"""

from __future__ import annotations

from decimal import Decimal

import msgspec


class SeenSpotOrder(msgspec.Struct, frozen=True, rename="camel"):
    """An order. Edge: of some old orders Binance says that what they came to is below zero: it does not know."""

    order_id: int
    symbol: str
    status: str
    client_order_id: str
    price: Decimal
    orig_qty: Decimal
    executed_qty: Decimal
    time_in_force: str
    side: str
    came_to: Decimal = msgspec.field(name="cummulativeQuoteQty")

    @property
    def cum_quote(self) -> Decimal | None:
        return None if self.came_to < 0 else self.came_to

    @property
    def reduce_only(self) -> bool:
        """Spot lends nothing, so that no order of it can turn a position."""
        return False


class SeenCancelled(msgspec.Struct, frozen=True, rename="camel"):
    """Of a cancel `clientOrderId` is the request's own."""

    order_id: int


class SeenSpotTrade(msgspec.Struct, frozen=True, rename="camel"):
    """One trade of the account. Unit: time in ms. Edge: a purchase pays its commission in what was bought, but for an account
    that pays with another coin."""

    symbol: str
    id: int
    order_id: int
    is_buyer: bool
    price: Decimal
    qty: Decimal
    commission: Decimal
    commission_asset: str
    time: int

    @property
    def side(self) -> str:
        return "BUY" if self.is_buyer else "SELL"


class SeenSpotBalance(msgspec.Struct, frozen=True):
    """What is held of one asset: what new orders may use, and what orders that rest hold."""

    asset: str
    free: Decimal
    locked: Decimal


class SeenAccount(msgspec.Struct, frozen=True, rename="camel"):
    """The account. Edge: assets of which it has nothing are left out where that is asked for."""

    can_trade: bool
    balances: tuple[SeenSpotBalance, ...]


class SeenRates(msgspec.Struct, frozen=True):
    """Rates of commission, as ratios: by who takes and who makes, and more by who buys and who sells."""

    maker: Decimal
    taker: Decimal
    buyer: Decimal
    seller: Decimal


class SeenDiscount(msgspec.Struct, frozen=True, rename="camel"):
    """Whether commissions are paid with another coin, for less."""

    enabled_for_account: bool
    enabled_for_symbol: bool
    discount_asset: str = ""


class SeenCommission(msgspec.Struct, frozen=True, rename="camel"):
    """What this account pays in one market: the sum of its kinds."""

    symbol: str
    standard_commission: SeenRates
    tax_commission: SeenRates
    discount: SeenDiscount
    special_commission: SeenRates | None = None
