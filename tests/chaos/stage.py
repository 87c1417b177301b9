"""One venue's wire in virtual time, furnished as a test asks for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Cited
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Order, Side
from karb_core.venue.request_window import RequestWindow
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from tests.chaos.faults import Fault, Faults, Spell, Verb
from tests.chaos.market import Market, Scene
from tests.chaos.places import FAR, NEAR, START, accounts, listings
from tests.chaos.truth import Truth
from tests.chaos.wire import Travel, Wire
from tests.venue.accounts import order

T = TypeVar("T")

SECOND = 1_000_000_000
WINDOW = RequestWindow(window_ns=5 * SECOND, ahead_ns=SECOND)
RULE = Cited("execution.first", "test.yaml", 1, "together")
#: Every way takes 100 ms, so that a test can tell the time.
EVEN = Travel(order=(SECOND // 10, SECOND // 10), answer=(SECOND // 10, SECOND // 10))
#: Far beyond any price of an episode, so that all of a small order trades.
BOUGHT_AT, SOLD_AT = {NEAR: "150000000", FAR: "99000"}, {NEAR: "50000000", FAR: "30000"}

Body = Callable[[Truth, Wire, VirtualClock], Awaitable[T]]


def truth(seed: int = 1, *scenes: Scene) -> Truth:
    return Truth(Market(seed, START, listings(), scenes), accounts(krw="900000000"), WINDOW, START)


def wired(
    body: Body[T],
    *,
    script: Mapping[Verb, Sequence[Fault | None]] | None = None,
    spells: Iterable[Spell] = (),
    venue: str = NEAR.venue,
    travel: Travel = EVEN,
    off_by_ns: int = 0,
    seed: int = 1,
) -> T:
    """What the body gives back, after it was alone with a fresh truth, its wire and its clock."""

    async def furnished() -> T:
        clock, at_venues = VirtualClock(off_by_ns), truth(seed)
        wire = Wire(at_venues, venue, clock, Faults(seed, script=script, spells=spells), travel)
        return await body(at_venues, wire, clock)

    return run(furnished(), START)


def approved(
    amount: str | Decimal = "0.1",
    side: Side = Side.BUY,
    instrument: Instrument = NEAR,
    *,
    id: str = "",  # noqa: A002
) -> Approved[Order]:
    limit = (BOUGHT_AT if side is Side.BUY else SOLD_AT)[instrument]
    return Approved.by_rule(order(instrument, side, amount, limit, id=id), RULE)
