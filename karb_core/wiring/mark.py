"""What a ledger puts into every order id at an account, so that another karb's orders there are told apart."""

from __future__ import annotations

import secrets

from karb_core.ledger.lease import held
from karb_core.ledger.ledger import Ledger

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_LONG = 4  # karb: constant because four letters tell a million ledgers apart, and an order id has no room for more


def mark_of(ledger: Ledger, account: str) -> str:
    """The one of before; a new one for an account that this ledger never had. Errors: `LedgerUnusable`."""
    before = held(ledger, account)
    return before.by.mark if before is not None else "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
