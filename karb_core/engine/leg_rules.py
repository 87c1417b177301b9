"""The owner's rules for carrying out legs: bands, the ladder, and how long one leg may stand alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from karb_core.domain.decisions import Cited


class Rung(Enum):
    """retry: the leg that lacks is tried again. unwind: the leg that leads is traded back. halt: a person is called."""

    RETRY = "retry"
    UNWIND = "unwind"
    HALT = "halt"


@dataclass(frozen=True, slots=True)
class LadderRung:
    """One step: its band from the plan's price, and for how long it is tried. A halt has neither.

    if_cheaper: a retry that is taken only while it costs no more than trading back would.
    """

    rung: Rung
    band: Decimal
    for_ns: int
    cited: Cited
    if_cheaper: bool = False


@dataclass(frozen=True, slots=True)
class LegRules:
    """first: the leg that is sent before the others, None for all together. Times in nanoseconds."""

    first: int | None
    band: Decimal
    unhedged_ns: int
    ladder: tuple[LadderRung, ...]
    ask_ns: int
    band_cited: Cited
    unknown_cited: Cited
