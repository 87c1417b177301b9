"""One writing for one value, so that equal decisions have equal bytes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.instrument import Instrument

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

#: Most of what is written; only these very types, for what derives from them may have another writing.
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def to_json(value: object) -> str:
    """JSON with sorted keys and no spaces; numbers that may have a point are text as `exact.text` writes them.

    Frozen values become objects of their fields, amounts, prices and instruments their own text. Errors: TypeError
    for a float and for anything else that has more than one writing (a set, bytes, a datetime, a key that is no text).
    """
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, 64 of [0-9a-f]. Errors: as `to_json`."""
    return digest_of_text(to_json(value))


def digest_of_text(written: str) -> str:
    """SHA-256 of a text that is canonical already."""
    return hashlib.sha256(written.encode("utf-8")).hexdigest()


def _plain(value: object) -> object:
    if type(value) in _AS_THEY_ARE:
        return value
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | str():
            return value
        case Decimal():
            return exact.text(value)
        case Amount() | Price() | Instrument():
            return value.text()
        case tuple() | list():
            return [_plain(part) for part in value]
        case Mapping():
            return {_key(key): _plain(part) for key, part in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {name: _plain(getattr(value, name)) for name in _names(type(value))}
        case _:
            raise TypeError(f"{value!r} has no one writing")


@cache
def _names(frozen: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(frozen))


def _key(key: object) -> str:
    if isinstance(key, Instrument):
        return key.text()
    if isinstance(key, str) and not isinstance(key, Enum):
        return key
    raise TypeError(f"{key!r} cannot name a value")
