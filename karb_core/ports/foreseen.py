"""What components may say of many moments at once, so that a run over data need not ask them at each: of ways out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from karb_core.domain.lots import Lot
from karb_core.ports.view import Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class LeavingColumns:
    """At what one lot could be left, row by row.

    prices: by leg, the side we would trade, as `sim` moves it; ages_ms: how old each of them is, None where they are of
    bars that closed at that very moment; premium, money: the seats' rates, so many of near's quote
    for one of far's, 1 where both have one quote, 0 where none was known. Floats: whoever decides by them keeps clear of
    every bound.
    """

    prices: tuple[Floats, ...]
    premium: Floats
    money: Floats
    ages_ms: tuple[Ints, ...] | None = None


@runtime_checkable
class Foreseeing(Protocol):
    """A gate that can also say what it surely answers to a way out of one lot, asked for alone. In doubt neither: too few
    rows are harmless, one too many is not.
    """

    def foresees(self, lot: Lot, at: LeavingColumns, terms: Terms) -> tuple[Mask, Mask]:
        """Rows at which it surely denies, as a whole (by `use`); rows at which it surely passes."""
        ...
