"""Lengths of time with their unit: `80ms`, `10s`, `5m`, `80h`, `20d`."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from karb_core.rules.written import Written, as_written
from karb_core.texts.text import Text

# karb: constant because these are what the units mean
_MICROSECONDS = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
# Seven whole digits and three after the point: every text that fits is a whole number of microseconds
# and within what a timedelta holds.
_NUMBER = r"((?:0|[1-9][0-9]{0,6})(?:\.[0-9]{1,3})?)"
_UNIT = " ?(ms|s|m|h|d)"


def _read(match: re.Match[str]) -> timedelta:
    # In whole thousandths: exact whatever the ambient decimal context is.
    whole, _, part = match[1].partition(".")
    # karb: constant because the pattern allows three digits after the point
    return timedelta(microseconds=int(whole + part.ljust(3, "0")) * _MICROSECONDS[match[2]] // 1000)


def _mistake(value: object) -> Text:
    written = as_written(value)
    bare = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if bare or (isinstance(value, str) and re.fullmatch(_NUMBER, value)):
        return Text("duration.bare", {"written": written})
    return Text("duration.shape", {"written": written})


#: Zero allowed.
Duration = Annotated[timedelta, Written("duration", _NUMBER + _UNIT, _read, _mistake)]
#: Above zero.
PositiveDuration = Annotated[timedelta, Written("duration", r"(?=[0-9.]*[1-9])" + _NUMBER + _UNIT, _read, _mistake)]
