"""What gates that watch want stopped: each under the line that says so."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.domain.halt import Halt
from karb_core.engine.halt_latch import HaltLatch
from karb_core.engine.strategy import GateSeat, Strategy
from karb_core.ports import AccountView, Demand, MarketView, Watching

_SHOWN = 200  # karb: constant because it cuts a shown text


def watch(strategy: Strategy, view: MarketView, account: AccountView, halts: HaltLatch, at_ns: int) -> None:
    """Stops for whatever a gate demands. What one line stopped for already, at that strength or a greater one, it does not
    stop for again until somebody resumed.
    """
    for seat, demand in _demands(strategy, view, account):
        line = seat.cite(demand.rule).rule
        standing = [strength for reason, strength in halts.latched.items() if reason.startswith(f"{line}: ")]
        if max(standing, default=Halt.NONE) < demand.strength:
            halts.latch(demand.strength, f"{line}: {demand.observed}; allowed: {demand.limit}", seat.name, at_ns)


def _demands(strategy: Strategy, view: MarketView, account: AccountView) -> Iterator[tuple[GateSeat, Demand]]:
    for seat in strategy.gates:
        if isinstance(seat.gate, Watching) and seat.gate.watches():
            demand = _asked(seat.gate, view, account)
            if demand is not None:
                yield seat, demand


def _asked(gate: Watching, view: MarketView, account: AccountView) -> Demand | None:
    try:
        demand = gate.watch(view, account)
        if demand is not None and not isinstance(demand, Demand):
            raise TypeError(f"{demand!r} is no demand")
    except Exception as e:  # noqa: BLE001 - whatever a gate raises, it could not see, so nothing is entered
        return Demand(Halt.NO_ENTRIES, "use", f"{type(e).__name__}: {e}"[:_SHOWN], "a gate that can compute")
    return demand
