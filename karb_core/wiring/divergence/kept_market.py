"""The market as a run recorded it, out of its journal: bars, rates and settlements, and what its desk was furnished with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, FundingRate, FxRate
from karb_core.errors import LedgerUnusable
from karb_core.texts.text import Text
from karb_core.wiring.input_line import RUN, HouseRun
from karb_core.wiring.journal_lines import damaged, journal_lines
from karb_core.wiring.typed_json import read

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


@dataclass(slots=True)
class KeptRate:
    """One seat's rate: the last that was told, and (ms from which it was known, value), in time order."""

    last: FxRate
    points: list[tuple[int, Decimal]] = field(default_factory=list)

    def add(self, rate: FxRate) -> None:
        """Edge: as for a desk, one known before the last is dropped, and one of the same ms takes its place."""
        at_ms = _known_ms(rate)
        if self.points and at_ms < self.points[-1][0]:
            return
        if self.points and at_ms == self.points[-1][0]:
            self.points.pop()
        self.points.append((at_ms, rate.rate))
        self.last = rate

    def fill(self, rates: Iterable[FxRate]) -> None:
        """What became known before all that is here, oldest first."""
        since, last = self.points, self.last
        self.points = []
        for rate in rates:
            if not since or _known_ms(rate) < since[0][0]:
                self.add(rate)
        self.points += since
        self.last = last if since else self.last


@dataclass(slots=True)
class KeptMarket:
    """bars: by instrument and opening, of every length that was told; rates: by seat; settled, announced: by instrument
    and time of settlement, the rate of funding that was seen. stopped: by the close of a bar, how much was stopped from
    elsewhere between it and the next: what no ledger may have, as one that cannot be read or written stops too.
    """

    run: HouseRun
    bars: dict[Instrument, dict[tuple[int, int], Bar]] = field(default_factory=dict)
    rates: dict[str, KeptRate] = field(default_factory=dict)
    settled: dict[Instrument, dict[int, Decimal]] = field(default_factory=dict)
    announced: dict[Instrument, dict[int, Decimal]] = field(default_factory=dict)
    stopped: dict[int, Halt] = field(default_factory=dict)
    closed_ns: int = 0  # karb: constant because no bar has closed before the first

    def of_length(self, instrument: Instrument, length_ns: int) -> list[Bar]:
        """In time order. Edge: of a bar that was told twice the first one, as its desk kept it."""
        mine = self.bars.get(instrument, {})
        return [mine[key] for key in sorted(mine) if key[1] == length_ns]

    def funding(self, instrument: Instrument, until_ns: int) -> list[tuple[int, Decimal]]:
        """Settlements up to then. Edge: where only its announcement was seen, that one, for it was the next to settle."""
        known = {**self.announced.get(instrument, {}), **self.settled.get(instrument, {})}
        return sorted((at_ns, rate) for at_ns, rate in known.items() if at_ns <= until_ns)


def kept_market(folder: Path) -> KeptMarket:
    """Errors: `LedgerUnusable` for a journal that is not there, damaged, or of a run that kept no inputs."""
    kept: KeptMarket | None = None
    try:
        for told in journal_lines(folder):
            if told["is"] == RUN:
                kept = KeptMarket(read(HouseRun, told["run"]))
            elif kept is not None:
                _take(kept, told)
    except (KeyError, TypeError, ValueError, ArithmeticError) as e:
        raise damaged(folder) from e
    if kept is None:
        raise LedgerUnusable(Text("replay.no_inputs", {"path": folder}))
    return kept


def _take(kept: KeptMarket, told: Mapping[str, Any]) -> None:
    match told["is"]:
        case "bar":
            bar = read(Bar, told["bar"])
            _bar(kept, bar)
            kept.closed_ns = max(kept.closed_ns, bar.end_ns)
        case "rate":
            rate = read(FxRate, told["rate"])
            kept.rates.setdefault(told["seat"], KeptRate(rate)).add(rate)
        case "past":
            for bar in read(tuple[Bar, ...], told["bars"]):
                _bar(kept, bar)
            for seat, rates in told["rates"].items():
                before = read(tuple[FxRate, ...], rates)
                if before:
                    kept.rates.setdefault(seat, KeptRate(before[-1])).fill(before)
    if told.get("halt"):
        kept.stopped.setdefault(kept.closed_ns, Halt(told["halt"]))
    for funding in told.get("saw", {}).get("funding", ()):
        _funding(kept, read(FundingRate, funding))


def _bar(kept: KeptMarket, bar: Bar) -> None:
    kept.bars.setdefault(bar.instrument, {}).setdefault((bar.start_ns, bar.end_ns - bar.start_ns), bar)


def _funding(kept: KeptMarket, told: FundingRate) -> None:
    by = kept.settled if told.settled else kept.announced
    by.setdefault(told.instrument, {})[told.settles_at_ns] = told.rate


def _known_ms(rate: FxRate) -> int:
    return -(-rate.received_at_ns // _NS)
