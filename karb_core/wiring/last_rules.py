"""What a strategy ran by last, for a start at which its file cannot be used and lots of it are open."""

from __future__ import annotations

import re

from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, lived
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.wiring.kept_rules import kept_rules
from karb_core.wiring.older_rules import open_lots

_NAME = re.compile(r"^name: +([a-z0-9-]+)\s*(#.*)?$", re.MULTILINE)


def last_rules(ledger: Ledger, source: Source, mode: str) -> Rulebook | None:
    """By the name that the broken file states: the rules of its last run in that mode. None where nothing is open, where
    no name can be read, and where today's plugins cannot read those rules either. Errors: `LedgerUnusable`.
    """
    named = _NAME.search(source.text)
    runs = [each.run for each in lived(ledger) if named and each.run.strategy == named[1] and each.run.mode == mode]
    if not runs or not open_lots(ledger, Whose.of(runs[-1])):
        return None
    # Read as other rules they still seat a desk that enters nothing, names the lots, and can flatten them.
    checked = kept_rules(ledger, runs[-1].rules_digest, f"{source.name}, as it ran last")
    return None if checked is None or checked.errors else checked.rulebook
