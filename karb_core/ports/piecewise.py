"""A strategy over one dataset, to be carried out again over as much of the data as somebody asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from karb_core.domain.decisions import Decision
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Top
from karb_core.domain.orders import Fill

if TYPE_CHECKING:
    from karb_core.history.known import Known
    from karb_core.ports.signal import Features, Ints, Mask


@dataclass(frozen=True, slots=True)
class Piece:
    """How much of the data is there. Times in ns of UTC; None leaves all of it.

    What is judged by: since_ns: no bar that opened earlier (of rates and tops the last one before stays); until_ns: no bar
    that closed and no top that was told later, and the run ends there; published_ns: no rate that was published later, whatever time it is
    of; other_from_ns: bars have other prices from then on.
    judged_from_ns: nothing is judged, and so nothing traded, before.
    What simulated venues trade against is whole, but from `traded_other_ns` on it has other prices: of a bar that opens at
    exactly that time also the open if `opens_too`, of one that spans it only what comes later.
    """

    since_ns: int | None = None
    until_ns: int | None = None
    published_ns: int | None = None
    other_from_ns: int | None = None
    judged_from_ns: int | None = None
    traded_other_ns: int | None = None
    opens_too: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PairSeen:
    """What a pair is judged by, a row a bar. features: of a signal that was built anew; whole: rows in which every leg has
    a bar: only these are judged; booked: by seat of rates, the one that is booked at if something fills at that close, and how
    old it is then.
    """

    closed_at_ms: Ints
    whole: Mask
    features: Features
    booked: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class FilledOrder:
    """A trade of an order of ours, and when that was placed."""

    placed_at_ns: int
    fill: Fill


@dataclass(frozen=True, slots=True)
class Course:
    """What a run decided and what filled, each in its order."""

    decisions: tuple[Decision, ...]
    fills: tuple[FilledOrder, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RecordedRate:
    """A rate as the dataset has it. place: where the dataset file speaks of it; published_ms: when each value became
    known; booked_before_ns: how much earlier than that fills are booked at it, below zero for later."""

    name: str
    place: str
    published_ms: Ints
    booked_before_ns: int


@dataclass(frozen=True, slots=True)
class RecordedInstrument:
    """Of one instrument, within the stretch that was asked for: when its first bar opened and its last one closed (of
    tops, when the first and the last were told); since
    when its facts are in force, None where they are stated for all time; whether it pays funding and was recorded with
    none."""

    opened_ns: int
    closed_ns: int
    facts_from_ns: int | None
    funding_missing: bool


class Piecewise(Protocol):
    """Every question is answered by components that are built anew, and by runs that are kept nowhere.

    span_ns: the stretch that all instruments have, whole rows; row_ns, lookback: as the signal says; on_tops: judged on
    a grid of tops, where an order trades at what stands when it arrives. rates: by seat; empty
    where no pair needs one. seen: by pair. tops: by pair, what we would trade at for the
    row that closes at that time; with `cut` the venues know nothing that came later, not even that a bar opens then; pairs
    without a whole row then are left out. decide: carries it out. Errors: KarbErrors, each in one sentence.
    """

    @property
    def span_ns(self) -> tuple[int, int]: ...
    @property
    def row_ns(self) -> int: ...
    @property
    def lookback(self) -> int: ...
    @property
    def data(self) -> str: ...
    @property
    def synthetic(self) -> bool: ...
    @property
    def on_tops(self) -> bool: ...
    @property
    def rates(self) -> Mapping[str, RecordedRate]: ...
    @property
    def instruments(self) -> Mapping[Instrument, RecordedInstrument]: ...
    def seen(self, piece: Piece) -> Mapping[str, PairSeen]: ...
    def tops(self, at_ns: int, *, cut: bool) -> Mapping[str, tuple[Top, ...]]: ...
    def decide(self, piece: Piece) -> Course: ...
