"""A stranger's plugin in which each component has an error that looks ahead, or begins nowhere. Tests install its text."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from karb_core.domain.decisions import Denied, Passed
from karb_core.plugin import hookimpl
from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.rules.roles import assumption
from karb_core.texts.text import Words
from karb_premium.zscore import ZScore
from karb_sim.bars import BarFills, BarFillsParams
from karb_sizing.share import Share

_DAY_MS = 86_400_000


def _ahead(column):
    """Each row with the value of the next, the last with its own."""
    return np.append(column[1:], column[-1:])


class Forming(ZScore):
    """Judges by the close of the bar that is only forming."""

    name: ClassVar[str] = "forming"

    def features(self, series):
        closes = tuple(_ahead(close) for close in series.closes)
        present = tuple(_ahead(there) for there in series.present)
        return super().features(replace(series, closes=closes, present=present))


class DaysRate(ZScore):
    """Takes the last rate of a day for the whole day, as a table of daily rates invites one to."""

    name: ClassVar[str] = "days_rate"

    def features(self, series):
        days = series.closed_at_ms // _DAY_MS
        last = np.searchsorted(days, days, side="right") - 1
        return super().features(replace(series, rate=series.rate[last]))


class Centred(ZScore):
    """Holds the premium against a mean of two hours before and two after."""

    name: ClassVar[str] = "centred"

    def features(self, series):
        found = super().features(series)
        premium = found["premium"].astype(np.float64)
        mean = np.convolve(np.pad(premium, 2, mode="edge"), np.ones(5) / 5, mode="valid")
        return {**found, "z": np.where(np.isnan(found["z"]), np.nan, (premium - mean) / 200_000)}


class AllItsDays(ZScore):
    """Divides by the deviation of all the data, those of the future too."""

    name: ClassVar[str] = "all_its_days"

    def features(self, series):
        found = super().features(series)
        return {**found, "z": found["z"] * 1_000_000 / np.std(found["premium"])}


class Unanchored(ZScore):
    """An average that never begins anew."""

    name: ClassVar[str] = "unanchored"

    def features(self, series):
        found = super().features(series)
        average, averages = float(found["premium"][0]), []
        for premium in found["premium"].tolist():
            average += (premium - average) / 100
            averages.append(average)
        return {**found, "average": np.array(averages)}


class Drawn(ZScore):
    """Draws anew each time."""

    name: ClassVar[str] = "drawn"
    times: ClassVar[list[int]] = []

    def features(self, series):
        self.times.append(1)
        found = super().features(series)
        return {**found, "noise": np.full(len(found["z"]), float(len(self.times)))}


class Remembering(ZScore):
    """Keeps the series it was given, and looks into it when it judges."""

    name: ClassVar[str] = "remembering"

    def features(self, series):
        self._premium = super().features(series)["premium"]
        self._closed = series.closed_at_ms
        return super().features(series)

    def judge(self, moment, standing, terms):
        judged = super().judge(moment, standing, terms)
        row = int(np.searchsorted(self._closed, moment.at_ns // 1_000_000))
        later = self._premium[min(row + 3, len(self._premium) - 1)]
        return judged if abs(later) < abs(self._premium[row]) else replace(judged, proposals=())


class FillParams(BarFillsParams):
    """As `sim.bars`, with one choice more."""

    fill: Literal["next_open", "same_close"] = assumption(
        "at which price an order fills", ko="어떤 가격에 체결되는지", example="next_open"
    )


class _Market:
    """A market in which one question is answered otherwise."""

    def __init__(self, market, open_at):
        self._market, self._open_at = market, open_at

    def __getattr__(self, name):
        return getattr(self._market, name)

    def open_at(self, instrument, at_ns):
        return self._open_at(instrument, at_ns)


class Fills(BarFills):
    """Fills at the close that was judged, where the file says so."""

    name: ClassVar[str] = "fills"
    Params = FillParams

    def open_market(self, market, accounts):
        same = self._params.fill == "same_close"
        return super().open_market(_Market(market, market.close_at) if same else market, accounts)


class BestOfBar(BarFills):
    """Fills at the price at which the bar that opens will have closed."""

    name: ClassVar[str] = "best_of_bar"

    def open_market(self, market, accounts):
        def close_of(instrument, at_ns):
            return market.close_at(instrument, at_ns + 3_600_000_000_000)

        return super().open_market(_Market(market, close_of), accounts)


class PeekingTops(BarFills):
    """Judges at prices that are only made in the bar to come."""

    name: ClassVar[str] = "peeking_tops"

    def open_market(self, market, accounts):
        venues = super().open_market(market, accounts)
        top = venues.top

        def peeking(instrument, close, at_ns):
            later = market.close_at(instrument, at_ns + 3_600_000_000_000)
            return top(instrument, close if later is None else later, at_ns)

        venues.top = peeking
        return venues


class NoParams(Params):
    """Nothing to write."""


class Hindsight:
    """A gate that remembers, from one run to the next, at which moments it was asked."""

    name: ClassVar[str] = "hindsight"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words("Denies what it was asked before.", "전에 물은 것을 거부합니다.")
    Params = NoParams
    asked: ClassVar[set[tuple[str, int]]] = set()

    def __init__(self, params):
        self._params = params

    def check(self, plan, view, account):
        key = plan.pair, view.as_of_ns
        if key in self.asked:
            return Denied("use", "asked before", "never")
        self.asked.add(key)
        return Passed()


class Swelling(Share):
    """Sizes the larger, the oftener it was ever asked."""

    name: ClassVar[str] = "swelling"
    asked: ClassVar[list[int]] = []

    def size(self, proposal, moment, account):
        self.asked.append(1)
        sized = super().size(proposal, moment, account)
        if isinstance(sized, Denied) or len(self.asked) < 2:
            return sized
        return replace(sized, legs=tuple(replace(leg, amount=leg.amount + leg.amount) for leg in sized.legs))


@hookimpl
def karb_signals():
    return [Forming, DaysRate, Centred, AllItsDays, Unanchored, Drawn, Remembering]


@hookimpl
def karb_executors():
    return [Fills, BestOfBar, PeekingTops]


@hookimpl
def karb_risk_gates():
    return [Hindsight]


@hookimpl
def karb_sizings():
    return [Swelling]
