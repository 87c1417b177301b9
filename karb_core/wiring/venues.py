"""The venues of one strategy: what stands in the executors' place, or they themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from karb_core.domain.halt import Halt
from karb_core.domain.market import MarketEvent
from karb_core.ledger.ledger import Ledger
from karb_core.ports import Executor
from karb_core.rulebook.rulebook import Rulebook
from karb_core.wiring.house import WakingClock
from karb_core.wiring.opening import Opening


def _as_they_do(_: int) -> None:
    """Real venues list what they list."""


def _passes(_: MarketEvent) -> None:
    """Real venues have a market of their own."""


async def _nothing() -> Mapping[str, Halt]:
    return {}


@dataclass(frozen=True, slots=True)
class Venues:
    """`executors` by venue; `take`: what an event of the market does to them; `forget`: what they booked before that
    time they list no more; `objects`: why nothing may be entered there as things are, asked at the start and again and
    again.
    """

    executors: Mapping[str, Executor]
    take: Callable[[MarketEvent], None] = _passes
    forget: Callable[[int], None] = _as_they_do
    objects: Callable[[], Awaitable[Mapping[str, Halt]]] = _nothing


#: A rulebook, its account, what that opens with, the ledger and the clock, to venues as the ledger left them.
OpensVenues = Callable[[Rulebook, str, Opening, Ledger, WakingClock], Awaitable[Venues]]
