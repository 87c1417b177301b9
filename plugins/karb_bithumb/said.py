"""What an answer of Bithumb's comes to: what was asked for, its no, or nothing that anything follows from."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar

from karb_bithumb.wire import SeenErrorBody
from karb_core.connection.failures import NoAnswer, VenueRejected
from karb_core.connection.request import Answer
from karb_core.connection.said import said as said_by
from karb_core.connection.typed_body import Unreadable, read

T = TypeVar("T")

NOT_FOUND = "order_not_found"
#: For a moment after an order was taken it is not told yet.
NOT_READY = "order_not_ready"
#: The token's time is too old.
LATE = "expired_jwt"
#: A parameter is not as it should be. What is said to an id that was used is not documented: it may be this.
INVALID = "invalid_parameter"

#: Bithumb's page of errors. What is in no page of its proves nothing.
_NAMES = frozenset(
    {
        INVALID, "invalid_price", "invalid_price_bid", "invalid_price_ask", "under_price_limit_bid",
        "under_price_limit_ask", "under_min_total_bid", "under_min_total_ask", "insufficient_funds_bid",
        "insufficient_funds_ask", "cross_trading", "bank_account_required", "two_factor_auth_required",
        "withdraw_insufficient_balance", "jwt_verification", "invalid_query_payload", "invalid_access_key",
        "NotAllowIP", "out_of_scope", LATE, "blocked_member_id", NOT_FOUND, "deposit_not_found", "404", NOT_READY,
    }
)  # fmt: skip


def said(answer: Answer, shape: type[T]) -> T:
    """As `karb_core.connection.said`. Edge: a refusal counts as one though its status says that all is well."""
    if answer.status // 100 == 2 and _has_error(answer):  # karb: constant because HTTP calls 2xx what was asked for
        raise _no_of(answer)
    return said_by(answer, shape, _no)


def _no(answer: Answer) -> VenueRejected | None:
    refused = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    return _no_of(answer) if refused else None


def _no_of(answer: Answer) -> VenueRejected:
    """Errors: `NoAnswer` for a name that is not documented; `Unreadable`."""
    error = read(answer.body, SeenErrorBody).error
    name = str(error.name)
    if name not in _NAMES and answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        raise NoAnswer(f"HTTP {answer.status}, {name}: {error.message}")
    return VenueRejected(answer.status, name, error.message)


def _has_error(answer: Answer) -> bool:
    try:
        read(answer.body, SeenErrorBody)
    except Unreadable:
        return False
    return True
