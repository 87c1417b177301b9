from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.instrument import Instrument
from karb_core.history.bar_columns import BarColumns, Traded
from karb_core.history.bars import Bars
from karb_core.history.points import Points

BTC = Instrument("upbit", "BTC", "KRW")
PERPETUAL = Instrument("binance_usdm", "BTC", "USDT")
START = 1_735_689_600_000
MINUTE = 60_000
NS = 1_000_000


def bars(rows: dict[int, tuple[float, float, float, float]], *, volume: float | None = 1.5, length: int = 1) -> Bars:
    """Bars that open so many minutes after the start: open, high, low, close."""
    first, high, low, last = (np.array([row[at] for row in rows.values()], dtype=np.float64) for at in range(4))
    opened = np.array([START + minute * MINUTE for minute in rows], dtype=np.int64)
    volumes = None if volume is None else np.full(len(rows), float(volume))
    return Bars("test", length * MINUTE, opened, first, high, low, last, volumes)


def at(minute: float) -> int:
    return (START + int(minute * MINUTE)) * NS


def flat(price: float) -> tuple[float, float, float, float]:
    return price, price, price, price


GAPPY = bars({0: (10.1, 12, 9, 11), 1: (11, 13, 10, 12.3), 3: (14, 15, 13.7, 14.5)})


def test_a_bar_is_found_by_the_time_it_opens_and_closes() -> None:
    market = BarColumns({BTC: Traded(GAPPY)})
    assert [market.open_at(BTC, at(minute)) for minute in (-1, 0, 1, 2, 3, 4)] == [
        None,
        Decimal("10.1"),
        Decimal(11),
        None,
        Decimal(14),
        None,
    ]
    assert [market.close_at(BTC, at(minute)) for minute in (0, 1, 2, 3, 4)] == [
        None,
        Decimal(11),
        Decimal("12.3"),
        None,
        Decimal("14.5"),
    ]
    assert market.volume_at(BTC, at(1)) == Decimal("1.5")
    assert market.volume_at(BTC, at(3)) is None
    assert market.open_at(BTC, at(1) + 1) is None
    assert market.open_at(BTC, at(0.5)) is None


def test_no_volume_is_no_zero() -> None:
    market = BarColumns({BTC: Traded(bars({0: flat(1)}, volume=None)), PERPETUAL: Traded(bars({0: flat(1)}, volume=0))})
    assert market.volume_at(BTC, at(1)) is None
    assert market.volume_at(PERPETUAL, at(1)) == 0


def test_all_of_a_group_must_open() -> None:
    other = bars({0: flat(1), 2: flat(1), 3: flat(1)})
    traded = {BTC: Traded(GAPPY), PERPETUAL: Traded(other)}
    market = BarColumns(traded, [(BTC, PERPETUAL)])
    assert [market.opens_together(BTC, at(minute)) for minute in range(4)] == [True, False, False, True]
    assert [market.opens_together(PERPETUAL, at(minute)) for minute in range(4)] == [True, False, False, True]
    alone = BarColumns(traded)
    assert [alone.opens_together(PERPETUAL, at(minute)) for minute in range(4)] == [True, False, True, True]


def test_what_it_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError):
        BarColumns({BTC: Traded(GAPPY)}, [(BTC, PERPETUAL)])
    with pytest.raises(KeyError):
        BarColumns({BTC: Traded(GAPPY)}).open_at(PERPETUAL, at(0))


@pytest.mark.parametrize(("asked", "told"), [(0, 0), (0.1, 5), (4.999, 5), (5, 5), (5.001, 10)])
def test_the_grid_goes_on_where_bars_are_missing(asked: float, told: int) -> None:
    market = BarColumns({BTC: Traded(bars({0: flat(1)}, length=5))})
    assert market.grid_from(BTC, at(asked)) == at(told)


def test_the_mark_is_an_open_that_spans_the_time_or_the_last_close() -> None:
    marks = bars({1: (101, 102, 100, 101.5), 2: (102, 102, 102, 102)}, volume=None)
    market = BarColumns({PERPETUAL: Traded(bars({0: (10, 11, 9, 10.5), 5: (15, 16, 14, 15.5)}), marks)})
    told = [market.mark_at(PERPETUAL, at(minute)) for minute in (-1, 0, 0.5, 1, 1.5, 2, 3, 4.9, 5, 6, 99)]
    assert told == [
        None,
        *[Decimal(10)] * 2,
        *[Decimal(101)] * 2,
        *[Decimal(102)] * 3,
        Decimal(15),
        *[Decimal("15.5")] * 2,
    ]


def test_settlements_are_found_by_their_own_time() -> None:
    times = np.array([START, START + 5], dtype=np.int64)
    market = BarColumns(
        {
            PERPETUAL: Traded(GAPPY, funding=Points("funding", times, np.array([0.0001, -0.00012345]))),
            BTC: Traded(GAPPY),
        }
    )
    assert market.next_funding(PERPETUAL, at(0) - 1) == at(0)
    assert market.next_funding(PERPETUAL, at(0)) == at(0) + 5 * NS
    assert market.next_funding(PERPETUAL, at(0) + 5 * NS) is None
    assert market.next_funding(BTC, at(0)) is None
    assert market.funding_at(PERPETUAL, at(0) + 5 * NS) == Decimal("-0.00012345")
    assert market.funding_at(PERPETUAL, at(0) + 4 * NS) is None
    assert market.funding_at(BTC, at(0)) is None


lows_and_highs = st.lists(st.tuples(st.integers(50, 99), st.integers(101, 150)), min_size=1, max_size=12)


@given(
    rows=lows_and_highs,
    price=st.integers(50, 150),
    rising=st.booleans(),
    since=st.integers(-1, 12),
    after=st.integers(-1, 13),
    until=st.none() | st.integers(0, 14),
)
@settings(max_examples=150, deadline=None)
def test_the_first_crossing_is_the_one_a_walk_over_all_rows_finds(
    rows: list[tuple[int, int]], price: int, rising: bool, since: int, after: int, until: int | None
) -> None:
    marks = bars({minute: (100, high, low, 100) for minute, (low, high) in enumerate(rows)}, volume=None)
    market = BarColumns({PERPETUAL: Traded(GAPPY, marks)})
    walked = next(
        (
            at(minute + 1)
            for minute, (low, high) in enumerate(rows)
            if minute >= since
            and minute + 1 > after
            and (until is None or minute + 1 <= until)
            and (high >= price if rising else low <= price)
        ),
        None,
    )
    found = market.first_crossing(
        PERPETUAL,
        Decimal(price),
        rising=rising,
        opened_from_ns=at(since),
        after_ns=at(after),
        until_ns=None if until is None else at(until),
    )
    assert found == walked
    if found is not None:
        extreme = market.extreme(PERPETUAL, found, rising=rising, opened_from_ns=at(since))
        assert extreme is not None
        assert extreme >= price if rising else extreme <= price


def test_an_extreme_of_a_bar_that_opened_earlier_is_not_told() -> None:
    market = BarColumns({PERPETUAL: Traded(GAPPY)})
    assert market.extreme(PERPETUAL, at(2), rising=True, opened_from_ns=at(1)) == 13
    assert market.extreme(PERPETUAL, at(2), rising=False, opened_from_ns=at(1)) == 10
    assert market.extreme(PERPETUAL, at(2), rising=True, opened_from_ns=at(1) + 1) is None
    assert market.extreme(PERPETUAL, at(3), rising=True, opened_from_ns=at(0)) is None
