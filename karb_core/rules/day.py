"""Days of the calendar, in UTC: `2025-01-31`."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from karb_core.rules.written import Written, as_written
from karb_core.texts.text import Text

# Every text that fits is a day that was or will be, from 1980 to 2099: nothing is left for the reading to refuse.
_YEAR = "(?:19[89][0-9]|20[0-9]{2})"
_LEAP = "(?:19(?:8[048]|9[26])|20(?:[02468][048]|[13579][26]))"
_MONTHS = (
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8])"
)
_DAY = f"(?:{_YEAR}-(?:{_MONTHS})|{_LEAP}-02-29)"


def _read(match: re.Match[str]) -> date:
    return date.fromisoformat(match[0])


def _mistake(value: object) -> Text:
    return Text("day.shape", {"written": as_written(value)})


Day = Annotated[date, Written("day", _DAY, _read, _mistake)]
