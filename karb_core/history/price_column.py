"""Whether a column holds prices."""

from __future__ import annotations

from karb_core.history.bad_data import BadData
from karb_core.history.columns import Floats, Mask, first_row
from karb_core.history.prices import HIGHEST, LOWEST, not_a_price


def need_prices(column: Floats, present: Mask | None = None, *, series: str = "", name: str = "") -> None:
    """Passes if every present row is a price.

    Edge: rows that are not present may hold anything. Errors: BadData naming the first row that is none.
    """
    if len(column) and column.min() >= LOWEST and column.max() <= HIGHEST:
        return
    # written so that NaN, which compares false with everything, counts as wrong
    wrong = ~((column >= LOWEST) & (column <= HIGHEST))
    if present is not None:
        wrong &= present
    row = first_row(wrong)
    if row is not None:
        raise BadData(not_a_price(column[row]), series=series, column=name, row=row)
