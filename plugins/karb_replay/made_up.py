"""The made-up market in the shape of a loaded dataset."""

from __future__ import annotations

import hashlib
from typing import NoReturn

import numpy as np

from karb_core.domain.instrument import Instrument
from karb_core.errors import DataUnusable
from karb_core.history.bars import Bars
from karb_core.history.dataset import Dataset
from karb_core.history.load import LoadedDataset, LoadedRate, LoadedSeries
from karb_core.history.points import Points
from karb_core.history.span import Span
from karb_core.texts.text import Words
from karb_replay.generated import SampleParams
from karb_replay.sample import Bars as MadeBars
from karb_replay.sample import CoinSample, SampleSpec, make_sample
from karb_replay.sample.write import GENERATOR

_MINUTE_MS = 60_000  # karb: constant because a minute has 60 seconds
_NEAR, _FAR, _RATE = ("upbit", "KRW"), ("binance_usdm", "USDT"), "usd-krw"


def made_up(
    params: SampleParams, dataset: Dataset, instruments: tuple[Instrument, ...], rates: tuple[str, ...], span: Span
) -> LoadedDataset:
    """The instruments `upbit COIN/KRW` and `binance_usdm COIN/USDT`, and the rate `usd-krw`.

    A coin is the same whichever others are made with it, so only those asked for are. Errors: DataUnusable for any
    other instrument, rate or coin.
    """
    for instrument in instruments:
        if (instrument.venue, instrument.quote) not in (_NEAR, _FAR) or instrument.base not in params.coins:
            _refuse(dataset, f"the made-up market has no {instrument}, only upbit COIN/KRW and binance_usdm COIN/USDT")
    if set(rates) - {_RATE}:
        _refuse(dataset, f"the made-up market has one rate, {_RATE}, and no {', '.join(rates)}")
    coins = tuple(coin for coin in params.coins if any(coin == i.base for i in instruments))
    try:
        sample = make_sample(SampleSpec(params.start, params.days, params.seed, coins or params.coins[:1]))
    except ValueError as e:
        _refuse(dataset, str(e))
    series = {i: _series(sample.coin(i.base), i, span) for i in instruments}
    for instrument, made in series.items():
        if not len(made.bars):
            days = f"{params.days} days from {params.start.isoformat()}"
            _refuse(
                dataset,
                f"the made-up market has no bars of {instrument} in the time that is asked for: it lasts {days}",
            )
    points = span.known(Points(_RATE, sample.fx.known_at, sample.fx.value))
    return LoadedDataset(
        dataset.name,
        _digest(dataset),
        True,
        series,
        {name: LoadedRate(dataset.rates[name], points, points) for name in rates},
        {i: dataset.facts[i] for i in instruments},
    )


def _series(coin: CoinSample, instrument: Instrument, span: Span) -> LoadedSeries:
    name = instrument.text()
    if (instrument.venue, instrument.quote) == _NEAR:
        return LoadedSeries(span.bars(_bars(coin.near, name)), None, None)
    marks = _bars(coin.mark, f"{name} mark", traded=False)
    funding = Points(f"{name} funding", coin.funding.at, coin.funding.rate)
    return LoadedSeries(span.bars(_bars(coin.far, name)), span.bars(marks), span.events(funding))


def _bars(made: MadeBars, name: str, *, traded: bool = True) -> Bars:
    volume = made.volume if traded else None
    return Bars(name, _MINUTE_MS, made.opened_at, made.open, made.high, made.low, made.close, volume)


def _digest(dataset: Dataset) -> str:
    """The market is what the file says, drawn by this generator from this NumPy's numbers."""
    return "sha256:" + hashlib.sha256(f"{dataset.described} {GENERATOR} {np.__version__}".encode()).hexdigest()


def _refuse(dataset: Dataset, why: str) -> NoReturn:
    place = dataset.generator.place if dataset.generator is not None else dataset.place
    raise DataUnusable(Words(f"{place}: {why}"))
