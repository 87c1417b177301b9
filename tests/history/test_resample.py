import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.history.bars import Bars
from karb_core.history.resample import resample

MINUTE = 60_000
FIVE = 5 * MINUTE
START = 1_735_689_600_000

fine = st.builds(
    lambda prices: dict(sorted(prices.items())),
    st.dictionaries(
        st.integers(0, 40), st.lists(st.integers(1, 99), min_size=4, max_size=4).map(sorted), min_size=1, max_size=30
    ),
)


def minute_bars(prices):
    """One bar a minute named; its four prices, sorted, are low, open, close, high."""
    low, open_, close, high = np.array(list(prices.values()), dtype=np.float64).reshape(-1, 4).T
    opened_at = START + MINUTE * np.array(list(prices), dtype=np.int64)
    return Bars("btc", MINUTE, opened_at, open_, high, low, close, low / 2)


@given(fine)
def test_a_coarse_bar_is_made_of_exactly_the_fine_bars_in_it(prices):
    found = resample(minute_bars(prices), FIVE, known_from=START, known_until=START + 60 * MINUTE)
    expected = []
    for k in range(12):
        inside = [prices[m] for m in prices if m // 5 == k]
        if inside:
            lows, opens, closes, highs = zip(*inside, strict=True)
            following = sum(m < 5 * (k + 1) for m in prices)
            volume = sum(lows) / 2
            expected.append((START + k * FIVE, opens[0], max(highs), min(lows), closes[-1], volume, following))
    b = found.bars
    rows = zip(b.opened_at, b.open, b.high, b.low, b.close, b.volume, found.next_row, strict=True)
    assert [tuple(row) for row in rows] == expected
    assert b.length_ms == FIVE


@given(fine)
def test_the_next_row_opens_at_or_after_the_close_and_the_one_before_it_does_not(prices):
    minutes = minute_bars(prices)
    found = resample(minutes, FIVE)
    for opened_at, row in zip(found.bars.opened_at, found.next_row, strict=True):
        assert row == len(minutes) or minutes.opened_at[row] >= opened_at + FIVE
        assert minutes.opened_at[row - 1] < opened_at + FIVE


def test_bars_of_which_the_beginning_or_the_end_is_not_known_are_left_out():
    minutes = minute_bars({m: [1, 2, 3, 4] for m in range(3, 18)})
    assert resample(minutes, FIVE).bars.opened_at.tolist() == [START + FIVE, START + 2 * FIVE]
    wider = resample(minutes, FIVE, known_from=START, known_until=START + 4 * FIVE)
    assert wider.bars.opened_at.tolist() == [START + k * FIVE for k in range(4)]
    assert wider.next_row.tolist() == [2, 7, 12, 15]


def test_too_few_bars_make_none():
    minutes = minute_bars({2: [1, 2, 3, 4]})
    assert len(resample(minutes, FIVE).bars) == 0
    assert len(resample(resample(minutes, FIVE).bars, FIVE).bars) == 0


def test_a_series_without_volume_stays_without():
    minutes = minute_bars({m: [1, 2, 3, 4] for m in range(5)})
    bare = Bars("btc", MINUTE, minutes.opened_at, minutes.open, minutes.high, minutes.low, minutes.close)
    assert resample(bare, FIVE).bars.volume is None


@pytest.mark.parametrize("length_ms", [30_000, 90_000, 0])
def test_only_multiples_of_the_finer_length_can_be_made(length_ms):
    with pytest.raises(ValueError, match="cannot be made"):
        resample(minute_bars({0: [1, 2, 3, 4]}), length_ms)
