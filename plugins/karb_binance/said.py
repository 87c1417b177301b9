"""What an answer of Binance's comes to: what was asked for, its no, or nothing that anything follows from."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar

from karb_binance.wire import SeenError
from karb_core.connection.failures import NoAnswer, VenueRejected
from karb_core.connection.request import Answer
from karb_core.connection.said import said as said_by
from karb_core.connection.typed_body import read

T = TypeVar("T")

#: Order does not exist.
NOT_FOUND = "-2013"
#: The id exists: of a request that was sent once, a copy came before the one that this answers.
EXISTS = "-4116"
#: The request's time is outside of the window: it was refused, by the front or by the engine.
LATE = frozenset({"-1021", "-5028"})

#: Disconnected, unexpected response, timeout: Binance itself does not know what became of the request.
_UNKNOWN = frozenset({-1000, -1001, -1006, -1007})  # karb: constant because Binance's page of errors says so
# karb: constant because Binance's page of errors has so many refusals, each in the thousand of its kind
_NOES = (range(-1199, -1001), range(-2999, -1999), range(-4999, -3999), range(-5099, -4999))


def said(answer: Answer, shape: type[T]) -> T:
    """As `karb_core.connection.said`: a code that says that nobody knows, and one of no page, are no answer."""
    return said_by(answer, shape, _no)


def _no(answer: Answer) -> VenueRejected | None:
    if answer.status < HTTPStatus.BAD_REQUEST or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    error = read(answer.body, SeenError)
    if error.code in _UNKNOWN or not any(error.code in kind for kind in _NOES):
        raise NoAnswer(f"HTTP {answer.status}, {error.code}: {error.msg}")
    return VenueRejected(answer.status, str(error.code), error.msg)
