"""One text for one value, however it was written: `3%`, `3.0%` and `300bp` are all `0.03`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from pydantic import BaseModel

from karb_core.domain.amount import Amount
from karb_core.domain.exact import EXACT
from karb_core.domain.exact import text as decimal_text
from karb_core.domain.instrument import Instrument
from karb_core.rules.choices import Later
from karb_core.rules.secret import SecretName
from karb_core.rules.shape import KeyField, keys_of
from karb_core.rules.stock import Worth

Canonical = str | int | bool | None | list["Canonical"] | dict[str, "Canonical"]


def canonical(value: object) -> Canonical:
    """The value without its spelling. Numbers become text, so that no float can enter a digest.

    Errors: TypeError for a type that no parameter may hold.
    """
    match value:
        case None | bool() | str():
            return value
        case int():
            return str(value)
        case Decimal():
            return decimal_text(value)
        case timedelta():
            micro = value // timedelta(microseconds=1)
            # karb: constant because a second has 10^6 microseconds
            return decimal_text(Decimal(micro).scaleb(-6, EXACT)) + "s"
        case date():
            return value.isoformat()
        case Amount() | Instrument() | Worth():
            return value.text()
        case SecretName():
            return str(value)
        case BaseModel():
            fields = {
                key: canonical(getattr(value, name))
                for key, (name, field) in keys_of(type(value)).items()
                if getattr(value, name) is not None or not _is_later(field)
            }
            extra = {key: canonical(v) for key, v in (value.model_extra or {}).items()}
            return fields | extra
        case Mapping():
            return {str(k): canonical(v) for k, v in value.items()}
        case tuple() | list():
            return [canonical(v) for v in value]
    raise TypeError(f"{type(value).__name__} has no canonical text")


def _is_later(field: KeyField) -> bool:
    return any(isinstance(mark, Later) for mark in field.metadata)


def canonical_bytes(document: Canonical) -> bytes:
    """JSON of one form: keys in UTF-16 order, nothing escaped that need not be (RFC 8785 without its numbers)."""
    return json.dumps(_ordered(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest(document: Canonical) -> str:
    return "sha256:" + hashlib.sha256(canonical_bytes(document)).hexdigest()


def _in_utf_16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _ordered(document: Canonical) -> Canonical:
    if isinstance(document, float | Decimal):
        raise TypeError("numbers enter a digest as text")
    if isinstance(document, str):
        return document
    if isinstance(document, dict):
        # characters of ASCII have one order in every writing
        keys = sorted(document, key=None if all(map(str.isascii, document)) else _in_utf_16)
        return {k: _ordered(document[k]) for k in keys}
    return [_ordered(v) for v in document] if isinstance(document, list) else document
