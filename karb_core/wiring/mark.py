"""What a ledger puts into every order id at an account, so that another karb's orders there are told apart."""

from __future__ import annotations

import secrets

from karb_core.ledger.lease import held
from karb_core.ledger.ledger import Ledger

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_LONG = 4  # karb: constant because four letters tell a million ledgers apart, and an order id has no room for more


def mark_of(ledger: Ledger, accounts: tuple[str, ...]) -> str:
    """The one of before; a new one for accounts of which this ledger never had any. Errors: `LedgerUnusable`."""
    for account in accounts:
        before = held(ledger, account)
        if before is not None:
            return before.by.mark
    return "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
