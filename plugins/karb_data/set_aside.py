"""Which prices are kept apart: those that are none, and those further from the mean of the last than the owner allows."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.history.recorded import Series
from karb_data.collect_file import Outliers

NO_PRICE, FAR = "no price", "far from the mean"


@dataclass(slots=True)
class _Last:
    """The last prices of a series and their exact sum."""

    prices: deque[Decimal] = field(default_factory=deque)
    total: Decimal = Decimal(0)

    def add(self, price: Decimal, most: int) -> None:
        self.prices.append(price)
        self.total = exact.add(self.total, price)
        if len(self.prices) > most:
            self.total = exact.sub(self.total, self.prices.popleft())


@dataclass(slots=True)
class SetAside:
    """Unit: the limit is a ratio of the mean. Edge: exactly the limit stays; fewer prices than the owner names set nothing
    aside. A price that is far still counts in the mean of the next: a market that moved for good is not set aside for ever.
    """

    outliers: Outliers | None
    _last: dict[Series, _Last] = field(init=False, default_factory=lambda: defaultdict(_Last))

    def why(self, series: Series, price: Decimal | None) -> str | None:
        """None where it is not."""
        if price is None:
            return None
        if price <= 0:
            return NO_PRICE
        if self.outliers is None:
            return None
        last, most = self._last[series], self.outliers.last
        far = len(last.prices) == most and self._far(price, last, self.outliers.beyond)
        last.add(price, most)
        return FAR if far else None

    @staticmethod
    def _far(price: Decimal, last: _Last, beyond: Decimal) -> bool:
        """Multiplied out, so that nothing is divided."""
        distance = exact.absolute(exact.sub(exact.mul(price, Decimal(len(last.prices))), last.total))
        return distance > exact.mul(beyond, last.total)
