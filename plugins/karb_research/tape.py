"""What a scenario's market is told as: books and marks as they stand, and the bars that they make."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Depth, Mark
from karb_core.ports import Setting
from karb_research.scene import Scene, instruments


class Tape:
    """Bars are of the prices that were told; where none was, of the last one, and nothing traded."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._closed = {i: setting.facts[i].floor_price(setting.last[i]) for i in instruments(setting)}
        self._told: dict[Instrument, list[Decimal]] = {i: [] for i in self._closed}
        self._traded = dict.fromkeys(self._closed, Decimal(0))

    def told(self, scene: Scene, at_ns: int) -> Iterator[Depth | Mark]:
        """The book and the mark of each instrument whose venue is not silent."""
        for instrument, prices in self._told.items():
            if scene.is_silent(instrument, at_ns):
                continue
            depth = scene.depth(instrument, at_ns)
            price = self._setting.facts[instrument].floor_price(scene.mid(instrument, at_ns))
            prices.append(price)
            self._traded[instrument] = exact.add(self._traded[instrument], depth.bids[0].amount)
            yield depth
            yield Mark(instrument, price, None, at_ns, at_ns)

    def bars(self, at_ns: int) -> Iterator[Bar]:
        """One of each instrument, that closes now."""
        for instrument, prices in list(self._told.items()):
            opened = self._closed[instrument]
            among = [opened, *prices]
            closed, volume = among[-1], self._traded[instrument]
            start_ns = at_ns - self._setting.bars_ns
            yield Bar(instrument, start_ns, at_ns, opened, max(among), min(among), closed, volume, at_ns)
            self._closed[instrument], self._told[instrument] = closed, []
            self._traded[instrument] = Decimal(0)
