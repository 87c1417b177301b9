"""What the legs of an intent need next: orders to place, questions to ask, or nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import Cited
from karb_core.domain.orders import Order, Side


@dataclass(frozen=True, slots=True)
class Place:
    leg: int
    side: Side
    amount: Decimal
    limit: Price
    step: int
    cited: Cited


@dataclass(frozen=True, slots=True)
class Find:
    """Asks what became of an order, and for the fills of it that are not listed yet."""

    order: Order


@dataclass(frozen=True, slots=True)
class Cancel:
    """A request and no more: what it did is found out by asking."""

    order: Order


class Phase(Enum):
    """working: ask again. done: nothing is left to do. stuck: a leg is open and the owner's ladder has ended."""

    WORKING = "working"
    DONE = "done"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Next:
    """again_ns: when to ask again at the latest, None where only an answer can change anything.

    dust: what is left uneven once all is done, signed, because no venue takes an order that small: named, never
    rounded up; the way out takes it along.
    """

    actions: tuple[Place | Find | Cancel, ...]
    phase: Phase
    again_ns: int | None = None
    cited: Cited | None = None
    dust: tuple[Amount, ...] = ()
