"""Several orders at once: how their request is hashed, and what is answered. Source: Bithumb's page on batch orders.

Which text is hashed for a body of lists is not documented, and clients do it in two ways; both are taken here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

from karb_lab.account import Account
from karb_lab.bithumb.orders import Orders
from karb_lab.bithumb.placing import BAD
from karb_lab.json_text import Json
from karb_lab.korean.asked import Asked
from karb_lab.korean.quotation import Body
from karb_lab.korean.refused import Refused

_FIELD = "batch_orders"
_MOST = 20  # karb: constant because Bithumb takes no more orders at once


def hashed_ways(body: str) -> tuple[str, ...]:
    """`batch_orders[0][market]=KRW-BTC&...`, or `batch_orders[]=` with each order as percent-encoded JSON."""
    orders = _read(body)
    indexed = "&".join(
        f"{_FIELD}[{at}][{name}]={value}" for at, order in enumerate(orders) for name, value in order.items()
    )
    packed = "&".join(f"{_FIELD}[]={quote(json.dumps(order, separators=(',', ':')), safe='')}" for order in orders)
    return indexed, packed


def make_several(orders: Orders, account: Account, several: Asked) -> Body:
    """One answer for each order, in their order: that it was taken, or why not. Edge: one that is refused stops no other."""
    rows: list[Json] = []
    for order in _read(several.body):
        asked = Asked(tuple((str(name), str(value)) for name, value in order.items()))
        try:
            rows.append(orders.make(account, asked))
        except Refused as refused:
            rows.append(
                {"client_order_id": asked.one("client_order_id"), "name": refused.name, "message": refused.message}
            )
    return {"batch_orders_response": rows}


def _read(body: str) -> list[Mapping[str, object]]:
    try:
        told = json.loads(body)[_FIELD]
    except (ValueError, KeyError, TypeError) as wrong:
        raise Refused.bad(BAD, _FIELD) from wrong
    if not isinstance(told, list) or not 1 <= len(told) <= _MOST or not all(isinstance(one, dict) for one in told):
        raise Refused.bad(BAD, f"{_FIELD}: 1 ~ {_MOST}")
    return told
