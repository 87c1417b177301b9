"""A venue's words, typed. Numbers are exact whether it writes them as text or not; what does not fit is an error."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from karb_core.domain import exact

T = TypeVar("T")


class Unreadable(Exception):
    """A venue said something that is not what its pages say: it is quarantined, and nothing is read into it."""


def read(body: bytes, shape: type[T]) -> T:
    """The body in that shape. Errors: `Unreadable`, without a part of the body; a number that no venue books counts."""
    try:
        told: T = _decoder(cast("Hashable", shape)).decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as e:
        raise Unreadable(f"{type(e).__name__}: {e}"[:200]) from None  # karb: constant because it cuts a shown text
    _need_finite(told)
    return told


@cache
def _decoder(shape: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


def _need_finite(told: Any) -> None:
    if isinstance(told, Decimal):
        try:
            exact.finite(told)
        except (ValueError, ArithmeticError):
            raise Unreadable("a number that no venue books") from None
    elif isinstance(told, msgspec.Struct):
        for name in told.__struct_fields__:
            _need_finite(getattr(told, name))
    elif isinstance(told, dict):
        for each in told.values():
            _need_finite(each)
    elif isinstance(told, list | tuple):
        for each in told:
            _need_finite(each)
