"""What a journal keeps of the market is what its desk judged by: bars as they came first, rates as they became known."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.market import Bar, FxKind, FxRate
from karb_core.history.growing import GrowingPoints
from karb_core.wiring.divergence.kept_market import KeptMarket, KeptRate
from karb_core.wiring.input_line import HouseRun
from tests.venue.accounts import SPOT
from tests.wiring.recorded_house import START

MS = 1_000_000
LENGTH = 1000
RUN = HouseRun("paper:x", "x", "paper", "kt", "sha256:0", 0, ("upbit",), ())


def rate(at_ns: int, value: int) -> FxRate:
    return FxRate("USDT", "KRW", Decimal(value), "a source", FxKind.TETHER, at_ns, at_ns)


told = st.lists(st.tuples(st.integers(START, START + 20 * LENGTH * MS), st.integers(1, 9)), min_size=1, max_size=12)


@given(told, told)
def test_at_each_close_a_backtest_knows_the_rate_that_the_desk_knew(
    first: list[tuple[int, int]], past: list[tuple[int, int]]
) -> None:
    """Told in any order, and the past told late."""
    desk, kept = GrowingPoints("rate", LENGTH, 30), None
    for at_ns, value in first:
        desk.add(-(-at_ns // MS), float(value))
        kept = KeptRate(rate(at_ns, value)) if kept is None else kept
        kept.add(rate(at_ns, value))
    assert kept is not None
    before = sorted(past)
    desk.fill((-(-at_ns // MS), float(value)) for at_ns, value in before)
    kept.fill([rate(at_ns, value) for at_ns, value in before])
    points = desk.points()
    assert points is not None
    times = [at_ms for at_ms, _ in kept.points]
    assert times == sorted(set(times))
    for close in range(START // MS, START // MS + 21 * LENGTH, LENGTH):
        knew = [
            value for at_ms, value in zip(points.times.tolist(), points.values.tolist(), strict=True) if at_ms <= close
        ]
        knows = [float(value) for at_ms, value in kept.points if at_ms <= close]
        assert knew[-1:] == knows[-1:]


def test_a_bar_that_was_told_twice_is_the_first_and_other_lengths_are_others() -> None:
    def bar(start: int, close: int, length: int = LENGTH) -> Bar:
        price = Decimal(close)
        return Bar(SPOT, start * MS, (start + length) * MS, price, price, price, price, Decimal(1), 0)

    kept = KeptMarket(RUN)
    from karb_core.wiring.divergence.kept_market import _bar

    for each in (bar(LENGTH, 2), bar(0, 1), bar(LENGTH, 9), bar(0, 7, 5 * LENGTH)):
        _bar(kept, each)
    assert [int(each.close) for each in kept.of_length(SPOT, LENGTH * MS)] == [1, 2]
    assert kept.of_length(SPOT, 2 * LENGTH * MS) == []


def test_a_settlement_that_was_only_announced_counts_once_its_time_has_come() -> None:
    kept = KeptMarket(RUN)
    kept.announced[SPOT] = {10: Decimal(1), 20: Decimal(2), 30: Decimal(3)}
    kept.settled[SPOT] = {10: Decimal(9)}
    assert kept.funding(SPOT, 20) == [(10, Decimal(9)), (20, Decimal(2))]
