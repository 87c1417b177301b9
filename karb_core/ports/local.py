"""Venues on this machine: what a run asks of them, and how a component is pointed at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from karb_core.domain.instrument import Instrument
from karb_core.ports.clock import Clock
from karb_core.rules.params import Params


@dataclass(frozen=True, slots=True)
class LocalAccount:
    """An account that a file names. `name`: as its component says it (`OpensAccount.account`); `leverage`: what the file
    states of it, None where it states none.
    """

    name: str
    venues: frozenset[str]
    leverage: int | None


@dataclass(frozen=True, slots=True)
class LabWanted:
    """What files trade, and with what. `opening`: by venue and asset, what an account opens with; `bars_ns`: the shortest
    bars that are judged, None where none are.
    """

    instruments: tuple[Instrument, ...]
    accounts: tuple[LocalAccount, ...]
    opening: Mapping[str, Mapping[str, Decimal]]
    bars_ns: int | None


@dataclass(frozen=True, slots=True)
class LocalVenues:
    """`id`: which lab, for an account of one is not the account of another. `addresses`: by venue, each of this machine
    (`http://127.0.0.1:8101`). `keys`: by account, as a secret's value is written; they open nothing anywhere else.
    """

    id: str
    control: str
    addresses: Mapping[str, str]
    keys: Mapping[str, str]


class Lab(Protocol):
    """Entry point `lab` in group `karb.labs`: an object with these.

    started: venues for these files while the block lasts, on a thread of their own; `clock` is called there. reached:
    those that run already, by their control address. Errors of both: UsageMistake for what cannot be traded there, and
    for an address that is not of this machine or where no lab answers; PluginUnusable where an extra is missing.
    """

    def started(self, wanted: LabWanted, clock: Callable[[], Clock]) -> AbstractContextManager[LocalVenues]: ...
    def reached(self, wanted: LabWanted, control: str) -> LocalVenues: ...


@runtime_checkable
class ReachesLocal(Protocol):
    """A component class that can be pointed at venues of this machine.

    at_local: its parameters with every address that it reaches one of these, by venue. Nothing else is changed.
    Errors: KeyError for a venue that is not among them.
    """

    @classmethod
    def at_local(cls, params: Any, addresses: Mapping[str, str]) -> Params: ...
