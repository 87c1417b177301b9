"""The signal port: judges a moment and proposes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from karb_core.domain.decisions import Proposal, Reminder
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FundingRate, FxRate, Top
from karb_core.domain.orders import Side
from karb_core.ports.foreseen import LeavingColumns
from karb_core.ports.view import Standing, Terms
from karb_core.rules.explained import Explained, Explanation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Features = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class BarRows:
    """A signal judged at the closes of bars. `lookback` is how many rows a row's features may depend on; `of` what the
    bars are made of: last trades, or the middles of books. Data of the other kind refuse the run.
    """

    length_ns: int
    lookback: int
    of: Literal["close", "mid"] = "close"


@dataclass(frozen=True, slots=True)
class GridRows:
    """A signal judged on a grid of tops: a row at each time since 1970 UTC that `length_ns` divides, made of the top of
    each leg that stands then. A leg whose top is older than `max_age_ns` is not in that row. `lookback` as in `BarRows`.
    """

    length_ns: int
    lookback: int
    max_age_ns: int


@dataclass(frozen=True, slots=True)
class PairSeries:
    """A pair's bars as columns, one row a bar of a gap-free grid, legs in the pair's order; or its tops on a grid.

    closed_at_ms: when each bar closed; closes: float64 price columns (exact by `history.prices`), 0 where absent;
    on a grid of tops the time of each row, and the middles of its tops. present: whether the leg has the bar;
    rate: the `premium` seat's rate known at each close, 0 where none was; rate_age_ms: its age then; money: the `money`
    seat's rate likewise, None where nobody gives it; facing: on a grid of tops, by leg, the column that an order of a side
    would meet, made when it is asked for, None over bars.
    """

    pair: str
    legs: tuple[Instrument, ...]
    closed_at_ms: Ints
    closes: tuple[Floats, ...]
    present: tuple[Mask, ...]
    rate: Floats | None
    rate_age_ms: Ints | None
    money: Floats | None = None
    facing: Callable[[int, Side], Floats] | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One row as values, with the prices at which we would trade.

    at_ns: the close that is judged; features: this row's, NaN where undefined; tops: by leg, in the pair's order.
    funding: of a signal that reads it (`ReadsFunding`), by leg what its venue announced last, over data the last that was
    settled; empty for others.
    """

    pair: str
    at_ns: int
    features: Mapping[str, float | int]
    legs: tuple[Instrument, ...]
    tops: tuple[Top, ...]
    rates: Mapping[str, FxRate]
    funding: Mapping[Instrument, FundingRate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a signal would like at one moment. `rearmed` names the rule by which spent tiers may fire again.

    `reminders`: what a rule says to tell the owner, of lots of which they were not yet told.
    """

    proposals: tuple[Proposal, ...] = ()
    rearmed: str | None = None
    reminders: tuple[Reminder, ...] = ()


class Signal(Protocol):
    """Pure: no clock, no I/O, no state between calls; the same inputs give the same judgement.

    features: row i depends only on rows up to i within the lookback, and not on where the series began.
    judge: sees one row. An exit and an entry of one pair are never proposed at the same moment.
    wakes: rows at which `judge` could do anything but nothing, given where the pair stands; may be too generous by
    1e-9 relative or more, never too narrow. Each row is answered for itself, so a slice of the features gives the
    slice of the mask. It holds for tops made of the closes, moved against us or not at all, for tops of which the closes
    are the middles, and as long as the standing is this one: whoever uses it asks again after every fill, every entry that fired, every re-arming,
    every reminder and every settlement booked to an open lot (funding moves what a target needs).
    """

    def rows(self) -> BarRows | GridRows: ...
    def features(self, series: PairSeries) -> Features: ...
    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement: ...
    def wakes(self, features: Features, standing: Standing, terms: Terms) -> Mask: ...


@runtime_checkable
class ReadsFunding(Protocol):
    """A signal whose judgement may depend on funding: whether it does, by its parameters."""

    def reads_funding(self) -> bool: ...


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """What a signal surely proposes, row by row, the other way round than `wakes`: too few rows are harmless, one too many
    is not.

    entries: by proposal, rows at which it proposes one entry of that tier and side, by the same rules, and nothing else;
    leaves: by lot, in the order of the standing, rows at which it proposes to leave it, always by the same rules; certain:
    rows at which that is so of every lot, and nothing but ways out is proposed.
    """

    entries: tuple[Mask, ...]
    leaves: Mapping[str, Mask]
    certain: Mask


@runtime_checkable
class Repeating(Protocol):
    """A signal that can also say where it proposes again what it proposed. Asked by runs over data only.

    Nothing else may be proposed at such a row: no re-arming, no reminder. Each row is answered for itself, and it holds as
    `wakes` does, but for tops: `at` has by lot the sides at which it would be left; empty where only entries are asked for.
    """

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement: ...
    def repeats(
        self,
        features: Features,
        standing: Standing,
        terms: Terms,
        entries: Sequence[Proposal],
        at: Mapping[str, LeavingColumns],
    ) -> Repeated: ...


@runtime_checkable
class Sharing(Protocol):
    """A signal that can also say what its features are made from: two of one class that say the same make the same
    features of one series, bit for bit. Asked by runs of many sets of rules over the same data.
    """

    def features(self, series: PairSeries) -> Features: ...
    def features_from(self) -> Hashable: ...


@runtime_checkable
class Explaining(Protocol):
    """A signal that can also say how far it was from acting. Pure; asked after the fact, by `karb why`, never to trade.

    Each bound of `judge` stands by itself, met or not, under the parameter that states it.
    """

    def explain(self, moment: Moment, standing: Standing, terms: Terms) -> Explanation: ...


__all__ = [
    "BarRows",
    "Explained",
    "Explaining",
    "Explanation",
    "GridRows",
    "Judgement",
    "Moment",
    "PairSeries",
    "ReadsFunding",
    "Repeated",
    "Repeating",
    "Sharing",
    "Signal",
]
