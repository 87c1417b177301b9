"""Which halts are still true, whoever would like to go on."""

from __future__ import annotations

from collections.abc import Mapping, Set
from itertools import chain

from karb_core.domain.halt import Halt
from karb_core.domain.lots import Lot
from karb_core.engine.carrier import LADDER


def still_true(latched: Mapping[str, Halt], open_lots: tuple[Lot, ...], owed: Set[str]) -> dict[str, Halt]:
    """A flatten stays until nothing is open; what a venue forced (`owed`, by pair) until it is brought back."""
    flatten = ((why, Halt.FLATTEN) for why, strength in latched.items() if strength is Halt.FLATTEN and open_lots)
    forced = LADDER in latched and any(lot.pair in owed for lot in open_lots)
    return dict(chain(((LADDER, Halt.NO_ENTRIES),) if forced else (), flatten))
