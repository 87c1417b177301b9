"""Live: the venues themselves in the executors' place."""

from __future__ import annotations

from karb_core.ledger.runs import Run
from karb_core.ports import Secrets
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Said
from karb_core.wiring.accounts import REAL, Accounts
from karb_core.wiring.holding import Holding
from karb_core.wiring.rules_file import RulesFile
from karb_core.wiring.running import Running
from karb_core.wiring.secret_values import secret_value


def live(
    rulebook: Rulebook,
    accounts: Accounts,
    names: tuple[str, ...],
    only_leaves: Said | None = None,
    secrets: Secrets = secret_value,
    file: RulesFile | None = None,
) -> Running:
    """At the accounts that the file names. `names`: what the ledger calls those of all files of the house;
    `file`: as `Running`.

    Errors: PluginUnusable, StrategyInvalid for a file that cannot be run live.
    """

    def holds(run: Run) -> tuple[str, Holding]:
        return accounts.holds(names, run)

    return Running(
        rulebook=rulebook,
        mode="live",
        account=accounts.account(rulebook),
        venues=accounts.venues,
        ledger=accounts.ledger,
        clock=accounts.clock,
        say=accounts.say,
        holds=holds,
        only_leaves=only_leaves,
        at_lab=accounts.kind != REAL,
        secrets=secrets,
        file=file,
    )
