"""`--from` and `--to`: a stretch of days as a person writes it."""

from __future__ import annotations

from datetime import UTC, datetime

from karb_core.errors import UsageMistake
from karb_core.texts.text import Text

_MS = 1000  # karb: constant because a second has so many milliseconds


def period(since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """Ms of UTC: the first day's beginning and that of the day after the last; None where none is written.

    Errors: UsageMistake for what is no day, and for a stretch that ends before it begins.
    """
    first, stop = _day(since), _day(until)
    if first is not None and stop is not None and stop <= first:
        raise UsageMistake(Text("run.backwards", {"since": since, "until": until}), Text("run.backwards.help"))
    return first, stop


def _day(written: str | None) -> int | None:
    if written is None:
        return None
    try:
        at = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as e:
        raise UsageMistake(Text("run.when", {"text": written})) from e
    return int(at.timestamp()) * _MS
