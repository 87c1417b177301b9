"""The windows of a walk forward: each some days that a point is taken by, and the days after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from karb_core.domain.korean_day import day_ends, day_of
from karb_core.errors import StrategyInvalid
from karb_core.texts.text import Words
from karb_research.sweep_file import Lengths, Windows

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """All times are midnights of Korea, ns of UTC. number: from 1 on; in sample from `from_ns` until `split_ns`, out of
    sample from there until `until_ns`."""

    number: int
    from_ns: int
    split_ns: int
    until_ns: int

    @property
    def in_sample(self) -> tuple[date, date]:
        """First and last day."""
        return day_of(self.from_ns), day_of(self.split_ns - 1)

    @property
    def out_of_sample(self) -> tuple[date, date]:
        return day_of(self.split_ns), day_of(self.until_ns - 1)


@dataclass(frozen=True, slots=True)
class Laid:
    """left: how many whole days at the end make no whole stretch."""

    windows: tuple[Window, ...]
    left: int


def windows_of(path: str, asked: Windows, from_ns: int, until_ns: int) -> Laid:
    """As many as fit between two times; out-of-sample stretches follow one another without a gap.

    Errors: StrategyInvalid for lengths that are no whole days, and where not one window fits.
    """
    lengths = asked.rolling or asked.anchored
    assert lengths is not None
    inside, outside = (_days(path, name, lengths) for name in ("in_sample", "out_of_sample"))
    midnights = _midnights(from_ns, until_ns)
    days = len(midnights) - 1
    count = (days - inside) // outside
    if count < 1:
        en = f"{days} whole days of data: one window needs {inside} + {outside}"
        ko = f"온전한 데이터가 {days}일입니다. 창 하나에 {inside} + {outside}일이 필요합니다"
        raise StrategyInvalid(Words(f"{path}: walk_forward.windows: {en}", f"{path}: walk_forward.windows: {ko}"))
    windows = []
    for n in range(count):
        first, split = (0 if asked.rolling is None else n * outside), n * outside + inside
        windows.append(Window(n + 1, midnights[first], midnights[split], midnights[split + outside]))
    return Laid(tuple(windows), days - inside - count * outside)


def _midnights(from_ns: int, until_ns: int) -> list[int]:
    """Of Korea, both ends included where they are some."""
    ends = [at_ns for _, at_ns in day_ends(from_ns - 1, until_ns)]
    return ends if day_of(until_ns) != day_of(until_ns - 1) else ends[:-1]


def _days(path: str, name: str, lengths: Lengths) -> int:
    whole, rest = divmod(getattr(lengths, name), _DAY)
    if rest:
        at = f"{path}: walk_forward.windows: {name}"
        raise StrategyInvalid(Words(f"{at}: write whole days, as 30d", f"{at}: 30d처럼 온전한 날로 쓰세요"))
    return int(whole)
