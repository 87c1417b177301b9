"""A file's run at venues of this machine: what it asks of them, and its components pointed at them and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.errors import StrategyInvalid
from karb_core.ports import GridRows, LabWanted, LocalAccount, OpensAccount, ReachesLocal
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.stock import Worth
from karb_core.texts.text import Text
from karb_core.wiring.asking_feeds import traded
from karb_core.wiring.strategy_of import built

#: The sections whose components reach venues.
_REACHING = ("feeds", "fx_source", "executors")


def lab_wanted(rulebooks: Sequence[Rulebook]) -> LabWanted:
    """What a lab is to open for these files: as they say their accounts open outside live.

    Edge: several files open one account with the most that any of them says. Errors: PluginUnusable for a component
    that cannot be constructed.
    """
    accounts: dict[str, LocalAccount] = {}
    opening: dict[str, dict[str, Decimal]] = {}
    lengths = [length_ns for rulebook in rulebooks if (length_ns := _bars_ns(rulebook)) is not None]
    for rulebook in rulebooks:
        accounts |= {account.name: account for account in map(_account, rulebook.seats_of("executors")) if account}
        for venue, assets in _opening(rulebook).items():
            held = opening.setdefault(venue, {})
            held |= {asset: max(value, held.get(asset, value)) for asset, value in assets.items()}
    instruments = tuple(dict.fromkeys(i for rulebook in rulebooks for i in traded(rulebook)))
    return LabWanted(instruments, tuple(accounts.values()), opening, min(lengths, default=None))


def localised(rulebook: Rulebook, addresses: Mapping[str, str]) -> Rulebook:
    """The same rules with every feed, rate and account at these venues; digests and lines stay what was written.

    Errors: StrategyInvalid for a component that cannot be pointed at them: it would ask the real ones.
    """
    return replace(rulebook, seats=tuple(_localised(seat, addresses) for seat in rulebook.seats))


def _localised(seat: Seat, addresses: Mapping[str, str]) -> Seat:
    if seat.path[0] not in _REACHING:
        return seat
    component = seat.offer.component
    if not isinstance(component, ReachesLocal):
        raise StrategyInvalid(Text("lab.cannot", {"use": seat.use}), Text("lab.cannot.help", {"use": seat.use}))
    try:
        inner = tuple(_localised(each, addresses) for each in seat.inner)
        return replace(seat, params=component.at_local(seat.params, addresses), inner=inner)
    except KeyError as e:
        args = {"use": seat.use, "venue": str(e.args[0]), "venues": ", ".join(sorted(addresses))}
        raise StrategyInvalid(Text("lab.no_venue", args)) from e


def _account(seat: Seat) -> LocalAccount | None:
    """None for a component that reaches no account, which a live run refuses itself."""
    component = built(seat)
    if not isinstance(component, OpensAccount):
        return None
    venues = getattr(seat.offer.component, "venues", None)
    reached = frozenset() if venues is None else frozenset(venues(seat.params) or ())
    # karb: constant because an executor without margin states none
    leverage = getattr(seat.params, "leverage", None)
    return LocalAccount(component.account(), reached, leverage)


def _opening(rulebook: Rulebook) -> dict[str, dict[str, Decimal]]:
    """Edge: `worth ... at start` opens with nothing: there is no first bar to buy it at."""
    out: dict[str, dict[str, Decimal]] = {}
    for venue, stocks in rulebook.file.balances.items():
        held = out.setdefault(venue, {})
        for stock in stocks:
            if not isinstance(stock, Worth):
                held[stock.asset] = exact.add(held.get(stock.asset, Decimal(0)), stock.value)
    return out


def _bars_ns(rulebook: Rulebook) -> int | None:
    rows = built(rulebook.seats_of("signal")[0]).rows()
    return None if isinstance(rows, GridRows) else rows.length_ns
