"""The exit policy carried out: one function for every signal, so that `exit:` means one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import isnan

from karb_core.domain import exact
from karb_core.domain.decisions import Seen, SeenValue, seen, statistic
from karb_core.domain.lots import Lot
from karb_core.domain.premium import Net
from karb_core.rules.exit_policy import ExitPolicy, MaxHolding
from karb_core.rules.leaving import Leaving


@dataclass(frozen=True, slots=True)
class ExitDue:
    """Why a lot is left, or told of: the signal's parameters that say so (`exit.stop_loss`), and what they were judged by."""

    rules: tuple[str, ...]
    seen: Seen


def exit_due(
    policy: ExitPolicy, leaving: Leaving, *, z: float, at_ns: int, target_rule: str, own: tuple[str, ...] = ()
) -> ExitDue | None:
    """Whether the policy leaves this lot now, and by which of its lines; all that hold are named.

    target_rule: the signal's parameter that set this lot's target (`tiers.normal.take_profit`); own: lines of the signal's
    own by which it is left too, each of which is enough.
    Edge: every bound is inclusive: net at the target, at minus the stop, |z| at exit_z, age at the longest holding.
    An undefined z never satisfies exit_z, and a net that cannot be computed neither target nor stop.
    `exit_when: all` asks for those of target and exit_z that are not `none`, `any` for one of them.
    """
    net = leaving.net(policy.profit_by, fees=policy.profit == "net", funding=policy.funding == "counted")
    rules = (
        *own,
        *_stopped(policy, net),
        *_back(policy, leaving.lot, net, z, target_rule),
        *_held_too_long(policy, leaving.lot, at_ns),
    )
    if not rules:
        return None
    return ExitDue(tuple(dict.fromkeys(rules)), _seen(leaving, net, z, at_ns))


def reminder_due(policy: ExitPolicy, leaving: Leaving, *, z: float, at_ns: int) -> ExitDue | None:
    """Whether the owner wrote to be told of this lot by now, by which lines, and what it would bring.

    Edge: the bound is inclusive; it is true from then on, and whoever asks tells it once.
    """
    holding = policy.max_holding
    if holding is None or holding.then != "tell" or not overdue(holding, leaving.lot, at_ns):
        return None
    net = leaving.net(policy.profit_by, fees=policy.profit == "net", funding=policy.funding == "counted")
    return ExitDue(_HELD_TOO_LONG, _seen(leaving, net, z, at_ns))


def overdue(holding: MaxHolding | None, lot: Lot, at_ns: int) -> bool:
    """Whether a lot is as old as the policy's longest holding, or older, whatever is to happen then."""
    return holding is not None and at_ns - lot.opened_at_ns >= nanoseconds(holding.for_)


def nanoseconds(length: timedelta) -> int:
    """A duration of the owner's, exactly: what is written has whole microseconds."""
    return length // timedelta(microseconds=1) * 1000


def _stopped(policy: ExitPolicy, net: Net | None) -> Iterator[str]:
    if policy.stop_loss is not None and net is not None and not net.exceeds(exact.negate(policy.stop_loss)):
        yield "exit.stop_loss"
        yield from _MEASURED


def _back(policy: ExitPolicy, lot: Lot, net: Net | None, z: float, target_rule: str) -> Iterator[str]:
    """Target and exit_z, as exit_when joins them."""
    asked: dict[str, bool] = {}
    if lot.target is not None:
        asked[target_rule] = net is not None and net.reaches(lot.target)
    if policy.exit_z is not None:
        asked["exit.exit_z"] = not isnan(z) and Decimal.from_float(abs(z)) <= policy.exit_z
    joined = all if policy.exit_when == "all" else any
    if not asked or not joined(asked.values()):
        return
    yield from (rule for rule, holds in asked.items() if holds)
    if asked.get(target_rule):
        yield from _MEASURED
    if len(asked) > 1:
        yield "exit.exit_when"


def _held_too_long(policy: ExitPolicy, lot: Lot, at_ns: int) -> Iterator[str]:
    holding = policy.max_holding
    if holding is not None and holding.then == "exit" and overdue(holding, lot, at_ns):
        yield from _HELD_TOO_LONG


_HELD_TOO_LONG = ("exit.max_holding.for", "exit.max_holding.then")

#: The lines that say what profit is.
_MEASURED = ("exit.profit_by", "exit.profit", "exit.funding")


def _seen(leaving: Leaving, net: Net | None, z: float, at_ns: int) -> Seen:
    """Unit: net and premiums to 1e-8; ages and the holding in nanoseconds."""
    values: dict[str, SeenValue] = {
        "entry_premium": leaving.entered_at(),
        "exit_premium": leaving.left_at(),
        "net": net.points() if net is not None else None,
        "z": None if isnan(z) else statistic(z),
        "held_ns": at_ns - leaving.lot.opened_at_ns,
    }
    for seat, rate in leaving.rates.items():
        values[f"{seat}_rate"] = rate.rate
        values[f"{seat}_rate_age_ns"] = at_ns - rate.venue_at_ns
    return seen(values)
