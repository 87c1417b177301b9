"""A number as ccxt hands it on: text where it was asked for text, and the shortest decimal of a float where it was not."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


def number(told: object, what: str) -> Decimal:
    """Errors: `Unreadable` for nothing, for what is no number, and for one that no venue books."""
    if told is None:
        raise Unreadable(f"{what} is not told")
    try:
        # Books come as floats whatever is asked: the shortest decimal that reads back as one is what was written.
        return exact.finite(Decimal(repr(told) if isinstance(told, float) else str(told)))
    except (InvalidOperation, ValueError, ArithmeticError):
        raise Unreadable(
            f"{what} is not a number: {str(told)[:40]!r}"
        ) from None  # karb: constant because it cuts a text


def number_or_none(told: object, what: str) -> Decimal | None:
    """As `number`, and None where nothing is told."""
    return None if told is None else number(told, what)


def nanoseconds(told: object, what: str) -> int:
    """From milliseconds of UTC. Errors: `Unreadable`."""
    if not isinstance(told, int) or isinstance(told, bool) or told <= 0:
        raise Unreadable(f"{what} has no time")
    return told * _MS
