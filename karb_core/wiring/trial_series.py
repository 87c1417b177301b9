"""The history of a test: as many rows as the signal looks back, the last of them the moment that is given."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.history.columns import floats, ints, mask
from karb_core.ports import BarRows, GridRows, PairSeries, PairTerms
from karb_core.rulebook.strategy_tests import Given

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_STEP = Decimal(1).scaleb(-2)  # karb: constant because a price that is made up has some step


def trial_series(rows: BarRows | GridRows, pair: PairTerms, given: Given, at_ns: int) -> PairSeries:
    """Far stands still, near makes the premium swing by turns; every row is there, and every rate."""
    count, step_ms = rows.lookback, rows.length_ns // _MS
    premium = given.fx.premium.value if given.fx is not None else Decimal(1)
    money = given.fx.money.value if given.fx is not None else Decimal(1)
    even = exact.mul(given.far.value, premium)
    near = floats(count, float(_near(even, given.before.around, given.before.by)))
    near[1::2] = float(_near(even, given.before.around, exact.negate(given.before.by)))
    near[-1] = float(given.near.value)
    columns = near, floats(count, float(given.far.value))
    last_ms = at_ns // _MS // step_ms * step_ms
    return PairSeries(
        pair=pair.name,
        legs=pair.legs,
        closed_at_ms=ints(count, step_ms).cumsum() + (last_ms - count * step_ms),
        closes=columns,
        present=(mask(count, value=True), mask(count, value=True)),
        rate=floats(count, float(premium)) if given.fx is not None else None,
        rate_age_ms=ints(count, 0) if given.fx is not None else None,
        money=floats(count, float(money)) if given.fx is not None else None,
        facing=lambda leg, _: columns[leg],
    )


def _near(even: Decimal, around: Decimal, swing: Decimal) -> Decimal:
    price = exact.mul(even, exact.add(Decimal(1), exact.add(around, swing)))
    return exact.divide(price, Decimal(1), _STEP, Rounding.HALF_EVEN)
