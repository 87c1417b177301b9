"""Ratios: `0.8%` and `20bp` are one kind of value, 0.008 and 0.002."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from karb_core.rules.written import ABOVE_ZERO, NUMBER, Written, as_written, digits
from karb_core.texts.text import Text

_PLACES = {"%": -2, "bp": -4}  # karb: constant because these are what the units mean
_UNIT = " ?(%|bp)"


def _read(match: re.Match[str]) -> Decimal:
    # Moving the point by hand stays exact whatever the ambient decimal context is.
    sign, figures, exponent = Decimal(digits(match[1])).as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, figures, exponent + _PLACES[match[2]]))


def _mistake(value: object) -> Text:
    written = as_written(value)
    if isinstance(value, str) and re.fullmatch(f"-?{NUMBER}{_UNIT}", value):
        return Text("ratio.small", {"written": written})
    if isinstance(value, str | bool) or not isinstance(value, int | Decimal):
        key = "ratio.bare_text" if isinstance(value, str) and re.fullmatch(f"-?{NUMBER}", value) else "ratio.shape"
        return Text(key, {"written": written})
    sign, figures, exponent = Decimal(value).as_tuple()
    assert isinstance(exponent, int)
    return Text("ratio.bare", {"written": written, "bp": format(Decimal((sign, figures, exponent + 2)), "f")})


#: `0%` and above.
Ratio = Annotated[Decimal, Written("ratio", f"({NUMBER}){_UNIT}", _read, _mistake)]
#: Above `0%`.
PositiveRatio = Annotated[Decimal, Written("ratio", f"{ABOVE_ZERO}({NUMBER}){_UNIT}", _read, _mistake)]
#: Also below zero: `-1%`.
SignedRatio = Annotated[Decimal, Written("ratio", f"(-?{NUMBER}){_UNIT}", _read, _mistake)]
