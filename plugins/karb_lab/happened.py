"""What happens at a local venue: told to whoever listens at the moment it happened, before anything else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import Income
from karb_lab.account import Account, Ticket, Trade
from karb_lab.tape import Print


@dataclass(frozen=True, slots=True)
class BookChanged:
    """`told`: False for a change that the venue's streams are made to miss."""

    instrument: Instrument
    told: bool


@dataclass(frozen=True, slots=True)
class Printed:
    instrument: Instrument
    print: Print


@dataclass(frozen=True, slots=True)
class Marked:
    instrument: Instrument


class Step(Enum):
    """How far an order came."""

    ACCEPTED = "accepted"
    TRADED = "traded"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """`trade`: of `TRADED`, None otherwise."""

    account: Account
    ticket: Ticket
    step: Step
    trade: Trade | None = None


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """`assets`: whose balance is another one now. `income`: the settlement that did it, None where an order did."""

    account: Account
    assets: frozenset[str]
    instrument: Instrument | None
    income: Income | None = None


Happened = BookChanged | Printed | Marked | OrderChanged | AccountChanged
Listener = Callable[[Happened], None]
