"""A stranger's plugin whose components look ahead of a grid of tops. Tests install its text."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from karb_core.plugin import hookimpl
from karb_premium.zscore import ZScore
from karb_sim.tops import TopFills

_SECOND_NS = 1_000_000_000


def _ahead(column):
    """Each row with the value of the next, the last with its own."""
    return np.append(column[1:], column[-1:])


class NextStep(ZScore):
    """Judges a step by the middles of the one after it."""

    name: ClassVar[str] = "next_step"

    def features(self, series):
        closes = tuple(_ahead(close) for close in series.closes)
        present = tuple(_ahead(there) for there in series.present)
        return super().features(replace(series, closes=closes, present=present))


class _Later:
    """A market that is two seconds ahead."""

    def __init__(self, market):
        self._market = market

    def top_at(self, instrument, at_ns):
        later = self._market.top_at(instrument, at_ns + 2 * _SECOND_NS)
        return None if later is None else replace(later, venue_at_ns=at_ns, received_at_ns=at_ns)


class LaterTops(TopFills):
    """Opens its venues over tops of two seconds later."""

    name: ClassVar[str] = "later_tops"

    def open_tops(self, market, margin, accounts):
        return super().open_tops(_Later(market), margin, accounts)


@hookimpl
def karb_signals():
    return [NextStep]


@hookimpl
def karb_executors():
    return [LaterTops]
