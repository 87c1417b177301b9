"""The names of Binance's market streams, and on which path each is served. Source: Binance's pages of 2026."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from karb_core.domain.instrument import Instrument
from karb_lab.binance.words import SPANS_NS, symbol

_NAME = re.compile(r"([a-z0-9]+)@([A-Za-z]+?)(\d+)?(?:_([0-9a-zA-Z]+))?(?:@(\d+m?s))?")
_LEVELS = (5, 10, 20)  # karb: constant because Binance tells so many levels


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream. `kind`: its word; `levels`: of a book, 0 for its changes; `span`: of a candle, empty otherwise;
    `prefix`: of its path, empty where there is one path for all.
    """

    name: str
    instrument: Instrument
    kind: str
    levels: int
    span: str
    prefix: str


def stream_of(name: str, traded: Iterable[Instrument], paths: Mapping[str, str]) -> Stream | None:
    """`paths`: by kind, where it is served. Shape: `btcusdt@depth20@100ms`. None for a name that no stream here has."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    lower, kind, count, span, _ = found.groups()
    instrument = next((one for one in traded if symbol(one).lower() == lower), None)
    # karb: constant because a book that is not cut is told by its changes
    levels = int(count or 0)
    known = kind in paths and (not levels or (kind == "depth" and levels in _LEVELS))
    if instrument is None or not known or (kind == "kline") != (span in SPANS_NS):
        return None
    return Stream(name, instrument, kind, levels, span or "", paths[kind])
