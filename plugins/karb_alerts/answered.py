"""What an answer over HTTP says of a notice: told, surely not told, never to be told, or nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from karb_core.ports import NeverTold, NotTold

# karb: constant because RFC 9110 and RFC 6585 name them
_DONE, _TOO_MANY, _SERVER = range(200, 300), 429, 500
# karb: constant because RFC 9110 names them: what was sent cannot be taken
_NOT_LIKE_THIS = (400, 413, 415, 422)
# karb: constant because it says how long a channel is left in peace that names no time, and at most
_UNTOLD_S, _LONGEST_S = 1.0, 3600.0


class Unclear(Exception):
    """An answer came, and nobody can say what it means: the notice may have arrived."""


def need_told(service: str, status: int, headers: Mapping[str, str], pause_s: float | None = None) -> None:
    """`headers`: names in lower case. `pause_s`: as the body says, before what the header says.

    Errors: `NotTold`, `NeverTold`, and `Unclear` for an error of the service's own, after which it may have told.
    """
    if status in _DONE:
        return
    said = f"{service} answered HTTP {status}"
    if status == _TOO_MANY:
        raise NotTold(said, pause(headers) if pause_s is None else _bounded(pause_s))
    if status in _NOT_LIKE_THIS:
        raise NeverTold(said)
    if status >= _SERVER or status < _DONE.start:
        raise Unclear(said)
    raise NotTold(said)


def pause(headers: Mapping[str, str]) -> float:
    """In seconds, as `Retry-After` says; the least where it says nothing that can be read."""
    try:
        return _bounded(float(headers["retry-after"]))
    except (KeyError, ValueError):
        return _UNTOLD_S


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0), _LONGEST_S) if isfinite(seconds) else _UNTOLD_S
