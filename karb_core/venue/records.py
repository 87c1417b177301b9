"""What a venue has booked, in the order of its times."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill
from karb_core.domain.statement import Income


class Records:
    """Fills and income of one account. Of one time, they stay in the order in which they were booked."""

    def __init__(self) -> None:
        self._fills: list[Fill] = []
        self._income: list[Income] = []
        self._traded_at: dict[Instrument, int] = {}

    def add_fill(self, fill: Fill) -> None:
        insort(self._fills, fill, key=_fill_time)
        before = self._traded_at.setdefault(fill.instrument, fill.venue_at_ns)
        self._traded_at[fill.instrument] = max(before, fill.venue_at_ns)

    def add_income(self, income: Income) -> None:
        insort(self._income, income, key=_income_time)

    def fills_since(self, at_ns: int) -> Sequence[Fill]:
        """From that time on (inclusive), oldest first."""
        return self._fills[bisect_left(self._fills, at_ns, key=_fill_time) :]

    def income_since(self, at_ns: int) -> Sequence[Income]:
        """As `fills_since`."""
        return self._income[bisect_left(self._income, at_ns, key=_income_time) :]

    def forget(self, before_ns: int) -> None:
        """Lists nothing any more that was booked before that time."""
        del self._fills[: bisect_left(self._fills, before_ns, key=_fill_time)]
        del self._income[: bisect_left(self._income, before_ns, key=_income_time)]

    def traded_at(self, instrument: Instrument) -> int | None:
        """The latest time at which the instrument filled; None where it never did."""
        return self._traded_at.get(instrument)


def _fill_time(fill: Fill) -> int:
    return fill.venue_at_ns


def _income_time(income: Income) -> int:
    return income.venue_at_ns
