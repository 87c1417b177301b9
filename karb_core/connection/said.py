"""What an answer comes to: what was asked for, the venue's own no, or nothing that anything follows from."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from karb_core.connection.failures import NoAnswer, VenueRejected
from karb_core.connection.request import Answer
from karb_core.connection.typed_body import Unreadable, read

T = TypeVar("T")

#: A venue's own no, told where it is one that its pages have; None for anything else. Errors: `Unreadable`, `NoAnswer`.
Noes = Callable[[Answer], VenueRejected | None]

_WAITS = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.IM_A_TEAPOT)


def said(answer: Answer, shape: type[T], noes: Noes) -> T:
    """Errors: `VenueRejected` for a documented refusal, and for a limit whatever its body says; `NoAnswer` for all else
    (an error of the server, a page of something in between, a word that is in no page of the venue's)."""
    try:
        if answer.status // 100 == 2:  # karb: constant because HTTP calls 2xx what was asked for
            return read(answer.body, shape)
        no = noes(answer)
    except Unreadable as e:
        if answer.status in _WAITS:
            raise VenueRejected(answer.status, "too_many_requests", f"HTTP {answer.status}") from None
        raise NoAnswer(f"HTTP {answer.status}, unreadable: {e}") from None
    if no is None:
        raise NoAnswer(f"HTTP {answer.status}")
    raise no
