"""A set of rules as the ledger kept its text, read by the plugins of today."""

from __future__ import annotations

from karb_core.ledger import reading
from karb_core.ledger.ledger import Ledger
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import Checked, check
from karb_core.rulebook.source import Source


def kept_rules(ledger: Ledger, digest: str, name: str) -> Checked | None:
    """None where the ledger has no such text. `name`: what its lines are cited by.

    Edge: plugins that changed may read it as other rules: its digest says so. Errors: `LedgerUnusable`.
    """
    text = reading.rulebook(ledger, digest)
    return None if text is None else check(Source.of_text(text, name), Catalogue.installed())
