"""The rules that a recorded run was carried out by, and those that a backtest of what it recorded is."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.errors import StrategyInvalid
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import Run
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.rules_ran import rules_ran
from karb_core.wiring.whose_books import REPLAYED


@dataclass(frozen=True, slots=True)
class Rules:
    """ran: what the run was carried out by, cited as it cited them; tested: the same with what a backtest assumes."""

    ran: Rulebook
    tested: Rulebook


def rules_of(ledger: Ledger, run: Run, given: Rulebook | None) -> Rules:
    """The given file's assumptions, or those that the ledger kept. Errors: as `rules_ran`; StrategyInvalid for a file that
    states no simulation for a backtest.
    """
    ran = rules_ran(ledger, run, given)
    tested = given or ran
    if tested.file.simulate.backtest is None:
        args = {"mode": REPLAYED}
        raise StrategyInvalid(Text("mode.no_simulation", args), Text("parity.no_simulation.help"))
    return Rules(ran, tested)
