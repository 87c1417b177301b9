"""One writing for one value, so that equal decisions have equal bytes."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from json.encoder import encode_basestring as _quoted
from typing import TYPE_CHECKING, Any

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.instrument import Instrument

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def to_json(value: object) -> str:
    """JSON with sorted keys and no spaces; numbers that may have a point are text as `exact.text` writes them.

    Frozen values become objects of their fields, amounts, prices and instruments their own text. Errors: TypeError
    for a float and for anything else that has more than one writing (a set, bytes, a datetime, a key that is no text).
    """
    return _written(value)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, 64 of [0-9a-f]. Errors: as `to_json`."""
    return digest_of_text(to_json(value))


def digest_of_text(written: str) -> str:
    """SHA-256 of a text that is canonical already."""
    return hashlib.sha256(written.encode("utf-8")).hexdigest()


def _written(value: object) -> str:
    kind = type(value)
    writing = _LOOKED_UP.get(kind)
    if writing is None:
        writing = _LOOKED_UP[kind] = _writing_of(kind)
    return writing(value)


def _writing_of(kind: type) -> Callable[[Any], str]:
    for known, writing in _WRITINGS:
        if issubclass(kind, known):
            return writing
    return _frozen if is_dataclass(kind) else _refuse


def _listed(value: Sequence[object]) -> str:
    return f"[{','.join(map(_written, value))}]"


def _mapped(value: Mapping[object, object]) -> str:
    named = {_key(key): part for key, part in value.items()}
    return f"{{{','.join(f'{_quoted(key)}:{_written(named[key])}' for key in sorted(named))}}}"


def _frozen(value: object) -> str:
    begun = _beginnings(type(value))  # type: ignore[arg-type]
    return f"{{{','.join([f'{begin}{_written(getattr(value, name))}' for name, begin in begun])}}}"


def _refuse(value: object) -> str:
    raise TypeError(f"{value!r} has no one writing")


@cache
def _beginnings(frozen: "type[DataclassInstance]") -> tuple[tuple[str, str], ...]:
    """The fields in their order here, and how each begins."""
    return tuple((name, f"{_quoted(name)}:") for name in sorted(field.name for field in fields(frozen)))


#: The first type that fits decides: a bool is an int too, and an Enum may be anything.
_WRITINGS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Enum, lambda value: _written(value.value)),
    (bool, lambda value: "true" if value else "false"),
    (int, int.__repr__),
    (str, _quoted),
    (type(None), lambda _: "null"),
    (Decimal, lambda value: f'"{exact.text(value)}"'),
    (Amount, lambda value: _quoted(value.text())),
    (Price, lambda value: _quoted(value.text())),
    (Instrument, lambda value: _quoted(value.text())),
    (tuple, _listed),
    (list, _listed),
    (Mapping, _mapped),
)

#: Each type is looked up once: a decision has many values of few types.
_LOOKED_UP: dict[type, Callable[[Any], str]] = {}


def _key(key: object) -> str:
    if isinstance(key, Instrument):
        return key.text()
    if isinstance(key, str) and not isinstance(key, Enum):
        return key
    raise TypeError(f"{key!r} cannot name a value")
