"""What a sample is made of: frozen columns, all times int64 milliseconds UTC, all arrays read-only."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karb_replay.sample.spec import SampleSpec

Floats = NDArray[np.float64]
Times = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """One-minute bars. opened_at: the opening time, so a bar is known a minute later. volume: of the coin.

    Edge: a minute that was not traded has no row. The mark price is not traded: its volume is zero throughout.
    """

    opened_at: Times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Funding:
    """Settlements of a perpetual: `rate` is the fraction of the notional that longs pay to shorts at `at`."""

    at: Times
    rate: Floats


@dataclass(frozen=True, slots=True, eq=False)
class FxPoints:
    """KRW per USD from one fixing each, and the moment from which a program may know it.

    Edge: the first points lie before the sample, so that its first minute has a rate.
    """

    known_at: Times
    value: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Tops:
    """Best bid and ask with their amounts (of the coin), every 30 seconds; none while the venue is closed."""

    at: Times
    bid: Floats
    bid_amount: Floats
    ask: Floats
    ask_amount: Floats


@dataclass(frozen=True, slots=True, eq=False)
class CoinSample:
    """One coin: near is Upbit's KRW market, far is Binance's USD-M perpetual in USDT, mark its mark price."""

    coin: str
    near: Bars
    far: Bars
    mark: Bars
    funding: Funding
    near_tops: Tops
    far_tops: Tops


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A whole sample: the coins in the order of the spec, the dollar, and when something rare happened.

    crashes: the minutes in which a crash of the near venue began. closed_from, closed_until: its maintenances.
    """

    spec: SampleSpec
    coins: tuple[CoinSample, ...]
    fx: FxPoints
    crashes: Times
    closed_from: Times
    closed_until: Times

    def coin(self, name: str) -> CoinSample:
        """The columns of one coin. Errors: KeyError for a coin that the sample does not have."""
        for each in self.coins:
            if each.coin == name:
                return each
        raise KeyError(name)
