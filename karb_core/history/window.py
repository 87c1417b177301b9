"""The rows a rolling statistic looks back over."""

from __future__ import annotations

from dataclasses import dataclass

#: 48 days of seconds, eight years of minutes: the exact sums of a window this long still fit their limbs.
LONGEST = 2**22


@dataclass(frozen=True, slots=True)
class Window:
    """The last `rows` rows, the row judged among them, of which at least `min_present` must hold a value.

    Edge: undefined until the series is `rows` rows long, however many of them hold a value.
    Errors: ValueError for a window without rows, one of more than 2**22, and a count it could never reach.
    """

    rows: int
    min_present: int

    def __post_init__(self) -> None:
        if not 1 <= self.rows <= LONGEST:
            raise ValueError(f"a window has 1 to {LONGEST} rows, not {self.rows}")
        if not 1 <= self.min_present <= self.rows:
            raise ValueError(f"of {self.rows} rows 1 to {self.rows} can be asked to be present, not {self.min_present}")
