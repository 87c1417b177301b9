"""How the report shows times, places and money."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cited
from karb_core.rules.shown import shown

_S = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_MINUTE = 60  # karb: constant because a minute has 60 seconds
_TENTH = Decimal(1).scaleb(-1)


def lasting(ns: int) -> str:
    """Shape: `1.3s`, `2m 05s`."""
    seconds = ns // _S
    if seconds >= _MINUTE:
        return f"{seconds // _MINUTE}m {seconds % _MINUTE:02d}s"
    tenths = exact.divide(Decimal(ns), Decimal(_S), _TENTH, exact.Rounding.CEIL)
    return f"{exact.text(tenths)}s"


def place(cited: Cited) -> str:
    """Shape: `strategies/btc.yaml:86`."""
    return f"{cited.file}:{cited.line}"


def money(amount: Amount) -> str:
    """Rounded for reading."""
    return shown(amount.text())[0]
