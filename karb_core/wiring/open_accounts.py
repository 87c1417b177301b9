"""Opens the accounts that files name as their executors, each once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from karb_core.domain.instrument import Instrument
from karb_core.errors import PluginUnusable, StrategyInvalid
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, lived
from karb_core.ports import OpensAccount, Secrets
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.accounts import REAL, Accounts, RealAccount
from karb_core.wiring.asking_feeds import traded
from karb_core.wiring.house import WakingClock
from karb_core.wiring.older_rules import older_rules
from karb_core.wiring.running import Say
from karb_core.wiring.strategy_of import built

#: A file, one of its executors, and that executor's seat.
_Named = tuple[Rulebook, OpensAccount, Seat]


def open_accounts(
    rulebooks: Sequence[Rulebook],
    ledger: Ledger,
    secrets: Callable[[str], Secrets],
    clock: WakingClock,
    say: Say,
    known_marks: Collection[str] = (),
    kind: str = REAL,
) -> Accounts:
    """No venue is asked yet. `secrets`: by account, where its values are; `kind`: as `Accounts`.

    Errors: PluginUnusable for a component that reaches no account, `SecretUnset` with it; StrategyInvalid where two files
    state one account in two ways, or one names two accounts at a venue.
    """
    named: dict[str, list[_Named]] = {}
    for rulebook in rulebooks:
        for seat in rulebook.seats_of("executors"):
            component = built(seat)
            if not isinstance(component, OpensAccount):
                raise PluginUnusable(Text("live.no_account", {"use": seat.use}))
            named.setdefault(component.account(), []).append((rulebook, component, seat))
    opened: list[RealAccount] = []
    for name, by in named.items():
        _need_one_statement(name, by)
        venues = _venues(by[0][2])
        _need_one_account(venues, by, opened)
        wanted = dict.fromkeys(i for each, _, _ in by for i in _instruments(each, ledger) if i.venue in venues)
        executor = by[0][1].open_account(tuple(wanted), secrets(name), clock)
        opened.append(RealAccount(name, venues, executor, tuple(each.file.name for each, _, _ in by)))
    return Accounts(opened, ledger, clock, say, known_marks, kind)


def _need_one_statement(name: str, by: Sequence[_Named]) -> None:
    """Leverage and margin belong to the account: two files cannot each have their own."""
    first, _, seat = by[0]
    for other, _, others in by[1:]:
        if others.params != seat.params or others.use != seat.use:
            args = {"account": name, "one": first.source.name, "other": other.source.name}
            raise StrategyInvalid(Text("live.stated_twice", args), Text("live.stated_twice.help"))


def _need_one_account(venues: frozenset[str], by: Sequence[_Named], opened: Sequence[RealAccount]) -> None:
    """An order for a venue must not have two ways to go."""
    for rulebook, _, _ in by:
        for before in opened:
            if rulebook.file.name in before.strategies and (twice := venues & before.venues):
                args = {"path": rulebook.source.name, "venue": ", ".join(sorted(twice))}
                raise StrategyInvalid(Text("live.two_accounts", args))


def _venues(seat: Seat) -> frozenset[str]:
    venues: Any = getattr(seat.offer.component, "venues", None)
    return frozenset() if venues is None else frozenset(venues(seat.params) or ())


def _instruments(rulebook: Rulebook, ledger: Ledger) -> tuple[Instrument, ...]:
    """Of the file's pairs, and of rules by which lots are open."""
    accounts = dict.fromkeys(each.run.account for each in lived(ledger) if each.run.strategy == rulebook.file.name)
    older = [
        instrument
        for account in accounts
        for instrument in older_rules(
            ledger, Whose(account, rulebook.file.name), rulebook.digests.rules, rulebook.source.name
        ).instruments
    ]
    return (*traded(rulebook), *older)
