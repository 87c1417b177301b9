"""An order that takes another's place. Source: Binance's page Cancel an Existing Order and Send a New Order, spot."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from karb_lab.account import Account
from karb_lab.binance.asked import Asked
from karb_lab.binance.orders import Orders
from karb_lab.binance.quotation import Body
from karb_lab.binance.refused import BinanceRefused
from karb_lab.json_text import Json

_FAILED = -2022  # karb: constant because it is Binance's code: neither was done
_HALF = -2021  # karb: constant because it is Binance's code: one was done, and the other not
_MODES = ("STOP_ON_FAILURE", "ALLOW_FAILURE")
_DONE, _NOT, _UNTRIED = "SUCCESS", "FAILURE", "NOT_ATTEMPTED"
#: What a cancel is told by, and under which names it comes here.
_OF_CANCEL = {
    "orderId": "cancelOrderId",
    "origClientOrderId": "cancelOrigClientOrderId",
    "newClientOrderId": "cancelNewClientOrderId",
}


def replace(orders: Orders, account: Account, asked: Asked) -> Json:
    """Cancels one, then makes another. Edge: with `STOP_ON_FAILURE` nothing is made where nothing was cancelled.

    Errors: `BinanceRefused` -2022 where neither was done, 409 -2021 where one was; each says what became of both.
    """
    if asked.need("cancelReplaceMode") not in _MODES:
        raise BinanceRefused.bad("cancelReplaceMode")
    told = {ours: asked.one(theirs) for ours, theirs in _OF_CANCEL.items()}
    named = {name: value for name, value in told.items() if value is not None}
    gone, cancelled = _tried(lambda: orders.cancel(account, _with(asked, {**named, "symbol": asked.need("symbol")})))
    if not gone and asked.need("cancelReplaceMode") == _MODES[0]:
        made, answer = None, None
    else:
        made, answer = _tried(lambda: orders.make(account, asked))
    body: Body = {
        "cancelResult": _DONE if gone else _NOT,
        "newOrderResult": _UNTRIED if made is None else _DONE if made else _NOT,
        "cancelResponse": cancelled,
        "newOrderResponse": answer,
    }
    if gone and made:
        return body
    raise _refused(body, half=gone or bool(made))


def _tried(does: Callable[[], Json]) -> tuple[bool, Json]:
    try:
        return True, does()
    except BinanceRefused as refused:
        return False, {"code": refused.code, "msg": refused.message}


def _with(asked: Asked, given: dict[str, str]) -> Asked:
    return Asked(given, asked.text, asked.signature)


def _refused(body: Body, *, half: bool) -> BinanceRefused:
    if half:
        refused = BinanceRefused(_HALF, "Order cancel-replace partially failed.", HTTPStatus.CONFLICT)
    else:
        refused = BinanceRefused(_FAILED, "Order cancel-replace failed.")
    refused.data = body
    return refused
