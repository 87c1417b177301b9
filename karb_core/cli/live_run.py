"""`karb run` at real accounts: nothing is entered by rules that their owner has not locked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from karb_core.cli.to_run import ToRun
from karb_core.errors import LockMismatch
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ports import LocalVenues, Secrets
from karb_core.rulebook.approval import need_lock
from karb_core.rulebook.lock import lock_path, read_lock
from karb_core.texts.text import Text
from karb_core.wiring.accounts import REAL, Accounts
from karb_core.wiring.house import WakingClock
from karb_core.wiring.live import live
from karb_core.wiring.local_venues import localised
from karb_core.wiring.older_rules import open_lots
from karb_core.wiring.open_accounts import open_accounts
from karb_core.wiring.running import Running, Say
from karb_core.wiring.secret_values import secret_value
from karb_core.wiring.strategy_of import need_runnable

AT_LAB = "lab"


def furnished_live(
    say: Say,
    wanted: Sequence[ToRun],
    ledger: Ledger,
    clock: WakingClock,
    known_marks: Sequence[str],
    local: LocalVenues | None = None,
    secrets: Secrets = secret_value,
) -> tuple[Accounts, list[Running]]:
    """No venue is asked yet. `local`: where the venues are, None for the real ones.

    Errors: PluginUnusable and StrategyInvalid for a file that cannot be run live; LockMismatch for rules that are not locked
    while nothing is open; those of `open_accounts`.
    """
    rulebooks = [each.rulebook for each in wanted]
    for rulebook in rulebooks:
        need_runnable(rulebook, "live")
    if local is not None:
        rulebooks = [localised(rulebook, local.addresses) for rulebook in rulebooks]
    kind = REAL if local is None else f"{AT_LAB} {local.id}"
    accounts = open_accounts(rulebooks, ledger, _secrets(local, secrets), clock, say, known_marks, kind)
    names = tuple(accounts.account(rulebook) for rulebook in rulebooks)
    approved = [_approved(each, ledger, name, say) for each, name in zip(wanted, names, strict=True)]
    return accounts, [
        live(rulebook, accounts, names, each.only_leaves, secrets, each.file(local))
        for rulebook, each in zip(rulebooks, approved, strict=True)
    ]


def _secrets(local: LocalVenues | None, secrets: Secrets) -> Callable[[str], Secrets]:
    """At a lab its own keys and no other: the owner's are not even read."""
    if local is None:
        return lambda _: secrets
    return lambda account: lambda _: local.keys[account]


def _approved(wanted: ToRun, ledger: Ledger, account: str, say: Say) -> ToRun:
    """As it is, or to leave only: lots that are open leave whatever their file's lock says."""
    if wanted.only_leaves is not None:
        return wanted
    try:
        need_lock(wanted.path, wanted.rulebook, read_lock(lock_path(wanted.path)))
    except LockMismatch:
        if not open_lots(ledger, Whose(account, wanted.rulebook.file.name)):
            raise
        said = Text("live.unlocked", {"path": wanted.path})
        say(said)
        return replace(wanted, only_leaves=said)
    return wanted
