"""What happened at the venues that nobody at this desk ordered: settlements, forced closes, and other hands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Fill
from karb_core.engine.carried import Carried
from karb_core.engine.desk import Desk
from karb_core.ports import Executor, MarketView, Moment
from karb_core.venue.forced import Forced

_CLOCKS_APART_NS = 60_000_000_000  # karb: constant because it only widens what is asked for, never what is booked
_TOLD_LATE_NS = (
    86_400_000_000_000  # karb: constant because it only widens what is asked for: a settlement may come late
)


def _unheard(_: tuple[Carried, ...] | Fill) -> None:
    """Nobody listens."""


@dataclass(slots=True)
class CatchingUp:
    """Asks each account once in a while. `since_ns`: by venue, up to when all fills are known; `stranger` hears of each
    trade by other hands once, `came` of what was done about a forced close.

    What was looked at is remembered for as long as it can be listed again; what is older than asked for is passed over.

    A stranger's trade in a perpetual, and an order of our form with another mark, stop entries: a position that is not
    ours alone cannot be told from ours. What the owner does with coins, and with what no pair trades, is the owner's,
    and only told. Edge: where such trades go on, the first one in an instrument is the reason until somebody resumes; an
    order with another mark is a reason of its own.
    """

    desk: Desk
    executors: Mapping[str, Executor]
    since_ns: dict[str, int]
    came: Callable[[tuple[Carried, ...]], None] = _unheard
    stranger: Callable[[Fill], None] = _unheard
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)
    _stopped_for: dict[tuple[Instrument, str], str] = field(init=False, default_factory=dict)
    _began_ns: Mapping[str, int] = field(init=False)
    _paid_ns: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._began_ns, self._paid_ns = dict(self.since_ns), dict(self.since_ns)

    async def look(self, now: Callable[[], tuple[tuple[Moment, ...], MarketView]]) -> None:
        """Books settlements and forced closes. `now` gives the moments of all pairs, asked when one is needed.

        Edge: a venue that does not answer is asked again the next time, from where it answered last.
        """
        for venue, executor in self.executors.items():
            paid, since = self._income_from(venue), self._fills_from(venue)
            try:
                incomes = [i for i in await executor.income_since(paid) if i.venue_at_ns >= paid]
                fills = [f for f in await executor.fills_since(since) if f.venue_at_ns >= since]
            except Exception:  # noqa: BLE001 - nothing is known now, and nothing is assumed
                continue
            for income in incomes:
                self.desk.settle(income)
            taken = [await self._take(fill, now) for fill in fills]
            if all(taken):
                self.since_ns[venue] = max([self.since_ns[venue], *(f.venue_at_ns for f in fills)])
                self._paid_ns[venue] = max([self._paid_ns[venue], *(i.venue_at_ns for i in incomes)])
            for key in [k for k, at_ns in self._seen.items() if k[0] == venue and at_ns < self._fills_from(venue)]:
                del self._seen[key]
            await self.desk.compare(venue)

    def listed_ns(self) -> dict[str, int]:
        """By venue, from when on it is asked: what it booked before is not listed again."""
        return {venue: min(self._income_from(venue), self._fills_from(venue)) for venue in self.executors}

    def _income_from(self, venue: str) -> int:
        known = max(self.since_ns[venue], self._paid_ns[venue])
        return max(self._began_ns[venue], known - _TOLD_LATE_NS)

    def _fills_from(self, venue: str) -> int:
        return self.since_ns[venue] - _CLOCKS_APART_NS

    async def _take(self, fill: Fill, now: Callable[[], tuple[tuple[Moment, ...], MarketView]]) -> bool:
        """False for what cannot be booked yet: it is for the next look."""
        key = (fill.instrument.venue, fill.venue_trade_id)
        ours = OrderId.read(fill.order_id)
        if key in self._seen or (ours is not None and ours.mark == self.desk.driver.mark):
            return True
        if Forced.read(fill.order_id) is not None:
            moments, view = now()
            touched = _of(fill, moments)
            if any(self.desk.hold(moment.pair) for moment in touched):
                return False  # its own fills are not all booked yet: whose the closed part was is not known before
            self._seen[key] = fill.venue_at_ns
            self.came(await self.desk.forced(fill, touched, view))
            return True
        self._seen[key] = fill.venue_at_ns
        self.stranger(fill)
        stated = self.desk.driver.facts.get(fill.instrument)
        if ours is not None or (stated is not None and stated.margin_asset is not None):
            self._stop_for(fill, "" if ours is None else ours.mark)
        return True

    def _stop_for(self, fill: Fill, mark: str) -> None:
        whose = fill.instrument, mark
        if self._stopped_for.get(whose) in self.desk.halts.latched:
            return
        self._stopped_for[whose] = f"a trade by other hands: {fill.instrument.text()} {fill.order_id}"
        self.desk.halts.latch(Halt.NO_ENTRIES, self._stopped_for[whose], "desk", fill.venue_at_ns)


def _of(fill: Fill, moments: Sequence[Moment]) -> tuple[Moment, ...]:
    return tuple(moment for moment in moments if fill.instrument in moment.legs)
