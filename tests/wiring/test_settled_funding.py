"""What a run over data knows of funding: what was settled last, and nothing that comes later."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pytest

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FundingRate
from karb_core.history.bar_columns import BarColumns, Traded
from karb_core.history.bars import Bars
from karb_core.history.points import Points
from karb_core.ports import Moment, Standing
from karb_core.wiring.journal_line import moment_line, moment_of
from karb_core.wiring.settled_funding import SettledFunding
from tests.plugins.scene import FAR, LEGS, NEAR, NOW, rates, tops

HOUR_MS = 3_600_000
BASE = 480_000  # hours since 1970: the 4th of October 2024
OTHER = Instrument("binance_usdm", "ETH", "USDT")


def at(hour: int) -> int:
    return (BASE + hour) * HOUR_MS * 10**6


def bars(hours: int = 30) -> Bars:
    opened = (BASE + np.arange(hours, dtype=np.int64)) * HOUR_MS
    flat = np.full(hours, 100.0)
    return Bars("far", HOUR_MS, opened, flat, flat, flat, flat, None)


def settled(*told: tuple[int, float]) -> SettledFunding:
    times = np.array([(BASE + hour) * HOUR_MS for hour, _ in told], dtype=np.int64)
    funding = Points("funding", times, np.array([rate for _, rate in told]))
    market = BarColumns({FAR: Traded(bars(), None, funding), OTHER: Traded(bars()), NEAR: Traded(bars())})
    return SettledFunding(market, (FAR, OTHER))


def rate_at(of: SettledFunding, at_ns: int) -> Decimal | None:
    known = of.at(at_ns)
    return known[FAR].rate if FAR in known else None


@pytest.mark.parametrize("order", [1, -1])
def test_a_settlement_is_known_from_its_own_time_on_in_whatever_order_it_is_asked(order: int) -> None:
    of = settled((8, 0.0001), (16, -0.0002), (24, 0.0003))
    asked = [
        (at(8) - 1, None), (at(8), "0.0001"), (at(16) - 1, "0.0001"), (at(16), "-0.0002"),
        (at(24), "0.0003"), (at(29), "0.0003"),
    ]  # fmt: skip
    for at_ns, rate in asked[::order]:
        assert rate_at(of, at_ns) == (None if rate is None else Decimal(rate))


def test_it_is_told_as_settled_with_the_time_since_the_one_before() -> None:
    of = settled((8, 0.0001), (12, 0.0002))
    assert of.at(at(9))[FAR] == FundingRate(FAR, Decimal("0.0001"), at(8), True, None, at(8), at(8))
    assert of.of(LEGS, at(12))[FAR].interval_ns == 4 * HOUR_MS * 10**6
    assert of.of((NEAR, OTHER), at(12)) == {}


def test_a_moment_that_was_judged_by_funding_is_read_back_with_it_and_others_are_written_as_before() -> None:
    told = settled((8, 0.0001)).at(at(9))
    judged = Moment("BTC", NOW, {"premium": 1, "present": True}, LEGS, tops(), rates(), told)
    line = moment_line("moment", judged, Standing(), None)
    assert moment_of(json.loads(line)).moment == judged
    plain = Moment("BTC", NOW, {"premium": 1, "present": True}, LEGS, tops(), rates())
    assert "funding" not in moment_line("moment", plain, Standing(), None)
