"""The rules that a run was carried out by, as they cite themselves."""

from __future__ import annotations

from pathlib import PurePath

from karb_core.errors import LedgerUnusable, UsageMistake
from karb_core.ledger import reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.kept_rules import kept_rules

_UNCITED = "rules.yaml"


def rules_ran(ledger: Ledger, run: Run, given: Rulebook | None) -> Rulebook:
    """The given file's where it is the one that ran; else as the ledger kept them.

    Edge: a file of the same rules and another name cites its lines otherwise, so it is not the one. Errors: UsageMistake
    for a file with other rules; `LedgerUnusable` where nobody has them.
    """
    if given is not None and given.digests.rules != run.rules_digest:
        raise UsageMistake(Text("parity.other_rules", {"path": given.source.name, "run": run.id}))
    cited = _cited_name(ledger, run)
    if given is not None and PurePath(given.source.name).name == cited:
        return given
    kept = kept_rules(ledger, run.rules_digest, cited)
    if kept is None or kept.rulebook is None or kept.rulebook.digests.rules != run.rules_digest:
        raise LedgerUnusable(Text("replay.rules_gone", {"run": run.id}))
    return kept.rulebook


def _cited_name(ledger: Ledger, run: Run) -> str:
    """The file's name as the run's decisions cite it; those by older rules have a digest behind it."""
    # Read to the end: a database on a server keeps an answer open that nobody reads on.
    for decision in list(reading.decisions(ledger, Whose(run.account, run_id=run.id))):
        for cited in decision.document()["cited"]:
            return PurePath(str(cited["file"])).name.partition("@")[0]
    return _UNCITED
