"""Whether the sample has the character of real premiums: the targets of docs/explanation/sample-data.md.

Two years of BTC, one fixed seed. Premium = near close / (far close x dollar) - 1 in percent. The dollar is the last
fixing known by then (stepwise), as a program sees it, for every figure but the second kurtosis, which joins the fixings
by straight lines. The day of a crash is left out of all. Every target may be missed by a fifth.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from karb_replay.sample import Character, Sample, SampleSpec, make_sample
from karb_replay.sample.dollar import dollar
from karb_replay.sample.draws import Draws, fading, mean_reverting

WINDOW = 480
PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "sample-data.md"
SPEC = SampleSpec(date(2023, 1, 2), 730, seed=1, coins=("BTC",))


@dataclass(frozen=True)
class Measured:
    minutes: np.ndarray  # percent at each minute's close, NaN where the near venue has none
    hours: np.ndarray  # the same at hourly closes
    smooth_hours: np.ndarray  # with the fixings joined by straight lines, which uses the future
    world: np.ndarray  # log price of the perpetual at hourly closes
    sample: Sample


@pytest.fixture(scope="module")
def measured() -> Measured:
    sample = make_sample(SPEC)
    coin = sample.coin("BTC")
    near = np.full(SPEC.minutes, np.nan)
    near[(coin.near.opened_at - SPEC.start_ms) // 60_000] = coin.near.close
    for crash in sample.crashes.tolist():
        at = (crash - SPEC.start_ms) // 60_000
        near[at : at + 1440] = np.nan
    closed_at = coin.far.opened_at + 60_000
    known = sample.fx.value[np.searchsorted(sample.fx.known_at, closed_at, side="right") - 1]
    joined = np.interp(closed_at, sample.fx.known_at, sample.fx.value)
    stepwise, smooth = ((near / (coin.far.close * rate) - 1) * 100 for rate in (known, joined))
    return Measured(stepwise, stepwise[59::60], smooth[59::60], np.log(coin.far.close[59::60]), sample)


def rms_change(values: np.ndarray, lag: int) -> float:
    return float(np.sqrt(np.nanmean((values[lag:] - values[:-lag]) ** 2)))


def excess_kurtosis(values: np.ndarray) -> float:
    centred = values[np.isfinite(values)] - np.nanmean(values)
    return float(np.mean(centred**4) / np.mean(centred**2) ** 2 - 3)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    both = np.isfinite(a) & np.isfinite(b)
    return float(np.corrcoef(a[both], b[both])[0, 1])


def z_scores(hours: np.ndarray) -> np.ndarray:
    windows = np.lib.stride_tricks.sliding_window_view(hours, WINDOW)
    enough = np.isfinite(windows).sum(axis=1) >= 0.95 * WINDOW
    windows, now = windows[enough], hours[WINDOW - 1 :][enough]
    z = (now - np.nanmean(windows, axis=1)) / np.nanstd(windows, axis=1, ddof=1)
    return z[np.isfinite(z)]


@pytest.mark.parametrize(
    ("minutes", "least", "most"),
    [(1, 0.035, 0.05), (15, 0.075, 0.12), (60, 0.13, 0.25), (1440, 0.7, 0.85), (14_400, 1.6, 1.6), (43_200, 2.1, 2.1)],
)
def test_the_premium_moves_as_far_in_a_given_time(measured: Measured, minutes: int, least: float, most: float) -> None:
    hourly = minutes % 60 == 0
    series, lag = (measured.hours, minutes // 60) if hourly else (measured.minutes[minutes - 1 :: minutes], 1)
    assert least * 0.8 <= rms_change(series, lag) <= most * 1.2


def test_hourly_changes_have_fat_tails_at_both_rates(measured: Measured) -> None:
    assert 15 * 0.8 <= excess_kurtosis(np.diff(measured.hours)) <= 30 * 1.2
    assert 12 * 0.8 <= excess_kurtosis(np.diff(measured.smooth_hours)) <= 23 * 1.2


def test_a_minutes_change_is_partly_taken_back_by_the_next(measured: Measured) -> None:
    changes = np.diff(measured.minutes)
    assert -0.3 * 1.2 <= correlation(changes[1:], changes[:-1]) <= -0.25 * 0.8


def test_extremes_are_as_frequent_and_more_of_them_are_high(measured: Measured) -> None:
    z = z_scores(measured.hours)
    assert z.size > 0.95 * (measured.hours.size - WINDOW)
    assert 0.04 * 0.8 <= np.mean(z > 2) <= 0.08 * 1.2
    assert 0.025 * 0.8 <= np.mean(z < -2) <= 0.06 * 1.2
    assert 0 < np.mean(z > 4) <= 0.006
    assert np.mean(z < -4) <= 0.002
    assert np.mean(z > 3) > np.mean(z < -3)


def test_the_premium_falls_when_the_world_rises(measured: Measured) -> None:
    assert -0.4 * 1.2 <= correlation(np.diff(measured.hours), np.diff(measured.world)) <= -0.4 * 0.8
    day = measured.hours[24:] - measured.hours[:-24], measured.world[24:] - measured.world[:-24]
    assert -0.5 * 1.2 <= correlation(*day) <= -0.5 * 0.8


def test_the_premium_is_volatile_when_the_market_is(measured: Measured) -> None:
    assert correlation(np.abs(np.diff(measured.hours)), np.abs(np.diff(measured.world))) >= 0.37 * 0.8


def test_the_rate_steps_by_as_much_and_is_flat_on_weekends(measured: Measured) -> None:
    fx = measured.sample.fx
    assert 0.6 * 0.8 <= np.std(np.diff(np.log(fx.value)) * 100) <= 0.6 * 1.2
    saturday = SPEC.start_ms + 5 * 86_400_000  # the sample begins on a Monday
    for week in range(0, SPEC.days // 7 * 7, 7):
        weekend = saturday + week * 86_400_000 + np.arange(48) * 3_600_000
        assert np.unique(np.searchsorted(fx.known_at, weekend, side="right")).size == 1


def test_the_known_rate_is_as_far_off_the_live_one() -> None:
    made = dollar(SPEC, Character(), Draws(SPEC.seed))
    moments = SPEC.start_ms + np.arange(SPEC.minutes + 1) * 60_000
    known = made.fixings.value[np.searchsorted(made.fixings.known_at, moments, side="right") - 1]
    assert 0.41 * 0.8 <= np.std((known / made.live - 1) * 100) <= 0.41 * 1.2


def test_the_world_has_quiet_and_wild_stretches(measured: Measured) -> None:
    returns = np.diff(measured.world) * 100
    assert 0.4 * 0.8 <= np.std(returns) <= 0.68 * 1.2
    assert excess_kurtosis(returns) > 3
    assert correlation(np.abs(returns[24:]), np.abs(returns[:-24])) > 0.1


def test_coins_share_one_premium_and_each_has_a_little_of_its_own() -> None:
    spec = SampleSpec(date(2023, 1, 2), 90, seed=1)
    sample = make_sample(spec, Character(closed_every_days=1000))
    logs = {}
    for coin in sample.coins:
        minutes = np.intersect1d(coin.near.opened_at, spec.start_ms + np.arange(59, spec.minutes, 60) * 60_000)
        near, far = (np.interp(minutes, bars.opened_at, bars.close) for bars in (coin.near, coin.far))
        logs[coin.coin] = dict(zip(minutes.tolist(), (np.log(near / far) * 100).tolist(), strict=True))
    common = sorted(set.intersection(*(set(each) for each in logs.values())))
    btc, eth, xrp = (np.array([logs[coin][at] for at in common]) for coin in ("BTC", "ETH", "XRP"))
    for other in (eth, xrp):
        assert 0.08 * 0.8 <= np.std(other - btc) <= 0.19 * 1.2
        assert correlation(other, btc) > 0.98
        assert 0.81 * 0.9 <= correlation(np.diff(other), np.diff(btc)) <= 0.88 * 1.1


def test_the_page_says_what_is_measured(measured: Measured) -> None:
    z, hourly, world = z_scores(measured.hours), np.diff(measured.hours), np.diff(measured.world)
    minutely, steps = np.diff(measured.minutes), np.diff(np.log(measured.sample.fx.value))
    figures = {
        "rms change, 1 minute": rms_change(measured.minutes, 1),
        "rms change, 15 minutes": rms_change(measured.minutes[14::15], 1),
        "rms change, 1 hour": rms_change(measured.hours, 1),
        "rms change, 1 day": rms_change(measured.hours, 24),
        "rms change, 10 days": rms_change(measured.hours, 240),
        "rms change, 30 days": rms_change(measured.hours, 720),
        "hourly excess kurtosis": excess_kurtosis(hourly),
        "hourly excess kurtosis, smoothed": excess_kurtosis(np.diff(measured.smooth_hours)),
        "autocorrelation of minute changes, lag 1": correlation(minutely[1:], minutely[:-1]),
        "hours with z > 2": np.mean(z > 2) * 100,
        "hours with z < -2": np.mean(z < -2) * 100,
        "hours with z > 4": np.mean(z > 4) * 100,
        "correlation with the world return, hourly": correlation(hourly, world),
        "correlation of the sizes of both, hourly": correlation(np.abs(hourly), np.abs(world)),
        "daily step of the dollar, std": np.std(steps) * 100,
    }
    for name, figure in figures.items():
        row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {name} |"))
        printed = row.split("|")[3].strip().removesuffix(" %")
        assert f"{figure:.{len(printed.partition('.')[2])}f}" == printed, name


def test_a_mean_reverting_series_keeps_its_width_and_halves_its_memory() -> None:
    x = mean_reverting(Draws(1).normal("test", 400_000), 100.0)
    assert np.std(x) == pytest.approx(1.0, rel=0.05)
    assert correlation(x[100:], x[:-100]) == pytest.approx(0.5, abs=0.05)


def test_an_impulse_is_halved_every_half_life_across_blocks() -> None:
    impulses = np.zeros(5_000)
    impulses[1_400] = 8.0
    faded = fading(impulses, 500.0)
    assert faded[1_399] == 0.0
    assert [faded[1_400 + 500 * halves] for halves in range(4)] == pytest.approx([8.0, 4.0, 2.0, 1.0], rel=1e-12)
