"""The numbers that give the sample its character. None of them is a trading rule."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CoinCharacter:
    """One coin: where its price begins, how it moves, how wide its markets are."""

    coin: str
    price: float  # USDT at the start of the sample
    step: float  # standard deviation of one minute's world return, percent
    shared: float  # correlation of that return with the market's: BTC/ETH about 0.85, BTC/XRP about 0.7
    own_premium: float  # width of what only this coin's premium does, points: ETH - BTC 0.13, XRP - BTC 0.09-0.19
    crash: float  # how much deeper than BTC this coin falls in a crash: BTC -11, ETH -23, XRP -17 in one hour
    far_tick: float  # the perpetual's price step, USDT
    near_volume: float  # coins in a usual minute at the near venue
    far_volume: float  # coins in a usual minute at the far venue
    amount_step: float  # the perpetual's amount step


@dataclass(frozen=True, slots=True)
class Character:
    """What the sample aims at, each with its figure of the published statistics in docs/explanation/sample-data.md.

    Unit: percent of the price for widths of prices, percentage points for widths of the premium, basis points for the
    basis; times as their names say.
    """

    coins: tuple[CoinCharacter, ...] = (
        CoinCharacter("BTC", 60_000.0, 0.055, 0.95, 0.045, 1.0, 0.1, 2.0, 150.0, 0.001),
        CoinCharacter("ETH", 3_000.0, 0.070, 0.89, 0.085, 2.0, 0.01, 30.0, 2_000.0, 0.001),
        CoinCharacter("XRP", 2.2, 0.085, 0.75, 0.105, 1.5, 0.0001, 60_000.0, 500_000.0, 0.1),
    )

    # The market's volatility: hourly world returns with an excess kurtosis of about 10, volatile stretches of days.
    volatility_days: tuple[float, float] = (0.36, 4.0)  # width of its logarithm, half life in days
    volatility_hours: tuple[float, float] = (0.42, 3.0)  # the same, half life in hours
    volatility_minutes: tuple[float, float] = (0.25, 12.0)  # the same, half life in minutes
    volatility_by_hour: float = 0.15  # most volatile 22:00-00:00 in Seoul, robust deviation 0.16-0.20 against 0.13-0.15

    # The common premium: rms change 0.035-0.05 per minute, 0.13-0.25 per hour, 0.7-0.85 per day, 1.6 per 10 days, 2.1
    # per 30 days; each pair is the width of one mean-reverting part in points and its half life.
    level: float = 0.9  # its resting place; with the episodes a mean of 1.5-2.6, the years 2022-2025
    weeks: tuple[float, float] = (0.80, 14.0)  # days; the level that moves over weeks
    days: tuple[float, float] = (0.48, 2.2)  # days; half life of the distance from the 20-day mean: 2-4 days
    hours: tuple[float, float] = (0.10, 2.5)  # hours; half life of the distance from the 1-day mean: 2-3 hours
    # How far the slow parts (weeks, days) and the hours are driven by falling world prices: correlation of the changes
    # with the world return about -0.4 over an hour, -0.5 over a day.
    against_world: tuple[float, float] = (0.65, 0.30)
    lag: float = 0.20  # the share of a minute's world move that the near venue makes a minute later: 0.15-0.21
    bounce: float = 0.016  # the last trade around the fair price: noise of 0.02-0.03, lag-1 autocorrelation -0.25..-0.3
    own_half_life_minutes: float = 35.0  # of a coin's own premium: autocorrelation 0.2-0.4 after an hour

    # News: hourly excess kurtosis 15-30, more upwards than downwards.
    news_per_year: float = 17.0
    news_size: tuple[float, float] = (2.0, 0.3)  # points: the median size and the width of its logarithm
    news_upward: float = 0.62  # the share that lifts the premium
    news_minutes: float = 6.0  # how fast it comes (a half life); minute changes of up to 4.5 points are on record
    news_hours: float = 6.0  # how fast it fades (a half life)

    # Upward episodes of weeks: heights of 2023-2025 (6-13 % with the level); the months they need.
    episode_every_days: int = 130
    episode_height: tuple[float, float] = (2.8, 6.6)  # points
    episode_rise_days: tuple[float, float] = (5.0, 14.0)
    episode_fade_days: tuple[float, float] = (6.0, 12.0)  # a half life

    # One hour like 2024-12-03: down within minutes, healed in 1-3 hours, once in some years.
    crash_per_year: float = 0.2
    crash_depth: tuple[float, float] = (7.0, 13.0)  # points, at BTC
    crash_minutes: tuple[float, float] = (12.0, 30.0)  # half lives of the fall and of the healing

    # The dollar: daily steps with a standard deviation of 0.60 %, flat on weekends, sometimes a fixing is missing;
    # a live rate is off the known one by 0.41.
    usdkrw: float = 1_330.0
    dollar_step: float = 0.60
    fix_missed: float = 0.012

    # The perpetual: basis of 2022-2025 between -4.3 and -0.3 on average, 1.2-5.2 wide; 31-50 % of the settlements
    # exactly one basis point, 4-40 % below zero.
    basis: float = -4.4
    basis_shared: tuple[float, float] = (1.2, 2.0)  # days
    basis_own: tuple[float, float] = (0.7, 6.0)  # hours
    basis_noise: float = 0.4  # of the last trade, every minute anew
    basis_per_point: float = 1.7  # per point of an upward episode: 2024 had both
    funding_interest: float = 1.0
    funding_clamp: float = 5.0

    # Gaps: no trade in 2 of 24,480 minutes of BTC; closed for 1-6 hours about five times a year.
    missing_minutes: float = 0.0001
    closed_every_days: int = 60
    closed_hours: tuple[int, int] = (1, 6)

    # Books: Upbit's BTC spread 0.4-0.9 basis points; best levels of some million won, and more abroad.
    near_spread: tuple[float, float] = (0.6, 0.4)  # basis points: the median and the width of its logarithm
    near_best: tuple[float, float] = (6_000_000.0, 1.0)  # KRW on each side
    far_best: tuple[float, float] = (120_000.0, 1.0)  # USDT on each side

    def coin(self, name: str) -> CoinCharacter:
        """The character of one coin. Errors: ValueError for a coin that has none."""
        for each in self.coins:
            if each.coin == name:
                return each
        known = ", ".join(each.coin for each in self.coins)
        raise ValueError(f"coins: {name!r} has no character; there are {known}")
