"""What components may say so that a lot's way through the data is found in columns, without a desk: asked by sweeps only.

Whoever says nothing of it, or not sure enough, is carried out by the desk: it takes longer and comes to the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from karb_core.ports.view import PairTerms, Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from karb_core.ports.signal import Features

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Entering:
    """One kind of entry that a signal proposes: by which tier, on which side, with which target."""

    tier: str | None
    side: str
    target: Decimal | None


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """kinds: what may be entered; rows: at which of them something is proposed, in order; which: of the kinds, at each."""

    kinds: tuple[Entering, ...]
    rows: Ints
    which: Ints


@dataclass(frozen=True, slots=True)
class Held:
    """The one lot of its pair: how it was entered, at which premium by its fills, and when. Nothing was settled to it."""

    kind: Entering
    entered_at: Decimal
    opened_at_ns: int


#: The first row from one on at which a lot's exit is proposed; None where there is none.
Leaves = Callable[[Held, int], int | None]


@runtime_checkable
class Straight(Protocol):
    """A signal that can say what it does with one lot of a pair at a time, exactly as `judge` would: for tops that are
    the closes themselves.

    enters: where nothing of the pair is open; None where `judge` may propose a second lot beside one, or depends on
    anything but the row.
    leaves: once for all lots of a pair, how each is left; only rows `judged` count.
    """

    def enters(self, features: Features, pair: PairTerms, terms: Terms) -> Entries | None: ...
    def leaves(self, features: Features, judged: Mask, pair: PairTerms, terms: Terms) -> Leaves: ...


@runtime_checkable
class Lone(Protocol):
    """A sizing that can say whether the size of an entry depends on nothing but the proposal, the moment and the terms,
    as long as nothing of its pair is open; whatever other pairs hold."""

    def alone(self, tier: str | None) -> bool: ...
