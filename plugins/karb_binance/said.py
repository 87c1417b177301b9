"""What an answer of Binance's comes to: what was asked for, its no, or nothing that anything follows from."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar

from karb_binance.wire import SeenError, Unreadable, read
from karb_core.connection.failures import NoAnswer, VenueRejected
from karb_core.connection.request import Answer

T = TypeVar("T")

#: Order does not exist.
NOT_FOUND = "-2013"
#: The id exists: of a request that was sent once, a copy came before the one that this answers.
EXISTS = "-4116"
#: The request's time is outside of the window: it was refused, by the front or by the engine.
LATE = frozenset({"-1021", "-5028"})

_WAITS = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.IM_A_TEAPOT)
#: Disconnected, unexpected response, timeout: Binance itself does not know what became of the request.
_UNKNOWN = frozenset({-1000, -1001, -1006, -1007})  # karb: constant because Binance's page of errors says so
# karb: constant because Binance's page of errors has so many refusals, each in the thousand of its kind
_NOES = (range(-1199, -1001), range(-2999, -1999), range(-4999, -3999), range(-5099, -4999))


def said(answer: Answer, shape: type[T]) -> T:
    """Errors: `VenueRejected` for a documented refusal; `NoAnswer` for an error of the server, whatever it says, for the
    codes that say that nobody knows, and for what cannot be read."""
    try:
        if answer.status // 100 == 2:  # karb: constant because HTTP calls 2xx what was asked for
            return read(answer.body, shape)
        if answer.status >= HTTPStatus.BAD_REQUEST and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            error = read(answer.body, SeenError)
            if error.code not in _UNKNOWN and any(error.code in kind for kind in _NOES):
                raise VenueRejected(answer.status, str(error.code), error.msg)
            raise NoAnswer(f"HTTP {answer.status}, {error.code}: {error.msg}")
    except Unreadable as e:
        if answer.status in _WAITS:
            raise VenueRejected(answer.status, "too_many_requests", f"HTTP {answer.status}") from None
        raise NoAnswer(f"HTTP {answer.status}, unreadable: {e}") from None
    raise NoAnswer(f"HTTP {answer.status}")
