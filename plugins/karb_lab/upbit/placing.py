"""A request for an order of Upbit's, read and judged as Upbit does. Source: Upbit's pages of the exchange API."""

from __future__ import annotations

from karb_core.domain import exact
from karb_lab.korean.asked import Asked
from karb_lab.korean.order_forms import OrderRead, is_kind, need_together, number, order_of
from karb_lab.korean.refused import Refused
from karb_lab.korean.words import NAMES, SIDES, instrument_of
from karb_lab.upbit.holdings import MAX_TOTAL
from karb_lab.venue import Venue
from karb_lab.wanted import Wanted

_LONGEST = 64  # karb: constant because an identifier of Upbit's has up to 64 characters
_SELF_MATCH = ("cancel_maker", "cancel_taker", "reduce", "none")


def wanted(venue: Venue, asked: Asked, order_id: str) -> Wanted:
    """The order that is asked for, under an id of the venue's. Errors: `Refused` 400."""
    read = _read(venue, asked)
    order = order_of(read, venue.market[read.instrument].offers, order_id)
    said = {
        "ord_type": read.kind,
        "price": None if read.price is None else exact.text(read.price),
        "time_in_force": read.time_in_force,
        "smp_type": asked.one("smp_type") or "cancel_maker",
    }
    return Wanted(order, read.how, asked.one("identifier"), said)


def need_identifier(asked: Asked) -> str | None:
    """Errors: `Refused` for one that is too long."""
    identifier = asked.one("identifier")
    if identifier is not None and len(identifier) > _LONGEST:
        raise Refused.bad("validation_error", "identifier: 64자 이하여야 합니다.")
    return identifier


def _read(venue: Venue, asked: Asked) -> OrderRead:
    instrument = instrument_of(asked.one("market") or "", venue.facts)
    if instrument is None:
        raise Refused.bad("validation_error", "market does not have a valid value")
    side = SIDES.get(asked.one("side") or "")
    if side is None:
        raise Refused.bad("validation_error", "side does not have a valid value")
    kind, time_in_force = asked.one("ord_type") or "", asked.one("time_in_force")
    if not is_kind(kind, time_in_force):
        raise Refused.bad("validation_error", "ord_type, time_in_force does not have a valid value")
    smp_type = asked.one("smp_type")
    if smp_type is not None and smp_type not in _SELF_MATCH:
        raise Refused.bad("validation_error", "smp_type does not have a valid value")
    if time_in_force == "post_only" and (kind != "limit" or smp_type in _SELF_MATCH[:-1]):
        raise Refused.bad("invalid_post_only", "post_only와 함께 쓸 수 없는 값입니다.")
    read = OrderRead(
        instrument,
        venue.facts[instrument],
        side,
        kind,
        number(asked.one("price"), "price", "validation_error"),
        number(asked.one("volume"), "volume", "validation_error"),
        time_in_force,
        f"create_{NAMES[side]}_error",
        MAX_TOTAL,
    )
    need_together(read)
    return read
