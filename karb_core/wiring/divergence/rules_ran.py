"""The rules that a recorded run was carried out by, and those that a backtest of what it recorded is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from karb_core.errors import LedgerUnusable, StrategyInvalid, UsageMistake
from karb_core.ledger import reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.kept_rules import kept_rules
from karb_core.wiring.whose_books import REPLAYED

_UNCITED = "rules.yaml"


@dataclass(frozen=True, slots=True)
class Rules:
    """ran: what the run was carried out by, cited as it cited them; tested: the same with what a backtest assumes."""

    ran: Rulebook
    tested: Rulebook


def rules_of(ledger: Ledger, run: Run, given: Rulebook | None) -> Rules:
    """The given file's where it has the run's rules; without one as the ledger kept them.

    Edge: a file of another name than the run's stands only for the assumptions of the backtest, as its lines are cited
    otherwise. Errors: UsageMistake for a file with other rules; `LedgerUnusable` where nobody has them; StrategyInvalid
    for a file that states no simulation for a backtest.
    """
    if given is not None and given.digests.rules != run.rules_digest:
        raise UsageMistake(Text("parity.other_rules", {"path": given.source.name, "run": run.id}))
    cited = _cited_name(ledger, run)
    ran = given if given is not None and PurePath(given.source.name).name == cited else _kept(ledger, run, cited)
    tested = given or ran
    if tested.file.simulate.backtest is None:
        args = {"mode": REPLAYED}
        raise StrategyInvalid(Text("mode.no_simulation", args), Text("parity.no_simulation.help"))
    return Rules(ran, tested)


def _kept(ledger: Ledger, run: Run, name: str) -> Rulebook:
    kept = kept_rules(ledger, run.rules_digest, name)
    if kept is None or kept.rulebook is None or kept.rulebook.digests.rules != run.rules_digest:
        raise LedgerUnusable(Text("replay.rules_gone", {"run": run.id}))
    return kept.rulebook


def _cited_name(ledger: Ledger, run: Run) -> str:
    """The file's name as the run's decisions cite it."""
    for decision in reading.decisions(ledger, Whose(run.account, run_id=run.id)):
        for cited in decision.document()["cited"]:
            return PurePath(str(cited["file"])).name
    return _UNCITED
