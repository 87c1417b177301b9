"""What a question came to, as JSON, and back: by its verb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Rejected, Unknown
from karb_core.domain.statement import Balance, Income, VenuePosition, VenueSilent
from karb_core.wiring.inputs import Failed, Question
from karb_core.wiring.typed_json import read

_LISTS: Mapping[str, Any] = {
    "fills_since": tuple[Fill, ...],
    "income_since": tuple[Income, ...],
    "open_orders": tuple[Order, ...],
}
_PAIRS: Mapping[str, Any] = {
    "balances": tuple[tuple[Account, Balance], ...],
    "positions": tuple[tuple[Instrument, VenuePosition], ...],
}


def plain(said: Any) -> Any:
    """For `canonical`: an outcome without its order, which its question has; a mapping as its pairs."""
    match said:
        case Failed(error):
            return {"failed": _error(error)}
        case Filled():
            return {"is": "filled", "filled": said.filled, "cost": said.cost, "final": said.final}
        case Rejected():
            return {"is": "rejected", "code": said.code, "message": said.message}
        case Unknown():
            return {"is": "unknown", "why": said.why, "filled": said.filled, "cost": said.cost}
        case Mapping():
            return tuple(said.items())
    return said


def said(question: Question, told: Any) -> object:
    """What `plain` was given. Errors: as `typed_json.read`."""
    if isinstance(told, dict) and "failed" in told:
        return Failed(_failure(told["failed"]))
    if question.verb in _LISTS:
        return read(_LISTS[question.verb], told)
    if question.verb in _PAIRS:
        return dict(read(_PAIRS[question.verb], told))
    if question.verb in ("place", "find"):
        assert question.order is not None
        return _outcome(question.order, told)
    return None


def _outcome(order: Order, told: Mapping[str, Any]) -> Outcome:
    match told["is"]:
        case "rejected":
            return Rejected(order, told["code"], told["message"])
        case "unknown":
            return Unknown(order, told["why"], Amount.read(told["filled"]), Amount.read(told["cost"]))
        case "filled":
            return Filled(order, Amount.read(told["filled"]), Amount.read(told["cost"]), told["final"])
    raise ValueError(f"{told['is']!r} is no outcome")


def _error(error: Exception) -> Mapping[str, str]:
    if isinstance(error, VenueSilent):
        return {"is": "VenueSilent", "venue": error.venue, "asked": error.asked, "why": error.why}
    return {"is": type(error).__name__, "text": str(error)}


def _failure(told: Mapping[str, str]) -> Exception:
    """Edge: an error of another kind is told apart by its name and its text, which is all that a desk writes of it."""
    if told["is"] == "VenueSilent":
        return VenueSilent(told["venue"], told["asked"], told["why"])
    kind: type[Exception] = type(told["is"], (Exception,), {})
    return kind(told["text"])
