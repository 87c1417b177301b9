"""Typed values back from the canonical JSON that `domain.canonical` wrote of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from karb_core.domain.amount import Amount, Price
from karb_core.domain.instrument import Instrument

T = TypeVar("T")


def read(kind: type[T], told: object) -> T:
    """A value of that type, equal to the one that was written.

    Frozen values by their fields' types, tuples, optional values, enums by their value, and what has a text of its
    own. Edge: a field that has a default may be missing: an earlier release wrote none.

    Errors: KeyError, TypeError, ValueError, ArithmeticError for anything that was not written so.
    """
    found: T = _read(kind, told)
    return found


def _read(kind: Any, told: Any) -> Any:
    if kind in _BY_TEXT:
        return _BY_TEXT[kind](told)
    if kind in (str, int, bool, NoneType):
        return _as_it_is(kind, told)
    origin, of = get_origin(kind), get_args(kind)
    if origin is UnionType:
        (only,) = (each for each in of if each is not NoneType)
        return None if told is None else _read(only, told)
    if origin is tuple:
        return _tuple(of, told)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(told)
    if isinstance(kind, type) and issubclass(kind, tuple):
        return kind(*(_read(hint, part) for hint, part in zip(_hints(kind).values(), told, strict=True)))
    if is_dataclass(kind) and isinstance(told, Mapping):
        assert isinstance(kind, type)
        hints = _hints(kind)
        if not _needed(kind) <= told.keys() <= hints.keys():
            raise KeyError(f"{kind.__name__}: {sorted(told)}")
        return kind(**{name: _read(hint, told[name]) for name, hint in hints.items() if name in told})
    raise TypeError(f"{told!r} is no {kind}")


def _as_it_is(kind: type, told: Any) -> Any:
    if type(told) is not kind:
        raise TypeError(f"{told!r} is no {kind.__name__}")
    return told


def _tuple(of: tuple[Any, ...], told: Any) -> tuple[Any, ...]:
    if not isinstance(told, list):
        raise TypeError(f"{told!r} is no list")
    if len(of) == 2 and of[1] is Ellipsis:
        return tuple(_read(of[0], part) for part in told)
    return tuple(_read(kind, part) for kind, part in zip(of, told, strict=True))


def _price(told: str) -> Price:
    value, _, market = told.partition(" ")
    quote, _, base = market.partition("/")
    return Price(Decimal(value), base, quote)


@cache
def _needed(kind: type) -> frozenset[str]:
    made = (field for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING)
    return frozenset(field.name for field in made)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


_BY_TEXT: dict[Any, Callable[[str], Any]] = {
    Decimal: Decimal,
    Amount: Amount.read,
    Price: _price,
    Instrument: Instrument.read,
}
