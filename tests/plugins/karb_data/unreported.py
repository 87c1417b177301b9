"""What a recording lacks and does not say: looked for with nothing of what wrote it down."""

from __future__ import annotations

from karb_core.history.holes import Hole
from karb_core.history.store import open_store
from tests.plugins.karb_data.at_the_lab import Recording

_LIVE = ("upbit BTC-KRW tops", "binance_usdm BTC-USDT tops", "binance_usdm BTC-USDT marks")


def unreported(recording: Recording) -> list[str]:
    """Each minute that the lab has and the recording neither has nor calls a hole; each kill that is in no hole of what
    is told live; each price that is another than the lab's."""
    store = open_store(recording.into)
    lost = [hole for hole in store.holes() if hole.fate != "filled"]
    out = []
    for name, minutes in recording.lab_minutes().items():
        frame = store.frame(name, "bars")
        there = dict(zip(frame["opened_at"].to_physical(), frame["close"], strict=True))
        first, last = min(there), max(there)
        for at, close in minutes.items():
            if (
                first <= at <= last
                and at not in there
                and not _says(lost, f"{name.replace('/', '-')} bars_60s", at, at)
            ):
                out.append(f"{name}: the bar of {at} is not there")
            elif at in there and float(close) != there[at] and at < last:
                out.append(f"{name}: the bar of {at} closed at {close}, not at {there[at]}")
    out += [f"{of}: nobody says {kill}" for of in _LIVE for kill in recording.killed if not _says(lost, of, *kill)]
    return out


def _says(holes: list[Hole], of: str, from_ms: int, until_ms: int) -> bool:
    return any(
        hole.of == of and hole.from_ms <= from_ms and (hole.until_ms is None or hole.until_ms >= until_ms)
        for hole in holes
    )
