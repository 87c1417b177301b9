"""How far the exit policy was from leaving one lot: the bounds of `exit_due`, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import isnan

from karb_core.domain import exact
from karb_core.domain.decisions import statistic
from karb_core.domain.premium import Net
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.exits import nanoseconds, overdue
from karb_core.rules.explained import Explained
from karb_core.rules.leaving import Leaving

_SECOND = 1_000_000_000  # karb: constant because a second has so many nanoseconds


def exit_bounds(policy: ExitPolicy, leaving: Leaving, *, z: float, at_ns: int, target_rule: str) -> Iterator[Explained]:
    """Only what the owner wrote; `exit_when` says how target and exit_z join.

    Unit: net to 1e-8, as it is told, while `met` is exact; held in whole seconds.
    """
    lot = leaving.lot
    net = leaving.net(policy.profit_by, fees=policy.profit == "net", funding=policy.funding == "counted")
    told = net.points() if net is not None else None
    if lot.target is not None:
        met = net is not None and net.reaches(lot.target)
        yield Explained(target_rule, "net", told, ">=", lot.target, met, lot.id)
    if policy.exit_z is not None:
        far_out = None if isnan(z) else Decimal.from_float(abs(z))
        seen = None if isnan(z) else statistic(abs(z))
        met = far_out is not None and far_out <= policy.exit_z
        yield Explained("exit.exit_z", "|z|", seen, "<=", policy.exit_z, met, lot.id)
    if policy.stop_loss is not None:
        stop = exact.negate(policy.stop_loss)
        yield Explained("exit.stop_loss", "net", told, "<=", stop, _stopped(net, stop), lot.id)
    holding = policy.max_holding
    if holding is not None:
        held = Decimal((at_ns - lot.opened_at_ns) // _SECOND)
        longest = Decimal(nanoseconds(holding.for_) // _SECOND)
        yield Explained("exit.max_holding.for", "held_s", held, ">=", longest, overdue(holding, lot, at_ns), lot.id)


def _stopped(net: Net | None, stop: Decimal) -> bool:
    return net is not None and not net.exceeds(stop)
