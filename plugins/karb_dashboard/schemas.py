"""What OpenAPI says of the answers: their keys and what kind of value stands there."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from karb_dashboard.refusal import REFUSALS

_TEXT = {"type": "string"}
_ROWS = {"type": "array", "items": {"type": "object"}}
_WHEN = {"type": "string", "description": "UTC", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"}
_MAYBE = {"type": ["string", "null"]}
_FACTOR = {"type": "string", "enum": ["word", "code"]}
_SAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "health": ("it serves", {"status": {"const": "ok"}, "second": _FACTOR, "lang": {"enum": ["en", "ko"]}}),
    "markets": ("by strategy and pair: prices, rates, premium, bounds", {"markets": _ROWS}),
    "history": ("the premium at both rates, of the last hour", {"pairs": _ROWS}),
    "accounts": ("by account", {"accounts": _ROWS}),
    "orders": ("the newest first", {"orders": _ROWS}),
    "status": (
        "as `karb status --format json`, by account",
        {"accounts": _ROWS, "unread": _MAYBE, "second": _FACTOR, "dropped": {"type": "integer"}},
    ),
    "trades": ("closed lots, the newest first", {"trades": _ROWS}),
    "strategies": ("as `karb plan --format json`, by strategy", {"strategies": _ROWS}),
    "decisions": ("as `karb why --format json`, the newest first", {"decisions": _ROWS}),
    "log": ("what was said and told, the newest first", {"log": _ROWS}),
    "session": ("signed in or out", {"signed_in": {"type": "boolean"}}),
    "commands": (
        "written down for each strategy; `run`: which took it",
        {"commands": _ROWS, "taken": {"type": "boolean"}},
    ),
}
_ERROR = {
    "type": "object",
    "required": ["format_version", "error"],
    "properties": {
        "format_version": {"const": 1},
        "error": {"type": "object", "required": ["code", "said"], "properties": {"code": _TEXT, "said": _TEXT}},
    },
}
_ALWAYS = ("bad_request", "not_signed_in", "too_many", "wrong_host", "too_large")


def documented(answer: str, *refusals: str) -> dict[str, Any]:
    """For a route: what it answers where all is well, and where not."""
    about, keys = _SAYS[answer]
    properties = {"format_version": {"const": 1}, "now": _WHEN, **keys}
    schema = {"type": "object", "required": list(properties), "properties": properties}
    responses: dict[int, Any] = {
        int(HTTPStatus.OK): {"description": about, "content": {"application/json": {"schema": schema}}}
    }
    for code in (*_ALWAYS, *refusals, *(("not_found",) if answer == "markets" else ())):
        status, said = REFUSALS[code]
        responses[status] = {"description": said.en, "content": {"application/json": {"schema": _ERROR}}}
    return {"response_model": None, "responses": responses}
