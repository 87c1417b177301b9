"""A call of ccxt's, and what each of its errors lets us conclude."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable
from typing import Any, TypeVar

from karb_core.connection.failures import NoAnswer, NothingSent, Unanswered, VenueRejected
from karb_core.connection.typed_body import Unreadable

T = TypeVar("T")

_NO_STATUS = 0  # karb: constant because ccxt does not say with which status a venue said no
#: Classes that ccxt makes of a venue's own no: nothing of what was asked was done. All others prove nothing.
_REFUSALS = (
    "InsufficientFunds", "InvalidOrder", "BadSymbol", "BadRequest", "AuthenticationError", "ArgumentsRequired",
    "NotSupported", "OperationRejected", "InvalidAddress",
)  # fmt: skip
#: Of these, what a copy of the same request could have brought about.
_SAY_NOTHING = ("DuplicateOrderId",)
NOT_FOUND = "OrderNotFound"


async def asked(call: Awaitable[T], secrets: tuple[str, ...] = ()) -> T:
    """Errors: `VenueRejected`, its code the name of ccxt's class; `NothingSent` where no connection was made; `NoAnswer` for
    everything else, as ccxt makes one plain error of much that is no proof; `Unreadable` for an answer that it broke on.
    None of them has a part of `secrets` in it.
    """
    errors = importlib.import_module("ccxt.base.errors")
    try:
        return await call
    except errors.BaseError as e:
        raise _sorted(e, errors, secrets) from None
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, ArithmeticError) as e:
        raise Unreadable(f"ccxt could not read an answer: {type(e).__name__}") from None


def _sorted(error: Exception, errors: Any, secrets: tuple[str, ...]) -> Unanswered | VenueRejected:
    name, said = type(error).__name__, _without(str(error), secrets)
    if isinstance(error, errors.OrderNotFound):
        return VenueRejected(_NO_STATUS, NOT_FOUND, said)
    if isinstance(error, tuple(getattr(errors, each) for each in _SAY_NOTHING)):
        return NoAnswer(f"{name}: {said}")
    if isinstance(error, tuple(getattr(errors, each) for each in _REFUSALS)):
        return VenueRejected(_NO_STATUS, name, said)
    return NothingSent(said) if _never_connected(error) else NoAnswer(f"{name}: {said}")


def _never_connected(error: Exception) -> bool:
    from karb_core.connection.never_connected import NEVER_CONNECTED

    return isinstance(error.__cause__, NEVER_CONNECTED)


def _without(said: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        said = said.replace(secret, "***")
    return said[:300]  # karb: constant because it cuts a shown text
