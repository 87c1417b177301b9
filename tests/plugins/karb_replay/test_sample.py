"""The sample as columns: the same every time, on the venues' steps, with the gaps that real data have."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_replay.sample import Bars, Character, Sample, SampleSpec, make_sample
from karb_replay.sample.ticks import near_tick, on_tick

MINUTE_MS = 60_000
FAR_TICKS = {"BTC": Decimal("0.1"), "ETH": Decimal("0.01"), "XRP": Decimal("0.0001")}
NEAR_TICKS = ((1_000_000, "1000"), (500_000, "500"), (100_000, "100"), (50_000, "50"), (10_000, "10"), (5_000, "5"))


def upbit_tick(price: Decimal) -> Decimal:
    for bound, tick in (*NEAR_TICKS, (1_000, "1"), (100, "1")):
        if price >= bound:
            return Decimal(tick)
    return Decimal("0.1")


def columns(part: object, path: str = "") -> dict[str, np.ndarray]:
    if isinstance(part, np.ndarray):
        return {path: part}
    parts = dict(enumerate(part)) if isinstance(part, tuple) else {}
    if is_dataclass(part):
        parts = {field.name: getattr(part, field.name) for field in fields(part)}
    return {key: column for name, each in parts.items() for key, column in columns(each, f"{path}/{name}").items()}


def digests(sample: Sample) -> dict[str, str]:
    return {path: sha256(column.tobytes()).hexdigest() for path, column in columns(sample).items()}


SPEC = SampleSpec(date(2024, 1, 1), 70, seed=7, tops_days=3)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(SPEC)


def test_one_spec_makes_the_same_bytes(sample: Sample) -> None:
    assert digests(make_sample(SPEC)) == digests(sample)


def test_another_seed_makes_another_market(sample: Sample) -> None:
    other = digests(make_sample(replace(SPEC, seed=8)))
    same = {path for path, digest in digests(sample).items() if other[path] == digest}
    # times are the same where nothing is missing, the mark has no volume, and no crash happened in either
    assert all(path.endswith(("opened_at", "/at", "mark/volume", "known_at", "crashes")) for path in same)


def test_a_longer_sample_begins_with_the_shorter_one(sample: Sample) -> None:
    longer = make_sample(replace(SPEC, days=90, tops_days=0))
    for short, long in zip(sample.coins, longer.coins, strict=True):
        for venue in ("near", "far", "mark", "funding"):
            for path, column in columns(getattr(short, venue)).items():
                assert np.array_equal(column, columns(getattr(long, venue))[path][: column.size])


def test_a_coin_is_the_same_alone(sample: Sample) -> None:
    alone = make_sample(replace(SPEC, coins=("ETH",)))
    assert columns(alone.coin("ETH")).keys() == columns(sample.coin("ETH")).keys()
    for path, column in columns(alone.coin("ETH")).items():
        assert np.array_equal(column, columns(sample.coin("ETH"))[path])


def test_no_column_can_be_changed(sample: Sample) -> None:
    assert not [path for path, column in columns(sample).items() if column.flags.writeable]


def prices(bars: Bars) -> list[Decimal]:
    sampled = np.concatenate([column[::61] for column in (bars.open, bars.high, bars.low, bars.close)])
    return [Decimal(repr(price)) for price in sampled.tolist()]


@pytest.mark.parametrize("coin", ["BTC", "ETH", "XRP"])
def test_prices_are_on_the_venues_ticks(sample: Sample, coin: str) -> None:
    assert not [price for price in prices(sample.coin(coin).near) if price % upbit_tick(price)]
    assert not [price for price in prices(sample.coin(coin).far) if price % FAR_TICKS[coin]]


@given(st.lists(st.floats(0.1, 2e8), min_size=1, max_size=50))
@settings(max_examples=200, deadline=None)
def test_any_price_is_put_on_the_nearest_upbit_tick(wanted: list[float]) -> None:
    column = np.array(wanted)
    for price, rounded in zip(wanted, on_tick(column, near_tick(column)).tolist(), strict=True):
        exact, tick = Decimal(repr(rounded)), upbit_tick(Decimal(repr(price)))
        assert exact % tick == 0
        assert exact % upbit_tick(exact) == 0
        assert abs(exact - Decimal(price)) <= tick / 2 * Decimal("1.000001")


@pytest.mark.parametrize("coin", ["BTC", "ETH", "XRP"])
@pytest.mark.parametrize("venue", ["near", "far", "mark"])
def test_high_and_low_enclose_open_and_close(sample: Sample, coin: str, venue: str) -> None:
    bars: Bars = getattr(sample.coin(coin), venue)
    assert np.all(bars.high >= np.maximum(bars.open, bars.close))
    assert np.all(bars.low <= np.minimum(bars.open, bars.close))
    assert np.all(bars.low > 0)
    assert np.all(np.diff(bars.opened_at) > 0)


def test_a_close_seen_by_a_signal_is_not_the_next_open(sample: Sample) -> None:
    near = sample.coin("BTC").near
    follows = np.diff(near.opened_at) == MINUTE_MS
    assert np.mean((near.open[1:] == near.close[:-1])[follows]) < 0.1


def test_the_near_venue_is_closed_for_all_coins_at_once_and_misses_single_minutes(sample: Sample) -> None:
    assert sample.closed_from.size >= 1
    for coin in sample.coins:
        missing = np.setdiff1d(coin.far.opened_at, coin.near.opened_at)
        closed = np.zeros(missing.size, dtype=bool)
        for begins, until in zip(sample.closed_from, sample.closed_until, strict=True):
            inside = (missing >= begins) & (missing < until)
            assert inside.sum() * MINUTE_MS == until - begins
            assert 1 <= (until - begins) / 3_600_000 <= 6
            closed |= inside
        assert 0 < (~closed).sum() < 0.001 * SPEC.minutes


def test_the_far_venue_misses_nothing(sample: Sample) -> None:
    every = SPEC.start_ms + np.arange(SPEC.minutes) * MINUTE_MS
    assert all(np.array_equal(coin.far.opened_at, every) for coin in sample.coins)


def test_funding_settles_every_eight_hours_and_changes_sign(sample: Sample) -> None:
    for coin in sample.coins:
        assert set(np.diff(coin.funding.at).tolist()) == {8 * 3_600_000}
        assert coin.funding.at[0] == SPEC.start_ms + 8 * 3_600_000
        assert np.min(coin.funding.rate) < 0 < np.max(coin.funding.rate)
        assert np.mean(coin.funding.rate == 0.0001) > 0.2


def test_the_first_minute_has_a_dollar_rate_and_no_rate_is_known_on_a_weekend(sample: Sample) -> None:
    assert sample.fx.known_at[0] < SPEC.start_ms
    known = [datetime.fromtimestamp(at / 1000, UTC) for at in sample.fx.known_at.tolist()]
    assert all(at.weekday() < 5 and at.hour == 15 for at in known)


def test_tops_come_every_half_minute_of_the_last_days_around_the_last_trade(sample: Sample) -> None:
    for coin in sample.coins:
        for tops, bars in ((coin.near_tops, coin.near), (coin.far_tops, coin.far)):
            assert tops.at[-1] == SPEC.start_ms + SPEC.days * 86_400_000
            assert tops.at[0] == SPEC.start_ms + (SPEC.days - 3) * 86_400_000 + 30_000
            assert set(np.diff(tops.at).tolist()) == {30_000}
            assert np.all(tops.bid < tops.ask)
            assert np.all((tops.bid_amount > 0) & (tops.ask_amount > 0))
            _, top, bar = np.intersect1d(tops.at, bars.opened_at + MINUTE_MS, return_indices=True)
            middle = (tops.bid[top] + tops.ask[top]) / 2
            assert np.quantile(np.abs(bars.close[bar] / middle - 1), 0.9) < 0.001
        top_prices = np.concatenate([coin.near_tops.bid, coin.near_tops.ask]).tolist()
        assert not [price for price in top_prices[::7] if Decimal(repr(price)) % upbit_tick(Decimal(repr(price)))]
        top_prices = np.concatenate([coin.far_tops.bid, coin.far_tops.ask]).tolist()
        assert not [price for price in top_prices[::7] if Decimal(repr(price)) % FAR_TICKS[coin.coin]]


def test_a_crash_takes_the_near_venue_down_for_an_hour_and_heals() -> None:
    spec = SampleSpec(date(2024, 1, 1), 30, seed=5, coins=("BTC", "ETH"))
    calm = make_sample(spec, replace(Character(), crash_per_year=0.0))
    crashed = make_sample(spec, replace(Character(), crash_per_year=25.0))
    begins = crashed.crashes[np.diff(crashed.crashes, append=spec.start_ms + 31 * 86_400_000) > 86_400_000]
    assert calm.crashes.size == 0
    assert begins.size > 0
    for coin, least in (("BTC", 5.0), ("ETH", 10.0)):
        ratio = crashed.coin(coin).near.close / calm.coin(coin).near.close - 1
        after = (crashed.coin(coin).near.opened_at - begins[0]) // MINUTE_MS
        assert np.min(ratio[(after >= 0) & (after < 60)]) < -least / 100
        assert np.all(np.abs(ratio[(after >= 300) & (after < 1440)]) < 0.002)
        assert np.array_equal(crashed.coin(coin).far.close, calm.coin(coin).far.close)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"days": 0}, "days"),
        ({"seed": -1}, "seed"),
        ({"coins": ()}, "coins"),
        ({"coins": ("BTC", "BTC")}, "coins"),
        ({"tops_days": 71}, "tops_days"),
    ],
)
def test_a_spec_that_cannot_be_made_says_which_line_is_wrong(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=f"^{says}"):
        replace(SPEC, **change)


def test_a_start_with_a_time_of_day_is_refused() -> None:
    with pytest.raises(TypeError, match="start is a UTC day"):
        replace(SPEC, start=datetime(2024, 1, 1, 12, tzinfo=UTC))


def test_a_coin_without_a_character_is_named() -> None:
    with pytest.raises(ValueError, match="'DOGE' has no character; there are BTC, ETH, XRP"):
        make_sample(replace(SPEC, coins=("DOGE",)))
