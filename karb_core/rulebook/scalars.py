"""Plain scalars of YAML 1.2, read strictly: numbers as int and Decimal, and nothing that two readers read differently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from karb_core.texts.text import Text

Scalar = str | int | bool | Decimal | None

_NULL = re.compile(r"(?:|~|null|Null|NULL)\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_POINT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,4})?\Z")

_AMBIGUOUS = (
    (re.compile(r"(?:y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)\Z"), "scalar.switch"),
    (re.compile(r"[-+]?(?=[0-9.]*_)(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)\Z"), "scalar.underscore"),
    (re.compile(r"[-+]?0[0-9]+(?:\.[0-9]*)?\Z"), "scalar.leading_zero"),
    (re.compile(r"[-+]?0[xXoObB][0-9A-Fa-f_]+\Z"), "scalar.other_base"),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"), "scalar.not_finite"),
    (re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]{5,}\Z"), "scalar.too_long"),
)
#: Longer numbers are no price, amount or threshold; their plain spelling could fill the memory.
_DIGITS = 40  # karb: constant because it bounds how long a number may be, not what it says


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A scalar that some YAML readers read as another value: its text, and what to say about it."""

    text: str
    said: Text
    help: Text


def plain(text: str) -> Scalar | Ambiguous:
    """The value of an unquoted scalar."""
    if _NULL.match(text):
        return None
    if _TRUE.match(text):
        return True
    if _FALSE.match(text):
        return False
    for pattern, key in _AMBIGUOUS:
        if pattern.match(text):
            return _ambiguous(text, key)
    if _WHOLE.match(text):
        return int(text) if len(text) <= _DIGITS else _ambiguous(text, "scalar.too_long")
    if _POINT.match(text):
        number = Decimal(text)
        long = len(text) > _DIGITS or abs(number.adjusted()) > _DIGITS
        return _ambiguous(text, "scalar.too_long") if long else number
    return text


def _ambiguous(text: str, key: str) -> Ambiguous:
    digits = re.sub("^0+(?=[0-9])", "", text.replace("_", "").lstrip("+-"))
    # karb: constant because it cuts a shown text
    args = {"text": text[:60], "plain": "-" + digits if text.startswith("-") else digits}
    return Ambiguous(text, Text(key, args), Text(f"{key}.help", args))
