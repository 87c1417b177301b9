"""A request for an order of Bithumb's, read and judged as Bithumb does. Source: Bithumb's pages on orders, API 2.x."""

from __future__ import annotations

import re

from karb_core.domain import exact
from karb_lab.bithumb.holdings import MAX_TOTAL
from karb_lab.korean.asked import Asked
from karb_lab.korean.order_forms import OrderRead, is_kind, need_together, number, order_of
from karb_lab.korean.refused import Refused
from karb_lab.korean.words import SIDES, instrument_of
from karb_lab.venue import Venue
from karb_lab.wanted import Wanted

BAD = "invalid_parameter"
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")


def wanted(venue: Venue, asked: Asked, order_id: str) -> Wanted:
    """The order that is asked for, under an id of the venue's. Errors: `Refused` 400.

    Edge: its kind is `order_type`; older clients say `ord_type` (`POST /v1/orders`).
    """
    read = _read(venue, asked)
    order = order_of(read, venue.market[read.instrument].offers, order_id)
    said = {
        "ord_type": read.kind,
        "price": None if read.price is None else exact.text(read.price),
        "time_in_force": read.time_in_force,
    }
    return Wanted(order, read.how, need_client_id(asked), said)


def need_client_id(asked: Asked) -> str | None:
    """Errors: `Refused` for one that Bithumb does not take."""
    told = asked.one("client_order_id")
    if told is not None and _CLIENT_ID.fullmatch(told) is None:
        raise Refused.bad(BAD, "client_order_id: [A-Za-z0-9_-]{1,36}")
    return told


def _read(venue: Venue, asked: Asked) -> OrderRead:
    instrument = instrument_of(asked.one("market") or "", venue.facts)
    if instrument is None:
        raise Refused.bad(BAD, "market does not have a valid value")
    side = SIDES.get(asked.one("side") or "")
    if side is None:
        raise Refused.bad(BAD, "side does not have a valid value")
    kind, time_in_force = asked.one("order_type") or asked.one("ord_type") or "", asked.one("time_in_force")
    if not is_kind(kind, time_in_force):
        raise Refused.bad(BAD, "order_type, time_in_force does not have a valid value")
    if time_in_force == "post_only" and kind != "limit":
        raise Refused.bad(BAD, "post_only와 함께 쓸 수 없는 값입니다.")
    read = OrderRead(
        instrument,
        venue.facts[instrument],
        side,
        kind,
        number(asked.one("price"), "price", BAD),
        number(asked.one("volume"), "volume", BAD),
        time_in_force,
        BAD,
        MAX_TOTAL,
    )
    need_together(read)
    return read
