"""What components say of themselves before anything runs, and what a review may look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Protocol

from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.ports.component import Mode
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.params import Params
from karb_core.rules.shape import Path
from karb_core.texts.text import Said

Side = Literal["long_premium", "short_premium"]


@dataclass(frozen=True, slots=True)
class TierFacts:
    """A tier of a signal as a file states it. `target`: the profit at which its lots are left, None for none. `leaves`:
    whether the signal leaves them by a line of its own, beside the exit policy. `side`: the only one it is entered on; None
    for either."""

    target: Decimal | None
    path: Path
    leaves: bool = False
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """What a signal says it may propose, by its parameters alone.

    sides: which side each of its directions takes, with the path of the line that says so;
    tiers: by name, in the owner's order; a signal without tiers has one, named "";
    demands_funding: it enters only while the future's funding is above zero.
    """

    sides: Mapping[Side, Path]
    tiers: Mapping[str, TierFacts]
    exit: ExitPolicy
    min_premium: Decimal | None = None
    min_premium_path: Path = ()
    demands_funding: bool = False


@dataclass(frozen=True, slots=True)
class SizeFacts:
    """How large one entry of a tier is, as a ratio of its base; `largest` is that of its largest single order."""

    size: Decimal
    of: Literal["capital", "pair_share"]
    counts: Literal["near_leg", "both_legs"]
    path: Path
    over_share: bool = False


@dataclass(frozen=True, slots=True)
class PairView:
    near: Instrument
    far: Instrument
    share: Decimal


@dataclass(frozen=True, slots=True)
class SeatView:
    port: str
    use: str
    component: type[Any]
    params: Params
    path: Path
    at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileView:
    """What a component's `review` may look at: the file as a whole, read, not yet running.

    `signal` and `sizes` are None or empty where the file's components do not say.
    """

    mode: Mode
    capital: Amount
    reserve: Decimal
    pairs: Mapping[str, PairView]
    costs: Mapping[str, Decimal]
    seats: tuple[SeatView, ...]
    signal: SignalFacts | None
    sizes: Mapping[str, SizeFacts]


@dataclass(frozen=True, slots=True)
class Concern:
    """Something wrong that only a look at the whole file can find.

    `path` is inside the component's own parameters; `code` has a page (`karb explain`); a warning lets the file run.
    """

    path: Path
    said: Said
    help: Said | None = None
    code: str = "K490"
    warning: bool = False


class Reviewing(Protocol):
    """review: what only a look at the whole file can find."""

    @classmethod
    def review(cls, params: Any, file: FileView) -> Iterable[Concern]: ...


class StatingSizes(Protocol):
    """A sizing that can say, before anything runs, how large the entry of each of the signal's tiers is; of a tier that
    is left out nobody knows. `file.sizes` is empty: it is what is asked for, and `file.signal` is there."""

    @classmethod
    def sizes(cls, params: Any, file: FileView) -> Mapping[str, SizeFacts]: ...
