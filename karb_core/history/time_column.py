"""How a file writes its times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """The column of times in a file, as the owner of the data describes it.

    unit: `datetime` (a column of moments, in CSV ISO text), or what integers since 1970 UTC count.
    zone: the zone of moments written without one, such as `UTC` or `Asia/Seoul`; None if they carry their own.
    marks: whether the time is the opening or the close of its bar.
    known_after_ms: how long after its time a single value was known; 0 where the column says when it was known.
    filled_after_ms: how long after its time fills are booked at it; None for from when it was known.
    """

    name: str
    unit: Literal["datetime", "s", "ms", "us"]
    zone: str | None = None
    marks: Literal["open", "close"] = "open"
    known_after_ms: int = 0
    filled_after_ms: int | None = None
