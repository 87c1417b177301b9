"""The core's own port: one strategy carried out over one stretch of data with some of its lines written otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, Self, TypeVar

from karb_core.domain.amount import Amount
from karb_core.domain.in_steps import InSteps
from karb_core.texts.text import Words

#: Stands at the end of a pointer for the place behind the last item of a list.
NEXT = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """One place of a strategy file, and what is written there instead.

    pointer: of a value, block or item that the file has (RFC 6901: `/signal/with/entry`, `/risk_gates/0`); one that ends
    in `/-` adds an item behind the last of a list. written: YAML on one line, as the owner would write it (`0.40%`,
    `[mon, tue]`, `{use: ...}`); None takes the place out of the file. Pointers mean the file as it is, whatever other
    changes of the same point take out.
    """

    pointer: str
    written: str | None


Changes = tuple[Change, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PointCarried:
    """What a run by the changed file came to. Money in the asset of the capital, exact.

    rules: the digest of the changed file's rules; trades: in the order in which they ended, when and what each came to;
    days: each day of Korea that the run touched, in order, and when it ended; equity: the capital, then what there was at
    each of these ends, open lots at the last prices; open_lots: how many it ended with.
    """

    rules: str
    capital: Amount
    trades: tuple[tuple[int, Amount], ...]
    days: tuple[tuple[date, int], ...]
    equity: InSteps
    open_lots: int

    @classmethod
    def of_days(
        cls,
        rules: str,
        capital: Amount,
        trades: tuple[tuple[int, Amount], ...],
        by_day: Sequence[tuple[date, int, Amount]],
        open_lots: int,
    ) -> Self:
        """by_day: each day with when it ended and the equity then."""
        equity = InSteps.of((capital, *(each for _, _, each in by_day)), capital.asset)
        return cls(rules, capital, trades, tuple((day, at_ns) for day, at_ns, _ in by_day), equity, open_lots)

    @property
    def by_day(self) -> tuple[tuple[date, int, Amount], ...]:
        """As `of_days` is told them."""
        return tuple((day, at_ns, self.equity.amount(at)) for at, (day, at_ns) in enumerate(self.days, 1))


@dataclass(frozen=True, slots=True)
class PointRefused:
    """No run: why the changed file would not pass `karb check`, or cannot be carried out over these data."""

    why: Words


PointResult = PointCarried | PointRefused


class Points(Protocol):
    """Carries points out, each as `karb backtest` would a file that really says so; how is nobody's concern.

    data: the dataset file that is read. span_ns: what the data have of all that the file reads, ns of UTC.
    written: what the file itself has at a pointer, on one line; None where it has no such place.
    key: what a result follows from, as a digest: the file, the changes, the data and their stretch, the code of karb, of
    the components that either names, and of the packages named in `also`.
    results: by its place in `points`, what `told` makes of each, as soon as it is there, in any order. `told` is asked
    where the point was carried out, maybe in another process: a function of a module, that depends on nothing else.
    Errors: KarbErrors in one sentence where nothing can be carried out at all; a point that cannot be is a `PointRefused`.
    text: the whole text of the changed file. Errors: StrategyInvalid where it cannot be written in place.
    within: the same points over a stretch of the same data, both ends in ns of UTC within `span_ns`. What lies before it is
    looked back on and never traded, what lies after it is not there; `days` are those of the stretch.
    """

    @property
    def data(self) -> str: ...
    @property
    def span_ns(self) -> tuple[int, int]: ...
    def written(self, pointer: str) -> str | None: ...
    def key(self, changes: Changes, also: Sequence[str]) -> str: ...
    def results(self, points: Sequence[Changes], told: Callable[[PointResult], T]) -> Iterator[tuple[int, T]]: ...
    def text(self, changes: Changes) -> str: ...
    def within(self, from_ns: int, until_ns: int) -> Points: ...


@dataclass(frozen=True, slots=True)
class Where:
    """What carries points out: `cores` of this machine, all where None; or the Dask cluster at an address."""

    cores: int | None = None
    cluster: str | None = None


class KeptPoints(Protocol):
    """What was found out of points, by key, in a store that outlives the process.

    found: of these keys those that are there. keep: durable when it returns; a key that is there already stays as it is.
    Errors: `LedgerUnusable`.
    """

    def found(self, keys: Sequence[str]) -> dict[str, str]: ...
    def keep(self, told: dict[str, str]) -> None: ...
